"""The database under the library: opening, sharing, crashing, newer versions."""

from __future__ import annotations

import datetime as dt
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from segbench.errors import LibraryError, NameTaken
from segbench.library import database, tables
from segbench.library.library import Library
from segbench.model.rules import FieldRule, Group, SegmentRule
from segbench.model.segment import Segment

NOW = dt.datetime(2026, 10, 19, 9, 30, tzinfo=dt.UTC)
RULES = Group("and", (FieldRule("country", "is", ("DE",)),))


@pytest.fixture
def library(path: Path) -> Iterator[Library]:
    """In a file, which tests look into."""
    with Library.open(path) as opened:
        yield opened


def test_a_library_is_there_after_a_restart(path: Path) -> None:
    with Library.open(path) as library:
        saved = library.save(Segment("VIP", RULES), now=NOW)
    with Library.open(str(path)) as library:
        assert library.segment("VIP") == saved


def test_a_path_may_hold_any_character(tmp_path: Path) -> None:
    odd = tmp_path / "a%20b?c=d#é"
    Library.open(odd).close()
    assert odd.is_file()


def test_a_url_names_a_library_too(path: Path) -> None:
    with Library.open(f"sqlite:///{path}") as library:
        library.save(Segment("VIP", RULES), now=NOW)
    with Library.open(path) as library:
        assert library.segment("VIP").revision == 1


def test_a_library_in_memory_is_one_for_all_threads() -> None:
    with Library.open("sqlite://") as library, ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: library.save(Segment(f"S{n}", RULES), now=NOW), range(20)))
        assert len(library.segments()) == 20


def test_the_file_is_written_ahead_and_checks_its_references(path: Path) -> None:
    db = database.Database(path)
    with db.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    db.close()


def test_a_library_of_a_newer_version_is_not_touched(path: Path) -> None:
    Library.open(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE segbench_schema SET version = 3")
    with pytest.raises(
        LibraryError,
        match=r"by a newer segbench: it has layout 3, and this version reads layout 2\. Update",
    ):
        Library.open(path)


def test_a_segment_in_a_newer_format_says_so(path: Path, library: Library) -> None:
    library.save(Segment("VIP", RULES), now=NOW)
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE segments SET format = 99")
    with pytest.raises(LibraryError, match=r"'VIP' was saved by a newer segbench \(format 99;"):
        library.segment("VIP")


def test_rules_broken_from_outside_are_named(path: Path, library: Library) -> None:
    library.save(Segment("VIP", RULES), now=NOW)
    with sqlite3.connect(path) as raw:
        raw.execute("""UPDATE segments SET rules = '{"kind": "magic"}'""")
    with pytest.raises(LibraryError, match="The saved rules of 'VIP' cannot be read"):
        library.segments()


def test_what_is_no_library_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no database, and long enough to be one" * 50)
    with pytest.raises(LibraryError, match=r"notes\.txt does not answer: file is not a database\."):
        Library.open(text)
    with pytest.raises(LibraryError, match="is a folder; a library is a file"):
        Library.open(tmp_path)
    with pytest.raises(LibraryError, match=r"There is no folder .*gone to keep the library x in"):
        Library.open(tmp_path / "gone" / "x")
    with pytest.raises(LibraryError, match="does not answer"):
        Library.open("nosuchdatabase://host/x")


def test_a_password_is_not_repeated_in_an_error() -> None:
    with pytest.raises(LibraryError) as refused:
        Library.open("oracle://someone:hunter2@host/x")
    assert "hunter2" not in str(refused.value)
    assert "needs the package" in str(refused.value)


def test_importing_the_library_does_not_load_sqlalchemy() -> None:
    code = (
        "import sys, segbench.library.library; "
        "sys.exit('sqlalchemy' in sys.modules or 'pydantic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_two_libraries_on_one_file_see_each_other(path: Path) -> None:
    with Library.open(path) as one, Library.open(path) as two:
        one.save(Segment("VIP", RULES), now=NOW)
        assert two.segment("VIP").revision == 1
        with pytest.raises(NameTaken):
            two.save(Segment("vip", RULES), now=NOW)
        two.save(Segment("VIP", RULES), now=NOW, replace=True, seen=1)
        with pytest.raises(LibraryError, match="meanwhile"):
            one.save(Segment("VIP", RULES), now=NOW, replace=True, seen=1)
        assert one.segment("VIP").revision == 2


def test_of_writers_that_saw_the_same_revision_one_wins(path: Path) -> None:
    start = threading.Barrier(6)

    def write(number: int) -> bool:
        with Library.open(path) as library:
            start.wait()
            try:
                group = Group("and", (FieldRule("n", "is", (number,)),))
                library.save(Segment("VIP", group), now=NOW, replace=True, seen=1)
            except LibraryError:
                return False
            return True

    with Library.open(path) as library:
        library.save(Segment("VIP", RULES), now=NOW)
    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(write, range(6))) == 1


def open_and_save(path: Path, number: int) -> None:
    with Library.open(path) as library:
        for index in range(5):
            library.save(Segment(f"S{number}-{index}", RULES), now=NOW)


def test_processes_may_make_and_fill_one_library_at_once(path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        list(processes.map(open_and_save, [path] * 2, range(2)))
    with Library.open(path) as library:
        assert len(library.segments()) == 10


def test_a_process_killed_in_a_rename_leaves_the_old_name_everywhere(path: Path) -> None:
    with Library.open(path) as library:
        library.save(Segment("VIP", RULES), now=NOW)
        for name in ("A", "B", "C"):
            library.save(Segment(name, Group("and", (SegmentRule("VIP"),))), now=NOW)
        before = library.segments()
    code = f"""
import datetime as dt, os
from segbench.library import segment_rows
from segbench.library.library import Library
from segbench.library import segments
kept = []
def dying(connection, row):
    kept.append(row)
    segment_rows_keep(connection, row)
    if len(kept) == 3:
        os._exit(9)
segment_rows_keep = segment_rows.keep_version
segment_rows.keep_version = dying
Library.open({str(path)!r}).rename("VIP", "Best", dt.datetime.now(dt.timezone.utc))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    with Library.open(path) as library:
        assert library.segments() == before
        assert library.history("VIP") == ()


def test_a_writer_that_does_not_finish_is_not_waited_for_for_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    with Library.open(path) as library:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(LibraryError, match="another process has been writing for more than"):
            library.save(Segment("VIP", RULES), now=NOW)
        assert library.segments() == ()
        holder.execute("ROLLBACK")
        holder.close()
        library.save(Segment("VIP", RULES), now=NOW)


def test_an_error_shows_neither_statement_nor_values(path: Path, library: Library) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TABLE segment_versions")
    with pytest.raises(LibraryError) as refused:
        library.save(Segment("Secret", RULES), now=NOW)
    assert str(refused.value).endswith("does not answer: no such table: segment_versions.")


def test_the_tables_are_written_in_types_that_postgresql_has() -> None:
    made = "\n".join(
        str(CreateTable(table).compile(dialect=postgresql.dialect()))
        for table in tables.metadata.sorted_tables
    )
    assert "TIMESTAMP WITH TIME ZONE" in made
    assert "rules JSON NOT NULL" in made
    assert "id SERIAL NOT NULL" in made
