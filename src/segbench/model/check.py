"""What is wrong or odd in a tree: issues as values, each with its path and a sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from segbench.errors import RuleError, SegbenchError, UnknownName, offer
from segbench.model.catalog import Catalog
from segbench.model.checks.events import event_issues, measure_issues, sequence_issues
from segbench.model.checks.rules import (
    clock_issues,
    field_issues,
    prebuilt_issues,
    sample_issues,
    tag_issues,
)
from segbench.model.checks.strays import choice_issues
from segbench.model.checks.values import LONGEST_TEXT, UNREADABLE, Level, readable
from segbench.model.codec import DEEPEST, MOST_RULES, deeper_than
from segbench.model.operators import operator
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    Path,
    PrebuiltRule,
    RuleOrGroup,
    SampleRule,
    SegmentRule,
    SequenceRule,
    TagRule,
)
from segbench.model.tree import walk
from segbench.model.vocabulary import STANDARD, Vocabulary

TOO_DEEP = f"Groups can be nested at most {DEEPEST} deep."


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
    vocabulary: Vocabulary
    contact_zone: str
    deleted: Collection[str]
    archived: Collection[str] = ()


def check(
    root: Group,
    catalog: Catalog,
    segments: Mapping[str, Group] | None = None,
    *,
    vocabulary: Vocabulary = STANDARD,
    contact_zone: str = "",
    deleted: Collection[str] = (),
    archived: Collection[str] = (),
) -> tuple[Issue, ...]:
    """All issues of a tree, in reading order; those inside switched-off members included.

    `contact_zone` is the field with each contact's time zone, if the workspace names one;
    `deleted` are names of segments that were saved once, `archived` of those that are archived.
    """
    known = {} if segments is None else segments
    here = _Here(catalog, known, vocabulary, contact_zone, deleted, archived)
    return tuple(_issues(root, here))


def require_sound(
    root: Group,
    catalog: Catalog,
    segments: Mapping[str, Group] | None = None,
    *,
    vocabulary: Vocabulary = STANDARD,
    contact_zone: str = "",
    deleted: Collection[str] = (),
) -> None:
    """`RuleError` with the first thing that keeps the tree from being evaluated."""
    if deeper_than(DEEPEST, root):
        # The paths of a deep tree take memory by the square of its depth.
        raise RuleError(TOO_DEEP)
    active = {path for path, _ in _active(root)}
    found = check(
        root,
        catalog,
        segments,
        vocabulary=vocabulary,
        contact_zone=contact_zone,
        deleted=deleted,
    )
    for issue in found:
        if issue.level != "warning" and issue.path in active:
            raise RuleError(_place(issue) + issue.message)


def _issues(root: Group, here: _Here) -> Iterator[Issue]:
    for count, (path, node) in enumerate(walk(root)):
        if count > MOST_RULES:
            message = f"A segment holds at most {MOST_RULES:,} rules and groups."
            yield Issue((), "error", "too-many", message)
            return
        if isinstance(node, Group) and len(path) >= DEEPEST:
            yield Issue(path, "error", "too-deep", TOO_DEEP)
            return
        for level, code, message in _node_issues(node, path, here):
            yield Issue(path, level, code, message)


def _node_issues(node: RuleOrGroup, path: Path, here: _Here) -> Iterator[tuple[Level, str, str]]:
    if not readable(node.note) or len(node.note) > LONGEST_TEXT:
        yield "error", "wrong-type", f"A note is up to {LONGEST_TEXT:,} characters. {UNREADABLE}"
    if wrong := (*choice_issues(node),):
        yield wrong[0]
        return
    try:
        match node:
            case Group():
                if path and not any(rule.enabled for rule in node.rules):
                    yield "warning", "empty-group", "This group has no active rule: it is ignored."
                return
            case FieldRule():
                yield from field_issues(node, here.catalog)
            case TagRule():
                yield from tag_issues(node, here.catalog)
            case EventRule():
                yield from event_issues(node, here.catalog)
            case MeasureRule():
                yield from measure_issues(node, here.catalog)
            case SequenceRule():
                yield from sequence_issues(node, here.catalog)
            case SegmentRule():
                operator("segment", node.op)
                yield from _segment_issues(node.segment, here)
                if node.segment in here.archived:
                    message = f"The saved segment {node.segment!r} is archived; it still counts."
                    yield "warning", "archived-segment", message
            case PrebuiltRule():
                yield from prebuilt_issues(node, here.catalog, here.vocabulary)
            case SampleRule():
                yield from sample_issues(node)
            case _:
                assert_never(node)
        yield from clock_issues(node, here.catalog, here.contact_zone)
    except UnknownName as error:
        yield "error", "unknown-name", str(error)
    except SegbenchError as error:
        yield "error", "wrong", str(error)


def _segment_issues(name: str, here: _Here) -> Iterator[tuple[Level, str, str]]:
    segments = here.segments
    if name not in segments:
        error = UnknownName("saved segment", name, segments)
        told = f"The saved segment {name!r} was deleted{offer(error.near)}"
        yield "error", "unknown-name", told if name in here.deleted else str(error)
        return
    below, loop, deep = _expansion(name, segments)
    if deep:
        yield "error", "broken-segment", f"Saved segment {deep!r}: {TOO_DEEP}"
        return
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
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """The saved segments that `start` leads to, itself first; a loop or a too deep one, if any."""
    found: dict[str, None] = {}
    chain: list[str] = []
    waiting: list[Iterator[str]] = [iter((start,))]
    while waiting:
        name = next(waiting[-1], None)
        if name is None:
            waiting.pop()
            del chain[-1:]
        elif name in chain:
            return tuple(found), (*chain[chain.index(name) :], name), ""
        elif name in segments and name not in found:
            if deeper_than(DEEPEST, segments[name]):
                return tuple(found), (), name
            found[name] = None
            chain.append(name)
            active = _active(segments[name])
            waiting.append(node.segment for _, node in active if isinstance(node, SegmentRule))
    return tuple(found), (), ""


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
