"""Times and values in the tests of a segment file."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbench.errors import FormatError
from segbench.files.clocks import Clock, clock_of, shares
from segbench.files.expectations import Expectations, Size

BERLIN = Clock(dt.datetime(2026, 3, 30, 22, 30), ZoneInfo("Europe/Berlin"))
"""31 March, half past midnight, in Berlin, the day after the clocks went forward."""


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", dt.datetime(2026, 3, 30, 22, 30)),
        ("-3 days", dt.datetime(2026, 3, 27, 22, 30)),
        ("-1 day", dt.datetime(2026, 3, 29, 22, 30)),
        ("+2 hours", dt.datetime(2026, 3, 31, 0, 30)),
        ("-90minutes", dt.datetime(2026, 3, 30, 21, 0)),
        ("-1 month", dt.datetime(2026, 2, 27, 23, 30)),
        ("2026-03-31", dt.datetime(2026, 3, 30, 22, 0)),
        ("2026-03-31T12:00", dt.datetime(2026, 3, 31, 10, 0)),
        ("2026-03-31T12:00:00Z", dt.datetime(2026, 3, 31, 12, 0)),
    ],
)
def test_a_moment_is_absolute_or_counted_from_the_clock(text: str, moment: dt.datetime) -> None:
    assert BERLIN.moment(text) == moment


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("now", dt.date(2026, 3, 31)),
        ("-1 days", dt.date(2026, 3, 30)),
        ("-1 months", dt.date(2026, 2, 28)),
        ("2026-02-28", dt.date(2026, 2, 28)),
    ],
)
def test_a_day_is_the_local_one(text: str, day: dt.date) -> None:
    assert BERLIN.day(text) == day


@pytest.mark.parametrize(
    "text",
    ["", "soon", "3 days", "-3", "-999999999 years", "0001-01-01", "9999-12-31", "2026-13-01"],
)
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(FormatError, match=r"is no time|years 1900"):
        BERLIN.moment(text)


def test_a_date_has_no_time_of_day() -> None:
    with pytest.raises(FormatError, match="time of day"):
        BERLIN.day("2026-03-31T12:00")


@pytest.mark.parametrize(
    ("given", "kind", "value"),
    [
        (None, "number", None),
        ("x", "text", "x"),
        (3, "number", 3),
        (True, "boolean", True),
        (("a",), "list", ("a",)),
        ("2026-03-31", "date", dt.date(2026, 3, 31)),
        ("now", "datetime", BERLIN.as_of),
    ],
)
def test_a_value_becomes_what_engines_know(given: Any, kind: Any, value: object) -> None:
    assert BERLIN.value(given, kind) == value


@pytest.mark.parametrize(
    ("given", "kind"),
    [(True, "number"), ("3", "number"), (3, "text"), (1, "boolean"), ("a", "list"), (5, "date")],
)
def test_a_value_of_another_type_is_told(given: Any, kind: Any) -> None:
    with pytest.raises(FormatError, match=f"is no {kind}"):
        BERLIN.value(given, kind)


def test_the_clock_takes_the_zone_and_the_week() -> None:
    tests = Expectations(as_of="2026-10-23", time_zone="America/New_York", week_start="sunday")
    assert clock_of(tests) == Clock(dt.datetime(2026, 10, 23, 4), ZoneInfo("America/New_York"), 6)


def test_a_share_is_exact() -> None:
    low, high = shares(Size(share="0.1 % to 33.3%"))
    assert (low * 1000, high * 1000) == (1, 333)
    assert shares(Size()) == (0, 1)


@given(text=st.text(max_size=12) | st.from_regex(r"[+-][0-9]{1,9} ?[a-z]{3,7}", fullmatch=True))
def test_any_text_is_a_time_or_a_clear_error(text: str) -> None:
    for read in (BERLIN.moment, BERLIN.day):
        try:
            assert isinstance(read(text), dt.date)
        except FormatError as error:
            assert repr(text) in str(error)  # noqa: PT017
