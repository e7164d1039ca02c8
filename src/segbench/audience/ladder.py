"""The reachability ladder: why contacts cannot be mailed, one reason each in a fixed priority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from segbench.engine.membership import Membership


@dataclass(frozen=True)
class Reason:
    """Why contacts cannot be reached: those to whom it applies, whatever else does.

    `members` is None where the data cannot tell; `why` then says so in plain words.
    """

    key: str
    label: str
    members: Membership | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder.

    `alone` are the targeted contacts to whom the reason applies, `taken` those of them to whom none
    before it does, and `left` what is left of all after it. `alone` is None where the data cannot
    tell; `why` says why not.
    """

    key: str
    label: str
    alone: int | None
    taken: int
    left: int
    why: str = ""


@dataclass(frozen=True)
class Ladder:
    """How the targeted contacts come down to the final ones.

    `pairs` counts the targeted contacts to whom both of two reasons apply, by their keys in the
    order of the ladder; a reason beside itself is its `alone`.
    """

    targeted: int
    rungs: tuple[Rung, ...]
    pairs: Mapping[tuple[str, str], int]
    final: Membership

    @property
    def unreachable(self) -> int:
        """How many are on some rung."""
        return self.targeted - len(self.final)

    def both(self, one: str, other: str) -> int:
        """How many targeted contacts both reasons apply to, in whatever order they are given."""
        return self.pairs.get((one, other), self.pairs.get((other, one), 0))


def climb_down(targeted: Membership, reasons: Sequence[Reason]) -> Ladder:
    """The ladder of the targeted contacts; the order of the reasons is their priority."""
    left, rungs = targeted, []
    found: dict[str, Membership] = {}
    for reason in reasons:
        if reason.members is None:
            rungs.append(Rung(reason.key, reason.label, None, 0, len(left), reason.why))
            continue
        found[reason.key] = applies = targeted & reason.members
        after = left - applies
        taken = len(left) - len(after)
        rungs.append(Rung(reason.key, reason.label, len(applies), taken, len(after), reason.why))
        left = after
    pairs = {(key, key): len(members) for key, members in found.items()}
    for (one, first), (other, second) in combinations(found.items(), 2):
        pairs[one, other] = len(first & second)
    return Ladder(len(targeted), tuple(rungs), pairs, left)


def ladder_data(ladder: Ladder) -> list[dict[str, object]]:
    """The steps of a ladder as plain JSON values, in their order."""
    return [
        {"reason": rung.key, "alone": rung.alone, "taken": rung.taken, "left": rung.left}
        for rung in ladder.rungs
    ]
