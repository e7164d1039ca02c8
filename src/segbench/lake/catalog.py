"""The model's `Catalog` of one snapshot, from a few queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segbench.lake.columns import VALUE_TYPES, humanised
from segbench.lake.connection import quoted, text
from segbench.lake.tables import Note, Notes
from segbench.model.catalog import Catalog, Choice, EventType, Field, Property, ValueType

if TYPE_CHECKING:
    from segbench.lake.snapshot import Snapshot

MOST_FIELD_CHOICES = 500
MOST_PROPERTY_CHOICES = 100

_MARGIN = 2
"""How far above the limit an estimated number of values still gets an exact look."""

Row = tuple[Any, ...]
Choices = tuple[Choice, ...]


def value_types(snapshot: Snapshot, table: str) -> dict[str, ValueType]:
    """The value types of a table's own columns: the fields, or the properties of all events."""
    rows = snapshot.rows(f"DESCRIBE {table}")
    skip = {"ordinal", "key"} if table == "contacts" else {"ordinal", "event", "at"}
    return {row[0]: VALUE_TYPES[row[1]] for row in rows if row[0] not in skip}


def read_notes(snapshot: Snapshot) -> Notes:
    """The notes in a snapshot: labels, descriptions and the order of events."""
    notes = Notes()
    named = {"field": notes.fields, "event": notes.events, "property": notes.properties}
    rows = snapshot.rows(
        "SELECT kind, name, label, description, type FROM notes "
        "WHERE kind <> 'lake' ORDER BY kind, position"
    )
    for kind, name, label, description, type_ in rows:
        named[kind][name] = Note(label, description, type_)
    return notes


def build_catalog(snapshot: Snapshot) -> Catalog:
    """Everything that rules may name in a snapshot, with exact counts."""
    notes = read_notes(snapshot)
    return Catalog(
        snapshot.contacts,
        tuple(_fields(snapshot, notes)),
        _tags(snapshot),
        tuple(_events(snapshot, notes)),
        _tag_times(snapshot),
    )


def _fields(snapshot: Snapshot, notes: Notes) -> list[Field]:
    types = snapshot.field_types()
    if not types:
        return []
    texts = [name for name, kind in types.items() if kind == "text"]
    found = snapshot.rows(f"SELECT {_counts(types, texts)} FROM contacts")[0]
    known = dict(zip(types, found, strict=False))
    estimates = dict(zip(texts, found[len(types) :], strict=True))
    few = [name for name in texts if estimates[name] <= MOST_FIELD_CHOICES * _MARGIN]
    few += [name for name, kind in types.items() if kind == "list"]
    choices = _field_choices(snapshot, few, types)
    return [
        Field(name, kind, *_words(notes.fields, name), known[name], choices.get(name, ()))
        for name, kind in types.items()
    ]


def _counts(types: dict[str, ValueType], texts: list[str]) -> str:
    known = [f"count({quoted(name)})" for name in types]
    return ", ".join(known + [f"approx_count_distinct({quoted(name)})" for name in texts])


def _field_choices(
    snapshot: Snapshot, few: list[str], types: dict[str, ValueType]
) -> dict[str, Choices]:
    if not few:
        return {}
    queries = [
        f"(SELECT {number} AS field, value, count(*) AS contacts FROM ("
        f"SELECT {_each(name, types[name])} AS value FROM contacts) WHERE value IS NOT NULL "
        f"GROUP BY value LIMIT {MOST_FIELD_CHOICES + 1})"
        for number, name in enumerate(few)
    ]
    values: dict[str, list[Row]] = {name: [] for name in few}
    for number, value, count in snapshot.rows(" UNION ALL ".join(queries)):
        values[few[number]].append((value, count))
    return {name: list_choices(rows, MOST_FIELD_CHOICES) for name, rows in values.items()}


def _each(name: str, kind: ValueType) -> str:
    # A contact that has an item twice counts once.
    return f"unnest(list_distinct({quoted(name)}))" if kind == "list" else quoted(name)


def _tags(snapshot: Snapshot) -> Choices:
    # A contact has a tag once, so rows are contacts.
    rows = snapshot.rows("SELECT tag, count(*) FROM tags GROUP BY tag")
    return list_choices(rows, len(rows))


def _tag_times(snapshot: Snapshot) -> bool:
    if not snapshot.has_tag_times():
        return False
    return bool(snapshot.rows('SELECT 1 FROM tags WHERE "at" IS NOT NULL LIMIT 1'))


def _events(snapshot: Snapshot, notes: Notes) -> list[EventType]:
    types = value_types(snapshot, "events")
    texts = [name for name, kind in types.items() if kind == "text"]
    counts = _counts(types, texts)
    rows = snapshot.rows(
        "SELECT event, count(*), count(DISTINCT ordinal)"
        f"{', ' + counts if counts else ''} FROM events GROUP BY event"
    )
    few: dict[str, list[str]] = {name: [] for name in texts}
    for row in rows:
        for name, estimate in zip(texts, row[3 + len(types) :], strict=True):
            if 0 < estimate <= MOST_PROPERTY_CHOICES * _MARGIN:
                few[name].append(row[0])
    choices = _property_choices(snapshot, {name: names for name, names in few.items() if names})
    place = {name: number for number, name in enumerate(notes.events)}
    rows.sort(key=lambda row: (place.get(row[0], len(place)), row[0]))
    return [_event(row, types, notes, choices) for row in rows]


def _event(
    row: Row,
    types: dict[str, ValueType],
    notes: Notes,
    choices: dict[tuple[str, str], Choices],
) -> EventType:
    event, events, contacts = row[:3]
    used = zip(types.items(), row[3:], strict=False)
    properties = tuple(
        Property(name, kind, _words(notes.properties, name)[0], choices.get((name, event), ()))
        for (name, kind), count in used
        if count
    )
    return EventType(event, *_words(notes.events, event), properties, events, contacts)


def _property_choices(
    snapshot: Snapshot, few: dict[str, list[str]]
) -> dict[tuple[str, str], Choices]:
    if not few:
        return {}
    names = list(few)
    queries = [
        f"SELECT {number} AS property, event, {quoted(name)} AS value, "
        "count(*) AS events FROM events "
        f"WHERE {quoted(name)} IS NOT NULL AND event IN ({', '.join(map(text, few[name]))}) "
        f"GROUP BY event, {quoted(name)}"
        for number, name in enumerate(names)
    ]
    # Events, not contacts: counting distinct contacts here took most of the time to open a lake.
    values: dict[tuple[str, str], list[Row]] = {}
    for number, event, value, count in snapshot.rows(" UNION ALL ".join(queries)):
        values.setdefault((names[number], event), []).append((value, count))
    return {place: list_choices(rows, MOST_PROPERTY_CHOICES) for place, rows in values.items()}


def list_choices(rows: list[Row], most: int) -> Choices:
    """The values, most frequent first, then by name; none where there are more than `most`."""
    if len(rows) > most:
        return ()
    return tuple(Choice(*row) for row in sorted(rows, key=lambda row: (-row[1], row[0])))


def _words(notes: dict[str, Note], name: str) -> tuple[str, str]:
    """The label and description of a name."""
    note = notes.get(name)
    return (note.label or humanised(name), note.description) if note else (humanised(name), "")
