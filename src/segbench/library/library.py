"""The library: saved segments and campaigns in one database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from segbench.library.saved import LastCount, SavedSegment
from segbench.model.campaign import Campaign, ExportRecord
from segbench.model.rules import Group
from segbench.model.segment import Segment

if TYPE_CHECKING:
    from segbench.library.database import Database


class Library:
    """Saved segments and campaigns; several threads and processes may use one at a time.

    Names are unique whatever their case, and keep the spelling they were given first. Every method
    is one transaction: all of it is kept or nothing. `now` is an aware time. What the database
    refuses comes as `LibraryError`.
    """

    def __init__(self, database: Database) -> None:
        from segbench.library.campaigns import CampaignStore
        from segbench.library.citations import CitationStore
        from segbench.library.counts import CountStore
        from segbench.library.segments import SegmentStore

        self._database = database
        self._citations = CitationStore(database)
        self._segments = SegmentStore(database)
        self._campaigns = CampaignStore(database)
        self._counts = CountStore(database)

    @classmethod
    def open(cls, url_or_path: str | Path) -> Library:
        """The library in an SQLite file, made when missing, or behind an SQLAlchemy URL.

        `LibraryError` where it cannot be opened or was written by a newer segbench.
        """
        # SQLAlchemy takes its time to load, so only those who open a library pay it.
        from segbench.library.database import Database

        return cls(Database(url_or_path))

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Library {self._database.place}>"

    def save(
        self,
        segment: Segment,
        *,
        now: dt.datetime,
        replace: bool = False,
        seen: int | None = None,
    ) -> SavedSegment:
        """The segment as it is now saved; references are spelt as the saved segments are.

        `replace` writes over a saved segment of that name, which keeps its spelling; without it
        `NameTaken`. `seen` is the revision that the caller last saw: `LibraryError` where somebody
        changed, renamed or deleted it meanwhile. `ReferenceCycle` where it would refer to itself,
        `FormatError` where its rules could not be read back.
        """
        return self._segments.save(segment, now, replace, seen)

    def segment(self, name: str) -> SavedSegment:
        """The saved segment of that name; `NotSaved` with near names."""
        return self._segments.one(name)

    def segments(self) -> tuple[SavedSegment, ...]:
        """Every saved segment, sorted by name without regard to case."""
        return self._segments.all()

    def groups(self) -> dict[str, Group]:
        """The rules of every saved segment by name: what references expand to."""
        return self._segments.groups()

    def history(self, name: str) -> tuple[SavedSegment, ...]:
        """The earlier versions saved under that name, newest first; also of a deleted segment."""
        return self._segments.history(name)

    def lineage(self, name: str) -> tuple[SavedSegment, ...]:
        """Every version of a segment, oldest first, the present one last.

        What it was under earlier names is there too, and what was deleted under this one; empty
        where nothing was ever saved under it.
        """
        return self._segments.lineage(name)

    def record_count(self, name: str, found: LastCount) -> None:
        """Remember what a saved segment counted, instead of its count before; `NotSaved`."""
        self._counts.record(name, found)

    def last_count(self, name: str) -> LastCount | None:
        """What a saved segment last counted with its present rules; None where it never was."""
        return self._counts.last(name)

    def deleted_names(self) -> frozenset[str]:
        """The names of segments that were saved once, and are not any more."""
        return self._segments.deleted_names()

    def rename(self, old: str, new: str, now: dt.datetime) -> SavedSegment:
        """The segment under its new name; references and campaigns follow.

        A segment that refers to it gets a new revision. `NotSaved`, `NameTaken`, or
        `ReferenceCycle` where the new name is one that its own references lead to.
        """
        return self._segments.rename(old, new, now)

    def delete(self, name: str) -> None:
        """Delete a segment; `InUse` names the segments and campaigns that use it."""
        self._segments.delete(name)

    def create_campaign(self, name: str, *, now: dt.datetime) -> Campaign:
        """The new campaign, without recipients; `NameTaken` where there is one of that name."""
        return self._campaigns.create(name, now)

    def campaign(self, name: str) -> Campaign:
        """The campaign of that name; `NotSaved` with near names."""
        return self._campaigns.one(name)

    def campaigns(self) -> tuple[Campaign, ...]:
        """Every campaign, sorted by name without regard to case."""
        return self._campaigns.all()

    def set_recipients(self, name: str, segments: tuple[str, ...], *, now: dt.datetime) -> Campaign:
        """The campaign with these saved segments as its recipients (To), repeats dropped."""
        return self._campaigns.set_recipients(name, segments, now)

    def record_export(self, name: str, export: ExportRecord, *, now: dt.datetime) -> Campaign:
        """The campaign with one more export; `LibraryError` where its id is recorded already."""
        return self._campaigns.record_export(name, export, now)

    def delete_campaign(self, name: str) -> None:
        """Delete a campaign; `InUse` where it has exports, since it is their record."""
        self._campaigns.delete(name)

    def cited_snapshots(self) -> dict[int, tuple[str, ...]]:
        """The snapshots of the lake that exports cite, each with its campaigns by name.

        Those that were marked as expired are left out.
        """
        return self._citations.cited()

    def cite_snapshot(self, export: str, snapshot: int) -> None:
        """Note which snapshot an export of an earlier version cites, unless that is known."""
        self._citations.cite(export, snapshot)

    def mark_expired(self, snapshots: Collection[int], *, now: dt.datetime) -> None:
        """Mark every export that cites one of these snapshots: the lake has them no more."""
        self._citations.expire(snapshots, now)
