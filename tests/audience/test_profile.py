"""A profile ranks fields by how much they tell two sides apart, with exact counts."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segbench.audience.profile import Value, field_profile, most_telling, ranked
from segbench.audience.significance import Sides
from segbench.model.rules import FieldRule, TagRule

CONTACTS = range(40)
SOME = st.sets(st.sampled_from(list(CONTACTS)), min_size=1)
VALUES = "abcde"


def sides_of(here: set[int], there: set[int]) -> Sides:
    return Sides(len(here), len(there), len(here & there))


def values_of(
    held: dict[str, set[int]], here: set[int], there: set[int], sides: Sides
) -> list[Value]:
    return [
        Value(name, FieldRule("f", "is", (name,)), len(here & ids), len(there & ids), sides)
        for name, ids in held.items()
    ]


@settings(max_examples=150)
@given(here=SOME, there=SOME, seed=st.integers(0, 99))
def test_the_distance_is_the_share_that_would_need_another_value(
    here: set[int], there: set[int], seed: int
) -> None:
    chance = random.Random(seed)
    has = {contact: chance.choice(VALUES) for contact in CONTACTS}
    held = {name: {c for c in CONTACTS if has[c] == name} for name in VALUES}
    sides = sides_of(here, there)
    found = field_profile("f", values_of(held, here, there, sides), sides)
    mine = Counter(has[c] for c in here)
    theirs = Counter(has[c] for c in there)
    missing = sum(
        max(Fraction(mine[v], len(here)) - Fraction(theirs[v], len(there)), Fraction(0))
        for v in VALUES
    )
    if len(mine | theirs) < 2:
        assert found is None
        return
    assert found is not None
    assert found.distance == pytest.approx(float(missing))
    assert sum(value.here for value in found.values) == len(here)
    for value in found.values:
        assert (value.here, value.there) == (mine[value.words], theirs[value.words])
        if value.there:
            times = Fraction(value.here, len(here)) / Fraction(value.there, len(there))
            assert value.index == pytest.approx(float(100 * times))
        else:
            assert value.index is None


def test_of_several_values_the_one_that_differs_most_is_the_distance() -> None:
    sides = Sides(100, 1_000, 100)
    counts = {"vip": (60, 100), "news": (50, 510), "old": (0, 5)}
    values = [Value(tag, TagRule("has_any_of", (tag,)), *n, sides) for tag, n in counts.items()]
    found = field_profile("Tags", values, sides, several=True)
    assert found is not None
    assert found.distance == pytest.approx(0.5)
    assert not found.chance
    assert [value.chance for value in found.values] == [False, True, True]


def test_fields_that_may_differ_by_chance_come_last_and_are_not_told() -> None:
    sides = Sides(10, 10_000, 10)
    by_chance = [("x", 7, 5_000), ("y", 3, 5_000)]
    clear = [("x", 0, 8_500), ("y", 10, 1_500)]
    fields = []
    for name, counts in (("loud", by_chance), ("sure", clear)):
        values = [Value(v, FieldRule(name, "is", (v,)), a, b, sides) for v, a, b in counts]
        found = field_profile(name, values, sides)
        assert found is not None
        fields.append(found)
    profile = ranked(fields, sides)
    assert [(field.name, field.chance) for field in profile.fields] == [
        ("sure", False),
        ("loud", True),
    ]
    assert [(field.name, value.words) for field, value in most_telling(profile, 9)] == [
        ("sure", "y")
    ]
    frame = profile.to_frame()
    assert list(frame["value"]) == ["x", "y", "x", "y"]
    assert list(frame["here"]) == [0, 10, 7, 3]


def test_sides_that_hold_the_same_contacts_are_told_apart_by_nothing() -> None:
    sides = Sides(20, 20, 20)
    assert not sides.apart
    values = [Value(v, FieldRule("f", "is", (v,)), 10, 10, sides) for v in "xy"]
    found = field_profile("f", values, sides)
    assert found is not None
    assert (found.distance, found.chance) == (0, True)
