"""The shared workspace to read, and copies of it to change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches

from segbench.workbench.workbench import Workbench


@pytest.fixture(scope="session")
def shared() -> Workbench:
    """Open for all tests that only read."""
    return workbenches.opened()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """The tests of a module may save in it; what they save has names of their own."""
    folder = workbenches.copied(tmp_path_factory.mktemp("own"))
    with Workbench.open(folder, clock=lambda: workbenches.NOW) as workbench:
        yield workbench


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace of the test's own, not open yet."""
    return workbenches.copied(tmp_path)
