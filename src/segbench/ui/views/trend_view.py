"""The view "Trend": the segment over time, what moved it, and who leaves if nothing happens."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import ipywidgets as widgets
import plotly.graph_objects as go

from segbench.audience.trend import Trend
from segbench.errors import EditError, RuleError
from segbench.ui.panel import labelled
from segbench.ui.picks import Pick, picked
from segbench.ui.session import Session
from segbench.ui.state import Answer
from segbench.ui.theme import Mode
from segbench.ui.views.key_button import LOOK
from segbench.ui.views.search import PARTS, Search
from segbench.ui.views.trend_figure import looking_figure, trend_figure
from segbench.ui.views.trend_tables import leaving_html, moved_html, trend_html
from segbench.workbench.history import Going
from segbench.workbench.spans import Every
from segbench.workbench.trend import find_trend
from segbench.workbench.workbench import Workbench

SPANS: dict[str, Every] = {"Last 30 days": "day", "12 weeks": "week", "12 months": "month"}
SAID = {"Last 30 days": "in 30 days", "12 weeks": "in 12 weeks", "12 months": "in 12 months"}
REACHES = {"7 days": 7, "30 days": 30}
KINDS = ("step", "clock", "data", "rules", "day")


class TrendView:
    """The size of the segment over a span, by the reasons for which it changed.

    `changed` is told when there is more to draw, `is_open` says whether anybody looks; `look` gets
    the key of a contact that is to be looked up.
    """

    title = "Trend"

    def __init__(
        self,
        session: Session,
        changed: Callable[[], None],
        is_open: Callable[[str], bool],
        look: Callable[[str], None],
    ) -> None:
        self.session, self._changed, self._is_open = session, changed, is_open
        self._look = look
        self.search: Search[Trend] = Search(changed, self._wanted)
        style = {"button_width": "auto"}
        self.span = widgets.ToggleButtons(options=tuple(SPANS), style=style)
        self.reach = widgets.ToggleButtons(options=tuple(REACHES), style=style)
        self.words, self.moved, self.leaving = (widgets.HTML() for _ in range(3))
        for words in (self.words, self.moved, self.leaving):
            words.add_class("sbp-words")
        self.part = widgets.VBox([self.moved])
        self.part.add_class("sbp-part")
        self.part.layout.display = "none"
        self._pick: Pick | None = None
        self._said = SAID["Last 30 days"]
        span, reach = labelled("Span", self.span), labelled("Leaving in the next", self.reach)
        self.box = widgets.VBox([span, self.part, self.words, reach, self.leaving])
        for choice in (self.span, self.reach):
            choice.observe(lambda _: changed(), "value")

    def close(self) -> None:
        """Look back no further."""
        self.search.close()

    def wants(self) -> Hashable:
        """The span, what was clicked, and how far the search is."""
        chosen = self.span.value, self.reach.value, self._pick
        found = self.search.found_for, self.search.found_at, self.search.part
        return (*chosen, self._saved, *found)

    def find(self, workbench: Workbench, answer: Answer) -> None:
        """Look for the trend of what was counted, and write it down once it is there."""
        question = self._question(answer)
        every, name = SPANS[self.span.value], self.session.page.name

        def find(going: Going) -> Trend:
            return self.session.steadily(
                lambda: find_trend(workbench, answer.tree, every, name=name, going=going)
            )

        self.search.ask(question, find, _moment(answer))
        if not self.search.knows(question):
            self._pick = None
            self.box.add_class("sbp-stale")
            return
        self.box.remove_class("sbp-stale")
        if self.search.problem:
            self.words.value = self.leaving.value = ""
            self.part.layout.display = "none"
            raise RuleError(self.search.problem)
        self._write()

    def figure(self, mode: Mode, width: int | None) -> go.Figure:
        """The chart; until there is one, that it is looked for."""
        answer, trend = self.session.state.answer, self.search.found
        known = answer is not None and self.search.knows(self._question(answer))
        looking = "" if known else self._looking
        if trend is None:
            return looking_figure(looking, mode=mode, width=width)
        return trend_figure(trend, self._said, mode=mode, width=width, looking=looking)

    def act(self, act: str, what: str) -> None:
        """Show who moved in what was clicked, or look a contact up."""
        if act == LOOK:
            return self._look(what)
        pick = picked(what)
        if act != "clear" and (act not in ("pick", "who") or not self._is_there(pick)):
            raise EditError(f"This chart has no part {what!r:.60}.")
        self._pick = None if act == "clear" or pick == self._pick else pick
        self._changed()

    @property
    def _looking(self) -> str:
        so_far = f" ({100 * self.search.part // (2 * PARTS)} % done)" if self.search.part else ""
        return f"Looking back {self.span.value.lower().replace('last', 'over')}{so_far} …"

    def _write(self) -> None:
        trend = self.search.found
        assert trend is not None
        self._said = SAID[self.span.value]
        self.words.value = trend_html(trend, self._said)
        self.leaving.value = leaving_html(trend, REACHES[self.reach.value])
        pick = self._pick if self._is_there(self._pick) else None
        self.moved.value = moved_html(trend, pick) if pick else ""
        self.part.layout.display = "" if pick else "none"

    def _is_there(self, pick: Pick | None) -> bool:
        """Whether the trend on screen has such a step."""
        trend = self.search.found
        if trend is None or pick is None or pick.kind not in KINDS or len(pick.at) != 1:
            return False
        known = trend.forecast.steps if pick.kind == "day" else trend.history.steps
        causes = pick.kind in ("step", "day") or pick.kind in trend.causes
        return causes and 1 <= pick.at[0] <= len(known)

    def _question(self, answer: Answer) -> Hashable:
        return answer.revision, answer.snapshot, self._saved, self.span.value

    @property
    def _saved(self) -> Hashable:
        page = self.session.page
        return page.name, page.saved.revision if page.saved else None

    def _wanted(self, question: Hashable) -> bool:
        state = self.session.state
        if state.answer is None or state.status == "updating" or not self._is_open(self.title):
            return False
        return self._question(state.answer) == question


def _moment(answer: Answer) -> Hashable:
    """What the clock changes: the count, as often as it does, and once an hour who leaves when."""
    return answer.evaluation.total, answer.as_of.replace(minute=0, second=0, microsecond=0)
