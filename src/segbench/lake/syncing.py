"""Sync: a lake follows a source, in full or by watermark, one snapshot for each change of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from segbench.errors import ImportRefused, near_names, offer
from segbench.lake.intake import Intake, Told, require_sense
from segbench.lake.lake import Lake
from segbench.lake.mapping import Mapping as ColumnMapping
from segbench.lake.sync_columns import RETYPE_ADVICE
from segbench.lake.sync_marks import NO_OVERLAP, Wishes
from segbench.lake.sync_report import SyncReport
from segbench.lake.sync_run import SyncRun
from segbench.lake.sync_source import SyncSource, sync_source


def sync(
    lake: Lake,
    source: object = None,
    *,
    now: dt.datetime,
    contacts: object = None,
    tags: object = None,
    events: object = None,
    name: str | None = None,
    watermark: str | Mapping[str, str] | None = None,
    full: bool = False,
    deleted: str | None = None,
    overlap: dt.timedelta = NO_OVERLAP,
    mapping: ColumnMapping | None = None,
    time_zone: str = "UTC",
    tag_separator: str | None = None,
    list_separator: str | None = None,
    retype: bool = False,
    drop_columns: bool | None = None,
    allow_empty: bool = False,
    strict: bool = False,
    dry_run: bool = False,
    progress: Callable[[str], None] | None = None,
) -> SyncReport:
    """Make a lake follow a source, as its next snapshot, and report what changed.

    `source` is a folder with files named `contacts*`, `tags*` and `events*`; or the URL of a
    PostgreSQL database, with `contacts`, `tags` and `events` as tables or queries of it; or a
    DataFrame, an Arrow or an Ibis table of contacts, beside such tables of tags and events. `name`
    is how the lake remembers it; `now` (aware) is the present.

    In full, the source is the truth: contacts that it does not have any more are deleted with
    their tags and events, and so are tags and events of which it has tables. With `watermark`, a
    column or a column by table, only rows from the last mark on are read; rows that `deleted` marks
    go. Nothing changes where the source says what the lake has already.

    `ImportRefused` where the source cannot be read or does not fit; nothing is written then.
    """
    require_sense(mapping or {}, time_zone)
    given = {"contacts": contacts, "tags": tags, "events": events}
    say = progress or (lambda _: None)
    found = sync_source(source, given, name)
    told = Told(
        *(mapping or {}, time_zone, tag_separator, list_separator),
        *(RETYPE_ADVICE, retype, deleted),
    )
    wishes = Wishes(
        *(now, _by_table(watermark, found), isinstance(watermark, str), full, deleted, overlap),
        *(retype, drop_columns, allow_empty, strict, dry_run),
    )
    with lake.stage() as stage, lake.snapshot() as base:
        run = SyncRun(lake, Intake(stage, base, told), found.name, wishes)
        with found.connected(stage):
            for table, relation in found.relations.items():
                say(f"reading {relation.label}")
                run.read(table, relation)
        say("writing")
        return run.finish()


def _by_table(watermark: str | Mapping[str, str] | None, source: SyncSource) -> dict[str, str]:
    """The watermark column by table; one name alone is that of every table which has it."""
    if watermark is None:
        return {}
    if isinstance(watermark, str):
        return dict.fromkeys(source.relations, watermark)
    for table in watermark:
        if table not in source.relations:
            raise ImportRefused(
                f"The watermark of {table!r} is for no table of this source"
                f"{offer(near_names(table, source.relations))}"
            )
    return dict(watermark)
