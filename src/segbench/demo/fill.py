"""Fill a new workspace with demo data: all of it, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from segbench.demo import complete_journey, crm
from segbench.demo.examples import crm_segments, retail_segments
from segbench.errors import LakeError
from segbench.lake.lake import Lake, LoadReport
from segbench.lake.tables import Batch, Notes
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench, utc_now
from segbench.workbench.workspace import Settings, Workspace, made_aside

LEAST, MOST = 1_000, 10_000_000
YEARS = range(1900, 9001)
"""When a demo may end: its people were born up to 90 years before."""
CRM, RETAIL = "crm", "complete-journey"
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Source:
    """A data set for a new workspace: its settings, its batches and the segments to start with."""

    settings: Settings
    batches: Iterable[Batch]
    notes: Notes
    segments: tuple[Segment, ...]


def demo_crm(contacts: int, *, seed: int, until: dt.datetime) -> Source:
    """The generated CRM, its clock pinned to `until` (naive UTC); 1,000 to 10,000,000 contacts."""
    if not LEAST <= contacts <= MOST:
        raise LakeError(f"The demo has {LEAST:,} to {MOST:,} contacts, not {contacts:,}.")
    if until.year not in YEARS:
        raise LakeError(f"The demo ends in the years {YEARS[0]} to {YEARS[-1]}, not {until.year}.")
    about = f"Generated people: nobody here exists. {contacts:,} contacts, seed {seed}."
    settings = Settings(
        "Demo CRM", "Europe/Berlin", until, about=about, contact_time_zone="time_zone"
    )
    batches = crm.generate(contacts, seed=seed, until=until)
    return Source(settings, batches, crm.NOTES, crm_segments())


def retail() -> Source:
    """The Complete Journey, its clock pinned to the end of its year."""
    settings = Settings(
        "The Complete Journey",
        "America/New_York",
        complete_journey.AS_OF,
        engagement_events=("order_placed", "coupon_redeemed"),
        about=complete_journey.ABOUT,
    )
    batches = complete_journey.load()
    return Source(settings, batches, complete_journey.NOTES, retail_segments())


def fill(workspace: Workspace, source: Source, progress: Progress | None = None) -> LoadReport:
    """Make a workspace of the source, whole or not at all.

    `LakeError` where something is there already.
    """
    if workspace.root.exists():
        raise LakeError(
            f"{str(workspace.root)!r} exists already; delete it or name another folder."
        )
    with made_aside(workspace, source.settings) as fresh:
        with Lake.create(fresh.lake) as lake:
            report = lake.load(source.batches, source.notes, message="demo", progress=progress)
        _save(fresh, source.segments)
    return report


def _save(workspace: Workspace, segments: tuple[Segment, ...]) -> None:
    with Workbench(workspace, clock=utc_now) as workbench:
        for segment in segments:
            workbench.save(segment)
