"""Cut points for the pre-built RFM segments, from what the buyers of a period did."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from segbench.errors import RuleError, UnknownName
from segbench.model.prebuilt import prebuilt
from segbench.model.rules import Params

LEAST_CUSTOMERS = 500
LEAST_HISTORY = 180
RECENT_DAYS = 30
MANY_ORDERS = 3
COLUMNS = ("days_since", "orders", "amount")
DECIMALS = 6
"""Engines compare sums of amounts in whole millionths."""

Floats = NDArray[np.float64]


def rfm_cuts(figures: Mapping[str, ArrayLike], *, days: int, history_days: float) -> Params:
    """Parameters of `rfm`, all but the group, whose cut points are quarters of these customers.

    `figures` has a row for each contact with an order in the last `days` days: `days_since` the
    last order, the number of `orders` and the sum of their `amount`; a DataFrame will do.
    `history_days` is how long ago the first order of all was. About a quarter of the customers get
    each score; equal figures get equal scores, so that with many of them the upper scores hold
    fewer. `RuleError` where the figures are wrong or too few to score by.
    """
    _require_period(days)
    since, orders, amount = _columns(figures)
    _require_figures(since, orders, amount, days)
    _require_enough(since, orders, history_days)
    cuts: dict[str, int | float] = {"days": days}
    for score in (1, 2, 3):
        cuts[f"r{score}"] = _within(since, score)
        cuts[f"f{score}"] = int(_from(orders, score))
        cuts[f"m{score}"] = round(_from(amount, score), DECIMALS)
    return Params(cuts)


def _within(since: Floats, score: int) -> int:
    """The most whole days that no more than the best quarters lie within."""
    best = len(since) * (4 - score) // 4
    return max(1, int(np.sort(since)[best]))


def _from(values: Floats, score: int) -> float:
    """The least figure that no more than the best quarters reach; above all where there is none."""
    ranked = np.sort(values)
    below = -(-len(ranked) * score // 4)
    above = ranked[ranked > ranked[below - 1]]
    return float(above[0]) if len(above) else float(ranked[-1]) + 1


def _columns(figures: Mapping[str, ArrayLike]) -> tuple[Floats, Floats, Floats]:
    found = []
    for name in COLUMNS:
        if name not in figures:
            raise UnknownName("column", name, map(str, figures))
        try:
            column = np.asarray(figures[name], dtype=np.float64)
        except (TypeError, ValueError):
            raise RuleError(f"Column {name!r} must hold numbers.") from None
        if column.ndim != 1:
            raise RuleError(f"Column {name!r} must be a list of numbers.")
        if wrong := int((~np.isfinite(column)).sum()):
            raise RuleError(f"Column {name!r} has {wrong:,} values that are no finite number.")
        found.append(column)
    since, orders, amount = found
    if not len(since) == len(orders) == len(amount):
        raise RuleError(f"The columns {', '.join(COLUMNS)} must be of the same length.")
    return since, orders, np.round(amount, DECIMALS)


def _require_period(days: int) -> None:
    longest = next(param.most for param in prebuilt("rfm").params if param.name == "days")
    if type(days) is not int or not 1 <= days <= longest:
        raise RuleError(f"days must be a whole number from 1 to {longest:,}, not {days!r}.")


def _require_figures(since: Floats, orders: Floats, amount: Floats, days: int) -> None:
    largest = {param.name: param.most for param in prebuilt("rfm").params}
    if wrong := int(((since < 0) | (since >= days)).sum()):
        raise RuleError(f"{wrong:,} contacts have no last order in the last {days:,} days.")
    if wrong := int(((orders < 1) | (orders != np.floor(orders))).sum()):
        raise RuleError(f"{wrong:,} contacts have a number of orders that is not 1, 2, 3, ….")
    if int((orders >= largest["f3"]).sum()) or int((np.abs(amount) >= largest["m3"]).sum()):
        raise RuleError(
            f"Orders must be fewer than {largest['f3']:,} and amounts within ±{largest['m3']:,}."
        )


def _require_enough(since: Floats, orders: Floats, history_days: float) -> None:
    lacking = []
    if len(since) < LEAST_CUSTOMERS:
        lacking.append(f"at least {LEAST_CUSTOMERS:,} customers with orders, not {len(since):,}")
    if not history_days >= LEAST_HISTORY:
        lacking.append(f"at least {LEAST_HISTORY} days of history, not {history_days:,.0f}")
    if not (since < RECENT_DAYS).any():
        lacking.append(f"an order in the last {RECENT_DAYS} days")
    if not (orders >= MANY_ORDERS).any():
        lacking.append(f"a customer with at least {MANY_ORDERS} orders")
    if lacking:
        raise RuleError(f"There is too little to score by. RFM needs {'; '.join(lacking)}.")
