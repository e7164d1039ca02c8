"""The card "Send or schedule": the send settings of the campaign on screen."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

import ipywidgets as widgets

from segbench.audience.formats.registry import FORMATS
from segbench.errors import CampaignError
from segbench.model.send_settings import CHANNEL_WORDS
from segbench.model.send_settings_form import with_texts
from segbench.ui.campaign_controls import (
    KEEP_WORDS,
    LINES,
    NARROW,
    WIDE,
    choice,
    folded,
    put,
    setting_texts,
    several,
    text_line,
)
from segbench.ui.campaign_draft import CampaignDraft
from segbench.ui.panel import Message, card, guarded, labelled, row


class CampaignSettings:
    """The form; what is typed takes effect when the field is left."""

    def __init__(self, draft: CampaignDraft) -> None:
        self.draft = draft
        self.message = Message()
        self.name = text_line("Name", WIDE)
        self.lines = {
            name: text_line(label, width, example)
            for name, (label, width, example) in LINES.items()
        }
        self.channel = choice("Channel", [(word, key) for key, word in CHANNEL_WORDS.items()])
        self.keep = choice("Of one address keep", [(word, key) for key, word in KEEP_WORDS.items()])
        self.zone = widgets.Combobox(
            options=sorted(available_timezones()),
            ensure_option=False,
            continuous_update=False,
            layout=widgets.Layout(width=NARROW),
        )
        labelled("Time zone", self.zone)
        self.body = widgets.Textarea(
            rows=6, continuous_update=False, layout=widgets.Layout(width="100%", max_width="860px")
        )
        labelled("Message", self.body)
        fields = list(draft.workbench.columns())
        self.columns = several("Fields (none: all but personal)", fields)
        self.formats = several("Formats", [(each.label, each.name) for each in FORMATS.values()])
        self.personal = widgets.Checkbox(
            description="Personal fields, too", indent=False, layout=widgets.Layout(width="auto")
        )
        self.files = folded(
            "Files", row(self.columns, self.formats, self.lines["region"], self.personal)
        )
        self._drawing = False
        self._wrong: dict[str, str] = {}
        utm = row(*(self.lines[name] for name in LINES if name.startswith("utm")))
        self.utm = folded("UTM parameters", utm)
        self.box = card("Send or schedule", self._rows(), note="{{ field }} is filled in for each.")
        self._watch()
        draft.listen(self.draw)
        self.draw(draft)

    def widget(self, setting: str) -> widgets.Widget:
        """The control of a setting; what is folded away around it is opened."""
        files = {"columns": self.columns, "formats": self.formats, "personal": self.personal}
        if setting.startswith("utm"):
            self.utm.selected_index = 0
        if setting in files or setting == "region":
            self.files.selected_index = 0
        more = {"channel": self.channel, "keep": self.keep, "time_zone": self.zone}
        return {**self.lines, **more, **files, "body": self.body, "name": self.name}[setting]

    def require_right(self) -> None:
        """`CampaignError` where something that was typed could not be taken."""
        for problem in self._wrong.values():
            raise CampaignError(problem)

    def draw(self, draft: CampaignDraft) -> None:
        """Show the settings; what could not be taken stays as it was typed, until another opens."""
        here = draft.campaign
        self.box.layout.display = None if here is not None else "none"
        if here is None:
            return
        shown = setting_texts(here.settings)
        self._drawing = True
        try:
            put(self.name, here.name, "name" in self._wrong)
            for name, line in self.lines.items():
                put(line, shown[name], name in self._wrong)
            put(self.channel, here.settings.channel)
            put(self.keep, here.settings.keep)
            put(self.zone, here.settings.time_zone, "time_zone" in self._wrong)
            put(self.body, here.settings.body, "body" in self._wrong)
            known = {value for _, value in self.columns.options}
            put(self.columns, tuple(n for n in here.settings.columns if n in known))
            put(self.formats, here.settings.formats)
            put(self.personal, here.settings.personal)
            for each in self._controls():
                each.disabled = not draft.editable
        finally:
            self._drawing = False

    def forget(self) -> None:
        """Let go of what could not be taken, as another campaign opens."""
        self._wrong.clear()
        self.message.clear()

    def _rows(self) -> list[widgets.Widget]:
        line = self.lines
        return [
            row(self.name, self.channel),
            row(line["subject"], line["preview"]),
            row(line["sender_name"], line["sender_address"], line["reply_to"]),
            self.body,
            row(line["fallbacks"], line["without"]),
            row(line["send_at"], self.zone, self.keep),
            self.utm,
            self.files,
            self.message,
        ]

    def _controls(self) -> list[widgets.Widget]:
        named = [self.name, self.channel, self.keep, self.zone, self.body]
        return [*self.lines.values(), *named, self.columns, self.formats, self.personal]

    def _watch(self) -> None:
        self._on(self.name, "name", lambda text: self.draft.change(name=" ".join(text.split())))
        named = {**self.lines, "channel": self.channel, "keep": self.keep, "time_zone": self.zone}
        for name, control in {**named, "body": self.body}.items():
            self._on(control, name, functools.partial(self._set, name))

        for name in ("columns", "formats", "personal"):
            self._on(getattr(self, name), name, functools.partial(self._choose, name))

    def _on(self, control: widgets.Widget, name: str, take: Callable[[Any], None]) -> None:
        def changed(change: dict[str, Any]) -> None:
            if self._drawing:
                return
            try:
                take(change["new"])
            except CampaignError as error:
                if not isinstance(control, (widgets.Text, widgets.Textarea)):
                    self.draw(self.draft)
                else:
                    self._wrong[name] = str(error)
                raise
            self._wrong.pop(name, None)
            if not self._wrong:
                self.message.clear()

        control.observe(guarded(self.message, changed), "value")

    def _set(self, name: str, text: str) -> None:
        here = self.draft.campaign
        if here is None:
            raise CampaignError("Open a campaign first, or create one.")
        # Before it may go to the library: what was wrong there is right now, or other.
        self._wrong.pop(name, None)
        self.draft.change(settings=with_texts(here.settings, {name: text}))

    def _choose(self, name: str, value: Any) -> None:
        here = self.draft.campaign
        if here is None:
            raise CampaignError("Open a campaign first, or create one.")
        self.draft.change(settings=replace(here.settings, **{name: value}))
