"""The last count of each saved segment, for when it cannot be counted any more."""

from __future__ import annotations

import datetime as dt

import pytest

from segbench.errors import NotSaved
from segbench.library.library import Library
from segbench.library.saved import LastCount
from segbench.model.rules import FieldRule, Group, SegmentRule
from segbench.model.segment import Segment

NOW = dt.datetime(2026, 11, 3, 9, tzinfo=dt.UTC)
RULES = Group("and", (FieldRule("country", "is", ("DE",)),))
OTHER = Group("and", (FieldRule("country", "is", ("FR",)),))


def counted(count: int, day: int = 3) -> LastCount:
    return LastCount(count, 5_000_000_000, 7, NOW, NOW.replace(day=day))


@pytest.fixture
def saved(library: Library) -> Library:
    library.save(Segment("VIP", RULES), now=NOW)
    return library


def test_a_segment_has_no_count_before_it_was_counted(saved: Library) -> None:
    assert saved.last_count("VIP") is None
    with pytest.raises(NotSaved, match="VIP"):
        saved.last_count("VIPs")


def test_the_last_count_is_kept_whole(saved: Library) -> None:
    saved.record_count("VIP", counted(1))
    saved.record_count("vip", counted(3_000_000_000, day=4))
    assert saved.last_count("VIP") == counted(3_000_000_000, day=4)
    with pytest.raises(NotSaved):
        saved.record_count("nobody", counted(1))


def test_a_count_of_other_rules_is_not_told(saved: Library) -> None:
    saved.record_count("VIP", counted(1))
    saved.save(Segment("VIP", OTHER), now=NOW, replace=True)
    assert saved.last_count("VIP") is None
    saved.save(Segment("VIP", RULES, "as before"), now=NOW, replace=True)
    assert saved.last_count("VIP") == counted(1)


def test_a_count_follows_its_segment_to_a_new_name_and_goes_with_it(saved: Library) -> None:
    saved.record_count("VIP", counted(1))
    saved.save(Segment("Other", Group("and", (SegmentRule("VIP"),))), now=NOW)
    saved.rename("VIP", "Best", NOW)
    assert saved.last_count("Best") == counted(1)
    saved.delete("Other")
    saved.delete("Best")
    saved.save(Segment("Best", RULES), now=NOW)
    assert saved.last_count("Best") is None
