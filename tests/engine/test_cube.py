"""A cube's table at each position is the table that one would make anew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbench.engine.cube import Cube, levels_of, levels_since
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.engine.patterns import PatternTable, tabulate
from segbench.errors import RuleError
from segbench.lake.lake import Lake
from segbench.model.ask import did, field, tag
from segbench.model.rules import Group, as_group
from segbench.plan.logic import atoms
from segbench.plan.lower import Context, lower


@pytest.fixture(scope="module")
def local(lake: Lake) -> Iterator[LocalEngine]:
    with lake.snapshot() as snapshot:
        yield LocalEngine(snapshot)


def counted(table: PatternTable, questions: list[str]) -> dict[tuple[bool, ...], int]:
    rows = zip(*(table.truth[question].tolist() for question in questions), strict=True)
    found = dict(zip(rows, table.counts.tolist(), strict=True))
    return {pattern: count for pattern, count in found.items() if count}


@given(st.data())
def test_each_position_has_the_table_of_its_memberships(data: st.DataObject) -> None:
    contacts = data.draw(st.sampled_from([1, 64, 300_000]))
    chance = np.random.default_rng(data.draw(st.integers(0, 99)))
    positions = data.draw(st.integers(1, 6))
    first = chance.integers(0, positions + 1, contacts)
    growing = [Membership.from_flags(first <= n) for n in range(positions)]
    others = {
        f"q{n}": Membership.from_flags(chance.random(contacts) < 0.4)
        for n in range(data.draw(st.sampled_from([0, 1, 9])))
    }
    levels = levels_of(growing, contacts)
    assert levels.tolist() == first.tolist()
    names = [f"t{n}" for n in range(positions)]
    cube = Cube(levels, names, others)
    for place, name in enumerate(names):
        expected = tabulate({**others, name: growing[place]}, contacts)
        questions = [*others, name]
        assert counted(cube.at(place), questions) == counted(expected, questions)


@given(
    st.lists(st.integers(0, 300_000), min_size=1, max_size=40),
    st.lists(st.integers(0, 300_000), min_size=1, max_size=9).map(sorted),
)
def test_a_level_is_the_first_window_that_opens_before_the_latest_place(
    latest: list[int], starts: list[int]
) -> None:
    falling = starts[::-1]
    found = levels_since(np.array(latest, dtype=np.uint32), falling, 300_000)
    for place, level in zip(latest, found.tolist(), strict=True):
        passed = [number for number, start in enumerate(falling) if place > start]
        assert level == min(passed, default=len(starts))


ROWS = Group("and", (field("country").is_any_of("DE"), tag("vip") | did("order_placed")))


def growing_rows(context: Context) -> list[object]:
    rows = [did("email_opened").at_least(2).within(days=days) for days in (1, 9, 90, 900)]
    return [next(iter(atoms(lower(as_group(row), context).root))) for row in rows]


def test_a_window_slides_over_a_timeline_or_over_memberships(
    local: LocalEngine, context: Context
) -> None:
    growing, others = growing_rows(context), atoms(lower(ROWS, context).root)
    levels = local.timelines.levels(growing)  # type: ignore[arg-type]
    assert levels is not None
    members = [local.atom(atom) for atom in growing]  # type: ignore[arg-type]
    assert levels.tolist() == levels_of(members, local.contacts).tolist()
    cube = local.cube(growing, others)  # type: ignore[arg-type]
    for place, atom in enumerate(growing):
        expected = local.patterns([*others, atom])  # type: ignore[list-item]
        for logic in (lower(ROWS, context).root, lower(as_group(ROWS.rules[1]), context).root):
            assert cube.at(place).count(logic) == expected.count(logic)


def test_what_does_not_grow_has_no_cube(local: LocalEngine, context: Context) -> None:
    with pytest.raises(RuleError, match="more and more"):
        local.cube(growing_rows(context)[::-1], ())  # type: ignore[arg-type]
