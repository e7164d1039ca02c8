"""What holds for every command: help, usage errors, and a missing workspace."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from segbench import __version__

COMMANDS = ("count", "demo", "describe", "export", "import", "overlap", "serve")


@pytest.mark.parametrize("flag", ["--help", "-h"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, flag: str, run: Any) -> None:
    result = run(command, flag)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Usage: main {command}")
    assert "--workspace" in result.stdout


def test_the_help_lists_every_command_and_the_exit_codes(run: Any) -> None:
    shown = run("--help").stdout
    for command in COMMANDS:
        assert f"\n  {command} " in shown
    assert "Exit codes: 0 done, 1 refused" in shown


def test_the_version_is_shown(run: Any) -> None:
    assert run("--version").stdout == f"segbench {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ("explode",),
        ("count",),
        ("overlap",),
        ("count", "Customers", "--explode"),
        ("count", "Customers", "--as-of", "yesterday"),
        ("export",),
        ("export", "--campaign", "Spring"),
        ("demo", "--contacts", "999"),
        ("demo", "--contacts", "many"),
        ("demo", "--seed", "-1"),
        ("demo", "--data", "weather"),
        ("demo", "--until", "tomorrow"),
        ("import", "--contacts", "missing.csv"),
        ("serve", "--port", "70000"),
        ("serve", "--theme", "pink"),
    ],
)
def test_wrong_usage_is_exit_code_two_and_changes_nothing(
    words: tuple[str, ...], run: Any, here: Path
) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage:" in result.stderr
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("count", "Customers"),
        ("describe",),
        ("describe", "Customers"),
        ("overlap", "Customers"),
        ("export", "--campaign", "Spring", "--segment", "Customers", "--yes"),
        ("serve", "--no-browser"),
    ],
)
def test_a_missing_workspace_is_refused_with_how_to_make_one(
    words: tuple[str, ...], refused: Any, here: Path
) -> None:
    told = refused(*words, "--workspace", "nowhere")
    assert "no workspace at" in told
    assert "segbench demo" in told
    assert list(here.iterdir()) == []


def test_a_folder_that_is_no_workspace_cannot_be_served(refused: Any, here: Path) -> None:
    (here / "other").mkdir()
    assert "no workspace at" in refused("serve", "--workspace", here / "other")


def test_serving_ends_with_the_servers_own_exit_code(
    run: Any, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    class Server:
        def __init__(self, words: list[str]) -> None:
            started.append(words)

        def wait(self) -> int:
            return 3

    monkeypatch.setattr(subprocess, "Popen", Server)
    options = ("--port", "9000", "--theme", "dark", "--no-browser")
    result = run("serve", "--workspace", demo, "--dashboard", "audience", *options)
    assert result.exit_code == 3
    assert started[0][:3] == [sys.executable, "-m", "segbench.serve"]
    pairs = dict(zip(started[0][3:-1:2], started[0][4::2], strict=True))
    assert pairs["--workspace"] == str(demo.resolve())
    assert (pairs["--port"], pairs["--theme"], pairs["--host"]) == ("9000", "dark", "127.0.0.1")
    assert started[0][-1] == "--no-browser"


def test_the_environment_names_the_workspace(
    run: Any, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGBENCH_WORKSPACE", str(demo))
    assert run("count", "Customers").exit_code == 0


def test_the_installed_command_keeps_results_and_errors_apart(demo: Path, here: Path) -> None:
    command = [str(Path(sys.executable).with_name("segbench")), "count", "--workspace", str(demo)]
    done = subprocess.run([*command, "customers", "--json"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["segment"] == "Customers"
    done = subprocess.run([*command, "Custmers"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "segbench: There is no saved segment 'Custmers'; did you mean 'Customers'?\n"
    )


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(
    run: Any, demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("segbench.cli.asking.find_segment", closed)
    result = run("count", "Customers", "-w", demo)
    assert (result.exit_code, result.stderr) == (1, "")
