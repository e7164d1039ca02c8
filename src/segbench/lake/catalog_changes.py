"""The catalogue of a later snapshot from that of an earlier one and the rows that changed.

Counting a million contacts with their events takes seconds; a thousand changed rows do not. Where
rows alone cannot tell (other columns, too many values to list), there is no short way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb

from segbench.lake.catalog import MOST_FIELD_CHOICES, MOST_PROPERTY_CHOICES, list_choices
from segbench.lake.connection import quoted, text
from segbench.lake.difference import Difference
from segbench.lake.snapshot import Snapshot
from segbench.model.catalog import Catalog, Choice, EventType, Field, Property

if TYPE_CHECKING:
    from segbench.lake.lake import Lake

MOST = 100_000
"""So many changed contacts are looked at one by one."""
_SIGN = "CASE WHEN change_type IN ('insert', 'update_postimage') THEN 1 ELSE -1 END"


def move_on(
    catalog: Catalog, lake: Lake, earlier: Snapshot, later: Snapshot, difference: Difference
) -> Catalog | None:
    """The catalogue of the later snapshot; None where it has to be counted anew."""
    same = earlier.field_types() == later.field_types()
    same = same and earlier.property_types() == later.property_types()
    if not same or difference.size > MOST or earlier.has_tag_times() != later.has_tag_times():
        return None
    try:
        moved = _Moved(lake, earlier.id + 1, later)
        fields = moved.fields(catalog.fields) if len(difference.contacts) else catalog.fields
        tags = moved.tags(catalog.tags) if len(difference.tags) else catalog.tags
        events: Iterable[EventType] | None = catalog.events
        if len(difference.events):
            events = moved.events(catalog.events)
    except duckdb.Error:
        return None
    if events is None:
        return None
    return Catalog(later.contacts, tuple(fields), tags, tuple(events), catalog.tag_times)


class _Moved:
    """What changed in each table, as sums over rows that came (1) and went (-1)."""

    def __init__(self, lake: Lake, first: int, later: Snapshot) -> None:
        self.lake, self.first, self.later = lake, first, later

    def fields(self, fields: tuple[Field, ...]) -> Iterable[Field]:
        known = [f"coalesce(sum(sign) FILTER ({quoted(f.name)} IS NOT NULL), 0)" for f in fields]
        (sums,) = self._sums("contacts", ", ".join(known))
        for field, change in zip(fields, sums, strict=True):
            choices = field.choices
            if choices or not field.known:
                value = quoted(field.name)
                if field.type == "list":
                    value = f"unnest(list_distinct({value}))"
                if field.type in ("text", "list"):
                    choices = self._choices("contacts", value, choices, MOST_FIELD_CHOICES)
            yield replace(field, known=field.known + int(change), choices=choices)

    def tags(self, tags: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return self._choices("tags", "tag", tags, None)

    def events(self, events: tuple[EventType, ...]) -> list[EventType] | None:
        rows = self._sums(
            "events", "event, sum(sign), count(*) FILTER (sign < 0)", "GROUP BY event"
        )
        changed = {event: (int(change), int(gone)) for event, change, gone in rows}
        known = {event.name: event for event in events}
        # A new event has properties to be found out; one that is gone may leave none.
        if not changed.keys() <= known.keys() or any(gone for _, gone in changed.values()):
            return None
        new = self._new_contacts()
        found = []
        for event in events:
            if event.name in changed:
                properties = self._properties(event)
                if properties is None:
                    return None
                event = replace(
                    event,
                    events=event.events + changed[event.name][0],
                    contacts=event.contacts + new.get(event.name, 0),
                    properties=properties,
                )
            found.append(event)
        return found

    def _properties(self, event: EventType) -> tuple[Property, ...] | None:
        """The properties with the values of the new events; None where there is another one."""
        here = f"WHERE event = {text(event.name)}"
        names = list(self.later.property_types())
        counts = ", ".join(f"count({quoted(name)})" for name in names) or "0"
        (row,) = self._sums("events", counts, here)
        used = {name for name, count in zip(names, row, strict=False) if count}
        if not used <= {known.name for known in event.properties}:
            return None
        return tuple(
            replace(
                each,
                choices=self._choices(
                    "events", quoted(each.name), each.choices, MOST_PROPERTY_CHOICES, here
                ),
            )
            if each.name in used and each.choices
            else each
            for each in event.properties
        )

    def _new_contacts(self) -> dict[str, int]:
        """How many contacts have each event for the first time; none of any went."""
        changes = self._changes("events")
        with self.lake.connection.cursor() as cursor:
            rows = cursor.execute(
                f"WITH came AS (SELECT ordinal, event, count(*) AS n FROM {changes} GROUP BY ALL), "
                f"now AS (SELECT ordinal, event, count(*) AS n FROM {self.later.name}.events "
                "SEMI JOIN came USING (ordinal, event) GROUP BY ALL) "
                "SELECT event, count(*) FROM came JOIN now USING (ordinal, event) "
                "WHERE came.n = now.n GROUP BY event"
            ).fetchall()
        return {event: int(count) for event, count in rows}

    def _choices(
        self,
        table: str,
        value: str,
        before: tuple[Choice, ...],
        most: int | None,
        where: str = "",
    ) -> tuple[Choice, ...]:
        counts = Counter({choice.value: choice.count for choice in before})
        source = f"(SELECT {value} AS value, sign FROM {self._signed(table)} {where})"
        with self.lake.connection.cursor() as cursor:
            rows = cursor.execute(
                f"SELECT value, sum(sign) FROM {source} WHERE value IS NOT NULL GROUP BY value"
            ).fetchall()
        for one, change in rows:
            counts[one] += int(change)
        left = [(one, count) for one, count in counts.items() if count > 0]
        return list_choices(left, len(left) if most is None else most)

    def _sums(self, table: str, select: str, rest: str = "") -> list[tuple[Any, ...]]:
        with self.lake.connection.cursor() as cursor:
            return cursor.execute(f"SELECT {select} FROM {self._signed(table)} {rest}").fetchall()

    def _signed(self, table: str) -> str:
        return f"(SELECT *, {_SIGN} AS sign FROM {self._changes(table)})"

    def _changes(self, table: str) -> str:
        return f"lake.table_changes({text(table)}, {int(self.first)}, {int(self.later.id)})"
