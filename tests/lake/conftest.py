"""Small batches and lakes for the tests of `segbench.lake`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pyarrow as pa
import pytest
from postgres import PostgresServer

from segbench.lake.lake import Lake
from segbench.lake.tables import Batch

MakeBatch = Callable[..., Batch]


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with Lake.create(tmp_path / "lake") as made:
        yield made


@pytest.fixture
def database(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty PostgreSQL database, its password in the environment."""
    parts = urlsplit(postgres_server.fresh_database())
    monkeypatch.setenv("PGPASSWORD", postgres_server.password)
    login = f"{postgres_server.user}@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=login))


@pytest.fixture(params=["sqlite", "postgres"])
def catalogue(request: pytest.FixtureRequest) -> str | None:
    """What `Lake.create` takes as its catalogue: a test runs once with each kind."""
    return request.getfixturevalue("database") if request.param == "postgres" else None


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Writes a file into the test's folder and returns its path."""

    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture
def batch() -> MakeBatch:
    return make_batch


def make_batch(
    contacts: dict[str, list[object]] | None = None,
    tags: list[tuple[str, str]] = (),  # type: ignore[assignment]
    events: list[tuple[str, str, datetime, float | None, str | None]] = (),  # type: ignore[assignment]
) -> Batch:
    """A batch of contacts by column, (key, tag) and (key, event, at, amount, url)."""
    owners, names, times, amounts, urls = zip(*events, strict=True) if events else [()] * 5
    return Batch(
        pa.table(contacts or {"key": ["a", "b", "c"]}),
        pa.table(
            {
                "key": pa.array([key for key, _ in tags], pa.string()),
                "tag": pa.array([tag for _, tag in tags], pa.string()),
            }
        ),
        pa.table(
            {
                "key": pa.array(owners, pa.string()),
                "event": pa.array(names, pa.string()),
                "at": pa.array(times, pa.timestamp("us")),
                "amount": pa.array(amounts, pa.float64()),
                "url": pa.array(urls, pa.string()),
            }
        ),
    )
