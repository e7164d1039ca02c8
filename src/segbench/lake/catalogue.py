"""Where a lake's catalogue is: an SQLite file in its folder, or a schema of a PostgreSQL database.

The folder says which: it holds `catalog.sqlite`, or `catalogue.json` with the URL and the schema.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import duckdb

from segbench.errors import FormatError, LakeError
from segbench.lake.connection import connect, quoted, text

FILE = "catalog.sqlite"
POINTER = "catalogue.json"
FORMAT = 1
POSTGRES = ("postgres_scanner",)

_SCHEMES = ("postgresql", "postgres")
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_EXAMPLE = "postgresql://user@host:5432/database"
_LIMITS = {"connect_timeout": "10", "options": "-clock_timeout=2000"}
"""Seconds to connect and milliseconds to wait for a lock: libpq waits for ever by default."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What DuckLake attaches: a `source` with `options`, for which DuckDB needs `extensions`.

    `schema` is where the catalogue's own tables are, `place` what messages call it.
    """

    place: str
    source: str
    schema: str
    options: tuple[str, ...]
    extensions: tuple[str, ...] = ()

    def attachment(self, folder: Path, name: str, version: int | None, *, new: bool) -> str:
        """The statement that attaches the lake of a folder, as it is now or at an old snapshot."""
        options = [
            # Overridden, so that a lake may be moved and a shared folder be mounted anywhere.
            f"DATA_PATH {text(str(folder / 'data') + '/')}",
            "OVERRIDE_DATA_PATH true",
            # Inlining would keep small tables in the catalogue, with its types.
            "DATA_INLINING_ROW_LIMIT 0",
            f"CREATE_IF_NOT_EXISTS {str(new).lower()}",
            *self.options,
        ]
        if version is not None:
            options.append(f"SNAPSHOT_VERSION {int(version)}")
        return f"ATTACH {text('ducklake:' + self.source)} AS {name} ({', '.join(options)})"


def in_file(folder: Path) -> Catalogue:
    """The catalogue of a lake that one machine uses: a file beside the data."""
    path = str(folder / FILE)
    # Readers never block a writer under WAL.
    return Catalogue(path, f"sqlite:{path}", "main", ("META_JOURNAL_MODE 'WAL'",))


def in_database(url: str, schema: str | None = None) -> Catalogue:
    """The catalogue in a schema of a PostgreSQL database; `LakeError` for a URL that names none.

    The schema may stand in the URL, as `?schema=NAME`; without one the lake gets its own.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme not in _SCHEMES or not parts.path.strip("/") or parts.fragment:
        # The text may hold a password, so the message does not repeat it.
        raise LakeError(f"That is no URL of a PostgreSQL database, such as {_EXAMPLE}.")
    if parts.password is not None or "password" in query:
        raise LakeError(
            f"Leave the password out of the catalogue's URL ({_EXAMPLE}): whoever opens the lake "
            "would read it. PostgreSQL takes it from PGPASSWORD, or from ~/.pgpass."
        )
    schema = query.pop("schema", None) or schema or f"segbench_{secrets.token_hex(4)}"
    if not _SCHEMA.fullmatch(schema):
        raise LakeError(
            f"{schema!r} cannot be the schema of a catalogue: give up to 63 lower-case letters, "
            "digits and underscores, no digit in front."
        )
    place = urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))
    limited = urlencode(_LIMITS | query, quote_via=quote)
    source = urlunsplit(parts._replace(query=limited))
    return Catalogue(
        place, f"postgres:{source}", schema, (f"METADATA_SCHEMA '{schema}'",), POSTGRES
    )


def find(folder: Path) -> Catalogue | None:
    """The catalogue of the lake in a folder; None where there is no lake."""
    if (folder / FILE).is_file():
        return in_file(folder)
    if not (folder / POINTER).is_file():
        return None
    try:
        data = json.loads((folder / POINTER).read_text("utf-8"))
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']!r} is not {FORMAT}")
        return in_database(str(data["catalogue"]), str(data["schema"]))
    except (ValueError, TypeError, KeyError, LakeError) as error:
        why = f"it lacks {error}" if isinstance(error, KeyError) else str(error).removesuffix(".")
        raise FormatError(f"{POINTER} in {str(folder)!r} is damaged: {why}.") from error


def point_to(folder: Path, catalogue: Catalogue) -> None:
    """Write into a lake's folder that its catalogue is in a database."""
    data = {"format": FORMAT, "catalogue": catalogue.place, "schema": catalogue.schema}
    fresh = folder / f"{POINTER}.new"
    fresh.write_text(json.dumps(data, indent=2) + "\n", "utf-8")
    os.replace(fresh, folder / POINTER)


def make_schema(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Make the schema of a new lake; `LakeError` where the database has it already."""
    try:
        _execute(connection, catalogue, f"CREATE SCHEMA {quoted(catalogue.schema)}")
    except duckdb.Error as error:
        if "already exists" in str(error):
            raise LakeError(
                f"The database {catalogue.place} has a schema {catalogue.schema!r} already; "
                "name another one, with ?schema= at the end of the URL."
            ) from error
        raise


def drop_schema(folder: Path) -> None:
    """Drop the schema of a lake that is given up; nothing for a catalogue in the folder itself."""
    catalogue = find(folder)
    if catalogue is not None and catalogue.extensions:
        with connect(catalogue.extensions) as connection:
            drop(connection, catalogue)


def drop(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    """Drop a lake's schema with everything in it."""
    _execute(connection, catalogue, f"DROP SCHEMA IF EXISTS {quoted(catalogue.schema)} CASCADE")


def _execute(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, sql: str) -> None:
    source = catalogue.source.removeprefix("postgres:")
    with connection.cursor() as cursor:
        cursor.execute(f"ATTACH {text(source)} AS catalogue_database (TYPE postgres)")
        try:
            cursor.execute(f"CALL postgres_execute('catalogue_database', {text(sql)})")
        finally:
            cursor.execute("DETACH catalogue_database")
