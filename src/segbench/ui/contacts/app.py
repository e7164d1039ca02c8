"""The contacts' dashboard: a smart list, its rules, its pages, one contact, edits and their record.

It is for people who manage contacts, so it shows them; nothing is masked here.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from segbench.errors import SegbenchError
from segbench.ui.audience import page_style
from segbench.ui.builder import SegmentBuilder
from segbench.ui.contacts.card_panel import CardPanel
from segbench.ui.contacts.desk import Desk
from segbench.ui.contacts.edit_panel import EditPanel
from segbench.ui.contacts.list_panel import ListPanel
from segbench.ui.contacts.log_panel import LogPanel
from segbench.ui.contacts.table_panel import TablePanel
from segbench.ui.follow import EVERY
from segbench.ui.follow_panel import FollowPanel
from segbench.ui.panel import guarded
from segbench.ui.presence import Opened, Presence
from segbench.ui.session import Session
from segbench.ui.state import State
from segbench.ui.wire import catalog_data, moment_text, state_data
from segbench.workbench.contact_edits import Made
from segbench.workbench.workbench import Workbench


class ContactsApp(widgets.VBox):  # type: ignore[misc]
    """The whole dashboard over one workbench; it follows the lake while a page shows it."""

    def __init__(self, workbench: Workbench, *, follow: bool = True, every: float = EVERY) -> None:
        self.workbench = workbench
        self.session = Session(workbench)
        self.builder = SegmentBuilder(
            self._catalog(), list_data(self.session.state, workbench), self._edit
        )
        self.desk = Desk(self.session)
        self.edits = EditPanel(self.desk, self._edited)
        self.card = CardPanel(self.desk, self.edits)
        self.table = TablePanel(self.desk, self.card.look)
        self.lists = ListPanel(self.desk, self._library_changed)
        self.record = LogPanel(self.desk, self.edits.take_back)
        self.follow = FollowPanel(self.session, on=follow, every=every)
        self.head = widgets.HTML(self._head_html())
        self.presence = Presence(
            guarded(self.lists.message, self._open), self.follow.follower.seen, lambda _: None
        )
        self.presence.layout.height = "0"
        self._data = self._shown_data()
        super().__init__(self._parts())
        self.add_class("sbp-page")
        self.session.listen(self._draw)
        self._draw(self.session.state)

    def close(self) -> None:
        """Stop counting and drawing, and drop the widgets; an edit under way is finished."""
        self.follow.close()
        self.session.close()
        self.table.close()
        self.edits.close()
        super().close()

    def wait(self) -> None:
        """Return once every edit is made and everything is drawn; for scripts and tests."""
        self.edits.wait()
        self.session.wait()
        self.table.wait()

    def _parts(self) -> list[widgets.Widget]:
        style = widgets.HTML(f"<style>{page_style()}</style>")
        style.layout.display = "none"
        self.table.box.layout.flex, self.card.box.layout.flex = "3 1 560px", "2 1 380px"
        wide = widgets.Layout(flex_flow="row wrap", width="100%", grid_gap="16px")
        both = widgets.HBox([self.table.box, self.card.box], layout=wide)
        return [
            style,
            self.presence,
            self.head,
            self.follow.box,
            self.lists.box,
            self.builder,
            self.edits.box,
            both,
            self.record.box,
        ]

    def _open(self, _page: Opened) -> None:
        """Look at data and time again: a warm kernel was started before its page was asked for."""
        with self.session.standstill:
            self.workbench.refresh()
        self.lists.refresh()
        self.session.recount()

    def _edit(self, message: Mapping[str, Any]) -> None:
        try:
            self.session.handle(message)
        except SegbenchError as error:
            self.builder.refuse(str(error))
            self._draw(self.session.state)

    def _edited(self, _made: Made) -> None:
        """Have everything show the data that an edit made."""
        self.session.move_on()
        self.desk.tell()
        self._show_data()

    def _library_changed(self) -> None:
        self.builder.catalog = self._catalog()
        self.session.recount()
        self.card.draw()

    def _draw(self, state: State) -> None:
        self.builder.state = list_data(state, self.workbench)
        if self._shown_data() != self._data:
            guarded(self.card.message, self._show_data)()

    def _show_data(self) -> None:
        before, self._data = self._data, self._shown_data()
        self.head.value = self._head_html()
        if before[0] != self._data[0]:
            self.builder.catalog = self._catalog()
        self.edits.refresh()
        self.card.draw()
        self.record.draw()

    def _shown_data(self) -> tuple[int, object]:
        return self.workbench.engine.snapshot.id, self.workbench.as_of

    def _catalog(self) -> dict[str, Any]:
        saved = tuple(entry.segment for entry in self.workbench.library.segments())
        zone = self.workbench.settings.contact_time_zone
        return catalog_data(self.workbench.catalog, saved, zone)

    def _head_html(self) -> str:
        workbench = self.workbench
        facts = (
            f"{workbench.contacts_total:,} contacts",
            f"snapshot {workbench.engine.snapshot.id}",
            f"as of {moment_text(workbench.as_of, workbench)}",
        )
        return (
            f'<header class="sbp-head"><h1>{html.escape(workbench.settings.name)}: contacts</h1>'
            f"<p>{html.escape(' · '.join(facts))}</p>"
            '<p class="sbp-note">For those who manage contacts: names and addresses are shown.'
            "</p></header>"
        )


def list_data(state: State, workbench: Workbench) -> dict[str, Any]:
    """The state as the builder draws it: without a rule, everybody is on a list."""
    data = state_data(state, workbench) | {"everybody": True}
    if state.status == "empty":
        data |= {"total": data["contacts"], "sentence": "Everybody."}
    return data
