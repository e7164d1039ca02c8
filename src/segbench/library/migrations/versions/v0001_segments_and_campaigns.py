"""Layout 1: saved segments with their versions, campaigns with recipients and exports.

Earlier versions made its last tables one after the other, so some may be there already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from segbench.library.columns import Moment

revision, down_revision = "0001", None

NAME, FOLDED, SHA256 = sa.String(120), sa.String(360), sa.String(64)


def upgrade() -> None:
    """Make the tables of layout 1 that are missing."""
    for name, columns in TABLES.items():
        op.create_table(name, *columns(), *UNIQUE.get(name, ()), if_not_exists=True)
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column], if_not_exists=True)


def _segment(**options: Any) -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", NAME, nullable=False),
        sa.Column("folded", FOLDED, nullable=False, **options),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("format", sa.Integer, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("updated", Moment, nullable=False),
    ]


def _link(name: str, target: str, gone: str = "CASCADE", **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(target, ondelete=gone), **options)


TABLES: dict[str, Callable[[], list[sa.Column[Any]]]] = {
    "segbench_schema": lambda: [
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, nullable=False),
    ],
    "segments": lambda: _segment(unique=True),
    "segment_versions": _segment,
    "segment_renames": lambda: [
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("old", FOLDED, nullable=False),
        sa.Column("old_revision", sa.Integer, nullable=False),
        sa.Column("new", FOLDED, nullable=False),
        sa.Column("new_revision", sa.Integer, nullable=False),
    ],
    "segment_counts": lambda: [
        _link("segment_id", "segments.id", primary_key=True, autoincrement=False),
        sa.Column("rules_sha256", SHA256, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("contacts", sa.BigInteger, nullable=False),
        sa.Column("snapshot", sa.BigInteger, nullable=False),
        sa.Column("as_of", Moment, nullable=False),
        sa.Column("counted", Moment, nullable=False),
    ],
    "campaigns": lambda: [
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", NAME, nullable=False),
        sa.Column("folded", FOLDED, nullable=False, unique=True),
        sa.Column("created", Moment, nullable=False),
        sa.Column("updated", Moment, nullable=False),
    ],
    "campaign_recipients": lambda: [
        _link("campaign_id", "campaigns.id", primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        _link("segment_id", "segments.id", "RESTRICT", nullable=False),
    ],
    "campaign_exports": lambda: [
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(120), nullable=False, unique=True),
        _link("campaign_id", "campaigns.id", "RESTRICT", nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("folder", sa.Text, nullable=False),
        sa.Column("segment", NAME, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("rules_sha256", SHA256, nullable=False),
        sa.Column("manifest_sha256", SHA256, nullable=False),
    ],
    "export_snapshots": lambda: [
        _link("export", "campaign_exports.number", primary_key=True, autoincrement=False),
        sa.Column("snapshot", sa.BigInteger, nullable=False),
        sa.Column("expired", Moment),
    ],
}
UNIQUE = {"campaign_recipients": (sa.UniqueConstraint("campaign_id", "segment_id"),)}
INDEXES = (
    ("segment_versions", "folded"),
    ("segment_renames", "new"),
    ("campaign_exports", "campaign_id"),
)
