"""Where a saved segment is used: by other segments, smart lists and campaigns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from segbench.errors import InUse
from segbench.library.campaign_tables import campaign_sources, campaigns
from segbench.library.list_rows import lists_using, respell_lists
from segbench.library.references import references, respelt, users_of
from segbench.library.saved import folded
from segbench.library.segment_rows import Row, groups
from segbench.model import codec
from segbench.model.rules import Group

_KEY = tuple(campaign_sources.primary_key)


@dataclass(frozen=True, slots=True)
class Users:
    """The names of what uses a saved segment, each sorted."""

    segments: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.segments or self.lists or self.campaigns)

    @property
    def words(self) -> str:
        """All of them in one phrase; "" where there is none."""
        parts = (
            *_listed("segment", self.segments),
            *_listed("smart list", self.lists),
            *_listed("campaign", self.campaigns),
        )
        return " and ".join((", ".join(parts[:-1]), parts[-1]) if len(parts) > 1 else parts)


def find_users(connection: sa.Connection, row: Row) -> Users:
    """Who uses the segment in a row."""
    return Users(
        users_of(row.name, groups(connection)),
        lists_using(connection, row.name),
        tuple(sorted({*_chosen(connection, row), *_built(connection, row.folded)})),
    )


def refuse_in_use(connection: sa.Connection, row: Row, together: Collection[str] = ()) -> None:
    """`InUse` where others than the segments that go `together` with it would lose something."""
    found = find_users(connection, row)
    users = replace(found, segments=tuple(n for n in found.segments if n not in together))
    if users:
        raise InUse(f"The segment {row.name!r} is used by {users.words}.")


def respell_elsewhere(connection: sa.Connection, old: str, new: str, now: dt.datetime) -> None:
    """Spell references as `new` in smart lists, and in what campaigns built in place."""
    spelling = {folded(old): new, folded(new): new}
    respell_lists(connection, spelling, now)
    sources = campaign_sources
    for row in connection.execute(sources.select().where(sources.c.rules.is_not(None))).all():
        group = codec.group_from_data(row.rules)
        if (spelt := respelt(group, spelling)) != group:
            rules = codec.to_data(spelt)
            same = (getattr(sources.c, key.name) == row._mapping[key.name] for key in _KEY)
            connection.execute(sources.update().where(*same).values(rules=rules))


def _chosen(connection: sa.Connection, row: Row) -> Iterable[str]:
    """The campaigns that chose the segment itself."""
    query = (
        sa.select(campaigns.c.name)
        .join(campaign_sources, campaign_sources.c.campaign_id == campaigns.c.id)
        .where(campaign_sources.c.segment_id == row.id)
        .distinct()
    )
    return connection.scalars(query)


def _built(connection: sa.Connection, wanted: str) -> Iterable[str]:
    """The campaigns with rules of their own that refer to the segment."""
    query = (
        sa.select(campaigns.c.name, campaign_sources.c.rules)
        .join(campaign_sources, campaign_sources.c.campaign_id == campaigns.c.id)
        .where(campaign_sources.c.rules.is_not(None))
    )
    for name, rules in connection.execute(query):
        group: Group = codec.group_from_data(rules)
        if wanted in references(group):
            yield name


def _listed(what: str, names: Iterable[str]) -> Iterable[str]:
    quoted = [repr(name) for name in names]
    if quoted:
        yield f"the {what}{'s' if len(quoted) > 1 else ''} {', '.join(quoted)}"
