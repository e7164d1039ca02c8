"""What is special about some contacts: values that are more, or less, frequent among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from segbench.engine.membership import Membership


@dataclass(frozen=True, slots=True)
class Trait:
    """A value, such as “Country is DE”: how many of the `members` have it, and of all contacts."""

    words: str
    count: int
    members: int
    count_of_all: int
    contacts: int

    @property
    def share(self) -> float:
        """The share of the members that have it, 0 to 1."""
        return self.count / self.members if self.members else 0.0

    @property
    def share_of_all(self) -> float:
        """The share of all contacts that have it, 0 to 1."""
        return self.count_of_all / self.contacts if self.contacts else 0.0


def profile(
    members: Membership, values: Iterable[tuple[str, Membership]], most: int
) -> tuple[Trait, ...]:
    """The `most` values whose share among the members differs most from that of all contacts.

    The largest difference first, in points; values that nobody of the members and nobody else has
    are left out, as are those without any difference.
    """
    traits = [
        Trait(words, len(members & held), len(members), len(held), members.contacts)
        for words, held in values
    ]
    different = [trait for trait in traits if members and trait.share != trait.share_of_all]
    different.sort(key=lambda trait: (-abs(trait.share - trait.share_of_all), trait.words))
    return tuple(different[:most])
