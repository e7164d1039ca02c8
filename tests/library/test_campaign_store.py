"""Campaigns with settings, sources and states, in both databases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from segbench.errors import CampaignError, InUse, LibraryError, NameTaken, NotSaved
from segbench.library.campaign_changes import CampaignChange
from segbench.library.campaigns import CampaignStore
from segbench.library.library import Library
from segbench.model.ask import field, in_segment
from segbench.model.campaign import ExportRecord
from segbench.model.campaign_split import Split
from segbench.model.recipe import list_source, rules_source, segment_source
from segbench.model.rules import Group, Params, PrebuiltRule, as_group
from segbench.model.segment import Segment
from segbench.model.send_settings import SendSettings
from segbench.model.smart_list import SmartList

MONDAY = dt.datetime(2026, 11, 16, 9, 30, tzinfo=dt.UTC)
TUESDAY = MONDAY + dt.timedelta(days=1)
GERMAN = as_group(field("country").is_any_of("DE"))
EXPORT = ExportRecord("c1r2-abc", TUESDAY, "20261117-spring", "VIP", 12, "a" * 64, "b" * 64, 3)
SETTINGS = SendSettings(
    subject="Hello",
    send_at=dt.datetime(2026, 11, 30, 9),
    time_zone="Europe/Berlin",
    split=Split((("A", 50), ("B", 50)), "spring"),
    fallbacks=(("first_name", "friend"),),
)
BUILT = rules_source("Built", as_group(in_segment("vip") & GERMAN))
ENGAGED = rules_source("Engaged", Group(rules=(PrebuiltRule("engaged", Params(days=30)),)))


@pytest.fixture
def store(library: Library) -> CampaignStore:
    for name in ("VIP", "New"):
        library.save(Segment(name, GERMAN), now=MONDAY)
    library.lists.save(SmartList("To call", GERMAN), now=MONDAY)
    library.mailings.create("Spring", MONDAY, "Ada")
    return library.mailings


def test_settings_and_sources_of_every_kind_come_back_in_their_order(store: CampaignStore) -> None:
    include = (list_source("to call"), BUILT, segment_source("vip"), ENGAGED)
    change = CampaignChange("Spring sale", SETTINGS, include, (segment_source("New"),))
    saved = store.change("spring", change, TUESDAY, "Bob")
    assert store.one("Spring SALE") == saved
    assert saved.settings == SETTINGS
    assert [(s.kind, s.name) for s in saved.include] == [
        ("list", "To call"),
        ("rules", "Built"),
        ("segment", "VIP"),
        ("rules", "Engaged"),
    ]
    assert saved.include[1].rules == as_group(in_segment("VIP") & GERMAN)
    assert saved.include[3].is_prebuilt
    assert saved.recipients == ("To call", "Built", "VIP", "Engaged")
    assert saved.exclude == (segment_source("New"),)
    assert (saved.revision, saved.author, saved.updated) == (2, "Bob", TUESDAY)
    assert store.change("Spring sale", CampaignChange(include=()), TUESDAY).include == ()


def test_nothing_is_written_where_nothing_differs(store: CampaignStore) -> None:
    before = store.change("Spring", CampaignChange(settings=SETTINGS), TUESDAY, "Ada")
    again = CampaignChange("Spring", SETTINGS, (), ())
    assert store.change("Spring", again, TUESDAY, "Bob") == before
    assert len(store.steps("Spring")) == 2


def test_a_copy_has_settings_and_sources_but_no_time_of_sending(store: CampaignStore) -> None:
    store.change("Spring", CampaignChange(None, SETTINGS, (BUILT,)), TUESDAY)
    made = store.create("Summer", TUESDAY, "Bob", "spring")
    assert made.settings == replace(SETTINGS, send_at=None)
    assert made.recipients == ("Built",)
    assert (made.state, made.revision, made.exports) == ("draft", 1, ())


def test_who_comes_second_is_told_what_the_first_one_changed(store: CampaignStore) -> None:
    seen = store.one("Spring").revision
    store.change("Spring", CampaignChange(settings=SETTINGS), TUESDAY, "Ada", seen)
    store.change("Spring", CampaignChange(include=(segment_source("VIP"),)), TUESDAY, "Bob")
    mine = CampaignChange(settings=SendSettings(subject="Mine"))
    with pytest.raises(LibraryError) as told:
        store.change("Spring", mine, TUESDAY, "Eve", seen)
    assert str(told.value) == (
        "The campaign 'Spring' was changed meanwhile: Ada changed subject, time of sending, time "
        "zone, fallbacks, split at 2026-11-17 09:30 UTC; Bob changed Recipient (To) at 2026-11-17 "
        "09:30 UTC. Nothing was overwritten: open it again and make your change there."
    )
    assert store.one("Spring").settings == SETTINGS
    with pytest.raises(LibraryError, match="was changed meanwhile"):
        store.advance("Spring", "review", TUESDAY, "Eve", seen=seen)


def test_each_step_is_kept_with_who_took_it(store: CampaignStore) -> None:
    store.change("Spring", CampaignChange(settings=SETTINGS), TUESDAY, "Ada")
    store.advance("Spring", "review", TUESDAY, "Bob", {"count": 12})
    store.advance("Spring", "schedule", TUESDAY, "Bob")
    after = store.hand_off("Spring", EXPORT, TUESDAY, "cron")
    assert (after.state, after.exports, after.revision) == ("handed_off", (EXPORT,), 5)
    steps = store.steps("Spring")
    assert [(step.state, step.author, step.detail["did"]) for step in steps] == [
        ("draft", "Ada", "create"),
        ("draft", "Ada", "edit"),
        ("reviewed", "Bob", "review"),
        ("scheduled", "Bob", "schedule"),
        ("handed_off", "cron", "hand_off"),
    ]
    assert steps[2].detail["count"] == 12
    assert steps[1].detail["changed"][0] == "subject"


def test_a_change_of_a_reviewed_campaign_makes_it_a_draft(store: CampaignStore) -> None:
    store.advance("Spring", "review", TUESDAY)
    assert store.change("Spring", CampaignChange(settings=SETTINGS), TUESDAY).state == "draft"


def test_a_hand_off_is_recorded_once_with_its_state(store: CampaignStore) -> None:
    with pytest.raises(CampaignError, match="Review it first"):
        store.hand_off("Spring", EXPORT, TUESDAY)
    assert store.one("Spring").exports == ()
    store.advance("Spring", "review", TUESDAY)
    first = store.hand_off("Spring", EXPORT, TUESDAY)
    assert store.hand_off("Spring", EXPORT, TUESDAY) == first
    with pytest.raises(CampaignError, match="is handed off"):
        store.hand_off("Spring", replace(EXPORT, id="other"), TUESDAY)
    assert store.one("Spring") == first


def test_a_source_that_is_not_saved_changes_nothing(store: CampaignStore) -> None:
    for source in (segment_source("VIPs"), list_source("To cal")):
        with pytest.raises(NotSaved, match="did you mean"):
            store.change("Spring", CampaignChange(None, SETTINGS, (source,)), TUESDAY)
    assert store.one("Spring").settings == SendSettings()


def test_a_name_that_is_taken_is_refused(store: CampaignStore) -> None:
    store.create("Summer", TUESDAY)
    with pytest.raises(NameTaken, match="'Summer'"):
        store.change("Spring", CampaignChange("SUMMER"), TUESDAY)
    assert store.change("Spring", CampaignChange("SPRING"), TUESDAY).name == "SPRING"


def test_a_source_is_chosen_once(store: CampaignStore) -> None:
    with pytest.raises(CampaignError, match=r"'vip' \(segment\) is chosen twice"):
        CampaignChange(include=(segment_source("VIP"), segment_source("vip")))


def test_what_a_campaign_goes_to_follows_its_name_and_cannot_go(
    library: Library, store: CampaignStore
) -> None:
    include = (segment_source("New"), list_source("To call"), BUILT)
    store.change("Spring", CampaignChange(include=include), TUESDAY)
    library.rename("New", "Newest", TUESDAY)
    library.rename("VIP", "Best", TUESDAY)
    library.lists.rename("To call", "Called", now=TUESDAY)
    campaign = store.one("Spring")
    assert campaign.recipients == ("Newest", "Called", "Built")
    assert campaign.include[2].rules == as_group(in_segment("Best") & GERMAN)
    for delete in (
        lambda: library.delete("Newest"),
        lambda: library.delete("Best"),
        lambda: library.lists.delete("Called"),
    ):
        with pytest.raises(InUse, match="'Spring'"):
            delete()
