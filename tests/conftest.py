"""What the tests share: the awkward contacts and the crowd, in memory and in a lake."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from chromium import chromium, page
from hypothesis import HealthCheck, settings
from population import AS_OF, CATALOG, CLOCKS, CONTACT_ZONE, CONTACTS, SEGMENTS, ZONE, batch
from postgres import postgres_server

from segbench.engine.local import LocalEngine
from segbench.engine.memory import MemoryEngine
from segbench.lake.lake import Lake
from segbench.lake.tables import Notes
from segbench.model.catalog import Catalog
from segbench.plan.lower import Context

__all__ = ["chromium", "page", "postgres_server"]

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
settings.register_profile("segbench", deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "segbench-ci", settings.get_profile("segbench"), max_examples=100, print_blob=True
)
settings.load_profile("segbench-ci" if os.environ.get("CI") else "segbench")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """What can be asked of the contacts, written by hand."""
    return CATALOG


@pytest.fixture(scope="session")
def context(catalog: Catalog) -> Context:
    """The clock, the zone and the saved segments."""
    return Context(AS_OF, ZONE, catalog, SEGMENTS, contact_zone=CONTACT_ZONE)


@pytest.fixture(scope="session")
def contexts(catalog: Catalog) -> tuple[Context, ...]:
    """The same names at every clock of the population."""
    return tuple(
        Context(
            clock.as_of,
            clock.zone,
            catalog,
            SEGMENTS,
            week_start=clock.week_start,
            contact_zone=CONTACT_ZONE,
        )
        for clock in CLOCKS
    )


@pytest.fixture(scope="session")
def memory_engine() -> MemoryEngine:
    """The judge."""
    return MemoryEngine(CONTACTS)


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake of the same contacts, in the same order."""
    with Lake.create(tmp_path_factory.mktemp("contacts") / "lake") as lake:
        lake.load([batch(CONTACTS)], Notes())
        yield lake


@pytest.fixture(scope="session")
def local_engine(lake: Lake) -> Iterator[LocalEngine]:
    """The engine over that lake; its cache lasts as long as the tests."""
    with lake.snapshot() as snapshot:
        yield LocalEngine(snapshot)
