"""What the contacts' dashboard shows of a smart list: the only writer of its state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from segbench.library.list_rows import SavedList
from segbench.model.rules import Group
from segbench.model.smart_list import KEY, MOST_SORTED, TAGS, SmartList, Sort
from segbench.ui.session import Session
from segbench.workbench.contact_pages import SIZE, ContactPage

UNNAMED = "New list"


@dataclass(frozen=True)
class Shown:
    """How the list is shown: columns, sort and search, the page, and which keys are selected."""

    columns: tuple[str, ...] = ()
    sort: Sort = ()
    search: str = ""
    number: int = 1
    size: int = SIZE
    selected: frozenset[str] = frozenset()


class Desk:
    """The list on screen: its rules are the session's, the rest is here.

    Listeners are told after every change, on the thread that made it; they draw.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.shown = Shown()
        self.saved: SavedList | None = None
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Call the listener after every change."""
        self._listeners.append(listener)

    @property
    def name(self) -> str:
        """The name under which the list was opened or saved, "" where it was not."""
        return self.saved.smart_list.name if self.saved else ""

    def as_list(self, name: str = "") -> SmartList:
        """What is on screen as a smart list, with all its rows."""
        return self._list(name, self.session.state.tree)

    def counted(self) -> SmartList:
        """The same without the rows that cannot be evaluated: what the page shows."""
        return self._list("", self.session.state.counts)

    def page(self) -> ContactPage:
        """The page on screen."""
        shown, book = self.shown, self.session.workbench.book
        return self.session.steadily(
            lambda: book.page(self.counted(), shown.number, size=shown.size)
        )

    def open(self, smart_list: SmartList, saved: SavedList | None) -> None:
        """Show another list from its first page, with nobody selected."""
        self.saved = saved
        self.shown = Shown(
            smart_list.columns, smart_list.sort, smart_list.search, size=self.shown.size
        )
        self.session.show(smart_list.group)
        self.tell()

    def saved_as(self, saved: SavedList) -> None:
        """Note under which name the list was saved."""
        self.saved = saved
        self.tell()

    def show(self, columns: Iterable[str]) -> None:
        """Show other columns; what is sorted by stays."""
        self._turn(replace(self.shown, columns=tuple(columns)))

    def search(self, text: str) -> None:
        """Look for another text, from the first page on."""
        self._turn(replace(self.shown, search=" ".join(text.split()), number=1))

    def sort(self, column: str) -> None:
        """Sort by a column first: up, then down, then no more."""
        if column == TAGS:
            return
        if column != KEY:
            self.session.workbench.catalog.field(column)
        before = dict(self.shown.sort).get(column)
        rest = tuple(each for each in self.shown.sort if each[0] != column)
        first: Sort = {None: ((column, "up"),), "up": ((column, "down"),)}.get(before, ())  # type: ignore[assignment]
        sort = (*first, *rest)[:MOST_SORTED]
        self._turn(replace(self.shown, sort=sort, number=1))

    def turn_to(self, number: int) -> None:
        """Show the page of that number."""
        self._turn(replace(self.shown, number=max(1, number)))

    def resize(self, size: int) -> None:
        """Show pages of so many contacts, from the first on."""
        self._turn(replace(self.shown, size=size, number=1))

    def select(self, keys: Iterable[str], on: bool | None = None) -> None:
        """Select contacts, or not any more; without `on` each the other way than before."""
        keys = frozenset(keys)
        chosen = self.shown.selected
        now = {None: chosen ^ keys, True: chosen | keys, False: chosen - keys}[on]
        self._turn(replace(self.shown, selected=now))

    def tell(self) -> None:
        """Have everything drawn anew."""
        for listener in tuple(self._listeners):
            listener()

    def _turn(self, shown: Shown) -> None:
        if shown != self.shown:
            self.shown = shown
            self.tell()

    def _list(self, name: str, group: Group) -> SmartList:
        shown = self.shown
        about = self.saved.smart_list.description if self.saved else ""
        return SmartList(
            name or self.name or UNNAMED, group, shown.columns, shown.sort, shown.search, about
        )
