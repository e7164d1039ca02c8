"""A campaign's states: every step from every state, and what is said where there is none."""

from __future__ import annotations

from itertools import product

import pytest

from segbench.errors import CampaignError
from segbench.model.campaign_states import ACTS, STATES, Act, CampaignState, allowed, next_state

LEADS_TO = {
    ("draft", "edit"): "draft",
    ("draft", "review"): "reviewed",
    ("draft", "cancel"): "cancelled",
    ("reviewed", "edit"): "draft",
    ("reviewed", "review"): "reviewed",
    ("reviewed", "schedule"): "scheduled",
    ("reviewed", "hand_off"): "handed_off",
    ("reviewed", "cancel"): "cancelled",
    ("scheduled", "withdraw"): "draft",
    ("scheduled", "hand_off"): "handed_off",
    ("scheduled", "cancel"): "cancelled",
    ("cancelled", "reopen"): "draft",
}


@pytest.mark.parametrize(("state", "act"), list(product(STATES, ACTS)))
def test_every_step_leads_where_it_should_or_is_refused(state: CampaignState, act: Act) -> None:
    wanted = LEADS_TO.get((state, act))
    assert allowed(state, act) == (wanted is not None)
    if wanted is not None:
        assert next_state("Spring", state, act) == wanted
        return
    with pytest.raises(CampaignError, match=r"^The campaign 'Spring' is .*, so it cannot .*\.$"):
        next_state("Spring", state, act)


@pytest.mark.parametrize(
    ("state", "act", "told"),
    [
        ("draft", "hand_off", "is a draft, so it cannot be handed off. Review it first."),
        ("scheduled", "edit", "so it cannot be changed. Take it off the schedule first."),
        ("handed_off", "hand_off", "is handed off, .* copy the campaign to send again."),
        ("cancelled", "schedule", "is cancelled, .* Reopen it first."),
    ],
)
def test_a_refusal_says_what_to_do_instead(state: CampaignState, act: Act, told: str) -> None:
    with pytest.raises(CampaignError, match=told):
        next_state("Spring", state, act)
