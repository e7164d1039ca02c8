"""What is wrong with one rule about fields, tags, pre-built segments and samples."""

from __future__ import annotations

from collections.abc import Iterator

from segbench.errors import RuleError, UnknownName, near_names, offer
from segbench.model.catalog import BLANKS, Catalog
from segbench.model.checks.values import (
    LONGEST_TEXT,
    UNREADABLE,
    Found,
    readable,
    value_issues,
    window_issues,
)
from segbench.model.operators import HAPPENED_WINDOWS, operator
from segbench.model.prebuilt import Param, prebuilt, with_defaults
from segbench.model.rules import FieldRule, PrebuiltRule, Rule, SampleRule, Scalar, TagRule
from segbench.model.vocabulary import Vocabulary
from segbench.model.wording import cut, quoted

MOST_NAMED = 5
"""So many unused tags are named; looking up near names takes its time."""


def field_issues(rule: FieldRule, catalog: Catalog) -> Iterator[Found]:
    """What is wrong with a rule about a field."""
    if not rule.field:
        yield "hint", "unfinished", "Choose what to filter on."
        return
    yield from value_issues(rule, lambda name: catalog.field(name).type)


def tag_issues(rule: TagRule, catalog: Catalog) -> Iterator[Found]:
    """What is wrong with a rule about tags."""
    operator("tag", rule.op)
    if any(type(tag) is not str for tag in rule.tags):
        yield "error", "wrong-type", "A tag is a text."
        return
    if not any(tag.strip(BLANKS) for tag in rule.tags):
        yield "hint", "unfinished", "Choose at least one tag."
        return
    if not all(map(readable, rule.tags)):
        yield "error", "wrong-type", UNREADABLE
        return
    if rule.window is not None:
        yield from window_issues(rule.window, HAPPENED_WINDOWS, "datetime")
        if not catalog.tag_times:
            yield "error", "missing-data", "It is not known here when tags were given."
    known = dict.fromkeys(tag.value for tag in catalog.tags)
    unused = [name for name in rule.tags if name.strip(BLANKS) not in known]
    for name in unused[:MOST_NAMED]:
        message = f"No contact has the tag {cut(name)}{offer(near_names(name[:200], known))}"
        yield "warning", "unused-tag", message
    if len(unused) > MOST_NAMED:
        more = f"{len(unused) - MOST_NAMED:,} more of these tags"
        yield "warning", "unused-tag", f"No contact has {more}."


def prebuilt_issues(
    rule: PrebuiltRule, catalog: Catalog, vocabulary: Vocabulary
) -> Iterator[Found]:
    """What is wrong with the use of a pre-built segment."""
    operator("prebuilt", rule.op)
    row = prebuilt(rule.prebuilt)
    known = {param.name: param for param in row.params}
    wrong = False
    for name, value in rule.params.items():
        if name not in known:
            raise UnknownName(f"parameter of {row.key!r} named", name, known)
        for issue in _param_issues(known[name], value, catalog):
            wrong = True
            yield issue
    if wrong:
        return
    try:
        row.expand(with_defaults(rule), catalog, vocabulary)
    except RuleError as error:
        yield "error", "missing-data", str(error)


def _param_issues(param: Param, value: Scalar, catalog: Catalog) -> Iterator[Found]:
    match param.kind:
        case "choice" if value not in param.choices:
            near = f"{param.label} is one of {', '.join(param.choices)}, not {cut(value)}."
            yield "error", "wrong-type", near
        case "field":
            if not isinstance(value, str) or not value:
                yield "hint", "unfinished", f"Choose a field for {param.label}."
            else:
                catalog.field(value)
        case "whole" if type(value) is not int:
            yield "error", "wrong-type", f"{param.label} must be a whole number, not {cut(value)}."
        case "number" if isinstance(value, (bool, str)):
            yield "error", "wrong-type", f"{param.label} must be a number, not {cut(value)}."
        case "whole" | "number" if isinstance(value, str) or not (
            param.least <= value <= param.most
        ):
            limits = f"{param.least:,} to {param.most:,}"
            shown = cut(value) if len(quoted(value)) > 60 else quoted(value)
            yield "error", "out-of-range", f"{param.label} must be {limits}, not {shown}."


def sample_issues(rule: SampleRule) -> Iterator[Found]:
    """What is wrong with a sample."""
    operator("sample", rule.op)
    edges = (rule.low, rule.high)
    if any(isinstance(edge, bool) or not isinstance(edge, (int, float)) for edge in edges):
        yield "error", "wrong-type", "The edges of a sample are numbers, in per cent."
    elif not all(0 <= edge <= 100 for edge in edges):
        yield "error", "out-of-range", "The edges of a sample lie between 0 and 100 per cent."
    elif any(abs(edge * 100 - round(edge * 100)) > 1e-9 for edge in edges):
        yield "error", "out-of-range", "A sample is measured in hundredths of a per cent."
    elif rule.low >= rule.high:
        yield "error", "swapped-bounds", "The first edge of a sample must be the smaller one."
    if not readable(rule.salt) or len(rule.salt) > LONGEST_TEXT:
        yield "error", "wrong-type", UNREADABLE


def clock_issues(rule: Rule, catalog: Catalog, contact_zone: str) -> Iterator[Found]:
    """What is wrong with a rule that means each contact's own time zone."""
    if getattr(rule, "clock", "workspace") != "contact":
        return
    if not contact_zone:
        message = "This workspace names no field with the contacts' time zones."
        yield "error", "missing-data", message
        return
    field = catalog.field(contact_zone)
    if field.type != "text" or (field.known and not field.choices):
        message = f"Field {contact_zone!r} does not hold time zones."
        yield "error", "missing-data", message
