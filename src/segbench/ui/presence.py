"""Knows when a page has opened and at which address, and tells it when the kernel has gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files

import anywidget
import traitlets


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that has opened: its width in pixels, whether it is dark, and what its address keeps.

    All of it comes from a browser and is untrusted.
    """

    width: int
    dark: bool = False
    address: str = ""


class Presence(anywidget.AnyWidget):
    """Calls `opened` when a page shows it, `seen` while one does, `asked` with another address.

    `address` is what the page's own address keeps after its `#`. The page warns when this stops
    answering. A warm kernel was started before its page was asked for: only the page's opening
    tells when data and time should be looked at again.
    """

    _esm = (files("segbench.ui") / "presence.js").read_text(encoding="utf-8")
    address = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        opened: Callable[[Opened], None],
        seen: Callable[[], None],
        asked: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._opened, self._seen, self._asked = opened, seen, asked
        self.on_msg(self._receive)

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        match content:
            case {"hello": True, "width": int(width), "dark": bool(dark), "address": str(address)}:
                self._opened(Opened(width, dark, address))
                self._seen()
            case {"address": str(address)}:
                self._asked(address)
            case {"ping": True}:
                self.send({"pong": True})
                self._seen()
            case _:
                return
