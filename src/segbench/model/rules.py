"""Rules and groups: what a segment asks, as frozen values that combine with `&`, `|` and `~`."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, Self, cast, get_args

from segbench.model.values import Clock, whole_number
from segbench.model.values import Combinator as Combinator
from segbench.model.values import Params as Params
from segbench.model.values import Path as Path
from segbench.model.values import Scalar as Scalar
from segbench.model.values import Unknown as Unknown
from segbench.model.windows import UNITS, Between, ByKind, Last, Next, Window


class Node:
    """What rules and groups share: they combine with `&`, `|`, `~`, never with Python's words."""

    __slots__ = ()

    def __and__(self, other: RuleOrGroup) -> Group:
        return _join("and", cast("RuleOrGroup", self), other)

    def __or__(self, other: RuleOrGroup) -> Group:
        return _join("or", cast("RuleOrGroup", self), other)

    def __invert__(self) -> Self:
        return replace(self, negated=not self.negated)  # type: ignore[attr-defined, type-var]

    def __bool__(self) -> bool:
        raise TypeError(
            "A rule has no truth value of its own, since it asks every contact. "
            "Write a & b instead of 'a and b', a | b instead of 'a or b', ~a instead of 'not a', "
            "and compare counts, not rules, in an 'if'."
        )


@dataclass(frozen=True, slots=True)
class FieldRule(Node):
    """A field of the contact compared with values; inside a `where`, a property of the event.

    `other` names another field to compare with, in the place of values. `unknown` says where
    contacts without a value go; by default a positive operator leaves them out and a negative one,
    its exact complement, takes them in. `clock` says whose days and hours are meant.
    """

    field: str
    op: str
    values: tuple[Scalar, ...] = ()
    window: Window | None = None
    match_case: bool = False
    unknown: Unknown = "default"
    negated: bool = False
    enabled: bool = True
    other: str = ""
    clock: Clock = "workspace"
    note: str = ""
    locked: bool = False
    kind: Literal["field"] = "field"


@dataclass(frozen=True, slots=True)
class TagRule(Node):
    """Has any, all or none of the tags; with a window, those given in it."""

    op: str
    tags: tuple[str, ...]
    negated: bool = False
    enabled: bool = True
    window: Window | None = None
    clock: Clock = "workspace"
    note: str = ""
    locked: bool = False
    kind: Literal["tag"] = "tag"

    def given(self, window: Window | None = None, /, **length: int) -> TagRule:
        """The same tags, given in a window, or in the last `days=`, `weeks=` or other unit."""
        return replace(self, window=window or last(**length))


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened: an event, or any of several, with conditions on its properties."""

    event: str
    where: tuple[FieldRule, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EventRule(Node):
    """How often an event happened to the contact, in a window, with property conditions.

    Events named in `also` are counted together with `event`. All of `where` must hold on the same
    event. With `since`, only what happened after the last of those events counts. No window means
    ever, up to `as_of`.
    """

    event: str
    op: str = "did"
    values: tuple[int, ...] = ()
    window: Window | None = None
    where: tuple[FieldRule, ...] = ()
    negated: bool = False
    enabled: bool = True
    also: tuple[str, ...] = ()
    since: tuple[Step, ...] = ()
    clock: Clock = "workspace"
    note: str = ""
    locked: bool = False
    kind: Literal["event"] = "event"

    def at_least(self, times: int) -> EventRule:
        """The same event, `times` times or more."""
        return replace(self, op="at_least", values=(_times("at_least", times),))

    def at_most(self, times: int) -> EventRule:
        """The same event, `times` times or less; contacts without any are in."""
        return replace(self, op="at_most", values=(_times("at_most", times),))

    def exactly(self, times: int) -> EventRule:
        """The same event, exactly `times` times."""
        return replace(self, op="exactly", values=(_times("exactly", times),))

    def times(self, low: int, high: int) -> EventRule:
        """The same event, `low` to `high` times, both included."""
        usage = "times takes two whole numbers, such as times(2, 5)"
        both = (whole_number(low, usage), whole_number(high, usage))
        return replace(self, op="between", values=both)

    def within(self, window: Window | None = None, /, **length: int) -> EventRule:
        """The same event in a window, or in the last `days=`, `weeks=`, `months=` or other unit."""
        return replace(self, window=window or last(**length))

    def during(self, start: object, end: object) -> EventRule:
        """The same event from the day `start` through the day `end` (dates or ISO text)."""
        return replace(self, window=Between(str(start), str(end)))

    def matching(self, *rules: FieldRule) -> EventRule:
        """The same event, counting only those whose properties match all the rules."""
        return replace(self, where=(*self.where, *rules))

    def after_last(self, *steps: Step | EventRule) -> EventRule:
        """The same event, counting only what happened after the last of those events."""
        return replace(self, since=tuple(as_step(step) for step in steps))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a figure is compared: an operator that fits its type, and values or a window."""

    op: str
    values: tuple[Scalar, ...] = ()
    window: Window | None = None
    match_case: bool = False
    unknown: Unknown = "default"


@dataclass(frozen=True, slots=True)
class MeasureRule(Node):
    """A figure taken from the contact's events, compared: `op` says which figure.

    For example the sum of `property`, the days on which it happened, its first time or its last
    value. `event`, `also`, `where`, `window` and `since` choose the events, as in `EventRule`.
    """

    event: str
    op: str
    compare: Comparison
    property: str = ""
    window: Window | None = None
    where: tuple[FieldRule, ...] = ()
    negated: bool = False
    enabled: bool = True
    also: tuple[str, ...] = ()
    since: tuple[Step, ...] = ()
    clock: Clock = "workspace"
    note: str = ""
    locked: bool = False
    kind: Literal["measure"] = "measure"


