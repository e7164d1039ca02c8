"""What can be asked here: the fields, tags and events of one snapshot of the contact data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from segbench.errors import UnknownName

ValueType = Literal["text", "number", "boolean", "date", "datetime", "list"]
"""The types a value may have. `date` is a local calendar day, `datetime` an instant, `list` a list
of texts, which contacts have and events do not."""


BLANKS = " \t\n\r\v\f"
"""White space that is trimmed off text; text of nothing else is no value."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that occurs, and how many contacts (of a property: events) have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Field:
    """An attribute of a contact.

    `known` counts the contacts that have a value. `choices` lists the values of a text field with
    few of them, most frequent first; it is empty where there are too many to list.
    """

    name: str
    type: ValueType
    label: str = ""
    description: str = ""
    known: int = 0
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an event, such as the `amount` of an `order_placed`.

    Its `choices` count events.
    """

    name: str
    type: ValueType
    label: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class EventType:
    """Something that happens at a time: its name, properties, and how often it happened."""

    name: str
    label: str = ""
    description: str = ""
    properties: tuple[Property, ...] = ()
    events: int = 0
    contacts: int = 0

    def property(self, name: str) -> Property:
        """The property of that name; `UnknownName` where there is none."""
        for known in self.properties:
            if known.name == name:
                return known
        raise UnknownName(
            f"property of event {self.name!r} named", name, (p.name for p in self.properties)
        )


@dataclass(frozen=True)
class Catalog:
    """Everything that rules may name in one snapshot of `contacts` contacts.

    `tag_times` says that it is known when tags were given, at least for some.
    """

    contacts: int
    fields: tuple[Field, ...] = ()
    tags: tuple[Choice, ...] = ()
    events: tuple[EventType, ...] = ()
    tag_times: bool = False

    @cached_property
    def _fields(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def _events(self) -> dict[str, EventType]:
        return {event.name: event for event in self.events}

    def field(self, name: str) -> Field:
        """The field of that name; `UnknownName` with near names where there is none."""
        found = self._fields.get(name)
        if found is None:
            instead = "it is an event: ask how often it happened" if name in self._events else ""
            raise UnknownName("field", name, self._fields, instead)
        return found

    def event(self, name: str) -> EventType:
        """The event type of that name; `UnknownName` with near names where there is none."""
        found = self._events.get(name)
        if found is None:
            instead = "it is a field: ask for its value" if name in self._fields else ""
            raise UnknownName("event", name, self._events, instead)
        return found

    def has_tag(self, name: str) -> bool:
        """Whether any contact has that tag."""
        return any(tag.value == name for tag in self.tags)
