"""What a segment file expects of its own segment: contacts in or out, and a size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from segbench.model.catalog import ValueType
from segbench.model.values import Scalar

Given = Scalar | tuple[str, ...] | None
"""A value as written: dates and times are texts, such as `2026-10-23` or `-3 days`."""
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of an example contact: which, when, and with which properties."""

    event: str
    at: str
    properties: dict[str, Given] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A contact made up for the test, and whether the segment must hold it.

    `tags` may say when each was given. The name is also the contact's key.
    """

    name: str
    expect: Literal["in", "out"]
    fields: dict[str, Given] = field(default_factory=dict)
    tags: tuple[str, ...] | dict[str, str | None] = ()
    events: tuple[Happening, ...] = ()


@dataclass(frozen=True, slots=True)
class Size:
    """How many contacts of a workspace the segment may hold.

    `share` is of all contacts, such as `1 % to 10 %`.
    """

    least: int | None = None
    most: int | None = None
    share: str = ""


@dataclass(frozen=True, slots=True)
class Expectations:
    """The tests of a segment: example contacts at one `as_of`, and a size.

    `fields` and `events` say types where the rules and the contacts leave them open.
    `contact_time_zone` is the field with each contact's own time zone.
    """

    as_of: str = ""
    time_zone: str = "UTC"
    week_start: Weekday = "monday"
    contact_time_zone: str = ""
    fields: dict[str, ValueType] = field(default_factory=dict)
    events: dict[str, dict[str, ValueType]] = field(default_factory=dict)
    contacts: tuple[Example, ...] = ()
    size: Size | None = None


PARTS: tuple[Any, ...] = (Happening, Example, Size, Expectations)
"""The classes that a reader has to read strictly."""
