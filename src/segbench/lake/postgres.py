"""PostgreSQL as a source: tables and queries of one database, all read at one moment."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb

from segbench.errors import ImportRefused
from segbench.lake.connection import load_extension, quoted, reason, text
from segbench.lake.relations import MOST_KEYS, Narrowing
from segbench.lake.sources import Source, typed_source
from segbench.lake.stage import Stage
from segbench.lake.watermarks import Mark

ATTACHED = "sync_source"
EXTENSION = "postgres_scanner"
_TOLD = re.compile(r'^.*Unable to connect to Postgres at ".*": ', re.DOTALL)
_SCHEMES = ("postgresql://", "postgres://")
_QUERY = re.compile(r"\s*((SELECT|WITH|VALUES|TABLE)\b|\()", re.IGNORECASE)


def is_url(source: object) -> bool:
    """Whether this is the URL of a PostgreSQL database."""
    return isinstance(source, str) and source.lower().startswith(_SCHEMES)


def without_login(url: str) -> str:
    """Where a database is, without user, password and options."""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"


def hidden(message: str, url: str) -> str:
    """A message without the URL's password, in whatever form it is in there."""
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    written = login.partition(":")[2]
    options = [
        value for name, found in parse_qs(parts.query).items() if "pass" in name for value in found
    ]
    message = message.replace(url, without_login(url))
    for secret in (written, unquote(written), *options):
        if secret:
            message = message.replace(secret, "***")
    return message


@contextlib.contextmanager
def attached(stage: Stage, url: str) -> Iterator[None]:
    """The database within the stage's connection, read-only, in one transaction.

    DuckDB reads PostgreSQL at the isolation level "repeatable read", so that contacts, tags and
    events are of one moment. `ImportRefused` where it cannot be reached.
    """
    load_extension(stage.connection, EXTENSION)
    with _plainly(url, "cannot be reached"):
        stage.connection.execute(f"ATTACH {text(url)} AS {ATTACHED} (TYPE postgres, READ_ONLY)")
    try:
        stage.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            # A lost connection has ended the transaction already.
            with contextlib.suppress(duckdb.Error):
                stage.connection.execute("ROLLBACK")
            raise
        stage.connection.execute("COMMIT")
    finally:
        stage.connection.execute(f"DETACH {ATTACHED}")


@contextlib.contextmanager
def _plainly(url: str, what: str) -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        # DuckDB repeats what it was told, the password included.
        why = _TOLD.sub("", reason(error))
        raise ImportRefused(f"{without_login(url)} {what}: {hidden(why, url)}") from None


@dataclass(frozen=True)
class PostgresRelation:
    """A table, as `schema.table`, or a query."""

    url: str
    asked: str

    @property
    def label(self) -> str:
        """The table's name, or the start of the query."""
        line = " ".join(self.asked.split())
        return line if len(line) <= 60 else line[:57] + "..."

    def columns(self, stage: Stage) -> dict[str, str]:
        """What PostgreSQL says."""
        with _plainly(self.url, f"does not give {self.label}"):
            rows = stage.connection.execute(f"DESCRIBE FROM {self._sql()}").fetchall()
        return {row[0]: row[1] for row in rows}

    def read(self, stage: Stage, name: str, narrowing: Narrowing | None) -> Source:
        """Read what PostgreSQL gives, which leaves out what a watermark does not need."""
        types = self.columns(stage)
        where = _where(narrowing) if narrowing and len(narrowing.keys) <= MOST_KEYS else ""
        with _plainly(self.url, f"does not give {self.label}"):
            return typed_source(stage, name, self.label, self._sql(where), types)

    def _sql(self, where: str = "") -> str:
        asked = self.asked.strip().rstrip(";")
        # The line break ends a comment at the end of a query.
        relation = f"({asked}\n)" if _QUERY.match(asked) else asked
        query = f"SELECT * FROM {relation} AS source{where}"
        return f"postgres_query({text(ATTACHED)}, {text(query)})"


def _where(narrowing: Narrowing) -> str:
    column = quoted(narrowing.column)
    wanted = f"{column} >= {_literal(narrowing.since)} OR {column} IS NULL"
    if narrowing.keys:
        keys = ", ".join(_text(key) for key in narrowing.keys)
        key = f"btrim({quoted(narrowing.key)}::text, E' \\t\\n\\r\\f\\v')"
        wanted += f" OR {key} IN ({keys})"
    return f" WHERE {wanted}"


def _literal(mark: Mark) -> str:
    if mark.kind == "whole":
        return str(mark.value)
    if mark.kind == "date":
        return f"'{mark.moment:%Y-%m-%d}'::date"
    zone, kind = ("+00", "timestamptz") if mark.kind == "instant" else ("", "timestamp")
    return f"'{mark.moment.isoformat(' ')}{zone}'::{kind}"


def _text(value: str) -> str:
    # Written as an escape string, a backslash is one whatever the server's settings say.
    return "E'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
