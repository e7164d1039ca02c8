"""The waterfall card: which row costs how many contacts, in row order or the steepest row first."""

from __future__ import annotations

import html
from collections.abc import Callable

import ipywidgets as widgets

from segbench.audience.explain import Step, Waterfall
from segbench.audience.narrowing import Narrowing
from segbench.model.rules import Path
from segbench.ui.chart_links import ChartLinks
from segbench.ui.csv_link import csv_link
from segbench.ui.figures import show_in, waterfall_figure
from segbench.ui.findings import narrowing_finding, waterfall_summary
from segbench.ui.note_figure import note_figure
from segbench.ui.overlap_tables import ROW, folded, row, row_button, table
from segbench.ui.panel import Message, card, guarded, live_figure
from segbench.ui.picks import Pick, picked
from segbench.ui.state import State
from segbench.ui.tables import narrowing_table
from segbench.ui.theme import Mode, theme
from segbench.ui.wording import change, number, plain
from segbench.workbench.narrowing import narrow
from segbench.workbench.workbench import Workbench

SAMPLE = Waterfall("and", 1, (Step((0,), "a row", 1, 1, 0),), 1)
EMPTY = "Add a filter to see how each row narrows the contacts."
ORDERS = ("Row order", "Steepest first")


class WaterfallPanel:
    """The steps from all contacts to the segment, one sentence about them, and a table.

    `focus` gets the path of a row that is clicked.
    """

    def __init__(self, mode: Mode, focus: Callable[[Path], None] = lambda _: None) -> None:
        self.mode = mode
        self._focus = focus
        self.message = Message()
        self.figure = live_figure(
            note_figure(EMPTY, theme(mode)), waterfall_figure(SAMPLE, mode=mode)
        )
        self.order = widgets.ToggleButtons(options=ORDERS, style={"button_width": "auto"})
        self.words = widgets.HTML()
        self.links = ChartLinks(guarded(self.message, self._act), guarded(self.message, self._size))
        self._pane: int | None = None
        self._found: Narrowing | None = None
        pane = widgets.Box([self.figure], layout=widgets.Layout(min_width="0"))
        pane.add_class("sbp-pane")
        self.box = card("Waterfall", [self.links, self.order, pane, self.words, self.message])
        self.box.add_class("sbp-linked")
        self.order.observe(lambda _: self._draw(), "value")
        self._draw()

    def show(self, workbench: Workbench, state: State) -> None:
        """Show what each row does; while the data moves on, what was shown before."""
        guarded(self.message, self._show)(workbench, state)

    def _show(self, workbench: Workbench, state: State) -> None:
        answer = state.answer
        if answer is None or not answer.evaluation.nodes:
            self._found = None
        elif (workbench.engine.snapshot.id, workbench.as_of) == (answer.snapshot, answer.as_of):
            self._found = narrow(workbench, answer.tree, answer.evaluation)
        self._draw()

    def _act(self, act: str, what: str) -> None:
        """Show the row that was clicked, in the table or as a bar, in the builder."""
        pick = picked(what)
        if act in (ROW, "pick") and pick is not None and pick.kind == "row":
            self._focus(pick.at)

    def _size(self, width: int) -> None:
        self._pane = width
        self._draw()

    def _draw(self) -> None:
        found = self._found
        if found is None or not found.falls.steps:
            self.order.layout.display = "none"
            self.words.value = ""
            show_in(self.figure, note_figure(EMPTY, theme(self.mode), self._pane))
            return
        self.order.layout.display = "" if len(found.rows) > 1 else "none"
        falls = found.falls if self.order.value == ORDERS[0] else found.steepest
        show_in(self.figure, waterfall_figure(falls, mode=self.mode, width=self._pane))
        self.words.value = narrowing_html(found, falls)


def narrowing_html(found: Narrowing, falls: Waterfall) -> str:
    """The sentence that names the row to look at, and the rows as a table, in words, as a file."""
    total, swap = found.falls.total, ""
    if found.swapped is not None:
        was, would = ("AND", "OR") if found.falls.combinator == "and" else ("OR", "AND")
        swap = (
            f'<p class="sbp-note">With {would} instead of {was} between all rows: '
            f"{number(found.swapped)} instead of {number(total)}.</p>"
        )
    words = f"<p>{html.escape(waterfall_summary(falls))}</p>"
    picture = (
        '<button type="button" class="sbp-act sbp-small" data-act="png" data-name="0">'
        "Waterfall as PNG</button>"
    )
    return (
        f'<p role="status">{html.escape(narrowing_finding(found))}</p>{swap}'
        + folded("rows", "Rows as a table", _rows(found, falls))
        + folded("fall-words", "In words", words)
        + f'<div class="sbp-acts">{picture}'
        + csv_link(narrowing_table(found), "waterfall.csv", "Rows as CSV")
        + "</div>"
    )


def _rows(found: Narrowing, falls: Waterfall) -> str:
    """A line for each row, in the order of the steps that are shown."""
    costs = {cost.step.path: cost for cost in found.rows}
    lines = []
    for step in falls.steps:
        if step.path not in costs:
            continue
        cost = costs[step.path]
        numbers = [
            number(step.alone),
            change(step.change),
            change(found.falls.total - cost.without),
            number(cost.without),
            "–" if cost.otherwise is None else number(cost.otherwise),
        ]
        name, pick = plain(step.label), Pick("row", step.path)
        lines.append(row(html.escape(name), numbers, pick, row_button(pick, name)))
    losing = found.falls.combinator == "and"
    heads = [
        "Row",
        "By itself",
        "Removed here" if losing else "Added here",
        "Only by it",
        "Without it",
        "With OR" if losing else "With AND",
        "",
    ]
    return table(heads, lines)
