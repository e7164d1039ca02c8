"""The events, properties and fields that play a part in pre-built segments, as they are here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from segbench.errors import RuleError
from segbench.model.catalog import Catalog, EventType, Field, Property, ValueType
from segbench.model.vocabulary import Vocabulary

TIME: tuple[ValueType, ...] = ("date", "datetime")
MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class Names:
    """Looks up the parts of a vocabulary in a catalogue.

    A part that is there but of the wrong type is always a `RuleError`: it would never be true.
    """

    catalog: Catalog
    vocabulary: Vocabulary

    def called(self, part: str) -> str:
        """What the workspace calls that part; empty where it has no name for it."""
        return str(getattr(self.vocabulary, part))

    def event_type(self, name: str) -> EventType | None:
        """The event type of that name, where it happened here."""
        return next((event for event in self.catalog.events if name and event.name == name), None)

    def event_here(self, part: str) -> str | None:
        """The event of that part, where it happened here."""
        found = self.event_type(self.called(part))
        return found.name if found else None

    def event(self, part: str) -> str:
        """The event of that part; `RuleError` where it did not happen here."""
        return self.events(part)[0]

    def events(self, *parts: str) -> tuple[str, ...]:
        """The events of those parts that happened here; `RuleError` where none did."""
        found = dict.fromkeys(name for part in parts if (name := self.event_here(part)))
        if not found:
            there = listed(event.name for event in self.catalog.events)
            raise RuleError(f"No event here {self._stands_for(parts)} Events here: {there}.")
        return tuple(found)

    def property_here(self, event: str, part: str, *types: ValueType) -> str | None:
        """The property of that part of an event, where it has it."""
        found = self._property(event, part)
        if found is not None and types and found.type not in types:
            raise RuleError(
                f"Property {found.name!r} of event {event!r} holds {found.type}, not "
                f"{' or '.join(types)}; {self._set((part,))}"
            )
        return found.name if found else None

    def property(self, event: str, part: str, *types: ValueType) -> str:
        """The property of that part of an event; `RuleError` where it does not have it."""
        name = self.property_here(event, part, *types)
        if name is None:
            known = self.event_type(event)
            there = listed(prop.name for prop in known.properties) if known else "none"
            raise RuleError(
                f"No property of event {event!r} {self._stands_for((part,))} "
                f"Properties of it: {there}."
            )
        return name

    def field_here(self, part: str, *types: ValueType) -> str | None:
        """The field of that part, where contacts have it."""
        found = self._field(part)
        if found is not None and types and found.type not in types:
            raise RuleError(
                f"Field {found.name!r} holds {found.type}, not {' or '.join(types)}; "
                f"{self._set((part,))}"
            )
        return found.name if found else None

    def field(self, part: str, *types: ValueType) -> str:
        """The field of that part; `RuleError` where contacts do not have it."""
        name = self.field_here(part, *types)
        if name is None:
            fit = listed(f.name for f in self.catalog.fields if not types or f.type in types)
            raise RuleError(f"No field here {self._stands_for((part,))} Fields that fit: {fit}.")
        return name

    def no_reason(self, parts: tuple[str, ...]) -> RuleError:
        """The error of a segment for which none of those fields and events is here."""
        return RuleError(f"No field or event here {self._stands_for(parts)}")

    def _property(self, event: str, part: str) -> Property | None:
        known, name = self.event_type(event), self.called(part)
        properties = known.properties if known and name else ()
        return next((prop for prop in properties if prop.name == name), None)

    def _field(self, part: str) -> Field | None:
        name = self.called(part)
        return next((f for f in self.catalog.fields if name and f.name == name), None)

    def _stands_for(self, parts: tuple[str, ...]) -> str:
        named = ((part, self.called(part)) for part in parts)
        shown = (f"{part} ({repr(name) if name else 'no name is set'})" for part, name in named)
        return f"stands for {' or '.join(shown)}; {self._set(parts)}"

    @staticmethod
    def _set(parts: tuple[str, ...]) -> str:
        which = parts[0] if len(parts) == 1 else "one of them"
        return f'set {which} under "vocabulary" in workspace.json.'


def listed(names: Iterable[str], most: int = MOST_LISTED) -> str:
    """The first few names with commas, an ellipsis for the others; `none` for none."""
    every = tuple(names)
    return ", ".join((*every[:most], "…") if len(every) > most else every) or "none"
