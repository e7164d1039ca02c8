"""One watch on a saved segment's count, and what a look at it found."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Literal, get_args

from segbench.errors import LibraryError

Kind = Literal["moves", "never_empty", "at_least", "at_most"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class Watch:
    """What is to be told of a segment: that it moves by more than `amount` per cent, is empty,
    holds fewer (`at_least`) or more (`at_most`) than `amount` contacts."""

    number: int
    segment: str
    kind: Kind
    amount: float | None
    created: dt.datetime
    author: str = ""

    @property
    def words(self) -> str:
        """What must hold."""
        amount = 0 if self.amount is None else self.amount
        return {
            "moves": f"moves by at most {amount:g} %",
            "never_empty": "is never empty",
            "at_least": f"has at least {amount:,.0f}",
            "at_most": f"has at most {amount:,.0f}",
        }[self.kind]


@dataclass(frozen=True, slots=True)
class WatchResult:
    """What one look found: whether the watch holds, and why not.

    `count` is None where the segment could not be counted; `before` is the count of the look
    before, None where there was none. `at` is aware UTC.
    """

    watch: int
    at: dt.datetime
    holds: bool
    count: int | None
    before: int | None
    snapshot: int
    message: str


def checked_amount(kind: str, amount: float | None) -> float | None:
    """The number of a watch of that kind; `LibraryError` where it cannot be."""
    if kind not in KINDS:
        raise LibraryError(f"A watch is one of {', '.join(KINDS)}, not {kind!r}.")
    if kind == "never_empty":
        if amount is not None:
            raise LibraryError("A watch for an empty segment takes no number.")
        return None
    if amount is None or not math.isfinite(amount) or not 0 <= amount <= LARGEST:
        raise LibraryError(f"A watch needs a number from 0, not {amount}.")
    if kind == "moves" and not amount:
        raise LibraryError("A segment moves by more than 0 % at every change: give a number.")
    if kind != "moves" and amount != int(amount):
        raise LibraryError(f"A number of contacts is a whole number, not {amount}.")
    return float(amount)
