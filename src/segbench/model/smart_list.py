"""Smart lists: saved views of contacts, which manage them; docs/contacts.md tells them from
segments.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from segbench.errors import RuleError
from segbench.model.rules import Group, RuleOrGroup, as_group
from segbench.model.segment import LONGEST_NAME, Segment

Direction = Literal["up", "down"]
Sort = tuple[tuple[str, Direction], ...]
"""Columns by which contacts are sorted, the first one first, each from small to large or back."""

KEY = "key"
TAGS = "(tags)"
"""The column of a contact's tags; no field has such a name unless somebody means harm."""
MOST_COLUMNS = 60
MOST_SORTED = 3
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class SmartList:
    """A saved view of contacts: a group, columns, a sort and a search text.

    A single rule is taken as a group of its own. A group without an enabled rule leaves everybody
    on the list, where a segment would hold nobody.
    Without columns the usual ones are shown. The search looks for every word of its text, whatever
    their case, in the key and the columns of texts. `RuleError` for what cannot be a list.
    """

    name: str
    group: Group = field(default_factory=Group)
    columns: tuple[str, ...] = ()
    sort: Sort = ()
    search: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        clean = " ".join(self.name.split())
        if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
            raise RuleError(
                f"A smart list needs a name of 1 to {LONGEST_NAME} printable characters, "
                f"not {self.name[:LONGEST_NAME]!r}."
            )
        object.__setattr__(self, "name", clean)
        object.__setattr__(self, "group", as_group(self.group))
        object.__setattr__(self, "columns", tuple(dict.fromkeys(self.columns)))
        object.__setattr__(self, "search", " ".join(self.search.split()))
        _require_sort(self.sort)
        if len(self.columns) > MOST_COLUMNS:
            raise RuleError(f"A smart list shows at most {MOST_COLUMNS} columns.")
        if len(self.search) > LONGEST_SEARCH:
            raise RuleError(f"A search has at most {LONGEST_SEARCH} characters.")

    @property
    def asks(self) -> bool:
        """Whether a rule of the group is enabled; without one everybody is on the list."""
        return has_rule(self.group)

    def as_segment(self) -> Segment:
        """The segment of the same rules; columns and sort are left behind.

        `RuleError` where it would hold other contacts: with a search text, or without any rule.
        """
        if self.search:
            raise RuleError(
                f"The smart list {self.name!r} searches for {self.search!r}, and a segment is "
                "rules only: add a row instead, such as “E-mail contains”, and clear the search."
            )
        if not self.asks:
            raise RuleError(
                f"The smart list {self.name!r} has no rule that is switched on: everybody is on "
                "it, and a segment without rules holds nobody. Add a row first."
            )
        return Segment(self.name, self.group, self.description)

    @classmethod
    def of(cls, segment: Segment) -> SmartList:
        """The smart list of a segment's rules, with the usual columns."""
        return cls(segment.name, segment.group, description=segment.description)


def has_rule(group: Group) -> bool:
    """Whether any rule in the group is enabled, in groups that are."""
    return group.enabled and any(_counts(node) for node in group.rules)


def _counts(node: RuleOrGroup) -> bool:
    return has_rule(node) if isinstance(node, Group) else node.enabled


def _require_sort(sort: Sort) -> None:
    for each in sort:
        if len(each) != 2 or each[1] not in get_args(Direction):
            raise RuleError(f"Sort by a column, up or down, such as ('city', 'up'); not {each}.")
        if each[0] == TAGS:
            raise RuleError("Contacts are sorted by their key and fields, not by their tags.")
    if len({name for name, _ in sort}) < len(sort):
        raise RuleError("Contacts are sorted by each column at most once.")
    if len(sort) > MOST_SORTED:
        raise RuleError(f"Contacts are sorted by at most {MOST_SORTED} columns.")
