"""Watches: what is to be told of a saved segment's count, and what each look found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from segbench.errors import LibraryError
from segbench.library import tables as t
from segbench.library.database import Database
from segbench.library.saved import as_utc
from segbench.library.segment_rows import saved_row
from segbench.library.wanted import Stamp
from segbench.library.watch import Kind, Watch, WatchResult, checked_amount

MOST_KEPT = 1_000
"""So many results are kept of each watch, the newest."""


class WatchStore:
    """Keeps watches and what was found; segments take theirs along when they are renamed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        segment: str,
        kind: Kind,
        amount: float | None = None,
        *,
        now: dt.datetime,
        author: str = "",
    ) -> Watch:
        """A new watch; `LibraryError` where it cannot be, or is there already."""
        amount = checked_amount(kind, amount)
        stamp = Stamp(now, author)
        with self._database.write() as connection:
            row = saved_row(connection, segment)
            same = (t.watches.c.segment_id == row.id, t.watches.c.kind == kind)
            for found in connection.execute(t.watches.select().where(*same)):
                if found.amount == amount:
                    raise LibraryError(f"The segment {row.name!r} is watched like that already.")
            made = connection.execute(
                t.watches.insert().values(
                    segment_id=row.id,
                    kind=kind,
                    amount=amount,
                    created=stamp.now,
                    author=stamp.author,
                )
            )
            assert made.inserted_primary_key is not None
            number = int(made.inserted_primary_key[0])
        return Watch(number, row.name, kind, amount, stamp.now, stamp.author)

    def all(self, segment: str | None = None) -> tuple[Watch, ...]:
        """The watches of a segment, or of all, by number; `NotSaved` where there is no such one."""
        with self._database.read() as connection:
            query = (
                sa.select(t.watches, t.segments.c.name.label("segment"))
                .join(t.segments, t.segments.c.id == t.watches.c.segment_id)
                .order_by(t.watches.c.id)
            )
            if segment is not None:
                wanted = saved_row(connection, segment).id
                query = query.where(t.watches.c.segment_id == wanted)
            return tuple(map(_watch, connection.execute(query)))

    def remove(self, number: int) -> None:
        """Take a watch away, with what it found."""
        with self._database.write() as connection:
            gone = connection.execute(t.watches.delete().where(t.watches.c.id == number))
            if not gone.rowcount:
                known = connection.scalars(sa.select(t.watches.c.id).order_by(t.watches.c.id))
                has = ", ".join(map(str, known)) or "none"
                raise LibraryError(f"There is no watch {number}; there is {has}.")

    def results(self, number: int, most: int = MOST_KEPT) -> tuple[WatchResult, ...]:
        """What the looks of a watch found, the newest first."""
        results = t.watch_results
        query = results.select().where(results.c.watch_id == number)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(results.c.id.desc()).limit(most))
            return tuple(map(_result, rows))

    def last(self) -> dict[int, WatchResult]:
        """What the last look of each watch found, by its number."""
        return self._newest(sa.true())

    def last_counts(self) -> dict[int, int]:
        """What each watch counted when it last could."""
        found = self._newest(t.watch_results.c.count.is_not(None))
        return {watch: result.count for watch, result in found.items() if result.count is not None}

    def record(self, found: Iterable[WatchResult]) -> None:
        """Keep what was found; watches that are gone by now are left out."""
        with self._database.write() as connection:
            there = set(connection.scalars(sa.select(t.watches.c.id)))
            for result in found:
                if result.watch in there:
                    connection.execute(t.watch_results.insert().values(_columns(result)))
                    _forget_old(connection, result.watch)

    def _newest(self, which: sa.ColumnElement[bool]) -> dict[int, WatchResult]:
        results = t.watch_results
        newest = sa.select(sa.func.max(results.c.id)).where(which).group_by(results.c.watch_id)
        with self._database.read() as connection:
            rows = connection.execute(results.select().where(results.c.id.in_(newest)))
            return {row.watch_id: _result(row) for row in rows}


def _forget_old(connection: sa.Connection, watch: int) -> None:
    results = t.watch_results
    query = sa.select(results.c.id).where(results.c.watch_id == watch)
    oldest = connection.scalar(query.order_by(results.c.id.desc()).offset(MOST_KEPT).limit(1))
    if oldest is not None:
        connection.execute(
            results.delete().where(results.c.watch_id == watch, results.c.id <= oldest)
        )


def _watch(row: sa.Row[Any]) -> Watch:
    return Watch(row.id, row.segment, row.kind, row.amount, row.created, row.author)


def _result(row: sa.Row[Any]) -> WatchResult:
    # A row is a tuple, so its `count` is a method.
    numbers = row._mapping["count"], row.before
    return WatchResult(row.watch_id, row.at, row.holds, *numbers, row.snapshot, row.message)


def _columns(result: WatchResult) -> dict[str, Any]:
    return {
        "watch_id": result.watch,
        "at": as_utc(result.at),
        "holds": result.holds,
        "count": result.count,
        "before": result.before,
        "snapshot": result.snapshot,
        "message": result.message,
    }
