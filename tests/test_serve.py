"""Where `segbench serve` listens, whom it lets in, and what it says."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches

from segbench.serve import FIRST_PORT, address, free_port, token_for, voila_words, why_not


@pytest.fixture
def busy() -> Iterator[int]:
    """A port of this machine that somebody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield int(taken.getsockname()[1])


def command(*words: object) -> list[str]:
    own = ("--workspace", workbenches.filled(), "--no-browser")
    return [sys.executable, "-m", "segbench.serve", *map(str, (*own, *words))]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_alone_needs_no_token(host: str) -> None:
    assert token_for(host) == ""
    assert address(host, 9000, "") == "http://localhost:9000/"


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "192.168.0.7", "example.org"])
def test_beyond_this_machine_everyone_needs_a_token_that_is_new_each_time(host: str) -> None:
    assert len(token_for(host)) == 32
    assert token_for(host) != token_for(host)


def test_the_address_lets_in_who_types_it() -> None:
    assert address("example.org", 9000, "t") == "http://example.org:9000/?token=t"
    assert address("fd00::7", 9000, "t") == "http://[fd00::7]:9000/?token=t"
    assert address("0.0.0.0", 9000, "t") == f"http://{socket.gethostname()}:9000/?token=t"


def test_voila_is_told_the_token_and_to_try_no_other_port() -> None:
    words = voila_words(Path("a.ipynb"), "0.0.0.0", 9000, "dark", "-t")
    assert {"--Voila.token=-t", "--Voila.port_retries=0", "--port=9000"} <= {*words}


def test_a_port_that_is_in_use_is_told(busy: int) -> None:
    assert why_not("127.0.0.1", busy) == f"port {busy} on 127.0.0.1 is in use"
    assert "localhost" in why_not("localhost", busy)
    assert "0.0.0.0" in why_not("0.0.0.0", busy)


def test_a_host_that_is_not_here_is_told() -> None:
    assert "nobody can listen" in why_not("192.0.2.1", FIRST_PORT)
    assert "nobody can listen" in why_not("no-such-host.invalid", FIRST_PORT)


def test_a_port_that_was_closed_a_moment_ago_is_free_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            server.accept()[0].close()
    assert why_not("127.0.0.1", port) == ""


def test_without_a_port_one_that_is_free_is_taken() -> None:
    assert why_not("127.0.0.1", free_port("127.0.0.1")) == ""


def test_a_port_that_is_in_use_is_refused_at_once(busy: int) -> None:
    done = subprocess.run(command("--port", busy), capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"segbench: port {busy} on 127.0.0.1 is in use; give another --port or --host.\n"
    )


def test_only_who_has_the_token_gets_in(tmp_path: Path) -> None:
    log = tmp_path / "log"
    port = free_port("0.0.0.0")
    with log.open("w") as sink:
        words = command("--host", "0.0.0.0", "--port", port)
        server = subprocess.Popen(words, stdout=sink, stderr=sink, start_new_session=True)
    try:
        deadline = time.monotonic() + 120
        while "segbench is ready: " not in log.read_text():
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        (said,) = (line for line in log.read_text().splitlines() if "segbench is ready" in line)
        token = said.partition("?token=")[2]
        for given in ("", "?token=wrong"):
            assert lands_on(f"http://127.0.0.1:{port}/{given}").startswith("/login")
        assert lands_on(f"http://127.0.0.1:{port}/?token={token}") == "/"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def lands_on(url: str) -> str:
    """The path that a visitor of an address is sent to."""
    with urllib.request.urlopen(url, timeout=120) as page:
        assert page.status == 200
        return urllib.parse.urlsplit(page.url).path
