"""The manifest of an export: what was asked, of which data, and what the files hold."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from segbench.errors import ExportError
from segbench.model import codec
from segbench.model.segment import Segment

FORMAT = 1
"""The number of the manifest format that this version writes."""
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class ManifestFacts:
    """What the writer of an export cannot know by itself.

    `sentence` says the segment in words; `refers_to` are the saved segments it leads to, at any
    depth. `matching` counts the contacts in the segment, before any were held back. Times without
    a zone are UTC; `time_zone` is the IANA name in which calendar windows were resolved.
    """

    campaign: str
    segment: Segment
    sentence: str
    snapshot_id: int
    snapshot_time: dt.datetime
    as_of: dt.datetime
    time_zone: str
    matching: int
    created: dt.datetime
    refers_to: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export: its data rows, its size in bytes, the SHA-256 (hex) of its bytes."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an export holds. `contacts` is the size of the snapshot, `exported` the rows written,
    `neutralised` the CSV cells, headers among them, that got an apostrophe."""

    facts: ManifestFacts
    columns: tuple[str, ...]
    contacts: int
    exported: int
    neutralised: int
    files: tuple[ExportedFile, ...]

    @cached_property
    def text(self) -> str:
        """The content of `manifest.json`: keys sorted, two spaces a level."""
        return json.dumps(self.to_data(), ensure_ascii=False, sort_keys=True, indent=2) + "\n"

    @property
    def sha256(self) -> str:
        """SHA-256 (hex) of `manifest.json`, as an `ExportRecord` keeps it."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def rules_sha256(self) -> str:
        """SHA-256 (hex) of the segment's rules, as `codec.fingerprint` gives it."""
        return codec.fingerprint(self.facts.segment.group)

    def to_data(self) -> dict[str, Any]:
        """The manifest as plain JSON values."""
        facts = self.facts
        return {
            "segbench": "export",
            "format": FORMAT,
            "version": version("segbench"),
            "created": iso_utc(facts.created),
            "campaign": facts.campaign,
            "segment": {**_rules(facts.segment), "sentence": facts.sentence},
            "refers_to": [_rules(segment) for segment in facts.refers_to],
            "snapshot": {"id": facts.snapshot_id, "time": iso_utc(facts.snapshot_time)},
            "as_of": iso_utc(facts.as_of),
            "time_zone": facts.time_zone,
            "counts": {
                "contacts": self.contacts,
                "matching": facts.matching,
                "exported": self.exported,
            },
            "columns": list(self.columns),
            "neutralised_cells": self.neutralised,
            "files": [asdict(file) for file in self.files],
        }


def iso_utc(moment: dt.datetime) -> str:
    """The moment as ISO 8601 text with Z; one without a zone is UTC."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(dt.UTC).replace(tzinfo=None)
    return f"{moment.isoformat()}Z"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in an export folder as JSON values; `ExportError` where it cannot be read."""
    path = folder / NAME
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ExportError(f"{NAME} is missing.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise ExportError(f"{NAME} cannot be read: {error}.") from None
    if not isinstance(data, dict) or data.get("segbench") != "export":
        raise ExportError(f'{NAME} is no manifest of an export: it lacks "segbench": "export".')
    if data.get("format") != FORMAT:
        raise ExportError(f"{NAME} has format {data.get('format')!r}; {FORMAT} is readable.")
    counts, segment, lists = data.get("counts"), data.get("segment"), ("files", "refers_to")
    if not (isinstance(counts, dict) and isinstance(segment, dict)) or any(
        not isinstance(data.get(key), list) or not all(isinstance(one, dict) for one in data[key])
        for key in lists
    ):
        raise ExportError(f"{NAME} is not whole: counts, segment, files or refers_to is missing.")
    return data


def _rules(segment: Segment) -> dict[str, Any]:
    return {
        "name": segment.name,
        "description": segment.description,
        "rules": codec.to_data(segment.group),
        "rules_format": codec.FORMAT,
        "rules_sha256": codec.fingerprint(segment.group),
    }
