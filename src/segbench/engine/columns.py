"""Fields as arrays, so that another question about a field does not scan the lake.

The first question about a field is asked of the data. The second one is too, and beside it, on a
thread, the field's array is made for all further ones. With `keep` the arrays lie in files that
other processes find.
"""

from __future__ import annotations

import hashlib
import tempfile
import threading
from typing import Any, TypeGuard, get_args

from numpy.typing import NDArray

from segbench.engine.aside import aside
from segbench.engine.cache import DEFAULT
from segbench.engine.encoding import decode, encode, read_numbers
from segbench.engine.field_column import FieldColumn
from segbench.engine.membership import Membership
from segbench.lake.difference import Difference
from segbench.lake.snapshot import Snapshot
from segbench.plan.atoms import Atom, Compared, ValueAtom

FEW = 50_000
"""Fewer contacts are scanned as quickly."""
MOST_CHANGED = 0.02
"""Where more of the contacts changed since, an array is made anew."""


class Columns:
    """The arrays of some fields over one snapshot."""

    def __init__(
        self, snapshot: Snapshot, most_bytes: int = DEFAULT.files << 20, *, keep: bool = False
    ) -> None:
        self.snapshot, self._most_bytes, self._keep = snapshot, most_bytes, keep
        self._held: dict[str, FieldColumn] = {}
        self._asked: dict[str, set[Atom]] = {}
        self._begun: set[str] = set()
        self._refused: set[str] = set()
        self._lock, self._making = threading.RLock(), threading.Lock()

    def answer(self, atom: Atom) -> Membership | None:
        """The contacts for which the atom is true, where an array can tell."""
        if not _fits(atom) or self.snapshot.contacts < FEW:
            return None
        field = atom.field
        with self._lock:
            column = self._held.get(field)
        if column is None and self._keep:
            column = self._find(field)
        return column.answer(atom, self.snapshot) if column is not None else None

    def column(self, field: str) -> FieldColumn | None:
        """The array of a field, made now where there is none yet.

        None of lists, and of texts with too many different values.
        """
        with self._lock:
            if field in self._refused:
                return None
            column = self._held.get(field)
        if column is None and self._keep:
            column = self._find(field)
        if column is None and self.prepare(field):
            with self._lock:
                column = self._held.get(field)
        if column is None:
            with self._lock:
                self._refused.add(field)
        return column

    def numbers(self, field: str) -> NDArray[Any] | None:
        """Each contact's number or moment in a field, by ordinal, as `encoded.numbers_of` has them.

        None of a field that holds something else.
        """
        with self._lock:
            column = self._held.get(field)
        if column is None and self._keep:
            column = self._find(field)
        found = column.numbers(self.snapshot.contacts) if column is not None else None
        return read_numbers(field, self.snapshot) if found is None else found

    def wants(self, atom: Atom) -> bool:
        """Notes the question; whether an array of its field would pay, now that it is another."""
        if not _fits(atom) or self.snapshot.contacts < FEW:
            return False
        with self._lock:
            asked = self._asked.setdefault(atom.field, set())
            asked.add(atom)
            return len(asked) == 2 and atom.field not in self._begun

    def prepare(self, field: str) -> bool:
        """Make the array of a field; whether there is one now."""
        with self._lock:
            self._begun.add(field)
        with self._making:
            with self._lock:
                if field in self._held:
                    return True
            content = encode(field, self.snapshot)
            if content is None:
                return False
            if self._keep:
                self.snapshot.kept.shrink(self._most_bytes - sum(map(len, content)))
                self.snapshot.kept.write(_name(field), *content)
                if self._find(field) is not None:
                    return True
            # Open as long as its array is, and without a name: it goes with it.
            file = tempfile.TemporaryFile(prefix="segbench-")  # noqa: SIM115
            for part in content:
                file.write(part)
            file.flush()
            with self._lock:
                self._held[field] = FieldColumn(field, decode(file, 0))
            return True

    def prepare_aside(self, atom: Atom) -> threading.Thread:
        """`prepare` of the atom's field on a thread of its own, which nobody needs to wait for."""
        assert _fits(atom)
        field = atom.field
        with self._lock:
            self._begun.add(field)
        return aside(
            lambda: self.prepare(field),
            self.snapshot,
            "segbench-column",
            lambda: self._forget(field),
        )

    def adopt(self, earlier: Columns, difference: Difference) -> None:
        """Take over an earlier snapshot's arrays and, beside them, what changed since."""
        if len(difference.contacts) and difference.rows is None:
            return
        rows = difference.rows() if len(difference.contacts) and difference.rows else None
        with earlier._lock:
            held = dict(earlier._held)
        for field, column in held.items():
            later = column if rows is None else column.patched(rows)
            if later.changed <= MOST_CHANGED * self.snapshot.contacts:
                with self._lock:
                    self._held[field] = later
                    self._begun.add(field)

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._held.clear()
            self._asked.clear()
            self._begun.clear()

    def _find(self, field: str) -> FieldColumn | None:
        opened = self.snapshot.kept.open(_name(field))
        if opened is None:
            return None
        column = FieldColumn(field, decode(*opened))
        with self._lock:
            self._begun.add(field)
            return self._held.setdefault(field, column)

    def _forget(self, field: str) -> None:
        with self._lock:
            self._asked.pop(field, None)
            self._begun.discard(field)


def _fits(atom: Atom) -> TypeGuard[ValueAtom]:
    """Whether the atom is about the value of one field alone."""
    return isinstance(atom, get_args(ValueAtom)) and not isinstance(atom, Compared)


def _name(field: str) -> str:
    digest = hashlib.blake2b(field.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"column-{digest}"
