"""What `segbench library` tells of saved segments: as lines, tables and JSON."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from segbench.cli.shown import table
from segbench.library.differences import Difference
from segbench.library.library import Library
from segbench.library.saved import LastCount, SavedSegment, shown
from segbench.library.uses import Users
from segbench.library.watch import Watch
from segbench.model.codec import fingerprint, to_data
from segbench.model.describe import describe
from segbench.workbench.workspace import locate


@contextlib.contextmanager
def opened(workspace: str) -> Iterator[Library]:
    """The library of a workspace, without its contacts."""
    place = locate(workspace)
    place.settings()
    with Library.open(place.library) as library:
        yield library


def overview(found: Sequence[SavedSegment], counts: Mapping[str, LastCount]) -> None:
    """Print segments as a table."""
    rows = []
    for saved in found:
        filing, last = saved.filing, counts.get(saved.segment.name)
        rows.append(
            [
                saved.segment.name,
                filing.folder,
                filing.status,
                filing.owner,
                ", ".join(filing.tags),
                f"{last.count:,}" if last else "",
            ]
        )
    table(["segment", "folder", "status", "owner", "tags", "last count"], rows)


def details(
    saved: SavedSegment, users: Users, last: LastCount | None, watches: Sequence[Watch]
) -> Iterator[tuple[str, str]]:
    """A segment as lines, each with its label; what is empty is left out."""
    filing, segment = saved.filing, saved.segment
    by = f" by {saved.author}" if saved.author else ""
    lines = {
        "name": segment.name,
        "description": segment.description,
        "rules": describe(segment.group),
        "folder": filing.folder,
        "tags": ", ".join(filing.tags),
        "owner": filing.owner,
        "status": filing.status,
        "revision": f"{saved.revision}, saved at {shown(saved.updated)}{by}",
        "note": saved.note,
        "last count": _counted(last) if last else "",
        "used by": users.words or "nothing",
        "watched": "; ".join(watch.words for watch in watches),
    }
    return ((label, text) for label, text in lines.items() if text)


def _counted(last: LastCount) -> str:
    return f"{last.count:,} of {last.contacts:,} on {shown(last.counted)}"


def segment_data(saved: SavedSegment, last: LastCount | None) -> dict[str, Any]:
    """A segment as JSON values, without its rules."""
    filing = saved.filing
    return {
        "segment": saved.segment.name,
        "description": saved.segment.description,
        "folder": filing.folder,
        "tags": filing.tags,
        "owner": filing.owner,
        "status": filing.status,
        "revision": saved.revision,
        "sentence": describe(saved.segment.group),
        "last_count": None if last is None else last.count,
        "counted": None if last is None else last.counted.isoformat(),
    }


def version_data(saved: SavedSegment) -> dict[str, Any]:
    """A version as JSON values."""
    return {
        "segment": saved.segment.name,
        "revision": saved.revision,
        "time": saved.updated.isoformat(),
        "author": saved.author,
        "note": saved.note,
        "rules": to_data(saved.segment.group),
        "rules_sha256": fingerprint(saved.segment.group),
    }


def told_difference(found: Difference) -> None:
    """Print what changed, a line a change."""
    click.echo(f"From revision {found.old.revision} to {found.new.revision}:")
    for words in found.words or ("nothing changed",):
        click.echo(f"- {words}")
