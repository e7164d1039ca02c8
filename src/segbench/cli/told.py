"""What the command line tells of files to import: the mapping file, `--map` and `--type`."""

from __future__ import annotations

from typing import Any

from segbench.cli.shown import refuse
from segbench.lake.mapping import read_mapping


def told_mapping(
    path: str | None, mapped: tuple[str, ...], typed: tuple[str, ...]
) -> dict[str, dict[str, Any]]:
    """The mapping file with the single columns of `--map` and types of `--type` laid over it."""
    merged = read_mapping(path) if path else {}
    for entry in mapped:
        place, equals, column = entry.partition("=")
        name, dot, role = place.partition(".")
        if not equals or not dot or not column:
            refuse(f"--map takes TABLE.ROLE=COLUMN, such as contacts.key=ID; not {entry!r}.")
        if role in ("fields", "properties", "skip"):
            refuse(f"--map says one column's role; {name}.{role} goes into a --mapping file.")
        merged.setdefault(name, {})[role] = column
    for entry in typed:
        # The name of a column may have an equals sign, a type has none.
        name, equals, kind = entry.rpartition("=")
        if not equals or not name or not kind:
            refuse(f"--type takes NAME=TYPE, such as interests=list; not {entry!r}.")
        merged.setdefault("types", {})[name] = kind
    return merged
