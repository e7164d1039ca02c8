"""Contacts in the order of a sort, kept so that any page of them is at hand at once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segbench.engine.cache import SizedCache
from segbench.engine.membership import Membership
from segbench.engine.relational_values import predicate
from segbench.lake.snapshot import Snapshot
from segbench.model.smart_list import KEY, Sort
from segbench.plan.atoms import ItemHas, TextHas, comparable

if TYPE_CHECKING:
    import ibis

KEPT = 64 << 20
"""Bytes of sorted ordinals that are kept: those of 1,000,000 contacts take 4 MB."""
FEW = 20
"""Where fewer than one in so many are members, they alone are sorted."""
MOST_WORDS = 8

Ordinals = NDArray[np.signedinteger[Any]]


class Orders:
    """Sorted contacts of one snapshot; several threads may ask."""

    def __init__(self, snapshot: Snapshot, most_bytes: int = KEPT) -> None:
        self.snapshot = snapshot
        self._sorted: SizedCache[NDArray[Any]] = SizedCache(most_bytes)
        self._found: SizedCache[Membership] = SizedCache(most_bytes // 4)
        self._lock = threading.RLock()

    @property
    def nbytes(self) -> int:
        """How many bytes the sorted ordinals take."""
        return self._sorted.nbytes

    def ordinals(self, members: Membership, sort: Sort) -> Ordinals:
        """The members in the order of a sort, then of their keys; as the lake has them without.

        Texts are compared without case, those without a value come last either way.
        """
        if not sort:
            return members.ids()
        wanted = (sort, members.sha256)
        with self._lock:
            found = self._sorted.get(wanted)
            if found is None:
                found = self._sort(members, sort)
                self._sorted.put(wanted, found)
            return found

    def search(self, text: str, fields: tuple[tuple[str, str], ...]) -> Membership:
        """The contacts of whom every word is part of the key or of one of the fields.

        `fields` are names of texts or lists with their types; upper and lower case are the same.
        """
        words = text.split()[:MOST_WORDS]
        wanted = (tuple(words), fields)
        with self._lock:
            found = self._found.get(wanted)
            if found is None:
                contacts = self.snapshot.table("contacts")
                holds = _every_word(contacts, words, ((KEY, "text"), *fields))
                bits = self.snapshot.bits(contacts.select("ordinal", holds=holds))
                found = Membership.from_bits(bits, self.snapshot.contacts)
                self._found.put(wanted, found)
            return found

    def _sort(self, members: Membership, sort: Sort) -> NDArray[Any]:
        if len(members) * FEW < members.contacts:
            return self._asked(sort, members)
        whole = self._sorted.get(sort)
        if whole is None:
            whole = self._asked(sort, None)
            self._sorted.put(sort, whole)
        order: Ordinals = whole[members.flags()[whole]]
        return order

    def _asked(self, sort: Sort, members: Membership | None) -> NDArray[Any]:
        """The ordinals in order, of the members or of everybody."""
        import ibis

        contacts = self.snapshot.table("contacts")
        if members is not None:
            wanted = ibis.memtable(pa.table({"ordinal": members.ids()}))
            contacts = contacts.semi_join(wanted, "ordinal")
        found = self.snapshot.ordinals(contacts.order_by(_keys(contacts, sort)).select("ordinal"))
        return found.astype(np.int32) if self.snapshot.contacts < 2**31 else found


def _keys(contacts: ibis.Table, sort: Sort) -> list[Any]:
    keys = []
    for name, direction in sort:
        value = contacts[name]
        value = value.lower() if value.type().is_string() and name != KEY else value
        keys.append(value.asc() if direction == "up" else value.desc())
    return keys if KEY in (name for name, _ in sort) else [*keys, contacts[KEY].asc()]


def _every_word(contacts: ibis.Table, words: list[str], fields: tuple[tuple[str, str], ...]) -> Any:
    import ibis

    every = ibis.literal(True)
    for word in words:
        part = comparable(word, False)
        some = ibis.literal(False)
        for name, kind in fields:
            atom = ItemHas(name, part) if kind == "list" else TextHas(name, "anywhere", part)
            some = some | predicate(atom, contacts)
        every = every & some
    return every
