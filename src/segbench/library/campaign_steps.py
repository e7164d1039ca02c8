"""What was done to campaigns, and by whom: the rows of their steps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from segbench.library import campaign_tables as t
from segbench.library.saved import as_utc
from segbench.model.campaign import CampaignStep
from segbench.model.campaign_states import CampaignState


def add_step(
    connection: sa.Connection,
    campaign: int,
    now: dt.datetime,
    author: str,
    state: CampaignState,
    detail: Mapping[str, Any],
) -> None:
    """Note a step."""
    values = {"campaign_id": campaign, "at": as_utc(now), "author": author, "state": state}
    connection.execute(t.campaign_steps.insert().values(**values, detail=dict(detail)))


def steps_of(connection: sa.Connection, campaign: int) -> tuple[CampaignStep, ...]:
    """The steps of a campaign, oldest first."""
    table = t.campaign_steps
    query = table.select().where(table.c.campaign_id == campaign).order_by(table.c.id)
    return tuple(
        CampaignStep(row.at, row.author, row.state, row.detail) for row in connection.execute(query)
    )
