"""The card "Review and Send": issues that lead to where they are mended, and the two steps."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable

import ipywidgets as widgets

from segbench.audience.campaign import Confirmation
from segbench.audience.review import ReviewIssue
from segbench.errors import CampaignError, SegbenchError
from segbench.ui.campaign_draft import CampaignDraft
from segbench.ui.campaign_issues import IssueRows
from segbench.ui.panel import Message, button, card, row
from segbench.workbench import scheduling, sending
from segbench.workbench.handing import is_same_promise

FINE = "Nothing is in the way."


class CampaignReview:
    """What a review found, and the way to the hand-off."""

    def __init__(
        self, draft: CampaignDraft, lead: Callable[[str], None], done: Callable[[], None]
    ) -> None:
        self.draft, self._done = draft, done
        self.message = Message()
        self.issues = IssueRows(lead, self.message)
        self.question = widgets.HTML()
        self.ask = self._button("Review and Send", self.review, True)
        self.send = self._button("Hand off", self.hand_off, True)
        self.schedule = self._button("Schedule", self.put_on_schedule, True)
        self.back = self._button("Not now", self.withdraw)
        self.agreed: Confirmation | None = None
        self._to_schedule = False
        self.box = card(
            "Review and Send",
            [
                self.issues.box,
                row(self.ask),
                self.question,
                row(self.send, self.schedule, self.back),
                self.message,
            ],
        )
        draft.listen(self.draw)
        self.withdraw()
        self.draw(draft)

    def draw(self, draft: CampaignDraft) -> None:
        """Show the issues of what is on screen; a change takes back what was agreed to."""
        here, saved = draft.campaign, draft.saved
        self.box.layout.display = None if here is not None else "none"
        if here is None or saved is None:
            return
        if self.agreed is not None and (draft.unsaved or saved.revision != self.agreed.revision):
            self.withdraw()
        elif self.agreed is not None and not draft.counting:
            self._look_again(self.agreed)
        self.ask.layout.display = None if draft.editable else "none"
        if saved.state in ("handed_off", "cancelled"):
            self.issues.show((), "")
        elif draft.reviewed is not None and not draft.counting:
            self.issues.show(draft.reviewed.issues, FINE)

    def review(self) -> None:
        """The first step: review what is saved; ask where nothing keeps it from being sent."""
        self.withdraw()
        saved = self.draft.saved
        if saved is None:
            raise CampaignError("Open a campaign first, or create one.")
        self.draft.before_saving()
        if self.draft.unsaved:
            raise CampaignError("Save the campaign first: what is on screen is not saved.")
        workbench = self.draft.workbench
        with self.draft.standstill:
            reviewed = sending.mark_reviewed(workbench, saved.name, saved.revision)
            sending.require_sound(reviewed.campaign, reviewed.issues)
            self.draft.show(reviewed.campaign)
            self.draft.wait()
            self._to_schedule = reviewed.campaign.settings.due is not None
            self.agreed = self._confirm(saved.name)
        self._question(self.agreed, reviewed.issues)

    def withdraw(self) -> None:
        """Forget what would be agreed to."""
        self.agreed = None
        self.question.value = ""
        for each in (self.send, self.schedule, self.back):
            each.layout.display = "none"

    def hand_off(self) -> None:
        """The second step: freeze the recipients, attach them, hand the campaign off."""
        agreed = self._agreed()
        with self.draft.standstill:
            self.message.say("Exporting …")
            at = functools.partial(self._tell, agreed.count)
            record = sending.send(self.draft.workbench, agreed, at)
            self.draft.open(agreed.campaign)
        self.message.say(f"Handed off “{agreed.campaign}”: {record.count:,} recipients.")
        self._done()

    def put_on_schedule(self) -> None:
        """The second step of a campaign with a time of sending."""
        agreed = self._agreed()
        with self.draft.standstill:
            after = scheduling.schedule(self.draft.workbench, agreed)
            self.draft.show(after)
        self.message.say(
            f"“{agreed.campaign}” is scheduled. `segbench campaign run-due` hands it off at its "
            "time, over the data of then."
        )
        self._done()

    def close(self) -> None:
        """Drop the rows of issues."""
        self.issues.close()

    def _look_again(self, agreed: Confirmation) -> None:
        """Keep what was agreed to where only the clock, or a maintenance, has moved on."""
        workbench = self.draft.workbench
        if (agreed.snapshot, agreed.as_of) == (workbench.engine.snapshot.id, workbench.as_of):
            return
        try:
            again = self._confirm(agreed.campaign)
        except SegbenchError:
            again = None
        if again is not None and is_same_promise(workbench, again, agreed):
            self.agreed = again
            return
        self.withdraw()
        self.message.warn("The data has changed meanwhile: press Review and Send again.")

    def _confirm(self, name: str) -> Confirmation:
        confirm = scheduling.confirm_schedule if self._to_schedule else sending.confirm_sending
        return confirm(self.draft.workbench, name)

    def _agreed(self) -> Confirmation:
        agreed = self.agreed
        if agreed is None:
            raise CampaignError("Press Review and Send first.")
        self.withdraw()
        return agreed

    def _question(self, agreed: Confirmation, issues: tuple[ReviewIssue, ...]) -> None:
        question = agreed.question
        if self._to_schedule:
            due = self.draft.saved.settings  # type: ignore[union-attr]
            question = (
                f"Schedule “{agreed.campaign}” for {due.send_at:%d %b %Y, %H:%M} "
                f"({due.time_zone}), to {agreed.count:,} recipients as of now?"
            )
        warned = "".join(
            f"<li>{html.escape(issue.message)}</li>" for issue in issues if issue.level == "warning"
        )
        warnings = f"<p>Look at these once more:</p><ul>{warned}</ul>" if warned else ""
        self.question.value = (
            f'<div class="sbp-question"><b>{html.escape(question)}</b><br>'
            f"{html.escape(agreed.account)}<br>{html.escape(agreed.sentence)}{warnings}</div>"
        )
        act = self.schedule if self._to_schedule else self.send
        if not self._to_schedule:
            self.send.description = f"Hand off {agreed.count:,} recipients"
        act.layout.display = self.back.layout.display = None
        self.message.clear()

    def _tell(self, total: int, done: int) -> None:
        self.message.say(f"Exporting {done:,} of {total:,} …")

    def _button(
        self, text: str, action: Callable[[], None], primary: bool = False
    ) -> widgets.Button:
        return button(text, action, self.message, primary=primary)
