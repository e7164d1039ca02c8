"""Who has exactly a value in a field."""

from __future__ import annotations

from typing import Any

from segbench.engine.membership import Membership
from segbench.lake.snapshot import Snapshot


def holders(snapshot: Snapshot, field: str, value: Any) -> Membership:
    """The contacts whose field has that value, as the lake stores it; None asks for none at all."""
    import ibis

    contacts = snapshot.table("contacts")
    column = contacts[field]
    if value is None:
        holds = column.isnull()
    else:
        holds = (column == ibis.literal(value, column.type())).fill_null(False)
    bits = snapshot.bits(contacts.select("ordinal", holds=holds))
    return Membership.from_bits(bits, snapshot.contacts)
