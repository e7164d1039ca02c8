"""Fields as arrays answer as the judge does, from another process's files too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import trees
from hypothesis import given, settings
from population import CONTACTS, batch

from segbench.engine import columns, encoded, encoding
from segbench.engine.aside import wait_aside
from segbench.engine.columns import Columns
from segbench.engine.encoded import Codes, Numbers
from segbench.engine.local import LocalEngine
from segbench.engine.memory import MemoryEngine
from segbench.lake.lake import Lake
from segbench.lake.snapshot import Snapshot
from segbench.lake.tables import Notes
from segbench.model.ask import field
from segbench.model.rules import Group
from segbench.plan.atoms import Atom
from segbench.plan.logic import Leaf, atoms
from segbench.plan.lower import Context, lower


@pytest.fixture(autouse=True)
def every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arrays of few contacts too."""
    monkeypatch.setattr(columns, "FEW", 0)


@pytest.fixture(scope="module")
def snapshot(lake: Lake) -> Iterator[Snapshot]:
    with lake.snapshot() as snapshot:
        yield snapshot


def prepared(snapshot: Snapshot) -> Columns:
    found = Columns(snapshot)
    for name in snapshot.field_types():
        found.prepare(name)
    return found


@pytest.fixture(scope="module")
def coded(snapshot: Snapshot) -> Columns:
    """All fields, dictionary-encoded."""
    return prepared(snapshot)


@pytest.fixture(scope="module")
def plain(snapshot: Snapshot) -> Columns:
    """All fields whose values can be there themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "MOST_VALUES", 0)
        return prepared(snapshot)


@settings(max_examples=150)
@given(root=trees.groups)
def test_arrays_answer_as_the_judge_does(
    root: Group, coded: Columns, plain: Columns, context: Context, memory_engine: MemoryEngine
) -> None:
    for atom in atoms(lower(root, context).root):
        for arrays in (coded, plain):
            answer = arrays.answer(atom)
            assert answer is None or answer == memory_engine.members(Leaf(atom)), atom


def test_each_kind_of_field_has_its_array(
    coded: Columns, plain: Columns, snapshot: Snapshot
) -> None:
    types = snapshot.field_types()
    kinds = {name: type(each.encoded) for name, each in coded._held.items()}
    assert kinds == {name: Codes for name, kind in types.items() if kind != "list"}
    kinds = {name: type(each.encoded) for name, each in plain._held.items()}
    wide = {name: Numbers for name, kind in types.items() if kind in ("number", "datetime")}
    assert kinds == wide


def one(context: Context, rule: Group) -> Atom:
    (found,) = atoms(lower(rule, context).root)
    return found


def test_beside_the_second_question_about_a_field_its_array_is_made(
    snapshot: Snapshot, context: Context, memory_engine: MemoryEngine
) -> None:
    engine = LocalEngine(snapshot)
    found = [one(context, Group(rules=(field("age") >= n,))) for n in (18, 30, 40)]
    for atom in found[:2]:
        assert engine.columns.answer(atom) is None
        engine.atom(atom)
    wait_aside()
    assert engine.atom(found[2]) == memory_engine.members(Leaf(found[2]))
    assert engine.queries == 2


def test_another_process_finds_the_arrays(tmp_path: Path, context: Context) -> None:
    atom = one(context, Group(rules=(field("country").is_any_of("DE"),)))
    with Lake.create(tmp_path / "lake") as lake:
        lake.load([batch(CONTACTS)], Notes())
        with lake.snapshot() as snapshot:
            assert Columns(snapshot, keep=True).prepare("country")
            other = Columns(snapshot, keep=True)
            assert other.answer(atom) == MemoryEngine(CONTACTS).members(Leaf(atom))
            (kept,) = (path for path in snapshot.kept.folder.iterdir() if "column" in path.name)
            damaged = bytearray(kept.read_bytes())
            damaged[-1] ^= 1
            kept.write_bytes(damaged)
            assert Columns(snapshot, keep=True).answer(atom) is None
            assert other.prepare("country")


def test_what_was_stopped_is_begun_again(lake: Lake, context: Context) -> None:
    first, second = (one(context, Group(rules=(field("age") >= n,))) for n in (18, 30))
    closed = lake.snapshot()
    closed.close()
    found = Columns(closed)
    for _ in range(2):
        assert [found.wants(atom) for atom in (first, second)] == [False, True]
        found.prepare_aside(second).join()


@pytest.mark.parametrize("name", ["age", "score", "last_seen"])
def test_arrays_have_the_numbers_of_the_lake_also_after_changes(
    coded: Columns, plain: Columns, snapshot: Snapshot, name: str
) -> None:
    there = encoding.read_numbers(name, snapshot)
    assert there is not None
    for arrays in (coded, plain):
        assert np.array_equal(arrays.numbers(name), there, equal_nan=there.dtype.kind == "f")
    kind = snapshot.batches(f"SELECT {name} FROM contacts LIMIT 0").read_all().schema.field(0).type
    more = snapshot.contacts + 1
    values = pa.array([None, 7, 8], pa.int64()).cast(kind)
    rows = pa.table({"ordinal": [3, snapshot.contacts, more + 5], name: values})
    for arrays in (coded, plain):
        found = arrays._held[name].patched(rows).numbers(more)
        wanted = np.append(there, encoded.numbers_of(values)[1])
        wanted[3] = encoded.missing(there.dtype)
        assert np.array_equal(found, wanted, equal_nan=there.dtype.kind == "f")


def test_texts_have_no_numbers(coded: Columns, snapshot: Snapshot) -> None:
    assert coded.numbers("country") is None
    assert Columns(snapshot).numbers("country") is None
