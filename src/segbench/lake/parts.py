"""Several files of one table as one source: columns by name, rows numbered on through all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from segbench.errors import ImportRefused
from segbench.lake.connection import text
from segbench.lake.sources import Malformed, Source, read_source
from segbench.lake.stage import Stage


def start_parts(stage: Stage) -> None:
    """Make the stage's empty table of the files that make one source together."""
    stage.connection.execute("CREATE TABLE parts (source VARCHAR, file VARCHAR, before BIGINT)")


def read_parts(stage: Stage, name: str, paths: Sequence[Path]) -> Source:
    """Read the files of one table into the stage; a column that a file lacks is blank there.

    `ImportRefused` where one of them cannot be read, or where CSV and Parquet are mixed.
    """
    if len(paths) == 1:
        return read_source(stage, name, paths[0])
    sources = [
        _renamed(stage, read_source(stage, name, path), f"raw_{name}_{number}")
        for number, path in enumerate(paths)
    ]
    if len({source.typed for source in sources}) > 1:
        raise ImportRefused(
            f"The files of {name} are of two formats ({paths[0].name}, {paths[-1].name}); "
            "give all of them as CSV or all as Parquet."
        )
    return _combined(stage, name, sources)


def _renamed(stage: Stage, source: Source, table: str) -> Source:
    stage.connection.execute(f"ALTER TABLE {source.table} RENAME TO {table}")
    return replace(source, table=table)


def _combined(stage: Stage, name: str, sources: list[Source]) -> Source:
    run = stage.connection.execute
    header = list(dict.fromkeys(column for source in sources for column in source.header))
    selects, parts, malformed, before = [], [], [], 0
    for source in sources:
        parts.append((source.file, before))
        run(f"INSERT INTO parts VALUES ({text(name)}, {text(source.file)}, {before})")
        places = ", ".join(f"{_place(source, column)} AS c{i}" for i, column in enumerate(header))
        selects.append(f"SELECT row + {before} AS row, {places} FROM {source.table}")
        malformed += [_moved(bad, source, header, before) for bad in source.malformed]
        last = stage.value(f"SELECT max(row) FROM {source.table}")
        before += max([last, *(bad.row for bad in source.malformed)])
    run(f"CREATE TABLE raw_{name} AS {' UNION ALL '.join(selects)}")
    for source in sources:
        run(f"DROP TABLE {source.table}")
    found = stage.columns(f"raw_{name}")
    types = [found[f"c{i}"] for i in range(len(header))]
    label = f"{sources[0].file} and {len(sources) - 1} more"
    typed = sources[0].typed
    return Source(label, f"raw_{name}", header, types, malformed, typed, tuple(parts))


def _place(source: Source, column: str) -> str:
    return f"c{source.header.index(column)}" if column in source.header else "NULL"


def _moved(bad: Malformed, source: Source, header: list[str], before: int) -> Malformed:
    """The malformed record as one of all files, its values in the order of their columns."""
    known = dict(zip(source.header, bad.values, strict=False))
    return Malformed(bad.row + before, bad.reason, [known.get(column, "") for column in header])
