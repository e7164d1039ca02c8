"""Two segments compared: counts, and the rows that decide, each by a count of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from segbench.audience.comparison import Deciding, Reasons
from segbench.model.ask import did, engaged, field, in_segment, tag
from segbench.model.rules import Group, RuleOrGroup, as_group
from segbench.workbench.comparing import compare_segments
from segbench.workbench.workbench import Workbench

DACH = field("country").is_any_of("DE", "AT", "CH")
GERMAN = field("country").is_any_of("DE")
ENGAGED = engaged(days=60)
BUYER = did("order_placed").within(days=300)
COMPLIANT = tag("compliant")
PAIRS: list[tuple[RuleOrGroup, RuleOrGroup]] = [
    (DACH & COMPLIANT, GERMAN & COMPLIANT & ENGAGED),
    (GERMAN | BUYER, DACH & ~ENGAGED),
    (GERMAN | BUYER | COMPLIANT, ENGAGED | BUYER),
    (~(GERMAN | BUYER), COMPLIANT & ENGAGED),
    (COMPLIANT & ENGAGED, ~(DACH & BUYER)),
    (Group(rules=(GERMAN, replace(BUYER, enabled=False))), DACH & BUYER),
    (in_segment("Customers"), in_segment("Lapsed buyers")),
]


def rows(root: Group) -> list[RuleOrGroup]:
    """What each row that is on asks of a contact."""
    return [~node if root.negated else node for node in root.rules if node.enabled]


def is_any(root: Group) -> bool:
    return (root.combinator == "or") != root.negated


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_counts_and_deciding_rows_are_what_the_rules_hold(
    shared: Workbench, first: RuleOrGroup, second: RuleOrGroup
) -> None:
    one, other = as_group(first), as_group(second)
    found = compare_segments(shared, first, second)
    assert found.sameness is not None
    assert found.sameness.both == shared.count(Group(rules=(one, other)))
    for reasons, inside, outside in (
        (found.first_only, one, other),
        (found.second_only, other, one),
    ):
        only = Group(rules=(inside, ~outside))
        assert reasons.contacts == shared.count(only)
        if not reasons.contacts:
            assert reasons == Reasons()
            continue
        judge(shared, only, [~row for row in rows(outside)], reasons.out, not is_any(outside))
        judge(shared, only, rows(inside), reasons.let_in, is_any(inside))
        assert reasons.none_of == (len(rows(outside)) if is_any(outside) else 0)
    assert found.first_only.contacts == found.sameness.only_first
    assert found.second_only.contacts == found.sameness.only_second


def judge(
    workbench: Workbench,
    only: Group,
    asked: list[RuleOrGroup],
    found: tuple[Deciding, ...],
    wanted: bool,
) -> None:
    if not wanted:
        assert found == ()
        return
    counts = []
    for at, row in enumerate(asked):
        others = [~each for place, each in enumerate(asked) if place != at]
        counts.append(
            (
                workbench.count(Group(rules=(only, row))),
                workbench.count(Group(rules=(only, row, *others))),
            )
        )
    assert sorted(counts) == sorted((row.count, row.alone) for row in found)


def test_what_cannot_be_evaluated_is_told_and_its_rules_are_shown(shared: Workbench) -> None:
    lost = in_segment("Deleted long ago") & GERMAN
    found = compare_segments(shared, as_group(GERMAN), lost, names=("this", "that"))
    assert found.sameness is None
    assert found.problem.startswith("“that” cannot be evaluated any more.")
    assert "Deleted long ago" in found.problem
    assert [line.state for line in found.lines] == ["same", "same", "second"]


def test_a_segment_without_a_row_that_is_on_keeps_everybody_out(shared: Workbench) -> None:
    found = compare_segments(shared, as_group(GERMAN), Group())
    assert found.first_only == Reasons(shared.count(GERMAN), (), 0, ())


def test_equal_rules_are_proven_to_be_the_same(shared: Workbench) -> None:
    found = compare_segments(shared, GERMAN & COMPLIANT, COMPLIANT & GERMAN)
    assert found.sameness is not None
    assert found.sameness.proof.proven
    assert set(found.to_frame()["state"]) == {"same"}
