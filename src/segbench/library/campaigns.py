"""Campaigns in the database: made, changed, taken from state to state, handed off once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from segbench.errors import NameTaken
from segbench.library import campaign_tables as t
from segbench.library.campaign_changes import CampaignChange, refuse_unseen
from segbench.library.campaign_exports import is_attached, refuse_exported, refuse_recorded
from segbench.library.campaign_rows import (
    found_row,
    read_campaign,
    read_campaigns,
    row_named,
    write_sources,
)
from segbench.library.campaign_steps import add_step, steps_of
from segbench.library.citations import add_export
from segbench.library.database import Database
from segbench.library.saved import as_utc, folded
from segbench.library.segment_rows import Row
from segbench.model.campaign import Campaign, CampaignStep, ExportRecord, campaign_name
from segbench.model.campaign_states import Act, CampaignState, next_state
from segbench.model.recipe import segment_source
from segbench.model.send_settings import SendSettings
from segbench.model.send_settings_form import settings_data


class CampaignStore:
    """Creates, finds, changes and deletes campaigns; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(
        self,
        name: str,
        now: dt.datetime,
        author: str = "",
        like: str | None = None,
        time_zone: str = "UTC",
    ) -> Campaign:
        """A new campaign, empty or with the settings and sources of another; `NameTaken`.

        A copy is not scheduled: it has no time of sending. The time zone is that of an empty one.
        """
        now, name = as_utc(now), campaign_name(name)
        with self._database.write() as connection:
            _refuse_taken(connection, name)
            other = read_campaign(connection, like) if like is not None else None
            values = {"name": name, "folded": folded(name), "created": now, "updated": now}
            first = settings_data(SendSettings(time_zone=time_zone))
            values |= {"author": author, "settings": first}
            if other is not None:
                kept = settings_data(other.settings)
                kept.pop("send_at", None)
                values |= {"settings": kept}
            connection.execute(t.campaigns.insert().values(values))
            row = found_row(connection, name)
            if other is not None:
                write_sources(connection, row.id, "include", other.include)
                write_sources(connection, row.id, "exclude", other.exclude)
            detail = {"did": "create", "like": other.name} if other else {"did": "create"}
            add_step(connection, row.id, now, author, "draft", detail)
            return read_campaign(connection, name)

    def one(self, name: str) -> Campaign:
        """The campaign of that name; `NotSaved` with near names."""
        with self._database.read() as connection:
            return read_campaign(connection, name)

    def all(self) -> tuple[Campaign, ...]:
        """Every campaign, sorted by name."""
        with self._database.read() as connection:
            rows = connection.execute(t.campaigns.select())
            return read_campaigns(connection, sorted(rows, key=lambda row: row.folded))

    def steps(self, name: str) -> tuple[CampaignStep, ...]:
        """What was done to a campaign, oldest first."""
        with self._database.read() as connection:
            return steps_of(connection, found_row(connection, name).id)

    def set_recipients(self, name: str, recipients: tuple[str, ...], now: dt.datetime) -> Campaign:
        """Choose the saved segments that a campaign goes to, repeats dropped."""
        once = {folded(each): each for each in reversed(recipients)}
        chosen = dict.fromkeys(once[folded(each)] for each in recipients)
        return self.change(name, CampaignChange(include=tuple(map(segment_source, chosen))), now)

    def change(
        self,
        name: str,
        change: CampaignChange,
        now: dt.datetime,
        author: str = "",
        seen: int | None = None,
    ) -> Campaign:
        """The campaign with a change; it is a draft again, and not reviewed any more.

        `LibraryError` says what others changed since the revision that was `seen`. Nothing is
        written where nothing differs.
        """
        with self._database.write() as connection:
            row = found_row(connection, name)
            before = read_campaign(connection, name)
            refuse_unseen(connection, row, seen)
            state = next_state(row.name, row.state, "edit")
            changed = change.differs(before)
            if not changed:
                return before
            values: dict[str, Any] = {}
            if change.name is not None and "name" in changed:
                new = campaign_name(change.name)
                if folded(new) != row.folded:
                    _refuse_taken(connection, new)
                values |= {"name": new, "folded": folded(new)}
            if change.settings is not None:
                values |= {"settings": settings_data(change.settings)}
            for role, sources in change.sources:
                write_sources(connection, row.id, role, sources)
            detail = {"did": "edit", "changed": list(changed)}
            _write(connection, row, now, author, state, detail, values)
            return read_campaign(connection, values.get("name", row.name))

    def advance(
        self,
        name: str,
        act: Act,
        now: dt.datetime,
        author: str = "",
        detail: Mapping[str, Any] | None = None,
        seen: int | None = None,
    ) -> Campaign:
        """The campaign after a step that is no change of it; `CampaignError` where it cannot be.

        `seen` as in `change`: what somebody else changed meanwhile is not reviewed or sent.
        """
        with self._database.write() as connection:
            row = found_row(connection, name)
            refuse_unseen(connection, row, seen)
            state = next_state(row.name, row.state, act)
            _write(connection, row, now, author, state, {"did": act, **(detail or {})}, {})
            return read_campaign(connection, name)

    def hand_off(
        self,
        name: str,
        export: ExportRecord,
        now: dt.datetime,
        author: str = "",
        detail: Mapping[str, Any] | None = None,
        seen: int | None = None,
    ) -> Campaign:
        """Attach the export and make the campaign handed off, both or neither; at most once.

        Where this very export is attached already, the campaign as it is.
        """
        with self._database.write() as connection:
            row = found_row(connection, name)
            if not is_attached(connection, row, export.id):
                refuse_unseen(connection, row, seen)
                state = next_state(row.name, row.state, "hand_off")
                add_export(connection, row.id, export)
                told = {"did": "hand_off", "export": export.id, "count": export.count}
                _write(connection, row, now, author, state, told | dict(detail or {}), {})
            return read_campaign(connection, name)

    def record_export(self, name: str, export: ExportRecord, now: dt.datetime) -> Campaign:
        """Attach an export to its campaign, whose state stays."""
        with self._database.write() as connection:
            row = found_row(connection, name)
            refuse_recorded(connection, export.id)
            add_export(connection, row.id, export)
            touched = t.campaigns.update().where(t.campaigns.c.id == row.id)
            connection.execute(touched.values(updated=as_utc(now)))
            return read_campaign(connection, name)

    def delete(self, name: str) -> None:
        """Delete a campaign without exports; `InUse` where it has some."""
        with self._database.write() as connection:
            row = found_row(connection, name)
            refuse_exported(connection, row)
            connection.execute(t.campaigns.delete().where(t.campaigns.c.id == row.id))


def _refuse_taken(connection: sa.Connection, name: str) -> None:
    taken = row_named(connection, name)
    if taken is not None:
        raise NameTaken(f"There is already a campaign {taken.name!r}.")


def _write(
    connection: sa.Connection,
    row: Row,
    now: dt.datetime,
    author: str,
    state: CampaignState,
    detail: Mapping[str, Any],
    values: Mapping[str, Any],
) -> None:
    """The next revision of a campaign, and the step that made it."""
    table, revision = t.campaigns, row.revision + 1
    same = {"updated": as_utc(now), "author": author, "state": state, "revision": revision}
    connection.execute(table.update().where(table.c.id == row.id).values({**values, **same}))
    add_step(connection, row.id, now, author, state, {"revision": revision, **detail})
