"""The card "Explore": the segment on screen from several sides, one at a time, when asked."""

from __future__ import annotations

import functools
import threading
from collections.abc import Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor

import ipywidgets as widgets
import plotly.graph_objects as go

from segbench.errors import SegbenchError
from segbench.lake.snapshot import Interrupted
from segbench.ui.chart_links import ChartLinks
from segbench.ui.figures import show_in
from segbench.ui.note_figure import note_figure
from segbench.ui.panel import Message, button, card, guarded, live_figure, row
from segbench.ui.session import Session
from segbench.ui.state import Answer, State
from segbench.ui.theme import Mode, theme
from segbench.ui.views.frame import sample
from segbench.ui.views.view import Closes, View

LOOKING = "Looking …"
NOTHING = "Add a filter to look closer at a segment."
NOTE = "Look closer at the segment on screen. What is open follows every change."


class ExplorePanel:
    """Views of the segment on screen; the open one is drawn on a thread of its own."""

    def __init__(self, session: Session, mode: Mode) -> None:
        self.session = session
        self._mode = mode
        self.message = Message()
        self.views: dict[str, View] = {}
        self.tabs = widgets.ToggleButtons(style={"button_width": "auto"})
        self.hide = button("Hide", self._hide, self.message, title="Close what is open")
        self.figure = live_figure(note_figure(LOOKING, theme(mode)), sample())
        self.pane = widgets.Box([self.figure], layout=widgets.Layout(min_width="0"))
        self.pane.add_class("sbp-pane")
        self.place = widgets.VBox(layout=widgets.Layout(min_width="0"))
        self.links = ChartLinks(guarded(self.message, self._act), guarded(self.message, self._size))
        self._width: int | None = None
        self._found: Hashable = None
        self._shown: Hashable = None
        self._nothing = True
        self._closed = False
        self._drawing = threading.Lock()
        self._drawer = ThreadPoolExecutor(1, thread_name_prefix="segbench-explore")
        head = row(self.tabs, self.hide)
        head.layout.align_items = "center"
        self.box = card(
            "Explore", [self.links, head, self.message, self.pane, self.place], note=NOTE
        )
        self.box.add_class("sbp-linked")
        self.box.layout.display = "none"
        self.tabs.observe(lambda _: self._open(), "value")
        self._open()

    def offer(self, views: Sequence[View]) -> None:
        """Offer these views; none is open."""
        self.views = {view.title: view for view in views}
        self.tabs.options = tuple(self.views)
        self.tabs.value = None
        self.box.layout.display = ""
        self.session.listen(self.follow)

    @property
    def mode(self) -> Mode:
        """Whether the charts are for a light or a dark page."""
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._mode = mode
        self.draw()

    def follow(self, state: State) -> None:
        """Draw again when the segment has new numbers; mark the card until they are drawn."""
        if self.tabs.value is None:
            return
        if self._shown != (_counted(state.answer), state.revision):
            self.message.clear()
            self.box.add_class("sbp-stale")
        if state.status != "updating":
            self.draw()

    def refresh(self) -> None:
        """Draw anew, as after the library changed."""
        self._found = None
        self.draw()

    def open(self, title: str) -> None:
        """Open a view."""
        self.tabs.value = title

    def is_open(self, title: str) -> bool:
        """Whether that view is open."""
        return bool(self.tabs.value == title)

    def draw(self) -> None:
        """Show the open view as it should be now, soon."""
        if self.tabs.value is not None and not self._closed:
            self._drawer.submit(guarded(self.message, self._draw))

    def wait(self) -> None:
        """Return once everything is drawn; for scripts and tests."""
        self._drawer.submit(lambda: None).result()

    def close(self) -> None:
        """Stop drawing, and what goes on in views."""
        self._closed = True
        self._drawer.shutdown(wait=False, cancel_futures=True)
        for view in self.views.values():
            if isinstance(view, Closes):
                view.close()

    def _open(self) -> None:
        view = self._view
        self._found = None
        self.message.clear()
        self.hide.layout.display = "" if view else "none"
        self.pane.layout.display = "" if view else "none"
        self.place.children = (view.box,) if view else ()
        if view is None:
            self.box.remove_class("sbp-stale")
            return
        self._note(LOOKING)
        self.draw()

    def _hide(self) -> None:
        self.tabs.value = None

    @property
    def _view(self) -> View | None:
        return self.views.get(str(self.tabs.value))

    def _act(self, act: str, what: str) -> None:
        view = self._view
        if view is not None:
            self.message.clear()
            view.act(act, what)

    def _size(self, width: int) -> None:
        self._width = width
        self.draw()

    def _draw(self) -> None:
        """On the card's thread: find what is wanted and was not found yet, and draw it."""
        while True:
            view, state = self._view, self.session.state
            if view is None or state.status == "updating":
                return
            wanted = (view.title, view.wants(), _counted(state.answer))
            try:
                if wanted != self._found:
                    self._found = None
                    self._find(view, state.answer)
                    if view is not self._view or state.answer is not self.session.state.answer:
                        continue
                    self._found = wanted
                self._show(view)
            except Interrupted:
                # A newer edit stopped the queries under way; these are still wanted.
                continue
            except SegbenchError as error:
                self._fail(view, str(error))
            except Exception as error:
                self._fail(view, f"That failed: {type(error).__name__}: {error}")
            return self._settle(state)

    def _settle(self, state: State) -> None:
        """Note what the card belongs to now; it is marked no more, unless it is old already."""
        self._shown = (_counted(state.answer), state.revision)
        if self.session.state.revision == state.revision:
            self.box.remove_class("sbp-stale")

    def _fail(self, view: View, why: str) -> None:
        """Say why there is nothing; what stood there belongs to another segment."""
        view.box.layout.display = "none"
        self._note(why)

    def _find(self, view: View, answer: Answer | None) -> None:
        self._nothing = answer is None or not answer.evaluation.nodes
        if answer is not None and not self._nothing:
            self.session.steadily(functools.partial(view.find, self.session.workbench, answer))

    def _show(self, view: View) -> None:
        view.box.layout.display = "none" if self._nothing else ""
        if self._nothing:
            return self._note(NOTHING)
        figure = view.figure(self._mode, self._width)
        self.pane.layout.display = "none" if figure is None else ""
        if figure is not None:
            self._picture(figure)

    def _note(self, text: str) -> None:
        self.pane.layout.display = ""
        self._picture(note_figure(text, theme(self._mode), self._width))

    def _picture(self, figure: go.Figure) -> None:
        # plotly keeps the pending part of a change on the widget: one thread at a time.
        with self._drawing:
            show_in(self.figure, figure)


def _counted(answer: Answer | None) -> Hashable:
    return (answer.revision, answer.snapshot, answer.as_of) if answer else None
