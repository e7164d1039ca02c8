"""The library: saved segments and campaigns in one database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from segbench.library.saved import LastCount, SavedSegment
from segbench.library.searching import Search
from segbench.library.wanted import Stamp, Wanted
from segbench.model.campaign import Campaign, ExportRecord
from segbench.model.filing import Filing, Status
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.model.wording import PLAIN, Wording

if TYPE_CHECKING:
    from segbench.library.campaigns import CampaignStore
    from segbench.library.database import Database
    from segbench.library.deliveries import DeliveryStore
    from segbench.library.merged import Merged
    from segbench.library.smart_lists import SmartListStore
    from segbench.library.uses import Users
    from segbench.library.watches import WatchStore


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
        from segbench.library.deliveries import DeliveryStore
        from segbench.library.segments import SegmentStore
        from segbench.library.smart_lists import SmartListStore
        from segbench.library.watches import WatchStore

        self._database = database
        self._citations = CitationStore(database)
        self._segments = SegmentStore(database)
        self._campaigns = CampaignStore(database)
        self._counts = CountStore(database)
        self._deliveries = DeliveryStore(database)
        self._watches = WatchStore(database)
        self._lists = SmartListStore(database)

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
        author: str = "",
        note: str = "",
        filing: Filing | None = None,
    ) -> SavedSegment:
        """The segment as it is now saved; references are spelt as the saved segments are.

        `replace` writes over a saved segment of that name, which keeps its spelling; without it
        `NameTaken`. `seen` is the revision that the caller last saw: `ChangedMeanwhile`, which says
        what changed, where somebody changed, renamed or deleted it since; `merge` puts both
        together. `ReferenceCycle` where it would refer to itself, `FormatError` where its rules
        could not be read back. Without a `filing` it stays where it is; a new one is `author`'s.
        """
        wanted = Wanted(segment, filing, replace, seen)
        return self._segments.save(wanted, Stamp(now, author, note))

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

    def version(self, name: str, revision: int) -> SavedSegment:
        """One version of a saved segment; `LibraryError` says which there are."""
        return self._segments.version(name, revision)

    def restore(
        self,
        name: str,
        revision: int,
        *,
        now: dt.datetime,
        author: str = "",
        seen: int | None = None,
    ) -> SavedSegment:
        """The segment with the rules and the description of an earlier version, as a new one.

        A deleted segment is back, filed as it was then. `LibraryError` says which revisions there
        are. `seen` as in `save`.
        """
        note = f"Restored from revision {revision}"
        return self._segments.restore(name, revision, seen, Stamp(now, author, note))

    def merge(self, segment: Segment, *, seen: int) -> Merged:
        """My segment and what is saved under its name, both made from the revision seen.

        Nothing is saved. `NotSaved` where there is none of that name any more.
        """
        return self._segments.merge(segment, seen)

    def file(
        self,
        name: str,
        filing: Filing,
        now: dt.datetime,
        author: str = "",
        *,
        seen: int | None = None,
    ) -> SavedSegment:
        """The segment with another folder, tags, owner and status, as a new version.

        No new version where it is filed like that already. `seen` as in `save`.
        """
        return self._segments.file(name, filing, seen, Stamp(now, author, "Filed"))

    def apply(
        self,
        saved: Iterable[Wanted] = (),
        *,
        renamed: Iterable[tuple[str, str, int]] = (),
        deleted: Iterable[tuple[str, int]] = (),
        now: dt.datetime,
        author: str = "",
        note: str = "",
    ) -> None:
        """Rename, save and delete several segments, all of it or nothing, in that order.

        Those to rename (old name, new name) and to delete come with the revision that was seen.
        Errors are those of each.
        """
        self._segments.apply(saved, renamed, deleted, Stamp(now, author, note))

    def statuses(self) -> dict[str, Status]:
        """The status of every saved segment by name, sorted by name."""
        return self._segments.statuses()

    def archived_names(self) -> frozenset[str]:
        """The names of archived segments: they still count, and say so where they are used."""
        return self._segments.archived_names()

    def search(
        self,
        text: str = "",
        *,
        folder: str = "",
        tag: str = "",
        owner: str = "",
        status: str = "",
        wording: Wording = PLAIN,
    ) -> tuple[SavedSegment, ...]:
        """The saved segments that have every word of the text, whatever the case.

        Looked for in name, description, folder, tags, owner, the sentence and the names in the
        rules. `folder` has those below it, too.
        """
        found = Search(text, folder, tag, owner, status)
        return tuple(saved for saved in self.segments() if found.holds(saved, wording))

    def users(self, name: str) -> Users:
        """The segments, smart lists and campaigns that use a saved segment; `NotSaved`."""
        return self._segments.users(name)

    def lineage(self, name: str) -> tuple[SavedSegment, ...]:
        """Every version of a segment, oldest first, the present one last.

        What it was under earlier names is there too, and what was deleted under this one; empty
        where nothing was ever saved under it.
        """
        return self._segments.lineage(name)

    def record_count(self, name: str, found: LastCount) -> None:
        """Remember what a saved segment counted, instead of its count before; `NotSaved`."""
        self._counts.record(name, found)

    def record_counts(self, found: Mapping[str, LastCount]) -> None:
        """Remember what several saved segments count, by name; those gone by now are left out."""
        self._counts.record_all(found)

    def last_counts(self) -> dict[str, LastCount]:
        """What each saved segment last counted with its present rules, by name."""
        return self._counts.all()

    def last_count(self, name: str) -> LastCount | None:
        """What a saved segment last counted with its present rules; None where it never was."""
        return self._counts.last(name)

    @property
    def lists(self) -> SmartListStore:
        """The smart lists."""
        return self._lists

    @property
    def deliveries(self) -> DeliveryStore:
        """Exports on their way to destinations."""
        return self._deliveries

    @property
    def watches(self) -> WatchStore:
        """What is to be told of the counts of saved segments, and what was found."""
        return self._watches

    def deleted_names(self) -> frozenset[str]:
        """The names of segments that were saved once, and are not any more."""
        return self._segments.deleted_names()

    def rename(
        self, old: str, new: str, now: dt.datetime, author: str = "", *, seen: int | None = None
    ) -> SavedSegment:
        """The segment under its new name; references, smart lists and campaigns follow.

        A segment that refers to it gets a new revision. `NotSaved`, `NameTaken`, or
        `ReferenceCycle` where the new name is one that its own references lead to.
        """
        return self._segments.rename(old, new, seen, Stamp(now, author))

    def delete(self, name: str) -> None:
        """Delete a segment; `InUse` names the segments, smart lists and campaigns that use it."""
        self._segments.delete(name)

    @property
    def mailings(self) -> CampaignStore:
        """Campaigns with all that can be done to them."""
        return self._campaigns

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
