"""The panel that compares saved segments, and the one on screen, in one chart."""

from __future__ import annotations

import contextlib
import html
import threading
from typing import Any

import ipywidgets as widgets

from segbench.audience.overlap import MOST_SEGMENTS, Overlap
from segbench.errors import SegbenchError
from segbench.lake.snapshot import Interrupted
from segbench.model.segment import Segment
from segbench.ui.figures import Kind, overlap_figure, show_in
from segbench.ui.findings import overlap_summary
from segbench.ui.note_figure import note_figure
from segbench.ui.panel import FULL, Message, card, guarded, labelled, live_figure
from segbench.ui.session import Session, State
from segbench.ui.theme import Mode, theme
from segbench.ui.venn_layout import prepare, prepared
from segbench.ui.wording import percent

CHOOSE = "Choose two or more segments to compare."
ON_SCREEN = "The segment on screen"
KINDS: dict[str, Kind] = {
    "Automatic": "auto",
    "Venn": "venn",
    "UpSet": "upset",
    "Heat map": "heatmap",
}


class OverlapPanel:
    """Chosen segments and how they overlap; follows every change of any of them."""

    def __init__(self, session: Session, mode: Mode) -> None:
        self.session, self.mode = session, mode
        self.message = Message()
        self.choices = widgets.VBox(layout=widgets.Layout(max_height="320px", overflow="auto"))
        self.kind = widgets.ToggleButtons(options=list(KINDS), style={"button_width": "auto"})
        self.figure = live_figure(note_figure(CHOOSE, theme(mode)))
        self.table = widgets.HTML()
        self.result: Overlap | None = None
        self.pane: int | None = None
        self._shown: tuple[Any, ...] = ()
        side = widgets.VBox(
            [labelled("Compare", self.choices), labelled("Chart", self.kind)],
            layout=widgets.Layout(flex="1 1 240px", min_width="0"),
        )
        chart = widgets.VBox(
            [self.figure, self.table], layout=widgets.Layout(flex="3 1 420px", min_width="0")
        )
        wide = widgets.Layout(flex_flow="row wrap", width="100%", grid_gap="16px")
        self.box = card("Overlap", [widgets.HBox([side, chart], layout=wide), self.message])
        self.kind.observe(guarded(self.message, lambda _: self.draw()), "value")
        session.listen(self.follow)
        # The layout of circles takes seconds to import; a page should not wait for it.
        threading.Thread(target=prepare, daemon=True).start()
        self.refresh()

    def refresh(self) -> None:
        """Read the saved segments anew and draw; the chosen ones stay chosen."""
        saved = [s.segment.name for s in self.session.workbench.library.segments()]
        names = [ON_SCREEN, *saved]
        old = {box.description: box for box in self.choices.children}
        boxes = [old.get(name) or self._choice(name) for name in names]
        for name, gone in old.items():
            if name not in names:
                gone.close()
        self.choices.children = boxes
        self._shown = ()
        self.draw()

    def follow(self, state: State) -> None:
        """Draw again when the segment on screen has new numbers."""
        if state.status in ("ready", "empty") and ON_SCREEN in self.chosen():
            guarded(self.message, self._draw_unless_interrupted)()

    def chosen(self) -> list[str]:
        """The names of the segments to compare."""
        return [box.description for box in self.choices.children if box.value]

    def draw(self) -> None:
        """Compare what is chosen and show the chart, the sentence and the table."""
        names, kind = self.chosen(), KINDS[self.kind.value]
        answer = self.session.state.answer
        key = (tuple(names), kind, answer.revision if answer and ON_SCREEN in names else None)
        if key == self._shown:
            return
        self._shown = key
        self.message.clear()
        if len(names) < 2:
            self._show_note(CHOOSE)
            return
        if len(names) > MOST_SEGMENTS:
            self._show_note(f"Choose at most {MOST_SEGMENTS} segments.")
            return
        if kind == "venn" and len(names) > 3:
            self._show_note("A Venn diagram shows 2 or 3 segments. UpSet and heat map show more.")
            return
        try:
            self.result = self.session.workbench.overlap([self._segment(name) for name in names])
        except SegbenchError as error:
            self._show_note(str(error))
            return
        if not prepared():
            self.message.say("Preparing the chart …")
        show_in(self.figure, overlap_figure(self.result, kind, mode=self.mode, width=self.pane))
        self.table.value = _table_html(self.result)
        self.message.clear()

    def _draw_unless_interrupted(self) -> None:
        # A newer edit interrupts what is being asked here, and calls again when it is counted.
        with contextlib.suppress(Interrupted):
            self.draw()

    def _choice(self, name: str) -> widgets.Checkbox:
        box = widgets.Checkbox(description=name, indent=False, layout=FULL)
        box.observe(guarded(self.message, lambda _: self.draw()), "value")
        return box

    def _segment(self, name: str) -> Segment | str:
        if name != ON_SCREEN:
            return name
        answer = self.session.state.answer
        return Segment(ON_SCREEN, answer.tree if answer else self.session.state.tree)

    def _show_note(self, text: str) -> None:
        self.result, self.table.value = None, ""
        show_in(self.figure, note_figure(text, theme(self.mode)))


def _table_html(result: Overlap) -> str:
    rows = [(result.label(region), region.count) for region in result.regions]
    cells = "".join(
        f'<tr><th scope="row">{html.escape(label)}</th><td class="sb-number">{count:,}</td>'
        f'<td class="sb-number">{percent(count, result.contacts)}</td></tr>'
        for label, count in [*rows, ("In none of them", result.outside)]
    )
    return (
        f'<p class="sb-note">{html.escape(overlap_summary(result))}</p>'
        f"<details><summary>All {len(rows) + 1:,} regions as a table</summary>"
        '<table class="sb-table"><thead><tr><th>Exactly in</th><th class="sb-number">Contacts</th>'
        f'<th class="sb-number">Of all</th></tr></thead><tbody>{cells}</tbody></table></details>'
    )
