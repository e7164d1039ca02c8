"""Which exports campaigns have, and what that keeps from being done."""

from __future__ import annotations

import sqlalchemy as sa

from segbench.errors import InUse, LibraryError
from segbench.library.campaign_tables import campaign_exports as exports
from segbench.library.segment_rows import Row


def is_attached(connection: sa.Connection, campaign: Row, id: str) -> bool:
    """Whether that very export is attached to the campaign already."""
    found = connection.scalar(sa.select(exports.c.campaign_id).where(exports.c.id == id))
    return bool(found == campaign.id)


def refuse_recorded(connection: sa.Connection, id: str) -> None:
    """`LibraryError` where some campaign has an export of that id."""
    if connection.execute(exports.select().where(exports.c.id == id)).first():
        raise LibraryError(f"An export {id!r} is already recorded.")


def refuse_exported(connection: sa.Connection, campaign: Row) -> None:
    """`InUse` where the campaign has exports, since it is their record."""
    query = sa.select(sa.func.count()).where(exports.c.campaign_id == campaign.id)
    count = connection.scalar(query)
    if count:
        raise InUse(
            f"The campaign {campaign.name!r} has {count:,} export{'s'[: count > 1]}; "
            "it stays as their record."
        )
