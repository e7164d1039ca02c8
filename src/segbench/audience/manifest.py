"""The manifest of an export: what was asked, of which data, and what the files hold."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from segbench.audience.formats.cleaning import NORMALISATION
from segbench.audience.formats.phones import phone_version
from segbench.audience.formats.roles import is_personal
from segbench.errors import ExportError
from segbench.model import codec
from segbench.model.segment import Segment

FORMAT = 2
"""The number of the manifest format that this version writes."""
READABLE = (1, 2)
NAME = "manifest.json"
WRITERS = ("pyarrow", "xlsxwriter")
"""The libraries on whose version the bytes of files depend."""


@dataclass(frozen=True, slots=True)
class ManifestFacts:
    """What the writer of an export cannot know by itself.

    `sentence` says the segment in words; `refers_to` are the saved segments it leads to, at any
    depth. `matching` counts the contacts in the segment, before any were held back. Times without
    a zone are UTC; `time_zone` is the IANA name in which calendar windows were resolved.

    The others are plain JSON values, None where there are none: the steps of the reachability
    `ladder` with their counts, the `split` with its seed, the `recipe` of recipients that are not
    those of one segment, and the `settings` of the workspace that the rules depend on.
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
    ladder: Any = None
    split: Any = None
    recipe: Any = None
    settings: Any = None


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export: its data rows, its size in bytes, the SHA-256 (hex) of its bytes."""

    name: str
    rows: int
    bytes: int
    sha256: str
    format: str


@dataclass(frozen=True, slots=True)
class WrittenFormat:
    """What became of the recipients in one format, as `formats.tally.Tally` counts it."""

    name: str
    rows: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    blank: Mapping[str, int] = field(default_factory=dict)
    cut: Mapping[str, int] = field(default_factory=dict)
    neutralised: int = 0


@dataclass(frozen=True)
class Manifest:
    """What an export holds. `contacts` is the size of the snapshot, `exported` the recipients;
    `roles`, `region` and `shard_rows` are how they were written."""

    facts: ManifestFacts
    columns: tuple[str, ...]
    contacts: int
    exported: int
    formats: tuple[WrittenFormat, ...]
    files: tuple[ExportedFile, ...]
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    region: str = ""
    shard_rows: int | None = None

    @property
    def neutralised(self) -> int:
        """The cells, headers among them, that got an apostrophe."""
        return sum(each.neutralised for each in self.formats)

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
            "personal_columns": [name for name in self._read if is_personal(name)],
            "roles": {role: list(columns) for role, columns in self.roles.items()},
            "phone_region": self.region,
            "shard_rows": self.shard_rows,
            "neutralised_cells": self.neutralised,
            "formats": [asdict(each) for each in self.formats],
            "files": [asdict(file) for file in self.files],
            "normalisation": {"version": NORMALISATION, "phonenumbers": phone_version()},
            "written_with": {name: version(name) for name in WRITERS},
            "ladder": facts.ladder,
            "split": facts.split,
            "recipe": facts.recipe,
            "settings": facts.settings,
        }

    @property
    def _read(self) -> tuple[str, ...]:
        more = (column for columns in self.roles.values() for column in columns)
        return tuple(dict.fromkeys((*self.columns, *more)))


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
    if data.get("format") not in READABLE:
        known = " and ".join(map(str, READABLE))
        raise ExportError(f"{NAME} has format {data.get('format')!r}; {known} are readable.")
    counts, segment = data.get("counts"), data.get("segment")
    lists = ("files", "refers_to") if data["format"] == 1 else ("files", "refers_to", "formats")
    if not (isinstance(counts, dict) and isinstance(segment, dict)) or any(
        not isinstance(data.get(key), list) or not all(isinstance(one, dict) for one in data[key])
        for key in lists
    ):
        raise ExportError(f"{NAME} is not whole: a part of it is missing.")
    return data


def _rules(segment: Segment) -> dict[str, Any]:
    return {
        "name": segment.name,
        "description": segment.description,
        "rules": codec.to_data(segment.group),
        "rules_format": codec.FORMAT,
        "rules_sha256": codec.fingerprint(segment.group),
    }
