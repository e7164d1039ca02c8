"""Curves and reachability over a workbench: the numbers are those of counting anew."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import workbenches

from segbench.audience.curve import MOST_CUTS
from segbench.audience.dial import turned
from segbench.audience.opens import ALL, HUMAN
from segbench.errors import RuleError
from segbench.lake.lake import Lake
from segbench.model.ask import did, engaged, field, in_segment, tag
from segbench.model.rules import FieldRule, Group, Params, PrebuiltRule, RuleOrGroup, as_group
from segbench.workbench.curves import find_curve, find_dials
from segbench.workbench.reaching import count_reachable, find_reach, known_reach
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Settings, Workspace

GERMANS = field("country").is_any_of("DE")
OPENED = did("email_opened").at_least(2).within(days=30)
TREES: tuple[RuleOrGroup, ...] = (
    GERMANS & OPENED & (field("lead_score") >= 40),
    GERMANS | ~(OPENED & in_segment("Customers")),
    engaged(days=30) & ~PrebuiltRule("unreachable"),
    # Many more questions than a pattern table is good for.
    Group("or", (OPENED, *(tag("compliant") & (field("lead_score") > n) for n in range(20)))),
)
REACHABLE = ~PrebuiltRule("unreachable")


@pytest.mark.parametrize("node", TREES, ids=range(len(TREES)))
def test_every_dial_counts_what_the_changed_segment_counts(
    shared: Workbench, node: RuleOrGroup
) -> None:
    root = as_group(node)
    there = find_dials(shared, root)
    assert there
    for dial in there[:4]:
        found = find_curve(shared, root, dial)
        assert found.totals[found.now] == shared.count(root)
        last = len(found.numbers) - 1
        for at in {0, last // 7, last // 2, found.beside, last}:
            tree = turned(root, dial, found.numbers[at])
            assert found.totals[at] == shared.count(tree)
            assert found.reachable is not None
            assert found.reachable[at] == shared.count(tree & REACHABLE)


def test_a_bound_is_looked_at_numbers_that_contacts_have_and_where_it_is(
    shared: Workbench,
) -> None:
    found = find_curve(shared, field("lead_score") > 12.5)
    have = set(shared.contacts(field("lead_score").is_not_empty())["lead_score"])
    assert {*found.numbers} == have | {12.5}
    assert len(found.numbers) <= MOST_CUTS + 1


def test_the_ways_to_count_opens_are_counted_alike(shared: Workbench) -> None:
    root = GERMANS & OPENED
    found = find_curve(shared, root)
    machine = FieldRule("machine_open", "is_true", negated=True)
    at = found.now
    assert found.otherwise[ALL][at] == shared.count(root)
    assert found.otherwise[HUMAN][at] == shared.count(GERMANS & OPENED.matching(machine))
    clicked = did("email_clicked").at_least(2).within(days=30)
    assert found.otherwise["clicks only"][at] == shared.count(GERMANS & clicked)


def test_the_ways_to_count_opens_of_the_engaged_are_those_of_its_parameter(
    shared: Workbench,
) -> None:
    root = as_group(GERMANS & engaged(days=14))
    found = find_curve(shared, root)
    for name, opens in ((ALL, "all"), (HUMAN, "human"), ("no opens", "none")):
        for days in (1, 14, 100):
            params = Params(days=days, opens=opens)
            wanted = shared.count(GERMANS & PrebuiltRule("engaged", params))
            assert found.otherwise[name][days - 1] == wanted
    assert found.otherwise[HUMAN] == found.totals


MACHINE = FieldRule("machine_open", "is_true", negated=True)
NOBODY = field("country").is_any_of("nowhere")


@pytest.mark.parametrize(
    ("row", "own"),
    [
        (OPENED, ALL),
        (OPENED.matching(MACHINE), HUMAN),
        (did("email_clicked").within(days=30), ""),
        (OPENED.matching(FieldRule("machine_open", "is_true")), ""),
        (engaged(days=30), HUMAN),
        (PrebuiltRule("engaged", Params(days=30, opens="none")), "no opens"),
    ],
)
def test_how_a_row_counts_opens_is_told_by_its_rule_also_where_all_ways_count_alike(
    shared: Workbench, row: RuleOrGroup, own: str
) -> None:
    assert find_curve(shared, row).own == own
    assert find_curve(shared, NOBODY & row).own == own


def test_a_curve_as_a_table_has_a_line_for_each_number(shared: Workbench) -> None:
    found = find_curve(shared, OPENED)
    frame = found.to_frame()
    assert list(frame) == ["days", "matching", "reachable", *found.otherwise]
    assert frame["days"].tolist() == list(range(1, 366))
    assert frame["matching"].tolist() == list(found.totals)
    assert frame["reachable"].tolist() == list(found.reachable or ())


@pytest.mark.parametrize("node", [tag("compliant"), Group(), replace(OPENED, enabled=False)])
def test_where_nothing_can_be_turned_it_says_what_can(shared: Workbench, node: RuleOrGroup) -> None:
    assert find_dials(shared, node) == ()
    with pytest.raises(RuleError, match="Nothing is there to turn"):
        find_curve(shared, node)


def test_a_dial_of_another_segment_is_refused(shared: Workbench) -> None:
    (dial, *_) = find_dials(shared, OPENED)
    with pytest.raises(RuleError, match="This number is not there"):
        find_curve(shared, GERMANS & OPENED, dial)


@pytest.mark.parametrize("node", [GERMANS, OPENED, GERMANS | tag("compliant")])
def test_reachable_are_those_who_match_and_are_not_unreachable(
    shared: Workbench, node: RuleOrGroup
) -> None:
    found = count_reachable(shared, node)
    assert found == shared.count(Group(rules=(node, REACHABLE)))
    assert 0 < found < shared.count(node)


def test_nobody_can_be_reached_in_a_segment_without_rules(shared: Workbench) -> None:
    assert count_reachable(shared, Group()) == 0


def test_who_can_be_reached_is_worked_out_once_for_a_snapshot_and_a_moment(own: Workbench) -> None:
    assert known_reach(own) is None
    found = find_reach(own)
    assert known_reach(own) is found is find_reach(own)
    before = own.as_of
    own.as_of = before - dt.timedelta(days=90)
    assert known_reach(own) is None
    earlier = find_reach(own)
    assert earlier.members == own.members(REACHABLE)
    own.as_of = before
    assert find_reach(own).members == found.members


def test_without_an_e_mail_field_it_cannot_be_told(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "ws")
    place.write(Settings("ws", "Europe/Berlin"))
    Lake.create(place.lake).close()
    people = pd.DataFrame({"id": list("abc"), "country": ["DE", "DE", "FR"], "score": [1, 2, 2]})
    with Workbench.open(place.root, clock=lambda: workbenches.NOW) as workbench:
        workbench.sync(people)
        assert find_reach(workbench).why == "there is no e-mail field"
        assert count_reachable(workbench, GERMANS) is None
        found = find_curve(workbench, field("score") >= 2)
        assert (found.numbers, found.totals, found.reachable) == ((1, 2), (3, 2), None)
        assert found.why == "there is no e-mail field"


def test_an_e_mail_field_of_another_type_is_told_as_it_is(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "ws")
    place.write(Settings("ws", "Europe/Berlin"))
    Lake.create(place.lake).close()
    with Workbench.open(place.root, clock=lambda: workbenches.NOW) as workbench:
        workbench.sync(pd.DataFrame({"id": ["a", "b"], "email": [1, 2]}))
        assert "'email' holds number, not text" in find_reach(workbench).why
