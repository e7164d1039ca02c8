"""Frozen recipients: the contacts of a campaign as files, with a manifest, all of it or nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
from pyarrow import csv, parquet

from segbench.audience.csv_cells import csv_batch, csv_schema, neutralised_headers
from segbench.audience.manifest import (
    NAME,
    ExportedFile,
    Manifest,
    ManifestFacts,
    read_manifest,
)
from segbench.audience.whole_folder import file_sha256, flush, refuse_existing, whole_or_nothing
from segbench.engine.membership import Membership
from segbench.errors import ExportError, FormatError
from segbench.model.codec import fingerprint, group_from_data

CSV = "recipients.csv"
PARQUET = "recipients.parquet"
_LONGEST_LINE = 64 << 20
_STYLE = csv.WriteOptions(eol="\r\n", quoting_style="needed")


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
) -> Manifest:
    """Write `recipients.csv`, `recipients.parquet` and `manifest.json`; gives the manifest.

    The CSV is RFC 4180 in UTF-8 without a byte order mark: a header, lines ending in CRLF, text
    always in quotes, dates and times in ISO 8601 (times in UTC with Z), true and false, nothing
    between the commas where there is no value. Text cells and headers that a spreadsheet would
    take for a formula (`csv_cells.FORMULA_STARTS`: = + - @ tab CR NUL and the full-width ＝＋－＠)
    get an apostrophe in front, telephone numbers such as +49... among them; numbers do not. **The
    Parquet file keeps every value untouched**: machines should read that one.

    Memory is bounded by one batch of the engine. `progress` gets the rows written so far. The
    files are written to a hidden folder beside `folder` and renamed when all is on disk, so
    whatever breaks, `folder` is either whole or not there. `ExportError` where it exists already,
    a column cannot be written, the disk refuses, or the rows are not as many as `members`.
    """
    refuse_existing(folder)
    _refuse_columns(columns)
    with whole_or_nothing(folder) as unfinished:
        with contextlib.closing(engine.rows(members, columns)) as batches:
            neutralised = _write_rows(unfinished, batches, columns, len(members), progress)
        manifest = Manifest(
            facts=manifest_facts,
            columns=tuple(columns),
            contacts=members.contacts,
            exported=len(members),
            neutralised=neutralised,
            files=tuple(_sealed(unfinished / name, len(members)) for name in (CSV, PARQUET)),
        )
        (unfinished / NAME).write_bytes(manifest.text.encode())
        flush(unfinished / NAME)
    return manifest


def verify_export(folder: Path, manifest_sha256: str | None = None) -> tuple[str, ...]:
    """What is wrong with an export, a sentence each; nothing where it is whole.

    Checks each file's bytes and rows against the manifest, the rules against their checksum, and,
    where the recorded `manifest_sha256` is given, the manifest itself.
    """
    try:
        manifest = read_manifest(folder)
    except ExportError as error:
        return (str(error),)
    count = manifest["counts"].get("exported")
    problems = [
        *_file_problems(folder / CSV, _listed(manifest, CSV), count),
        *_file_problems(folder / PARQUET, _listed(manifest, PARQUET), count),
        *_rules_problems(manifest),
    ]
    if manifest_sha256 is not None and file_sha256(folder / NAME) != manifest_sha256:
        problems.insert(0, f"{NAME} is not the one that was recorded.")
    return tuple(problems)


def _write_rows(
    folder: Path,
    batches: pa.RecordBatchReader,
    columns: Sequence[str],
    expected: int,
    progress: Callable[[int], None] | None,
) -> int:
    """Stream the batches into both files; how many CSV cells were neutralised."""
    schema = batches.schema
    if schema.names != list(columns):
        raise ExportError(f"The data has the columns {schema.names}, not {list(columns)}.")
    cells, neutralised, written = csv_schema(schema), neutralised_headers(columns), 0
    with (
        csv.CSVWriter(folder / CSV, cells, write_options=_STYLE) as text,
        parquet.ParquetWriter(folder / PARQUET, schema, compression="zstd") as table,
    ):
        for batch in batches:
            safe, count = csv_batch(batch, cells)
            text.write_batch(safe)
            table.write_batch(batch)
            neutralised += count
            written += batch.num_rows
            if written > expected:
                break
            if progress is not None:
                progress(written)
    if written != expected:
        more = "more than " * (written > expected)
        raise ExportError(
            f"The data gave {more}{min(written, expected):,} rows for {expected:,} contacts; "
            "nothing was exported."
        )
    return neutralised


def _refuse_columns(columns: Sequence[str]) -> None:
    if not columns:
        raise ExportError("Choose at least one column to export.")
    twice = sorted({name for name in columns if list(columns).count(name) > 1})
    if twice:
        raise ExportError(f"The column {twice[0]!r} is chosen twice.")


def _sealed(path: Path, rows: int) -> ExportedFile:
    """The facts of a file, read back from what was written."""
    flush(path)
    return ExportedFile(path.name, rows, path.stat().st_size, file_sha256(path))


def _listed(manifest: dict[str, Any], name: str) -> dict[str, Any] | None:
    return next((file for file in manifest["files"] if file.get("name") == name), None)


def _file_problems(path: Path, facts: dict[str, Any] | None, count: object) -> Iterator[str]:
    """How a file differs from the manifest; a broken file is one problem, not many."""
    if facts is None:
        yield f"{NAME} does not list {path.name}."
    elif not path.is_file():
        yield f"{path.name} is missing."
    elif (size := path.stat().st_size) != facts.get("bytes"):
        yield f"{path.name} has {size:,} bytes, not the {facts.get('bytes')} of the manifest."
    elif file_sha256(path) != facts.get("sha256"):
        yield f"{path.name} was changed: its SHA-256 is not that of the manifest."
    else:
        try:
            rows = _rows_in(path)
        except (pa.ArrowException, OSError) as error:
            yield f"{path.name} cannot be read: {error}."
        else:
            if not rows == facts.get("rows") == count:
                yield f"{path.name} has {rows:,} rows; the manifest says {count} were exported."


def _rows_in(path: Path) -> int:
    if path.name == PARQUET:
        return int(parquet.read_metadata(path).num_rows)
    # Every line counts, also an empty one: the only cell of its row may be missing.
    # As bytes, since a column of text may begin with what looks like numbers.
    reader = csv.open_csv(
        path,
        read_options=csv.ReadOptions(autogenerate_column_names=True, block_size=_LONGEST_LINE),
        parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            include_columns=["f0"], column_types={"f0": pa.binary()}
        ),
    )
    lines: int = sum(batch.num_rows for batch in reader)
    return lines - 1  # The header.


def _rules_problems(manifest: dict[str, Any]) -> Iterator[str]:
    """Segments whose rules, as the manifest has them, do not have their checksum."""
    for entry in (manifest["segment"], *manifest["refers_to"]):
        try:
            whole = fingerprint(group_from_data(entry["rules"])) == entry["rules_sha256"]
        except (FormatError, LookupError, TypeError):
            whole = False
        if not whole:
            name = entry.get("name")
            yield f"{NAME} was changed: the rules of {name!r} do not have their SHA-256."
