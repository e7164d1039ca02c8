"""The engine over a lake snapshot: each atom is asked once; the rest is set algebra."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import pyarrow as pa

from segbench.engine.asking import ask
from segbench.engine.bit_table import BitTable
from segbench.engine.cache import DEFAULT, CacheSizes, MembershipCache
from segbench.engine.codes import MOST
from segbench.engine.columns import Columns
from segbench.engine.cube import Cube, Levels, levels_of
from segbench.engine.kept_members import KeptMembers
from segbench.engine.membership import Membership
from segbench.engine.number_levels import number_levels
from segbench.engine.patching import carry_over
from segbench.engine.patterns import PatternTable, tabulate
from segbench.engine.timelines import Timelines
from segbench.errors import RuleError
from segbench.lake.difference import Difference
from segbench.lake.snapshot import Snapshot
from segbench.plan.atoms import Atom
from segbench.plan.logic import Logic, atoms, fold

Table = PatternTable | BitTable
TABLES_KEPT = 16


class LocalEngine:
    """Answers logic over one snapshot; may be used from several threads.

    With `keep`, what was asked of the data is kept in files beside the lake for other processes.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        caches: CacheSizes = DEFAULT,
        *,
        keep: bool = False,
    ) -> None:
        self.snapshot = snapshot
        self.timelines = Timelines(snapshot, caches.timelines << 20)
        keep = keep and caches.files > 0
        self.columns = Columns(snapshot, caches.files << 20, keep=keep)
        self._kept: KeptMembers | None = None
        if keep:
            self._kept = KeptMembers(snapshot.kept, snapshot.contacts, caches.files << 20)
        self.queries = 0
        self._cache = MembershipCache(caches.sets << 20)
        self._tables: list[PatternTable] = []
        self._lock = threading.Lock()
        self._asking = threading.Lock()

    @property
    def contacts(self) -> int:
        """How many contacts the snapshot has."""
        return self.snapshot.contacts

    def knows(self, wanted: Iterable[Atom]) -> bool:
        """Whether all the atoms can be answered without asking the data; never waits."""
        return all(self._cached(atom) is not None for atom in wanted)

    def atom(self, atom: Atom) -> Membership:
        """The contacts for which the atom is true; asked of the data at most once."""
        found = self._cached(atom)
        if found is not None:
            return found
        with self._asking:
            found = self._cached(atom)
            if found is None:
                found = self.timelines.answer(atom)
                if found is None and self._kept is not None:
                    found = self._kept.get(atom)
                if found is None:
                    found = self.columns.answer(atom)
                if found is None:
                    self.queries += 1
                    found = ask(atom, self.snapshot)
                    if self._kept is not None:
                        self._kept.put(atom, found)
                    if self.timelines.wants(atom):
                        self.timelines.prepare_aside(atom)
                    if self.columns.wants(atom):
                        self.columns.prepare_aside(atom)
                with self._lock:
                    self._cache.put(atom, found)
            return found

    def take_over(self, earlier: LocalEngine, difference: Difference) -> int:
        """Carry over what an earlier snapshot's engine has cached; returns how many memberships."""
        if not _same_columns(earlier.snapshot, self.snapshot):
            return 0
        with earlier._lock:
            cached: dict[Any, Membership] = dict(earlier._cache.items())
        found = carry_over(cached, difference, self.snapshot)
        with self._lock:
            for atom, members in found.items():
                self._cache.put(atom, members)
        self.columns.adopt(earlier.columns, difference)
        if not len(difference.events) and earlier.contacts == self.contacts:
            self.timelines.adopt(earlier.timelines)
        return len(found)

    def forget(self) -> None:
        """Drop every cached answer, as a measurement wants it."""
        with self._lock:
            self._cache.clear()
            self._tables.clear()
        self.timelines.clear()
        self.columns.clear()

    def _cached(self, atom: Atom) -> Membership | None:
        with self._lock:
            return self._cache.get(atom)

    def members(self, logic: Logic[Any]) -> Membership:
        """The contacts that the logic holds."""
        members: Membership = fold(logic, self.atom, lambda: Membership.everyone(self.contacts))
        return members

    def patterns(self, wanted: Iterable[Atom]) -> Table:
        """What counts any logic over the atoms: a pattern table or, of many atoms, bits."""
        questions = tuple(dict.fromkeys(wanted))
        with self._lock:
            table = next((t for t in self._tables if t.answers(questions)), None)
        if table is None:
            members = {atom: self.atom(atom) for atom in questions}
            if len(questions) > MOST:
                return BitTable(members, self.contacts)
            table = tabulate(members, self.contacts)
        with self._lock:
            self._tables = [table, *(t for t in self._tables if t is not table)][:TABLES_KEPT]
        return table

    def cube(self, growing: Sequence[Atom], others: Iterable[Atom]) -> Cube:
        """A pattern table for each of the growing atoms beside the others, up to 15 of them.

        `RuleError` where an atom does not hold all that the one before it does.
        """
        beside = {atom: self.atom(atom) for atom in dict.fromkeys(others)}
        levels = self.levels(growing)
        if levels is None:
            members = [self.atom(atom) for atom in growing]
            if any(one - other for one, other in pairwise(members)):
                raise RuleError("These questions do not hold more and more contacts.")
            levels = levels_of(members, self.contacts)
        return Cube(levels, growing, beside)

    def levels(self, growing: Sequence[Atom]) -> Levels | None:
        """For each contact the first of the atoms that is true of it, in one pass over the data.

        None unless they ask one thing with one number that makes them hold more and more: a window
        that opens earlier, fewer times, a bound of a number field.
        """
        found = self.timelines.levels(growing)
        return number_levels(growing, self.columns) if found is None else found

    def count(self, logic: Logic[Any]) -> int:
        """How many contacts the logic holds."""
        return self.patterns(atoms(logic)).count(logic)

    def rows(self, members: Membership, columns: Sequence[str]) -> pa.RecordBatchReader:
        """The members' contact rows in ordinal order, these columns only, as Arrow batches."""
        import ibis

        contacts = self.snapshot.table("contacts")
        chosen = contacts.select("ordinal", *(name for name in columns if name != "ordinal"))
        if len(members) < self.contacts:
            wanted = ibis.memtable(pa.table({"ordinal": members.ids()}))
            chosen = chosen.semi_join(wanted, "ordinal")
        return self.snapshot.batches(chosen.order_by("ordinal").select(*columns))


def _same_columns(earlier: Snapshot, later: Snapshot) -> bool:
    """Whether every field and property of the earlier snapshot is in the later one, as it was."""
    pairs = (
        (earlier.field_types(), later.field_types()),
        (earlier.property_types(), later.property_types()),
    )
    return all(before.items() <= after.items() for before, after in pairs)
