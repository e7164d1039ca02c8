"""What can be synced: a folder, a PostgreSQL database, or tables in memory and of Ibis."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segbench.errors import ImportRefused
from segbench.lake.arrow_streams import is_pandas
from segbench.lake.postgres import PostgresRelation, attached, is_url, without_login
from segbench.lake.relations import (
    FileRelation,
    FrameRelation,
    IbisRelation,
    Relation,
)
from segbench.lake.stage import FIXED, Stage

SUFFIXES = (".csv", ".tsv", ".txt", ".parquet", ".pq")


@dataclass(frozen=True)
class SyncSource:
    """A source: the name under which the lake remembers it, and what it has, by table."""

    name: str
    relations: Mapping[str, Relation]
    url: str | None = None

    def connected(self, stage: Stage) -> AbstractContextManager[None]:
        """The time during which its relations can be read."""
        return attached(stage, self.url) if self.url else contextlib.nullcontext()


def sync_source(source: object, tables: Mapping[str, object], name: str | None) -> SyncSource:
    """The source that was given: a folder, a URL with `tables`, or `tables` alone.

    A single table of contacts may be given as the source itself. `ImportRefused` for anything else.
    """
    given = {table: each for table, each in tables.items() if each is not None}
    if is_url(source):
        return _database(str(source), given, name)
    if isinstance(source, str | os.PathLike):
        if given:
            raise ImportRefused(
                f"A folder has its own files; it takes no {', '.join(given)}. "
                "Name tables or queries with the URL of a database."
            )
        return _folder(Path(source), name)
    if source is not None:
        if "contacts" in given:
            raise ImportRefused("The contacts are given twice.")
        given = {"contacts": source, **given}
    if not given:
        raise ImportRefused("Nothing to sync; give contacts, tags or events.")
    relations = {table: _relation(table, given[table]) for table in FIXED if table in given}
    return SyncSource(name or "tables", relations)


def _database(url: str, tables: Mapping[str, object], name: str | None) -> SyncSource:
    if not tables:
        raise ImportRefused(
            f"Say what to read from {without_login(url)}: a table or a query "
            "for contacts, tags or events."
        )
    relations: dict[str, Relation] = {}
    for table in FIXED:
        asked = tables.get(table)
        if asked is None:
            continue
        if not isinstance(asked, str) or not asked.strip():
            raise ImportRefused(
                f"The {table} of a database are the name of a table or a query, not {asked!r:.80}."
            )
        relations[table] = PostgresRelation(url, asked)
    return SyncSource(name or without_login(url), relations, url)


def _folder(folder: Path, name: str | None) -> SyncSource:
    if not folder.is_dir():
        there = "a file" if folder.is_file() else "nothing"
        raise ImportRefused(f"{str(folder)!r} is no folder: {there} is there.")
    relations: dict[str, Relation] = {}
    for table in FIXED:
        if paths := _files(folder, table):
            relations[table] = FileRelation(paths)
    if not relations:
        names = sorted(entry.name for entry in folder.iterdir())
        listed = ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")
        raise ImportRefused(
            f"{str(folder)!r} has no CSV or Parquet files named contacts*, tags* or events*; "
            f"it has {listed or 'nothing in it'}."
        )
    return SyncSource(name or str(folder.resolve()), relations)


def _files(folder: Path, table: str) -> tuple[Path, ...]:
    """The files of one table: those named after it, and those in a folder of its name."""
    found = [path for path in folder.iterdir() if path.name.lower().startswith(table)]
    inside = [path for each in found if each.is_dir() for path in each.iterdir()]
    wanted = (path for path in (*found, *inside) if path.suffix.lower() in SUFFIXES)
    return tuple(sorted(path for path in wanted if path.is_file()))


def _relation(table: str, given: object) -> Relation:
    if isinstance(given, str | os.PathLike):
        path = Path(given)
        if not path.is_file():
            raise ImportRefused(f"There is no file {path}.")
        return FileRelation((path,))
    if hasattr(given, "to_pyarrow_batches") and hasattr(given, "schema"):
        return IbisRelation(given, _ibis_name(given, table))
    if hasattr(given, "__arrow_c_stream__") or is_pandas(given):
        return FrameRelation(given, table)
    raise ImportRefused(
        f"The {table} are a {type(given).__name__}; give a DataFrame of pandas or polars, an Arrow "
        "table, an Ibis table or a file."
    )


def _ibis_name(table: Any, otherwise: str) -> str:
    try:
        return str(table.get_name())
    except Exception:
        # Only what has a name in its backend tells one; each version has another exception.
        return otherwise
