"""Whom a campaign goes to: included by priority, less the excluded, less the unreachable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from segbench.audience.ladder import Ladder
from segbench.engine.membership import Membership
from segbench.model.campaign_split import HOLD_OUT
from segbench.model.recipe import Recipe, RecipientSource


@dataclass(frozen=True)
class Claim:
    """A source and its contacts: how many it holds `alone`, and those that it alone decides.

    Of what is included these are the contacts that no earlier source has, of what is excluded those
    that were included and that no earlier source took out.
    """

    source: RecipientSource
    alone: int
    members: Membership

    @property
    def count(self) -> int:
        """How many contacts it decides."""
        return len(self.members)


@dataclass(frozen=True)
class Chosen:
    """What the sources make of all contacts.

    `matching` are in an included source, `excluded` are those of them in an excluded one, and
    `targeted` are the others.
    """

    include: tuple[Claim, ...]
    exclude: tuple[Claim, ...]
    matching: Membership
    excluded: Membership
    targeted: Membership


@dataclass(frozen=True)
class Audience:
    """The final recipients and how they came about; `groups` are theirs by name where split.

    Every contact that matches is excluded, on one rung of the ladder, or a final recipient.
    """

    recipe: Recipe
    chosen: Chosen
    ladder: Ladder
    sizes: Mapping[str, int]

    @property
    def final(self) -> Membership:
        """The final recipients, those held out among them."""
        return self.ladder.final

    @property
    def count(self) -> int:
        """How many are sent to: the final recipients without those held out."""
        return len(self.final) - self.sizes.get(HOLD_OUT, 0)


def choose(
    include: Sequence[tuple[RecipientSource, Membership]],
    exclude: Sequence[tuple[RecipientSource, Membership]],
    contacts: int,
) -> Chosen:
    """The contacts of the sources; each is claimed by the first source that holds it."""
    nobody = Membership.nobody(contacts)
    claims = _claims(include, Membership.everyone(contacts))
    matching = _union([members for _, members in include], nobody)
    drops = _claims(exclude, matching)
    excluded = matching & _union([members for _, members in exclude], nobody)
    return Chosen(claims, drops, matching, excluded, matching - excluded)


def _claims(
    sources: Sequence[tuple[RecipientSource, Membership]], among: Membership
) -> tuple[Claim, ...]:
    found, left = [], among
    for source, members in sources:
        found.append(Claim(source, len(members), members & left))
        left = left - members
    return tuple(found)


def _union(sets: Sequence[Membership], nobody: Membership) -> Membership:
    *_, whole = accumulate(sets, Membership.__or__, initial=nobody)
    return whole
