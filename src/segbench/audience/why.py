"""Why a contact is in a segment or not: every rule with the contact's own value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from segbench.audience.flips import Flip, smallest_flips
from segbench.audience.own_values import own_value
from segbench.audience.turning import turning_point
from segbench.engine.memory import Contact
from segbench.model.describe import phrase
from segbench.model.prebuilt import prebuilt, with_defaults
from segbench.model.rules import Group, Path, PrebuiltRule, RuleOrGroup, SegmentRule
from segbench.model.wording import Wording
from segbench.plan.atoms import Atom
from segbench.plan.logic import Logic, fold
from segbench.plan.lower import Context, Plan, lower

Truth = Callable[[Atom], bool]
State = Literal["true", "false", "no value", "ignored"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One node of the proof: what it asks, how it stands for this contact, and its actual value.

    `no value` is a rule about something that is not known of the contact; `held` says where that
    went. `parts` are the members of a group, or the rules behind a saved or pre-built segment.
    """

    path: Path
    asks: str
    held: bool
    state: State
    value: str = ""
    parts: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """The whole answer for one contact.

    `flips` are the smallest sets of rules that would have to change for the result to change.
    `turns` is the moment (naive UTC) at which it changes if nothing happens, None if it does not
    within the 400 days that were looked at.
    """

    key: str
    held: bool
    reason: Reason
    flips: tuple[Flip, ...]
    turns: dt.datetime | None

    @property
    def text(self) -> str:
        """The proof as indented lines."""
        return "\n".join(_lines(self.reason, 0))


def why(contact: Contact, root: Group, context: Context, truth: Truth, wording: Wording) -> Why:
    """Why the contact is in the group or not; `truth` says how each atom stands for it."""
    plan = lower(root, context)
    proof = _Proof(contact, context, truth, wording)
    return Why(
        contact.key,
        _stands(plan.root, truth),
        proof.node(root, (), plan),
        smallest_flips(root, plan, truth, wording),
        turning_point(contact, root, context, truth),
    )


class _Proof:
    """One run over a tree for one contact."""

    def __init__(self, contact: Contact, context: Context, truth: Truth, wording: Wording) -> None:
        self.contact, self.context = contact, context
        self.truth, self.wording = truth, wording

    def node(self, node: RuleOrGroup, path: Path, plan: Plan) -> Reason:
        asks = _asked(node, self.wording)
        if path not in plan.nodes:
            # Nobody is in a segment without any rule; other nodes without logic do not count.
            return Reason(path, asks, False, "ignored")
        held = _stands(plan.nodes[path], self.truth)
        if isinstance(node, Group):
            parts = tuple(
                self.node(child, (*path, index), plan) for index, child in enumerate(node.rules)
            )
            return Reason(path, asks, held, _state(held), "", parts)
        value = own_value(node, self.contact, self.context)
        state: State = "no value" if value.missing else _state(held)
        return Reason(path, asks, held, state, value.text, self.behind(node, path))

    def behind(self, rule: RuleOrGroup, path: Path) -> tuple[Reason, ...]:
        """The rules behind a saved or pre-built segment."""
        match rule:
            case SegmentRule():
                group = self.context.segments[rule.segment]
            case PrebuiltRule():
                context = self.context
                group = prebuilt(rule.prebuilt).expand(
                    with_defaults(rule), context.catalog, context.vocabulary
                )
            case _:
                return ()
        plan = lower(group, self.context)
        inner = self.node(group, (), plan)
        return tuple(replace(part, path=path) for part in inner.parts)


def _asked(node: RuleOrGroup, wording: Wording) -> str:
    if not isinstance(node, Group):
        return phrase(replace(node, enabled=True), wording)
    words = "all of" if node.combinator == "and" else "any of"
    return f"not {words}" if node.negated else words


def _state(held: bool) -> State:
    return "true" if held else "false"


def _stands(logic: Logic[Atom], truth: Truth) -> bool:
    return bool(fold(logic, lambda atom: np.bool_(truth(atom)), lambda: np.True_))


def _lines(reason: Reason, depth: int) -> list[str]:
    mark = {"ignored": "–"}.get(reason.state, "✓" if reason.held else "✗")
    value = f"  [{reason.value}]" if reason.value else ""
    own = f"{'  ' * depth}{mark} {reason.asks}{value}"
    return [own, *(line for part in reason.parts for line in _lines(part, depth + 1))]