@dataclass(frozen=True, slots=True)
class SequenceRule(Node):
    """One event after another, each later than the one before.

    With the operator `in_order` all steps happened, the last at most `within` after the first.
    With `not_followed` all but the last happened, and the last did not happen within `within` after
    them (ever, up to `as_of`, where there is no `within`). `window` holds the steps that happened.
    """

    steps: tuple[Step, ...]
    op: str = "in_order"
    within: Last | None = None
    window: Window | None = None
    negated: bool = False
    enabled: bool = True
    clock: Clock = "workspace"
    note: str = ""
    locked: bool = False
    kind: Literal["sequence"] = "sequence"


@dataclass(frozen=True, slots=True)
class SegmentRule(Node):
    """Is, or is not, in a saved segment, followed live."""

    segment: str
    op: str = "is_in"
    negated: bool = False
    enabled: bool = True
    note: str = ""
    locked: bool = False
    kind: Literal["segment"] = "segment"


@dataclass(frozen=True, slots=True)
class PrebuiltRule(Node):
    """Is, or is not, in a pre-built segment, such as engaged in the last `days` days."""

    prebuilt: str
    params: Params = field(default_factory=Params)
    op: str = "is_in"
    negated: bool = False
    enabled: bool = True
    note: str = ""
    locked: bool = False
    kind: Literal["prebuilt"] = "prebuilt"


@dataclass(frozen=True, slots=True)
class SampleRule(Node):
    """A fixed share of all contacts, chosen by a hash of each one's key and the `salt`.

    `low` and `high` are percentages with up to two decimals: 0 to 10 is a tenth, and 10 to 20
    another one that shares nobody with it. Another salt draws anew.
    """

    low: float
    high: float
    salt: str = ""
    op: str = "is_in"
    negated: bool = False
    enabled: bool = True
    note: str = ""
    locked: bool = False
    kind: Literal["sample"] = "sample"

    def __post_init__(self) -> None:
        # 10 and 10.0 are the same edge, and must be the same JSON.
        for name in ("low", "high"):
            edge = getattr(self, name)
            if isinstance(edge, int) and not isinstance(edge, bool):
                with suppress(OverflowError):
                    object.__setattr__(self, name, float(edge))


@dataclass(frozen=True, slots=True)
class Group(Node):
    """Rules and groups under one combinator; disabled ones and empty inner groups are ignored.

    What is `locked`, a rule or a group with all in it, cannot be changed on screen until it is
    unlocked. It asks the same.
    """

    combinator: Combinator = "and"
    rules: tuple[RuleOrGroup, ...] = ()
    negated: bool = False
    enabled: bool = True
    note: str = ""
    locked: bool = False
    kind: Literal["group"] = "group"


Rule = (
    FieldRule
    | TagRule
    | EventRule
    | MeasureRule
    | SequenceRule
    | SegmentRule
    | PrebuiltRule
    | SampleRule
)
RULES: tuple[type[Rule], ...] = get_args(Rule)
RuleOrGroup = Annotated[
    FieldRule
    | TagRule
    | EventRule
    | MeasureRule
    | SequenceRule
    | SegmentRule
    | PrebuiltRule
    | SampleRule
    | Group,
    ByKind(),
]


def as_group(node: RuleOrGroup) -> Group:
    """The node itself where it is a group, else a group of that one rule."""
    return node if isinstance(node, Group) else Group(rules=(node,))


def as_step(given: Step | EventRule) -> Step:
    """An event rule without count and window as a step; `TypeError` where it has them."""
    if isinstance(given, Step):
        return given
    if not isinstance(given, EventRule) or given != EventRule(
        given.event, where=given.where, also=given.also
    ):
        raise TypeError("A step is an event with conditions, such as did('page_visited').")
    return Step(given.event, given.where, given.also)


def last(**length: int) -> Last:
    """The window `last(days=30)`; exactly one of minutes, hours, days, weeks, months, years."""
    units = {unit: unit for unit in UNITS}
    if len(length) != 1 or next(iter(length)) not in units:
        raise TypeError(f"Give one of {', '.join(units)}, such as days=30; not {length or 'none'}.")
    ((unit, amount),) = length.items()
    return Last(length_of_time(unit, amount), units[unit])  # type: ignore[index]


def following(**length: int) -> Next:
    """The window `following(days=30)`: the next so many units."""
    window = last(**length)
    return Next(window.amount, window.unit)


def length_of_time(unit: str, amount: object) -> int:
    """The amount of a `days=30`, or of another unit; `TypeError` where it is no whole number."""
    return whole_number(amount, f"{unit} takes a whole number, such as {unit}=30")


def _times(call: str, value: object) -> int:
    return whole_number(value, f"{call} takes a whole number, such as {call}(3)")


def _join(combinator: Combinator, left: RuleOrGroup, right: RuleOrGroup) -> Group:
    if not isinstance(right, Node):
        return NotImplemented
    return Group(combinator, (*_members(combinator, left), *_members(combinator, right)))


def _members(combinator: Combinator, node: RuleOrGroup) -> tuple[RuleOrGroup, ...]:
    """A plain group of the same combinator gives its members, so `a & b & c` stays flat."""
    if not isinstance(node, Group) or node.negated or not node.enabled:
        return (node,)
    if node.note or node.locked:
        return (node,)
    return node.rules if node.combinator == combinator and node.rules else (node,)
