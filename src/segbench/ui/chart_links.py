"""Ties the charts and tables of a card together in the browser, and says what is clicked there."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import anywidget
import traitlets

NARROWEST, WIDEST = 240, 4_000
LONGEST = 200
"""The most signs of anything that a message from the browser says."""


class ChartLinks(anywidget.AnyWidget):
    """What is pointed at in one chart or table of the card around it lights up in all of them.

    `acted` gets what was done: `act` and the `pick`, or the `name`, that it was done to; all three
    are untrusted texts. `sized` gets the width in pixels of the panes (of class `sbp-pane`) that
    the charts are to fill. The card needs the class `sbp-linked`; `picked` is what is selected.
    """

    _esm = (files("segbench.ui") / "chart_links.js").read_text(encoding="utf-8")
    _css = (files("segbench.ui") / "chart_links.css").read_text(encoding="utf-8")
    picked = traitlets.Unicode("").tag(sync=True)

    def __init__(self, acted: Callable[[str, str], None], sized: Callable[[int], None]) -> None:
        super().__init__()
        self.layout.height = "0"
        self._acted, self._sized = acted, sized
        self.on_msg(self._receive)

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        match content:
            case {"act": str(act), "pick": str(what)} | {"act": str(act), "name": str(what)}:
                if len(act) <= LONGEST and len(what) <= LONGEST:
                    self._acted(act, what)
            case {"width": int(width)}:
                self._sized(min(max(width, NARROWEST), WIDEST))
            case {"act": "clear"}:
                self._acted("clear", "")
            case _:
                return
