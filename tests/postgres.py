"""One private PostgreSQL server for all tests that need one, from Debian's binaries."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

USER = "segbench"
PASSWORD = "p@ss/word: 1"
"""With characters that a URL must escape and a connection string must quote."""


@dataclass(frozen=True)
class PostgresServer:
    """A running server on this machine, with one superuser and a password."""

    programs: Path
    port: int
    password: str = PASSWORD
    user: str = USER

    def url(self, database: str = "postgres") -> str:
        """The URL of a database, its password included."""
        login = f"{self.user}:{quote(self.password, safe='')}"
        return f"postgresql://{login}@127.0.0.1:{self.port}/{quote(database, safe='')}"

    def create_database(self, name: str) -> str:
        """Make an empty database and return its URL."""
        self.run(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def fresh_database(self) -> str:
        """An empty database that no other test uses, by its URL."""
        return self.create_database(f"test_{secrets.token_hex(6)}")

    def run(self, sql: str, database: str = "postgres") -> str:
        """Run SQL and return what psql prints, one line a row, columns parted by `|`."""
        command = [
            *(self.programs / "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"),
            *("--set", "ON_ERROR_STOP=1", "--dbname", self.url(database)),
        ]
        done = subprocess.run(command, input=sql, text=True, capture_output=True)
        if done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout.strip()

    def run_at(self, url: str, sql: str) -> str:
        """Run SQL in the database of a URL that this server gave."""
        return self.run(sql, url.rsplit("/", 1)[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A server for the whole session; without PostgreSQL the test is skipped, in CI it fails."""
    programs = _programs()
    owner = _owner()
    if programs is None or (os.geteuid() == 0 and owner is None):
        message = (
            "There is no PostgreSQL here: apt-get install postgresql."
            if programs is None
            else "PostgreSQL does not run as root, and there is no user postgres or nobody."
        )
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    folder = Path(tempfile.mkdtemp(prefix="segbench-postgres-"))
    try:
        with _running(programs, folder, owner) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    """The folder of the newest installed server, Debian's or one on the path."""
    found = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    # Version 9.6 is older than 15; as text it would be newer.
    found.sort(key=lambda path: float(path.parts[-3]), reverse=True)
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve())
    return found[0].parent if found else None


def _owner() -> pwd.struct_passwd | None:
    """Who runs the server where the tests run as root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


@contextlib.contextmanager
def _running(
    programs: Path, folder: Path, owner: pwd.struct_passwd | None
) -> Iterator[PostgresServer]:
    identity: dict[str, Any] = {"cwd": folder}
    secret = folder / "password"
    secret.write_text(PASSWORD)
    if owner is not None:
        identity |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        for path in (folder, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    data, log = folder / "data", folder / "log"
    subprocess.run(
        [
            *(programs / "initdb", "--pgdata", data, "--no-sync", "--auth", "scram-sha-256"),
            *("--username", USER, "--pwfile", secret, "--encoding", "UTF8", "--locale", "C"),
        ],
        check=True,
        capture_output=True,
        **identity,
    )
    server = PostgresServer(programs, _free_port())
    settings = {
        "port": server.port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        # Not that of the machine, so that no test depends on it.
        "timezone": "America/New_York",
    }
    options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **identity,
        )
    try:
        _await(server, process, log)
        yield server
    finally:
        # "Fast": cut clients off. SIGTERM would wait for them.
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _await(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once the server takes connections."""
    ready = [server.programs / "pg_isready", "-h", "127.0.0.1", "-p", str(server.port)]
    deadline = time.monotonic() + 60
    while subprocess.run(ready, capture_output=True).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
        time.sleep(0.05)
