"""Rows of campaigns and of their recipient sources: found, read back as values, written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from segbench.errors import CampaignError, FormatError, LibraryError, NotSaved
from segbench.library import campaign_tables as t
from segbench.library.citations import exports_with_snapshots
from segbench.library.references import respelt
from segbench.library.saved import folded
from segbench.library.segment_rows import Row, groups, saved_row
from segbench.library.tables import segments, smart_lists
from segbench.model import codec
from segbench.model.campaign import Campaign, ExportRecord
from segbench.model.recipe import RecipientSource, Role
from segbench.model.rules import Group
from segbench.model.send_settings import SendSettings
from segbench.model.send_settings_form import settings_from_data

ROLES: tuple[Role, ...] = ("include", "exclude")
Sources = dict[Role, list[RecipientSource]]


def row_named(connection: sa.Connection, name: str) -> Row | None:
    """The row of a campaign, whatever the case of its name, or None."""
    found = t.campaigns.select().where(t.campaigns.c.folded == folded(name))
    return connection.execute(found).first()


def found_row(connection: sa.Connection, name: str) -> Row:
    """The row of a campaign; `NotSaved` with near names where there is none."""
    row = row_named(connection, name)
    if row is None:
        raise NotSaved("campaign", name, connection.scalars(sa.select(t.campaigns.c.name)))
    return row


def read_campaign(connection: sa.Connection, name: str) -> Campaign:
    """The campaign of that name."""
    return read_campaigns(connection, [found_row(connection, name)])[0]


def read_campaigns(connection: sa.Connection, rows: Sequence[Row]) -> tuple[Campaign, ...]:
    """The campaigns with sources and exports, read in one query each, not one per campaign."""
    wanted = [row.id for row in rows]
    sources, exports = _sources(connection, wanted), _exports(connection, wanted)
    return tuple(
        Campaign(
            row.name,
            tuple(sources[row.id]["include"]),
            row.created,
            row.updated,
            tuple(exports[row.id]),
            tuple(sources[row.id]["exclude"]),
            read_settings(row),
            row.state,
            row.revision,
            row.author,
            row.id,
        )
        for row in rows
    )


def read_settings(row: Row) -> SendSettings:
    """The send settings in a row; `LibraryError` where this version cannot read them."""
    try:
        return settings_from_data(row.settings)
    except CampaignError as error:
        raise LibraryError(
            f"The settings of the campaign {row.name!r} cannot be read. {error}"
        ) from error


def write_sources(
    connection: sa.Connection, campaign: int, role: Role, sources: Sequence[RecipientSource]
) -> None:
    """Put these sources in the place of those that the campaign has in that role."""
    table = t.campaign_sources
    connection.execute(table.delete().where(table.c.campaign_id == campaign, table.c.role == role))
    same = {"campaign_id": campaign, "role": role}
    rows = [
        same | {"position": at} | _columns(connection, source) for at, source in enumerate(sources)
    ]
    if rows:
        connection.execute(table.insert(), rows)


def _columns(connection: sa.Connection, source: RecipientSource) -> dict[str, Any]:
    columns: dict[str, Any] = dict.fromkeys(("segment_id", "list_id", "rules", "format"))
    columns["name"] = ""
    if source.kind == "segment":
        columns["segment_id"] = saved_row(connection, source.name).id
    elif source.kind == "list":
        columns["list_id"] = _list_id(connection, source.name)
    elif source.rules is not None:
        spelling = {folded(known): known for known in groups(connection)}
        rules = codec.to_data(respelt(source.rules, spelling))
        codec.group_from_data(rules)
        columns |= {"name": source.name, "rules": rules, "format": codec.FORMAT}
    return columns


def _list_id(connection: sa.Connection, name: str) -> int:
    query = sa.select(smart_lists.c.id).where(smart_lists.c.folded == folded(name))
    found: int | None = connection.scalar(query)
    if found is None:
        raise NotSaved("smart list", name, connection.scalars(sa.select(smart_lists.c.name)))
    return found


def _sources(connection: sa.Connection, wanted: Sequence[int]) -> dict[int, Sources]:
    table = t.campaign_sources
    query = (
        sa.select(table, segments.c.name.label("segment"), smart_lists.c.name.label("list"))
        .outerjoin(segments, segments.c.id == table.c.segment_id)
        .outerjoin(smart_lists, smart_lists.c.id == table.c.list_id)
        .where(table.c.campaign_id.in_(wanted))
        .order_by(table.c.campaign_id, table.c.role, table.c.position)
    )
    found: dict[int, Sources] = defaultdict(lambda: {role: [] for role in ROLES})
    for row in connection.execute(query):
        found[row.campaign_id][row.role].append(_source(row))
    return found


def _source(row: Row) -> RecipientSource:
    if row.segment is not None:
        return RecipientSource("segment", row.segment)
    if row.list is not None:
        return RecipientSource("list", row.list)
    return RecipientSource("rules", row.name, _group(row))


def _group(row: Row) -> Group:
    try:
        return codec.group_from_data(row.rules)
    except FormatError as error:
        raise LibraryError(
            f"The rules of {row.name!r} in a campaign cannot be read. {error}"
        ) from error


def _exports(connection: sa.Connection, wanted: Sequence[int]) -> dict[int, list[ExportRecord]]:
    exports = t.campaign_exports
    query = exports_with_snapshots().where(exports.c.campaign_id.in_(wanted))
    made: dict[int, list[ExportRecord]] = defaultdict(list)
    for row in connection.execute(query.order_by(exports.c.number)):
        made[row.campaign_id].append(_export(row))
    return made


def _export(row: Row) -> ExportRecord:
    values = row._mapping
    return ExportRecord(**{name: values[name] for name in ExportRecord.__dataclass_fields__})
