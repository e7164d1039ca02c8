"""One number for each contact of all snapshots."""

from __future__ import annotations

import numpy as np

from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.workbench.past_engine import PastEngine, Places


class Numbers:
    """A contact's number is its ordinal in the newest snapshot or, where it is gone from it, later.

    Those who are gone are numbered in the order in which they are met.
    """

    def __init__(self, newest: LocalEngine) -> None:
        self.newest = newest
        self._gone: dict[str, int] = {}

    def of_gone(self, key: str) -> int:
        """The number of a contact that is gone from the newest snapshot."""
        return self._gone.setdefault(key, self.newest.contacts + len(self._gone))

    def of(self, engine: PastEngine) -> Places:
        """The numbers of the contacts of a snapshot, in the order of its ordinals."""
        if engine.places is None:
            return np.arange(engine.contacts)
        found = engine.places.copy()
        gone = Membership.from_flags(found < 0)
        if gone:
            table = engine.rows(gone, ("ordinal", "key")).read_all()
            columns = (table[name].to_pylist() for name in ("ordinal", "key"))
            for ordinal, key in zip(*columns, strict=True):
                found[ordinal] = self.of_gone(key)
        return found

    def places(self, who: Places) -> Places | None:
        """Where contacts are in the newest snapshot, as `PastEngine` wants it."""
        found = np.where(who < self.newest.contacts, who, -1)
        return None if np.array_equal(found, np.arange(len(found))) else found

    def keys(self, numbers: Places) -> tuple[str, ...]:
        """The keys of contacts by their numbers, in the same order."""
        wanted = [int(number) for number in numbers if number < self.newest.contacts]
        # A copy: another thread may be numbering at the same time.
        found = {number: key for key, number in self._gone.copy().items()}
        if wanted:
            members = Membership.of(wanted, self.newest.contacts)
            table = self.newest.rows(members, ("ordinal", "key")).read_all()
            pairs = zip(table["ordinal"].to_pylist(), table["key"].to_pylist(), strict=True)
            found.update(pairs)
        return tuple(found[int(number)] for number in numbers)
