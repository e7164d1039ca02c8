"""The controls of the send settings form: how each is labelled, and what is put into it."""

from __future__ import annotations

import ipywidgets as widgets

from segbench.model.send_settings import SendSettings
from segbench.model.send_settings_form import WALL_TIME
from segbench.ui.panel import labelled

WIDE = "420px"
NARROW = "200px"
KEEP_WORDS = {"first": "the first in the data", "newest": "the newest"}
LINES = {
    "subject": ("Subject", WIDE, "Hello {{ first_name|friend }}"),
    "preview": ("Preview text", WIDE, "What a mailbox shows behind the subject"),
    "sender_name": ("Sender name", NARROW, ""),
    "sender_address": ("Sender address", NARROW, "news@example.com"),
    "reply_to": ("Reply-to", NARROW, "the sender's, where empty"),
    "send_at": ("Send at (empty: by hand)", NARROW, "2026-11-30 09:00"),
    "fallbacks": ("Fallbacks", WIDE, "first_name=friend, city=your town"),
    "without": ("Leave out contacts without", WIDE, "first_name, city"),
    "utm_source": ("UTM source", NARROW, ""),
    "utm_medium": ("UTM medium", NARROW, ""),
    "utm_campaign": ("UTM campaign", NARROW, ""),
    "utm_term": ("UTM term", NARROW, ""),
    "utm_content": ("UTM content", NARROW, ""),
    "region": ("Region of numbers", NARROW, "DE"),
}
"""The settings that are typed in one line: label, width, and an example."""


def setting_texts(settings: SendSettings) -> dict[str, str]:
    """The settings of one line as they are typed."""
    found = {name: getattr(settings, name) for name in LINES}
    found["send_at"] = settings.send_at.strftime(WALL_TIME) if settings.send_at else ""
    found["fallbacks"] = ", ".join(f"{field}={text}" for field, text in settings.fallbacks)
    found["without"] = ", ".join(settings.without)
    return found


def text_line(label: str, width: str, example: str = "") -> widgets.Text:
    """A line of text that takes effect when it is left."""
    made = widgets.Text(
        placeholder=example, continuous_update=False, layout=widgets.Layout(width=width)
    )
    return labelled(label, made)


def choice(label: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
    """A list to choose one from: pairs of words and value."""
    return labelled(label, widgets.Dropdown(options=options, layout=widgets.Layout(width=NARROW)))


def several(label: str, options: list[str] | list[tuple[str, str]]) -> widgets.SelectMultiple:
    """A list to choose several from: values, or pairs of words and value."""
    pairs = [each if isinstance(each, tuple) else (each, each) for each in options]
    made = widgets.SelectMultiple(options=pairs, rows=6, layout=widgets.Layout(width="240px"))
    return labelled(label, made)


def folded(title: str, content: widgets.Widget) -> widgets.Accordion:
    """A part of the form that is folded away at first."""
    made = widgets.Accordion([content], titles=[title])
    made.selected_index = None
    return made


def put(control: widgets.Widget, value: object, wrong: bool = False) -> None:
    """Show a value; what somebody typed wrong stays, so that it can be mended."""
    if not wrong and control.value != value:
        control.value = value
