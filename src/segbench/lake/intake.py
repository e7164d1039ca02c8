"""Taking sources into a stage: columns named, types chosen, rows typed, bad rows apart."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass

from segbench.errors import ImportRefused, near_names, offer
from segbench.lake import rejects as rejected
from segbench.lake.column_types import IMPORT_ADVICE, Reading, choose_types
from segbench.lake.connection import quoted
from segbench.lake.mapping import Columns, check_mapping, resolve
from segbench.lake.mapping import Mapping as ColumnMapping
from segbench.lake.merge import start_people
from segbench.lake.snapshot import Snapshot
from segbench.lake.sources import Source
from segbench.lake.stage import FIXED, Stage
from segbench.lake.typed import read_typed
from segbench.model.catalog import ValueType


@dataclass(frozen=True)
class Told:
    """What the user says about a source: columns and types, the time zone, the separators.

    With `retype` a column may have another type than in the lake; where it is False, one without a
    value there; where it is None, none. The refusal of any other ends with `advice`. `skip` is a
    column that is no field in any table which has it.
    """

    mapping: ColumnMapping
    zone: str
    tag_separator: str | None = None
    list_separator: str | None = None
    advice: str = IMPORT_ADVICE
    retype: bool | None = None
    skip: str | None = None


class Intake:
    """What a stage has of each source, by table: the source, its columns, their types."""

    def __init__(self, stage: Stage, base: Snapshot, told: Told) -> None:
        self.stage, self.base, self.told = stage, base, told
        self.sources: dict[str, Source] = {}
        self.columns: dict[str, Columns] = {}
        self.types: dict[str, dict[str, ValueType]] = {}
        self.stored = {name: own_columns(base, name) for name in FIXED}
        rejected.start_rejects(stage)
        start_people(stage, base)

    def resolve(self, name: str, header: list[str], label: str) -> Columns:
        """What each column of a source is; the contacts' own key column is known to the others."""
        people = self.columns.get("contacts")
        owner = people.roles["key"] if people else None
        mapping, skip = self.told.mapping, self.told.skip
        if skip in header:
            section = mapping.get(name, {})
            mapping = {**mapping, name: {**section, "skip": [*section.get("skip", ()), skip]}}
        return resolve(name, header, mapping, label, owner)

    def take(self, name: str, source: Source, columns: Columns) -> None:
        """Make the typed table of a source."""
        reading = Reading(
            dict(self.told.mapping.get("types", {})),
            self.stored[name],
            self.told.zone,
            self.told.list_separator,
            lists=name == "contacts",
            free=lambda column: self._is_free(name, column),
            advice=self.told.advice,
            as_found=bool(self.told.retype),
        )
        typing = choose_types(self.stage, source, columns, reading)
        place = source.header.index(columns.roles["key"])
        rejected.reject_malformed(self.stage, name, source, place)
        read_typed(self.stage, name, source, columns, typing, reading)
        self.sources[name], self.columns[name] = source, columns
        self.types[name] = {columns.fields[column]: kind for column, kind in typing.types.items()}

    def _is_free(self, table: str, column: str) -> bool:
        if self.told.retype is None:
            return False
        filled = f"SELECT 1 FROM {table} WHERE {quoted(column)} IS NOT NULL LIMIT 1"
        return self.told.retype or not self.base.rows(filled)

    def require_told(self) -> None:
        """`ImportRefused` where the mapping types a column that no source has."""
        known = [name for columns in self.columns.values() for name in columns.fields]
        known += [name for types in self.types.values() for name in types]
        for name in self.told.mapping.get("types", {}):
            if name not in known:
                raise ImportRefused(
                    f"The mapping gives a type to {name!r}, which is no field or property in "
                    f"the files{offer(near_names(name, known))}"
                )

    def label(self, name: str) -> str:
        """What a source is called in messages."""
        return self.sources[name].file

    def renamed(self) -> dict[str, dict[str, str]]:
        """The field name of each column whose name changed, by table."""
        return {
            table: {column: name for column, name in columns.fields.items() if column != name}
            for table, columns in self.columns.items()
        }


def own_columns(base: Snapshot, table: str) -> dict[str, str]:
    """The fields or properties of a table with their DuckDB types."""
    rows = base.rows(f"DESCRIBE {table}")
    return {row[0]: row[1] for row in rows if row[0] not in FIXED[table]}


def require_sense(mapping: ColumnMapping, time_zone: str) -> None:
    """`ImportRefused` for a mapping that is none, or a time zone that there is not."""
    check_mapping(mapping)
    try:
        zoneinfo.ZoneInfo(time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ImportRefused(
            f"There is no time zone {time_zone!r}; give a name such as 'Europe/Berlin'."
        ) from error
