from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from segbench.lake.history import SnapshotEntry
from segbench.lake.retention import Retention, kept_snapshots

NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)


def history(*moments: str) -> list[SnapshotEntry]:
    times = [dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC) for moment in moments]
    return [SnapshotEntry(id, time, "") for id, time in enumerate(times, 1)]


def kept(entries, policy=None, zone=dt.UTC, cited=None, read=frozenset()):
    return kept_snapshots(
        entries, policy or Retention(), now=NOW, zone=zone, cited=cited or {}, read=read
    )


def test_what_was_the_newest_at_some_time_in_the_last_days_stays():
    entries = history(
        "2026-01-01T08:00", "2026-01-01T09:00", "2026-06-01T10:00", "2026-06-02T10:00"
    )
    policy = Retention(all_days=30, daily_days=0, months=0)
    assert kept(entries, policy) == {2: "the last 30 days", 3: "the last 30 days", 4: "the newest"}


def test_of_older_days_only_the_last_snapshot_stays():
    entries = history(
        "2026-03-01T08:00", "2026-03-01T09:00", "2026-03-02T08:00", "2026-03-03T00:00", "2026-03-04"
    )
    assert kept(entries, Retention(all_days=1)) == {
        2: "the last of 2026-03-01",
        3: "the last of 2026-03-02",
        4: "the last of 2026-03-03",
        5: "the newest",
    }


def test_of_still_older_months_only_the_last_snapshot_stays():
    entries = history("2025-03-01", "2025-03-09", "2025-04-02", "2025-04-03", "2026-06-15")
    policy = Retention(all_days=1, daily_days=100)
    assert kept(entries, policy) == {
        2: "the last of 2025-03",
        4: "the last 1 days",
        5: "the newest",
    }


def test_months_may_end():
    entries = history("2026-03-09", "2026-04-03", "2026-05-03", "2026-06-01", "2026-06-02")
    policy = Retention(all_days=1, daily_days=0, months=2)
    assert kept(entries, policy) == {
        2: "the last of 2026-04",
        3: "the last of 2026-05",
        5: "the newest",
    }


def test_days_are_those_of_the_time_zone():
    entries = history("2026-03-01T22:00", "2026-03-01T23:30", "2026-03-02T10:00", "2026-06-15")
    assert 1 not in kept(entries, Retention(all_days=1))
    berlin = kept(entries, Retention(all_days=1), ZoneInfo("Europe/Berlin"))
    assert berlin[1] == "the last of 2026-03-01"
    assert 2 not in berlin


def test_cited_and_open_snapshots_stay_and_say_why():
    entries = history("2026-03-01T01:00", "2026-03-01T02:00", "2026-03-01T03:00", "2026-06-15")
    policy = Retention(all_days=1, daily_days=0, months=0)
    found = kept(entries, policy, cited={1: ("Spring", "May")}, read=frozenset({2}))
    assert found == {
        1: "cited by Spring, May",
        2: "open now",
        3: "the last 1 days",
        4: "the newest",
    }


def test_the_newest_snapshot_stays_however_old_it_is():
    policy = Retention(all_days=1, daily_days=0, months=0)
    assert kept(history("1999-01-01", "1999-01-02"), policy) == {2: "the newest"}
    assert kept([], policy) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"all_days": 0},
        {"all_days": None},
        {"daily_days": -1},
        {"months": -1},
        {"file_hours": 1.5},
        {"file_hours": True},
        {"all_days": "30"},
        {"all_days": 10**9},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=f"retention {next(iter(wrong))} is .*whole number from"):
        Retention(**wrong)
