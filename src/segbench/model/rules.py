"""Rules and groups: what a segment asks, as frozen values that combine with `&`, `|` and `~`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from operator import index as as_index
from typing import Annotated, Any, Literal, NoReturn, Self, SupportsIndex, cast

from segbench.errors import EditError
from segbench.model.windows import Between, ByKind, Last, Unit, Window

Scalar = bool | int | float | str
"""A value as typed: text, number or truth; dates are ISO text (`2026-10-23`)."""
Combinator = Literal["and", "or"]
Unknown = Literal["default", "include", "exclude"]
Path = tuple[int, ...]
"""Where a node is: child numbers from the root group down; the root is `()`."""


class Params(dict[str, int]):
    """Parameters of a pre-built segment, by name: a mapping that never changes."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("Params never change; make new ones.")

    __setitem__ = __delitem__ = _refuse
    update = pop = popitem = clear = setdefault = __ior__ = _refuse

    def __reduce__(self) -> tuple[type[Params], tuple[dict[str, int]]]:
        # Copies and pickles of a dict are filled key by key, which is refused here.
        return Params, (dict(self),)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(cls, handler(dict[str, int]))


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
    """A field of the contact compared with values; inside `EventRule.where`, a property.

    `unknown` says where contacts without a value go; by default a positive operator leaves them
    out and a negative one, its exact complement, takes them in.
    """

    field: str
    op: str
    values: tuple[Scalar, ...] = ()
    window: Window | None = None
    match_case: bool = False
    unknown: Unknown = "default"
    negated: bool = False
    enabled: bool = True
    kind: Literal["field"] = "field"


@dataclass(frozen=True, slots=True)
class TagRule(Node):
    """Has any, all or none of the tags."""

    op: str
    tags: tuple[str, ...]
    negated: bool = False
    enabled: bool = True
    kind: Literal["tag"] = "tag"


@dataclass(frozen=True, slots=True)
class EventRule(Node):
    """How often an event happened to the contact, in a window, with property conditions.

    All of `where` must hold on the same event. No window means ever, up to `as_of`.
    """

    event: str
    op: str = "did"
    values: tuple[int, ...] = ()
    window: Window | None = None
    where: tuple[FieldRule, ...] = ()
    negated: bool = False
    enabled: bool = True
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

    def within(self, **length: int) -> EventRule:
        """The same event in the last `days=`, `weeks=`, `hours=` or `minutes=`."""
        return replace(self, window=last(**length))

    def during(self, start: object, end: object) -> EventRule:
        """The same event from the day `start` through the day `end` (dates or ISO text)."""
        return replace(self, window=Between(str(start), str(end)))

    def matching(self, *rules: FieldRule) -> EventRule:
        """The same event, counting only those whose properties match all the rules."""
        return replace(self, where=(*self.where, *rules))


@dataclass(frozen=True, slots=True)
class SegmentRule(Node):
    """Is, or is not, in a saved segment, followed live."""

    segment: str
    op: str = "is_in"
    negated: bool = False
    enabled: bool = True
    kind: Literal["segment"] = "segment"


@dataclass(frozen=True, slots=True)
class PrebuiltRule(Node):
    """Is, or is not, in a pre-built segment, such as engaged in the last `days` days."""

    prebuilt: str
    params: Params = field(default_factory=Params)
    op: str = "is_in"
    negated: bool = False
    enabled: bool = True
    kind: Literal["prebuilt"] = "prebuilt"


@dataclass(frozen=True, slots=True)
class Group(Node):
    """Rules and groups under one combinator; disabled ones and empty inner groups are ignored."""

    combinator: Combinator = "and"
    rules: tuple[RuleOrGroup, ...] = ()
    negated: bool = False
    enabled: bool = True
    kind: Literal["group"] = "group"


Rule = FieldRule | TagRule | EventRule | SegmentRule | PrebuiltRule
RuleOrGroup = Annotated[
    FieldRule | TagRule | EventRule | SegmentRule | PrebuiltRule | Group, ByKind()
]


def as_group(node: RuleOrGroup) -> Group:
    """The node itself where it is a group, else a group of that one rule."""
    return node if isinstance(node, Group) else Group(rules=(node,))


def last(**length: int) -> Last:
    """The window `last(days=30)`; exactly one of minutes, hours, days, weeks."""
    units: Mapping[str, Unit] = {u: u for u in ("minutes", "hours", "days", "weeks")}
    if len(length) != 1 or next(iter(length)) not in units:
        raise TypeError(f"Give one of {', '.join(units)}, such as days=30; not {length or 'none'}.")
    ((unit, amount),) = length.items()
    return Last(length_of_time(unit, amount), units[unit])


def length_of_time(unit: str, amount: object) -> int:
    """The amount of a `days=30`, or of another unit; `TypeError` where it is no whole number."""
    return whole_number(amount, f"{unit} takes a whole number, such as {unit}=30")


def whole_number(value: object, usage: str) -> int:
    """The value as a plain `int`, numpy's too; else `TypeError` with what to write instead."""
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise TypeError(f"{usage}; not {value!r}.")
    return as_index(value)


def _times(call: str, value: object) -> int:
    return whole_number(value, f"{call} takes a whole number, such as {call}(3)")


def walk(node: RuleOrGroup, path: Path = ()) -> Iterator[tuple[Path, RuleOrGroup]]:
    """Every node with its path, in reading order, the root first; never recurses."""
    waiting: list[tuple[Path, RuleOrGroup]] = [(path, node)]
    while waiting:
        here, current = waiting.pop()
        yield here, current
        if isinstance(current, Group):
            waiting.extend(
                ((*here, index), child) for index, child in reversed(list(enumerate(current.rules)))
            )


def node_at(root: Group, path: Path) -> RuleOrGroup:
    """The node at a path; `EditError` where there is none."""
    node: RuleOrGroup = root
    for depth, index in enumerate(path):
        if not isinstance(node, Group) or not 0 <= index < len(node.rules):
            raise EditError(f"There is nothing at {list(path[: depth + 1])} in this segment.")
        node = node.rules[index]
    return node


def _join(combinator: Combinator, left: RuleOrGroup, right: RuleOrGroup) -> Group:
    if not isinstance(right, Node):
        return NotImplemented
    return Group(combinator, (*_members(combinator, left), *_members(combinator, right)))


def _members(combinator: Combinator, node: RuleOrGroup) -> tuple[RuleOrGroup, ...]:
    """A plain group of the same combinator gives its members, so `a & b & c` stays flat."""
    if not isinstance(node, Group) or node.negated or not node.enabled:
        return (node,)
    return node.rules if node.combinator == combinator and node.rules else (node,)
