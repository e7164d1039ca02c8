"""A library in a PostgreSQL database, for many machines."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from segbench.errors import LibraryError, NameTaken
from segbench.library.library import Library
from segbench.library.places import shared_library
from segbench.model.ask import tag
from segbench.model.rules import as_group
from segbench.model.segment import Segment

NOW = dt.datetime(2026, 11, 3, 9, tzinfo=dt.UTC)
VIPS = as_group(tag("vip"))


def test_what_one_machine_saves_another_finds(shared: str) -> None:
    with Library.open(shared) as here, Library.open(shared) as there:
        saved = here.save(Segment("VIPs", VIPS), now=NOW)
        assert there.segment("vips") == saved
        with pytest.raises(NameTaken):
            there.save(Segment("VIPS", VIPS), now=NOW)


def test_each_schema_is_a_library_of_its_own(shared: str) -> None:
    with Library.open(shared) as one, Library.open(f"{shared}_too") as other:
        one.save(Segment("VIPs", VIPS), now=NOW)
        assert other.segments() == ()


def test_many_that_open_a_new_one_at_once_all_get_it(shared: str) -> None:
    def save(number: int) -> None:
        with Library.open(shared) as library:
            library.save(Segment(f"S{number}", VIPS), now=NOW)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(save, range(6)))
    with Library.open(shared) as library:
        assert len(library.segments()) == 6


def test_of_two_that_change_a_segment_the_second_is_told(shared: str) -> None:
    with Library.open(shared) as here, Library.open(shared) as there:
        seen = here.save(Segment("S", VIPS), now=NOW).revision
        here.save(Segment("S", as_group(tag("new"))), now=NOW, replace=True, seen=seen)
        with pytest.raises(LibraryError, match="meanwhile"):
            there.save(Segment("S", VIPS), now=NOW, replace=True, seen=seen)


def test_a_wrong_password_is_told_and_not_repeated(
    shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", "hunter2")
    with pytest.raises(LibraryError, match="password authentication failed") as error:
        Library.open(shared)
    assert "hunter2" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://me:hunter2@host/db?schema=shop", "Leave the password out"),
        ("postgresql://me@host/db?schema=shop&password=hunter2", "Leave the password out"),
        ("postgresql://me@host/db", "Name the schema of this workspace's library"),
        ("postgresql://me@host/db?schema=Shop; DROP", "Name the schema"),
        ("postgresql://me@host?schema=shop", "That is no URL of a PostgreSQL database"),
        ("mysql://me:hunter2@host/db?schema=shop", "That is no URL"),
        ("postgresql://[oops/db?schema=shop", "That is no URL"),
        (str(Path("library.sqlite")), "That is no URL"),
    ],
)
def test_only_a_url_that_says_all_but_the_password_is_taken(url: str, says: str) -> None:
    with pytest.raises(LibraryError, match=says) as error:
        shared_library(url)
    assert "hunter2" not in str(error.value)
