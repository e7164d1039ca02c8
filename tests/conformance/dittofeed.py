"""Dittofeed's scenarios as contacts with events, and its segment definitions as our groups.

All users of all scenarios live in one set of contacts, each with everything that ever happens to
it: nothing after `as_of` has happened yet, so each assertion is asked at the time of its step.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from segbench.engine.memory import Contact, Event
from segbench.model.catalog import Catalog, ValueType
from segbench.model.rules import (
    Comparison,
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    RuleOrGroup,
    Step,
)
from segbench.model.windows import Last

START = dt.datetime(2023, 11, 14, 22, 13, 20)
"""The time (naive UTC) at which a scenario begins."""
IDENTIFY = "identify"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
NAMED_PATH = re.compile(r'\$\["(.*)"\]')
Json = Mapping[str, Any]


@dataclass
class Assertion:
    """Who is in which segment at one moment, by segment and user; and how they are defined."""

    as_of: dt.datetime
    definitions: dict[str, Json]
    expected: dict[str, dict[str, bool]] = field(default_factory=dict)


@dataclass
class Scenario:
    """What happens to each user, and what is said of them in between."""

    name: str
    events: dict[str, list[Event]] = field(default_factory=dict)
    assertions: list[Assertion] = field(default_factory=list)

    def contacts(self) -> list[Contact]:
        """The users; their keys say to which scenario they belong."""
        return [
            Contact(self.key(user), events=tuple(events)) for user, events in self.events.items()
        ]

    def key(self, user: str) -> str:
        """The key of a user's contact."""
        return f"{self.name}: {user}"


def played(data: Json, pace: int = 1) -> Scenario:
    """The scenario with all its steps taken; `pace` makes every length of time so much longer."""
    found, now = Scenario(data["description"]), START
    definitions = {each["name"]: each["definition"] for each in data["segments"]}
    for step in data["steps"]:
        match step["type"]:
            case "Sleep" | "Delay":
                now += pace * dt.timedelta(milliseconds=step["timeMs"])
            case "SubmitEvents":
                for event in step["events"]:
                    at = now + pace * dt.timedelta(milliseconds=event["offsetMs"])
                    assert all(at > earlier.as_of for earlier in found.assertions)
                    found.events.setdefault(event["userId"], []).append(_event(event, at))
            case "UpdateComputedProperty":
                definitions |= {each["name"]: each["definition"] for each in step["segments"]}
            case "Assert":
                found.assertions.append(_assertion(step, now, dict(definitions)))
            case other:
                assert other == "ComputeProperties"
    return found


def _event(event: Json, at: dt.datetime) -> Event:
    values = event.get("traits" if event["type"] == "identify" else "properties", {})
    return Event(event.get("event", IDENTIFY), at, dict(_flat(values)))


