"""The builder in a browser with the real session, its edits counted over the demo's contacts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import workbenches
from bench import Bench
from playwright.sync_api import Page

from segbench.errors import EditError
from segbench.model.rules import Group, RuleOrGroup
from segbench.model.segment import Segment
from segbench.ui.history import Page as Shown
from segbench.ui.notebook import NotebookWorkbench
from segbench.ui.session import Session
from segbench.ui.wire import catalog_data, state_data
from segbench.workbench.workbench import Workbench

CONNECT = """([catalog, state]) => {
    start(catalog, state, { answers: false });
    model.send = (message) => {
        model.sent.push(message);
        toPython(message).then((answer) => {
            if (answer.refused) model.refuse(answer.refused);
            model.push(answer.state);
        });
    };
}"""


class Live(Bench):
    """A page with the builder over a session; close it in the end."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.workbench: Workbench = workbenches.opened()
        self.session = Session(self.workbench)
        page.expose_function("toPython", self.answer)

    def open(self, *rules: RuleOrGroup, group: Group | None = None) -> Live:
        self.session.close()
        self.session = Session(
            self.workbench, Shown(Group(rules=rules) if group is None else group)
        )
        segments = tuple(saved.segment for saved in self.workbench.library.segments())
        catalog = catalog_data(self.workbench.catalog, segments)
        self.page.evaluate(CONNECT, [catalog, self._state()])
        return self

    @property
    def tree(self) -> Group:
        """The segment as Python has it, once everything that was sent is counted."""
        self.page.wait_for_timeout(350)
        return self.session.wait().tree

    @property
    def total(self) -> int:
        """How many contacts the page shows."""
        self.page.wait_for_selector(".sb-inner:not(.sb-waiting)")
        return int(self.page.locator(".sb-big").inner_text().replace(",", ""))

    def saved_and_loaded(self, folder: Path) -> Group:
        """The segment on the page after it was saved in a workspace that was closed since."""
        place = workbenches.copied(folder)
        with NotebookWorkbench.open(place) as workbench:
            workbench.save(Segment("kept", self.tree))
        with NotebookWorkbench.open(place) as workbench:
            return workbench.library.groups()["kept"]

    def _state(self) -> dict[str, Any]:
        return state_data(self.session.wait(), self.workbench)

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """What Python says to a message of the page."""
        try:
            self.session.handle(message)
        except EditError as error:
            return {"refused": str(error), "state": self._state()}
        return {"state": self._state()}
