"""The view "Compare": the segment on screen beside another one, or beside what was saved of it."""

from __future__ import annotations

import html
from collections.abc import Callable, Hashable

import ipywidgets as widgets
import plotly.graph_objects as go

from segbench.audience.region_rules import exactly_rules
from segbench.errors import RuleError
from segbench.model.rules import Group
from segbench.ui.note_figure import note_figure
from segbench.ui.panel import Message, labelled, row
from segbench.ui.picks import picked
from segbench.ui.region_part import FIELDS, SAMPLE
from segbench.ui.session import Session
from segbench.ui.state import Answer
from segbench.ui.theme import Mode, theme
from segbench.ui.views.compare_choices import Choice, choices
from segbench.ui.views.compare_figure import compare_figure
from segbench.ui.views.compare_tables import MAKE, foot_html, part_html, rules_table
from segbench.ui.views.compare_words import SCREEN, segment_name, side_counts
from segbench.ui.wording import contacts
from segbench.workbench.comparing import Comparison, compare_segments
from segbench.workbench.workbench import Workbench

NOTHING = "Save a segment first: there is nothing yet to compare this one with."
SIDES = ((0,), (0, 1), (1,))
"""Which of the two segments hold the contacts of each part."""


class CompareView:
    """Two segments side by side; `propose` gets the name of a segment that was made here."""

    title = "Compare"

    def __init__(
        self, session: Session, redraw: Callable[[], None], propose: Callable[[str], None]
    ) -> None:
        self.session, self._redraw, self._propose = session, redraw, propose
        self.message = Message()
        layout = widgets.Layout(width="360px", max_width="100%", min_width="0")
        self.other = widgets.Dropdown(options=[], layout=layout)
        self.words = widgets.HTML()
        self.words.add_class("sbp-words")
        self.box = widgets.VBox(
            [row(labelled("Compare with", self.other)), self.message, self.words]
        )
        self._choices: dict[str, Choice] = {}
        self._found: tuple[Comparison, Choice, Group] | None = None
        self._picked: int | None = None
        self._quiet = False
        self.other.observe(lambda _: self._chose(), "value")

    def wants(self) -> Hashable:
        """The other segment, which part is chosen, and whose versions are on offer."""
        return self.other.value, self._picked, self.session.page.name

    def find(self, workbench: Workbench, answer: Answer) -> None:
        """Compare the segment that was counted, and write the words."""
        self._offer(workbench)
        choice = self._choices.get(str(self.other.value))
        self._found = None
        if choice is None:
            self.words.value = ""
            return
        found = compare_segments(workbench, answer.tree, choice.rules, names=(SCREEN, choice.name))
        words = self._html(workbench, found, choice, answer.tree)
        self._found, self.words.value = (found, choice, answer.tree), words

    def figure(self, mode: Mode, width: int | None) -> go.Figure | None:
        """The three parts as bars."""
        if self._found is None:
            return note_figure(NOTHING, theme(mode), width)
        found, _, _ = self._found
        if found.sameness is None:
            return None
        return compare_figure(found, self._side(found), mode=mode, width=width)

    def act(self, act: str, what: str) -> None:
        """Show a part, or make a segment of it."""
        self.message.clear()
        pick = picked(what)
        known = pick is not None and pick.kind == "side" and pick.at in ((0,), (1,), (2,))
        shown = self._found
        if pick is None or not known or shown is None or shown[0].sameness is None:
            raise RuleError("That part of the comparison is not known.")
        match act:
            case "pick":
                self._picked = pick.at[0]
                self._redraw()
            case _ if act == MAKE:
                self._make(*shown, pick.at[0])
            case _:
                raise RuleError("Nothing can be done like that.")

    def _make(self, found: Comparison, choice: Choice, tree: Group, side: int) -> None:
        """Put the part that was counted into the builder, unless another segment is there."""
        rules = exactly_rules([tree, choice.live], SIDES[side])
        workbench = self.session.workbench
        count = self.session.steadily(lambda: workbench.count(rules))
        if self.session.state.counts != tree:
            raise RuleError("That has changed meanwhile; look at the new numbers first.")
        name = segment_name(found, side)
        self.session.show(rules)
        self._propose(name)
        self.message.say(
            f"In the builder: “{name}”, {contacts(count)}. Save keeps it; Undo brings the last "
            "one back."
        )

    def _side(self, found: Comparison) -> int:
        """The chosen part; else the larger one of those that only one segment has."""
        if self._picked is not None:
            return self._picked
        assert found.sameness is not None
        counts = side_counts(found.sameness)
        if not counts[0] and not counts[2]:
            return 1
        return 0 if counts[0] >= counts[2] else 2

    def _html(self, workbench: Workbench, found: Comparison, choice: Choice, tree: Group) -> str:
        if found.sameness is None:
            return (
                f'<p class="sbp-message sbp-wrong" role="status">{html.escape(found.problem)}</p>'
                + rules_table(found)
                + foot_html(found)
            )
        side = self._side(found)
        columns = workbench.columns()[: FIELDS + 1]
        rules = exactly_rules([tree, choice.rules], SIDES[side])
        sample = workbench.contacts(rules, columns, limit=SAMPLE)
        return part_html(found, side, sample) + rules_table(found) + foot_html(found)

    def _offer(self, workbench: Workbench) -> None:
        """Offer what there is now; the choice stays where it is still there."""
        found = choices(workbench, self.session.page.name)
        self._choices = {choice.key: choice for choice in found}
        options = tuple((choice.label, choice.key) for choice in found)
        if tuple(self.other.options) == options:
            return
        before, self._quiet = self.other.value, True
        try:
            self.other.options = options
            self.other.value = (
                before if before in self._choices else next(iter(self._choices), None)
            )
        finally:
            self._quiet = False

    def _chose(self) -> None:
        self._picked = None
        if not self._quiet:
            self.message.clear()
            self._redraw()
