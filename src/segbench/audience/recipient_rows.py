"""The rows of recipients with what the campaign knows of each: its list, its group of a split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segbench.audience.export import RowSource
from segbench.engine.membership import Membership

CLAIMED_BY = "claimed_by"
SPLIT_GROUP = "split_group"
ORDINAL = "ordinal"


@dataclass(frozen=True)
class Told:
    """A column that says for each contact which one of several parts it is in."""

    name: str
    parts: tuple[str, ...]
    codes: NDArray[np.int8]

    @classmethod
    def of(cls, name: str, parts: Mapping[str, Membership], contacts: int) -> Told:
        """The column of disjoint memberships; a contact in none of them has no value."""
        codes = np.full(contacts, -1, dtype=np.int8)
        for code, members in enumerate(parts.values()):
            codes[members.ids()] = code
        return cls(name, tuple(parts), codes)

    def values(self, ordinals: NDArray[np.int64]) -> pa.Array:
        """The column of these contacts, as text."""
        codes = self.codes[ordinals]
        found = pa.array(codes, mask=codes < 0)
        return pa.DictionaryArray.from_arrays(found, pa.array(self.parts, pa.string())).cast(
            pa.string()
        )


class RecipientRows:
    """What an engine has, and the columns that the campaign tells."""

    def __init__(self, engine: RowSource, told: Sequence[Told]) -> None:
        self._engine = engine
        self._told = {each.name: each for each in told}

    def rows(self, members: Membership, columns: Sequence[str]) -> pa.RecordBatchReader:
        """The members' rows, these columns only, as a stream of Arrow batches."""
        if not any(name in self._told for name in columns):
            return self._engine.rows(members, columns)
        real = [name for name in columns if name not in self._told]
        source = self._engine.rows(members, [ORDINAL, *(n for n in real if n != ORDINAL)])
        schema = pa.schema(
            [
                pa.field(name, pa.string()) if name in self._told else source.schema.field(name)
                for name in columns
            ]
        )
        return pa.RecordBatchReader.from_batches(schema, self._batches(source, schema))

    def _batches(self, source: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        with source:
            for batch in source:
                ordinals = batch.column(ORDINAL).cast(pa.int64()).to_numpy()
                arrays = [
                    self._told[name].values(ordinals) if name in self._told else batch.column(name)
                    for name in schema.names
                ]
                yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def told_names(taken: Sequence[str], *, claimed: bool, split: bool) -> tuple[str, ...]:
    """The names of the columns that are told; those of fields get an underscore behind them."""
    wanted = [CLAIMED_BY] * claimed + [SPLIT_GROUP] * split
    found = []
    for name in wanted:
        while name in taken:
            name += "_"
        found.append(name)
    return tuple(found)
