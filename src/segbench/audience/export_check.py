"""What is wrong with an export, by its manifest alone."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv, parquet

from segbench.audience.manifest import NAME, read_manifest
from segbench.audience.whole_folder import file_sha256
from segbench.errors import ExportError, FormatError
from segbench.model.codec import fingerprint, group_from_data

_LONGEST_LINE = 64 << 20
_PIECE = 1 << 20
USUAL_FILES = ("recipients.csv", "recipients.parquet")
"""What an export of manifest format 1 has."""


def export_problems(folder: Path, manifest_sha256: str | None = None) -> tuple[str, ...]:
    """What is wrong with an export, a sentence each; nothing where it is whole.

    Checks each file's bytes and rows against the manifest, the rules against their checksum, and,
    where the recorded `manifest_sha256` is given, the manifest itself.
    """
    try:
        manifest = read_manifest(folder)
    except ExportError as error:
        return (str(error),)
    problems = [
        *_counts_problems(manifest),
        *(
            problem
            for name in _names(manifest)
            for problem in _file_problems(folder, manifest, name)
        ),
        *_rules_problems(manifest),
    ]
    if manifest_sha256 is not None and file_sha256(folder / NAME) != manifest_sha256:
        problems.insert(0, f"{NAME} is not the one that was recorded.")
    return tuple(problems)


def _names(manifest: dict[str, Any]) -> list[str]:
    """The files that must be there; what is listed under a path is refused as a name."""
    listed = [str(file.get("name")) for file in manifest["files"]]
    return listed if manifest["format"] > 1 else list(USUAL_FILES)


def _counts_problems(manifest: dict[str, Any]) -> Iterator[str]:
    """Formats whose rows, and contacts that were left out, are not all recipients."""
    exported = manifest["counts"].get("exported")
    for each in manifest.get("formats", ()):
        name = each.get("name")
        files = [file for file in manifest["files"] if file.get("format") == name]
        if not files:
            yield f"{NAME} lists no file of the format {name!r}."
            continue
        left_out = each.get("left_out")
        held: list[Any] = [*left_out.values()] if isinstance(left_out, dict) else [None]
        numbers = [each.get("rows"), *held, *(file.get("rows") for file in files)]
        if not all(isinstance(number, int) for number in numbers):
            yield f"{NAME} is not whole: the counts of the format {name!r} are missing."
        elif sum(file["rows"] for file in files) != each["rows"]:
            yield f"{NAME} does not count the rows of the format {name!r} alike."
        elif each["rows"] + sum(held) != exported:
            yield (
                f"The format {name!r} has {each['rows']:,} rows and {sum(held):,} left out; "
                f"the manifest says {exported} were exported."
            )


def _file_problems(folder: Path, manifest: dict[str, Any], name: str) -> Iterator[str]:
    """How a file differs from the manifest; a broken file is one problem, not many."""
    facts = next((file for file in manifest["files"] if file.get("name") == name), None)
    path = folder / name
    if facts is None:
        yield f"{NAME} does not list {name}."
    elif path.parent != folder or not path.is_file():
        yield f"{name} is missing."
    elif (size := path.stat().st_size) != facts.get("bytes"):
        yield f"{name} has {size:,} bytes, not the {facts.get('bytes')} of the manifest."
    elif file_sha256(path) != facts.get("sha256"):
        yield f"{name} was changed: its SHA-256 is not that of the manifest."
    else:
        try:
            rows = _rows_in(path)
        except (pa.ArrowException, OSError, zipfile.BadZipFile) as error:
            yield f"{name} cannot be read: {error}."
        else:
            # Before formats were counted, every file held every recipient.
            said = (
                facts.get("rows") if "formats" in manifest else manifest["counts"].get("exported")
            )
            if not rows == facts.get("rows") == said:
                yield f"{name} has {rows:,} rows; the manifest says {said} were exported."


def _rows_in(path: Path) -> int:
    if path.suffix == ".parquet":
        return int(parquet.read_metadata(path).num_rows)
    if path.suffix == ".xlsx":
        return _rows_of_sheets(path)
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


def _rows_of_sheets(path: Path) -> int:
    """The rows below the headers of all sheets; text in a sheet's XML cannot hold a `<`."""
    rows = 0
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet"):
                with book.open(name) as sheet:
                    rows += _count(sheet, b"<row ") - 1
    return rows


def _count(file: Any, wanted: bytes) -> int:
    found, end = 0, b""
    while piece := file.read(_PIECE):
        found += (end + piece).count(wanted)
        end = (end + piece)[-(len(wanted) - 1) :]
    return found


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
