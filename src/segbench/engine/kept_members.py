"""Memberships in files beside the lake: what one process asked, the next one need not."""

from __future__ import annotations

import functools
import hashlib
import operator
from dataclasses import replace

import numpy as np

from segbench.engine.membership import WORD, Membership
from segbench.lake.kept import Kept
from segbench.plan.atoms import Atom, HasTag

SHRINK_EVERY = 32


class KeptMembers:
    """Memberships by atom, over the contacts of one snapshot."""

    def __init__(self, kept: Kept, contacts: int, most_bytes: int) -> None:
        self._kept, self._contacts, self._puts = kept, contacts, 0
        self._most_bytes = most_bytes

    def get(self, atom: Atom) -> Membership | None:
        """The membership that was kept for the atom, or for each of its tags, if any."""
        found = self._read(atom)
        if found is None and isinstance(atom, HasTag) and len(atom.tags) > 1:
            parts = [self._read(replace(atom, tags=(tag,))) for tag in atom.tags]
            if all(part is not None for part in parts):
                found = functools.reduce(operator.or_, parts)
        return found

    def put(self, atom: Atom, members: Membership) -> None:
        """Keep a membership; what is too much goes, now and then."""
        if self._puts % SHRINK_EVERY == 0:
            self._kept.shrink(self._most_bytes)
        self._puts += 1
        self._kept.write(_name(atom), members.words.tobytes())

    def _read(self, atom: Atom) -> Membership | None:
        found = self._kept.read(_name(atom))
        if found is None or len(found) != -(-self._contacts // WORD) * 8:
            return None
        return Membership(np.frombuffer(found, dtype="<u8").copy(), self._contacts)


def _name(atom: Atom) -> str:
    # Atoms are frozen values of plain parts, so that equal ones have the same text.
    return hashlib.blake2b(repr(atom).encode("utf-8", "replace"), digest_size=20).hexdigest()
