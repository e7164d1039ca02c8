"""The tables of saved segments and smart lists, in types that SQLite and PostgreSQL share.

What an older library lacks is made by `migrations`; a test holds that both come to the same.
"""

from __future__ import annotations

import sqlalchemy as sa

from segbench.library.columns import FOLDED, NAME, SHA256, STATE, Moment, filed, metadata

SCHEMA = 2
"""The number of the table layout that this version reads and writes."""
HEAD = "0002"
"""The newest of the `migrations`, as Alembic notes it."""

schema = sa.Table(
    "segbench_schema",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, nullable=False),
)

# Alembic's own, so that a new library has it without Alembic being loaded.
alembic_version = sa.Table(
    "alembic_version",
    metadata,
    sa.Column("version_num", sa.String(32), primary_key=True),
)


segments = sa.Table(
    "segments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", NAME, nullable=False),
    sa.Column("folded", FOLDED, nullable=False, unique=True),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("rules", sa.JSON, nullable=False),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
    *filed(),
)

# Without a foreign key: what a segment was outlives it.
segment_versions = sa.Table(
    "segment_versions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", NAME, nullable=False),
    sa.Column("folded", FOLDED, nullable=False, index=True),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("rules", sa.JSON, nullable=False),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
    *filed(),
)

# By revision: times may be equal, and names are used again.
segment_renames = sa.Table(
    "segment_renames",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("old", FOLDED, nullable=False),
    sa.Column("old_revision", sa.Integer, nullable=False),
    sa.Column("new", FOLDED, nullable=False, index=True),
    sa.Column("new_revision", sa.Integer, nullable=False),
)

# One row a segment. The fingerprint says of which rules it is the count.
segment_counts = sa.Table(
    "segment_counts",
    metadata,
    sa.Column(
        "segment_id",
        sa.ForeignKey("segments.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("rules_sha256", SHA256, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("contacts", sa.BigInteger, nullable=False),
    sa.Column("snapshot", sa.BigInteger, nullable=False),
    sa.Column("as_of", Moment, nullable=False),
    sa.Column("counted", Moment, nullable=False),
)

# What is to be told of a segment's count, such as that it moved by more than `amount` per cent.
watches = sa.Table(
    "watches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "segment_id", sa.ForeignKey("segments.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("kind", STATE, nullable=False),
    sa.Column("amount", sa.Float),
    sa.Column("created", Moment, nullable=False),
    sa.Column("author", NAME, nullable=False, server_default=""),
)

watch_results = sa.Table(
    "watch_results",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column(
        "watch_id", sa.ForeignKey("watches.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    sa.Column("at", Moment, nullable=False),
    sa.Column("holds", sa.Boolean, nullable=False),
    sa.Column("count", sa.BigInteger),
    sa.Column("before", sa.BigInteger),
    sa.Column("snapshot", sa.BigInteger, nullable=False),
    sa.Column("message", sa.Text, nullable=False),
)

# `columns` are names, `sort` pairs of a name and "up" or "down", `search` a text to look for.
smart_lists = sa.Table(
    "smart_lists",
    metadata,
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
    *filed(),
)
