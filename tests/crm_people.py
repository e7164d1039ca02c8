"""Hand-made contacts with the demo CRM's fields and events, and who of them is in a segment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from population import AS_OF, ZONE

from segbench.engine.memory import Contact, Event, MemoryEngine
from segbench.model.catalog import Catalog, EventType, Field, Property, ValueType
from segbench.model.check import require_sound
from segbench.model.rules import Group, Params, PrebuiltRule
from segbench.model.vocabulary import STANDARD, Vocabulary
from segbench.plan.lower import Context, lower

TICK = dt.timedelta(microseconds=1)
FIELDS: dict[str, ValueType] = {
    **dict.fromkeys(("first_name", "last_name", "email", "email_status", "phone"), "text"),
    **dict.fromkeys(("company", "country", "city", "time_zone", "language", "plan"), "text"),
    "lifecycle_stage": "text",
    "lead_score": "number",
    "birthday": "date",
    "created_at": "datetime",
    **dict.fromkeys(("email_consent", "sms_consent", "do_not_disturb"), "boolean"),
}
EVENTS: dict[str, dict[str, ValueType]] = {
    "email_sent": {"campaign": "text"},
    "email_delivered": {"campaign": "text"},
    "email_opened": {"campaign": "text", "machine_open": "boolean"},
    "email_clicked": {"campaign": "text", "link": "text"},
    "email_replied": {"campaign": "text"},
    "email_bounced": {"campaign": "text", "bounce_type": "text"},
    "email_unsubscribed": {"campaign": "text"},
    "email_complained": {"campaign": "text"},
    "page_visited": {"page": "text"},
    "form_submitted": {"form": "text"},
    "cart_updated": {"product": "text", "amount": "number"},
    "order_placed": {"product": "text", "amount": "number"},
}


def catalog_of(fields: dict[str, ValueType], events: dict[str, dict[str, ValueType]]) -> Catalog:
    """A catalogue of exactly those fields and events."""
    return Catalog(
        0,
        tuple(Field(name, kind) for name, kind in fields.items()),
        (),
        tuple(
            EventType(name, properties=tuple(Property(n, kind) for n, kind in properties.items()))
            for name, properties in events.items()
        ),
    )


CRM = catalog_of(FIELDS, EVENTS)
"""What can be asked of the demo CRM."""


def without(*names: str) -> Catalog:
    """The same without those fields and events."""
    return catalog_of(
        {name: kind for name, kind in FIELDS.items() if name not in names},
        {name: properties for name, properties in EVENTS.items() if name not in names},
    )


def ago(days: float) -> dt.datetime:
    """The instant that many times 24 hours before the clock."""
    return AS_OF - dt.timedelta(days=days)


def event(name: str, days: float, later: dt.timedelta = dt.timedelta(0), **values: Any) -> Event:
    """An event so many days ago, or that much later."""
    return Event(name, ago(days) + later, values)


def person(key: str, *events: Event | Iterable[Event], **fields: Any) -> Contact:
    """A contact with these events, some of them in lists."""
    flat = [each for some in events for each in ((some,) if isinstance(some, Event) else some)]
    return Contact(key, fields, events=tuple(flat))


def held(
    key: str,
    people: Iterable[Contact],
    catalog: Catalog = CRM,
    vocabulary: Vocabulary = STANDARD,
    **params: Any,
) -> set[str]:
    """Who of the people is in a pre-built segment; all others are in its complement."""
    everyone = tuple(people)
    found = []
    for op in ("is_in", "is_not_in"):
        root = Group(rules=(PrebuiltRule(key, Params(params), op),))
        require_sound(root, catalog, vocabulary=vocabulary)
        logic = lower(root, Context(AS_OF, ZONE, catalog, vocabulary=vocabulary)).root
        members = MemoryEngine(everyone).members(logic).ids()
        found.append({everyone[ordinal].key for ordinal in members})
    assert found[0] ^ found[1] == {contact.key for contact in everyone}
    return found[0]
