from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from postgres import PostgresServer

from segbench.library.library import Library


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.sqlite"


@pytest.fixture(scope="session")
def library_database(postgres_server: PostgresServer) -> str:
    """The URL of a PostgreSQL database without its password, for all tests."""
    parts = urlsplit(postgres_server.fresh_database())
    login = f"{postgres_server.user}@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=login))


@pytest.fixture
def shared(
    library_database: str,
    postgres_server: PostgresServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """The URL of a library of the test's own in that database, its password in the environment."""
    monkeypatch.setenv("PGPASSWORD", postgres_server.password)
    name = "".join(c if c.isalnum() else "_" for c in tmp_path.name.lower())[-50:]
    return f"{library_database}?schema=own_{name}"


@pytest.fixture(params=["sqlite", "postgres"])
def library(request: pytest.FixtureRequest, path: Path) -> Iterator[Library]:
    """A library: each test runs once with each kind."""
    place = request.getfixturevalue("shared") if request.param == "postgres" else path
    with Library.open(place) as opened:
        yield opened
