"""The contact book of a workbench: smart lists, pages and cards of contacts, and their edits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from segbench.engine.ordering import Orders
from segbench.errors import NotSaved, RuleError
from segbench.lake.edit_log import Edit, read_edits, undone_by
from segbench.library.list_rows import SavedList
from segbench.model.smart_list import SmartList
from segbench.workbench.contact_card import EVENTS, ContactCard, Timeline, find_card, find_events
from segbench.workbench.contact_edits import (
    Made,
    Preview,
    change_of,
    make_edit,
    preview_edit,
    take_back,
)
from segbench.workbench.contact_pages import (
    SIZE,
    Choice,
    ContactPage,
    choose_keys,
    choose_list,
    find_page,
)
from segbench.workbench.contact_values import typed_value
from segbench.workbench.ways_in import Way, WaysIn, find_ways_in

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

Whom = SmartList | str | Sequence[str]
"""All on a smart list, given or by its saved name, or the contacts of a list of keys."""
EVERYBODY = SmartList("Everybody")


class ContactBook:
    """What manages contacts; made by `Workbench.book`.

    An edit is one transaction of the lake, with its record in it, and every segment follows.
    """

    def __init__(self, workbench: Workbench) -> None:
        self.workbench = workbench
        self._lock = threading.Lock()
        self._orders: Orders | None = None

    @property
    def orders(self) -> Orders:
        """The sorted contacts of the snapshot that the workbench has now."""
        snapshot = self.workbench.engine.snapshot
        with self._lock:
            if self._orders is None or self._orders.snapshot is not snapshot:
                self._orders = Orders(snapshot)
            return self._orders

    def lists(self) -> tuple[SavedList, ...]:
        """Every smart list, sorted by name."""
        return self.workbench.library.lists.all()

    def save(
        self, smart_list: SmartList, *, replace: bool = False, seen: int | None = None
    ) -> SavedList:
        """The smart list as it is now saved, once its rules and columns are known to be sound."""
        self.page(smart_list, size=1)
        now, author = self.workbench.clock(), self.workbench.author
        return self.workbench.library.lists.save(
            smart_list, now=now, author=author, replace=replace, seen=seen
        )

    def page(
        self, whom: SmartList | str = EVERYBODY, number: int = 1, *, size: int = SIZE
    ) -> ContactPage:
        """A page of a smart list, given or by its saved name; the last one where it is beyond."""
        return find_page(self.workbench, self.orders, self._list(whom), number, size)

    def count(self, whom: SmartList | str = EVERYBODY) -> int:
        """How many contacts are on a smart list, exactly."""
        return self.page(whom, size=1).total

    def card(self, key: str) -> ContactCard:
        """All that is known of the contact of that key; `UnknownName` where there is none."""
        return find_card(self.workbench, key)

    def events(self, key: str, number: int = 1, *, size: int = EVENTS) -> Timeline:
        """A page of what happened to a contact, the newest first."""
        return find_events(self.workbench, key, number, size)

    def choose(self, whom: Whom) -> Choice:
        """The contacts on a smart list, or those of a list of keys."""
        if isinstance(whom, SmartList | str):
            return choose_list(self.workbench, self.orders, self._list(whom))
        return choose_keys(self.workbench, whom)

    def preview(
        self,
        whom: Whom,
        *,
        add: Iterable[str] = (),
        remove: Iterable[str] = (),
        values: Mapping[str, object] | None = None,
    ) -> Preview:
        """What giving and taking tags and setting fields would do; nothing is written."""
        change = change_of(self.workbench, add, remove, values)
        return preview_edit(self.workbench, self.choose(whom), change)

    def edit(self, preview: Preview, progress: Callable[[str], None] = lambda _: None) -> Made:
        """Do what was previewed; `LakeError` where the data has changed since."""
        return make_edit(self.workbench, preview, progress)

    def tag(self, whom: Whom, *tags: str) -> Made:
        """Give tags to contacts."""
        return self.edit(self.preview(whom, add=tags))

    def untag(self, whom: Whom, *tags: str) -> Made:
        """Take tags from contacts."""
        return self.edit(self.preview(whom, remove=tags))

    def set(self, whom: Whom, values: Mapping[str, object]) -> Made:
        """Set fields of contacts; None clears one."""
        return self.edit(self.preview(whom, values=values))

    def typed(self, field: str, text: str) -> object:
        """The value of a field that a text stands for; None for a blank one."""
        return typed_value(self.workbench, field, text)

    def undo(self, edit: int, progress: Callable[[str], None] = lambda _: None) -> Made:
        """Take an edit back where nothing was changed again since, as a new edit."""
        return take_back(self.workbench, edit, progress)

    def edits(self, most: int = 50) -> tuple[tuple[Edit, int | None], ...]:
        """The latest edits, newest first, each with the edit that took it back, if one did."""
        snapshot = self.workbench.engine.snapshot
        found = read_edits(snapshot, most=most)
        undone = undone_by(snapshot, [edit.id for edit in found])
        return tuple((edit, undone.get(edit.id)) for edit in found)

    def ways_in(self, key: str, segment: str) -> WaysIn:
        """What can be done by hand so that a saved segment holds the contact of that key."""
        return find_ways_in(self.workbench, key, segment)

    def put_in(self, key: str, segment: str, way: Way) -> Made:
        """Do one of the `ways_in`; `RuleError` where the segment does not hold the contact then."""
        words = f"The contact {key}, to be in “{segment}”."
        members = choose_keys(self.workbench, [key])
        choice = Choice(members.members, members.snapshot, words)
        made = self.edit(preview_edit(self.workbench, choice, way.change))
        if not self.ways_in(key, segment).inside:
            raise RuleError(
                f"{way.words}: that was done (edit {made.edit}), but {key!r} is not in "
                f"{segment!r} now, since something else changed at the same time."
            )
        return made

    def as_segment(self, whom: SmartList | str, name: str | None = None) -> str:
        """Save a smart list's rules as a segment, and return its name.

        `RuleError` where a segment cannot say them, `NameTaken` where there is one of that name.
        """
        segment = self._list(whom).as_segment()
        segment = type(segment)(name or segment.name, segment.group, segment.description)
        return self.workbench.save(segment).segment.name

    def of_segment(self, segment: str, name: str | None = None) -> SavedList:
        """Save a smart list of a saved segment's rules."""
        found = SmartList.of(self.workbench.library.segment(segment).segment)
        return self.save(SmartList(name or found.name, found.group, description=found.description))

    def _list(self, whom: SmartList | str) -> SmartList:
        if isinstance(whom, SmartList):
            return whom
        try:
            return self.workbench.library.lists.one(whom).smart_list
        except NotSaved:
            if whom.casefold() == EVERYBODY.name.casefold():
                return EVERYBODY
            raise
