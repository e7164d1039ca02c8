"""What fields and events rules speak of, and of which types: a catalogue where there is no data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from segbench.errors import FormatError
from segbench.files.expectations import Expectations, Given
from segbench.model.catalog import Catalog, Choice, EventType, Field, Property, ValueType
from segbench.model.operator_table import DATES, EVERY, NUMBER, TEXT, TIMES, Operator
from segbench.model.operators import OPERATORS, measured_type
from segbench.model.rules import (
    Comparison,
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    PrebuiltRule,
    RuleOrGroup,
    Scalar,
    SequenceRule,
    Step,
    TagRule,
)
from segbench.model.tree import walk
from segbench.model.vocabulary import STANDARD

Types = frozenset[ValueType]
_LIKELY: tuple[ValueType, ...] = ("text", "datetime", "number", "boolean", "date", "list")
"""What a value is taken for, the first that fits, where the rules leave it open."""
_FIELDS: dict[str, ValueType] = {
    STANDARD.joined: "datetime",
    STANDARD.birthday: "date",
    STANDARD.email: "text",
    STANDARD.email_status: "text",
    STANDARD.email_consent: "boolean",
    STANDARD.do_not_disturb: "boolean",
}
_EVENTS: dict[str, dict[str, ValueType]] = {
    **{event: {} for event in STANDARD.engagement},
    STANDARD.order: {STANDARD.amount: "number"},
    STANDARD.cart: {},
    STANDARD.checkout: {},
    STANDARD.view: {STANDARD.page: "text"},
    STANDARD.sent: {STANDARD.campaign: "text"},
    STANDARD.opened: {STANDARD.campaign: "text", STANDARD.machine_open: "boolean"},
    STANDARD.clicked: {STANDARD.campaign: "text"},
    STANDARD.replied: {},
    STANDARD.bounced: {STANDARD.bounce_type: "text"},
    STANDARD.complained: {},
    STANDARD.unsubscribed: {},
}
"""What pre-built segments speak of, by the names that workspaces have by default."""


@dataclass
class _Seen:
    """The types that each name may still have; a property's name comes with its event's."""

    types: dict[tuple[str, ...], Types] = field(default_factory=dict)
    events: dict[str, None] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)

    def narrow(self, name: tuple[str, ...], types: Types) -> None:
        """The name has one of these types; where it cannot, the first that was seen stays."""
        known = self.types.get(name, EVERY)
        self.types[name] = known & types or known

    def settled(self, name: tuple[str, ...], usual: ValueType | None) -> ValueType:
        types = self.types[name]
        if usual in types:
            return usual
        return next(kind for kind in _LIKELY if kind in types)


def inferred_catalog(groups: Iterable[Group], tests: Expectations | None = None) -> Catalog:
    """Everything that the groups, and the tests of one of them, speak of."""
    seen = _Seen()
    tests = tests or Expectations()
    _see_declared(seen, tests)
    for group in groups:
        for _, node in walk(group):
            _see(seen, node)
    _see_examples(seen, tests)
    if tests.contact_time_zone:
        seen.narrow((tests.contact_time_zone,), TEXT)
    return _catalog(seen, tests)


def _see_declared(seen: _Seen, tests: Expectations) -> None:
    for name, kind in tests.fields.items():
        seen.narrow((name,), frozenset({kind}))
    for event, properties in tests.events.items():
        seen.events[event] = None
        for name, kind in properties.items():
            if kind == "list":
                raise FormatError(f"Property {name!r} of event {event!r} cannot be a list.")
            seen.narrow((event, name), frozenset({kind}))


def _see(seen: _Seen, node: RuleOrGroup) -> None:
    match node:
        case FieldRule() if node.field:
            _see_comparison(seen, (), node)
        case TagRule():
            seen.tags.update(dict.fromkeys(tag.strip() for tag in node.tags))
        case EventRule() | MeasureRule():
            _see_step(seen, Step(node.event, node.where, node.also))
            for step in node.since:
                _see_step(seen, step)
            if isinstance(node, MeasureRule):
                _see_measure(seen, node)
        case SequenceRule():
            for step in node.steps:
                _see_step(seen, step)
        case PrebuiltRule():
            if isinstance(name := node.params.get("field"), str) and name:
                seen.narrow((name,), EVERY)
        case _:
            return


def _see_step(seen: _Seen, step: Step) -> None:
    for event in (step.event, *step.also):
        if event:
            seen.events[event] = None
            for rule in step.where:
                _see_comparison(seen, (event,), rule)


def _see_comparison(seen: _Seen, event: tuple[str, ...], rule: FieldRule) -> None:
    row = OPERATORS.get(("field", rule.op))
    if not rule.field or row is None:
        return
    types = _types(row, rule)
    seen.narrow((*event, rule.field), types)
    if rule.other:
        seen.narrow((*event, rule.other), types)


def _see_measure(seen: _Seen, rule: MeasureRule) -> None:
    row = OPERATORS.get(("measure", rule.op))
    if row is None or not rule.property:
        return
    types = row.types
    compare = OPERATORS.get(("field", rule.compare.op))
    if compare is not None and measured_type(rule.op, None) != measured_type(rule.op, "boolean"):
        types &= _types(compare, rule.compare)
    for event in (rule.event, *rule.also):
        seen.narrow((event, rule.property), types or row.types)


def _types(row: Operator, rule: FieldRule | Comparison) -> Types:
    """The types of value that an operator with these operands takes."""
    types = row.types
    if row.takes == "value" and rule.values and types > NUMBER:
        types &= DATES if isinstance(rule.values[0], str) else NUMBER
    if types == DATES and (_timed(rule.values) or getattr(rule.window, "unit", "") in _SHORT):
        types = TIMES
    return types


_SHORT = ("minutes", "hours")


def _timed(values: Iterable[Scalar]) -> bool:
    return any(isinstance(value, str) and len(value) > 10 for value in values)


def _see_examples(seen: _Seen, tests: Expectations) -> None:
    for example in tests.contacts:
        for name, value in example.fields.items():
            _see_given(seen, (name,), value)
        seen.tags.update(dict.fromkeys(tag.strip() for tag in example.tags))
        for happening in example.events:
            seen.events[happening.event] = None
            for name, value in happening.properties.items():
                _see_given(seen, (happening.event, name), value)


def _see_given(seen: _Seen, name: tuple[str, ...], value: Given) -> None:
    match value:
        case None:
            seen.types.setdefault(name, EVERY)
        case bool():
            seen.narrow(name, frozenset({"boolean"}))
        case int() | float():
            seen.narrow(name, NUMBER)
        case str():
            seen.narrow(name, TEXT | DATES)
        case _:
            seen.narrow(name, frozenset({"list"}))


def _catalog(seen: _Seen, tests: Expectations) -> Catalog:
    for name, kind in _FIELDS.items():
        seen.types.setdefault((name,), frozenset({kind}))
    for event, properties in _EVENTS.items():
        seen.events[event] = None
        for name, kind in properties.items():
            seen.types.setdefault((event, name), frozenset({kind}))
    fields = tuple(
        Field(name[0], seen.settled(name, _FIELDS.get(name[0])), choices=_zones(name[0], tests))
        for name in seen.types
        if len(name) == 1
    )
    events = tuple(EventType(name, properties=_properties(seen, name)) for name in seen.events)
    tags = tuple(Choice(tag, 1) for tag in seen.tags)
    return Catalog(len(tests.contacts), fields, tags, events, tag_times=True)


def _properties(seen: _Seen, event: str) -> tuple[Property, ...]:
    usual: Mapping[str, ValueType] = _EVENTS.get(event, {})
    names = [name for name in seen.types if len(name) == 2 and name[0] == event]
    return tuple(Property(name[1], seen.settled(name, usual.get(name[1]))) for name in names)


def _zones(name: str, tests: Expectations) -> tuple[Choice, ...]:
    """The values of the field with the contacts' time zones, which rules are resolved with."""
    if name != tests.contact_time_zone:
        return ()
    given = (example.fields.get(name) for example in tests.contacts)
    return tuple(Choice(zone, 1) for zone in dict.fromkeys(z for z in given if isinstance(z, str)))
