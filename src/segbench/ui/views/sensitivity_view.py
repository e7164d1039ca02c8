"""The view "Sensitivity": what another number in one row would change, set with a click."""

from __future__ import annotations

import html
from collections.abc import Callable, Hashable

import ipywidgets as widgets
import plotly.graph_objects as go

from segbench.audience.curve import Curve
from segbench.audience.dial import CAN, Dial, Number, What, turned_row
from segbench.errors import EditError
from segbench.model.codec import to_data
from segbench.model.rules import Group, Path
from segbench.model.tree import node_at
from segbench.ui.panel import labelled
from segbench.ui.session import Session
from segbench.ui.state import Answer
from segbench.ui.theme import Mode
from segbench.ui.views.sensitivity_figure import TURN, curve_figure
from segbench.ui.views.sensitivity_tables import ACT, sensitivity_html
from segbench.ui.views.sensitivity_words import curve_finding, curve_remark, dial_words
from segbench.workbench.curves import find_curve, find_dials
from segbench.workbench.workbench import Workbench

NONE = "No row here has a number that can be turned."
Key = tuple[Path, What]


class SensitivityView:
    """The curve of one number in the segment; `changed` is told when another one is chosen."""

    title = "Sensitivity"

    def __init__(self, session: Session, changed: Callable[[], None]) -> None:
        self.session = session
        self.choice = widgets.Dropdown(layout=widgets.Layout(width="min(560px, 100%)"))
        self.words = widgets.HTML()
        self.box = widgets.VBox([labelled("What varies", self.choice), self.words])
        self._changed = changed
        self._asked: Key | None = None
        self._filling = False
        self._found: tuple[Group, Curve] | None = None
        self.choice.observe(lambda _: self._choose(), "value")

    def wants(self) -> Hashable:
        """What is turned."""
        return self._asked

    def find(self, workbench: Workbench, answer: Answer) -> None:
        """Work out the curve of the chosen number, by default of the first one."""
        there: dict[Key, Dial] = {
            (dial.path, dial.what): dial for dial in find_dials(workbench, answer.tree)
        }
        self._offer(answer.tree, there, workbench)
        if not there:
            self._found = None
            self.words.value = f"<p>{NONE}</p><p>{html.escape(CAN)}</p>"
            return
        curve = find_curve(workbench, answer.tree, there[self.choice.value])
        self._found = answer.tree, curve
        lone = ""
        if len(curve.numbers) < 2:
            said = f"{curve_finding(curve)} {curve_remark(curve)}"
            lone = f"<p>{html.escape(said)}</p>"
        self.words.value = lone + sensitivity_html(curve)

    def figure(self, mode: Mode, width: int | None) -> go.Figure | None:
        """The chart; None where nothing can be turned, or there is one number only."""
        if self._found is None or len(self._found[1].numbers) < 2:
            return None
        wording = self.session.workbench.wording
        return curve_figure(self._found[1], wording, mode=mode, width=width)

    def act(self, act: str, what: str) -> None:
        """Set the number that was clicked; one step of undo."""
        if act == "pick" and what.startswith(TURN):
            return self._turn(what.removeprefix(TURN))
        if act == ACT:
            return self._turn(what)
        if act != "clear":
            raise EditError(f"This chart has no part {what!r:.60}.")

    def _turn(self, written: str) -> None:
        state = self.session.state
        if self._found is None:
            raise EditError(NONE)
        tree, curve = self._found
        number = next((each for each in curve.numbers if str(each) == written), None)
        if number is None:
            raise EditError(f"This chart has no part {written!r:.60}.")
        self._set(curve.dial, number, tree, state.tree, state.shape)

    def _set(self, dial: Dial, number: Number, tree: Group, now: Group, shape: int) -> None:
        """Put the number into the row, unless the row is another one by now."""
        before, here = node_at(tree, dial.path), node_at(now, dial.path)
        if before != here or isinstance(here, Group):
            raise EditError("That row has changed meanwhile; the chart is about to follow.")
        node = to_data(turned_row(here, dial.what, number))
        self.session.handle({"edit": "put", "path": list(dial.path), "node": node, "shape": shape})

    def _offer(self, tree: Group, there: dict[Key, Dial], workbench: Workbench) -> None:
        """What can be turned now; what was chosen stays chosen where it is still there."""
        wording = workbench.wording
        options = tuple((dial_words(tree, dial, wording), key) for key, dial in there.items())
        chosen = self._asked if self._asked in there else next(iter(there), None)
        self._filling = True
        try:
            if options != self.choice.options:
                self.choice.options = options
            self.choice.value = chosen
        finally:
            self._filling = False
        self.choice.layout.display = "" if there else "none"

    def _choose(self) -> None:
        if not self._filling:
            self._asked = self.choice.value
            self._changed()
