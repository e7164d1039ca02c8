"""Knows when a page has opened, and tells the page when the kernel has gone."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import anywidget


class Presence(anywidget.AnyWidget):
    """Calls `opened` with the page's width in pixels when a page shows it, `seen` while one does.

    The page warns when this stops answering. A warm kernel was started before its page was asked
    for: only the page's opening tells when data and time should be looked at again.
    """

    _esm = (files("segbench.ui") / "presence.js").read_text(encoding="utf-8")

    def __init__(self, opened: Callable[[int], None], seen: Callable[[], None]) -> None:
        super().__init__()
        self._opened, self._seen = opened, seen
        self.on_msg(self._receive)

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        match content:
            case {"hello": True, "width": int(width)}:
                self._opened(width)
                self._seen()
            case {"ping": True}:
                self.send({"pong": True})
                self._seen()
            case _:
                return
