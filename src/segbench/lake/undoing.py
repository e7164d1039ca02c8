"""Taking an edit back: exactly what it changed, of contacts that were not changed again since."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import duckdb

from segbench.errors import LakeError
from segbench.lake.changes import require_base
from segbench.lake.chosen import EditReport, counted
from segbench.lake.connection import quoted, text
from segbench.lake.edit_log import By, Edit, one_edit, undone_by, write_edit
from segbench.lake.edit_tags import start_later_tags, write_tags
from segbench.lake.edit_texts import TAG_TIME, as_text, from_text, tag_time
from segbench.lake.editing import EDITED, NOBODY
from segbench.lake.intake import own_columns
from segbench.lake.lake import Lake
from segbench.lake.publish import keep_notes
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage


def undo_edit(
    lake: Lake,
    id: int,
    *,
    now: dt.datetime,
    by: By = NOBODY,
    progress: Callable[[str], None] = lambda _: None,
) -> EditReport:
    """Take an edit back, as a new edit that can be taken back in turn.

    A tag or field that is not as the edit left it stays as it is, and so does a contact that is
    gone; the report says of how many contacts something was left alone. `LakeError` where there is
    no such edit, or nothing of it is left to take back.
    """
    progress("Reading what was changed")
    with lake.stage() as stage, lake.snapshot() as base:
        edit = one_edit(base, id)
        fields = _match(stage, base, id)
        contacts = stage.value("SELECT count(DISTINCT key) FROM edited")
        left = stage.value("SELECT count(DISTINCT key) FROM standing WHERE NOT same")
        if not contacts:
            raise LakeError(_why_nothing(base, edit))
        # The last one counts: a write is repeated while the catalogue is locked.
        edits: list[int] = []

        def change(cursor: duckdb.DuckDBPyConnection) -> None:
            require_base(cursor, base)
            keep_notes(cursor)
            write_tags(cursor, base)
            for at, name in enumerate(fields):
                cursor.execute(
                    f"UPDATE lake.contacts SET {quoted(name)} = u.value FROM stage.undo_{at} u "
                    "WHERE contacts.ordinal = u.ordinal"
                )
            written = write_edit(cursor, by, now=now, said=said, contacts=contacts, undoes=id)
            edits.append(written)

        what = f" ({edit.said})" if edit.undoes is None else ""
        said = f"took edit {id} back for {counted(contacts)}{what}"
        progress(f"Writing {counted(contacts)}")
        return EditReport(contacts, lake.write(change, said), left, edits[-1])


def _why_nothing(base: Snapshot, edit: Edit) -> str:
    undone = undone_by(base, [edit.id]).get(edit.id)
    if undone is not None:
        return f"Edit {edit.id} was taken back already, by edit {undone}; nothing was written."
    return (
        f"Nothing of edit {edit.id} is left to take back: all of it was changed again since. "
        "Nothing was written."
    )


def _match(stage: Stage, base: Snapshot, id: int) -> list[str]:
    """Make what the edit is taken back by; the fields that it wrote and that are still there."""
    run = stage.connection.execute
    run(
        "CREATE TABLE standing (key VARCHAR, ordinal BIGINT, part VARCHAR, name VARCHAR, "
        "was VARCHAR, became VARCHAR, same BOOLEAN)"
    )
    run(
        "CREATE TABLE undone AS SELECT u.*, c.ordinal FROM "
        f"(FROM {base.name}.edit_changes WHERE edit = {int(id)}) u "
        f"LEFT JOIN {base.name}.contacts c USING (key)"
    )
    _match_tags(stage, base)
    fields = _match_fields(stage, base)
    run(EDITED)
    run("INSERT INTO edited SELECT key, part, name, became, was FROM standing WHERE same")
    return fields


def _match_tags(stage: Stage, base: Snapshot) -> None:
    run = stage.connection.execute
    at = TAG_TIME.format(at='t."at"') if base.has_tag_times() else "''"
    stands = f"CASE WHEN t.ordinal IS NULL THEN NULL ELSE {at} END"
    run(
        "INSERT INTO standing SELECT u.key, u.ordinal, u.part, u.name, u.was, u.became, "
        f"u.ordinal IS NOT NULL AND {stands} IS NOT DISTINCT FROM u.became "
        f"FROM undone u LEFT JOIN {base.name}.tags t ON t.ordinal = u.ordinal AND t.tag = u.name "
        "WHERE u.part = 'tag'"
    )
    tags = "FROM standing WHERE same AND part = 'tag'"
    run(
        f'CREATE TABLE new_tags AS SELECT ordinal, name AS tag, {tag_time("was")} AS "at" '
        f"{tags} AND was IS NOT NULL"
    )
    run(f"CREATE TABLE gone_tags AS SELECT ordinal, name AS tag {tags} AND was IS NULL")
    start_later_tags(stage)


def _match_fields(stage: Stage, base: Snapshot) -> list[str]:
    run, types = stage.connection.execute, own_columns(base, "contacts")
    rows = run("SELECT DISTINCT name FROM undone WHERE part = 'field' ORDER BY name").fetchall()
    names = [row[0] for row in rows if row[0] in types]
    for at, name in enumerate(names):
        stored, column = types[name], f"c.{quoted(name)}"
        value = from_text("u.was", stored)
        # A value that the field's present type cannot hold is left as it is.
        fits = f"(u.was IS NULL OR {value} IS NOT NULL)"
        run(
            "INSERT INTO standing SELECT u.key, u.ordinal, u.part, u.name, u.was, u.became, "
            f"u.ordinal IS NOT NULL AND {fits} AND {as_text(column, stored)} "
            f"IS NOT DISTINCT FROM u.became FROM undone u LEFT JOIN {base.name}.contacts c "
            f"ON c.ordinal = u.ordinal WHERE u.part = 'field' AND u.name = {text(name)}"
        )
        run(
            f"CREATE TABLE undo_{at} AS SELECT u.ordinal, {value} AS value FROM standing u "
            f"WHERE u.same AND u.part = 'field' AND u.name = {text(name)}"
        )
    gone = [row[0] for row in rows if row[0] not in types]
    if gone:
        listed = ", ".join(map(text, gone))
        run(
            "INSERT INTO standing SELECT key, ordinal, part, name, was, became, false FROM undone "
            f"WHERE part = 'field' AND name IN ({listed})"
        )
    return names
