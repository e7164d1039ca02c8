"""Rows of smart lists: found, read back as values, and kept in step with the segments they name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from segbench.errors import FormatError, LibraryError, NotSaved, RuleError
from segbench.library.references import references, respelt
from segbench.library.saved import folded
from segbench.library.tables import smart_lists
from segbench.model import codec
from segbench.model.rules import Group
from segbench.model.smart_list import SmartList

Row = sa.Row[Any]


@dataclass(frozen=True, slots=True)
class SavedList:
    """A smart list as it is stored.

    `revision` goes up by one with every change; `created` and `updated` are aware UTC, `author` is
    who changed it last.
    """

    smart_list: SmartList
    revision: int
    created: dt.datetime
    updated: dt.datetime
    author: str = ""


def list_rows(connection: sa.Connection) -> list[Row]:
    """The row of every smart list, sorted by name."""
    return sorted(connection.execute(smart_lists.select()), key=lambda row: row.folded)


def list_row(connection: sa.Connection, name: str) -> Row:
    """The row of a smart list; `NotSaved` with near names where there is none."""
    row = list_named(connection, name)
    if row is None:
        raise NotSaved("smart list", name, connection.scalars(sa.select(smart_lists.c.name)))
    return row


def list_named(connection: sa.Connection, name: str) -> Row | None:
    """The row of a smart list, whatever the case of its name, or None."""
    query = smart_lists.select().where(smart_lists.c.folded == folded(name))
    return connection.execute(query).first()


def read_list(row: Row) -> SavedList:
    """The value in a row; `LibraryError` where this version cannot read it."""
    try:
        found = SmartList(
            row.name,
            _group(row),
            tuple(row.columns),
            tuple((name, direction) for name, direction in row.sort),
            row.search,
            row.description,
        )
    except (FormatError, RuleError, TypeError, ValueError) as error:
        raise LibraryError(f"The smart list {row.name!r} cannot be read. {error}") from error
    return SavedList(found, row.revision, row.created, row.updated, row.author)


def list_content(smart_list: SmartList) -> dict[str, Any]:
    """The columns of a smart list; rules that could not be read back are refused now."""
    rules = codec.to_data(smart_list.group)
    codec.group_from_data(rules)
    return {
        "name": smart_list.name,
        "folded": folded(smart_list.name),
        "description": smart_list.description,
        "rules": rules,
        "format": codec.FORMAT,
        "columns": list(smart_list.columns),
        "sort": [list(each) for each in smart_list.sort],
        "search": smart_list.search,
    }


def lists_using(connection: sa.Connection, segment: str) -> tuple[str, ...]:
    """The names of the smart lists whose rules refer to a saved segment, sorted."""
    wanted = folded(segment)
    return tuple(r.name for r in list_rows(connection) if wanted in references(_group(r)))


def respell_lists(connection: sa.Connection, spelling: Mapping[str, str], now: dt.datetime) -> None:
    """Spell references to segments as `spelling` (by folded name) has them, in every list."""
    for row in list_rows(connection):
        group = _group(row)
        spelt = respelt(group, spelling)
        if spelt != group:
            changed = {"rules": codec.to_data(spelt), "updated": now, "revision": row.revision + 1}
            mine = smart_lists.c.id == row.id
            connection.execute(smart_lists.update().where(mine).values(changed))


def _group(row: Row) -> Group:
    if row.format > codec.FORMAT:
        raise LibraryError(
            f"The smart list {row.name!r} was saved by a newer segbench (format {row.format}; this "
            f"version reads {codec.FORMAT}). Update segbench."
        )
    return codec.group_from_data(row.rules)
