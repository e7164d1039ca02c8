"""What is kept beside a lake saves work, and can never be wrong or too much."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from population import CATALOG, CONTACTS, batch

from segbench.engine.local import LocalEngine
from segbench.lake import catalog as catalogs
from segbench.lake.catalog_file import read_catalog, write_catalog
from segbench.lake.kept import FOLDER, Kept
from segbench.lake.lake import Lake
from segbench.lake.tables import Notes
from segbench.model.ask import field
from segbench.model.rules import Group
from segbench.plan.atoms import Atom
from segbench.plan.logic import atoms
from segbench.plan.lower import Context, lower

NOW = datetime(2026, 10, 26, 12, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with Lake.create(tmp_path / "lake") as lake:
        lake.load([batch(CONTACTS)], Notes())
        yield lake


def an_atom(context: Context) -> Atom:
    return next(iter(atoms(lower(Group(rules=(field("age") >= 18,)), context).root)))


def files(lake: Lake) -> list[Path]:
    return [path for path in (lake.path / FOLDER).rglob("*") if path.is_file()]


def test_a_catalogue_survives_its_file() -> None:
    assert read_catalog(write_catalog(CATALOG)) == CATALOG
    for damaged in (b"", b"[]", b"{}", b'{"contacts": 1}', write_catalog(CATALOG)[:-9]):
        assert read_catalog(damaged) is None


def test_the_catalogue_is_counted_once_for_all(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    with lake.snapshot() as first:
        expected = first.catalog()
    monkeypatch.setattr(catalogs, "_fields", None)
    with lake.snapshot() as second:
        assert second.catalog() == expected


def test_an_answer_is_asked_once_for_all_processes(lake: Lake, context: Context) -> None:
    atom = an_atom(context)
    with lake.snapshot() as snapshot:
        first = LocalEngine(snapshot, keep=True)
        expected = first.atom(atom)
        second = LocalEngine(snapshot, keep=True)
        assert second.atom(atom) == expected
        assert (first.queries, second.queries) == (1, 0)
        assert LocalEngine(snapshot).queries == 0


def test_another_snapshot_has_answers_of_its_own(lake: Lake, context: Context) -> None:
    atom = an_atom(context)
    with lake.snapshot() as snapshot:
        LocalEngine(snapshot, keep=True).atom(atom)
    lake.load([batch(CONTACTS[:50])], Notes())
    with lake.snapshot() as snapshot:
        engine = LocalEngine(snapshot, keep=True)
        assert engine.atom(atom).contacts == 50
        assert engine.queries == 1


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_file_is_asked_anew_and_mended(
    lake: Lake, context: Context, damage: bytes | None
) -> None:
    atom = an_atom(context)
    with lake.snapshot() as snapshot:
        expected = LocalEngine(snapshot, keep=True).atom(atom)
        for path in files(lake):
            content = bytearray(path.read_bytes())
            content[-1] ^= 1
            path.write_bytes(bytes(content) if damage is None else damage)
        again = LocalEngine(snapshot, keep=True)
        assert again.atom(atom) == expected
        assert again.queries == 1
        assert LocalEngine(snapshot, keep=True).atom(atom) == expected


def test_a_folder_that_cannot_be_written_stays_as_it_is(lake: Lake, context: Context) -> None:
    (lake.path / FOLDER).write_text("in the way")
    with lake.snapshot() as snapshot:
        engine = LocalEngine(snapshot, keep=True)
        assert len(engine.atom(an_atom(context)))
    assert (lake.path / FOLDER).read_text() == "in the way"


def test_nothing_is_written_where_there_is_no_lake(tmp_path: Path) -> None:
    Kept(tmp_path / "gone", 1, NOW).write("a", b"x")
    assert not (tmp_path / "gone").exists()


def test_the_oldest_of_other_snapshots_goes_first(tmp_path: Path) -> None:
    kept = [Kept(tmp_path, number, NOW + timedelta(hours=number)) for number in range(3)]
    for number, each in enumerate(kept):
        for name in ("a", "b"):
            each.write(name, b"x" * 84)
            moment = 1_000_000 + number * 10 + ord(name)
            os.utime(each.folder / name, (moment, moment))
    kept[0].shrink(400)
    left = [(n, name) for n, each in enumerate(kept) for name in "ab" if each.read(name)]
    assert left == [(0, "a"), (0, "b"), (2, "a"), (2, "b")]
    assert not kept[1].folder.exists()
    kept[2].shrink(0)
    assert not [name for each in kept for name in "ab" if each.read(name)]


def test_a_catalogue_keeps_all_that_it_has() -> None:
    names = {each.name for each in dataclasses.fields(CATALOG)}
    assert names == {"contacts", "fields", "tags", "events", "tag_times"}
