"""Values and numbers of some contacts, counted over arrays, are those of each contact."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from population import CONTACTS

from segbench.engine import encoding
from segbench.engine.columns import Columns
from segbench.engine.encoded import Codes, Numbers
from segbench.engine.field_column import FieldColumn
from segbench.engine.histogram import count_values, numbers_among, values_of
from segbench.engine.membership import Membership
from segbench.lake.lake import Lake
from segbench.lake.snapshot import Snapshot

MANY = len(CONTACTS)


@pytest.fixture(scope="module")
def snapshot(lake: Lake) -> Iterator[Snapshot]:
    with lake.snapshot() as snapshot:
        yield snapshot


@pytest.fixture(params=[0, 1, 2, 3])
def some(request: pytest.FixtureRequest) -> set[int]:
    chance = random.Random(request.param)
    return set(chance.sample(range(MANY), (0, 7, 150, MANY)[request.param]))


def stored(snapshot: Snapshot, field: str) -> list[Any]:
    rows = snapshot.rows(f'SELECT ordinal, "{field}" FROM contacts ORDER BY ordinal')
    return [value for _, value in rows]


def counted(column: FieldColumn, members: Membership) -> Counter[Any]:
    values, counts = values_of(column).to_pylist(), count_values(column, members).tolist()
    assert len(values) == len(counts)
    found: Counter[Any] = Counter()
    for value, count in zip(values, counts, strict=True):
        found[value] += count
    return +found


@pytest.mark.parametrize("field", ["country", "age", "birthday", "subscribed"])
def test_values_are_counted_among_the_members(
    snapshot: Snapshot, some: set[int], field: str
) -> None:
    column = Columns(snapshot).column(field)
    assert column is not None
    assert isinstance(column.encoded, Codes)
    values = stored(snapshot, field)
    found = counted(column, Membership.of(some, MANY))
    assert found == Counter(values[at] for at in some)


def test_those_that_changed_since_are_counted_as_they_are_now(
    snapshot: Snapshot, some: set[int]
) -> None:
    column = Columns(snapshot).column("country")
    assert column is not None
    # Two changed, one is new and one is gone by now.
    rows = pa.table({"ordinal": [3, 9, MANY, MANY + 5], "country": ["FR", None, "XX", "YY"]})
    changed = column.patched(rows)
    values = stored(snapshot, "country")
    values[3], values[9] = "FR", None
    here = some | {3, MANY}
    values.append("XX")
    found = counted(changed, Membership.of(here, MANY + 1))
    assert found == Counter(values[at] for at in here)


def test_fewer_contacts_than_the_array_has_are_counted(snapshot: Snapshot) -> None:
    column = Columns(snapshot).column("country")
    assert column is not None
    values = stored(snapshot, "country")
    found = counted(column, Membership.everyone(MANY - 10))
    assert found == Counter(values[: MANY - 10])


def test_numbers_and_moments_are_those_of_the_members(
    snapshot: Snapshot, some: set[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoding, "MOST_VALUES", 0)
    column = Columns(snapshot).column("last_seen")
    assert column is not None
    assert isinstance(column.encoded, Numbers)
    later = dt.datetime(2026, 10, 1)
    changed = column.patched(pa.table({"ordinal": [3], "last_seen": [later]}))
    values = stored(snapshot, "last_seen")
    values[3] = later
    parts = list(numbers_among(changed, Membership.of(some, MANY)))
    found = np.concatenate(parts).tolist()
    none = np.iinfo(np.int64).min
    epoch, tick = dt.datetime(1970, 1, 1), dt.timedelta(microseconds=1)
    wanted = [none if values[at] is None else (values[at] - epoch) // tick for at in some]
    assert sorted(found) == sorted(wanted)


def test_lists_have_no_array_and_are_not_tried_twice(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = Columns(snapshot)
    assert columns.column("interests") is None
    monkeypatch.setattr(columns, "prepare", lambda field: pytest.fail(f"tried {field} again"))
    assert columns.column("interests") is None


def test_a_column_is_made_from_what_another_one_kept(lake: Lake) -> None:
    with Lake.open(lake.path) as again, again.snapshot() as snapshot:
        first, second = Columns(snapshot, keep=True), Columns(snapshot, keep=True)
        assert first.column("country") is not None
        found = second.column("country")
        assert found is not None
        assert counted(found, Membership.everyone(MANY)) == Counter(stored(snapshot, "country"))
