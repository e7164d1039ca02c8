"""Pages of contacts are those that pandas would make, whatever the sort and the search."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segbench.engine.membership import Membership
from segbench.engine.ordering import Orders
from segbench.engine.paging import rows_at
from segbench.lake.lake import Lake
from segbench.lake.snapshot import Snapshot
from segbench.lake.tables import Batch, Notes
from segbench.model.smart_list import Sort
from segbench.plan.atoms import fold_case

MANY = 400
TEXTS = [
    "Ärger",
    "ärger",
    "Zoë",
    "ann lee",
    "ANN",
    "ß",
    "straße",
    "10",
    "9",
    "ﬀ",
    "İ",
    "日本",
    "a b",
]
FIELDS = ("name", "city", "score", "ratio", "vip", "born", "seen")


def _made() -> pa.Table:
    drawn = random.Random(5)

    def some(values: list[object]) -> list[object]:
        return [None if drawn.random() < 0.2 else drawn.choice(values) for _ in range(MANY)]

    keys = [f"k{number:03}" for number in range(MANY - 3)] + ["K001", "ann-key", "ä"]
    drawn.shuffle(keys)
    start = dt.datetime(2024, 1, 1)
    return pa.table(
        {
            "key": keys,
            "name": pa.array(some(TEXTS), pa.string()),
            "city": pa.array(some(["Bonn", "bonn", "Aachen"]), pa.string()),
            "score": pa.array(some([0, 1, -5, 2**62]), pa.int64()),
            "ratio": pa.array(some([0.1, -0.0, 0.0, 1e300, -1e-300]), pa.float64()),
            "vip": pa.array(some([True, False]), pa.bool_()),
            "born": pa.array(some([dt.date(1999, 1, d) for d in range(1, 9)]), pa.date32()),
            "seen": pa.array(
                some([start + dt.timedelta(hours=h) for h in range(9)]), pa.timestamp("us")
            ),
            "likes": pa.array(some([["Tea"], ["tea", "Annas"]]), pa.list_(pa.string())),
        }
    )


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    contacts = _made()
    tags = pa.table({"key": ["k001", "k001", "ä"], "tag": ["b", "a", "c"]})
    at = pa.array([], pa.timestamp("us"))
    none = pa.array([], pa.string())
    events = pa.table({"key": none, "event": none, "at": at})
    with Lake.create(tmp_path_factory.mktemp("pages") / "lake") as lake:
        lake.load([Batch(contacts, tags, events)], Notes())
        with lake.snapshot() as snapshot:
            yield snapshot


@pytest.fixture(scope="module")
def frame(snapshot: Snapshot) -> pd.DataFrame:
    """The contacts in pandas, by their ordinals."""
    table = snapshot.batches("SELECT * FROM contacts ORDER BY ordinal").read_all()
    return table.to_pandas().set_index("ordinal")


def sorted_by_pandas(frame: pd.DataFrame, sort: Sort) -> list[int]:
    made, by = frame.copy(), []
    for at, (name, _) in enumerate(sort):
        values = made[name]
        if values.dtype.kind in "OU" or str(values.dtype).startswith("str"):
            folded = [fold_case(v) if isinstance(v, str) and name != "key" else v for v in values]
            values = pd.Series(folded, index=made.index)
        made[f"by {at}"] = values
        by.append(f"by {at}")
    ways = [direction == "up" for _, direction in sort]
    done = made.sort_values([*by, "key"], ascending=[*ways, True], na_position="last")
    return [int(ordinal) for ordinal in done.index]


columns = st.sampled_from(("key", *FIELDS))
directions = st.sampled_from(("up", "down"))
sorts = st.lists(st.tuples(columns, directions), min_size=1, max_size=3, unique_by=lambda s: s[0])


@settings(max_examples=25)
@given(sort=sorts, share=st.sampled_from((0.0, 0.01, 0.04, 0.3, 1.0)), data=st.data())
def test_any_page_of_any_sort_is_that_of_pandas(
    snapshot: Snapshot, frame: pd.DataFrame, sort: list, share: float, data: st.DataObject
) -> None:
    seed = data.draw(st.integers(0, 5))
    chosen = np.flatnonzero(np.random.default_rng(seed).random(MANY) < share)
    size = data.draw(st.sampled_from((1, 7, 50)))
    first = data.draw(st.integers(0, MANY)) // size * size
    order = Orders(snapshot).ordinals(Membership.of(chosen, MANY), tuple(sort))
    wanted = sorted_by_pandas(frame.loc[chosen], tuple(sort))
    assert order.tolist() == wanted
    rows = rows_at(snapshot, order[first : first + size], ["name", "score"])
    keys = [frame.loc[ordinal, "key"] for ordinal in wanted[first : first + size]]
    assert [row[0] for row in rows] == keys


def test_without_a_sort_contacts_come_as_the_lake_has_them(snapshot: Snapshot) -> None:
    some = Membership.of([7, 3, 9], MANY)
    assert Orders(snapshot).ordinals(some, ()).tolist() == [3, 7, 9]


def test_a_page_has_the_tags_of_its_contacts(snapshot: Snapshot) -> None:
    by_key = Orders(snapshot).ordinals(Membership.everyone(MANY), (("key", "up"),))
    rows = rows_at(snapshot, by_key, ["city"], tags=True)
    assert {row[0]: row[2] for row in rows if row[2]} == {"k001": ["a", "b"], "ä": ["c"]}
    assert rows_at(snapshot, by_key[:0], ["city"]) == []


@settings(max_examples=25)
@given(st.lists(st.sampled_from([*TEXTS, "an", "K0", "tea", "%", "_", "'", "\\"]), max_size=3))
def test_a_search_finds_who_has_every_word(
    snapshot: Snapshot, frame: pd.DataFrame, words: list[str]
) -> None:
    text = " ".join(words)
    found = Orders(snapshot).search(text, (("name", "text"), ("likes", "list")))
    asked = [fold_case(word) for word in text.split()]

    def has(row: pd.Series, word: str) -> bool:
        likes = list(row["likes"]) if row["likes"] is not None else []
        texts = [row["key"], row["name"], *likes]
        return any(isinstance(t, str) and word in fold_case(t) for t in texts)

    wanted = [o for o, row in frame.iterrows() if all(has(row, word) for word in asked)]
    assert found.ids().tolist() == wanted


def test_what_is_kept_is_bounded_and_a_new_page_asks_nothing(snapshot: Snapshot) -> None:
    orders = Orders(snapshot, most_bytes=4 * MANY * 4)
    everyone = Membership.everyone(MANY)
    first = orders.ordinals(everyone, (("name", "up"),))
    assert orders.ordinals(everyone, (("name", "up"),)) is first
    for name in FIELDS:
        orders.ordinals(everyone, ((name, "down"),))
    assert orders.nbytes <= 4 * MANY * 4
