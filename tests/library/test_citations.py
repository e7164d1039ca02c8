"""Which snapshots exports cite, and what a library says once they are gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from segbench.library.library import Library
from segbench.model.campaign import ExportRecord

NOW = dt.datetime(2026, 10, 19, 9, 30, tzinfo=dt.UTC)
EXPORT = ExportRecord("ab12", NOW, "folder", "VIP", 12, "a" * 64, "b" * 64, snapshot=7)


@pytest.fixture
def exported(library: Library) -> Library:
    """Two campaigns: Spring with exports of 7 and 9, Autumn with one of 7."""
    for name in ("Spring", "Autumn"):
        library.create_campaign(name, now=NOW)
    library.record_export("Spring", EXPORT, now=NOW)
    library.record_export("Spring", replace(EXPORT, id="cd34", snapshot=9), now=NOW)
    library.record_export("Autumn", replace(EXPORT, id="ef56"), now=NOW)
    return library


def test_the_snapshot_of_an_export_comes_back(exported: Library) -> None:
    assert exported.campaign("Autumn").exports == (replace(EXPORT, id="ef56"),)
    assert exported.cited_snapshots() == {7: ("Autumn", "Spring"), 9: ("Spring",)}


def test_exports_of_an_expired_snapshot_are_marked_once(exported: Library) -> None:
    later = NOW + dt.timedelta(days=1)
    exported.mark_expired([7], now=NOW)
    exported.mark_expired([7, 8], now=later)
    marks = [export.expired for export in exported.campaign("Spring").exports]
    assert marks == [NOW, None]
    assert exported.campaign("Autumn").exports[0].expired == NOW
    assert exported.cited_snapshots() == {9: ("Spring",)}


def test_an_export_of_an_earlier_version_cites_what_is_noted_later(library: Library) -> None:
    library.create_campaign("Spring", now=NOW)
    library.record_export("Spring", replace(EXPORT, snapshot=None), now=NOW)
    assert library.cited_snapshots() == {}
    library.cite_snapshot("ab12", 3)
    library.cite_snapshot("ab12", 4)
    library.cite_snapshot("nobody", 5)
    assert library.cited_snapshots() == {3: ("Spring",)}
