"""What the catalogue of a past snapshot has besides the columns: time zones, and events of then."""

from __future__ import annotations

from dataclasses import replace

from segbench.model.catalog import Choice, EventType, Field
from segbench.workbench.past_engine import Own

MOST_ZONES = 500
"""As many values of the field of time zones as a catalogue lists."""


def with_choices(own: Own, field: str) -> Field:
    """The field of time zones with the zones that occurred; too many are none, and an error."""
    rows = own.texts(field, MOST_ZONES + 1)
    few = rows if len(rows) <= MOST_ZONES else []
    known = sum(count for _, count in rows)
    return Field(field, "text", known=known, choices=tuple(Choice(*row) for row in few))


def with_those_of(
    events: tuple[EventType, ...], earlier: tuple[EventType, ...]
) -> tuple[EventType, ...]:
    """The events, and the ones and their properties that only an earlier snapshot has."""
    found = {event.name: event for event in events}
    for event in earlier:
        now = found.setdefault(event.name, event)
        names = {known.name for known in now.properties}
        more = (known for known in event.properties if known.name not in names)
        found[event.name] = replace(now, properties=(*now.properties, *more))
    return tuple(found.values())
