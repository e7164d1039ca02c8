"""Layout 2: folders, tags, owners and watches of segments; smart lists; what a campaign sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from segbench.library.columns import Moment

revision, down_revision = "0002", "0001"

NAME, FOLDED, STATE = sa.String(120), sa.String(360), sa.String(20)


def upgrade() -> None:
    """Add what is new, and take the recipients of campaigns over."""
    for table in ("segments", "segment_versions"):
        for column in _filed():
            op.add_column(table, column)
    for column in _sent():
        op.add_column("campaigns", column)
    op.add_column(
        "campaign_exports", sa.Column("detail", sa.JSON, nullable=False, **_default("{}"))
    )
    for name, columns in TABLES.items():
        op.create_table(name, *columns())
    for table, indexed in INDEXES:
        op.create_index(f"ix_{table}_{indexed}", table, [indexed])
    op.execute(
        "INSERT INTO campaign_sources (campaign_id, role, position, segment_id) "
        "SELECT campaign_id, 'include', position, segment_id FROM campaign_recipients"
    )
    op.drop_table("campaign_recipients")
    op.execute("UPDATE segbench_schema SET version = 2")


def _default(value: str) -> dict[str, Any]:
    return {"server_default": value}


def _filed() -> list[sa.Column[Any]]:
    return [
        sa.Column("folder", sa.String(400), nullable=False, **_default("")),
        sa.Column("tags", sa.JSON, nullable=False, **_default("[]")),
        sa.Column("owner", NAME, nullable=False, **_default("")),
        sa.Column("status", STATE, nullable=False, **_default("published")),
        sa.Column("author", NAME, nullable=False, **_default("")),
        sa.Column("note", sa.Text, nullable=False, **_default("")),
    ]


def _sent() -> list[sa.Column[Any]]:
    return [
        sa.Column("settings", sa.JSON, nullable=False, **_default("{}")),
        sa.Column("state", STATE, nullable=False, **_default("draft")),
        sa.Column("revision", sa.Integer, nullable=False, **_default("1")),
        sa.Column("author", NAME, nullable=False, **_default("")),
    ]


def _link(name: str, target: str, gone: str = "CASCADE", **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(target, ondelete=gone), **options)


TABLES: dict[str, Callable[[], list[sa.Column[Any]]]] = {
    "smart_lists": lambda: [
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", NAME, nullable=False),
        sa.Column("folded", FOLDED, nullable=False, unique=True),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("format", sa.Integer, nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("sort", sa.JSON, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("updated", Moment, nullable=False),
        *_filed(),
    ],
    "watches": lambda: [
        sa.Column("id", sa.Integer, primary_key=True),
        _link("segment_id", "segments.id", nullable=False),
        sa.Column("kind", STATE, nullable=False),
        sa.Column("amount", sa.Float),
        sa.Column("created", Moment, nullable=False),
        sa.Column("author", NAME, nullable=False, **_default("")),
    ],
    "watch_results": lambda: [
        sa.Column("id", sa.Integer, primary_key=True),
        _link("watch_id", "watches.id", nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("holds", sa.Boolean, nullable=False),
        sa.Column("count", sa.BigInteger),
        sa.Column("before", sa.BigInteger),
        sa.Column("snapshot", sa.BigInteger, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
    ],
    "campaign_sources": lambda: [
        _link("campaign_id", "campaigns.id", primary_key=True),
        sa.Column("role", STATE, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        _link("segment_id", "segments.id", "RESTRICT"),
        _link("list_id", "smart_lists.id", "RESTRICT"),
        sa.Column("name", NAME, nullable=False, **_default("")),
        sa.Column("rules", sa.JSON),
        sa.Column("format", sa.Integer),
    ],
    "campaign_steps": lambda: [
        sa.Column("id", sa.Integer, primary_key=True),
        _link("campaign_id", "campaigns.id", nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("author", NAME, nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
    ],
    "deliveries": lambda: [
        sa.Column("id", sa.Integer, primary_key=True),
        _link("export", "campaign_exports.number", "RESTRICT", nullable=False),
        sa.Column("destination", NAME, nullable=False),
        sa.Column("key", sa.String(120), nullable=False, unique=True),
        sa.Column("state", STATE, nullable=False),
        sa.Column("begun", Moment, nullable=False),
        sa.Column("updated", Moment, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("accepted", sa.BigInteger, nullable=False),
        sa.Column("rejected", sa.BigInteger, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
    ],
}
INDEXES = (
    ("watches", "segment_id"),
    ("watch_results", "watch_id"),
    ("campaign_steps", "campaign_id"),
    ("deliveries", "export"),
)
