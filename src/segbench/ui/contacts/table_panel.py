"""The card with the page of contacts: search, columns, sort, pages, selection."""

from __future__ import annotations

import html
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor

import ipywidgets as widgets

from segbench.errors import SegbenchError
from segbench.lake.snapshot import Interrupted
from segbench.model.smart_list import KEY, LONGEST_SEARCH, TAGS
from segbench.ui.chart_links import ChartLinks
from segbench.ui.contacts.desk import Desk
from segbench.ui.contacts.table_html import SELECT, SORT, label_of, page_html
from segbench.ui.counting import data_of
from segbench.ui.panel import Message, button, card, guarded, labelled, row
from segbench.ui.state import State
from segbench.ui.views.key_button import LOOK
from segbench.ui.wording import contacts, number
from segbench.workbench.contact_pages import ContactPage, usual_columns

SIZES = (25, 50, 100, 200)
NOTE = "Headings sort: once up, twice down. A search looks in the key and the texts shown."


class TablePanel:
    """Draws the desk's page on a thread of its own; `look` is told which contact to show."""

    def __init__(self, desk: Desk, look: Callable[[str], None]) -> None:
        self.desk, self._look = desk, look
        self.message = Message()
        self.page: ContactPage | None = None
        self._drawn: Hashable = None
        self._setter = 0
        self._drawer = ThreadPoolExecutor(1, thread_name_prefix="segbench-contacts")
        self._make_controls()
        self.table = widgets.HTML()
        self.table.add_class("sbp-words")
        links = ChartLinks(guarded(self.message, self._act), lambda _: None)
        self.box = card(
            "Contacts",
            [
                links,
                row(labelled("Search", self.search), labelled("Contacts a page", self.size)),
                self._folded("Columns", self.columns),
                row(self.first, self.back, self.place, self.on, self.last, self.where),
                row(self.choose_page, self.choose_none, self.count),
                self.message,
                self.table,
            ],
            note=NOTE,
        )
        self.box.add_class("sbp-linked")
        desk.listen(self.draw)
        desk.session.listen(self._follow)
        self.draw()

    def draw(self) -> None:
        """Show the desk's page, soon."""
        self._drawer.submit(guarded(self.message, self._draw))

    def wait(self) -> None:
        """Return once everything is drawn; for scripts and tests."""
        self._drawer.submit(lambda: None).result()

    def close(self) -> None:
        """Stop drawing."""
        self._drawer.shutdown(wait=False, cancel_futures=True)

    def _make_controls(self) -> None:
        wide = widgets.Layout(width="320px")
        self.search = widgets.Text(
            placeholder="Part of a key or of a text", continuous_update=False, layout=wide
        )
        self.size = widgets.Dropdown(options=SIZES, value=50, layout=widgets.Layout(width="120px"))
        self.columns = widgets.SelectMultiple(rows=10, layout=wide)
        self.first = self._button("First page", lambda: self.desk.turn_to(1))
        self.back = self._button("Page before", lambda: self._step(-1))
        self.on = self._button("Next page", lambda: self._step(1))
        self.last = self._button("Last page", lambda: self._step(10**9))
        self.place = widgets.BoundedIntText(
            min=1, max=1, description="Page", layout=widgets.Layout(width="140px")
        )
        self.where, self.count = widgets.HTML(), widgets.HTML()
        self.choose_page = self._button("Select this page", self._select_page)
        self.choose_none = self._button("Select nobody", self._select_none)
        for widget, told in (
            (self.search, lambda _: self.desk.search(self.search.value[:LONGEST_SEARCH])),
            (self.size, lambda _: self.desk.resize(int(self.size.value))),
            (self.columns, lambda _: self.desk.show(self.columns.value)),
            (self.place, lambda _: self.desk.turn_to(int(self.place.value))),
        ):
            widget.observe(guarded(self.message, self._unless_drawing(told)), "value")

    def _button(self, text: str, action: Callable[[], None]) -> widgets.Button:
        return button(text, action, self.message)

    def _unless_drawing(self, told: Callable[[object], None]) -> Callable[[object], None]:
        """The callback for what a browser changes, not for what the drawing itself sets."""

        def heard(change: object) -> None:
            if self._setter != threading.get_ident():
                told(change)

        return heard

    @staticmethod
    def _folded(title: str, widget: widgets.Widget) -> widgets.Accordion:
        folded = widgets.Accordion([labelled("Columns shown", widget)], titles=[title])
        folded.selected_index = None
        return folded

    def _step(self, by: int) -> None:
        if self.page is not None:
            self.desk.turn_to(min(self.page.number + by, self.page.pages))

    def _select_page(self) -> None:
        if self.page is not None:
            self.desk.select(self.page.keys, True)

    def _select_none(self) -> None:
        self.desk.select(self.desk.shown.selected, False)

    def _act(self, act: str, what: str) -> None:
        if act == SORT:
            self.desk.sort(what)
        elif act == SELECT and self.page is not None and what in self.page.keys:
            self.desk.select([what])
        elif act == LOOK:
            self._look(what)

    def _follow(self, state: State) -> None:
        if state.status != "updating":
            self.draw()

    def _draw(self) -> None:
        """On the card's thread: find the page that is wanted, unless it is drawn already."""
        while True:
            wanted = (
                self.desk.shown,
                self.desk.counted(),
                data_of(self.desk.session.workbench),
            )
            if wanted == self._drawn:
                return
            try:
                page = self.desk.page()
            except Interrupted:
                # A newer edit of the rules stopped the query; the page is still wanted.
                continue
            except SegbenchError as error:
                self._drawn, self.page = None, None
                self.table.value = ""
                self.message.warn(str(error))
                return
            self._drawn = wanted
            self._show(page)
            return

    def _show(self, page: ContactPage) -> None:
        workbench, shown = self.desk.session.workbench, self.desk.shown
        self.page = page
        self.message.clear()
        self._setter = threading.get_ident()
        try:
            self._fit_controls(page)
        finally:
            self._setter = 0
        self.table.value = page_html(page, shown, workbench.catalog, workbench.zone)
        last = page.number * page.size
        here = f"{number(min(last - page.size + 1, page.total))} to {number(min(last, page.total))}"
        words = f"{here} of {contacts(page.total)}" if page.total else "nobody"
        self.where.value = f'<span role="status">{html.escape(words)}</span>'
        chosen = len(shown.selected)
        self.count.value = f'<span class="sbp-note">{contacts(chosen)} selected</span>'
        self.choose_none.disabled = not chosen

    def _fit_controls(self, page: ContactPage) -> None:
        workbench, shown = self.desk.session.workbench, self.desk.shown
        names = (KEY, TAGS, *(field.name for field in workbench.catalog.fields))
        options = tuple((label_of(name, workbench.catalog), name) for name in names)
        if self.columns.options != options:
            self.columns.options = options
        self.columns.value = shown.columns or usual_columns(workbench)
        self.search.value = shown.search
        self.place.max = page.pages
        self.place.value = page.number
        self.first.disabled = self.back.disabled = page.number == 1
        self.last.disabled = self.on.disabled = page.number == page.pages
