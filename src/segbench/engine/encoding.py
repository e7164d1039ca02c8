"""Making the arrays of `encoded`: read from a snapshot once, written to a file, opened again."""

from __future__ import annotations

import struct
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segbench.engine.encoded import Array, Codes, Encoded, Numbers, numbers_of
from segbench.lake.connection import quoted
from segbench.lake.snapshot import Snapshot

MOST_VALUES = 1 << 16
MOST_VALUE_BYTES = 4 << 20
Content = list[bytes | memoryview]
"""What a file is to hold, part after part."""
_HEAD = struct.Struct("<QQ")


def encode(field: str, snapshot: Snapshot) -> Content | None:
    """The file of a field; None where it has many different texts, or lists."""
    import pyarrow.compute as pc

    name = quoted(field)
    column = f"SELECT DISTINCT {name} AS value FROM contacts"
    about = f"SELECT approx_count_distinct({name}) FROM contacts"
    # The estimate is a few percent off.
    if snapshot.rows(about)[0][0] < 1.2 * MOST_VALUES:
        found = snapshot.batches(f"{column} LIMIT {MOST_VALUES + 1}").read_all()
        values = found.column("value").combine_chunks()
        if pa.types.is_list(values.type) or values.nbytes > MOST_VALUE_BYTES:
            return None
        if len(values) <= MOST_VALUES:
            coded = _codes(name, values.take(pc.sort_indices(values)), snapshot)
            if coded is not None:
                return coded
    array = read_numbers(field, snapshot)
    return None if array is None else _packed(pa.array([], _kind(name, snapshot)), array)


def decode(file: BinaryIO, start: int) -> Encoded:
    """The encoded field whose bytes begin at the place `start` of an open file."""
    file.seek(start)
    size, contacts = _HEAD.unpack(file.read(_HEAD.size))
    table = pa.ipc.open_stream(file.read(size)).read_all()
    dtype = np.dtype((table.schema.metadata or {})[b"dtype"].decode())
    array = Array(file, start + _HEAD.size + size, dtype, contacts)
    kind = Codes if dtype.kind == "u" else Numbers
    return kind(table.column("value").combine_chunks(), array)


def _codes(name: str, values: pa.Array, snapshot: Snapshot) -> Content | None:
    import pyarrow.compute as pc

    codes = np.zeros(snapshot.contacts, np.uint8 if len(values) <= 1 << 8 else np.uint16)
    for batch in snapshot.batches(f"SELECT ordinal, {name} AS value FROM contacts"):
        found = pc.index_in(batch.column("value"), value_set=values)
        if found.null_count:
            # Arrow tells values apart that DuckDB does not, such as the two zeros.
            return None
        codes[batch.column("ordinal").to_numpy()] = found.to_numpy()
    return _packed(values, codes)


def read_numbers(field: str, snapshot: Snapshot) -> NDArray[Any] | None:
    """Each contact's number or moment, as `numbers_of` has them; None of other values."""
    name = quoted(field)
    like = numbers_of(pa.array([], _kind(name, snapshot)))
    if like is None:
        return None
    array = np.empty(snapshot.contacts, like.dtype)
    for batch in snapshot.batches(f"SELECT ordinal, {name} AS value FROM contacts"):
        found = numbers_of(batch.column("value"))
        if found is None:
            return None
        array[batch.column("ordinal").to_numpy()] = found
    return array


def _kind(name: str, snapshot: Snapshot) -> pa.DataType:
    nothing = snapshot.batches(f"SELECT {name} AS value FROM contacts LIMIT 0").read_all()
    return nothing.column("value").type


def _packed(values: pa.Array, array: NDArray[Any]) -> Content:
    table = pa.table({"value": values}).replace_schema_metadata({"dtype": array.dtype.str})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    head = sink.getvalue().to_pybytes()
    return [_HEAD.pack(len(head), len(array)) + head, array.data]
