"""The segment builder: one widget that draws the whole tree and sends edits.

docs/builder-protocol.md is the contract between the two sides.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from segbench.model.rules import Path

LARGEST_EDIT = 2_000_000
"""The largest message, in characters of JSON, that is taken from a browser."""

# Read at import and kept as strings: an anywidget's `_esm` given as a file path is never freed.
# anywidget rejects a module that is not loaded 2 s after its model was made, and the widget is deaf
# from then on. Nothing here is awaited, but a page busy with plotly's bundle is late all the same:
# our own page gives it longer (share/voila/templates/segbench); JupyterLab does not.
_PARTS = (
    *("builder_dom.js", "builder_memo.js", "builder_tree.js", "builder_words.js"),
    *("builder_scrub.js", "builder_controls.js", "builder_lists.js", "builder_chips.js"),
    *("builder_menu.js", "builder_picker.js"),
    *("builder_operators.js", "builder_windows.js", "builder_values.js", "builder_conditions.js"),
    *("builder_events.js", "builder_sequences.js", "builder_parameters.js", "builder_row.js"),
    *("builder_lock.js", "builder_pick.js", "builder_numbers.js", "builder_groups.js"),
    *("builder_page.js", "builder_edits.js", "builder_acts.js", "builder_drag.js"),
    *("builder_show.js", "builder.js"),
)


def _source(*names: str) -> str:
    here = files("segbench.ui")
    return "\n".join((here / name).read_text(encoding="utf-8") for name in names)


SCRIPT = _source(*_PARTS)
STYLE = _source("builder.css", "builder_rows.css", "builder_reorder.css")


class SegmentBuilder(anywidget.AnyWidget):
    """Draws `state` over `catalog`; every edit the analyst makes goes to `on_edit`, unchecked."""

    _esm = SCRIPT
    _css = STYLE
    catalog = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        catalog: dict[str, Any],
        state: dict[str, Any],
        on_edit: Callable[[dict[str, Any]], None],
    ) -> None:
        super().__init__(catalog=catalog, state=state)
        self._on_edit = on_edit
        self.on_msg(self._receive)

    def refuse(self, message: str) -> None:
        """Tell the analyst why an edit was not made."""
        self.send({"refused": message})

    def focus(self, path: Path) -> None:
        """Show the row or group at a path: unfolded, in view, with the focus; marked for a moment.

        Nothing happens where there is none any more.
        """
        self.send({"focus": list(path)})

    def _receive(self, _widget: object, content: object, _buffers: object) -> None:
        if not isinstance(content, dict):
            return
        try:
            size = len(json.dumps(content))
        except (TypeError, ValueError, RecursionError):
            return
        if size > LARGEST_EDIT:
            self.refuse("That is too much for one change.")
        else:
            self._on_edit(content)
