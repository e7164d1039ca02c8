"""Runs the command line as a user does, in a folder of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import workbenches
from click.testing import CliRunner, Result

from segbench.cli import main
from segbench.workbench.workspace import ENVIRONMENT

Run = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty folder that commands run in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    return tmp_path


@pytest.fixture
def run(here: Path) -> Run:
    """Runs `segbench` with these words; the test fails where it breaks instead of answering."""

    def ran(*words: object, **options: Any) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words], **options)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return ran


@pytest.fixture
def ask(run: Run) -> Run:
    """Runs `segbench ... --json` on the shared workspace, which it must not change."""

    def asked(command: str, *words: object) -> Any:
        result = run(command, *words, "--workspace", workbenches.filled(), "--json")
        assert (result.exit_code, result.stderr) == (0, ""), result.stderr
        return json.loads(result.stdout)

    return asked


@pytest.fixture
def refused(run: Run) -> Callable[..., str]:
    """Runs `segbench`, which must refuse in one sentence; the sentence."""

    def told(*words: object) -> str:
        result = run(*words)
        assert (result.exit_code, result.stdout) == (1, ""), (result.stdout, result.stderr)
        lines = result.stderr.splitlines()
        assert len(lines) == 1, result.stderr
        assert lines[0].startswith("segbench: ")
        return lines[0].removeprefix("segbench: ")

    return told


@pytest.fixture
def demo() -> Path:
    """The shared workspace, for commands that only read."""
    return workbenches.filled()


@pytest.fixture
def own(here: Path) -> Path:
    """A workspace that the test may change."""
    return workbenches.copied(here)
