"""The database under a library: opening it, transactions, and its errors in plain words."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateSchema

from segbench.errors import LibraryError
from segbench.library.campaign_tables import campaigns
from segbench.library.places import SCHEMES
from segbench.library.tables import HEAD, SCHEMA, alembic_version, schema

PATIENCE = 30
"""How many seconds a write waits for another process's write."""


class Database:
    """One database, shared by threads; reads see one moment, writes come one after the other."""

    def __init__(self, place: str | Path) -> None:
        url = _url(place)
        self.place = url.database or "in memory"
        if url.get_backend_name() != "sqlite":
            self.place = url.render_as_string(hide_password=True)
        schema_name = url.query.get("schema")
        self._schema = schema_name if isinstance(schema_name, str) else ""
        with self._plain_errors():
            self._engine = _engine(url)
            self._writer = self._engine.execution_options(segbench_writes=True)
            self._reader = self._engine
            if url.get_backend_name() == "postgresql":
                # Not for writes: they must see what was written while they waited for the lock.
                self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
            try:
                self._prepare()
            except BaseException:
                self._engine.dispose()
                raise

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextlib.contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that sees one moment of the database."""
        with self._plain_errors(), self._reader.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A connection whose changes are all kept at the end, or none of them."""
        with self._plain_errors(), self._writer.begin() as connection:
            # SQLite has one writer at a time anyway; elsewhere this row's lock gives the same.
            connection.execute(sa.select(schema.c.version).with_for_update())
            yield connection

    def _prepare(self) -> None:
        """Make the tables where there are none, or what an earlier version's lack.

        Those of a later version are refused.
        """
        with self._engine.begin() as connection:
            made = sa.inspect(connection).has_table(schema.name)
        if not made:
            with self._writer.begin() as connection:
                self._make_schema(connection)
                # All tables are of one collection, in which each module puts its own.
                campaigns.metadata.create_all(connection)
                if connection.execute(sa.select(schema.c.version)).first() is None:
                    connection.execute(schema.insert().values(id=1, version=SCHEMA))
                    connection.execute(alembic_version.insert().values(version_num=HEAD))
        with self._engine.begin() as connection:
            found = _layout(connection)
        if found > SCHEMA:
            raise LibraryError(
                f"The library {self.place} was written by a newer segbench: it has layout {found}, "
                f"and this version reads layout {SCHEMA}. Update segbench."
            )
        if found < SCHEMA:
            self._migrate()

    def _migrate(self) -> None:
        """Bring the tables up to this version's, unless another process just did."""
        # Alembic takes its time to load, and few libraries need it.
        from segbench.library.migrations.upgrading import upgrade

        with self.write() as connection:
            if _layout(connection) < SCHEMA:
                upgrade(connection)

    def _make_schema(self, connection: sa.Connection) -> None:
        """Make the schema where one is named; nobody else makes tables at the same time."""
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('segbench library'))")
        if self._schema:
            connection.execute(CreateSchema(self._schema, if_not_exists=True))

    @contextlib.contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except ModuleNotFoundError as error:
            raise LibraryError(
                f"The library {self.place} needs the package {error.name}, which is not installed."
            ) from error
        except exc.SQLAlchemyError as error:
            # The text of the driver alone: SQLAlchemy adds the statement and its values.
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0].rstrip(".")
            if "locked" in reason or "lock timeout" in reason:
                reason = f"another process has been writing for more than {PATIENCE} s; try again"
            raise LibraryError(f"The library {self.place} does not answer: {reason}.") from error


def _layout(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(schema.c.version)).scalar_one())


def _url(place: str | Path) -> sa.URL:
    if isinstance(place, str) and re.match(r"[A-Za-z][\w+.-]*://", place):
        try:
            url = sa.make_url(place)
            # Also where other drivers are installed: this one reads PGPASSWORD and ~/.pgpass.
            own = url.drivername in SCHEMES
            return url.set(drivername="postgresql+psycopg") if own else url
        except exc.ArgumentError:
            # The text may hold a password, so the message does not repeat it.
            raise LibraryError("That is no database URL, such as sqlite:///library.db.") from None
    path = Path(place).expanduser().absolute()
    if path.is_dir():
        raise LibraryError(
            f"{path} is a folder; a library is a file, such as library.sqlite in it."
        )
    if not path.parent.is_dir():
        raise LibraryError(f"There is no folder {path.parent} to keep the library {path.name} in.")
    return sa.URL.create("sqlite", database=str(path))


def _engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() == "postgresql":
        return _postgres_engine(url)
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    options: dict[str, Any] = {"connect_args": {"timeout": PATIENCE, "check_same_thread": False}}
    if url.database in (None, "", ":memory:"):
        # A database in memory lives in its one connection.
        options |= {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}
    engine = sa.create_engine(url, **options)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgres_engine(url: sa.URL) -> sa.Engine:
    options = f"-clock_timeout={PATIENCE}s"
    if schema_name := url.query.get("schema"):
        options += f" -csearch_path={schema_name}"
    # libpq waits for ever by default.
    limits = {"connect_timeout": 10, "options": options}
    known = url.difference_update_query(["schema"])
    return sa.create_engine(known, pool_pre_ping=True, connect_args=limits)


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin by itself, too late: only before the first write.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode == "delete":
        connection.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A write that began as a read could find, too late, that another one came first.
    writes = connection.get_execution_options().get("segbench_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
