"""A workspace says what it is, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from segbench.engine.cache import CacheSizes
from segbench.errors import FormatError, LakeMissing, LibraryError, RuleError
from segbench.lake.lake import Lake
from segbench.lake.retention import Retention
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import (
    DEFAULT,
    ENVIRONMENT,
    SETTINGS,
    Settings,
    Workspace,
    locate,
)

WHOLE = {
    "format": 1,
    "name": "Shop",
    "time_zone": "Europe/Berlin",
    "as_of": "2026-01-02T03:04:05Z",
    "engagement_events": ["order_placed"],
    "about": "",
}


def written(folder: Path, **changed: object) -> Workspace:
    (folder / SETTINGS).write_text(json.dumps(WHOLE | changed), "utf-8")
    return Workspace(folder)


def test_settings_come_back_as_they_were_written(tmp_path: Path) -> None:
    as_of = dt.datetime(2026, 3, 29, 1, 30)
    settings = Settings("Größe 🎈", "America/New_York", as_of, ("a", "b"), "line\nline")
    workspace = Workspace(tmp_path / "new" / "shop")
    assert not workspace.exists
    workspace.write(settings)
    assert workspace.exists
    assert workspace.settings() == settings
    assert [path.name for path in workspace.root.iterdir()] == [SETTINGS]


def test_the_library_is_a_file_in_the_folder_or_where_the_settings_say(tmp_path: Path) -> None:
    assert Workspace(tmp_path).library == written(tmp_path).library == tmp_path / "library.sqlite"
    url = "postgresql://me@db/shop?schema=shop"
    assert written(tmp_path, library=url).library == url
    Workspace(tmp_path).write(Settings(library=url))
    assert Workspace(tmp_path).settings().library == url


@pytest.mark.parametrize(
    ("library", "says"),
    [
        ("postgresql://me:hunter2@db/shop?schema=shop", "Leave the password out"),
        ("postgresql://me@db/shop", "Name the schema"),
        (["x"], "library is no URL"),
    ],
)
def test_a_library_that_cannot_be_there_is_told(library: object, says: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=says) as error:
        _ = written(tmp_path, library=library).library
    assert "hunter2" not in str(error.value)


def test_settings_without_a_pinned_clock_come_back_without_one(tmp_path: Path) -> None:
    Workspace(tmp_path).write(Settings())
    assert Workspace(tmp_path).settings().as_of is None


def test_a_pinned_clock_with_an_offset_is_turned_into_utc(tmp_path: Path) -> None:
    workspace = written(tmp_path, as_of="2026-07-01T02:00:00+02:00")
    assert workspace.settings().as_of == dt.datetime(2026, 7, 1)


def test_the_retention_comes_back_and_is_the_usual_one_where_none_is_written(
    tmp_path: Path,
) -> None:
    assert written(tmp_path).settings().retention == Retention(30, 365, None, 24)
    assert written(tmp_path, retention={"all_days": 7, "months": 0}).settings().retention == (
        Retention(7, 365, 0, 24)
    )
    Workspace(tmp_path).write(Settings(retention=Retention(1, 2, 3, 4)))
    assert Workspace(tmp_path).settings().retention == Retention(1, 2, 3, 4)


def test_the_sizes_of_caches_come_back_and_reach_the_engine(tmp_path: Path) -> None:
    assert written(tmp_path).settings().cache_mb == CacheSizes(128, 160, 1024)
    assert written(tmp_path, cache_mb={"sets": 7}).settings().cache_mb == CacheSizes(7, 160, 1024)
    Workspace(tmp_path).write(Settings(cache_mb=CacheSizes(1, 2, 3)))
    assert Workspace(tmp_path).settings().cache_mb == CacheSizes(1, 2, 3)
    Lake.create(Workspace(tmp_path).lake).close()
    with Workbench.open(tmp_path) as workbench:
        assert workbench.engine.timelines.most_bytes == 2 << 20


@pytest.mark.parametrize(
    ("setting", "numbers", "says"),
    [
        ("retention", {"days": 3}, "retention has no part 'days'; it has all_days, daily_days"),
        ("retention", {"all_days": 0}, "retention all_days is 0; give a whole number from 1 on"),
        ("retention", [30], "retention is no table of numbers"),
        ("cache_mb", {"disk": 3}, "cache_mb has no part 'disk'; it has sets, timelines, files"),
        ("cache_mb", {"files": -1}, "cache_mb files is -1; give a whole number from 0 on"),
        ("cache_mb", {"sets": 1.5}, "cache_mb sets is 1.5; give a whole number from 0 on"),
        ("cache_mb", 3, "cache_mb is no table of numbers"),
    ],
)
def test_numbers_that_make_no_sense_are_named(
    setting: str, numbers: object, says: str, tmp_path: Path
) -> None:
    with pytest.raises(FormatError, match=says):
        written(tmp_path, **{setting: numbers}).settings()


def test_settings_with_an_unknown_time_zone_are_never_written(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no time zone 'Mars/Base'"):
        Workspace(tmp_path / "new").write(Settings(time_zone="Mars/Base"))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("folder", ["missing", "."])
def test_a_folder_without_settings_is_no_workspace(folder: str, tmp_path: Path) -> None:
    with pytest.raises(LakeMissing, match=r"no workspace at .*segbench demo"):
        Workbench.open(tmp_path / folder)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"format": 1}',
        json.dumps(WHOLE | {"format": 2}),
        json.dumps(WHOLE | {"as_of": "yesterday"}),
        json.dumps(WHOLE | {"time_zone": "Mars/Base"}),
        json.dumps(WHOLE | {"engagement_events": "order_placed"}),
        "\udc80",
    ],
)
def test_damaged_settings_are_named(text: str, tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(FormatError, match=rf"{SETTINGS} in .* is damaged: "):
        Workbench.open(tmp_path)


def test_settings_without_a_lake_say_what_is_missing(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(LakeMissing, match="no lake at"):
        Workbench.open(tmp_path)


def test_a_damaged_library_is_named(folder: Path) -> None:
    (folder / "library.sqlite").write_bytes(b"this is no database, whatever its name says" * 100)
    with pytest.raises(LibraryError, match="library"):
        Workbench.open(folder)


def test_the_workspace_is_the_given_one_then_the_environments_then_the_demos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(ENVIRONMENT, "named")
    assert locate("given").root == tmp_path.resolve() / "given"
    assert locate(None).root == tmp_path.resolve() / "named"
    monkeypatch.setenv(ENVIRONMENT, "")
    assert locate(None).root == tmp_path.resolve() / DEFAULT
