"""A workspace: a folder with a lake, a library, exports and its settings."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from segbench.engine.cache import CacheSizes
from segbench.errors import FormatError, LakeError, LakeMissing, LibraryError, RuleError
from segbench.lake import catalogue
from segbench.lake.retention import Retention
from segbench.library.places import shared_library
from segbench.model.moments import to_utc, zone_of
from segbench.model.operators import WEEKDAYS
from segbench.model.sending_policy import SendingPolicy
from segbench.model.vocabulary import ENGAGEMENT_EVENTS, Vocabulary

Sizes = TypeVar("Sizes", Retention, CacheSizes, SendingPolicy)

FORMAT = 1
SETTINGS = "workspace.json"
ENVIRONMENT = "SEGBENCH_WORKSPACE"
"""The environment variable that names the workspace where none is given."""
DEFAULT = "demo-workspace"


@dataclass(frozen=True)
class Settings:
    """What holds for the whole workspace.

    `as_of` (naive UTC) pins the clock, as for data that ends in the past; None means now.
    `about` is what the data's source says of itself. `week_start` is the first day of a week.
    `contact_time_zone` is the field that holds each contact's own time zone, "" where none does.
    `vocabulary` has the names that pre-built segments use, `retention` says which snapshots of the
    lake a maintenance keeps, `library` is the URL of a PostgreSQL database for saved segments and
    campaigns, "" for a file in the folder. `cache_mb` bounds what is kept of answers, `sending` is
    what campaigns are held to.
    """

    name: str = "Workspace"
    time_zone: str = "UTC"
    as_of: dt.datetime | None = None
    engagement_events: tuple[str, ...] = ENGAGEMENT_EVENTS
    about: str = ""
    week_start: str = "monday"
    contact_time_zone: str = ""
    vocabulary: dict[str, str] = dataclasses.field(default_factory=dict)
    retention: Retention = dataclasses.field(default_factory=Retention)
    library: str = ""
    cache_mb: CacheSizes = dataclasses.field(default_factory=CacheSizes)
    sending: SendingPolicy = dataclasses.field(default_factory=SendingPolicy)

    @property
    def words(self) -> Vocabulary:
        """The names of this workspace for what pre-built segments speak of."""
        return Vocabulary(self.engagement_events, **self.vocabulary)

    @property
    def first_weekday(self) -> int:
        """The first day of a week, 0 for Monday."""
        return WEEKDAYS.index(self.week_start)


@dataclass(frozen=True)
class Workspace:
    """Where things are in the folder `root`."""

    root: Path

    @property
    def lake(self) -> Path:
        """The folder of the contact data."""
        return self.root / "lake"

    @property
    def library(self) -> Path | str:
        """Where saved segments and campaigns are: a file, or the URL of a database."""
        return (self.exists and self.settings().library) or self.root / "library.sqlite"

    @property
    def exports(self) -> Path:
        """The folder of campaign exports."""
        return self.root / "exports"

    @property
    def exists(self) -> bool:
        """Whether this folder is a workspace."""
        return self._settings_file.is_file()

    @property
    def _settings_file(self) -> Path:
        # In a folder that was there already they came with the lake; see `made_aside`.
        own, brought = self.root / SETTINGS, self.lake / SETTINGS
        return brought if brought.is_file() and not own.is_file() else own

    def settings(self) -> Settings:
        """The settings; `LakeMissing` where there is no workspace, `FormatError` where damaged."""
        if not self.exists:
            raise LakeMissing(
                f"There is no workspace at {str(self.root)!r}. "
                "Make one with 'segbench demo' or 'segbench import', or name another folder."
            )
        try:
            data = json.loads(self._settings_file.read_text("utf-8"))
            return _settings(data)
        except KeyError as error:
            raise self._damaged(f"it lacks {error}") from error
        except (ValueError, TypeError, RuleError, LibraryError) as error:
            raise self._damaged(str(error).removesuffix(".")) from error

    def _damaged(self, why: str) -> FormatError:
        return FormatError(f"{SETTINGS} in {str(self.root)!r} is damaged: {why}.")

    def write(self, settings: Settings) -> None:
        """Store the settings, whole or not at all."""
        zone_of(settings.time_zone)
        if settings.library:
            shared_library(settings.library)
        self.root.mkdir(parents=True, exist_ok=True)
        data = {"format": FORMAT, **dataclasses.asdict(settings)}
        data["as_of"] = settings.as_of.isoformat() + "Z" if settings.as_of else None
        target = self.root / SETTINGS
        fresh = target.with_suffix(".new")
        fresh.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")
        os.replace(fresh, target)


def locate(path: str | os.PathLike[str] | None) -> Workspace:
    """The workspace at a path; else the one that the environment names, else the demo's."""
    chosen = path if path is not None else os.environ.get(ENVIRONMENT) or DEFAULT
    return Workspace(Path(chosen).expanduser().resolve())


