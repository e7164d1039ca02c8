"""Which snapshots of a lake stay: a policy, and what it says of a history. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from segbench.lake.history import SnapshotEntry


@dataclass(frozen=True, slots=True)
class Retention:
    """Every snapshot that was the newest at some time in the last `all_days` days stays; then the
    last of each day for `daily_days` days; then the last of each month for `months` months, None
    for ever.

    A file that no snapshot needs any more stays for `file_hours` hours, for queries that run.
    """

    all_days: int = 30
    daily_days: int = 365
    months: int | None = None
    file_hours: int = 24

    def __post_init__(self) -> None:
        least = {"all_days": 1, "daily_days": 0, "months": 0, "file_hours": 0}
        for name, lowest in least.items():
            number = getattr(self, name)
            if name == "months" and number is None:
                continue
            if type(number) is not int or not lowest <= number <= 100_000:
                raise ValueError(
                    f"retention {name} is {number!r}; give a whole number from {lowest} on"
                )


def kept_snapshots(
    history: Sequence[SnapshotEntry],
    policy: Retention,
    *,
    now: dt.datetime,
    zone: dt.tzinfo,
    cited: Mapping[int, Sequence[str]],
    read: AbstractSet[int] = frozenset(),
) -> dict[int, str]:
    """The snapshots that stay, by id, each with the reason in words.

    `history` is oldest first, `now` aware; days and months are those of `zone`. `cited` are
    snapshots with the campaigns whose exports cite them, `read` those that somebody has open.
    """
    why: dict[int, str] = {}
    local = [entry.time.astimezone(zone) for entry in history]
    today = now.astimezone(zone)
    for entry, time, after in zip(history, local, [*local[1:], None], strict=False):
        if after is None:
            why[entry.id] = "the newest"
        elif entry.id in cited:
            why[entry.id] = "cited by " + ", ".join(cited[entry.id])
        elif entry.id in read:
            why[entry.id] = "open now"
        elif now - after <= dt.timedelta(days=policy.all_days):
            why[entry.id] = f"the last {policy.all_days} days"
        elif after.date() != time.date() and today - time <= dt.timedelta(days=policy.daily_days):
            why[entry.id] = f"the last of {time:%Y-%m-%d}"
        elif _month(after) != _month(time) and _lasts(_month(today) - _month(time), policy):
            why[entry.id] = f"the last of {time:%Y-%m}"
    return why


def _month(moment: dt.datetime) -> int:
    return moment.year * 12 + moment.month


def _lasts(months_ago: int, policy: Retention) -> bool:
    return policy.months is None or months_ago <= policy.months
