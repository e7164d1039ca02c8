"""Atoms as Ibis expressions, the same for every Ibis backend.

A predicate here is never null: a missing value gives false, so that complement can be taken with
`~` inside `where` and by set complement outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from segbench.engine import relational_events as happenings
from segbench.engine.relational_values import inside, predicate, present
from segbench.plan.atoms import (
    MILLION,
    Atom,
    Happened,
    HasTag,
    InShare,
    Measured,
    Sampled,
    Sequence,
    ValueAtom,
)

if TYPE_CHECKING:
    import ibis


class Tables(Protocol):
    """Where the contact data is: the tables `contacts`, `tags` and `events`."""

    def table(self, name: str) -> ibis.Table:
        """The Ibis table of that name."""


def ordinals_of(atom: Atom, source: Tables) -> ibis.Table:
    """A table with one column, the ordinals for which the atom is true; repeats are possible."""
    match atom:
        case HasTag():
            return _tagged(atom, source.table("tags"))
        case InShare():
            return _in_share(atom, source.table("contacts"))
        case Happened():
            return happenings.happened(atom, source.table("events"))
        case Measured():
            return happenings.measured(atom, source.table("events"))
        case Sequence():
            return happenings.in_order(atom, source.table("events"))
        case _:
            table = source.table("contacts")
            return table.filter(test_of(atom, table)).select("ordinal")


def test_of(atom: ValueAtom | Sampled, contacts: ibis.Table) -> Any:
    """Whether the atom is true of each contact, from its own row alone; never null."""
    return _sampled(atom, contacts) if isinstance(atom, Sampled) else predicate(atom, contacts)


def _tagged(atom: HasTag, tags: ibis.Table) -> ibis.Table:
    tests = [tags["tag"].isin(atom.tags)]
    if atom.bounds is not None:
        tests += inside(tags["at"], atom.bounds)
    return tags.filter(tests).select("ordinal")


def _sampled(atom: Sampled, contacts: ibis.Table) -> Any:
    import ibis

    # Hex digits sort as the numbers they write, on every engine.
    salted = ibis.literal(f"{atom.salt}\x1f") + contacts["key"]
    found = salted.hexdigest("md5").substr(0, 8)
    return (found >= atom.low) & (found < atom.high) if atom.high else found >= atom.low


def _in_share(atom: InShare, contacts: ibis.Table) -> ibis.Table:
    import ibis

    known = contacts.filter(present(contacts[atom.field]))
    value = known[atom.field]
    order = value.desc() if atom.largest else value.asc()
    ranked = known.select(
        "ordinal",
        ahead=ibis.rank().over(ibis.window(order_by=order)),
        known=known.count().over(ibis.window()),
    )
    among = ranked["ahead"] * MILLION < ranked["known"] * atom.share
    return ranked.filter(among).select("ordinal")
