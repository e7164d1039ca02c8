"""Libraries of earlier versions: nothing in them is lost, and they get what is new."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from segbench.errors import InUse
from segbench.library import tables
from segbench.library.columns import metadata
from segbench.library.database import Database
from segbench.library.library import Library
from segbench.library.migrations.upgrading import upgrade
from segbench.library.saved import LastCount
from segbench.model.ask import tag
from segbench.model.rules import as_group
from segbench.model.segment import Segment

NOW = dt.datetime(2026, 10, 19, 9, 30, tzinfo=dt.UTC)
LAYOUT1 = (Path(__file__).parent / "layout1.sql").read_text("utf-8")
"""What the last version with layout 1 wrote."""


@pytest.fixture
def old(path: Path) -> Path:
    with sqlite3.connect(path) as raw:
        raw.executescript(LAYOUT1)
    return path


@pytest.fixture
def old_shared(shared: str) -> str:
    """The same in PostgreSQL, made by the first migration."""
    database = Database(shared)
    with database.write() as connection:
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'UTC'")
        for table in reversed(metadata.sorted_tables):
            connection.exec_driver_sql(f"DROP TABLE {table.name}")
        upgrade(connection, "0001")
        connection.exec_driver_sql("DROP TABLE alembic_version")
        inserts = [line for line in LAYOUT1.splitlines() if line.startswith("INSERT")]
        # In the order of the file a row would come before what it points at.
        order = [table.name for table in metadata.sorted_tables] + ["campaign_recipients"]
        for line in sorted(inserts, key=lambda each: order.index(each.split('"')[1])):
            connection.exec_driver_sql(line)
        for table in ("segments", "segment_versions", "segment_renames", "campaigns"):
            connection.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
            )
        sequence = "pg_get_serial_sequence('campaign_exports', 'number')"
        connection.exec_driver_sql(f"SELECT setval({sequence}, 1)")
    database.close()
    return shared


def differences(place: str | Path) -> list[object]:
    database = Database(place)
    with database.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
        noted = connection.scalar(sa.select(tables.alembic_version.c.version_num))
    database.close()
    assert noted == tables.HEAD
    return list(found)


@pytest.mark.parametrize("kind", ["old", "old_shared"])
def test_a_library_of_layout_1_keeps_all_it_has(kind: str, request: pytest.FixtureRequest) -> None:
    with Library.open(request.getfixturevalue(kind)) as library:
        names = [saved.segment.name for saved in library.segments()]
        assert names == ["DACH", "German VIPs", "VIPs"]
        assert [saved.revision for saved in library.lineage("DACH")] == [1, 2, 3]
        assert library.last_count("VIPs") == LastCount(7, 100, 3, NOW, NOW)
        autumn, empty = library.campaigns()
        assert autumn.recipients == ("VIPs", "DACH")
        assert [(each.id, each.snapshot, each.count) for each in autumn.exports] == [
            ("ab12cd34", 3, 7)
        ]
        assert empty.recipients == ()
        assert library.cited_snapshots() == {3: ("Autumn",)}
        with pytest.raises(InUse, match="the campaign 'Autumn'"):
            library.delete("VIPs")
        library.save(Segment("New", as_group(tag("new"))), now=NOW)
        library.set_recipients("Empty", ("New",), now=NOW)
        library.rename("VIPs", "Very important", NOW)
        assert library.campaign("Autumn").recipients == ("Very important", "DACH")


@pytest.mark.parametrize("kind", ["old", "old_shared", "path", "shared"])
def test_a_migrated_library_has_the_tables_of_a_new_one(
    kind: str, request: pytest.FixtureRequest
) -> None:
    place = request.getfixturevalue(kind)
    Library.open(place).close()
    assert differences(place) == []


@pytest.mark.parametrize("lacking", ["segment_renames", "segment_counts", "export_snapshots"])
def test_tables_that_came_during_layout_1_are_made_where_they_are_missing(
    old: Path, lacking: str
) -> None:
    with sqlite3.connect(old) as raw:
        raw.execute(f"DROP TABLE {lacking}")
    assert differences(old) == []
    with Library.open(old) as library:
        assert library.campaign("Autumn").recipients == ("VIPs", "DACH")


@pytest.mark.parametrize("kind", ["old", "old_shared"])
def test_many_that_open_an_old_one_at_once_migrate_it_once(
    kind: str, request: pytest.FixtureRequest
) -> None:
    place = request.getfixturevalue(kind)

    def save(number: int) -> None:
        with Library.open(place) as library:
            library.save(Segment(f"S{number}", as_group(tag("vip"))), now=NOW)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(save, range(4)))
    with Library.open(place) as library:
        assert len(library.segments()) == 7
    assert differences(place) == []


@pytest.mark.parametrize("kind", ["old", "old_shared"])
def test_a_migration_that_fails_leaves_the_library_as_it_was(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = request.getfixturevalue(kind)

    def broken(connection: sa.Connection, to: str = "head") -> None:
        upgrade(connection, to)
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        patched.setattr("segbench.library.migrations.upgrading.upgrade", broken)
        with pytest.raises(RuntimeError):
            Library.open(place)
    with Library.open(place) as library:
        assert library.campaign("Autumn").recipients == ("VIPs", "DACH")
    assert differences(place) == []


def test_a_new_library_is_made_without_alembic(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("Alembic was used.")

    loaded: Callable[..., None] = fail
    monkeypatch.setattr("segbench.library.migrations.upgrading.upgrade", loaded)
    for _ in range(2):
        Library.open(path).close()
