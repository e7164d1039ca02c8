"""Sentences: what a rule, a group or a segment asks, exactly, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import assert_never
from zoneinfo import ZoneInfo

from segbench.errors import SegbenchError, UnknownName
from segbench.model.catalog import Catalog, EventType, ValueType
from segbench.model.operators import Operator, operator
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    PrebuiltRule,
    RuleOrGroup,
    Scalar,
    SegmentRule,
    TagRule,
)
from segbench.model.segment import prebuilt, with_defaults
from segbench.model.windows import Between, Last, Next, Window, local_day, next_day, span

NOBODY = "Nobody: add a filter."


@dataclass(frozen=True)
class Wording:
    """What a sentence may use: labels from the catalogue, dates from `as_of` (naive UTC)."""

    catalog: Catalog | None = None
    as_of: dt.datetime | None = None
    zone: ZoneInfo | None = None


PLAIN = Wording()


def describe(root: Group, wording: Wording = PLAIN) -> str:
    """The whole segment as one sentence; disabled members are not in it."""
    words = phrase(root, wording, outermost=True)
    return f"Contacts where {words}." if words else NOBODY


def phrase(node: RuleOrGroup, wording: Wording = PLAIN, *, outermost: bool = False) -> str:
    """A rule or group in words, with brackets that match the tree; empty where it is ignored."""
    if not node.enabled and not outermost:
        return ""
    if isinstance(node, Group):
        return _group(node, wording, outermost)
    words = label(node, wording)
    return f"not ({words})" if node.negated else words


def label(rule: RuleOrGroup, wording: Wording = PLAIN) -> str:
    """A rule in words, without its own NOT; a group as `phrase` gives it."""
    match rule:
        case FieldRule():
            return _field(rule, wording, *_known_field(rule.field, wording))
        case TagRule():
            row = _operator("tag", rule.op)
            return row.phrase.format(list=_listed(rule.tags), all=_listed(rule.tags, "all of"))
        case EventRule():
            return _event(rule, wording)
        case SegmentRule():
            return f"{_operator('segment', rule.op).phrase} {quoted(rule.segment)}"
        case PrebuiltRule():
            return _prebuilt(rule)
        case Group():
            return _group(rule, wording, outermost=True)
        case _:
            assert_never(rule)


def quoted(value: Scalar) -> str:
    """A value as a sentence shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return f"{value:,}"
    return f"“{value}”"


def day(date: dt.date) -> str:
    """A date as a sentence shows it: 23 Oct 2026."""
    return f"{date.day} {date:%b} {date.year}"


def _group(group: Group, wording: Wording, outermost: bool) -> str:
    parts = [words for rule in group.rules if (words := phrase(rule, wording))]
    if not parts:
        return ""
    joined = f" {group.combinator} ".join(parts)
    if group.negated:
        return f"not ({joined})"
    return joined if outermost or len(parts) == 1 else f"({joined})"


def _field(rule: FieldRule, wording: Wording, name: str, kind: ValueType | None) -> str:
    if not rule.field:
        return "(no field chosen yet)"
    row = _operator("field", rule.op)
    verb = row.phrase.format(
        *(_padded(rule.values)),
        list=_listed(rule.values),
        window=_window(rule.window, wording, kind),
    )
    suffix = " (matching case)" if rule.match_case else ""
    if row.negates and rule.op != "is_empty" and rule.unknown != "exclude":
        suffix += " (empty included)"
    elif not row.negates and rule.unknown == "include":
        suffix += " or is empty"
    return f"{name} {verb}{suffix}"


def _event(rule: EventRule, wording: Wording) -> str:
    words = _operator("event", rule.op).phrase.format(*_padded(rule.values))
    if rule.values == (1,):
        words = words.replace("1 times", "1 time")
    event = _known_event(rule.event, wording)
    where = [
        f"not ({text})" if part.negated else text
        for part in rule.where
        if part.enabled
        for text in (_field(part, wording, *_known_property(part.field, event)),)
    ]
    with_where = f" with {' and '.join(where)}" if where else ""
    when = f" {_window(rule.window, wording, 'datetime')}" if rule.window else ""
    name = event.label if event and event.label else rule.event
    return f"{name}{with_where} {words}{when}"


