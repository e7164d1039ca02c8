"""The states of a campaign and the steps between them, as one table."""

from __future__ import annotations

from typing import Literal, get_args

from segbench.errors import CampaignError

CampaignState = Literal["draft", "reviewed", "scheduled", "handed_off", "cancelled"]
Act = Literal["edit", "review", "schedule", "withdraw", "hand_off", "cancel", "reopen"]
STATES: tuple[CampaignState, ...] = get_args(CampaignState)
ACTS: tuple[Act, ...] = get_args(Act)
STATE_WORDS: dict[CampaignState, str] = {
    "draft": "draft",
    "reviewed": "reviewed",
    "scheduled": "scheduled",
    "handed_off": "handed off",
    "cancelled": "cancelled",
}
ACT_WORDS: dict[Act, str] = {
    "edit": "be changed",
    "review": "be reviewed",
    "schedule": "be scheduled",
    "withdraw": "be taken off the schedule",
    "hand_off": "be handed off",
    "cancel": "be cancelled",
    "reopen": "be reopened",
}
NEXT: dict[CampaignState, dict[Act, CampaignState]] = {
    "draft": {"edit": "draft", "review": "reviewed", "cancel": "cancelled"},
    "reviewed": {
        "edit": "draft",
        "review": "reviewed",
        "schedule": "scheduled",
        "hand_off": "handed_off",
        "cancel": "cancelled",
    },
    "scheduled": {"withdraw": "draft", "hand_off": "handed_off", "cancel": "cancelled"},
    "handed_off": {},
    "cancelled": {"reopen": "draft"},
}
"""To which state each step leads; what is not here is refused."""
_INSTEAD: dict[CampaignState, str] = {
    "draft": "Review it first.",
    "reviewed": "",
    "scheduled": "Take it off the schedule first.",
    "handed_off": "Who was handed off stays as it is; copy the campaign to send again.",
    "cancelled": "Reopen it first.",
}


def next_state(name: str, state: CampaignState, act: Act) -> CampaignState:
    """The state that a step leads to; `CampaignError` says why it is refused, and what instead."""
    found = NEXT[state].get(act)
    if found is not None:
        return found
    instead = _INSTEAD[state]
    if (state, act) == ("scheduled", "schedule") or act == "reopen" or act == "withdraw":
        instead = ""
    words = f"The campaign {name!r} is {_article(state)}{STATE_WORDS[state]}, so it cannot"
    raise CampaignError(f"{words} {ACT_WORDS[act]}. {instead}".strip())


def allowed(state: CampaignState, act: Act) -> bool:
    """Whether a campaign in that state may take that step."""
    return act in NEXT[state]


def _article(state: CampaignState) -> str:
    return "a " if state == "draft" else ""
