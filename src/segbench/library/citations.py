"""Which snapshot of the lake each export cites, and which of those have expired."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from segbench.library import campaign_tables as t
from segbench.library.database import Database
from segbench.library.saved import as_utc
from segbench.model.campaign import ExportRecord


class CitationStore:
    """Finds and marks cited snapshots; the public words are on `Library`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def cited(self) -> dict[int, tuple[str, ...]]:
        """The cited snapshots that have not expired, each with its campaigns by name."""
        links, exports, campaigns = t.export_snapshots, t.campaign_exports, t.campaigns
        query = (
            sa.select(links.c.snapshot, campaigns.c.name)
            .join(exports, exports.c.number == links.c.export)
            .join(campaigns, campaigns.c.id == exports.c.campaign_id)
            .where(links.c.expired.is_(None))
            .order_by(campaigns.c.folded)
        )
        found: dict[int, list[str]] = defaultdict(list)
        with self._database.read() as connection:
            for snapshot, name in connection.execute(query):
                found[snapshot].append(name)
        return {snapshot: tuple(dict.fromkeys(names)) for snapshot, names in found.items()}

    def cite(self, export: str, snapshot: int) -> None:
        """Note what an export of an earlier version cites; nothing where that is known."""
        exports, links = t.campaign_exports, t.export_snapshots
        with self._database.write() as connection:
            number = connection.scalar(sa.select(exports.c.number).where(exports.c.id == export))
            known = connection.scalar(sa.select(links.c.export).where(links.c.export == number))
            if number is not None and known is None:
                connection.execute(links.insert().values(export=number, snapshot=snapshot))

    def expire(self, snapshots: Collection[int], now: dt.datetime) -> None:
        """Mark the exports that cite these snapshots."""
        links = t.export_snapshots
        with self._database.write() as connection:
            connection.execute(
                links.update()
                .where(links.c.snapshot.in_(snapshots), links.c.expired.is_(None))
                .values(expired=as_utc(now))
            )


def add_export(connection: sa.Connection, campaign: int, export: ExportRecord) -> None:
    """Store an export and the snapshot that it cites."""
    values = asdict(export)
    cited = {name: values.pop(name) for name in ("snapshot", "expired")}
    made = connection.execute(t.campaign_exports.insert().values(campaign_id=campaign, **values))
    if export.snapshot is not None:
        key = made.inserted_primary_key
        assert key is not None
        connection.execute(t.export_snapshots.insert().values(export=key[0], **cited))


def exports_with_snapshots() -> sa.Select[Any]:
    """The columns of exports, with `snapshot` and `expired` where they are known."""
    exports, links = t.campaign_exports, t.export_snapshots
    return sa.select(exports, links.c.snapshot, links.c.expired).outerjoin(
        links, links.c.export == exports.c.number
    )
