"""The formats of other tools, by name, with what reads and what writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from segbench.errors import UnknownName
from segbench.interchange.hubspot import from_hubspot
from segbench.interchange.json_logic import to_json_logic
from segbench.interchange.klaviyo import from_klaviyo
from segbench.interchange.react_querybuilder_in import Events, from_react_querybuilder
from segbench.interchange.react_querybuilder_out import to_react_querybuilder
from segbench.interchange.report import Exported, Imported
from segbench.interchange.untrusted import Source
from segbench.model.catalog import Catalog, ValueType
from segbench.model.rules import Group


@dataclass(frozen=True, slots=True)
class Known:
    """What is known here of fields and events, and how their names are translated into ours."""

    types: Mapping[str, ValueType]
    events: Events
    names: Mapping[str, str]

    @classmethod
    def of(cls, catalog: Catalog, names: Mapping[str, str] | None = None) -> Known:
        """What a catalogue knows."""
        types = {field.name: field.type for field in catalog.fields}
        events = {e.name: {p.name: p.type for p in e.properties} for e in catalog.events}
        return cls(types, events, names or {})


@dataclass(frozen=True, slots=True)
class Format:
    """A format of another tool: its reader and its writer, where there is one."""

    name: str
    label: str
    read: Callable[[Source, Known], Imported] | None = None
    write: Callable[[Group, Known], Exported] | None = None


FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        Format(
            "react-querybuilder",
            "react-querybuilder RuleGroupType",
            lambda data, known: from_react_querybuilder(
                data, known.types, names=known.names, events=known.events
            ),
            lambda group, known: to_react_querybuilder(group, known.types),
        ),
        Format(
            "jsonlogic",
            "JsonLogic",
            write=lambda group, known: to_json_logic(group, known.types),
        ),
        Format(
            "hubspot",
            "HubSpot list filters (filterBranch)",
            lambda data, known: from_hubspot(data, types=known.types, names=known.names),
        ),
        Format(
            "klaviyo",
            "Klaviyo segment definition (condition_groups)",
            lambda data, known: from_klaviyo(data, types=known.types, names=known.names),
        ),
    )
}
"""Every format, by name."""


def format_named(name: str) -> Format:
    """The format of that name; `UnknownName` with near names where there is none."""
    if name not in FORMATS:
        raise UnknownName("format", name, FORMATS)
    return FORMATS[name]
