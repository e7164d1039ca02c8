"""Parts of a scale cover each number once, and each rule holds just the numbers of its part."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segbench.audience.scale import MOST_PERIODS, Part, Scale, date_scale, number_scale, place_of
from segbench.model.moments import midnight, next_day
from segbench.model.rules import FieldRule, Group

WHOLE = st.lists(st.integers(-5_000, 5_000), min_size=1, max_size=80)
BROKEN = st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), min_size=1, max_size=80)


def holds(rule: object, number: float) -> bool:
    """Whether a rule about a number is true, by hand."""
    if isinstance(rule, Group):
        return all(holds(each, number) for each in rule.rules)
    assert isinstance(rule, FieldRule)
    low, high = rule.values[0], rule.values[-1]
    tests = {
        "equals": number == low,
        "at_most": number <= low,
        "at_least": number >= low,
        "less_than": number < low,
        "between": low <= number <= high,
    }
    return tests[rule.op]


@given(numbers=st.one_of(WHOLE, BROKEN))
def test_every_number_is_in_the_part_whose_rule_holds_it(numbers: list[float]) -> None:
    values, counts = np.unique(np.array(numbers), return_counts=True)
    scale = number_scale("f", values, counts)
    by_rules = [sum(holds(part.rule, number) for number in numbers) for part in scale.parts]
    assert scale.count(values, counts).tolist() == by_rules
    assert sum(by_rules) == len(numbers)
    assert scale.count(np.array(numbers)).tolist() == by_rules
    assert len({part.words for part in scale.parts}) == len(scale.parts)


def test_edges_are_round_and_parts_hold_about_as_many() -> None:
    chance = np.random.default_rng(3)
    values, counts = np.unique(chance.integers(0, 1_001, 20_000), return_counts=True)
    scale = number_scale("f", values, counts)
    assert all(int(edge) % 50 == 0 for edge in scale.edges)
    assert max(scale.count(values, counts)) < 2 * min(scale.count(values, counts))
    assert [part.words for part in scale.parts][:2] == ["up to 99", "100 to 249"]


def test_a_few_numbers_are_each_a_part() -> None:
    scale = number_scale("f", np.array([1.0, 2.0, 3.5]), np.array([5, 1, 2]))
    assert [part.words for part in scale.parts] == ["below 1", "1", "2", "3.5"]


@pytest.mark.parametrize("zone", [None, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")])
@given(early=st.dates(dt.date(1910, 1, 1), dt.date(2100, 1, 1)), length=st.integers(0, 40_000))
def test_every_day_is_in_one_part_and_its_rule_says_which(
    zone: ZoneInfo | None, early: dt.date, length: int
) -> None:
    late = early + dt.timedelta(days=length)
    scale = date_scale("f", early, late, zone)
    assert len(scale.parts) <= MOST_PERIODS + 2
    for day in {early, late, early - dt.timedelta(days=400), late + dt.timedelta(days=20_000)}:
        place = place_of(day)
        if zone is not None:
            noon = dt.datetime(day.year, day.month, day.day, 0, 30, tzinfo=zone)
            place = int(noon.timestamp() * 1_000_000)
        (at,) = np.flatnonzero(scale.count(np.array([place])))
        said = [within(part, day) for part in scale.parts]
        assert said.index(True) == at
        assert sum(said) == 1


@pytest.mark.parametrize("zone", [None, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")])
@given(days=st.lists(st.dates(), min_size=2, max_size=2).map(sorted))
@example(days=[dt.date.min, dt.date.max])
@example(days=[dt.date.min, dt.date.min])
@example(days=[dt.date.max, dt.date.max])
@example(days=[dt.date(2026, 1, 1), dt.date.max])
@example(days=[dt.date(3, 1, 1), dt.date(9, 1, 1)])
def test_days_at_the_ends_of_the_calendar_are_in_parts_that_can_be_asked(
    zone: ZoneInfo | None, days: list[dt.date]
) -> None:
    scale = date_scale("f", days[0], days[1], zone)
    assert len(scale.parts) == len(scale.edges) + 1 <= MOST_PERIODS + 2
    assert np.all(np.diff(scale.edges) > 0)
    assert len({part.words for part in scale.parts}) == len(scale.parts)
    for part in scale.parts:
        assert isinstance(part.rule, FieldRule)
        first, last = (dt.date.fromisoformat(str(part.rule.values[at])) for at in (0, -1))
        midnight(next_day(first) if part.rule.op == "after" else first, ZoneInfo("Asia/Tokyo"))
        midnight(first if part.rule.op == "before" else next_day(last), ZoneInfo("Asia/Tokyo"))
    for day in (dt.date.min, *days, dt.date.max):
        assert sum(within(part, day) for part in scale.parts) == 1


def within(part: Part, day: dt.date) -> bool:
    assert isinstance(part.rule, FieldRule)
    dates = [dt.date.fromisoformat(str(value)) for value in part.rule.values]
    match part.rule.op:
        case "before":
            return day < dates[0]
        case "after":
            return day > dates[0]
        case _:
            return dates[0] <= day <= dates[1]


@pytest.mark.parametrize(
    ("early", "late", "words"),
    [
        ("2025-11-03", "2026-01-09", ["Nov 2025", "Dec 2025", "Jan 2026"]),
        ("2024-02-01", "2025-07-01", ["Jan to Mar 2024", "Apr to Jun 2024"]),
        ("2019-02-01", "2026-07-01", ["2019", "2020"]),
        ("1942-02-01", "2006-07-01", ["1940 to 1949", "1950 to 1959"]),
    ],
)
def test_days_are_told_in_months_or_years(early: str, late: str, words: list[str]) -> None:
    scale: Scale = date_scale("f", *map(dt.date.fromisoformat, (early, late)), None)
    assert [part.words for part in scale.parts][1 : 1 + len(words)] == words
