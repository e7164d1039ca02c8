"""Frozen recipients: the contacts of a campaign as files, with a manifest, all of it or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from segbench.audience.export_check import export_problems
from segbench.audience.formats.job import ExportOptions, Job, Writer
from segbench.audience.formats.phones import phone_region
from segbench.audience.formats.registry import FORMATS, require_sound
from segbench.audience.formats.roles import ALIASES, settled_roles
from segbench.audience.manifest import (
    NAME,
    ExportedFile,
    Manifest,
    ManifestFacts,
    WrittenFormat,
)
from segbench.audience.whole_folder import file_sha256, flush, refuse_existing, whole_or_nothing
from segbench.engine.membership import Membership
from segbench.errors import ExportError

__all__ = ["ExportOptions", "RowSource", "verify_export", "write_export"]

verify_export = export_problems
USUAL = ExportOptions()


class RowSource(Protocol):
    """What an export needs of an engine."""

    def rows(self, members: Membership, columns: Sequence[str]) -> pa.RecordBatchReader:
        """The members' rows, these columns only, as a stream of Arrow batches."""


def write_export(
    *,
    folder: Path,
    engine: RowSource,
    members: Membership,
    columns: Sequence[str],
    manifest_facts: ManifestFacts,
    progress: Callable[[int], None] | None = None,
    options: ExportOptions = USUAL,
) -> Manifest:
    """Write the files of every chosen format and `manifest.json`; gives the manifest.

    By default these are `recipients.csv` and `recipients.parquet`. The CSV is RFC 4180 in UTF-8
    without a byte order mark: a header, lines ending in CRLF, text always in quotes, dates and
    times in ISO 8601 (times in UTC with Z), true and false, nothing between the commas where there
    is no value. Text cells and headers that a spreadsheet would take for a formula
    (`csv_cells.FORMULA_STARTS`: = + - @ tab CR NUL and the full-width ＝＋－＠) get an apostrophe
    in front, telephone numbers such as +49... among them; numbers do not. **The Parquet file keeps
    every value untouched**: machines should read that one. docs/exports.md has the other formats.

    Memory is bounded by one batch of the engine. `progress` gets the rows read so far. The files
    are written to a hidden folder beside `folder` and renamed when all is on disk, so whatever
    breaks, `folder` is either whole or not there. `ExportError` where it exists already, a column
    cannot be written, the disk refuses, or the rows are not as many as `members`.
    """
    refuse_existing(folder)
    require_sound(options)
    _refuse_columns(columns)
    roles = _roles(columns, options)
    with whole_or_nothing(folder) as unfinished:
        read = list(dict.fromkeys((*columns, *(name for each in roles.values() for name in each))))
        with contextlib.closing(engine.rows(members, read)) as batches:
            if batches.schema.names != read:
                raise ExportError(f"The data has the columns {batches.schema.names}, not {read}.")
            job = Job(
                folder=unfinished,
                columns=tuple(columns),
                schema=batches.schema,
                roles=roles,
                region=phone_region(options.region),
                shard_rows=options.shard_rows,
                created=manifest_facts.created,
            )
            written = _write_rows(job, options.formats, batches, len(members), progress)
        manifest = Manifest(
            facts=manifest_facts,
            columns=job.columns,
            contacts=members.contacts,
            exported=len(members),
            formats=tuple(_counted(name, writer) for name, writer, _ in written),
            files=tuple(
                _sealed(path, rows, name) for name, _, files in written for path, rows in files
            ),
            roles=roles,
            region=job.region,
            shard_rows=job.shard_rows,
        )
        (unfinished / NAME).write_bytes(manifest.text.encode())
        flush(unfinished / NAME)
    return manifest


Written = tuple[str, Writer, list[tuple[Path, int]]]


def _write_rows(
    job: Job,
    formats: Sequence[str],
    batches: pa.RecordBatchReader,
    expected: int,
    progress: Callable[[int], None] | None,
) -> list[Written]:
    """Stream the batches into the files of every format."""
    writers: dict[str, Writer] = {}
    try:
        for name in formats:
            writers[name] = FORMATS[name].make(job)
        read = 0
        for batch in batches:
            for writer in writers.values():
                writer.write(batch)
            read += batch.num_rows
            if read > expected:
                break
            if progress is not None:
                progress(read)
        if read != expected:
            more = "more than " * (read > expected)
            raise ExportError(
                f"The data gave {more}{min(read, expected):,} rows for {expected:,} contacts; "
                "nothing was exported."
            )
        return [(name, writer, writer.close()) for name, writer in writers.items()]
    except BaseException:
        for writer in writers.values():
            with contextlib.suppress(OSError, pa.ArrowException):
                writer.abort()
        raise


def _roles(columns: Sequence[str], options: ExportOptions) -> dict[str, tuple[str, ...]]:
    """The columns of the roles that the chosen formats write."""
    wanted = {role for name in options.formats for role in FORMATS[name].roles}
    if not wanted:
        return {}
    more = (name for each in options.roles.values() for name in each)
    known = settled_roles(tuple(dict.fromkeys((*columns, *more))), options.roles)
    return {role: known[role] for role in ALIASES if role in wanted and role in known}


def _refuse_columns(columns: Sequence[str]) -> None:
    if not columns:
        raise ExportError("Choose at least one column to export.")
    twice = sorted({name for name in columns if list(columns).count(name) > 1})
    if twice:
        raise ExportError(f"The column {twice[0]!r} is chosen twice.")


def _counted(name: str, writer: Writer) -> WrittenFormat:
    tally = writer.tally
    return WrittenFormat(
        name,
        tally.rows,
        dict(sorted(tally.left_out.items())),
        dict(sorted(tally.blank.items())),
        dict(sorted(tally.cut.items())),
        tally.neutralised,
    )


def _sealed(path: Path, rows: int, name: str) -> ExportedFile:
    """The facts of a file, read back from what was written."""
    flush(path)
    return ExportedFile(path.name, rows, path.stat().st_size, file_sha256(path), name)
