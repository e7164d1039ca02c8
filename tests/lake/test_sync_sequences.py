"""Whatever a source goes through: its lake has what a load of its last state has."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis.strategies as st
import pyarrow as pa
from hypothesis import example, given, settings

from segbench.lake.lake import Lake
from segbench.lake.syncing import sync

NOW = dt.datetime(2026, 11, 3, tzinfo=dt.UTC)
START = dt.datetime(2026, 1, 1)
KEYS = tuple("abcdefgh")
MAPPING = {table: {"skip": ["updated"]} for table in ("contacts", "tags", "events")}


@dataclass
class Table:
    """Rows by identity, each with the number of its last change; deleted rows stay, marked."""

    rows: dict[tuple, tuple] = field(default_factory=dict)
    updated: dict[tuple, int] = field(default_factory=dict)
    dead: set[tuple] = field(default_factory=set)

    def put(self, id, row, clock):
        if self.rows.get(id) != row or id in self.dead:
            self.rows[id], self.updated[id] = row, clock
            self.dead.discard(id)

    def drop(self, id, clock):
        if id in self.rows and id not in self.dead:
            self.dead.add(id)
            self.updated[id] = clock

    def arrow(self, columns, with_dead):
        ids = [id for id in self.rows if with_dead or id not in self.dead]
        cells = [[self.rows[id][place] for id in ids] for place in range(len(columns))]
        arrays = [
            pa.array(values, kind) for values, kind in zip(cells, columns.values(), strict=True)
        ]
        return pa.table(
            [
                *arrays,
                pa.array([self.updated[id] for id in ids], pa.int64()),
                pa.array([id in self.dead for id in ids], pa.bool_()),
            ],
            names=[*columns, "updated", "deleted"],
        )


TEXT, TIME = pa.string(), pa.timestamp("us")
CONTACTS = {"key": TEXT, "country": TEXT, "score": pa.int64()}
TAGS = {"key": TEXT, "tag": TEXT, "at": TIME}
EVENTS = {"key": TEXT, "event": TEXT, "at": TIME, "amount": pa.float64()}


class Source:
    def __init__(self) -> None:
        self.clock = 0
        self.contacts, self.tags, self.events = Table(), Table(), Table()

    def change(self, step) -> None:
        self.clock += 1
        what, key, number, text = step
        at = START + dt.timedelta(hours=number)
        if what == "contact":
            self.contacts.put((key,), (key, text, number or None), self.clock)
        elif what == "no contact":
            self.contacts.drop((key,), self.clock)
        elif what == "tag":
            self.tags.put((key, text), (key, text, at if number else None), self.clock)
        elif what == "no tag":
            self.tags.drop((key, text), self.clock)
        elif what == "event":
            self.events.put((key, text, number), (key, text, at, number / 2), self.clock)
        elif what == "twin":
            self.events.put((key, text, number, self.clock), (key, text, at, None), self.clock)
        elif what == "no event":
            self.events.drop((key, text, number), self.clock)

    def tables(self, with_dead):
        return {
            "contacts": self.contacts.arrow(CONTACTS, with_dead),
            "tags": self.tags.arrow(TAGS, with_dead),
            "events": self.events.arrow(EVENTS, with_dead),
        }

    def live(self):
        """What a lake should hold: contacts, tags and events by key."""
        contacts = {
            row[0]: row for id, row in self.contacts.rows.items() if id not in self.contacts.dead
        }

        def of(table):
            return Counter(
                row for id, row in table.rows.items() if id not in table.dead and row[0] in contacts
            )

        return set(contacts.values()), of(self.tags), of(self.events)


def content(lake):
    """What a lake holds, by key; its ordinals are 0..n-1."""
    with lake.snapshot() as snapshot:
        ordinals = [
            row[0] for row in snapshot.rows("SELECT ordinal FROM contacts ORDER BY ordinal")
        ]
        assert ordinals == list(range(snapshot.contacts))
        contacts = snapshot.rows("SELECT key, country, score FROM contacts")
        joined = "JOIN contacts c ON c.ordinal = b.ordinal"
        tags = snapshot.rows(f'SELECT key, tag, b."at" FROM tags b {joined}')
        events = snapshot.rows(f'SELECT key, event, b."at", amount FROM events b {joined}')
        for table, rows in (("tags", tags), ("events", events)):
            assert snapshot.rows(f"SELECT count(*) FROM {table}") == [(len(rows),)]
        assert len(set(contacts)) == len(contacts)
        return set(contacts), Counter(tags), Counter(events)


def step(*kinds):
    return st.tuples(
        st.sampled_from(kinds), st.sampled_from(KEYS), st.integers(0, 3), st.sampled_from("XY")
    )


COMMON = ("contact", "contact", "contact", "no contact", "tag", "no tag", "event", "no event")
ROUNDS = 25 if os.environ.get("SEGBENCH_SOAK") else 1


def rounds(kinds, modes):
    return st.lists(
        st.tuples(st.lists(step(*kinds), max_size=12), st.sampled_from(modes)),
        min_size=1,
        max_size=5,
    )


def follow(found):
    source = Source()
    with tempfile.TemporaryDirectory() as folder, Lake.create(Path(folder) / "lake") as lake:
        for steps, mode in found:
            for each in steps:
                source.change(each)
            options = {"now": NOW, "mapping": MAPPING, "deleted": "deleted", "allow_empty": True}
            tables = source.tables(with_dead=mode != "live rows in full")
            if mode in ("watermark", "noting full"):
                options |= {"watermark": "updated", "full": mode == "noting full"}
            before = len(lake.snapshots())
            report = sync(lake, **tables, **options)
            assert content(lake) == source.live(), (mode, report.summary())
            assert (report.snapshot is None) == (len(lake.snapshots()) == before)
            assert sync(lake, **tables, **options).snapshot is None


@settings(max_examples=6 * ROUNDS)
@given(rounds((*COMMON, "twin"), ("live rows in full", "marked rows in full")))
def test_a_lake_has_what_its_source_has_after_every_full_sync(found):
    follow(found)


@settings(max_examples=12 * ROUNDS)
@example(
    # An event comes before its contact, and the mark goes past it.
    [
        ([("event", "a", 1, "X"), ("contact", "b", 0, "X")], "watermark"),
        ([("event", "b", 2, "X")], "watermark"),
        ([("contact", "a", 0, "Y")], "watermark"),
        # A contact goes while its events stay, and comes again.
        ([("no contact", "b", 0, "X"), ("event", "a", 3, "Y")], "watermark"),
        ([("contact", "b", 0, "X")], "watermark"),
    ]
)
@given(rounds(COMMON, ("watermark", "watermark", "noting full", "marked rows in full")))
def test_a_lake_has_what_its_source_has_after_every_sync_by_watermark(found):
    follow(found)
