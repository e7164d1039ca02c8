"""The card "Split": groups and hold-out of the recipients, and how many a difference needs."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import Any

import ipywidgets as widgets

from segbench.audience.review_numbers import weakest_words
from segbench.audience.sizing import needed, weakest
from segbench.errors import CampaignError
from segbench.model.campaign import Campaign
from segbench.model.campaign_split import Split
from segbench.model.send_settings_form import split_from_text, split_text
from segbench.ui.campaign_draft import CampaignDraft
from segbench.ui.panel import Message, card, guarded, labelled, row

NOTE = "Drawn by a hash of seed and key, so it stays the same. The group hold-out is not sent to."


class CampaignSplit:
    """Shares, seed, and what the split is to show."""

    def __init__(self, draft: CampaignDraft) -> None:
        self.draft = draft
        self.message = Message()
        self.shares = _text("Groups in per cent", "300px", "A=45, B=45, hold-out=10")
        self.seed = _text("Seed", "200px", "the campaign's name")
        self.baseline = _text("Baseline rate, %", "120px", "5")
        self.difference = _text("Rise to see, %", "120px", "1")
        self.words = widgets.HTML()
        self._drawing = False
        self.box = card(
            "Split",
            [
                row(self.shares, self.seed, self.baseline, self.difference),
                self.words,
                self.message,
            ],
            note=NOTE,
        )
        for each in self._controls():
            each.observe(guarded(self.message, lambda _: self._changed()), "value")
        draft.listen(self.draw)
        self.draw(draft)

    def draw(self, draft: CampaignDraft) -> None:
        """Show the split, and what it can show."""
        here = draft.campaign
        self.box.layout.display = None if here is not None else "none"
        if here is None:
            return
        split = here.settings.split
        self._drawing = True
        try:
            for control, value in zip(self._controls(), _texts(split), strict=True):
                if control.value != value and not self.message.value:
                    control.value = value
                control.disabled = not draft.editable
        finally:
            self._drawing = False
        audience = draft.reviewed.audience if draft.reviewed is not None else None
        sizes = dict(audience.sizes) if audience is not None else {}
        value = words_html(split, sizes)
        if self.words.value != value:
            self.words.value = value

    def _controls(self) -> tuple[widgets.Text, ...]:
        return self.shares, self.seed, self.baseline, self.difference

    def _changed(self) -> None:
        here = self.draft.campaign
        if self._drawing or here is None:
            return
        split = self._typed(here) if self.shares.value.strip() else None
        self.message.clear()
        self.draft.change(settings=replace(here.settings, split=split))

    def _typed(self, here: Campaign) -> Split:
        split = split_from_text(self.shares.value, here.settings.split)
        rates: dict[str, Any] = {
            "baseline": _rate(self.baseline.value),
            "difference": _rate(self.difference.value),
        }
        if bool(rates["baseline"]) != bool(rates["difference"]):
            # Half of it is typed: both count together.
            rates = {"baseline": 0.0, "difference": 0.0}
        return replace(split, seed=self.seed.value.strip() or here.name, **rates)


def words_html(split: Split | None, sizes: dict[str, int]) -> str:
    """What the split can show, in words."""
    if split is None:
        return '<p class="sbp-note">All recipients get the same.</p>'
    if not split.difference:
        return '<p class="sbp-note">Say the baseline rate and the rise to see, to size it.</p>'
    wanted = needed(
        split.baseline, split.difference, power=split.power, significance=split.significance
    )
    words = (
        f"To see a rise from {split.baseline:.2%} by {split.difference:.2%} in "
        f"{split.power:.0%} of cases, at a significance of {split.significance:.0%}, two groups "
        f"need {wanted:,} contacts each."
    )
    found = weakest(split, sizes) if set(sizes) == set(split.names) else None
    if found is not None:
        words += f" Here {weakest_words(found, sizes)}."
    return f"<p>{html.escape(words)}</p>"


def _texts(split: Split | None) -> tuple[str, str, str, str]:
    if split is None:
        return "", "", "", ""
    rates = (f"{100 * rate:g}" if rate else "" for rate in (split.baseline, split.difference))
    return (split_text(split), split.seed, *rates)  # type: ignore[return-value]


def _rate(text: str) -> float:
    try:
        return float(text.strip().rstrip("% ") or 0) / 100
    except ValueError:
        raise CampaignError(f"A rate is a number of per cent, such as 5; not {text!r}.") from None


def _text(label: str, width: str, example: str) -> widgets.Text:
    made = widgets.Text(
        placeholder=example, continuous_update=False, layout=widgets.Layout(width=width)
    )
    return labelled(label, made)