def _prebuilt(rule: PrebuiltRule) -> str:
    try:
        words = prebuilt(rule.prebuilt).phrase.format(**with_defaults(rule))
    except UnknownName:
        return f"{rule.prebuilt} (unknown pre-built segment)"
    return words.replace("is ", "is not ", 1) if rule.op == "is_not_in" else words


def _window(window: Window | None, wording: Wording, kind: ValueType | None) -> str:
    match window:
        case None:
            return "…"
        case Last(amount=amount, unit=unit):
            return f"in the last {_length(amount, unit)}{_edge(window, wording, kind)}"
        case Next(amount=amount, unit=unit):
            return f"in the next {_length(amount, unit)}{_edge(window, wording, kind)}"
        case Between(start=start, end=end):
            return f"from {_day_text(start)} to {_day_text(end)}"
        case _:
            assert_never(window)


def _length(amount: int, unit: str) -> str:
    return unit.removesuffix("s") if amount == 1 else f"{amount:,} {unit}"


def _edge(window: Last | Next, wording: Wording, kind: ValueType | None) -> str:
    """The far end of a rolling window as a day; empty where the type or the clock is not known."""
    if wording.as_of is None or wording.zone is None or kind is None:
        return ""
    since = isinstance(window, Last)
    try:
        length = -span(window) if since else span(window)
        if kind == "date":
            edge = local_day(wording.as_of, wording.zone) + dt.timedelta(days=length.days)
            # Of whole days the window leaves out the one it starts from.
            edge = next_day(edge) if since else edge
        else:
            edge = local_day(wording.as_of + length, wording.zone)
    except OverflowError:
        return ""
    return f" ({'since' if since else 'until'} {day(edge)})"


def _day_text(text: str) -> str:
    try:
        return day(dt.date.fromisoformat(text))
    except ValueError:
        return text or "…"


def _listed(values: tuple[Scalar, ...], several: str = "any of", most: int = 12) -> str:
    """One value as it is, several with commas: the words and/or are left to the rules around."""
    shown = [quoted(value) for value in values[:most]]
    if len(values) > most:
        shown.append(f"{len(values) - most:,} more")
    return f"{several} {', '.join(shown)}" if len(shown) > 1 else "".join(shown) or "…"


def _padded(values: tuple[Scalar, ...]) -> tuple[str, str]:
    shown = [_value(value) for value in values[:2]]
    return (shown[0] if shown else "…", shown[1] if len(shown) > 1 else "…")


def _value(value: Scalar) -> str:
    """A single value: a date in words where it is one, else as `quoted` shows it."""
    if isinstance(value, str) and len(value) == 10 and value[4:5] == "-":
        return _day_text(value)
    return quoted(value)


def _operator(subject: str, key: str) -> Operator:
    try:
        return operator(subject, key)  # type: ignore[arg-type]
    except SegbenchError:
        return Operator(subject, key, key, "none", f"{key or '…'} (unknown operator)")  # type: ignore[arg-type]


def _known_field(name: str, wording: Wording) -> tuple[str, ValueType | None]:
    """What a field is called, and its type where the catalogue knows it."""
    for field in wording.catalog.fields if wording.catalog else ():
        if field.name == name:
            return field.label or name, field.type
    return name, None


def _known_event(name: str, wording: Wording) -> EventType | None:
    events = wording.catalog.events if wording.catalog else ()
    return next((event for event in events if event.name == name), None)


def _known_property(name: str, event: EventType | None) -> tuple[str, ValueType | None]:
    properties = event.properties if event else ()
    types = (prop.type for prop in properties if prop.name == name)
    return name.replace("_", " "), next(types, None)
