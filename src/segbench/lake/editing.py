"""Editing contacts: their tags and their fields, each edit one snapshot with its record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import duckdb

from segbench.errors import LakeError
from segbench.lake.changes import require_base
from segbench.lake.chosen import EditReport, Who, choose_who, counted
from segbench.lake.edit_fields import match_fields, said_fields, write_fields
from segbench.lake.edit_log import By, write_edit
from segbench.lake.edit_tags import match_tags, said_tags, write_tags
from segbench.lake.lake import Lake
from segbench.lake.publish import keep_notes

NOBODY = By()
EDITED = (
    "CREATE TABLE edited (key VARCHAR, part VARCHAR, name VARCHAR, was VARCHAR, became VARCHAR)"
)


def edit_contacts(
    lake: Lake,
    who: Who,
    *,
    now: dt.datetime,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    values: Mapping[str, object] | None = None,
    message: str | None = None,
    by: By = NOBODY,
    progress: Callable[[str], None] = lambda _: None,
) -> EditReport:
    """Give tags to contacts, take others from them and set fields, all in one transaction.

    A contact that has a tag already keeps the time at which it was given; new ones are given at
    `now` (aware). Fields get the same values in all of them; None clears a field, and texts are
    stored as an import stores them. `progress` is told what goes on. `LakeError` for a key that no
    contact has, a blank tag, one both ways or a value of another type, `UnknownName` for a field
    that there is not.
    """
    given, taken, wanted = _listed(add), _listed(remove), dict(values or {})
    if not given and not taken and not wanted:
        raise LakeError("Say which tags to add or to remove, or which fields to set.")
    progress("Choosing contacts")
    with lake.stage() as stage, lake.snapshot() as base:
        choose_who(lake, stage, base, who)
        stage.connection.execute(EDITED)
        progress("Comparing")
        said = []
        if given or taken:
            match_tags(stage, base, given, taken, now)
            said += said_tags(stage, given, taken)
        if wanted:
            match_fields(stage, base, wanted)
            said += said_fields(stage, wanted)
        contacts = stage.value("SELECT count(DISTINCT key) FROM edited")
        if not contacts:
            return EditReport(0, None)
        # The last one counts: a write is repeated while the catalogue is locked.
        edits: list[int] = []

        def change(cursor: duckdb.DuckDBPyConnection) -> None:
            require_base(cursor, base)
            keep_notes(cursor)
            if given or taken:
                write_tags(cursor, base)
            if wanted:
                write_fields(cursor, wanted)
            written = write_edit(cursor, by, now=now, said="; ".join(said), contacts=contacts)
            edits.append(written)

        progress(f"Writing {counted(contacts)}")
        snapshot = lake.write(change, message or "; ".join(said))
        return EditReport(contacts, snapshot, edit=edits[-1])


def edit_tags(
    lake: Lake,
    keys: Who,
    *,
    now: dt.datetime,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    message: str | None = None,
) -> EditReport:
    """Give tags to the contacts with these keys, and take others from them; as `edit_contacts`."""
    return edit_contacts(lake, keys, now=now, add=add, remove=remove, message=message)


def edit_fields(
    lake: Lake,
    keys: Who,
    values: Mapping[str, object],
    *,
    now: dt.datetime,
    message: str | None = None,
) -> EditReport:
    """Set fields of the contacts with these keys, all to the same values; as `edit_contacts`."""
    return edit_contacts(lake, keys, now=now, values=values, message=message)


def _listed(tags: Iterable[str]) -> list[str]:
    if isinstance(tags, str):
        raise LakeError(f"Tags are a list of tags: write [{tags!r}].")
    return list(dict.fromkeys(tags))
