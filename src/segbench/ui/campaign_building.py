"""Build segments in place: the whole segment builder, for rules of the campaign's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets

from segbench.errors import CampaignError, SegbenchError
from segbench.model.recipe import RecipientSource, Role, rules_source
from segbench.model.rules import Group
from segbench.ui.builder import SegmentBuilder
from segbench.ui.campaign_draft import CampaignDraft
from segbench.ui.panel import Message, button, labelled, row
from segbench.ui.session import Session
from segbench.ui.state import State
from segbench.ui.wire import catalog_data, state_data

Take = Callable[[Role, RecipientSource, int | None], None]


class BuildSegments:
    """The builder with a name and what becomes of it; hidden until it is asked for."""

    def __init__(self, draft: CampaignDraft, session: Session, take: Take) -> None:
        self.draft, self.session, self._take = draft, session, take
        self.message = Message()
        self.builder = SegmentBuilder(
            self._catalog(), state_data(session.state, draft.workbench), self._edit
        )
        self.name = labelled(
            "Name of what is built",
            widgets.Text(placeholder="such as Engaged in DACH", layout={"width": "280px"}),
        )
        self.include = self._button("Include what is built", lambda: self._use("include"), True)
        self.exclude = self._button("Exclude what is built", lambda: self._use("exclude"))
        self.update = self._button("Use the new rules", self._replace, True)
        self._editing: tuple[Role, int] | None = None
        self.box = widgets.VBox(
            [
                widgets.HTML("<h3>Build segments</h3>"),
                self.builder,
                row(
                    self.name,
                    self.include,
                    self.exclude,
                    self.update,
                    self._button("Close", self.hide),
                ),
                self.message,
            ],
            layout=widgets.Layout(min_width="0"),
        )
        self.box.add_class("sbp-part")
        session.listen(self._draw)
        self.hide()

    def begin(self) -> None:
        """Start with nothing."""
        self._editing = None
        self.session.show(Group())
        self.name.value = ""
        self._open()

    def open(self, role: Role, source: RecipientSource, at: int) -> None:
        """Show the rules of a source, to change them."""
        if source.rules is None:
            raise CampaignError(f"“{source.name}” is saved: change it where it is saved.")
        self._editing = (role, at)
        self.session.show(source.rules)
        self.name.value = source.name
        self._open()

    def hide(self) -> None:
        """Close the builder; what is in it goes nowhere."""
        self.box.layout.display = "none"

    def refresh(self) -> None:
        """Offer what there is to ask now."""
        self.builder.catalog = self._catalog()

    def _open(self) -> None:
        self.message.clear()
        editing = self._editing is not None
        self.include.layout.display = self.exclude.layout.display = "none" if editing else None
        self.update.layout.display = None if editing else "none"
        self.box.layout.display = None

    def _use(self, role: Role) -> None:
        self._take(role, self._source(), None)
        self.hide()

    def _replace(self) -> None:
        if self._editing is None:
            raise CampaignError("Nothing is being changed.")
        role, at = self._editing
        self._take(role, self._source(), at)
        self.hide()

    def _source(self) -> RecipientSource:
        name, tree = self.name.value, self.session.state.tree
        if not name.strip():
            raise CampaignError("Give what is built a name first.")
        # What cannot be asked, or is not finished, is refused now and not at the time of sending.
        self.draft.workbench.plan(tree)
        if not self.session.state.tree.rules:
            raise CampaignError("Add a filter first: a segment without one holds nobody.")
        return rules_source(name, tree)

    def _edit(self, message: Mapping[str, Any]) -> None:
        try:
            self.session.handle(message)
        except SegbenchError as error:
            self.builder.refuse(str(error))
            self._draw(self.session.state)

    def _draw(self, state: State) -> None:
        self.builder.state = state_data(state, self.draft.workbench)

    def _catalog(self) -> dict[str, Any]:
        workbench = self.draft.workbench
        saved = tuple(entry.segment for entry in workbench.library.segments())
        return catalog_data(workbench.catalog, saved, workbench.settings.contact_time_zone)

    def _button(
        self, text: str, action: Callable[[], None], primary: bool = False
    ) -> widgets.Button:
        return button(text, action, self.message, primary=primary)
