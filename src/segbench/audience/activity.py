"""What the contacts of two sides did: who was active in each period, and what orders brought."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from segbench.audience.significance import Sides
from segbench.engine.membership import Membership

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Period:
    """A week or month: its first and last local day; `whole` unless it is not over yet."""

    start: dt.date
    end: dt.date
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Active:
    """How many contacts of each side were active in a period."""

    period: Period
    here: int
    there: int


@dataclass(frozen=True)
class Activity:
    """The active contacts of two sides, period by period."""

    sides: Sides
    points: tuple[Active, ...]

    def means(self) -> tuple[float, float]:
        """The mean share of each side that was active, 0 to 1, over the whole periods."""
        whole = [point for point in self.points if point.period.whole]
        many = max(len(whole), 1)
        here = sum(point.here for point in whole) / many / max(self.sides.here, 1)
        return here, sum(point.there for point in whole) / many / max(self.sides.there, 1)

    def to_frame(self) -> pd.DataFrame:
        """One row per period."""
        import pandas as pd

        sizes = max(self.sides.here, 1), max(self.sides.there, 1)
        rows = [
            (
                point.period.start,
                point.period.end,
                point.period.whole,
                point.here,
                point.here / sizes[0],
                point.there,
                point.there / sizes[1],
            )
            for point in self.points
        ]
        heads = ["start", "end", "whole", "here", "share_here", "there", "share_there"]
        return pd.DataFrame(rows, columns=heads)


@dataclass(frozen=True, slots=True)
class Sales:
    """The orders of `contacts` contacts, of whom `buyers` have one.

    `revenue` is the sum of the amounts of the `valued` orders that have one; None where orders have
    no amount here.
    """

    contacts: int
    buyers: int
    orders: int
    valued: int = 0
    revenue: float | None = None

    @property
    def orders_each(self) -> float | None:
        """Orders per contact."""
        return self.orders / self.contacts if self.contacts else None

    @property
    def revenue_each(self) -> float | None:
        """Revenue per contact."""
        return None if self.revenue is None or not self.contacts else self.revenue / self.contacts

    @property
    def average(self) -> float | None:
        """The average amount of an order that has one."""
        return None if self.revenue is None or not self.valued else self.revenue / self.valued


@dataclass(frozen=True)
class Periods:
    """Each period and who was active in it, of all contacts."""

    active: tuple[tuple[Period, Membership], ...]

    @property
    def nbytes(self) -> int:
        """How many bytes the sets of contacts take."""
        return sum(held.nbytes for _, held in self.active)


@dataclass(frozen=True)
class Ledger:
    """The orders of each contact that has any: how many, how many with an amount, and the sum."""

    ordinals: NDArray[np.int64]
    orders: NDArray[np.int64]
    valued: NDArray[np.int64] | None = None
    amounts: NDArray[np.float64] | None = None

    @property
    def nbytes(self) -> int:
        """How many bytes the numbers take."""
        columns = (self.ordinals, self.orders, self.valued, self.amounts)
        return sum(column.nbytes for column in columns if column is not None)

    def of(self, members: Membership) -> Sales:
        """The orders of the members."""
        mine = members.flags()[self.ordinals]
        buyers, orders = int(mine.sum()), int(self.orders[mine].sum())
        if self.valued is None or self.amounts is None:
            return Sales(len(members), buyers, orders)
        valued, revenue = int(self.valued[mine].sum()), float(self.amounts[mine].sum())
        return Sales(len(members), buyers, orders, valued, revenue)


def activity(periods: Periods, here: Membership, there: Membership) -> Activity:
    """How many contacts of each side were active in each period."""
    sides = Sides(len(here), len(there), len(here & there))
    points = (Active(period, len(here & on), len(there & on)) for period, on in periods.active)
    return Activity(sides, tuple(points))


def memberships(marks: NDArray[Any], periods: int) -> list[Membership]:
    """The set of contacts of each period, from one number a contact with a bit for each period."""
    return [
        Membership.from_flags((marks >> np.uint64(at) & np.uint64(1)).astype(np.bool_))
        for at in range(periods)
    ]
