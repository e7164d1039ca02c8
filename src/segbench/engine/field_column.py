"""One field as an array, and beside it the values of those contacts that changed since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segbench.engine.encoded import Encoded, Numbers, are_within, missing, numbers_of
from segbench.engine.membership import Membership
from segbench.engine.relational import ordinals_of
from segbench.lake.snapshot import Snapshot
from segbench.model.moments import Bounds
from segbench.plan.atoms import Known, ValueAtom, Within

if TYPE_CHECKING:
    import ibis


_NOBODY = np.empty(0, np.int64)


@dataclass(frozen=True)
class FieldColumn:
    """The values of one field; `rows` holds `ordinal` and `value` of each contact changed since."""

    field: str
    encoded: Encoded
    rows: pa.Table | None = None

    @property
    def changed(self) -> int:
        """How many contacts are not as the array has them."""
        return self.rows.num_rows if self.rows is not None else 0

    def patched(self, rows: pa.Table) -> FieldColumn:
        """The same with the present rows of contacts that changed once more."""
        # Naming its 280 functions takes a tenth of a short command.
        import pyarrow.compute as pc

        later = pa.table({"ordinal": rows["ordinal"], "value": rows[self.field]})
        if self.rows is not None:
            again = pc.is_in(self.rows["ordinal"], value_set=later["ordinal"])
            later = pa.concat_tables([self.rows.filter(pc.invert(again)), later])
        return replace(self, rows=later)

    def answer(self, atom: ValueAtom, snapshot: Snapshot) -> Membership | None:
        """The contacts for which the atom, of this field alone, is true; None if it cannot tell."""
        bounds, values = _bounds(atom), self.encoded.values
        if isinstance(self.encoded, Numbers) and bounds is None:
            return None
        changed = self.rows["value"].chunks if self.rows is not None else []
        met = self._met(atom, bounds, pa.chunked_array([values, *changed]), snapshot)
        if isinstance(self.encoded, Numbers):
            assert bounds is not None
            members = self.encoded.within(bounds)
        else:
            members = self.encoded.holds(met[met < len(values)])
        if self.rows is None and members.contacts == snapshot.contacts:
            return members
        ordinals = self.rows["ordinal"].to_numpy() if self.rows is not None else _NOBODY
        holds = ordinals[met[met >= len(values)] - len(values)]
        holds = holds[holds < snapshot.contacts]
        return members.patched(ordinals, [holds], snapshot.contacts)

    def numbers(self, contacts: int) -> NDArray[Any] | None:
        """Every contact's number or moment, as `numbers_of` gives them; None of other values."""
        found = self.encoded.numbers()
        if found is None or (self.rows is None and len(found) == contacts):
            return found
        now = np.full(contacts, missing(found.dtype), found.dtype)
        now[: len(found)] = found[:contacts]
        if self.rows is not None:
            values = numbers_of(self.rows["value"])
            if values is None:
                return None
            ordinals = self.rows["ordinal"].to_numpy()
            here = ordinals < contacts
            now[ordinals[here]] = values[here]
        return now

    def _met(
        self, atom: ValueAtom, bounds: Bounds | None, values: pa.ChunkedArray, snapshot: Snapshot
    ) -> NDArray[np.int64]:
        """The places of the values for which the atom is true, in no set order."""
        numbers = numbers_of(values) if bounds is not None else None
        if numbers is not None and bounds is not None:
            return np.flatnonzero(are_within(numbers, bounds))
        return snapshot.ordinals(ordinals_of(atom, _Values(self.field, values)))


@dataclass(frozen=True)
class _Values:
    """Values as a table of contacts that atoms can be asked of; a value's place is its ordinal."""

    field: str
    values: pa.ChunkedArray

    def table(self, name: str) -> ibis.Table:
        """The table `contacts`."""
        import ibis

        assert name == "contacts"
        places = np.arange(len(self.values))
        return ibis.memtable(pa.table({"ordinal": places, self.field: self.values}))


def _bounds(atom: ValueAtom) -> Bounds | None:
    """What a number or moment must lie within for the atom to be true."""
    match atom:
        case Within(_, "number" | "datetime", bounds):
            return bounds
        case Known(_, "number" | "datetime"):
            return Bounds()
        case _:
            return None
