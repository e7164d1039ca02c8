"""The snapshots of a workspace over time: which one answers at a moment, and what it knows."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from dataclasses import replace

from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.errors import LakeError
from segbench.lake.lake import Lake
from segbench.model.catalog import Catalog, Choice, EventType, Field, ValueType
from segbench.model.moments import to_utc
from segbench.workbench.past_engine import PastEngine, Places, Reader, places_in

ENGINES_KEPT = 8
"""Open snapshots, at about 3 MB each."""
CACHE_BYTES = 16 * 1024 * 1024
MOST_ZONES = 500
"""As many values of the field of time zones as a catalogue lists."""


class PastData:
    """Past snapshots, opened when they are asked for; a few stay open.

    Contacts of all snapshots have one number each: their ordinal in the newest snapshot or, where
    they are gone from it, one after those.
    """

    def __init__(self, lake: Lake, newest: LocalEngine) -> None:
        self._lake, self._newest = lake, newest
        self._engines: OrderedDict[int, PastEngine] = OrderedDict()
        self._gone: dict[str, int] = {}
        self._numbers: dict[int, Places | None] = {}
        self._types: dict[int, dict[str, ValueType]] = {}
        self._times: list[tuple[dt.datetime, int]] = []
        self._reader: Reader | None = None
        self._lock = threading.RLock()
        self._ended = False

    @property
    def newest(self) -> int:
        """The id of the newest snapshot."""
        return self._newest.snapshot.id

    @property
    def times(self) -> list[tuple[dt.datetime, int]]:
        """When each snapshot was committed (naive UTC) and its id, from the first with contacts."""
        with self._lock:
            if not self._times:
                entries = [e for e in self._lake.snapshots() if e.id <= self.newest]
                while len(entries) > 1 and not self.engine(entries[0].id).contacts:
                    entries.pop(0)
                self._times = [(to_utc(entry.time), entry.id) for entry in entries]
            return self._times

    @property
    def begins(self) -> dt.datetime:
        """The moment (naive UTC) from which on fields, tags and contacts are known."""
        return self.times[0][0]

    def snapshot_at(self, moment: dt.datetime) -> int:
        """The newest snapshot committed at or before a moment; earlier than all, the first."""
        return max([id for time, id in self.times if time <= moment], default=self.times[0][1])

    def engine(self, id: int) -> PastEngine:
        """What answers over the contacts of that snapshot."""
        self._require_open()
        with self._lock:
            if id not in self._engines:
                self._engines[id] = self._opened(id)
            self._engines.move_to_end(id)
            while len(self._engines) > ENGINES_KEPT:
                old, engine = self._engines.popitem(last=False)
                self._numbers.pop(old, None)
                self._let_go(engine)
            return self._engines[id]

    def numbers(self, engine: PastEngine, ordinals: Places) -> Places:
        """The numbers, over all snapshots, of the contacts with these ordinals."""
        with self._lock:
            id = engine.snapshot.id
            if id not in self._numbers:
                self._numbers[id] = self._number(engine)
            known = self._numbers[id]
        return ordinals if known is None else known[ordinals]

    def keys(self, numbers: Places) -> tuple[str, ...]:
        """The keys of contacts by their numbers, in the same order."""
        self._require_open()
        wanted = [int(number) for number in numbers if number < self._newest.contacts]
        found = {number: key for key, number in self._gone.items()}
        if wanted:
            members = Membership.of(wanted, self._newest.contacts)
            table = self._newest.rows(members, ("ordinal", "key")).read_all()
            pairs = zip(table["ordinal"].to_pylist(), table["key"].to_pylist(), strict=True)
            found.update(pairs)
        return tuple(found[int(number)] for number in numbers)

    def catalog(self, id: int, zone_field: str, first: int) -> Catalog:
        """What can be asked of a snapshot: its own fields, and others without any value.

        Where snapshots differ in the type of a field, `first` decides; then the newest. Events are
        those of the newest. Of the values that occur, those of `zone_field` alone are listed.
        """
        newest, engine = self._newest.snapshot.catalog(), self.engine(id)
        fields = {field.name: field for field in newest.fields} if id == self.newest else {}
        known: dict[str, Field] = {}
        for types in map(self._fields_of, (first, self.newest, id)):
            for name, kind in types.items():
                own = fields.get(name, Field(name, kind))
                known.setdefault(name, own if own.type == kind else Field(name, kind))
        if id != self.newest and engine.own.fields.get(zone_field) == "text":
            known[zone_field] = _with_choices(engine, zone_field)
        events = newest.events
        if first != self.newest:
            events = _with_those_of(events, self.engine(first).snapshot.catalog().events)
        fields_there = tuple(known.values())
        return replace(newest, contacts=engine.contacts, fields=fields_there, events=events)

    def close(self) -> None:
        """Let go of every snapshot but the newest."""
        with self._lock:
            for engine in self._engines.values():
                self._let_go(engine)
            self._engines.clear()

    def end(self) -> None:
        """Let go of everything: the lake is about to close."""
        self.close()
        self._ended = True

    def _require_open(self) -> None:
        if self._ended:
            raise LakeError("The workbench is closed.")

    def _fields_of(self, id: int) -> dict[str, ValueType]:
        with self._lock:
            if id not in self._types:
                self._types[id] = self.engine(id).own.fields
            return self._types[id]

    def _opened(self, id: int) -> PastEngine:
        if self._reader is None:
            self._reader = Reader(self._newest)
        if id == self.newest:
            return PastEngine(self._reader, self._reader, None)
        snapshot = self._lake.snapshot(id)
        try:
            places = places_in(snapshot, self._newest.snapshot)
            return PastEngine(Reader(LocalEngine(snapshot, CACHE_BYTES)), self._reader, places)
        except BaseException:
            snapshot.close()
            raise

    def _let_go(self, engine: PastEngine) -> None:
        if engine.snapshot.id != self.newest:
            engine.snapshot.close()

    def _number(self, engine: PastEngine) -> Places | None:
        if engine.places is None:
            return None
        found = engine.places.copy()
        gone = Membership.from_flags(found < 0)
        table = engine.rows(gone, ("ordinal", "key")).read_all()
        columns = (table[name].to_pylist() for name in ("ordinal", "key"))
        for ordinal, key in zip(*columns, strict=True):
            found[ordinal] = self._gone.setdefault(key, self._newest.contacts + len(self._gone))
        return found


def _with_those_of(
    events: tuple[EventType, ...], earlier: tuple[EventType, ...]
) -> tuple[EventType, ...]:
    """The events, and the ones and their properties that only an earlier snapshot has."""
    found = {event.name: event for event in events}
    for event in earlier:
        now = found.setdefault(event.name, event)
        names = {known.name for known in now.properties}
        more = (known for known in event.properties if known.name not in names)
        found[event.name] = replace(now, properties=(*now.properties, *more))
    return tuple(found.values())


def _with_choices(engine: PastEngine, field: str) -> Field:
    """The field of time zones with the zones that occurred; too many are none, and an error."""
    name = '"' + field.replace('"', '""') + '"'
    rows = engine.snapshot.rows(
        f"SELECT {name}, count(*) FROM contacts WHERE {name} IS NOT NULL "
        f"GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT {MOST_ZONES + 1}"
    )
    few = rows if len(rows) <= MOST_ZONES else []
    known = sum(count for _, count in rows)
    return Field(field, "text", known=known, choices=tuple(Choice(*row) for row in few))
