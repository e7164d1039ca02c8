"""From rules to logic over atoms: segments expanded, windows absolute, negatives turned into
complements, counts into thresholds. Rules are taken as checked (`model.check`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from segbench.errors import ReferenceCycle, RuleError, UnknownName
from segbench.model.catalog import BLANKS, Catalog
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
)
from segbench.model.segment import ENGAGEMENT_EVENTS, prebuilt, with_defaults
from segbench.model.windows import Bounds, instants
from segbench.plan.atoms import Atom, Happened, HasTag, Known, ValueAtom
from segbench.plan.logic import Leaf, Logic, Nothing, all_of, any_of, complement
from segbench.plan.values import value_atom


@dataclass(frozen=True)
class Context:
    """What rules are resolved against: the clock (naive UTC), the zone, the names that exist."""

    as_of: dt.datetime
    zone: ZoneInfo
    catalog: Catalog
    segments: Mapping[str, Group] = field(default_factory=dict)
    engagement: tuple[str, ...] = ENGAGEMENT_EVENTS


@dataclass(frozen=True)
class Plan:
    """A segment ready to be answered.

    `nodes` has the logic of every node that counts, by path; disabled ones and empty groups are
    missing. `root` is the segment itself: nobody where no rule is enabled.
    """

    root: Logic[Atom]
    nodes: Mapping[Path, Logic[Atom]]


def lower(root: Group, context: Context) -> Plan:
    """The plan of a group; `UnknownName` or `ReferenceCycle` where segments do not resolve."""
    try:
        return _Lowering(context).plan(root)
    except RecursionError:
        raise RuleError("Saved segments refer to each other through too many others.") from None


class _Lowering:
    """One run over a tree: remembers expanded segments and the chain that leads to each."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.expanded: dict[str, Logic[Atom]] = {}
        self.chain: tuple[str, ...] = ()

    def plan(self, root: Group) -> Plan:
        nodes: dict[Path, Logic[Atom]] = {}
        logic = self.node(replace(root, enabled=True), (), nodes)
        return Plan(Nothing() if logic is None else logic, nodes)

    def node(
        self, node: RuleOrGroup, path: Path, nodes: dict[Path, Logic[Atom]]
    ) -> Logic[Atom] | None:
        """The node's logic, also noted under its path; None where it is ignored."""
        if not node.enabled:
            return None
        match node:
            case Group():
                logic = self.group(node, path, nodes)
            case _:
                logic = self.rule(node)
        if logic is None:
            return None
        nodes[path] = complement(logic) if node.negated else logic
        return nodes[path]

    def group(self, group: Group, path: Path, nodes: dict[Path, Logic[Atom]]) -> Logic[Atom] | None:
        members = [
            logic
            for index, child in enumerate(group.rules)
            if (logic := self.node(child, (*path, index), nodes)) is not None
        ]
        if not members:
            return None
        return all_of(members) if group.combinator == "and" else any_of(members)

    def rule(
        self, rule: FieldRule | TagRule | EventRule | SegmentRule | PrebuiltRule
    ) -> Logic[Atom]:
        match rule:
            case FieldRule():
                field_type = self.context.catalog.field(rule.field).type
                return field_logic(rule, field_type, self.context)
            case TagRule():
                return _tag_logic(rule)
            case EventRule():
                return event_logic(rule, self.context)
            case SegmentRule():
                return _with_op("segment", rule.op, self.segment(rule.segment))
            case PrebuiltRule():
                rows = prebuilt(rule.prebuilt).expand(
                    with_defaults(rule), self.context.catalog, self.context.engagement
                )
                return _with_op("prebuilt", rule.op, self.plan(rows).root)

    def segment(self, name: str) -> Logic[Atom]:
        if name in self.chain:
            raise ReferenceCycle((*self.chain[self.chain.index(name) :], name))
        if name not in self.expanded:
            if name not in self.context.segments:
                raise UnknownName("saved segment", name, self.context.segments)
            self.chain = (*self.chain, name)
            self.expanded[name] = self.plan(self.context.segments[name]).root
            self.chain = self.chain[:-1]
        return self.expanded[name]


def field_logic(rule: FieldRule, value_type: str, context: Context) -> Logic[ValueAtom]:
    """The logic of a field rule; where contacts without a value go is settled here."""
    row = operator("field", rule.op)
    known: Logic[ValueAtom] = Leaf(Known(rule.field, value_type))  # type: ignore[arg-type]
    positive = replace(rule, op=row.negates or rule.op)
    logic = value_atom(positive, value_type, context.as_of, context.zone)
    if row.negates:
        logic = complement(logic)
    if rule.unknown == "include":
        return any_of((logic, complement(known)))
    if rule.unknown == "exclude":
        return all_of((logic, known))
    return logic


def event_logic(rule: EventRule, context: Context) -> Logic[Atom]:
    """The logic of an event rule over "at least k times" atoms."""
    event = context.catalog.event(rule.event)
    where = all_of(
        complement(logic) if condition.negated else logic
        for condition in rule.where
        if condition.enabled
        for logic in (field_logic(condition, event.property(condition.field).type, context),)
    )
    bounds = _until_now(rule, context)

    def at_least(times: int) -> Logic[Atom]:
        return all_of(()) if times <= 0 else Leaf(Happened(rule.event, times, bounds, where))

    match rule.op, rule.values:
        case "did", _:
            return at_least(1)
        case "did_not", _:
            return complement(at_least(1))
        case "at_least", (times,):
            return at_least(times)
        case "at_most", (times,):
            return complement(at_least(times + 1))
        case "exactly", (times,):
            return all_of((at_least(times), complement(at_least(times + 1))))
        case "between", (low, high):
            return all_of((at_least(low), complement(at_least(high + 1))))
        case _:
            raise UnknownName("event operator", rule.op)


def _until_now(rule: EventRule, context: Context) -> Bounds:
    """The window of an event rule; nothing after `as_of` has happened yet."""
    if rule.window is None:
        return Bounds(high=context.as_of)
    bounds = instants(rule.window, context.as_of, context.zone)
    if isinstance(bounds.high, dt.datetime) and bounds.high > context.as_of:
        return replace(bounds, high=context.as_of, high_open=False)
    return bounds


def _tag_logic(rule: TagRule) -> Logic[Atom]:
    tags = tuple(sorted({tag.strip(BLANKS) for tag in rule.tags} - {""}))
    if rule.op == "has_all_of":
        return all_of(Leaf(HasTag((tag,))) for tag in tags)
    any_tag: Logic[Atom] = Leaf(HasTag(tags))
    return _with_op("tag", rule.op, any_tag)


def _with_op(subject: str, op: str, positive: Logic[Atom]) -> Logic[Atom]:
    row = operator(subject, op)  # type: ignore[arg-type]
    return complement(positive) if row.negates else positive
