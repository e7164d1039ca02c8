"""The tables of campaigns, their recipients (To), exports and deliveries."""

from __future__ import annotations

import sqlalchemy as sa

from segbench.library.columns import FOLDED, NAME, SHA256, STATE, Moment, metadata

# `settings` are those of the send: a JSON object that the model checks.
campaigns = sa.Table(
    "campaigns",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", NAME, nullable=False),
    sa.Column("folded", FOLDED, nullable=False, unique=True),
    sa.Column("created", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
    sa.Column("settings", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("state", STATE, nullable=False, server_default="draft"),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("author", NAME, nullable=False, server_default=""),
)

# Whom a campaign includes and excludes, in the order of priority. Saved segments and smart lists
# by id: renamed ones stay, and one in use cannot go. Pre-built and built ones by their rules.
campaign_sources = sa.Table(
    "campaign_sources",
    metadata,
    sa.Column("campaign_id", sa.ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role", STATE, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("segment_id", sa.ForeignKey("segments.id", ondelete="RESTRICT")),
    sa.Column("list_id", sa.ForeignKey("smart_lists.id", ondelete="RESTRICT")),
    sa.Column("name", NAME, nullable=False, server_default=""),
    sa.Column("rules", sa.JSON(none_as_null=True)),
    sa.Column("format", sa.Integer),
)

# What became of a campaign: each state that it came to, when, and by whom.
campaign_steps = sa.Table(
    "campaign_steps",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "campaign_id", sa.ForeignKey("campaigns.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("at", Moment, nullable=False),
    sa.Column("author", NAME, nullable=False),
    sa.Column("state", STATE, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
)

campaign_exports = sa.Table(
    "campaign_exports",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(120), nullable=False, unique=True),
    sa.Column(
        "campaign_id",
        sa.ForeignKey("campaigns.id", ondelete="RESTRICT"),
        nullable=False,
        index=True,
    ),
    sa.Column("created", Moment, nullable=False),
    sa.Column("folder", sa.Text, nullable=False),
    sa.Column("segment", NAME, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("rules_sha256", SHA256, nullable=False),
    sa.Column("manifest_sha256", SHA256, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False, server_default="{}"),
)

# Which data an export was taken from. Exports of earlier versions have no row.
export_snapshots = sa.Table(
    "export_snapshots",
    metadata,
    sa.Column(
        "export",
        sa.ForeignKey("campaign_exports.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("snapshot", sa.BigInteger, nullable=False),
    sa.Column("expired", Moment),
)

# An export on its way to a destination. `key` is the same however often it is tried, `done` how
# many recipients the destination has taken or refused, from the first on.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "export",
        sa.ForeignKey("campaign_exports.number", ondelete="RESTRICT"),
        nullable=False,
        index=True,
    ),
    sa.Column("destination", NAME, nullable=False),
    sa.Column("key", sa.String(120), nullable=False, unique=True),
    sa.Column("state", STATE, nullable=False),
    sa.Column("begun", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("accepted", sa.BigInteger, nullable=False),
    sa.Column("rejected", sa.BigInteger, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
)
