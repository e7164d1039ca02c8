"""What every panel of a dashboard is made of: a titled card, a message line, guarded callbacks."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets
import plotly.graph_objects as go

from segbench.errors import SegbenchError
from segbench.ui.chart_library import live_chart
from segbench.ui.state import State
from segbench.ui.theme import CONFIG

NEW_MARKS = ("sbp-new-a", "sbp-new-b")
INPUTS = (widgets.Text, widgets.Textarea, widgets.Dropdown, widgets.SelectMultiple)
FULL = widgets.Layout(width="100%")


class Message(widgets.HTML):  # type: ignore[misc]
    """One line that says what happened, or what is wrong."""

    def say(self, text: str) -> None:
        """Show plain text."""
        self.value = f'<div class="sbp-message" role="status">{html.escape(text)}</div>'

    def warn(self, text: str) -> None:
        """Show what is wrong."""
        self.value = f'<div class="sbp-message sbp-wrong" role="alert">{html.escape(text)}</div>'

    def clear(self) -> None:
        """Show nothing."""
        self.value = ""


def live_figure(note: go.Figure, sample: go.Figure) -> go.FigureWidget:
    """A widget that shows the note now, and figures like the sample later; made once a page.

    It starts with the sample's traces, hidden: traces that are added to a page that is already
    open get lost when another change follows at once.
    """
    hidden = [trace.update(visible=False) for trace in sample.data]
    widget = live_chart(hidden, note.layout)
    widget._config = {**widget._config, **CONFIG}
    return widget


def card(title: str, children: Sequence[widgets.Widget], *, note: str = "") -> widgets.VBox:
    """Widgets under a heading."""
    small = f'<span class="sbp-note">{html.escape(note)}</span>' if note else ""
    head = widgets.HTML(f'<h2 class="sbp-title">{html.escape(title)}</h2>{small}')
    box = widgets.VBox([head, *children], layout=widgets.Layout(min_width="0"))
    box.add_class("sbp-card")
    return box


def mark_stale(box: widgets.Widget, state: State) -> None:
    """Grey a card while its numbers belong to an older tree than the one on screen."""
    if state.answer is None or state.answer.revision == state.revision:
        box.remove_class("sbp-stale")
    else:
        box.add_class("sbp-stale")


def mark_new(box: widgets.Widget) -> None:
    """Mark a card for a few seconds: its numbers have changed by themselves.

    Two classes take turns, since a page starts an animation anew only where its name changes.
    """
    old, new = NEW_MARKS if NEW_MARKS[0] in box._dom_classes else NEW_MARKS[::-1]
    box.remove_class(old)
    box.add_class(new)


def row(*children: widgets.Widget) -> widgets.HBox:
    """Widgets beside each other that wrap where there is no room."""
    layout = widgets.Layout(flex_flow="row wrap", align_items="flex-end", grid_gap="8px 12px")
    return widgets.HBox(list(children), layout=layout)


def button(
    text: str,
    action: Callable[[], None],
    message: Message,
    *,
    primary: bool = False,
    title: str = "",
) -> widgets.Button:
    """A button whose errors are shown in `message`: Voilà shows none of its own accord."""
    made = widgets.Button(
        description=text,
        tooltip=title or text,
        button_style="primary" if primary else "",
        layout=widgets.Layout(width="auto"),
    )
    made.on_click(guarded(message, lambda _: action()))
    return made


def guarded(message: Message, action: Callable[..., None]) -> Callable[..., None]:
    """The callback, with every error shown in `message` instead of being lost."""

    @functools.wraps(action)
    def safely(*args: Any) -> None:
        try:
            action(*args)
        except SegbenchError as error:
            message.warn(str(error))
        except Exception as error:
            message.warn(f"That failed: {type(error).__name__}: {error}")

    return safely


def drop(widget: widgets.Widget) -> None:
    """Close a widget and all in it, with their layouts and styles: closing leaves those behind."""
    for child in getattr(widget, "children", ()):
        drop(child)
    parts = [getattr(widget, name, None) for name in ("layout", "style")]
    widget.close()
    for part in parts:
        if isinstance(part, widgets.Widget):
            part.close()


def labelled(text: str, widget: widgets.Widget) -> widgets.Widget:
    """A widget under its label.

    An input has it as its description, which a browser knows to be its name; what is made of
    several widgets gets it as a line above.
    """
    if isinstance(widget, INPUTS):
        widget.description = text
        widget.add_class("sbp-labelled")
        return widget
    label = widgets.HTML(f'<span class="sbp-label">{html.escape(text)}</span>')
    return widgets.VBox([label, widget], layout=widgets.Layout(min_width="0"))
