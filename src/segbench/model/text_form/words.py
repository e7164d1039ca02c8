"""Writing phrases and clauses: what `text_slots` and `text_clauses` read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from segbench.model.codec import to_data
from segbench.model.operators import MONTHS, OPERATORS, WEEKDAYS
from segbench.model.rules import Comparison, FieldRule, Step
from segbench.model.text_form.comparisons import resolved, window_slots
from segbench.model.text_form.layout import Bracket, Doc, Row
from segbench.model.text_form.phrases import FIELD_PHRASES, WINDOW_PHRASES
from segbench.model.text_form.quotes import length, named, number, quoted, scalar, written_json
from segbench.model.text_form.slots import OtherField
from segbench.model.windows import Calendar, Window

Parts = tuple[Doc, ...]
_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_NEAR = {-1: "last", 0: "this", 1: "next"}
_UNKNOWN = {"include": "included", "exclude": "excluded"}


def filled(phrase: str, slots: Iterable[Any]) -> Parts:
    """The phrase with its slots filled, in turn."""
    waiting = iter(slots)
    found: list[Doc] = []
    for part in phrase.split():
        blank = " " if found else ""
        found += [blank, SLOTS[part[1:-1]](next(waiting))] if part[0] == "{" else [blank + part]
    return tuple(found)


def comparison(rule: FieldRule | Comparison) -> Parts | None:
    """How the value is compared, without options; nothing where no phrase says exactly that."""
    row = OPERATORS.get(("field", rule.op))
    other = rule.other if isinstance(rule, FieldRule) else ""
    if row is None:
        return None
    phrase = FIELD_PHRASES[rule.op]
    if row.shape == "window":
        fits = rule.window is not None and rule.window.kind in row.windows
        if not fits or rule.values or other or rule.window is None:
            return None
        return filled(phrase, window_slots(rule.window))
    if rule.window is not None:
        return None
    if other:
        fits = row.by_field and not rule.values
        return filled(phrase, (OtherField(other),)) if fits else None
    if row.shape == "many":
        return filled(phrase, (rule.values,))
    wanted = {"none": 0, "one": 1, "two": 2}[row.shape]
    if len(rule.values) != wanted or resolved(rule.op, rule.values)[0] != rule.op:
        return None
    return filled(phrase, rule.values)


def options(rule: Any) -> Parts:
    """The options of a rule or a comparison that are not at their defaults."""
    found: list[Doc] = []
    if getattr(rule, "match_case", False):
        found.append(" matching case")
    if getattr(rule, "unknown", "default") != "default":
        found.append(f" unknown {_UNKNOWN[rule.unknown]}")
    if getattr(rule, "clock", "workspace") != "workspace":
        found.append(" in contact time zone")
    if getattr(rule, "note", ""):
        found.append(f" note {quoted(rule.note)}")
    if getattr(rule, "locked", False):
        found.append(" locked")
    return tuple(found)


def prefix(rule: Any) -> str:
    """What stands before a rule or group that is switched off or negated."""
    return f"{'' if rule.enabled else 'disabled '}{'not ' if rule.negated else ''}"


def field_words(rule: FieldRule) -> Doc:
    """A rule about a field, or about a property of an event."""
    compared = comparison(rule)
    if compared is None:
        return f"json {written_json(to_data(rule))}"
    return Row((prefix(rule), named(rule.field), " ", *compared, *options(rule)))


def step_words(step: Step) -> Doc:
    """Events with conditions on their properties."""
    names = joined("or", [named(name) for name in (step.event, *step.also)])
    events = Bracket("(", names, ")") if step.also else named(step.event)
    if not step.where:
        return events
    conditions = joined("and", [field_words(condition) for condition in step.where])
    return Row((events, " where ", Bracket("(", conditions, ")")))


def window_words(window: Window | None, before: str = "") -> Parts:
    """In which time something happened."""
    if window is None:
        return ()
    return (f" {before}", *filled(WINDOW_PHRASES[window.kind], window_slots(window)))


def since_words(steps: tuple[Step, ...]) -> Parts:
    """After the last of which events it happened."""
    if not steps:
        return ()
    return (" since last ", Bracket("(", joined("or", map(step_words, steps)), ")"))


def joined(word: str, docs: Iterable[Doc]) -> Parts:
    """Items of a bracket with a word between them; in lines it stands first."""
    return tuple(Row((f"{word} ", doc)) if place else doc for place, doc in enumerate(docs))


def listing(items: Iterable[str]) -> Bracket:
    """Items in brackets with commas between them."""
    return Bracket("(", tuple(items), ")", ",")


def _value(value: Any) -> str:
    return f"field {named(value.name)}" if isinstance(value, OtherField) else scalar(value)


def _period(window: Calendar) -> str:
    if window.period == "day" and window.offset in _DAYS:
        return _DAYS[window.offset]
    if window.offset in _NEAR:
        return f"{_NEAR[window.offset]} {window.period}"
    return f"{window.period} {'+' if window.offset > 0 else ''}{number(window.offset)}"


def _known(names: tuple[str, ...]) -> Callable[[Any], Bracket]:
    return lambda values: listing(v if v in names else scalar(v) for v in values)


SLOTS: dict[str, Callable[[Any], Doc]] = {
    "value": _value,
    "scalar": scalar,
    "text": quoted,
    "number": number,
    "list": lambda values: listing(map(scalar, values)),
    "texts": lambda values: listing(map(quoted, values)),
    "weekdays": _known(WEEKDAYS),
    "months": _known(MONTHS),
    "percent": lambda value: f"{scalar(value)}%",
    "length": lambda pair: length(*pair),
    "lengths": lambda ago: f"{number(ago[0])} and {number(ago[1])} {ago[2]}",
    "period": _period,
    "times": lambda times: f"{number(times)} {'time' if times == 1 else 'times'}",
}
"""How each slot is written."""
