"""Cut points for RFM: quarters of the customers, ties together, refused where data is too thin."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from crm_people import CRM, event, person
from hypothesis import given, settings
from hypothesis import strategies as st
from population import AS_OF, ZONE

from segbench.audience.rfm import rfm_cuts
from segbench.engine.memory import MemoryEngine
from segbench.errors import RuleError
from segbench.model.check import check
from segbench.model.prebuilt_segments.rfm import RFM_GROUPS
from segbench.model.rules import Group, Params, PrebuiltRule
from segbench.plan.lower import Context, lower

N = 1_000
DAYS = 365
EVEN: dict[str, Any] = {
    "days_since": np.arange(N) * 0.36,
    "orders": np.arange(N) % 20 + 1,
    "amount": np.arange(N, dtype=float),
}


def cuts(**changed: Any) -> Params:
    figures = {**EVEN, **changed}
    return rfm_cuts(figures, days=DAYS, history_days=400)


def scores(figures: dict[str, Any], found: Params) -> np.ndarray:
    """R, F and M of each customer by the definition."""
    since, orders, amount = (
        np.asarray(figures[n], float) for n in ("days_since", "orders", "amount")
    )
    at = {name: float(value) for name, value in found.items()}
    return np.array(
        [
            sum(since < at[f"r{n}"] for n in (1, 2, 3)),
            sum(orders >= at[f"f{n}"] for n in (1, 2, 3)),
            sum(np.round(amount, 6) >= at[f"m{n}"] for n in (1, 2, 3)),
        ]
    )


def test_cut_points_are_quarters_of_the_customers() -> None:
    found = cuts()
    assert found == {
        **{"days": 365, "r1": 270, "r2": 180, "r3": 90},
        **{"f1": 6, "f2": 11, "f3": 16},
        **{"m1": 250.0, "m2": 500.0, "m3": 750.0},
    }
    for score in scores(EVEN, found):
        assert np.bincount(score).tolist() == [250, 250, 250, 250]


def test_a_table_of_pandas_gives_the_same() -> None:
    assert rfm_cuts(pd.DataFrame(EVEN), days=DAYS, history_days=400) == cuts()


def test_many_equal_figures_score_low_together() -> None:
    once = np.ones(N)
    once[:100] = 2
    once[:10] = 3
    found = cuts(orders=once)
    assert [found[name] for name in ("f1", "f2", "f3")] == [2, 2, 2]
    found = cuts(amount=np.zeros(N))
    assert [found[name] for name in ("m1", "m2", "m3")] == [1.0, 1.0, 1.0]


def test_amounts_that_differ_only_by_rounding_are_equal() -> None:
    amount = np.where(np.arange(N) % 2, 0.3, 0.1 + 0.2)
    assert cuts(amount=amount) == cuts(amount=np.full(N, 0.3))


def test_the_same_customers_in_another_order_give_the_same() -> None:
    order = np.random.default_rng(1).permutation(N)
    assert cuts(**{name: column[order] for name, column in EVEN.items()}) == cuts()


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 364.9), st.integers(1, 9), st.sampled_from([-3.5, 0, 0.1, 7.25, 99, 1e6])
        ),
        min_size=1,
        max_size=40,
    )
)
def test_cut_points_rise_and_the_upper_quarters_are_no_larger_than_that(
    rows: list[tuple[float, int, float]],
) -> None:
    # Each row many times, so that there are enough; the last three keep the guard content.
    table = [*(rows * math.ceil(600 / len(rows))), *[(1.0, 3, 5.0)] * 3]
    columns = zip(*table, strict=True)
    figures = dict(zip(("days_since", "orders", "amount"), map(list, columns), strict=True))
    found = rfm_cuts(figures, days=DAYS, history_days=400)
    root = Group(rules=(PrebuiltRule("rfm", Params({**found, "group": "Other"})),))
    assert check(root, CRM) == ()
    recent, often, much = scores(figures, found)
    for score in (1, 2, 3):
        quarters = len(table) * (4 - score) / 4
        assert (often >= score).sum() <= quarters
        assert (much >= score).sum() <= quarters
        assert (recent >= score).sum() <= quarters or found[f"r{score}"] == 1


def test_the_segments_hold_by_the_cut_points_what_they_say() -> None:
    found = cuts()
    shown = range(0, N, 97)
    people = [
        person(
            str(n),
            event("order_placed", float(EVEN["days_since"][n]), amount=float(EVEN["amount"][n])),
            [event("order_placed", 364.5, amount=0.0) for _ in range(int(EVEN["orders"][n]) - 1)],
        )
        for n in shown
    ]
    engine, context = MemoryEngine(people), Context(AS_OF, ZONE, CRM)
    recent, often, much = scores(EVEN, found)
    counted = 0
    for name in RFM_GROUPS:
        root = Group(rules=(PrebuiltRule("rfm", Params({**found, "group": name})),))
        ids = engine.members(lower(root, context).root).ids()
        counted += len(ids)
        if name == "Champions":
            best = [n for n in shown if recent[n] == 3 and often[n] > 1 and much[n] > 1]
            assert [shown[i] for i in ids] == best
        if name == "New Customer":
            poor = [n for n in shown if recent[n] == 3 and much[n] == 0]
            assert [shown[i] for i in ids] == poor != []
    assert counted == len(people)


@pytest.mark.parametrize(
    ("changed", "history", "words"),
    [
        ({name: column[:499] for name, column in EVEN.items()}, 400, "500 customers .* not 499"),
        ({name: [] for name in EVEN}, 400, "at least 500 customers with orders, not 0"),
        ({}, 179, "at least 180 days of history, not 179"),
        ({}, math.nan, "at least 180 days of history"),
        ({"days_since": np.full(N, 30.0)}, 400, "needs an order in the last 30 days"),
        ({"orders": np.full(N, 2)}, 400, "needs a customer with at least 3 orders"),
    ],
)
def test_too_little_data_is_refused_with_what_is_missing(
    changed: dict[str, Any], history: float, words: str
) -> None:
    with pytest.raises(RuleError, match=words):
        rfm_cuts({**EVEN, **changed}, days=DAYS, history_days=history)


def test_everything_that_is_missing_is_said_at_once() -> None:
    few = {"days_since": [100.0], "orders": [1], "amount": [5.0]}
    with pytest.raises(RuleError) as refused:
        rfm_cuts(few, days=DAYS, history_days=99.6)
    assert str(refused.value) == (
        "There is too little to score by. RFM needs at least 500 customers with orders, not 1; "
        "at least 180 days of history, not 100; an order in the last 30 days; a customer with at "
        "least 3 orders."
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount": np.where(np.arange(N) < 3, np.nan, 1.0)}, "'amount' has 3 values that are no"),
        ({"amount": np.full(N, np.inf)}, "'amount' has 1,000 values that are no finite number"),
        ({"amount": np.full(N, 1e13)}, "amounts within ±1,000,000,000,000"),
        ({"orders": np.full(N, 10**7)}, "Orders must be fewer than 1,000,000"),
        ({"orders": np.full(N, 1.5)}, "1,000 contacts have a number of orders that is not 1, 2"),
        ({"orders": np.arange(N)}, "1 contacts have a number of orders that is not 1, 2"),
        ({"orders": ["many"] * N}, "Column 'orders' must hold numbers"),
        ({"orders": np.ones((N, 2))}, "Column 'orders' must be a list of numbers"),
        ({"orders": [3] * 600}, "must be of the same length"),
        ({"days_since": np.arange(N)}, "635 contacts have no last order in the last 365 days"),
        ({"days_since": np.arange(N) - 700.0}, "700 contacts have no last order"),
    ],
)
def test_wrong_figures_are_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleError, match=words):
        cuts(**changed)


def test_a_missing_column_is_answered_with_near_ones() -> None:
    figures = {**EVEN, "order": EVEN["orders"]}
    del figures["orders"]
    with pytest.raises(RuleError, match="no column 'orders'; did you mean 'order'"):
        rfm_cuts(figures, days=DAYS, history_days=400)


@pytest.mark.parametrize("days", [0, 3_651, 30.0, True, "365"])
def test_a_period_is_a_whole_number_of_days(days: Any) -> None:
    with pytest.raises(RuleError, match="days must be a whole number from 1 to 3,650"):
        rfm_cuts(EVEN, days=days, history_days=400)
