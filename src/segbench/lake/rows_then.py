"""Rows as they were in past snapshots, without opening those."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa

from segbench.errors import LakeError
from segbench.lake.connection import reason
from segbench.lake.row_versions import Numbers, Written

if TYPE_CHECKING:
    import ibis

    from segbench.lake.lake import Lake


def read_rows_then(
    lake: Lake, table: str, ids: Sequence[int], places: Numbers, ordinals: Numbers
) -> Written:
    """The tags or events of contacts, each as they were in the snapshot at its place among `ids`.

    Places ascend. `LakeError` where a snapshot has expired.
    """
    number = np.arange(len(places), dtype=np.int64)
    asked = pa.table({"place": places, "owner": ordinals, "number": number})
    parts = [
        "SELECT a.number AS ordinal, t.* EXCLUDE (ordinal) FROM asked a "
        f"JOIN (FROM lake.{table} AT (VERSION => {int(ids[place])})) t ON a.owner = t.ordinal "
        f"WHERE a.place = {place}"
        for place in np.unique(places).tolist() or [0]
    ]
    try:
        with lake.connection.cursor() as cursor:
            cursor.register("asked", asked)
            rows = cursor.execute(" UNION ALL ".join(parts)).to_arrow_table()
    except duckdb.Error as error:
        raise LakeError(f"The lake at {lake.path} cannot be read: {reason(error)}.") from error
    return Written(places, ordinals, rows)


class TagsThen:
    """The tags of a past snapshot, as a table that atoms can be asked of."""

    def __init__(self, lake: Lake, id: int, columns: Mapping[str, str]) -> None:
        self._lake, self._columns = lake, columns
        self.name = f"tags_at_{int(id)}_{secrets.token_hex(4)}"
        self._write(f"CREATE VIEW {self._place} AS FROM lake.tags AT (VERSION => {id})")

    def table(self, name: str) -> ibis.Table:
        """The Ibis table "tags"."""
        import ibis

        assert name == "tags"
        found = ibis.table(self._columns, self.name, catalog="memory", database="main")
        return found if "at" in self._columns else found.mutate(at=ibis.null("timestamp"))

    def close(self) -> None:
        """Forget the table."""
        self._write(f"DROP VIEW IF EXISTS {self._place}")

    @property
    def _place(self) -> str:
        return f"memory.main.{self.name}"

    def _write(self, sql: str) -> None:
        try:
            with self._lake.connection.cursor() as cursor:
                cursor.execute(sql)
        except duckdb.Error as error:
            raise LakeError(f"The lake at {self._lake.path}: {reason(error)}.") from error
