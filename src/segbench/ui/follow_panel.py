"""The line of a dashboard that says how new its data is, with the switch to follow it."""

from __future__ import annotations

import html

import ipywidgets as widgets

from segbench.ui.follow import EVERY, Follower
from segbench.ui.news import words
from segbench.ui.panel import Message, button
from segbench.ui.session import Session
from segbench.ui.state import State

HELP = "Show new data as soon as it is in the lake"
STAYS = "Off: the numbers stay as they are; a button appears when there is newer data."
STALE = "The newest data is not shown"


class FollowPanel:
    """Says what new data has changed; on by default, off it offers to update by hand."""

    def __init__(self, session: Session, *, on: bool = True, every: float = EVERY) -> None:
        self.session = session
        self.message = Message()
        self.line = widgets.HTML()
        self.stays = widgets.HTML(f'<span class="sbp-note">{STAYS}</span>')
        self.switch = widgets.Checkbox(
            value=on,
            description="Follow new data",
            tooltip=HELP,
            indent=False,
            layout=widgets.Layout(width="auto"),
        )
        self.update = button("Newer data available: update", self.move_on, self.message)
        self.follower = Follower(session, self.draw, on=on, every=every)
        self.switch.observe(self._switched, "value")
        layout = widgets.Layout(flex_flow="row wrap", align_items="center", grid_gap="4px 16px")
        self.box = widgets.HBox(
            [self.switch, self.stays, self.update, self.line, self.message], layout=layout
        )
        self.box.add_class("sbp-follow")
        self._number = 0
        session.listen(self._follow)
        self.draw()

    def move_on(self) -> None:
        """Move to the newest data now, once."""
        self.follower.available = False
        self.draw()
        self.session.move_on().add_done_callback(lambda job: self._done(job.exception()))

    def draw(self) -> None:
        """Show whether there is newer data, and what is in its way."""
        available = self.follower.available
        self.update.layout.display = None if available else "none"
        self.stays.layout.display = "none" if self.follower.on or available else None
        if self.follower.problem:
            self.message.warn(f"{STALE}: {self.follower.problem}")
        else:
            self.message.clear()

    def close(self) -> None:
        """Stop following."""
        self.follower.close()

    def _done(self, error: BaseException | None) -> None:
        if error is not None:
            self.message.warn(f"{STALE}: {error}")

    def _switched(self, change: dict[str, bool]) -> None:
        self.follower.on = change["new"]
        self.draw()

    def _follow(self, state: State) -> None:
        news = state.news
        if news is None or news.number == self._number:
            return
        self._number = news.number
        text = html.escape(words(news, self.session.workbench.zone))
        mark = "sbp-new-a" if news.number % 2 else "sbp-new-b"
        self.line.value = f'<span class="sbp-news {mark}">{text}</span>'
