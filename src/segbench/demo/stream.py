"""Events as they are drawn, in columns, and the Arrow table that they become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from segbench.demo.timeline import Ints

Values = npt.NDArray[Any]

PROPERTIES = {
    "campaign": pa.string(),
    "machine_open": pa.bool_(),
    "link": pa.string(),
    "bounce_type": pa.string(),
    "page": pa.string(),
    "form": pa.string(),
    "product": pa.string(),
    "amount": pa.float64(),
}
"""Every property of the demo CRM's events, with its Arrow type."""


@dataclass(frozen=True)
class Part:
    """Events of one name: `who` (position in the chunk), `at` (microseconds, UTC), properties.

    A text property holds positions in its list of words.
    """

    event: str
    who: Ints
    at: Ints
    properties: dict[str, Values] = field(default_factory=dict)

    def where(self, kept: Values) -> Part:
        """The events that `kept` (flags or positions) chooses."""
        chosen = {name: values[kept] for name, values in self.properties.items()}
        return Part(self.event, self.who[kept], self.at[kept], chosen)


def per_contact(parts: Sequence[Part], event: str, n: int) -> Ints:
    """How many events of that name each of `n` contacts has."""
    counts = np.zeros(n, np.int64)
    for part in parts:
        if part.event == event:
            counts += np.bincount(part.who, minlength=n)
    return counts


def last_per_contact(parts: Sequence[Part], event: str, n: int) -> pa.Array:
    """When each of `n` contacts last had an event of that name; null where never."""
    never = np.iinfo(np.int64).min
    last = np.full(n, never)
    for part in parts:
        if part.event == event:
            np.maximum.at(last, part.who, part.at)
    return pa.array(last, pa.timestamp("us"), mask=last == never)


def events_table(parts: Sequence[Part], keys: pa.Array, words: Mapping[str, pa.Array]) -> pa.Table:
    """The events in the contract of `Batch`, by contact and time; `words` per text property."""
    who = np.concatenate([part.who for part in parts])
    at = np.concatenate([part.at for part in parts])
    names = sorted({part.event for part in parts})
    codes = [np.full(len(part.who), names.index(part.event), np.int8) for part in parts]
    order = np.lexsort((at, who))
    columns = {
        "key": keys.take(pa.array(who[order])),
        "event": pa.array(names, pa.string()).take(pa.array(np.concatenate(codes)[order])),
        "at": pa.array(at[order], pa.timestamp("us")),
    }
    for name, kind in PROPERTIES.items():
        values, missing = _property(parts, name, kind, order)
        if kind == pa.string():
            columns[name] = words[name].take(pa.array(values, mask=missing))
        else:
            columns[name] = pa.array(values, kind, mask=missing)
    return pa.table(columns)


def _property(
    parts: Sequence[Part], name: str, kind: pa.DataType, order: Ints
) -> tuple[Values, Values]:
    dtype = np.dtype(np.int16 if kind == pa.string() else kind.to_pandas_dtype())
    values = np.zeros(len(order), dtype)
    missing = np.ones(len(order), np.bool_)
    end = 0
    for part in parts:
        start, end = end, end + len(part.who)
        if name in part.properties:
            values[start:end] = part.properties[name]
            missing[start:end] = False
    return values[order], missing[order]
