"""Bits of a scan are arranged by ordinal, wherever changed contacts stand in the files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbench.errors import LakeError
from segbench.lake import scan_order
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.lake.scan_order import ScanOrder, read_order


@given(
    st.integers(0, 60).flatmap(lambda n: st.permutations(range(n))),
    st.integers(1, 7),
    st.sampled_from([0, 4_096]),
)
def test_bits_are_arranged_whatever_the_order_and_the_batches(
    order: list[int], size: int, few: int
) -> None:
    ordinals = np.array(order, dtype=np.int64)
    batches = [ordinals[start : start + size] for start in range(0, len(ordinals), size)]
    found = read_order(iter([*batches, ordinals[:0]]))
    assert found.contacts == len(order)
    assert found.is_by_ordinal == (order == sorted(order))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan_order, "_FEW", few)
        bits = found.arrange(np.packbits(ordinals % 3 == 0, bitorder="little"))
    flags = np.unpackbits(bits, count=len(order), bitorder="little").astype(bool)
    assert flags.tolist() == [ordinal % 3 == 0 for ordinal in range(len(order))]


@pytest.fixture
def edited(tmp_path: Path) -> Iterator[Lake]:
    """A lake of 1,000 contacts of which every seventh was changed afterwards, and ten added."""
    with Lake.create(tmp_path / "lake") as lake:
        for number, rows in enumerate((range(1_000), [*range(0, 1_000, 7), *range(1_000, 1_010)])):
            path = tmp_path / f"contacts{number}.parquet"
            frame = pd.DataFrame({"key": [f"c{row:04}" for row in rows]})
            frame.assign(score=[row + number for row in rows]).to_parquet(path)
            import_files(lake, contacts=path)
        yield lake


# DuckDB answers a long list of values by a join, whose rows come in an order of its own.
LONG = f"score IN ({', '.join(map(str, range(0, 1_000, 3)))})"


@pytest.mark.parametrize("test", ["score % 2 = 0", LONG])
def test_a_changed_lake_gives_its_bits_by_ordinal(edited: Lake, test: str) -> None:
    with edited.snapshot() as snapshot:
        scanned = [row[0] for row in snapshot.rows("SELECT ordinal FROM contacts")]
        assert scanned != sorted(scanned)
        bits = snapshot.bits(f"SELECT ordinal, {test} AS holds FROM contacts")
        flags = np.unpackbits(bits, count=snapshot.contacts, bitorder="little").tolist()
        rows = snapshot.rows(f"SELECT {test} FROM contacts ORDER BY ordinal")
        assert flags == [row[0] for row in rows]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ordinal, NULL::BOOLEAN AS holds FROM contacts",
        "SELECT ordinal, true AS holds FROM contacts LIMIT 3",
    ],
)
def test_what_is_not_true_or_false_of_every_contact_is_refused(edited: Lake, query: str) -> None:
    with edited.snapshot() as snapshot, pytest.raises(LakeError, match="every contact"):
        snapshot.bits(query)


def test_a_compaction_under_an_open_snapshot_changes_no_answer(
    edited: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders: list[tuple[object, ...]] = []
    arrange = ScanOrder.arrange
    monkeypatch.setattr(
        ScanOrder, "arrange", lambda self, bits: orders.append(self.files) or arrange(self, bits)
    )
    query = "SELECT ordinal, score % 2 = 0 AS holds FROM contacts"
    with edited.snapshot() as snapshot:
        before = snapshot.bits(query)
        edited.rows("CALL ducklake_merge_adjacent_files('lake')")
        edited.rows("CALL ducklake_rewrite_data_files('lake', 'contacts', delete_threshold => 0.0)")
        assert snapshot.bits(query).tolist() == before.tolist()
        assert len(set(orders)) > 1
    with edited.snapshot() as newest:
        assert newest.bits(query).tolist() == before.tolist()
