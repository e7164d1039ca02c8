"""How often each value of a field occurs among some contacts, counted over the field's array."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segbench.engine.encoded import Codes, numbers_of
from segbench.engine.field_column import FieldColumn
from segbench.engine.membership import Membership


def values_of(column: FieldColumn) -> pa.ChunkedArray:
    """The values of a dictionary-encoded field: each of them, then that of each changed contact."""
    changed = column.rows["value"].chunks if column.rows is not None else []
    return pa.chunked_array([column.encoded.values, *changed])


def count_values(column: FieldColumn, members: Membership) -> NDArray[np.int64]:
    """How many of the members have each of `values_of` a dictionary-encoded field."""
    assert isinstance(column.encoded, Codes)
    size = len(column.encoded.values)
    counts = np.zeros(size, np.int64)
    for part in _parts(column, members):
        counts += np.bincount(part, minlength=size)
    return np.concatenate((counts, _changed(column, members).astype(np.int64)))


def numbers_among(column: FieldColumn, members: Membership) -> Iterator[NDArray[Any]]:
    """The numbers of the members, as `numbers_of` gives them, a block at a time."""
    yield from _parts(column, members)
    if column.rows is not None:
        found = numbers_of(column.rows["value"].combine_chunks())
        if found is None:
            raise ValueError(f"The field {column.field!r} holds no numbers.")
        yield found[_changed(column, members)]


def _parts(column: FieldColumn, members: Membership) -> Iterator[NDArray[Any]]:
    """What the array has of those members that did not change since."""
    array = column.encoded.array
    flags = np.zeros(array.length, np.bool_)
    held = members.flags()[: array.length]
    flags[: len(held)] = held
    if column.rows is not None:
        ordinals = column.rows["ordinal"].to_numpy()
        flags[ordinals[ordinals < array.length]] = False
    place = 0
    for part in array.blocks():
        yield part[flags[place : place + len(part)]]
        place += len(part)


def _changed(column: FieldColumn, members: Membership) -> NDArray[np.bool_]:
    """Which of the changed contacts are members."""
    if column.rows is None:
        return np.zeros(0, np.bool_)
    ordinals = column.rows["ordinal"].to_numpy()
    inside = ordinals < members.contacts
    flags = np.zeros(len(ordinals), np.bool_)
    flags[inside] = members.flags()[ordinals[inside]]
    return flags
