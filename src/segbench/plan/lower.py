"""From rules to logic over atoms: segments expanded, windows absolute, negatives turned into
complements, counts into thresholds. Rules are taken as checked (`model.check`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from zoneinfo import ZoneInfo

from segbench.errors import ReferenceCycle, RuleError, UnknownName
from segbench.model.catalog import Catalog
from segbench.model.operators import operator
from segbench.model.prebuilt import prebuilt, with_defaults
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    Path,
    PrebuiltRule,
    Rule,
    RuleOrGroup,
    SampleRule,
    SegmentRule,
    SequenceRule,
    TagRule,
)
from segbench.model.vocabulary import STANDARD, Vocabulary
from segbench.plan.atoms import Atom, Sampled
from segbench.plan.fields import field_logic, tag_logic
from segbench.plan.happenings import event_logic, measure_logic, sequence_logic
from segbench.plan.logic import Leaf, Logic, Nothing, all_of, any_of, complement
from segbench.plan.values import Moment
from segbench.plan.zones import by_contact_zone


@dataclass(frozen=True)
class Context:
    """What rules are resolved against: the clock (naive UTC), the zone, the names that exist.

    `contact_zone` is the field that holds each contact's own time zone, if there is one;
    `deleted` are the names of segments that were saved once, `archived` of those that are archived.
    """

    as_of: dt.datetime
    zone: ZoneInfo
    catalog: Catalog
    segments: Mapping[str, Group] = field(default_factory=dict)
    vocabulary: Vocabulary = STANDARD
    week_start: int = 0
    contact_zone: str = ""
    deleted: frozenset[str] = frozenset()
    archived: frozenset[str] = frozenset()

    @property
    def moment(self) -> Moment:
        """When and where comparisons are made."""
        return Moment(self.as_of, self.zone, self.week_start)


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

    def rule(self, rule: Rule) -> Logic[Atom]:
        match rule:
            case FieldRule() | TagRule() | EventRule() | MeasureRule() | SequenceRule():
                return self.timed(rule)
            case SegmentRule():
                return _with_op("segment", rule.op, self.segment(rule.segment))
            case PrebuiltRule():
                rows = prebuilt(rule.prebuilt).expand(
                    with_defaults(rule), self.context.catalog, self.context.vocabulary
                )
                return _with_op("prebuilt", rule.op, self.plan(rows).root)
            case SampleRule():
                return _with_op("sample", rule.op, _sample_logic(rule))
            case _:
                assert_never(rule)

    def timed(
        self, rule: FieldRule | TagRule | EventRule | MeasureRule | SequenceRule
    ) -> Logic[Atom]:
        """A rule that may mean local time: the workspace's or each contact's own."""
        context = self.context
        if rule.clock == "contact":
            known = context.catalog.field(context.contact_zone)
            return by_contact_zone(known, lambda zone: self.at(rule, zone), context.moment)
        return self.at(rule, context.moment)

    def at(
        self,
        rule: FieldRule | TagRule | EventRule | MeasureRule | SequenceRule,
        moment: Moment,
    ) -> Logic[Atom]:
        catalog = self.context.catalog
        match rule:
            case FieldRule():
                return field_logic(rule, lambda name: catalog.field(name).type, moment)
            case TagRule():
                return tag_logic(rule, moment)
            case EventRule():
                return event_logic(rule, catalog, moment)
            case MeasureRule():
                return measure_logic(rule, catalog, moment)
            case SequenceRule():
                return sequence_logic(rule, catalog, moment)
            case _:
                assert_never(rule)

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


def _sample_logic(rule: SampleRule) -> Logic[Atom]:
    """The contacts whose hash lies in the share; its edges are hundredths of a per cent."""
    low, high = (_hex_edge(round(edge * 100)) for edge in (rule.low, rule.high))
    return Leaf(Sampled(rule.salt, low, high)) if low != high else Nothing()


def _hex_edge(bucket: int) -> str:
    """The smallest first 8 hex digits of a hash in that bucket of 10,000; "" for the end."""
    edge = -(-bucket * 2**32 // 10_000)
    return f"{edge:08x}" if edge < 2**32 else ""


def _with_op(subject: str, op: str, positive: Logic[Atom]) -> Logic[Atom]:
    row = operator(subject, op)  # type: ignore[arg-type]
    return complement(positive) if row.negates else positive