def _flat(values: Json, before: str = "") -> Iterator[tuple[str, Any]]:
    """Properties inside properties, by their path."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, str) and INSTANT.fullmatch(value):
            yield before + name, dt.datetime.fromisoformat(value).replace(tzinfo=None)
        else:
            yield before + name, value


def _assertion(step: Json, now: dt.datetime, definitions: dict[str, Json]) -> Assertion:
    found = Assertion(now, definitions)
    for user in step.get("users", ()):
        for name, held in user["segments"].items():
            found.expected.setdefault(name, {})[user["id"]] = held is True
    return found


@dataclass(frozen=True)
class Reading:
    """Reads a definition, knowing which events there are; `pace` is that of `played`."""

    catalog: Catalog
    definition: Json
    pace: int = 1

    def group(self) -> Group:
        """The segment as ours."""
        node = self._node(self.definition["entryNode"])
        return node if isinstance(node, Group) else Group(rules=(node,))

    def _node(self, node: Json) -> RuleOrGroup:
        match node["type"]:
            case "And" | "Or":
                by_id = {each["id"]: each for each in self.definition["nodes"]}
                members = tuple(self._node(by_id[child]) for child in node["children"])
                return Group("and" if node["type"] == "And" else "or", members)
            case "Trait":
                return self._trait(name_of(node["path"]), node["operator"])
            case "Performed":
                return self._performed(node)
            case "LastPerformed":
                return self._last_performed(node)
            case other:
                raise AssertionError(other)

    def _trait(self, name: str, operator: Json) -> MeasureRule:
        """A trait is what the user's last `identify` with that trait said."""
        if operator["type"] == "HasBeen":
            return self._has_been(name, operator)
        rule = self._condition(IDENTIFY, {"path": name, "operator": operator})
        test = Comparison(rule.op, rule.values, match_case=rule.match_case)
        return MeasureRule(IDENTIFY, "last_value", test, property=name)

    def _has_been(self, name: str, operator: Json) -> MeasureRule:
        """The first time it was said, after all that said otherwise, is that long ago."""
        assert operator["comparator"] == "GTE"
        is_it = FieldRule(name, "is", (operator["value"],), match_case=True)
        other = replace(is_it, op="is_not", unknown="exclude")
        return MeasureRule(
            IDENTIFY,
            "first_time",
            Comparison("more_than_ago", window=self._length(operator["windowSeconds"])),
            where=(is_it,),
            since=(Step(IDENTIFY, (other,)),),
        )

    def _performed(self, node: Json) -> EventRule:
        event, *also = self._events(node["event"])
        times, how = node.get("times", 1), node.get("timesOperator", ">=")
        op, count = {
            ">=": ("at_least", times),
            "=": ("exactly", times),
            "<": ("at_most", times - 1),
        }[how]
        return EventRule(
            event,
            op,
            (count,),
            window=self._length(node["withinSeconds"]) if "withinSeconds" in node else None,
            where=self._conditions(event, node.get("properties", ())),
            also=tuple(also),
        )

    def _last_performed(self, node: Json) -> EventRule:
        """One of those events came after all of them that lack one of the properties."""
        event, *also = self._events(node["event"])
        where = self._conditions(event, node.get("whereProperties", ()))
        has = self._conditions(event, node["hasProperties"])
        lacking = (Step(event, (*where, ~each), tuple(also)) for each in has)
        return EventRule(event, where=where, also=tuple(also), since=tuple(lacking))

    def _events(self, name: str) -> list[str]:
        """The events that a name with a `*` at its end means."""
        if not name.endswith("*"):
            return [name]
        known = (event.name for event in self.catalog.events)
        return [each for each in known if each.startswith(name.removesuffix("*"))]

    def _conditions(self, event: str, given: Any) -> tuple[FieldRule, ...]:
        return tuple(self._condition(event, each) for each in given)

    def _condition(self, event: str, given: Json) -> FieldRule:
        name, operator = name_of(given["path"]), given["operator"]
        known = {each.name: each.type for each in self.catalog.event(event).properties}
        kind: ValueType = known.get(name, "text")
        value = operator.get("value", operator.get("absoluteTimestamp"))
        match operator["type"], kind:
            case "Exists", _:
                return FieldRule(name, "is_not_empty")
            case "Equals", "number":
                return FieldRule(name, "equals", (float(value),))
            case "LessThan", "number":
                return FieldRule(name, "less_than", (value,))
            case "Equals", "text":
                return FieldRule(name, "is", (value,), match_case=True)
            case "NotEquals", "text":
                return FieldRule(name, "is_not", (value,), match_case=True)
            case "AbsoluteTimestamp", "datetime":
                return FieldRule(name, _SIDES[operator["direction"]], (value,))
            case other:
                raise AssertionError(other)

    def _length(self, seconds: int) -> Last:
        """A window of whole minutes; of no known unit where there is none."""
        minutes, rest = divmod(seconds * self.pace, 60)
        return Last(seconds, "seconds") if rest else Last(minutes, "minutes")  # type: ignore[arg-type]


_SIDES: dict[str, str] = {"after": "after", "before": "before"}


def name_of(path: str) -> str:
    """The name of a property, of which theirs may be a path."""
    found = NAMED_PATH.fullmatch(path)
    return found[1] if found else path
