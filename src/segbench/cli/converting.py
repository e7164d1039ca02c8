"""`segbench convert`: rules from one format into another, and what did not map."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import click

from segbench.cli.options import maybe_workspace_option
from segbench.cli.shown import speaks_plainly
from segbench.errors import FormatError
from segbench.files.inference import inferred_catalog
from segbench.files.reading import read_text
from segbench.files.segment_file import Kind, SegmentFile, kind_of
from segbench.files.writing import lost_in_text, written
from segbench.interchange.formats import FORMATS, Known
from segbench.interchange.report import EFFECTS, Unmapped
from segbench.interchange.untrusted import LONGEST_SOURCE
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

NOT_ALL = 3
"""The exit code where something did not map."""
OWN: tuple[Kind, ...] = get_args(Kind)
SOURCES = (*OWN, *(name for name, row in FORMATS.items() if row.read))
TARGETS = (*OWN, *(name for name, row in FORMATS.items() if row.write))


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--from", "source", type=click.Choice(SOURCES), help="Default: by the file's name.")
@click.option("--to", "target", type=click.Choice(TARGETS), required=True)
@click.option("--name", help="The segment's name where the file has none; default: the file's.")
@click.option("--output", "-o", type=click.Path(dir_okay=False), help="Default: print it.")
@maybe_workspace_option("Take the types of fields and events from this workspace.")
@speaks_plainly
def convert(
    file: str,
    source: str | None,
    target: str,
    name: str | None,
    output: str | None,
    workspace: str | None,
) -> None:
    """Convert the rules in FILE to another format.

    What did not map is listed on stderr, and the exit code is 3.
    """
    path = Path(file)
    known = _known(workspace)
    found, report = _read(path, source or kind_of(path), name or path.stem, known)
    text, lost = _write(found, target, known)
    if output is None:
        click.echo(text, nl=False)
    else:
        Path(output).write_text(text, "utf-8", newline="\n")
    _report([*report, *lost])


def _known(workspace: str | None) -> Known | None:
    if workspace is None:
        return None
    with Workbench.open(workspace) as workbench:
        return Known.of(workbench.catalog)


def _read(
    path: Path, source: str, name: str, known: Known | None
) -> tuple[SegmentFile, tuple[Unmapped, ...]]:
    with path.open("rb") as opened:
        data = opened.read(4 * LONGEST_SOURCE + 1)
    if source in OWN:
        return read_text(data, source, name), ()
    reader = FORMATS[source].read
    assert reader is not None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"The file is not UTF-8: byte {error.start + 1} is not.") from None
    found = reader(text, known or Known({}, {}, {}))
    return SegmentFile(Segment(name, found.group)), found.report


def _write(file: SegmentFile, target: str, known: Known | None) -> tuple[str, tuple[Unmapped, ...]]:
    lost = tuple(
        Unmapped(part, f"the segment's {part}", "the format has no place for it.")
        for part in lost_in_text(file)
    )
    if target in OWN:
        return written(file, target), lost if target == "text" else ()
    writer = FORMATS[target].write
    assert writer is not None
    group = file.segment.group
    found = writer(group, known or Known.of(inferred_catalog([group], file.tests)))
    return _json(found.data), (*found.report, *lost)


def _json(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:
        raise FormatError("A file cannot hold half a character.") from None
    return text


def _report(lost: Iterable[Unmapped]) -> None:
    lines = [
        f"{part.path or 'the segment'}: {part.what}: {part.why} {EFFECTS[part.effect]}"
        for part in lost
    ]
    if not lines:
        return
    click.echo("Not everything maps:", err=True)
    for line in lines:
        click.echo("  " + "".join(c if c.isprintable() else " " for c in line), err=True)
    sys.exit(NOT_ALL)
