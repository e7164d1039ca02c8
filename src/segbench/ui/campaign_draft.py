"""The campaign on screen: the only writer of what the campaign dashboard shows of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from segbench.errors import CampaignError, SegbenchError
from segbench.lake.snapshot import Interrupted
from segbench.library.campaign_changes import CampaignChange
from segbench.model.campaign import Campaign
from segbench.model.campaign_states import next_state
from segbench.ui.counting import data_of, standstill
from segbench.workbench.reviewing import Reviewed, review_campaign
from segbench.workbench.scheduling import changed
from segbench.workbench.workbench import Workbench

Listener = Callable[["CampaignDraft"], None]


class CampaignDraft:
    """One campaign as it is on screen, saved or not, with its numbers and issues.

    Listeners are called after every change, and again once there are numbers, perhaps on another
    thread. `saved` is what the library had when it was opened or saved, None before that;
    `campaign` is what is on screen. `reviewed` may be of an older screen while `counting` is True.
    `before_saving` raises where something on screen cannot be saved as it is.
    """

    def __init__(self, workbench: Workbench) -> None:
        self.workbench = workbench
        self.standstill = standstill(workbench)
        self.saved: Campaign | None = None
        self.campaign: Campaign | None = None
        self.reviewed: Reviewed | None = None
        self.problem = ""
        self.counting = False
        self.before_saving: Callable[[], None] = lambda: None
        self._revision = 0
        self._lock = threading.RLock()
        self._telling = threading.RLock()
        self._listeners: list[Listener] = []
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="segbench-campaign")

    @property
    def unsaved(self) -> bool:
        """Whether something on screen is not in the library."""
        return self.campaign != self.saved

    @property
    def editable(self) -> bool:
        """Whether the campaign may be changed in its state."""
        return self.saved is not None and self.saved.state in ("draft", "reviewed")

    def listen(self, listener: Listener) -> None:
        """Call the listener after every change."""
        self._listeners.append(listener)

    def show(self, campaign: Campaign | None) -> None:
        """Put a saved campaign on screen, in the place of what is there."""
        with self._lock:
            same = self.campaign is not None and campaign is not None
            if not (same and self.campaign.number == campaign.number):  # type: ignore[union-attr]
                self.reviewed = None
            self.saved = self.campaign = campaign
        self.recount()

    def open(self, name: str) -> None:
        """Show the saved campaign of that name."""
        self.show(self.workbench.library.campaign(name))

    def change(self, **parts: Any) -> None:
        """Change parts of what is on screen: `name`, `settings`, `include`, `exclude`.

        `CampaignError` where none is open, or where its state does not allow it.
        """
        with self._lock:
            if self.campaign is None or self.saved is None:
                raise CampaignError("Open a campaign first, or create one.")
            new = replace(self.campaign, **parts)
            if new == self.campaign:
                return
            next_state(self.saved.name, self.saved.state, "edit")
            self.campaign = new
        self.recount()

    def save(self) -> Campaign:
        """Save what is on screen; `LibraryError` says what somebody else changed meanwhile."""
        self.before_saving()
        with self._lock:
            if self.campaign is None or self.saved is None:
                raise CampaignError("Open a campaign first, or create one.")
            here = self.campaign
            change = CampaignChange(here.name, here.settings, here.include, here.exclude)
            after = changed(self.workbench, self.saved, change)
            self.saved = self.campaign = after
        self.recount()
        return after

    def recount(self) -> None:
        """Count and review again, as after a change or with newer data."""
        with self._lock:
            self._revision += 1
            revision = self._revision
            self.counting = self.campaign is not None
        self.tell()
        if self.campaign is not None:
            self._worker.submit(self._count, revision)

    def wait(self) -> None:
        """Return once everything is counted; for scripts and tests."""
        self._worker.submit(lambda: None).result()

    def close(self) -> None:
        """Stop counting."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def tell(self) -> None:
        """Have every listener draw."""
        with self._telling:
            for listener in tuple(self._listeners):
                listener(self)

    def _count(self, revision: int) -> None:
        """On the worker: numbers and issues of the newest screen, never half of two snapshots."""
        reviewed, problem = None, ""
        while revision == self._revision and (campaign := self.campaign) is not None:
            before = data_of(self.workbench)
            try:
                reviewed = review_campaign(self.workbench, campaign)
            except Interrupted:
                continue
            except SegbenchError as error:
                problem = str(error)
            except Exception as error:
                problem = f"That failed: {type(error).__name__}: {error}"
            if before == data_of(self.workbench):
                break
        with self._lock:
            if revision != self._revision:
                return
            self.reviewed, self.problem, self.counting = reviewed, problem, False
        self.tell()
