"""The card that opens, creates, copies and saves campaigns, and says in which state one is."""

from __future__ import annotations

import html

import ipywidgets as widgets

from segbench.errors import CampaignError
from segbench.model.campaign_states import STATE_WORDS
from segbench.ui.campaign_draft import CampaignDraft
from segbench.ui.panel import Message, button, card, labelled, row
from segbench.workbench import scheduling

NONE = "(choose)"


class CampaignHead:
    """Chooses the campaign that is on screen."""

    def __init__(self, draft: CampaignDraft) -> None:
        self.draft = draft
        self.message = Message()
        self.choice = widgets.Dropdown(options=[NONE], layout=widgets.Layout(width="280px"))
        self.name = widgets.Text(
            placeholder="Name of a new campaign", layout=widgets.Layout(width="280px")
        )
        self.state = widgets.HTML()
        self.keep = self._button("Save", self.save, "Save what is on screen", primary=True)
        self.cancel = self._button("Cancel campaign", self.call_off, "It will not be sent")
        self.back = self._button("Take off the schedule", self.withdraw, "Make it a draft again")
        self.again = self._button("Reopen", self.reopen, "Make it a draft again")
        self._asked = ""
        self.box = card(
            "Campaign",
            [
                row(
                    labelled("Campaigns", self.choice),
                    self._button("Open", self.open, "Show the chosen campaign"),
                    labelled("New campaign", self.name),
                    self._button("Create", self.create, "Make a campaign of that name"),
                    self._button("Copy", self.copy, "Make it like the one on screen"),
                ),
                row(self.state, self.keep, self.back, self.cancel, self.again),
                self.message,
            ],
        )
        draft.listen(self.draw)
        self.refresh()
        self.draw(draft)

    def refresh(self) -> None:
        """Read the names of campaigns anew; the choice stays where it still exists."""
        names = [known.name for known in self.draft.workbench.library.campaigns()]
        if tuple(self.choice.options) != (NONE, *names):
            before = self.choice.value
            self.choice.options = [NONE, *names]
            self.choice.value = before if before in names else NONE

    def draw(self, draft: CampaignDraft) -> None:
        """Show the state of the campaign, and what can be done in it."""
        saved = draft.saved
        state = saved.state if saved is not None else None
        shown = {
            self.keep: draft.editable,
            self.cancel: state in ("draft", "reviewed", "scheduled"),
            self.back: state == "scheduled",
            self.again: state == "cancelled",
        }
        for each, visible in shown.items():
            display = None if visible else "none"
            if each.layout.display != display:
                each.layout.display = display
        value = self._state_html()
        if self.state.value != value:
            self.state.value = value

    def open(self) -> None:
        """Show the chosen campaign; asks once before unsaved changes go."""
        if self.choice.value == NONE:
            raise CampaignError("Choose a campaign first.")
        if self._keeps_unsaved(f"open {self.choice.value}", "Open"):
            return
        self.draft.open(str(self.choice.value))
        self.message.say(f"Opened “{self.draft.campaign.name}”.")  # type: ignore[union-attr]

    def create(self) -> None:
        """Make a campaign of the name that was typed, and show it."""
        self._make(None, "Create")

    def copy(self) -> None:
        """Make a campaign like the one on screen, as it is saved."""
        if self.draft.saved is None:
            raise CampaignError("Open the campaign to copy first.")
        self._make(self.draft.saved.name, "Copy")

    def save(self) -> None:
        """Save what is on screen."""
        self.message.clear()
        saved = self.draft.save()
        self.refresh()
        self.choice.value = saved.name
        self.message.say(f"Saved “{saved.name}”.")

    def call_off(self) -> None:
        """Cancel the campaign; asks once."""
        name = self._saved_name()
        if self._asked != f"cancel {name}":
            self._asked = f"cancel {name}"
            self.message.warn(f"Press Cancel campaign again to cancel “{name}”.")
            return
        self._asked = ""
        self.draft.show(scheduling.cancel(self.draft.workbench, name))
        self.message.say(f"Cancelled “{name}”.")

    def withdraw(self) -> None:
        """Take the campaign off the schedule."""
        self.draft.show(scheduling.withdraw(self.draft.workbench, self._saved_name()))
        self.message.say("It is off the schedule, and a draft again.")

    def reopen(self) -> None:
        """Make a cancelled campaign a draft again."""
        self.draft.show(scheduling.reopen(self.draft.workbench, self._saved_name()))
        self.message.say("It is a draft again.")

    def _make(self, like: str | None, press: str) -> None:
        if not self.name.value.strip():
            raise CampaignError("Type the name of the new campaign first.")
        if self._keeps_unsaved(f"make {self.name.value}", press):
            return
        made = self.draft.workbench.campaign(self.name.value, create=True, like=like).campaign
        self.name.value = ""
        self.refresh()
        self.choice.value = made.name
        self.draft.show(made)
        self.message.say(f"Made “{made.name}”, a draft.")

    def _keeps_unsaved(self, act: str, press: str) -> bool:
        """Whether to wait, since unsaved changes would go; asks once for each thing to do."""
        if self.draft.unsaved and self._asked != act:
            self._asked = act
            self.message.warn(f"There are unsaved changes. Press {press} again to let them go.")
            return True
        self._asked = ""
        return False

    def _saved_name(self) -> str:
        if self.draft.saved is None:
            raise CampaignError("Open a campaign first.")
        return self.draft.saved.name

    def _button(
        self, text: str, action: object, title: str, primary: bool = False
    ) -> widgets.Button:
        return button(text, action, self.message, primary=primary, title=title)  # type: ignore[arg-type]

    def _state_html(self) -> str:
        saved, here = self.draft.saved, self.draft.campaign
        if saved is None or here is None:
            return '<span class="sbp-note">Open a campaign, or create one.</span>'
        by = f" by {saved.author}" if saved.author else ""
        zone = self.draft.workbench.zone
        when = saved.updated.astimezone(zone)
        words = f"“{saved.name}”: {STATE_WORDS[saved.state]}, saved {when:%d %b %Y, %H:%M}{by}"
        if self.draft.unsaved:
            words += "; changed since"
        mark = " sbp-unsaved" if self.draft.unsaved else ""
        return f'<span class="sbp-note{mark}">{html.escape(words)}</span>'
