"""The snapshots of a workspace over time: which one answers at a moment, and what it knows."""

from __future__ import annotations

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from segbench.engine.cache import CacheSizes
from segbench.engine.local import LocalEngine
from segbench.errors import LakeError
from segbench.lake.lake import Lake
from segbench.model.catalog import Catalog, Field, ValueType
from segbench.model.moments import to_utc
from segbench.workbench.past_catalog import with_choices, with_those_of
from segbench.workbench.past_engine import PastEngine, Places, Reader, places_in
from segbench.workbench.past_later import Later
from segbench.workbench.past_numbers import Numbers
from segbench.workbench.past_plan import Plan

ENGINES_KEPT = 8
"""Open snapshots, at about 3 MB each."""
CACHES = CacheSizes(sets=16)


class PastData:
    """Past snapshots, opened when they are asked for; a few stay open.

    Of many snapshots, those that can be are read together: `prepare`. Contacts of all snapshots
    have one number each.
    """

    def __init__(self, lake: Lake, newest: LocalEngine) -> None:
        self._lake, self._newest = lake, newest
        self._engines: OrderedDict[int, PastEngine] = OrderedDict()
        self._numbers = Numbers(newest)
        self._known: dict[int, Places | None] = {}
        self._types: dict[int, Mapping[str, ValueType]] = {}
        self._times: list[tuple[dt.datetime, int]] = []
        self._sizes: dict[int, int] = {}
        self._lock = threading.RLock()

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
                self._sizes = {e.id: e.rows["contacts"] for e in entries if e.rows}
                while len(entries) > 1 and not self._size(entries[0].id):
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

    def prepare(self, ids: Iterable[int]) -> None:
        """Get ready to answer over many snapshots."""
        self._require_open()
        with self._lock:
            known = {id for _, id in self.times} & self._sizes.keys() - {self.newest}
            self._plan.add({id: self._sizes[id] for id in known.intersection(ids)})

    def first_like(self, id: int, key: str) -> int:
        """An earlier snapshot in which the contact of a key has the same fields and tags, or it."""
        with self._lock:
            run = self._plan.run_of(id)
            if run is None:
                return id
            place = run.ids.index(id)
            return run.ids[max(each for each in run.changes_of(key) if each <= place)]

    def engine(self, id: int) -> PastEngine:
        """What answers over the contacts of that snapshot."""
        self._require_open()
        with self._lock:
            if id not in self._engines:
                self._engines[id] = self._opened(id)
            self._engines.move_to_end(id)
            while len(self._engines) > ENGINES_KEPT:
                self._let_go(next(iter(self._engines)))
            return self._engines[id]

    def numbers(self, engine: PastEngine, ordinals: Places) -> Places:
        """The numbers, over all snapshots, of the contacts with these ordinals."""
        with self._lock:
            id = engine.own.id
            if id not in self._known:
                self._known[id] = self._number(engine)
            known = self._known[id]
        return ordinals if known is None else known[ordinals]

    def keys(self, numbers: Places) -> tuple[str, ...]:
        """The keys of contacts by their numbers, in the same order."""
        self._require_open()
        return self._numbers.keys(numbers)

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
            known[zone_field] = with_choices(engine.own, zone_field)
        events = newest.events
        if first != self.newest:
            events = with_those_of(events, self.engine(first).snapshot.catalog().events)
        fields_there = tuple(known.values())
        return replace(newest, contacts=engine.contacts, fields=fields_there, events=events)

    def close(self) -> None:
        """Let go of every snapshot but the newest."""
        with self._lock:
            self._let_go(*self._engines)
            if "_plan" in self.__dict__:
                self._plan.close()

    def _require_open(self) -> None:
        # Also after the workbench has moved on to other data and was closed then.
        if self._lake.closed:
            raise LakeError("The workbench is closed.")

    @cached_property
    def _now(self) -> Reader:
        return Reader(self._newest)

    @cached_property
    def _plan(self) -> Plan:
        def close(ids: Iterable[int]) -> None:
            self._let_go(*ids)

        return Plan(self._lake, self._numbers, self._now, self._open, close)

    def _fields_of(self, id: int) -> Mapping[str, ValueType]:
        with self._lock:
            if id not in self._types:
                self._types[id] = self.engine(id).own.fields
            return self._types[id]

    def _size(self, id: int) -> int:
        known = self._sizes.get(id)
        return self.engine(id).contacts if known is None else known

    def _opened(self, id: int) -> PastEngine:
        if id == self.newest:
            return PastEngine(self._now, self._now, None)
        run = self._plan.run_of(id)
        if run is None:
            reader, places = self._open(id)
            return PastEngine(reader, self._now, places)
        later = Later(run, run.ids.index(id), lambda id: self._open(id)[0])
        return PastEngine(later, self._now, self._numbers.places(run.who(later.place)))

    def _open(self, id: int) -> tuple[Reader, Places | None]:
        snapshot = self._lake.snapshot(id)
        try:
            places = places_in(snapshot, self._newest.snapshot)
            return Reader(LocalEngine(snapshot, CACHES)), places
        except BaseException:
            snapshot.close()
            raise

    def _let_go(self, *ids: int) -> None:
        for id in ids:
            engine = self._engines.pop(id, None)
            self._known.pop(id, None)
            if engine is not None and engine.own is not self._now:
                engine.own.close()

    def _number(self, engine: PastEngine) -> Places | None:
        if engine.places is None:
            return None
        if isinstance(engine.own, Later):
            return engine.own.run.who(engine.own.place)
        return self._numbers.of(engine)