@contextlib.contextmanager
def made_aside(place: Workspace, settings: Settings) -> Iterator[Workspace]:
    """A workspace to fill in a folder of its own, which one rename moves to its place at the end.

    Nothing is left where the block raises or leaves no lake. What is in the place is never touched:
    `LakeError` where it cannot become this workspace.
    """
    _require_room(place)
    parent = place.root if place.root.exists() else place.root.parent
    parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=parent, prefix=f".{place.root.name}."))
    # Not the scratch folder itself: nobody else may open that one.
    fresh = Workspace(scratch / "workspace")
    try:
        fresh.write(settings)
        yield fresh
        if fresh.lake.exists():
            _move(fresh, place)
    finally:
        try:
            if fresh.lake.exists():
                catalogue.drop_schema(fresh.lake)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _move(fresh: Workspace, place: Workspace) -> None:
    _require_room(place)
    try:
        if not place.root.exists():
            fresh.root.rename(place.root)
            return
        # One rename brings lake and settings, so that a crash never leaves one without the other.
        os.replace(fresh.root / SETTINGS, fresh.lake / SETTINGS)
        fresh.lake.rename(place.lake)
    except OSError:
        _require_room(place)
        raise
    os.replace(place.lake / SETTINGS, place.root / SETTINGS)


def _require_room(place: Workspace) -> None:
    if place.exists:
        raise LakeError(f"{str(place.root)!r} is a workspace already.")
    if place.root.exists() and not place.root.is_dir():
        raise _taken(place.root)
    if place.lake.exists():
        raise _taken(place.lake)


def _taken(path: Path) -> LakeError:
    return LakeError(f"{str(path)!r} exists already, but is no workspace; name another folder.")


def _settings(data: object) -> Settings:
    if not isinstance(data, dict):
        raise TypeError("it is no table of settings")
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']!r} is not {FORMAT}")
    as_of = data["as_of"]
    moment = dt.datetime.fromisoformat(str(as_of)) if as_of else None
    if moment is not None and moment.tzinfo is not None:
        moment = to_utc(moment)
    events = data["engagement_events"]
    if not isinstance(events, list):
        raise TypeError("engagement_events is no list")
    zone_of(str(data["time_zone"]))
    return Settings(
        str(data["name"]),
        str(data["time_zone"]),
        moment,
        tuple(str(event) for event in events),
        str(data["about"]),
        _weekday(data.get("week_start", WEEKDAYS[0])),
        str(data.get("contact_time_zone", "")),
        _vocabulary(data.get("vocabulary", {})),
        _sizes(Retention, "retention", data.get("retention", {})),
        _library(data.get("library", "")),
        _sizes(CacheSizes, "cache_mb", data.get("cache_mb", {})),
        _sizes(SendingPolicy, "sending", data.get("sending", {})),
    )


def _library(url: object) -> str:
    if not isinstance(url, str):
        raise TypeError("library is no URL")
    return shared_library(url) if url else ""


def _weekday(name: object) -> str:
    if name not in WEEKDAYS:
        raise ValueError(f"week_start {name!r} is none of {', '.join(WEEKDAYS)}")
    return str(name)


def _vocabulary(names: object) -> dict[str, str]:
    known = {field.name for field in dataclasses.fields(Vocabulary)} - {"engagement"}
    if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
        raise TypeError("vocabulary is no table of names")
    if unknown := sorted(set(names) - known):
        raise ValueError(
            f"vocabulary has no part {unknown[0]!r}; it has {', '.join(sorted(known))}"
        )
    return dict(names)


def _sizes(kind: type[Sizes], name: str, numbers: object) -> Sizes:
    known = [field.name for field in dataclasses.fields(kind)]
    if not isinstance(numbers, dict):
        raise TypeError(f"{name} is no table of numbers")
    if unknown := sorted(set(numbers) - set(known)):
        raise ValueError(f"{name} has no part {unknown[0]!r}; it has {', '.join(known)}")
    return kind(**numbers)
