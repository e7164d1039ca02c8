"""Campaigns, their recipients and their exports in the database."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from segbench.errors import InUse, LibraryError, NameTaken, NotSaved
from segbench.library import campaign_tables as t
from segbench.library.citations import add_export, exports_with_snapshots
from segbench.library.database import Database
from segbench.library.saved import as_utc, folded
from segbench.library.segment_rows import Row, saved_row
from segbench.library.tables import segments
from segbench.model.campaign import Campaign, ExportRecord, campaign_name

INCLUDE = "include"
"""The role of what a campaign goes to."""


class CampaignStore:
    """Creates, finds, changes and deletes campaigns; the public words are on `Library`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, now: dt.datetime) -> Campaign:
        """A new campaign without recipients."""
        now, name = as_utc(now), campaign_name(name)
        with self._database.write() as connection:
            taken = _row(connection, name)
            if taken is not None:
                raise NameTaken(f"There is already a campaign {taken.name!r}.")
            connection.execute(
                t.campaigns.insert().values(
                    name=name, folded=folded(name), created=now, updated=now
                )
            )
        return Campaign(name, (), now, now)

    def one(self, name: str) -> Campaign:
        """The campaign of that name."""
        with self._database.read() as connection:
            return _campaign(connection, name)

    def all(self) -> tuple[Campaign, ...]:
        """Every campaign, sorted by name."""
        with self._database.read() as connection:
            rows = connection.execute(t.campaigns.select())
            return _campaigns(connection, sorted(rows, key=lambda row: row.folded))

    def set_recipients(self, name: str, recipients: tuple[str, ...], now: dt.datetime) -> Campaign:
        """Choose the saved segments that a campaign goes to."""
        with self._database.write() as connection:
            row = _found(connection, name)
            chosen = dict.fromkeys(saved_row(connection, each).id for each in recipients)
            sources = t.campaign_sources
            included = sources.c.campaign_id == row.id, sources.c.role == INCLUDE
            connection.execute(sources.delete().where(*included))
            if chosen:
                same = {"campaign_id": row.id, "role": INCLUDE}
                connection.execute(
                    sources.insert(),
                    [same | {"position": at, "segment_id": id} for at, id in enumerate(chosen)],
                )
            _touch(connection, row, now)
            return _campaign(connection, name)

    def record_export(self, name: str, export: ExportRecord, now: dt.datetime) -> Campaign:
        """Attach an export to its campaign."""
        exports = t.campaign_exports
        with self._database.write() as connection:
            row = _found(connection, name)
            if connection.execute(exports.select().where(exports.c.id == export.id)).first():
                raise LibraryError(f"An export {export.id!r} is already recorded.")
            add_export(connection, row.id, export)
            _touch(connection, row, now)
            return _campaign(connection, name)

    def delete(self, name: str) -> None:
        """Delete a campaign without exports."""
        exports = t.campaign_exports
        with self._database.write() as connection:
            row = _found(connection, name)
            count = connection.scalar(
                sa.select(sa.func.count()).where(exports.c.campaign_id == row.id)
            )
            if count:
                raise InUse(
                    f"The campaign {row.name!r} has {count:,} export{'s'[: count > 1]}; "
                    "it stays as their record."
                )
            connection.execute(t.campaigns.delete().where(t.campaigns.c.id == row.id))


def _row(connection: sa.Connection, name: str) -> Row | None:
    found = t.campaigns.select().where(t.campaigns.c.folded == folded(name))
    return connection.execute(found).first()


def _found(connection: sa.Connection, name: str) -> Row:
    row = _row(connection, name)
    if row is None:
        raise NotSaved("campaign", name, connection.scalars(sa.select(t.campaigns.c.name)))
    return row


def _touch(connection: sa.Connection, row: Row, now: dt.datetime) -> None:
    connection.execute(
        t.campaigns.update().where(t.campaigns.c.id == row.id).values(updated=as_utc(now))
    )


def _campaign(connection: sa.Connection, name: str) -> Campaign:
    return _campaigns(connection, [_found(connection, name)])[0]


def _campaigns(connection: sa.Connection, rows: Sequence[Row]) -> tuple[Campaign, ...]:
    """The campaigns with recipients and exports, read in one query each, not one per campaign."""
    wanted = [row.id for row in rows]
    links, exports = t.campaign_sources, t.campaign_exports
    recipients: dict[int, list[str]] = defaultdict(list)
    query = (
        sa.select(links.c.campaign_id, segments.c.name)
        .join(segments, segments.c.id == links.c.segment_id)
        .where(links.c.campaign_id.in_(wanted), links.c.role == INCLUDE)
        .order_by(links.c.campaign_id, links.c.position)
    )
    for campaign, segment in connection.execute(query):
        recipients[campaign].append(segment)
    made: dict[int, list[ExportRecord]] = defaultdict(list)
    found = exports_with_snapshots().where(exports.c.campaign_id.in_(wanted))
    for export in connection.execute(found.order_by(exports.c.number)):
        made[export.campaign_id].append(_export(export))
    return tuple(
        Campaign(row.name, tuple(recipients[row.id]), row.created, row.updated, tuple(made[row.id]))
        for row in rows
    )


def _export(row: Row) -> ExportRecord:
    values = row._mapping
    return ExportRecord(**{name: values[name] for name in ExportRecord.__dataclass_fields__})
