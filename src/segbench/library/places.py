"""Where a library is: a file, or a schema of a PostgreSQL database that many machines share."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from segbench.errors import LibraryError

SCHEMES = ("postgresql", "postgres")
EXAMPLE = "postgresql://user@host:5432/database?schema=shop"
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def shared_library(url: str) -> str:
    """The URL, where it may be written into the settings of a workspace; else `LibraryError`."""
    try:
        parts = urlsplit(url)
        secret = parts.password
    except ValueError:
        parts, secret = urlsplit(""), None
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme not in SCHEMES or not parts.path.strip("/") or parts.fragment:
        # The text may hold a password, so the message does not repeat it.
        raise LibraryError(f"That is no URL of a PostgreSQL database, such as {EXAMPLE}.")
    if secret is not None or "password" in query:
        raise LibraryError(
            f"Leave the password out of the library's URL ({EXAMPLE}): whoever opens the "
            "workspace would read it. PostgreSQL takes it from PGPASSWORD, or from ~/.pgpass."
        )
    if not _SCHEMA.fullmatch(query.get("schema", "")):
        raise LibraryError(
            f"Name the schema of this workspace's library in its URL ({EXAMPLE}): up to 63 "
            "lower-case letters, digits and underscores, no digit in front."
        )
    return url
