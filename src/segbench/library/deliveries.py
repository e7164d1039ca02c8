"""Deliveries of exports in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from segbench.errors import DeliveryError, NotSaved
from segbench.library import campaign_tables as t
from segbench.library.database import Database
from segbench.library.saved import as_utc
from segbench.library.segment_rows import Row
from segbench.model.delivery import DeliveryRecord, DeliveryState


class DeliveryStore:
    """Begins, goes on with and ends deliveries. Every method is one transaction.

    Whoever begins a delivery holds it under a name of its own, until somebody else takes it up;
    then the first one's changes are refused, so that no two move it on.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self, export: str, destination: str, *, holder: str, again: bool = False, now: dt.datetime
    ) -> DeliveryRecord:
        """The delivery of an export to a destination: a new one, or the one that was broken off.

        `DeliveryError` where it is done already, unless it is to be done `again`, under a new key.
        `NotSaved` where there is no such export.
        """
        now, d = as_utc(now), t.deliveries
        with self._database.write() as connection:
            number = _number(connection, export)
            known = connection.execute(
                d.select()
                .where(d.c.export == number, d.c.destination == destination)
                .order_by(d.c.id.desc())
            ).all()
            if known and known[0].state != "done":
                key = known[0].key
                detail = {**known[0].detail, "holder": holder, "error": ""}
                _change(connection, known[0], now, state="running", detail=detail)
                return _one(connection, key)
            if known and not again:
                raise DeliveryError(
                    f"The export {export!r} was delivered to {destination!r} on "
                    f"{known[0].updated:%Y-%m-%d %H:%M} UTC already."
                )
            key = _key(export, destination, len(known) + 1)
            new = {"done": 0, "accepted": 0, "rejected": 0, "state": "running"}
            detail = {"holder": holder, "error": "", "standing": {}}
            connection.execute(
                d.insert().values(
                    export=number,
                    destination=destination,
                    key=key,
                    begun=now,
                    updated=now,
                    detail=detail,
                    **new,
                )
            )
            return _one(connection, key)

    def advance(
        self,
        key: str,
        *,
        holder: str,
        done: int,
        accepted: int,
        rejected: int,
        detail: Mapping[str, Any],
        now: dt.datetime,
    ) -> None:
        """Keep how far a delivery got; `DeliveryError` where another process took it up."""
        with self._database.write() as connection:
            row = _held(connection, key, holder)
            kept = {**row.detail, "standing": dict(detail)}
            _change(
                connection, row, now, done=done, accepted=accepted, rejected=rejected, detail=kept
            )

    def end(
        self, key: str, *, holder: str, state: DeliveryState, error: str = "", now: dt.datetime
    ) -> DeliveryRecord:
        """The delivery, done or failed; `DeliveryError` where another process took it up."""
        with self._database.write() as connection:
            row = _held(connection, key, holder)
            _change(connection, row, now, state=state, detail={**row.detail, "error": error})
            return _one(connection, key)

    def of_export(self, export: str) -> tuple[DeliveryRecord, ...]:
        """The deliveries of an export, oldest first; `NotSaved` where there is no such export."""
        d = t.deliveries
        with self._database.read() as connection:
            number = _number(connection, export)
            rows = connection.execute(_records().where(d.c.export == number).order_by(d.c.id))
            return tuple(map(_record, rows))

    def all(self) -> tuple[DeliveryRecord, ...]:
        """Every delivery, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(_records().order_by(t.deliveries.c.id))
            return tuple(map(_record, rows))


def _number(connection: sa.Connection, export: str) -> int:
    exports = t.campaign_exports
    number = connection.scalar(sa.select(exports.c.number).where(exports.c.id == export))
    if number is None:
        raise NotSaved("export", export, connection.scalars(sa.select(exports.c.id)))
    return int(number)


def _key(export: str, destination: str, time: int) -> str:
    return f"{export}:{destination}:{time}"


def _held(connection: sa.Connection, key: str, holder: str) -> Row:
    row = connection.execute(t.deliveries.select().where(t.deliveries.c.key == key)).one()
    if row.detail.get("holder") != holder:
        raise DeliveryError(
            f"Another process took up the delivery {key!r}; this one leaves it to that."
        )
    return row


def _change(connection: sa.Connection, row: Row, now: dt.datetime, **values: Any) -> None:
    d = t.deliveries
    connection.execute(d.update().where(d.c.id == row.id).values(updated=as_utc(now), **values))


def _records() -> sa.Select[Any]:
    d, exports = t.deliveries, t.campaign_exports
    return sa.select(d, exports.c.id.label("export_id")).join(
        exports, exports.c.number == d.c.export
    )


def _one(connection: sa.Connection, key: str) -> DeliveryRecord:
    return _record(connection.execute(_records().where(t.deliveries.c.key == key)).one())


def _record(row: Row) -> DeliveryRecord:
    return DeliveryRecord(
        row.export_id,
        row.destination,
        row.key,
        row.state,
        row.begun,
        row.updated,
        row.done,
        row.accepted,
        row.rejected,
        row.detail.get("standing", {}),
        row.detail.get("error", ""),
    )
