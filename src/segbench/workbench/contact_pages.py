"""Smart lists as pages of contacts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from segbench.engine.membership import Membership
from segbench.engine.ordering import Orders
from segbench.engine.paging import rows_at
from segbench.errors import LakeError, RuleError
from segbench.model import codec
from segbench.model.smart_list import KEY, TAGS, SmartList
from segbench.workbench.inspecting import searched_fields

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

USUAL = 6
"""How many columns a list has that chooses none, beside the tags."""
SIZE, LARGEST = 50, 1_000
_SHOWN = 3


@dataclass(frozen=True)
class ContactPage:
    """A page of a smart list: `rows` have a value for each of the `columns`, `keys` the keys.

    `number` counts from 1, `total` is how many contacts are on the list, exactly, and `contacts`
    how many there are in the snapshot. Tags are a sorted list.
    """

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    number: int
    size: int
    total: int
    contacts: int
    snapshot: int

    @property
    def pages(self) -> int:
        """How many pages there are; 1 also where nobody is on the list."""
        return max(1, -(-self.total // self.size))


@dataclass(frozen=True)
class Choice:
    """Contacts that something is to be done to: who, in words, and as rules in JSON.

    `rules` is "" where they were chosen by hand.
    """

    members: Membership
    snapshot: int
    words: str
    rules: str = ""


def shown_columns(workbench: Workbench, smart_list: SmartList) -> tuple[str, ...]:
    """The columns of a list, the key first; `UnknownName` for one that there is not."""
    chosen = smart_list.columns or usual_columns(workbench)
    for name in (*chosen, *(name for name, _ in smart_list.sort)):
        if name not in (KEY, TAGS):
            workbench.catalog.field(name)
    return (KEY, *(name for name in chosen if name != KEY))


def usual_columns(workbench: Workbench) -> tuple[str, ...]:
    """Address and names, then the first fields of the catalogue, and the tags."""
    named = [field.name for field in searched_fields(workbench)]
    others = [field.name for field in workbench.catalog.fields if field.name not in named]
    return (KEY, *[*named, *others][:USUAL], TAGS)


def list_members(workbench: Workbench, orders: Orders, smart_list: SmartList) -> Membership:
    """The contacts on a list: those of the rules, or everybody, who have the search text."""
    if smart_list.asks:
        members = workbench.members(smart_list.group)
    else:
        members = Membership.everyone(workbench.contacts_total)
    if smart_list.search:
        columns = shown_columns(workbench, smart_list)
        members &= orders.search(smart_list.search, searched_columns(workbench, columns))
    return members


def searched_columns(workbench: Workbench, columns: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Those of the columns that a search looks into beside the key: texts and lists."""
    fields = (workbench.catalog.field(name) for name in columns if name not in (KEY, TAGS))
    return tuple((field.name, field.type) for field in fields if field.type in ("text", "list"))


def find_page(
    workbench: Workbench, orders: Orders, smart_list: SmartList, number: int, size: int
) -> ContactPage:
    """A page of a list; one beyond the last is the last."""
    if not 1 <= size <= LARGEST or number < 1:
        raise RuleError(f"Pages are numbered from 1 and hold 1 to {LARGEST:,} contacts.")
    columns = shown_columns(workbench, smart_list)
    members = list_members(workbench, orders, smart_list)
    total = len(members)
    number = min(number, max(1, -(-total // size)))
    first = (number - 1) * size
    here = orders.ordinals(members, smart_list.sort)[first : first + size]
    fields = [name for name in columns if name not in (KEY, TAGS)]
    found = rows_at(orders.snapshot, here, fields, tags=TAGS in columns)
    names = (KEY, *fields, TAGS)
    places = [names.index(name) for name in columns]
    rows = tuple(tuple(row[place] for place in places) for row in found)
    return ContactPage(
        columns,
        tuple(row[0] for row in found),
        rows,
        number,
        size,
        total,
        orders.snapshot.contacts,
        orders.snapshot.id,
    )


def choose_list(workbench: Workbench, orders: Orders, smart_list: SmartList) -> Choice:
    """All contacts on a list."""
    said = workbench.describe(smart_list.group) if smart_list.asks else "Everybody."
    if smart_list.search:
        said += f" Only those with “{smart_list.search}” in a column."
    recipe: dict[str, object] = {"group": codec.to_data(smart_list.group)}
    if smart_list.search:
        looked = searched_columns(workbench, shown_columns(workbench, smart_list))
        recipe |= {"search": smart_list.search, "in": [KEY, *(name for name, _ in looked)]}
    members = list_members(workbench, orders, smart_list)
    rules = json.dumps(recipe, ensure_ascii=False, sort_keys=True, default=str)
    return Choice(members, orders.snapshot.id, said, rules)


def choose_keys(workbench: Workbench, keys: Sequence[str]) -> Choice:
    """The contacts of these keys; `LakeError` names those that no contact has."""
    wanted = list(dict.fromkeys(keys))
    snapshot = workbench.engine.snapshot
    rows = snapshot.rows(
        "SELECT key, ordinal FROM contacts WHERE key IN (SELECT unnest(?::VARCHAR[]))", [wanted]
    )
    found = dict(rows)
    strangers = [key for key in wanted if key not in found]
    if strangers:
        more = f" and {len(strangers) - _SHOWN:,} more" if len(strangers) > _SHOWN else ""
        listed = ", ".join(map(repr, strangers[:_SHOWN]))
        raise LakeError(f"No contact has the key {listed}{more}.")
    ordinals = np.fromiter(found.values(), np.int64, len(found))
    words = f"The contact {wanted[0]}." if len(wanted) == 1 else f"{len(wanted):,} chosen by hand."
    return Choice(Membership.of(ordinals, snapshot.contacts), snapshot.id, words)
