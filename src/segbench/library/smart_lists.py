"""Smart lists in the database."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from segbench.errors import InUse, LibraryError, NameTaken
from segbench.library.campaign_tables import campaign_sources, campaigns
from segbench.library.database import Database
from segbench.library.list_rows import (
    Row,
    SavedList,
    list_content,
    list_named,
    list_row,
    list_rows,
    read_list,
)
from segbench.library.references import respelt
from segbench.library.saved import as_utc, folded, shown
from segbench.library.segment_rows import groups
from segbench.library.tables import smart_lists
from segbench.model.smart_list import SmartList


class SmartListStore:
    """Saves, finds, renames and deletes smart lists; each method is one transaction.

    Names are unique whatever their case. `now` is an aware time.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        smart_list: SmartList,
        *,
        now: dt.datetime,
        author: str = "",
        replace: bool = False,
        seen: int | None = None,
    ) -> SavedList:
        """The smart list as it is now saved; references are spelt as the saved segments are.

        `replace` writes over the list of that name, which keeps its spelling; without it
        `NameTaken`. `seen` is the revision that the caller last saw: `LibraryError` where somebody
        changed, renamed or deleted it meanwhile.
        """
        now = as_utc(now)
        with self._database.write() as connection:
            row = list_named(connection, smart_list.name)
            _refuse_overwriting(smart_list.name, row, replace, seen)
            values = list_content(_respelt(connection, smart_list))
            values |= {"updated": now, "author": author}
            if row is None:
                fresh = {"revision": 1, "created": now}
                connection.execute(smart_lists.insert().values(values | fresh))
            else:
                kept = {"name": row.name, "revision": row.revision + 1}
                _update(connection, row, values | kept)
            return read_list(list_row(connection, smart_list.name))

    def one(self, name: str) -> SavedList:
        """The smart list of that name; `NotSaved` with near names."""
        with self._database.read() as connection:
            return read_list(list_row(connection, name))

    def all(self) -> tuple[SavedList, ...]:
        """Every smart list, sorted by name without regard to case."""
        with self._database.read() as connection:
            return tuple(map(read_list, list_rows(connection)))

    def rename(self, old: str, new: str, *, now: dt.datetime, author: str = "") -> SavedList:
        """The smart list under its new name; campaigns that use it follow.

        `NotSaved`, or `NameTaken`.
        """
        now, new = as_utc(now), SmartList(new).name
        with self._database.write() as connection:
            row, taken = list_row(connection, old), list_named(connection, new)
            if taken is not None and taken.id != row.id:
                raise NameTaken(f"There is already a smart list {taken.name!r}.")
            values = {"name": new, "folded": folded(new), "updated": now, "author": author}
            _update(connection, row, values | {"revision": row.revision + 1})
            return read_list(list_row(connection, new))

    def used_by(self, name: str) -> tuple[str, ...]:
        """The names of the campaigns that include or exclude a smart list, sorted."""
        with self._database.read() as connection:
            return _users(connection, list_row(connection, name))

    def delete(self, name: str) -> None:
        """Delete a smart list; `InUse` names the campaigns that use it."""
        with self._database.write() as connection:
            row = list_row(connection, name)
            users = _users(connection, row)
            if users:
                many = "campaigns" if len(users) > 1 else "campaign"
                listed = ", ".join(map(repr, users))
                raise InUse(f"The smart list {row.name!r} is used by the {many} {listed}.")
            connection.execute(smart_lists.delete().where(smart_lists.c.id == row.id))


def _refuse_overwriting(name: str, row: Row | None, replace: bool, seen: int | None) -> None:
    if row is None:
        if seen is not None:
            raise LibraryError(
                f"The smart list {name!r} was deleted or renamed meanwhile; nothing was saved."
            )
        return
    if not replace:
        raise NameTaken(f"There is already a smart list {row.name!r}.")
    if seen is not None and seen != row.revision:
        who = f" by {row.author}" if row.author else ""
        raise LibraryError(
            f"The smart list {row.name!r} was changed{who} at {shown(row.updated)} meanwhile "
            f"(revision {row.revision}, you saw {seen}); nothing was overwritten."
        )


def _respelt(connection: sa.Connection, given: SmartList) -> SmartList:
    spelling = {folded(known): known for known in groups(connection)}
    group = respelt(given.group, spelling)
    return SmartList(given.name, group, given.columns, given.sort, given.search, given.description)


def _update(connection: sa.Connection, row: Row, values: dict[str, object]) -> None:
    connection.execute(smart_lists.update().where(smart_lists.c.id == row.id).values(values))


def _users(connection: sa.Connection, row: Row) -> tuple[str, ...]:
    query = (
        sa.select(campaigns.c.name)
        .join(campaign_sources, campaign_sources.c.campaign_id == campaigns.c.id)
        .where(campaign_sources.c.list_id == row.id)
        .distinct()
    )
    return tuple(sorted(connection.scalars(query)))
