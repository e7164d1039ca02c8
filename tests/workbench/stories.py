"""Workspaces with a past: snapshots and saves at moments of the test's choosing, and the judge."""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from population import (
    AS_OF,
    AWKWARD,
    CATALOG,
    CONTACT_ZONE,
    CONTACTS,
    EVENTS,
    SEGMENTS,
    ZONE,
    batch,
    tables,
)

from segbench.engine.memory import Contact, Event, MemoryEngine
from segbench.lake.lake import Lake
from segbench.lake.syncing import sync
from segbench.lake.tables import Notes
from segbench.library.library import Library
from segbench.model.ask import did, did_not, measure, not_followed
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.plan.lower import Context, lower
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Settings, Workspace

DAY = dt.timedelta(days=1)
SHORT = [
    did("order_placed").within(days=5),
    did("page_visited").at_least(2).within(days=20),
    did_not("cart_updated").within(days=12),
    not_followed(did("order_placed"), did("page_visited"), days=3),
    measure("sum", did("order_placed").within(days=9), "amount") > 10,
    measure("last_time", "page_visited").more_than_ago(days=8),
]
"""Windows that end within the spans that are looked at."""
Contacts = Sequence[Contact]


@dataclass(frozen=True)
class Story:
    """What a workspace held, from when on (naive UTC); the last of each is the present.

    Each load replaces the tables or, where they are synced, writes what is different.
    """

    loads: tuple[tuple[dt.datetime, Contacts], ...]
    saves: tuple[tuple[dt.datetime, Segment], ...] = ()
    as_of: dt.datetime = AS_OF
    zone: ZoneInfo = ZONE
    week_start: int = 0
    synced: bool = False


def tell(story: Story, root: Path) -> Path:
    """A workspace with that past."""
    place = Workspace(root)
    weekdays = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    place.write(
        Settings(
            time_zone=story.zone.key,
            as_of=story.as_of,
            contact_time_zone=CONTACT_ZONE,
            week_start=weekdays[story.week_start],
        )
    )
    with Lake.create(place.lake) as lake:
        ids = [load(lake, contacts, story.synced) for _, contacts in story.loads]
    backdate(place.lake, dict(zip(ids, (at for at, _ in story.loads), strict=True)))
    with Library.open(place.library) as library:
        for at, segment in story.saves:
            library.save(segment, now=at.replace(tzinfo=dt.UTC), replace=True)
    return root


def load(lake: Lake, contacts: Contacts, synced: bool) -> int:
    """Bring contacts into a lake; the snapshot."""
    if not synced or len(lake.snapshots()) == 1:
        return lake.load([batch(contacts)], Notes()).snapshot
    found = tables(contacts, "key")
    options = {
        "tags": found["tags"],
        "events": found["events"],
        "now": AS_OF.replace(tzinfo=dt.UTC),
    }
    id = sync(lake, found["contacts"], name="story", **options).snapshot
    assert id is not None
    return id


def backdate(lake: Path, times: Mapping[int, dt.datetime]) -> None:
    """Let snapshots have been committed at other times; those before the first one as well."""
    earlier = min(times.values()) - DAY
    with closing(sqlite3.connect(lake / "catalog.sqlite")) as catalogue, catalogue:
        (ids,) = zip(*catalogue.execute("SELECT snapshot_id FROM ducklake_snapshot"), strict=True)
        for id in ids:
            at = times.get(id, earlier)
            catalogue.execute(
                "UPDATE ducklake_snapshot SET snapshot_time = ? WHERE snapshot_id = ?",
                [f"{at.isoformat(' ', 'microseconds')}+00", id],
            )


@contextmanager
def opened(story: Story, root: Path) -> Iterator[Workbench]:
    with Workbench.open(tell(story, root)) as workbench:
        yield workbench


class Judge:
    """Says who was in when, contact by contact, from the story alone."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.newest = {contact.key: contact for contact in story.loads[-1][1]}

    def load_at(self, moment: dt.datetime) -> int:
        """The number of the load that was the newest at a moment."""
        if moment >= self.story.as_of:
            return len(self.story.loads) - 1
        return max((n for n, (at, _) in enumerate(self.story.loads) if at <= moment), default=0)

    def rules_at(self, moment: dt.datetime, name: str) -> dict[str, Group]:
        """What was saved at a moment, or was saved first; and what that refers to."""
        found: dict[str, Group] = {}
        for at, segment in self.story.saves:
            if at <= moment or moment >= self.story.as_of or segment.name not in found:
                found[segment.name] = segment.group
        assert name in found
        return found

    def keys(
        self,
        root: Group,
        rules: Mapping[str, Group],
        load: int,
        clock: dt.datetime,
        seen: dt.datetime | None = None,
    ) -> set[str]:
        """Who is in, by rules, over the fields of a load, at a clock, by events up to `seen`."""
        contacts = [
            replace(contact, events=self._events(contact, seen or clock))
            for contact in self.story.loads[load][1]
        ]
        story = self.story
        context = Context(
            clock,
            story.zone,
            CATALOG,
            rules,
            week_start=story.week_start,
            contact_zone=CONTACT_ZONE,
        )
        members = MemoryEngine(contacts).members(lower(root, context).root)
        return {contacts[ordinal].key for ordinal in members.ids()}

    def _events(self, contact: Contact, until: dt.datetime) -> tuple[Event, ...]:
        events = self.newest.get(contact.key, contact).events
        return tuple(event for event in events if event.at <= until)


def population(chance: random.Random) -> tuple[Contact, ...]:
    """Some contacts, all names of events and properties among them, with a lively last month."""
    kept = [*AWKWARD, *chance.sample(CONTACTS[len(AWKWARD) :], 24)]
    wanted = {(name, prop) for name, properties in EVENTS.items() for prop in ("", *properties)}
    for contact in CONTACTS:
        found = {(e.name, prop) for c in kept for e in c.events for prop in ("", *e.properties)}
        new = {(e.name, prop) for e in contact.events for prop in ("", *e.properties)}
        if contact not in kept and new & wanted - found:
            kept.append(contact)
    return tuple(lively(chance, contact) for contact in kept)


def lively(chance: random.Random, contact: Contact) -> Contact:
    """The contact, to whom more happened in the last 40 days."""
    pool = [event for other in CONTACTS for event in other.events]
    more = [
        replace(chance.choice(pool), at=AS_OF - chance.random() * 40 * DAY)
        for _ in range(chance.choice((0, 1, 2, 4)))
    ]
    return replace(contact, events=(*contact.events, *more))


def changed(chance: random.Random, contacts: Contacts) -> tuple[Contact, ...]:
    """The contacts some time later: some gone, some new, in another order, values changed."""
    kept = [contact for contact in contacts if chance.random() > 0.05]
    fresh = [replace(lively(chance, c), key=f"{c.key} {chance.random()}") for c in AWKWARD[:4]]
    found = [*kept, *fresh]
    for place, contact in enumerate(found):
        if chance.random() < 0.2:
            other = chance.choice(CONTACTS)
            found[place] = replace(
                contact, fields=other.fields, tags=other.tags, tagged=other.tagged
            )
        if chance.random() < 0.2:
            found[place] = lively(chance, found[place])
    chance.shuffle(found)
    return tuple(found)


def standard(saves: tuple[tuple[dt.datetime, Segment], ...] = ()) -> tuple:
    """The saved segments of the population, saved long ago, then these."""
    long_ago = AS_OF - 1000 * DAY
    first = tuple((long_ago, Segment(name, group)) for name, group in SEGMENTS.items())
    return (*first, *saves)
