"""Smart lists in the library, on SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from segbench.errors import FormatError, InUse, LibraryError, NameTaken, NotSaved
from segbench.library.campaign_tables import campaign_sources, campaigns
from segbench.library.library import Library
from segbench.library.tables import smart_lists
from segbench.model.ask import field, in_segment
from segbench.model.rules import Group, as_group
from segbench.model.segment import Segment
from segbench.model.smart_list import SmartList

NOW = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
GERMANS = SmartList(
    "Germans",
    as_group(field("country").is_any_of("DE")),
    ("key", "city"),
    (("city", "down"), ("key", "up")),
    "ann",
    "for Ana",
)


def test_a_list_comes_back_as_it_was_saved(library: Library) -> None:
    saved = library.lists.save(GERMANS, now=NOW, author="Ana")
    assert library.lists.one("germans") == saved
    assert saved.smart_list == GERMANS
    assert (saved.revision, saved.created, saved.updated, saved.author) == (1, NOW, NOW, "Ana")


def test_lists_are_sorted_and_named_whatever_the_case(library: Library) -> None:
    for name in ("Zoe", "anna", "Bert"):
        library.lists.save(SmartList(name), now=NOW)
    assert [each.smart_list.name for each in library.lists.all()] == ["anna", "Bert", "Zoe"]
    with pytest.raises(NameTaken, match="already a smart list 'Zoe'"):
        library.lists.save(SmartList("ZOE"), now=NOW)
    with pytest.raises(NotSaved, match="no smart list 'Bart'; did you mean 'Bert'"):
        library.lists.one("Bart")


def test_replacing_keeps_the_spelling_and_the_first_day(library: Library) -> None:
    library.lists.save(GERMANS, now=NOW, author="Ana")
    saved = library.lists.save(SmartList("GERMANS"), now=LATER, author="Ben", replace=True, seen=1)
    assert saved.smart_list == SmartList("Germans")
    assert (saved.revision, saved.created, saved.updated, saved.author) == (2, NOW, LATER, "Ben")


def test_nothing_is_overwritten_that_was_not_seen(library: Library) -> None:
    library.lists.save(GERMANS, now=NOW, author="Ana")
    library.lists.save(SmartList("Germans"), now=LATER, author="Ben", replace=True)
    with pytest.raises(LibraryError, match=r"changed by Ben at .* \(revision 2, you saw 1\)"):
        library.lists.save(GERMANS, now=LATER, replace=True, seen=1)
    assert library.lists.one("Germans").smart_list == SmartList("Germans")
    library.lists.delete("Germans")
    with pytest.raises(LibraryError, match="deleted or renamed meanwhile; nothing was saved"):
        library.lists.save(GERMANS, now=LATER, replace=True, seen=2)
    assert library.lists.all() == ()


def test_of_many_who_save_at_once_one_is_first(library: Library) -> None:
    library.lists.save(GERMANS, now=NOW)
    told: list[str] = []

    def save(number: int) -> None:
        try:
            library.lists.save(
                SmartList("Germans", search=str(number)), now=LATER, replace=True, seen=1
            )
            told.append(str(number))
        except LibraryError:
            told.append("refused")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = set(told) - {"refused"}
    assert told.count("refused") == 4
    assert library.lists.one("Germans").smart_list.search == winner


def test_a_renamed_list_is_used_by_the_same_campaigns_and_cannot_go(library: Library) -> None:
    library.lists.save(GERMANS, now=NOW)
    library.lists.save(SmartList("Others"), now=NOW)
    library.create_campaign("Autumn", now=NOW)
    _choose(library, "Autumn", "Germans")
    renamed = library.lists.rename("germans", "Deutsche", now=LATER, author="Ben")
    assert (renamed.smart_list.name, renamed.revision) == ("Deutsche", 2)
    assert library.lists.used_by("Deutsche") == ("Autumn",)
    with pytest.raises(InUse, match="'Deutsche' is used by the campaign 'Autumn'"):
        library.lists.delete("Deutsche")
    assert library.lists.used_by("Others") == ()
    library.lists.delete("Others")
    with pytest.raises(NotSaved):
        library.lists.one("Others")


def test_a_name_in_use_is_not_given_again(library: Library) -> None:
    library.lists.save(GERMANS, now=NOW)
    library.lists.save(SmartList("Others"), now=NOW)
    with pytest.raises(NameTaken, match="already a smart list 'Germans'"):
        library.lists.rename("Others", "GERMANS", now=LATER)
    assert library.lists.rename("Germans", "GERMANS", now=LATER).smart_list.name == "GERMANS"


def test_references_to_segments_follow_their_names(library: Library) -> None:
    library.save(Segment("Buyers", GERMANS.group), now=NOW)
    listed = SmartList("Mine", as_group(in_segment("BUYERS")))
    saved = library.lists.save(listed, now=NOW)
    assert saved.smart_list.group == as_group(in_segment("Buyers"))
    with pytest.raises(InUse, match="'Mine'"):
        library.delete("Buyers")
    library.rename("Buyers", "Customers", LATER)
    found = library.lists.one("Mine")
    assert found.smart_list.group == as_group(in_segment("Customers"))
    assert (found.revision, found.updated) == (2, LATER)


def test_rules_that_could_not_be_read_back_are_refused(library: Library) -> None:
    deep = Group(rules=(field("country").is_any_of("DE"),))
    for _ in range(40):
        deep = Group(rules=(deep,))
    with pytest.raises(FormatError, match="nested"):
        library.lists.save(SmartList("deep", deep), now=NOW)
    assert library.lists.all() == ()


def test_a_list_of_a_newer_version_says_so(library: Library) -> None:
    library.lists.save(GERMANS, now=NOW)
    with library._database.write() as connection:
        connection.execute(smart_lists.update().values(format=99))
    with pytest.raises(LibraryError, match="saved by a newer segbench"):
        library.lists.one("Germans")


def _choose(library: Library, campaign: str, listed: str) -> None:
    with library._database.write() as connection:
        campaign_id = connection.scalar(
            sa.select(campaigns.c.id).where(campaigns.c.name == campaign)
        )
        list_id = connection.scalar(sa.select(smart_lists.c.id).where(smart_lists.c.name == listed))
        values = {"campaign_id": campaign_id, "role": "include", "position": 0}
        connection.execute(campaign_sources.insert().values(**values, list_id=list_id))
