"""A run of past snapshots, answered from the first of them and what was written after it."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segbench.engine.cache import MembershipCache
from segbench.engine.membership import Membership
from segbench.engine.relational import ordinals_of
from segbench.lake.lake import Lake
from segbench.lake.row_versions import Written
from segbench.lake.rows_then import TagsThen, read_rows_then
from segbench.plan.atoms import Atom, HasTag
from segbench.workbench.past_engine import Places, Reader, Until

ANSWERS_KEPT = 64
TAGGED_BYTES = 16 * 1024 * 1024
Flags = NDArray[np.bool_]


class Run:
    """Snapshots (ascending) with the same columns, of which only the first one is open.

    `contacts` are how many each has, `written` what came after the first one, `numbers` whose that
    is. `gone` has the events of contacts that the newest snapshot lacks, by place in the run; None
    where they are too many to be read at once.
    """

    def __init__(
        self,
        lake: Lake,
        ids: Sequence[int],
        contacts: Sequence[int],
        first: Reader,
        written: Written,
        who: Places,
        numbers: Places,
    ) -> None:
        self.lake, self.ids, self.contacts, self.first = lake, ids, contacts, first
        self.gone: Written | None = None
        self._written, self._who, self._numbers = written, who, numbers
        self._most = max(*contacts, int(written.ordinals.max(initial=-1)) + 1)
        self._answers: OrderedDict[tuple[str, Atom, dt.datetime | None], Flags] = OrderedDict()
        self._texts: dict[str, dict[str, int]] = {}
        self._changes: dict[str, list[int]] = {}
        self._tags: dict[int, TagsThen] = {}
        self._tagged = MembershipCache(TAGGED_BYTES)

    def who(self, place: int) -> Places:
        """The numbers, over all snapshots, of the contacts of one of them."""
        return self._patched(place, self._who, self._numbers)

    def holds(self, place: int, atom: Atom) -> Flags:
        """The contacts of a snapshot for which an atom about their own row is true."""
        found = self._answer("contacts", self._written, atom, None)
        return self._patched(place, self.first.atom(atom).flags(), found)

    def tagged(self, place: int, atom: HasTag) -> Membership:
        """The contacts of a snapshot for which an atom about their tags is true."""
        id, known = self.ids[place], self._tagged.get((place, atom))
        if known is None:
            with self.lake.holding([id]):
                if id not in self._tags:
                    self._tags[id] = TagsThen(self.lake, id, self.first.tag_columns())
                found = self.first.snapshot.each_ordinals(ordinals_of(atom, self._tags[id]))
                known = Membership.of_batches(found, self.contacts[place])
            self._tagged.put((place, atom), known)
        return known

    def holds_of_gone(
        self, place: int, gone: Written, atom: Atom, cut: dt.datetime | None
    ) -> Flags:
        """The contacts of a snapshot that are gone by now and for which an event atom is true."""
        found = self._answer("events", gone, atom, cut)
        flags = np.zeros(self.contacts[place], np.bool_)
        here = slice(gone.until(place - 1), gone.until(place))
        flags[gone.ordinals[here]] = found[here]
        return flags

    def texts(self, field: str, most: int) -> dict[str, int] | None:
        """The texts that a field has in any of the snapshots; None where they are more than that.

        Each with a number of contacts that have it, in the first snapshot or later.
        """
        if field not in self._texts:
            found = dict(self.first.texts(field, most + 1))
            later = self._written.rows.column(field).drop_null().value_counts()
            for each in later.to_pylist():
                found[each["values"]] = found.get(each["values"], 0) + each["counts"]
            self._texts[field] = found
        return self._texts[field] if len(self._texts[field]) <= most else None

    def changes_of(self, key: str) -> list[int]:
        """The places at which the contact of that key has other fields or tags than before."""
        if key not in self._changes:
            self._changes = {key: self._find_changes(key)}
        return self._changes[key]

    def _find_changes(self, key: str) -> list[int]:
        written, number = self._written, len(self.ids)
        keys = np.asarray(written.rows.column("key").to_pylist(), dtype=object)
        first = self.first.snapshot.rows("SELECT ordinal FROM contacts WHERE key = ?", [key])
        ordinals = {*written.ordinals[keys == key].tolist(), *(int(row[0]) for row in first)}
        among = np.isin(written.ordinals, sorted(ordinals))
        found = {0, *written.places[among].tolist()}
        # Of an ordinal that had somebody else for a while, the tags may be asked in vain.
        everywhere = np.repeat(np.arange(number), len(ordinals))
        asked = np.tile(np.array(sorted(ordinals), np.int64), number)
        then = read_rows_then(self.lake, "tags", self.ids, everywhere, asked)
        tags: list[set[Any]] = [set() for _ in self.ids]
        for row in then.rows.to_pylist():
            place, ordinal = int(everywhere[row["ordinal"]]), int(asked[row["ordinal"]])
            tags[place].add((ordinal, row["tag"], row.get("at")))
        found |= {place for place in range(1, number) if tags[place] != tags[place - 1]}
        return sorted(found)

    def close(self) -> None:
        """Let go of the first snapshot and of what was read of the others."""
        for tags in self._tags.values():
            tags.close()
        self.first.close()

    def _patched(self, place: int, first: NDArray[Any], later: NDArray[Any]) -> NDArray[Any]:
        """What contacts had in the first snapshot or, where they were written later, then."""
        found = np.zeros(self._most, first.dtype)
        found[: len(first)] = first
        until = self._written.until(place)
        # Of an ordinal that is there twice, the last one counts.
        found[self._written.ordinals[:until]] = later[:until]
        return found[: self.contacts[place]]

    def _answer(self, name: str, rows: Written, atom: Atom, cut: dt.datetime | None) -> Flags:
        """For which of the rows' owners an atom is true."""
        key = (name, atom, cut)
        if key not in self._answers:
            flags = np.zeros(len(rows), np.bool_)
            asked = ordinals_of(atom, rows if cut is None else Until(rows, cut))
            for numbers in self.first.snapshot.each_ordinals(asked) if len(rows) else ():
                flags[numbers] = True
            self._answers[key] = flags
        self._answers.move_to_end(key)
        while len(self._answers) > ANSWERS_KEPT:
            self._answers.popitem(last=False)
        return self._answers[key]
