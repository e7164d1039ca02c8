"""A real Voilà over a small demo workspace, for the browser tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from served import Server, serving

from segbench.demo.tour import tour_workspace


@pytest.fixture(scope="session")
def voila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`segbench serve` on a workspace of its own, until the tests are done."""
    with serving(tour_workspace(tmp_path_factory.mktemp("voila"))) as server:
        yield server
