"""The types of columns that the tables of a library share."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from segbench.library.saved import as_utc
from segbench.model.segment import LONGEST_NAME

metadata = sa.MetaData()

NAME = sa.String(LONGEST_NAME)
# Folding a name can make it longer: "ß" becomes "ss", and some letters three.
FOLDED = sa.String(LONGEST_NAME * 3)
FOLDER = sa.String(400)
STATE = sa.String(20)
SHA256 = sa.String(64)


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


def filed() -> tuple[sa.Column[str], ...]:
    """Where something saved is found, whose it is, and who saved it; `tags` is a list of texts."""
    return (
        sa.Column("folder", FOLDER, nullable=False, server_default=""),
        sa.Column("tags", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("owner", NAME, nullable=False, server_default=""),
        sa.Column("status", STATE, nullable=False, server_default="published"),
        sa.Column("author", NAME, nullable=False, server_default=""),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
    )
