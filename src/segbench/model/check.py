"""What is wrong or odd in a tree: issues as values, each with its path and a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from segbench.errors import RuleError, SegbenchError, UnknownName, near_names, offer
from segbench.model.catalog import BLANKS, Catalog
from segbench.model.check_values import UNREADABLE, readable, value_issues, window_issues
from segbench.model.codec import DEEPEST, MOST_RULES
from segbench.model.operators import operator
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    Path,
    PrebuiltRule,
    RuleOrGroup,
    SegmentRule,
    TagRule,
    walk,
)
from segbench.model.segment import ENGAGEMENT_EVENTS, prebuilt, with_defaults

Level = Literal["error", "warning", "hint"]


@dataclass(frozen=True, slots=True)
class Issue:
    """Something about the node at `path`. An error cannot be evaluated; a hint is only unfinished
    work; a warning is evaluated, but probably not what was meant."""

    path: Path
    level: Level
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class _Here:
    """What exists where the tree is asked."""

    catalog: Catalog
    segments: Mapping[str, Group]
    engagement: tuple[str, ...]


def check(
    root: Group,
    catalog: Catalog,
    segments: Mapping[str, Group] | None = None,
    *,
    engagement: tuple[str, ...] = ENGAGEMENT_EVENTS,
) -> tuple[Issue, ...]:
    """All issues of a tree, in reading order; those inside switched-off members included."""
    return tuple(_issues(root, _Here(catalog, {} if segments is None else segments, engagement)))


def require_sound(
    root: Group,
    catalog: Catalog,
    segments: Mapping[str, Group] | None = None,
    *,
    engagement: tuple[str, ...] = ENGAGEMENT_EVENTS,
) -> None:
    """`RuleError` with the first thing that keeps the tree from being evaluated."""
    active = {path for path, _ in _active(root)}
    for issue in check(root, catalog, segments, engagement=engagement):
        if issue.level != "warning" and issue.path in active:
            raise RuleError(_place(issue) + issue.message)


def _issues(root: Group, here: _Here) -> Iterator[Issue]:
    for count, (path, node) in enumerate(walk(root)):
        if count > MOST_RULES:
            message = f"A segment holds at most {MOST_RULES:,} rules and groups."
            yield Issue((), "error", "too-many", message)
            return
        if isinstance(node, Group) and len(path) >= DEEPEST:
            message = f"Groups can be nested at most {DEEPEST} deep."
            yield Issue(path, "error", "too-deep", message)
            return
        for level, code, message in _node_issues(node, path, here):
            yield Issue(path, level, code, message)


def _node_issues(node: RuleOrGroup, path: Path, here: _Here) -> Iterator[tuple[Level, str, str]]:
    try:
        match node:
            case Group():
                if path and not any(rule.enabled for rule in node.rules):
                    yield "warning", "empty-group", "This group has no active rule: it is ignored."
            case FieldRule():
                yield from _field_issues(node, here.catalog)
            case TagRule():
                yield from _tag_issues(node, here.catalog)
            case EventRule():
                yield from _event_issues(node, here.catalog)
            case SegmentRule():
                operator("segment", node.op)
                yield from _segment_issues(node.segment, here)
            case PrebuiltRule():
                yield from _prebuilt_issues(node, here)
            case _:
                assert_never(node)
    except UnknownName as error:
        yield "error", "unknown-name", str(error)
    except SegbenchError as error:
        yield "error", "wrong", str(error)


def _field_issues(rule: FieldRule, catalog: Catalog) -> Iterator[tuple[Level, str, str]]:
    if not rule.field:
        yield "hint", "unfinished", "Choose what to filter on."
        return
    yield from value_issues(rule, catalog.field(rule.field).type)


def _tag_issues(rule: TagRule, catalog: Catalog) -> Iterator[tuple[Level, str, str]]:
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
    known = dict.fromkeys(tag.value for tag in catalog.tags)
    for name in rule.tags:
        if name.strip(BLANKS) not in known:
            message = f"No contact has the tag {name!r}{offer(near_names(name, known))}"
            yield "warning", "unused-tag", message


def _event_issues(rule: EventRule, catalog: Catalog) -> Iterator[tuple[Level, str, str]]:
    event = catalog.event(rule.event)
    row = operator("event", rule.op)
    wanted = {"none": 0, "one": 1, "two": 2}[row.shape]
    if len(rule.values) != wanted:
        yield "hint", "unfinished", "Enter how many times."
    elif wrong := [times for times in rule.values if type(times) is not int]:
        message = f"How many times must be a whole number, not {wrong[0]!r}."
        yield "error", "wrong-type", message
    elif any(times < 0 or times > 1_000_000_000 for times in rule.values):
        yield "error", "out-of-range", "How many times must be 0 to 1,000,000,000."
    elif wanted == 2 and rule.values[0] > rule.values[1]:
        yield "error", "swapped-bounds", "The first number is larger than the second."
    if rule.window is not None:
        yield from window_issues(rule.window, ("last", "between"), "datetime")
    for condition in rule.where:
        if not condition.enabled:
            continue
        if not condition.field:
            yield "hint", "unfinished", "Choose a property for the condition."
        else:
            yield from value_issues(condition, event.property(condition.field).type)


def _prebuilt_issues(rule: PrebuiltRule, here: _Here) -> Iterator[tuple[Level, str, str]]:
    operator("prebuilt", rule.op)
    row = prebuilt(rule.prebuilt)
    known = {param.name: param for param in row.params}
    for name, value in rule.params.items():
        if name not in known:
            raise UnknownName(f"parameter of {row.key!r} named", name, known)
        param = known[name]
        if type(value) is not int:
            message = f"{param.label} must be a whole number, not {value!r}."
            yield "error", "wrong-type", message
        elif not param.least <= value <= param.most:
            limits = f"{param.least:,} to {param.most:,}"
            yield "error", "out-of-range", f"{param.label} must be {limits}, not {value:,}."
    if not here.catalog.events:
        yield "error", "no-events", "These contacts have no events to tell engagement from."
        return
    try:
        row.expand(with_defaults(rule), here.catalog, here.engagement)
    except RuleError as error:
        yield "error", "no-engagement", str(error)


def _segment_issues(name: str, here: _Here) -> Iterator[tuple[Level, str, str]]:
    segments = here.segments
    if name not in segments:
        raise UnknownName("saved segment", name, segments)
    below, loop = _expansion(name, segments)
    if loop:
        shown = " → ".join(map(repr, loop))
        yield "error", "cycle", f"Segments refer to each other in a loop: {shown}."
        return
    # Every segment below is in the list, so each is asked only for names that are not.
    below_here = replace(here, segments=dict.fromkeys(segments, Group()))
    for saved in below:
        for path, node in _active(segments[saved]):
            for level, code, message in _node_issues(node, path, below_here):
                if level != "warning":
                    where = _place(Issue(path, level, code, message)) + message
                    yield "error", "broken-segment", f"Saved segment {saved!r}: {where}"
                    return


def _expansion(
    start: str, segments: Mapping[str, Group]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The saved segments that `start` leads to, itself first, and the loop among them, if any."""
    found: dict[str, None] = {}
    chain: list[str] = []
    waiting: list[Iterator[str]] = [iter((start,))]
    while waiting:
        name = next(waiting[-1], None)
        if name is None:
            waiting.pop()
            del chain[-1:]
        elif name in chain:
            return tuple(found), (*chain[chain.index(name) :], name)
        elif name in segments and name not in found:
            found[name] = None
            chain.append(name)
            active = _active(segments[name])
            waiting.append(node.segment for _, node in active if isinstance(node, SegmentRule))
    return tuple(found), ()


def _active(root: Group) -> Iterator[tuple[Path, RuleOrGroup]]:
    """The nodes that are not switched off, neither themselves nor with a group around them."""
    off: Path | None = None
    for path, node in walk(root):
        if off is not None and path[: len(off)] == off:
            continue
        if path and not node.enabled:
            off = path
        else:
            yield path, node


def _place(issue: Issue) -> str:
    if not issue.path:
        return ""
    return f"Row {'.'.join(str(index + 1) for index in issue.path)}: "
