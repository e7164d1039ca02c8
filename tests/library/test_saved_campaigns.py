"""Campaigns: recipients, exports, what keeps them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from segbench.errors import InUse, LibraryError, NameTaken, NotSaved
from segbench.library.library import Library
from segbench.model.campaign import Campaign, ExportRecord
from segbench.model.rules import FieldRule, Group
from segbench.model.segment import Segment

MONDAY = dt.datetime(2026, 10, 19, 9, 30, 15, 123456, tzinfo=dt.UTC)
TUESDAY = MONDAY + dt.timedelta(days=1)
EXPORT = ExportRecord("ab12", TUESDAY, "exports/ü", "VIP", 12_345, "a" * 64, "b" * 64)


@pytest.fixture
def spring(library: Library) -> Library:
    for name in ("VIP", "New", "Lapsed"):
        library.save(
            Segment(name, Group("and", (FieldRule("country", "is", ("DE",)),))), now=MONDAY
        )
    library.create_campaign("Spring sale", now=MONDAY)
    return library


def test_a_campaign_starts_empty_and_comes_back(spring: Library) -> None:
    assert spring.campaign("SPRING  SALE") == Campaign("Spring sale", (), MONDAY, MONDAY)
    assert spring.create_campaign("Autumn", now=TUESDAY).created == TUESDAY
    assert [campaign.name for campaign in spring.campaigns()] == ["Autumn", "Spring sale"]


def test_a_campaign_name_is_taken_whatever_its_case(spring: Library) -> None:
    with pytest.raises(NameTaken, match=r"^There is already a campaign 'Spring sale'\.$"):
        spring.create_campaign("spring SALE", now=MONDAY)


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\x07b"])
def test_a_campaign_needs_a_name(spring: Library, name: str) -> None:
    with pytest.raises(LibraryError, match="A campaign needs a name of 1 to 120"):
        spring.create_campaign(name, now=MONDAY)


def test_a_missing_campaign_offers_near_names(spring: Library) -> None:
    with pytest.raises(
        NotSaved, match=r"^There is no campaign 'Sprng sale'; did you mean 'Spring sale'\?$"
    ):
        spring.campaign("Sprng sale")


def test_recipients_keep_their_order_and_the_saved_spelling(spring: Library) -> None:
    campaign = spring.set_recipients("spring sale", ("vip", "New", "VIP"), now=TUESDAY)
    assert campaign.recipients == ("VIP", "New")
    assert campaign.updated == TUESDAY
    assert spring.set_recipients("Spring sale", ("Lapsed",), now=TUESDAY).recipients == ("Lapsed",)
    assert spring.set_recipients("Spring sale", (), now=TUESDAY).recipients == ()


def test_recipients_must_be_saved(spring: Library) -> None:
    spring.set_recipients("Spring sale", ("VIP",), now=MONDAY)
    with pytest.raises(NotSaved, match=r"There is no saved segment 'Lapsd'; did you mean 'Lapsed"):
        spring.set_recipients("Spring sale", ("New", "Lapsd"), now=TUESDAY)
    assert spring.campaign("Spring sale").recipients == ("VIP",)


def test_recipients_follow_a_renamed_segment(spring: Library) -> None:
    spring.set_recipients("Spring sale", ("VIP",), now=MONDAY)
    spring.rename("VIP", "Best", TUESDAY)
    assert spring.campaign("Spring sale").recipients == ("Best",)


def test_exports_stay_as_they_were_recorded(spring: Library) -> None:
    second = replace(EXPORT, id="0000")
    spring.record_export("Spring sale", EXPORT, now=TUESDAY)
    campaign = spring.record_export("Spring sale", second, now=TUESDAY)
    spring.rename("VIP", "Best", TUESDAY)
    assert campaign.exports == spring.campaign("Spring sale").exports == (EXPORT, second)
    assert campaign.updated == TUESDAY


def test_an_export_is_recorded_once(spring: Library) -> None:
    spring.record_export("Spring sale", EXPORT, now=TUESDAY)
    spring.create_campaign("Autumn", now=MONDAY)
    with pytest.raises(LibraryError, match=r"^An export 'ab12' is already recorded\.$"):
        spring.record_export("Autumn", EXPORT, now=TUESDAY)


def test_a_campaign_with_exports_cannot_go(spring: Library) -> None:
    spring.record_export("Spring sale", EXPORT, now=TUESDAY)
    with pytest.raises(
        InUse, match=r"^The campaign 'Spring sale' has 1 export; it stays as their record\.$"
    ):
        spring.delete_campaign("Spring sale")


def test_a_campaign_without_exports_goes_and_frees_its_recipients(spring: Library) -> None:
    spring.set_recipients("Spring sale", ("VIP",), now=MONDAY)
    spring.delete_campaign("spring sale")
    assert spring.campaigns() == ()
    spring.delete("VIP")
