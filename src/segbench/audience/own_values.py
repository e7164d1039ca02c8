"""What a rule finds for one contact, in words: its value, its tags, how often, which figure."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from segbench.engine.memory import Contact
from segbench.engine.memory_events import chosen, figure
from segbench.engine.memory_values import missing
from segbench.errors import RuleError
from segbench.model.moments import zone_of
from segbench.model.operators import ZERO_MEASURES
from segbench.model.rules import (
    EventRule,
    FieldRule,
    MeasureRule,
    PrebuiltRule,
    Rule,
    SampleRule,
    SegmentRule,
    SequenceRule,
    TagRule,
)
from segbench.model.wording import day, listed, quoted
from segbench.plan.atoms import trimmed
from segbench.plan.fields import happened_bounds
from segbench.plan.happenings import event_choice, measure_frame, step_events
from segbench.plan.lower import Context


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, in words; `missing` where nothing is known."""

    text: str
    missing: bool = False


NOTHING = Found("no value", missing=True)


def own_value(rule: Rule, contact: Contact, context: Context) -> Found:
    """The contact's own value for a rule, in the time zone that the rule means."""
    if getattr(rule, "clock", "workspace") == "contact":
        context = replace(context, zone=_own_zone(contact, context))
    match rule:
        case FieldRule():
            return _field(rule, contact, context.zone)
        case TagRule():
            return _tags(rule, contact, context.zone)
        case EventRule():
            return _events(rule, contact, context)
        case MeasureRule():
            found = figure(measure_frame(rule, context.catalog, context.moment), contact.events)
            if missing(found):
                return Found("0") if rule.op in ZERO_MEASURES else NOTHING
            return Found(_shown(found, context.zone))
        case SequenceRule():
            return _steps(rule, contact, context)
        case SampleRule(salt=salt):
            digits = hashlib.md5(f"{salt}\x1f{contact.key}".encode()).hexdigest()[:8]
            return Found(f"at {int(digits, 16) / 2**32 * 100:.2f} %")
        case SegmentRule() | PrebuiltRule():
            return Found("")
        case _:
            assert_never(rule)


def _field(rule: FieldRule, contact: Contact, zone: ZoneInfo) -> Found:
    names = (rule.field, rule.other) if rule.other else (rule.field,)
    values = [contact.fields.get(name) for name in names]
    shown = ["no value" if missing(value) else _shown(value, zone) for value in values]
    if rule.other:
        shown = [f"{name} is {text}" for name, text in zip(names, shown, strict=True)]
    return Found(", ".join(shown), missing=any(map(missing, values)))


def _tags(rule: TagRule, contact: Contact, zone: ZoneInfo) -> Found:
    if not contact.tags:
        return Found("no tags")
    shown = []
    for tag in sorted(contact.tags):
        at = contact.tagged.get(tag) if rule.window is not None else None
        shown.append(f"{tag} ({_shown(at, zone)})" if at is not None else tag)
    return Found("has " + listed(tuple(shown), "", bare=True).strip())


def _events(rule: EventRule, contact: Contact, context: Context) -> Found:
    seen = chosen(*event_choice(rule, context.catalog, context.moment), contact.events)
    if not seen:
        return Found("0 times")
    times = "1 time" if len(seen) == 1 else f"{len(seen):,} times"
    latest = max(event.at for event in seen)
    return Found(f"{times}, most recently {_shown(latest, context.zone)}")


def _steps(rule: SequenceRule, contact: Contact, context: Context) -> Found:
    """How often each step happened, whatever the order."""
    moment = context.moment
    shown = []
    for number, step in enumerate(rule.steps):
        absent = rule.op == "not_followed" and number == len(rule.steps) - 1
        bounds = happened_bounds(None if absent else rule.window, moment)
        events = step_events(step, context.catalog, moment)
        count = len(chosen(events, bounds, None, contact.events))
        names = " or ".join((step.event, *step.also))
        fitting = " with these conditions" if step.where else ""
        shown.append(f"{names}{fitting} {count:,}×")
    return Found(", ".join(shown))


def _own_zone(contact: Contact, context: Context) -> ZoneInfo:
    try:
        return zone_of(trimmed(str(contact.fields.get(context.contact_zone) or "")))
    except RuleError:
        return context.zone


def _shown(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, dt.datetime):
        local = value.replace(tzinfo=dt.UTC).astimezone(zone)
        return f"{day(local.date())}, {local:%H:%M}"
    if isinstance(value, dt.date):
        return day(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(quoted(item) for item in value)
    return quoted(value)
