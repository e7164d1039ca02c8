"""The tables of a library, in types that SQLite and PostgreSQL share."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from segbench.library.saved import as_utc
from segbench.model.segment import LONGEST_NAME

SCHEMA = 1
"""The number of the table layout that this version reads and writes."""

# Folding a name can make it longer: "ß" becomes "ss", and some letters three.
_NAME = sa.String(LONGEST_NAME)
_FOLDED = sa.String(LONGEST_NAME * 3)
_SHA256 = sa.String(64)


class Moment(sa.TypeDecorator[dt.datetime]):
    """An aware UTC time; SQLite keeps no zone, so it is put back on reading."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> dt.datetime | None:
        """The time as it is stored: in UTC."""
        return None if value is None else as_utc(value)

    def process_result_value(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> dt.datetime | None:
        """The time as it is read: aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else as_utc(value)


metadata = sa.MetaData()

schema = sa.Table(
    "segbench_schema",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, nullable=False),
)

segments = sa.Table(
    "segments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", _NAME, nullable=False),
    sa.Column("folded", _FOLDED, nullable=False, unique=True),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("rules", sa.JSON, nullable=False),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
)

# Without a foreign key: what a segment was outlives it.
segment_versions = sa.Table(
    "segment_versions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", _NAME, nullable=False),
    sa.Column("folded", _FOLDED, nullable=False, index=True),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("rules", sa.JSON, nullable=False),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("created", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
)

# By revision: times may be equal, and names are used again.
segment_renames = sa.Table(
    "segment_renames",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("old", _FOLDED, nullable=False),
    sa.Column("old_revision", sa.Integer, nullable=False),
    sa.Column("new", _FOLDED, nullable=False, index=True),
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
    sa.Column("rules_sha256", _SHA256, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("contacts", sa.BigInteger, nullable=False),
    sa.Column("snapshot", sa.BigInteger, nullable=False),
    sa.Column("as_of", Moment, nullable=False),
    sa.Column("counted", Moment, nullable=False),
)

campaigns = sa.Table(
    "campaigns",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", _NAME, nullable=False),
    sa.Column("folded", _FOLDED, nullable=False, unique=True),
    sa.Column("created", Moment, nullable=False),
    sa.Column("updated", Moment, nullable=False),
)

# By id: a renamed segment stays a recipient, and one in use cannot go.
campaign_recipients = sa.Table(
    "campaign_recipients",
    metadata,
    sa.Column("campaign_id", sa.ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("segment_id", sa.ForeignKey("segments.id", ondelete="RESTRICT"), nullable=False),
    sa.UniqueConstraint("campaign_id", "segment_id"),
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
    sa.Column("segment", _NAME, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("rules_sha256", _SHA256, nullable=False),
    sa.Column("manifest_sha256", _SHA256, nullable=False),
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
