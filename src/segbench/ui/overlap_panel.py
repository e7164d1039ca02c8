"""The panel that compares saved segments, and the one on screen, in one chart."""

from __future__ import annotations

import html
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import ipywidgets as widgets

from segbench.audience.overlap import MOST_SEGMENTS, Overlap, Region
from segbench.errors import SegbenchError
from segbench.lake.snapshot import Interrupted
from segbench.model.segment import Segment
from segbench.ui.figures import Kind, overlap_figure, show_in
from segbench.ui.findings import overlap_summary
from segbench.ui.note_figure import note_figure
from segbench.ui.panel import (
    FULL,
    Message,
    card,
    guarded,
    labelled,
    live_figure,
    mark_new,
    mark_stale,
)
from segbench.ui.session import Session
from segbench.ui.state import State
from segbench.ui.theme import Mode, theme
from segbench.ui.venn_layout import prepare, prepared
from segbench.ui.wording import percent

CHOOSE = "Choose two or more segments to compare."
ON_SCREEN = "The segment on screen"
SAMPLE = Overlap(("A", "B"), (1, 1), (Region((0, 1), 1),), contacts=1, outside=0)
KINDS: dict[str, Kind] = {
    "Automatic": "auto",
    "Venn": "venn",
    "UpSet": "upset",
    "Heat map": "heatmap",
}


class OverlapPanel:
    """Chosen segments and how they overlap; follows every change of any of them.

    It asks and draws on a thread of its own: the builder never waits for it, and there is never
    more than one drawing.
    """

    def __init__(self, session: Session, mode: Mode) -> None:
        self.session, self.mode = session, mode
        self.message = Message()
        self.choices = widgets.VBox(layout=widgets.Layout(max_height="320px", overflow="auto"))
        self.kind = widgets.ToggleButtons(options=list(KINDS), style={"button_width": "auto"})
        self.figure = live_figure(
            note_figure(CHOOSE, theme(mode)), overlap_figure(SAMPLE, "upset", mode=mode)
        )
        self.table = widgets.HTML()
        self.pane: int | None = None
        self._shown: tuple[Any, ...] = ()
        self._found: Overlap | None = None
        self._before: Overlap | None = None
        self._boxes: dict[str | None, widgets.Checkbox] = {}
        self._drawer = ThreadPoolExecutor(1, thread_name_prefix="segbench-overlap")
        side = widgets.VBox(
            [labelled("Compare", self.choices), labelled("Chart", self.kind)],
            layout=widgets.Layout(flex="1 1 240px", min_width="0"),
        )
        chart = widgets.VBox(
            [self.figure, self.table], layout=widgets.Layout(flex="3 1 420px", min_width="0")
        )
        wide = widgets.Layout(flex_flow="row wrap", width="100%", grid_gap="16px")
        self.box = card("Overlap", [widgets.HBox([side, chart], layout=wide), self.message])
        self.kind.observe(lambda _: self.draw(), "value")
        session.listen(self.follow)
        # The layout of circles takes seconds to import; a page should not wait for it.
        self._drawer.submit(prepare)
        self.refresh()

    def refresh(self) -> None:
        """Read the saved segments anew and draw; the chosen ones stay chosen."""
        saved = [s.segment.name for s in self.session.workbench.library.segments()]
        keys: list[str | None] = [None, *saved]
        for gone in [key for key in self._boxes if key not in keys]:
            self._boxes.pop(gone).close()
        for key in keys:
            if key not in self._boxes:
                self._boxes[key] = self._choice(key or ON_SCREEN)
        self.choices.children = [self._boxes[key] for key in keys]
        self._found = None
        self.redraw()

    def redraw(self) -> None:
        """Compare what is chosen anew, as after the data changed; mark the card if it did."""
        self._before, self._shown = self._found, ()
        self.draw()

    def follow(self, state: State) -> None:
        """Draw again when the segment on screen has new numbers; mark the chart until then."""
        if None in self.chosen():
            mark_stale(self.box, state)
            if state.status != "updating":
                self.draw()

    def chosen(self) -> list[str | None]:
        """What is compared: names of saved segments, None for the one on screen."""
        return [key for key, box in self._boxes.items() if box.value]

    def draw(self) -> None:
        """Compare what is chosen and show the chart, the sentence and the table, soon."""
        if len(self.chosen()) > 1 and not prepared():
            self.message.say("Preparing the chart …")
        self._drawer.submit(guarded(self.message, self._draw))

    def wait(self) -> None:
        """Return once everything is drawn; for scripts and tests."""
        self._drawer.submit(lambda: None).result()

    def close(self) -> None:
        """Stop drawing."""
        self._drawer.shutdown(wait=False, cancel_futures=True)

    def _draw(self) -> None:
        state, names, kind = self.session.state, self.chosen(), KINDS[self.kind.value]
        revision = state.answer.revision if state.answer and None in names else None
        key = (tuple(names), kind, revision, self.pane)
        if key == self._shown:
            return
        self._shown = ()
        while True:
            try:
                self._show(names, kind, state)
                break
            except Interrupted:
                # A newer edit stopped the queries under way; these are still wanted.
                continue
        self._shown = key

    def _show(self, names: list[str | None], kind: Kind, state: State) -> None:
        before, self._before, self._found = self._before, None, None
        if len(names) < 2:
            return self._show_note(CHOOSE)
        if len(names) > MOST_SEGMENTS:
            return self._show_note(f"Choose at most {MOST_SEGMENTS} segments.")
        if kind == "venn" and len(names) > 3:
            return self._show_note("A Venn diagram shows 2 or 3 segments; UpSet shows more.")
        try:
            segments = [_segment(name, state) for name in names]
            result = self.session.steadily(lambda: self.session.workbench.overlap(segments))
        except SegbenchError as error:
            return self._show_note(str(error))
        show_in(self.figure, overlap_figure(result, kind, mode=self.mode, width=self.pane))
        self.table.value = _table_html(result)
        self.message.clear()
        self._found = result
        if before is not None and before.names == result.names and before != result:
            mark_new(self.box)

    def _choice(self, label: str) -> widgets.Checkbox:
        box = widgets.Checkbox(description=label, indent=False, layout=FULL)
        box.observe(lambda _: self.draw(), "value")
        return box

    def _show_note(self, text: str) -> None:
        self.message.clear()
        self.table.value = ""
        show_in(self.figure, note_figure(text, theme(self.mode)))


def _segment(name: str | None, state: State) -> Segment | str:
    if name is not None:
        return name
    return Segment(ON_SCREEN, state.answer.tree if state.answer else state.counts)


def _table_html(result: Overlap) -> str:
    rows = [(result.label(region), region.count) for region in result.regions]
    cells = "".join(
        f'<tr><th scope="row">{html.escape(label)}</th><td class="sbp-number">{count:,}</td>'
        f'<td class="sbp-number">{percent(count, result.contacts)}</td></tr>'
        for label, count in [*rows, ("In none of them", result.outside)]
    )
    return (
        f'<p class="sbp-note">{html.escape(overlap_summary(result))}</p>'
        f"<details><summary>All {len(rows) + 1:,} regions as a table</summary>"
        '<table class="sbp-table"><thead><tr><th>Exactly in</th>'
        '<th class="sbp-number">Contacts</th><th class="sbp-number">Of all</th></tr></thead>'
        f"<tbody>{cells}</tbody></table></details>"
    )
