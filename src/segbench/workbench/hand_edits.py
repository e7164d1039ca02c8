"""The edits of one contact that its segment's rules suggest: a tag, or a value of a field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from segbench.engine.memory import Contact
from segbench.errors import SegbenchError
from segbench.model.catalog import Field
from segbench.model.prebuilt import prebuilt, with_defaults
from segbench.model.rules import FieldRule, Group, PrebuiltRule, SegmentRule, TagRule
from segbench.plan.lower import Context
from segbench.workbench.consequences import Change
from segbench.workbench.contact_values import stored_tag, stored_values

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

DEEPEST = 8
"""How far segments are followed into the segments that they refer to."""
CHOICES = 3
"""How many of a field's usual values are tried where a rule only says what it must not be."""
_SAID = {"is", "is_any_of"}
"""Operators that say which text it should be."""
_PARTS = {"contains", "starts_with", "ends_with", "matches", "item_contains"}
"""Operators that ask for a part of a text: which text it should be is for people to say."""


@dataclass(frozen=True)
class HandEdit:
    """One thing to do by hand, and in words."""

    change: Change
    words: str

    @property
    def touches(self) -> frozenset[str]:
        """The tags and fields that it changes; two that share one cannot both be done."""
        tags = {f"tag {tag}" for tag in (*self.change.add, *self.change.remove)}
        return frozenset((*tags, *(f"field {name}" for name in self.change.values)))


def suggested(workbench: Workbench, group: Group, contact: Contact) -> list[HandEdit]:
    """What the rules of a group suggest, those they name first; each once."""
    context = workbench.context()
    found: dict[str, HandEdit] = {}
    for rule in _leaves(group, context, DEEPEST):
        if isinstance(rule, TagRule):
            edits = _of_tags(rule, contact)
        else:
            edits = _of_field(workbench, rule, contact)
        for edit in edits:
            found.setdefault(edit.words, edit)
    return list(found.values())


def _leaves(group: Group, context: Context, depth: int) -> Iterator[FieldRule | TagRule]:
    """The enabled rules about fields and tags, also those behind segments."""
    for node in group.rules if group.enabled else ():
        match node:
            case Group():
                yield from _leaves(node, context, depth)
            case FieldRule() | TagRule() if node.enabled:
                yield node
            case SegmentRule() if node.enabled and depth and node.segment in context.segments:
                yield from _leaves(context.segments[node.segment], context, depth - 1)
            case PrebuiltRule() if node.enabled and depth:
                behind = prebuilt(node.prebuilt).expand(
                    with_defaults(node), context.catalog, context.vocabulary
                )
                yield from _leaves(behind, context, depth - 1)


def _of_tags(rule: TagRule, contact: Contact) -> Iterator[HandEdit]:
    tags = dict.fromkeys(filter(None, map(stored_tag, rule.tags)))
    missing = tuple(tag for tag in tags if tag not in contact.tags)
    there = tuple(tag for tag in tags if tag in contact.tags)
    for some in (missing, *((tag,) for tag in missing)):
        if some:
            yield HandEdit(Change(add=some), f"Tag it {_quoted(some)}")
    for some in (there, *((tag,) for tag in there)):
        if some:
            yield HandEdit(Change(remove=some), f"Take the tag {_quoted(some)} away")


def _of_field(workbench: Workbench, rule: FieldRule, contact: Contact) -> Iterator[HandEdit]:
    field = workbench.catalog.field(rule.field)
    label = field.label or field.name
    now = contact.fields.get(field.name)
    for value in (*_values(workbench, rule, field, now), None):
        try:
            stored = stored_values(workbench, {field.name: value})
        except SegbenchError:
            # A whole number cannot be 3.5; the rule may ask for it all the same.
            continue
        kept = stored[field.name]
        if kept == now:
            continue
        said = f"Set {label} to {_said(kept)}" if kept is not None else f"Clear {label}"
        yield HandEdit(Change(values=stored), said)


def _values(workbench: Workbench, rule: FieldRule, field: Field, now: Any) -> Iterator[Any]:
    """Values that might do; most of them will not."""
    given = [value for value in rule.values if value != ""]
    match field.type:
        case "boolean":
            yield from (True, False)
        case "number":
            for value in given:
                if isinstance(value, int | float) and not isinstance(value, bool):
                    yield from (value, value + 1, value - 1)
        case "date" | "datetime":
            yield from _times(workbench, field, given)
        case "list" if rule.op not in _PARTS:
            own = list(now or ())
            texts = [str(value) for value in given]
            yield [*own, *(text for text in texts if text not in own)]
            yield from ([*own, text] for text in texts)
            yield [item for item in own if item not in texts] or None
        case "text" if rule.op not in _PARTS:
            if rule.op in _SAID:
                yield from map(str, given)
            else:
                yield from (choice.value for choice in field.choices[:CHOICES])


def _times(workbench: Workbench, field: Field, given: list[Any]) -> Iterator[Any]:
    day = dt.timedelta(days=1)
    moments = [workbench.as_of + day * days for days in (0, -1, 1, -40, 40, -400, 400)]
    for value in given:
        try:
            moments.append(dt.datetime.fromisoformat(str(value)).replace(tzinfo=None))
        except ValueError:
            continue
    yield from (at.date() if field.type == "date" else at for at in moments)


def _quoted(texts: tuple[str, ...]) -> str:
    return " and ".join(f"“{text}”" for text in texts)


def _said(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return _quoted(tuple(value))
        case str():
            return f"“{value}”"
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
    return str(value)
