"""Clauses that stand where they cannot: what is said of them, and where they belong."""

from __future__ import annotations

from segbench.model.rules import EventRule, FieldRule, MeasureRule, Rule, SequenceRule, TagRule
from segbench.model.text_form.errors import clean
from segbench.model.text_form.quotes import named

_WORDS = {
    "window": "a time",
    "since": "“since last”",
    "given": "“given”",
    "where": "“where”",
    "match_case": "“matching case”",
    "unknown": "“unknown”",
    "clock": "“in contact time zone”",
    "note": "a note",
    "locked": "“locked”",
}


def misplaced(rule: Rule, clause: str) -> str:
    """Why a clause cannot follow the rule, and how it is written instead."""
    what = _WORDS[clause]
    match rule, clause:
        case FieldRule(), "window" | "since" | "where":
            return (
                f"{what} belongs to an event, and “{_short(rule.field)}” is compared like a field; "
                f"of an event one asks how often: {_short(rule.field)} happened in last 30 days."
            )
        case MeasureRule(), "window" | "since" | "where":
            return (
                f"{what} stands inside the brackets of {rule.op}: "
                f"{rule.op}({_inside(rule)}{_EXAMPLES[clause]})."
            )
        case EventRule(), "where":
            return (
                "“where” stands before how often it happened: "
                f"{_short(rule.event)} where (amount > 100) at least 3 times."
            )
        case SequenceRule(), "where":
            return "“where” stands inside the brackets, after the event that it is about."
        case TagRule(), "window":
            return "for when a tag was given, write “given” before the time."
        case _:
            return f"{what} cannot follow a rule of this kind."


_EXAMPLES = {
    "window": " in last 30 days",
    "since": " since last page_visited",
    "where": " where (amount > 100)",
}


def _short(name: str) -> str:
    return clean(named(name))


def _inside(rule: MeasureRule) -> str:
    return (
        f"{_short(rule.property)} of {_short(rule.event)}" if rule.property else _short(rule.event)
    )
