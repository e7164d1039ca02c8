"""The fields of an edit: whose value becomes another one, as statements and in words."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from segbench.errors import UnknownName
from segbench.lake.chosen import counted
from segbench.lake.columns import clean
from segbench.lake.connection import quoted, text
from segbench.lake.edit_tags import listed
from segbench.lake.edit_texts import as_text
from segbench.lake.field_values import arrow_value
from segbench.lake.intake import own_columns
from segbench.lake.snapshot import Snapshot
from segbench.lake.stage import Stage


def match_fields(stage: Stage, base: Snapshot, values: Mapping[str, object]) -> None:
    """Make `wanted` (one row) and `changed` (ordinal) of the `chosen`; note the `edited`."""
    types = own_columns(base, "contacts")
    for name in values:
        if name not in types:
            raise UnknownName("field", name, types)
    wanted = {name: arrow_value(name, value, types[name]) for name, value in values.items()}
    _stage_values(stage, pa.table(wanted), types)
    run = stage.connection.execute
    differs = {n: f"b.{quoted(n)} IS DISTINCT FROM w.{quoted(n)}" for n in values}
    both = f"chosen c JOIN {base.name}.contacts b USING (ordinal), wanted w"
    other = " OR ".join(differs.values())
    run(f"CREATE TABLE changed AS SELECT c.ordinal FROM {both} WHERE {other}")
    for name, differ in differs.items():
        was, became = (as_text(f"{table}.{quoted(name)}", types[name]) for table in "bw")
        run(
            f"INSERT INTO edited SELECT c.key, 'field', {text(name)}, {was}, {became} "
            f"FROM {both} WHERE {differ}"
        )


def _stage_values(stage: Stage, values: pa.Table, types: dict[str, str]) -> None:
    stage.connection.register("incoming_values", values)
    found = stage.connection.execute("DESCRIBE incoming_values").fetchall()
    selected = ", ".join(
        f"{clean(row[0], row[1])}::{types[row[0]]} AS {quoted(row[0])}" for row in found
    )
    stage.connection.execute(f"CREATE TABLE wanted AS SELECT {selected} FROM incoming_values")
    stage.connection.unregister("incoming_values")


def write_fields(cursor: duckdb.DuckDBPyConnection, values: Mapping[str, object]) -> None:
    """Write the `wanted` values into the `changed` contacts."""
    sets = ", ".join(f"{quoted(name)} = w.{quoted(name)}" for name in values)
    cursor.execute(
        f"UPDATE lake.contacts SET {sets} FROM stage.wanted w "
        "WHERE contacts.ordinal IN (SELECT ordinal FROM stage.changed)"
    )


def said_fields(stage: Stage, values: Mapping[str, object]) -> list[str]:
    """What becomes of fields, in words; nothing where nothing does."""
    count = stage.value("SELECT count(*) FROM changed")
    if not count:
        return []
    set_to = [f"{name} to {listed([str(v)])}" for name, v in values.items() if v is not None]
    cleared = [name for name, value in values.items() if value is None]
    said = [f"set {', '.join(set_to)}"] if set_to else []
    said += [f"cleared {', '.join(cleared)}"] if cleared else []
    return [f"{' and '.join(said)} for {counted(count)}"]
