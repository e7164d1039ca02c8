"""Reading what stands around a comparison or a count: events, conditions, windows, options."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any, TypeVar

from segbench.errors import SegbenchError
from segbench.model.codec import from_data
from segbench.model.rules import FieldRule, Group, Rule, RuleOrGroup, Step
from segbench.model.text_form.comparisons import read_comparison, read_window
from segbench.model.text_form.cursor import Cursor
from segbench.model.text_form.errors import clean
from segbench.model.text_form.phrases import WINDOW
from segbench.model.text_form.slots import NEAR_WORDS, read_text
from segbench.model.windows import PERIODS

COMPARED = ("match_case", "unknown", "clock", "note", "locked")
HAPPENED = ("window", "since", "clock", "note", "locked")
SAID = ("note", "locked")
"""What can follow any rule or group, and asks nothing."""
WORDS = (
    *("and", "or", "matching", "unknown", "in", "note", "locked", "where", "since", "given"),
    "within",
)
"""What may follow a rule: for near names."""
_Node = TypeVar("_Node", bound=RuleOrGroup)


def read_clauses(cursor: Cursor, allowed: Collection[str]) -> dict[str, Any]:
    """Reads the clauses that are allowed here, in any order, each once; by the part they set."""
    found: dict[str, Any] = {}
    while (clause := next_clause(cursor)) in allowed and clause is not None:
        part = "window" if clause == "given" else clause
        if part in found:
            cursor.refuses(f"a second “{clean(cursor.peek().word)}” where only one can stand.")
        found[part] = _CLAUSES[clause](cursor)
    return found


def read_flags(cursor: Cursor) -> tuple[bool, bool]:
    """Reads `not` and `disabled`: whether what follows is negated, and whether it is enabled."""
    negated, enabled = False, True
    while True:
        if cursor.accepts("not"):
            negated = not negated
        elif cursor.accepts("disabled"):
            enabled = False
        else:
            return negated, enabled


def flagged(node: _Node, flags: tuple[bool, bool]) -> _Node:
    """The node with what stood before it."""
    negated, enabled = flags
    if not negated and enabled:
        return node
    return replace(node, negated=node.negated != negated, enabled=node.enabled and enabled)


def read_step(cursor: Cursor) -> Step:
    """Reads an event, or several in brackets, and conditions on its properties."""
    names = [""]
    if cursor.accepts("("):
        names = [cursor.name("the name of an event")]
        while not cursor.accepts(")"):
            if not cursor.accepts("or"):
                cursor.misses("“or”", "“)”", words=("or",))
            names.append(cursor.name("the name of an event"))
    else:
        names = [cursor.name("the name of an event")]
    where = read_clauses(cursor, ("where",)).get("where", ())
    return Step(names[0], where, tuple(names[1:]))


def read_json(cursor: Cursor) -> Rule:
    """Reads a rule that is written as JSON."""
    cursor.needs("json")
    token = cursor.peek()
    data = cursor.of_kind(("object",), "a rule as JSON in {}")
    try:
        node = from_data(data)
    except (SegbenchError, OverflowError) as error:
        cursor.refuses(f"this is no rule: {clean(str(error), 200)}", token)
    if isinstance(node, Group):
        cursor.refuses("a group is written in brackets, not as JSON.", token)
    return node


def next_clause(cursor: Cursor) -> str | None:
    """Which clause comes next, if any."""
    word = cursor.peek().word
    if cursor.sees("in", "contact"):
        return "clock"
    if cursor.sees("since", "last") or cursor.sees("since", "the"):
        return "since"
    if word in ("where", "unknown", "note", "locked", "given"):
        return word
    if word == "matching":
        return "match_case"
    return "window" if word and (word in WINDOW or word in NEAR_WORDS) else None


def _conditions(cursor: Cursor) -> tuple[FieldRule, ...]:
    cursor.needs("where", "(")
    found = [_condition(cursor)]
    while not cursor.accepts(")"):
        if cursor.sees("or"):
            cursor.refuses("the conditions of an event are joined by “and” only.")
        if not cursor.accepts("and"):
            cursor.misses("“and”", "“)”", words=WORDS)
        found.append(_condition(cursor))
    return tuple(found)


def _condition(cursor: Cursor) -> FieldRule:
    flags = read_flags(cursor)
    token = cursor.peek()
    if cursor.sees("json"):
        rule = read_json(cursor)
        if not isinstance(rule, FieldRule):
            cursor.refuses(f"a condition is about a property, not a {rule.kind} rule.", token)
        return flagged(rule, flags)
    if cursor.sees("("):
        cursor.refuses("the conditions of an event have no groups.")
    return flagged(read_field(cursor, cursor.name("the name of a property")), flags)


def read_field(cursor: Cursor, name: str) -> FieldRule:
    """Reads what is asked of the field, its options included."""
    shown = clean(name) or "the field without a name"
    rule = read_comparison(cursor, shown)
    return replace(rule, field=name, **read_clauses(cursor, COMPARED))


def _since(cursor: Cursor) -> tuple[Step, ...]:
    cursor.needs("since")
    cursor.accepts("the")
    cursor.needs("last")
    if not cursor.accepts("("):
        if cursor.peek().word in PERIODS:
            cursor.misses("a date in quotes after “since”, or the name of an event")
        return (read_step(cursor),)
    found = [read_step(cursor)]
    while not cursor.accepts(")"):
        if not cursor.accepts("or"):
            cursor.misses("“or”", "“)”", words=("or", "where"))
        found.append(read_step(cursor))
    return tuple(found)


def _match_case(cursor: Cursor) -> bool:
    cursor.needs("matching", "case")
    return True


def _unknown(cursor: Cursor) -> str:
    cursor.needs("unknown")
    for word, meaning in (("included", "include"), ("excluded", "exclude")):
        if cursor.accepts(word):
            return meaning
    cursor.misses("“included”", "“excluded”", words=("included", "excluded"))


def _clock(cursor: Cursor) -> str:
    cursor.needs("in", "contact", "time", "zone")
    return "contact"


def _note(cursor: Cursor) -> str:
    cursor.needs("note")
    return read_text(cursor)


def _locked(cursor: Cursor) -> bool:
    cursor.needs("locked")
    return True


def _given(cursor: Cursor) -> Any:
    cursor.needs("given")
    return read_window(cursor)


_CLAUSES: dict[str, Callable[[Cursor], Any]] = {
    "where": _conditions,
    "since": _since,
    "window": read_window,
    "given": _given,
    "match_case": _match_case,
    "unknown": _unknown,
    "clock": _clock,
    "note": _note,
    "locked": _locked,
}
