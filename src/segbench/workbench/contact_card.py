"""One contact, whole: its fields, tags, events, edits, and the segments it is in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from segbench.engine.memory import Event
from segbench.errors import RuleError, UnknownName
from segbench.lake.connection import quoted
from segbench.lake.edit_log import Edit, edits_of
from segbench.model.catalog import Field
from segbench.model.rules import Group
from segbench.workbench.inspecting import inspect

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

EVENTS = 20
"""How many events a page of the timeline has."""


@dataclass(frozen=True)
class Timeline:
    """A page of a contact's events, newest first; `number` counts from 1."""

    events: tuple[Event, ...]
    total: int
    number: int
    size: int = EVENTS

    @property
    def pages(self) -> int:
        """How many pages there are; 1 also where nothing happened."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class ContactCard:
    """All that is known of a contact.

    `fields` are those with a value, `empty` those without one; `tags` have the time (naive UTC) at
    which they were given, where that is known. `inside` and `outside` are saved segments,
    `uncounted` those that cannot be answered as they are. `edits` are the latest ones, each with
    "tag" or "field" and the name of what it changed.
    """

    key: str
    fields: tuple[tuple[Field, Any], ...]
    empty: tuple[Field, ...]
    tags: tuple[tuple[str, dt.datetime | None], ...]
    inside: tuple[str, ...]
    outside: tuple[str, ...]
    uncounted: tuple[str, ...]
    edits: tuple[tuple[Edit, str, str], ...]


def find_card(workbench: Workbench, key: str) -> ContactCard:
    """The card of the contact of that key; `UnknownName` with near keys where there is none."""
    found = inspect(workbench, key, Group())
    contact, fields = found.contact, workbench.catalog.fields
    known = contact.fields
    saved = [each.segment.name for each in workbench.library.segments()]
    out = [name for name in saved if name not in (*found.inside, *found.uncounted)]
    return ContactCard(
        key,
        tuple((field, known[field.name]) for field in fields if field.name in known),
        tuple(field for field in fields if field.name not in known),
        tuple((tag, contact.tagged.get(tag)) for tag in sorted(contact.tags)),
        found.inside,
        tuple(out),
        found.uncounted,
        tuple(edits_of(workbench.engine.snapshot, key)),
    )


def find_events(workbench: Workbench, key: str, number: int = 1, size: int = EVENTS) -> Timeline:
    """A page of what happened to a contact up to `as_of`; one beyond the last is the last."""
    if number < 1 or size < 1:
        raise RuleError("Pages are numbered from 1 and hold 1 event or more.")
    snapshot = workbench.engine.snapshot
    rows = snapshot.rows("SELECT ordinal FROM contacts WHERE key = ?", [key])
    if not rows:
        raise UnknownName("contact with the key", key)
    asked = [rows[0][0], workbench.as_of]
    past = 'FROM events WHERE ordinal = ? AND "at" <= ?'
    total = int(snapshot.rows(f"SELECT count(*) {past}", asked)[0][0])
    number = min(number, max(1, -(-total // size)))
    # All columns, so that ties are broken the same way on every page.
    order = ", ".join(['"at" DESC', "event", *map(quoted, snapshot.property_types())])
    names, found = snapshot.named_rows(
        f"SELECT * {past} ORDER BY {order} LIMIT {int(size)} OFFSET {(number - 1) * size}", asked
    )
    records = [dict(zip(names, row, strict=True)) for row in found]
    return Timeline(tuple(map(_event, records)), total, number, size)


def _event(record: dict[str, Any]) -> Event:
    fixed = ("ordinal", "event", "at")
    known = {n: value for n, value in record.items() if n not in fixed and value is not None}
    return Event(record["event"], record["at"], known)
