"""What a review gathers in a workbench: sources, fields that recipients lack, the last campaign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import mailings
import pytest
from mailings import Person

from segbench.library.campaign_changes import CampaignChange
from segbench.model.ask import field, in_segment
from segbench.model.campaign import Campaign
from segbench.model.filing import Filing
from segbench.model.recipe import list_source, rules_source, segment_source
from segbench.model.rules import Group, Params, PrebuiltRule, as_group
from segbench.model.segment import Segment
from segbench.model.smart_list import SmartList
from segbench.workbench import sending
from segbench.workbench.audiences import find_audience
from segbench.workbench.reviewing import review_campaign
from segbench.workbench.workbench import Workbench

PEOPLE = mailings.drawn(120)
numbers = count()
GERMAN = as_group(field("country").is_any_of("DE"))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """One workspace for all; what tests save in it has names of its own."""
    root = mailings.make(tmp_path_factory.mktemp("own") / "own", PEOPLE)
    with mailings.opened(root) as workbench:
        workbench.save(Segment("German", GERMAN))
        yield workbench


def campaign(own: Workbench, change: CampaignChange, name: str = "") -> Campaign:
    name = name or f"Spring {next(numbers)}"
    own.library.mailings.create(name, own.clock())
    own.library.mailings.change(name, CampaignChange(settings=mailings.SOUND), own.clock())
    return own.library.mailings.change(name, change, own.clock())


def said(own: Workbench, known: Campaign, level: str = "") -> dict[str, str]:
    issues = review_campaign(own, known).issues
    return {i.code: f"{i.place}: {i.message}" for i in issues if not level or i.level == level}


def test_a_sound_campaign_has_notes_only(own: Workbench) -> None:
    known = campaign(own, CampaignChange(include=(segment_source("German"),)))
    assert said(own, known, "error") == {}
    assert set(said(own, known, "warning")) <= {"suppressed-address", "no-address-in-files"}
    assert {"missing-field", "pinned-clock"} <= set(said(own, known))


def test_an_address_that_another_contact_unsubscribed_is_said(tmp_path: Path) -> None:
    agrees = {"email_consent": "true", "first_name": "Eve"}
    people = [
        Person("a", "one@mail.example", **agrees),
        Person("b", "ONE@mail.example", country="FR", email_status="unsubscribed", **agrees),
        Person("c", "two@mail.example", **agrees),
        Person("d", "two@mail.example", country="FR", **agrees),
    ]
    with mailings.opened(mailings.make(tmp_path / "four", people)) as own:
        known = campaign(own, CampaignChange(include=(rules_source("Germans", GERMAN),)))
        told = said(own, known, "warning")["suppressed-address"]
        assert told.startswith("exclude: 1 contact would get it by an address")


def test_recipients_who_lack_a_field_of_the_message_are_counted(own: Workbench) -> None:
    settings = replace(mailings.SOUND, subject="Hello {{ first_name }}")
    known = campaign(own, CampaignChange(None, settings, (segment_source("German"),)))
    audience = find_audience(own, known.recipe)
    nameless = own.members(field("first_name").is_empty())
    lacking = len(nameless & audience.final)
    assert lacking
    told = f"{lacking} contacts of {len(audience.final)} recipients have no first_name"
    assert told in said(own, known, "warning")["missing-field"]
    without = replace(known, settings=replace(settings, without=("first_name",)))
    assert "missing-field" not in said(own, without)
    assert len(find_audience(own, without.recipe).final) == len(audience.final) - lacking


def test_an_or_that_is_wider_than_its_neighbours_is_said_at_its_source(own: Workbench) -> None:
    wide = as_group(
        field("first_name").is_any_of("Name1") | field("country").is_any_of("DE", "AT", "FR")
    )
    known = campaign(own, CampaignChange(include=(rules_source("Wide", wide),)))
    assert said(own, known, "warning")["wide-or"].startswith("include.0: “Wide”: This row alone")


def test_an_archived_segment_is_said_where_it_is_used(own: Workbench) -> None:
    own.save(Segment("Old", GERMAN))
    own.library.file("Old", Filing(status="archived"), own.clock())
    known = campaign(own, CampaignChange(include=(segment_source("Old"),)))
    assert said(own, known)["archived"] == "include.0: The segment “Old” is archived."
    used = rules_source("Uses it", as_group(in_segment("Old")))
    other = campaign(own, CampaignChange(include=(used,)))
    told = said(own, other, "warning")["archived-segment"]
    assert told == "include.0: “Uses it”: The saved segment 'Old' is archived; it still counts."


def test_a_source_that_cannot_be_asked_must_be_mended(own: Workbench) -> None:
    own.library.lists.save(SmartList("Everybody"), now=own.clock())
    sources = (
        rules_source("Wrong", as_group(field("shoe_size").equals(42))),
        list_source("Everybody"),
    )
    known = campaign(own, CampaignChange(include=sources, exclude=(segment_source("German"),)))
    reviewed = review_campaign(own, known)
    assert reviewed.audience is None
    errors = {issue.place: issue.message for issue in reviewed.issues if issue.level == "error"}
    assert "shoe_size" in errors["include.0"]
    assert "everybody is on it" in errors["include.1"]


def test_a_smart_list_and_a_pre_built_segment_are_sources_too(own: Workbench) -> None:
    own.library.lists.save(SmartList("To call", GERMAN), now=own.clock())
    prebuilt = Group(rules=(PrebuiltRule("unreachable", Params(reason="no_consent")),))
    change = CampaignChange(
        include=(list_source("To call"),), exclude=(rules_source("No consent", prebuilt),)
    )
    audience = find_audience(own, campaign(own, change).recipe)
    assert audience.chosen.matching == own.members(GERMAN)
    assert audience.chosen.excluded == own.members(as_group(GERMAN & prebuilt))


def test_the_last_campaign_is_what_the_size_is_held_against(own: Workbench) -> None:
    few = rules_source("Few", as_group(field("email").is_any_of(*_addresses(own, 1))))
    campaign(own, CampaignChange(include=(few,)), "Small")
    sending.mark_reviewed(own, "Small")
    record = sending.send(own, sending.confirm_sending(own, "Small"))
    known = campaign(own, CampaignChange(include=(segment_source("German"),)))
    assert f"× the last campaign, “Small” with {record.count}" in said(own, known)["size-jump"]


def _addresses(own: Workbench, count: int) -> list[str]:
    known = campaign(own, CampaignChange(include=(segment_source("German"),)))
    final = find_audience(own, known.recipe).final
    return [str(each) for each in own.engine.rows(final, ["email"]).read_all()["email"]][:count]
