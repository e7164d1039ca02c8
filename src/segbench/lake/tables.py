"""The shape in which contact data comes into a lake: batches of three Arrow tables."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from segbench.model.catalog import ValueType

RESERVED = frozenset({"ordinal", "key", "event", "at"})
"""Column names that are not fields or properties."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the catalogue shows of a field, event or property beyond its name and type."""

    label: str
    description: str = ""
    type: ValueType | None = None


@dataclass(frozen=True)
class Notes:
    """Notes by field name, by event name and by property name."""

    fields: dict[str, Note] = field(default_factory=dict)
    events: dict[str, Note] = field(default_factory=dict)
    properties: dict[str, Note] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """A part of the contact data, with everything that belongs to its contacts.

    `contacts`: `key` (string, unique over all batches), then one column per field.
    `tags`: `key`, `tag` (strings), and `at` (timestamp[us], UTC without zone): when the tag was
    given, null or left out where that is not known. Of a tag given more than once, the last known
    time counts.
    `events`: `key`, `event` (strings), `at` (timestamp[us], UTC without zone), then one nullable
    column per property; an event leaves the properties of other events null.

    Columns are string, int64, float64, bool, date32 or timestamp[us] (UTC without zone); those of
    contacts also list<string>. Every batch of one load has the same columns. Texts are stored
    trimmed and in Unicode normal form C, keys only trimmed.
    """

    contacts: pa.Table
    tags: pa.Table
    events: pa.Table
