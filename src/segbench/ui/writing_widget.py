"""The editor of the rules as a text, and the same rules as JSON, SQL and Python to copy.

Down goes `state`: the `form` that is shown, its `text` and what a `file` with it is called; `draft`
where the text is one that is not on screen, with its `problem` (message, offset, length);
`behind` where the rows have changed since that draft was typed; `notes` on rows; `heard`, the
number of the last text that was dealt with; the `dialect` of the SQL and all `dialects`.

Up come messages, each with its number as `id`: `{open}`, `{form, dialect}`, `{write, typing}`,
`{take, file}`, `{drop}` and `{left}`. They are untrusted.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

MOST = 2_000_000
"""The most characters of a text that is taken from a browser."""


def _source(name: str) -> str:
    return (files("segbench.ui") / name).read_text(encoding="utf-8")


class WritingEditor(anywidget.AnyWidget):
    """Draws `state`; what the analyst does goes to `heard`, unchecked but for its size."""

    _esm = _source("writing.js")
    _css = _source("writing.css")
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, state: dict[str, Any], heard: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(state=state)
        self._heard = heard
        self.on_msg(self._receive)

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        if isinstance(content, dict):
            self._heard(content)
