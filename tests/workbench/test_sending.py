"""Review and Send: two steps, frozen once, whatever changes or breaks in between."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import mailings
import pyarrow.parquet as parquet
import pytest

from segbench.audience.export import verify_export
from segbench.audience.manifest import read_manifest
from segbench.errors import CampaignError, ExportError, LibraryError
from segbench.lake.importing import import_files
from segbench.library.campaign_changes import CampaignChange
from segbench.library.library import Library
from segbench.model.ask import field, tag
from segbench.model.campaign import Campaign
from segbench.model.campaign_split import HOLD_OUT, Split
from segbench.model.codec import group_from_data
from segbench.model.recipe import Recipe, list_source, rules_source, segment_source
from segbench.model.recipe_form import recipe_from_data
from segbench.model.rules import Group, Params, PrebuiltRule, as_group
from segbench.model.segment import Segment
from segbench.model.smart_list import SmartList
from segbench.workbench import handing, scheduling, sending
from segbench.workbench.audiences import find_audience
from segbench.workbench.verifying import verify
from segbench.workbench.workbench import Workbench

PEOPLE = mailings.drawn()
SPLIT = Split((("A", 45), ("B", 45), (HOLD_OUT, 10)), "spring")
AT_ONCE = mailings.NOW
LATER = mailings.NOW + dt.timedelta(hours=2)
AT = dt.datetime(2026, 11, 20, 13)


TIMES = [mailings.NOW]
"""What the clock shows: the last of these."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    root = mailings.make(tmp_path_factory.mktemp("sending"), PEOPLE)
    with Library.open(root / "kept.sqlite") as library:
        for name, country in (("German", "DE"), ("Austrian", "AT")):
            rules = as_group(field("country").is_any_of(country))
            library.save(Segment(name, rules), now=mailings.NOW)
    with Workbench.open(root, clock=lambda: TIMES[-1]) as workbench:
        yield workbench


@pytest.fixture
def own(opened: Workbench) -> Iterator[Workbench]:
    """One lake for all tests, at its first moment; a library of its own with two segments."""
    TIMES[:] = [mailings.NOW]
    root = opened.workspace.root
    opened.library.close()
    for left in root.glob("library.sqlite*"):
        left.unlink()
    shutil.copy(root / "kept.sqlite", root / "library.sqlite")
    opened.library = Library.open(root / "library.sqlite")
    yield opened
    shutil.rmtree(opened.workspace.exports, ignore_errors=True)


def campaign(workbench: Workbench, name: str = "Spring", **settings: Any) -> Campaign:
    """A draft to two segments, with settings that are sound."""
    workbench.library.mailings.create(name, workbench.clock(), "Ada")
    change = CampaignChange(
        settings=replace(mailings.SOUND, **settings),
        include=(segment_source("German"), segment_source("Austrian")),
        exclude=(rules_source("Without a name", as_group(field("first_name").is_empty())),),
    )
    return workbench.library.mailings.change(name, change, workbench.clock(), "Ada")


def reviewed(workbench: Workbench, **settings: Any) -> Campaign:
    found = sending.mark_reviewed(workbench, campaign(workbench, **settings).name)
    assert found.campaign.state == "reviewed", found.issues
    return found.campaign


def scheduled(workbench: Workbench) -> Campaign:
    reviewed(workbench, send_at=AT)
    agreed = scheduling.confirm_schedule(workbench, "Spring")
    return scheduling.schedule(workbench, agreed)


def folders(workbench: Workbench) -> list[Path]:
    exports = workbench.workspace.exports
    return sorted(exports.iterdir()) if exports.exists() else []


def test_a_campaign_is_reviewed_confirmed_and_handed_off(own: Workbench) -> None:
    reviewed(own)
    agreed = sending.confirm_sending(own, "Spring")
    audience = find_audience(own, own.library.campaign("Spring").recipe)
    assert agreed.count == len(audience.final) > 0
    assert agreed.question == (
        f"Hand off {agreed.count:,} recipients of “German + 1 more” for the campaign “Spring”?"
    )
    assert f"{len(audience.chosen.matching):,} match" in agreed.account
    assert f"{audience.ladder.unreachable:,} cannot be reached" in agreed.account
    assert "To “German” (contacts where Country is “DE”)" in agreed.sentence
    done: list[int] = []
    record = sending.send(own, agreed, done.append)
    after = own.library.campaign("Spring")
    assert (after.state, after.exports) == ("handed_off", (record,))
    assert (record.count, done[-1]) == (agreed.count, agreed.count)
    assert folders(own) == [handing.folder_of(own, record)]
    assert verify_export(folders(own)[0], record.manifest_sha256) == ()
    with pytest.raises(CampaignError, match="is handed off, so it cannot be handed off"):
        sending.send(own, agreed)


def test_the_files_hold_the_final_recipients_with_their_list_and_group(own: Workbench) -> None:
    reviewed(own, split=SPLIT, columns=("key", "country"))
    agreed = sending.confirm_sending(own, "Spring")
    record = sending.send(own, agreed)
    table = parquet.read_table(handing.folder_of(own, record) / "recipients.parquet")
    assert table.column_names == ["key", "country", "claimed_by", "split_group"]
    rows = table.to_pylist()
    assert {(row["country"], row["claimed_by"]) for row in rows} == {
        ("DE", "German"),
        ("AT", "Austrian"),
    }
    audience = find_audience(own, own.library.campaign("Spring").recipe)
    sizes = Counter(row["split_group"] for row in rows)
    assert sizes == {"A": audience.sizes["A"], "B": audience.sizes["B"]}
    assert agreed.held_out == audience.sizes[HOLD_OUT] > 0
    assert len(rows) + agreed.held_out == len(audience.final)


def test_the_manifest_has_the_recipe_the_ladder_and_the_split(own: Workbench) -> None:
    reviewed(own, split=SPLIT)
    record = sending.send(own, sending.confirm_sending(own, "Spring"))
    manifest = read_manifest(handing.folder_of(own, record))
    audience = find_audience(own, own.library.campaign("Spring").recipe)
    assert [step["taken"] for step in manifest["ladder"]] == [
        rung.taken for rung in audience.ladder.rungs
    ]
    assert manifest["split"]["seed"] == "spring"
    assert manifest["split"]["sizes"] == dict(audience.sizes)
    recipe, rules = recipe_from_data(manifest["recipe"])
    assert recipe == own.library.campaign("Spring").recipe
    assert rules[segment_source("German")] == own.library.segment("German").segment.group
    assert manifest["counts"]["matching"] == len(audience.chosen.matching)
    assert own.count(_group(manifest)) == len(audience.chosen.targeted)


def test_a_handed_off_campaign_is_verified_over_the_data_of_then(
    own: Workbench, tmp_path: Path
) -> None:
    french = as_group(field("country").is_any_of("FR"))
    own.library.lists.save(SmartList("French", french), now=AT_ONCE)
    engaged = PrebuiltRule("unreachable", Params(reason="no_consent"))
    known = campaign(own, split=SPLIT, personal=True, keep="newest", without=("first_name",))
    change = CampaignChange(
        include=(*known.include, list_source("French")),
        exclude=(rules_source("No consent", Group(rules=(engaged,))),),
    )
    own.library.mailings.change("Spring", change, own.clock())
    sending.mark_reviewed(own, "Spring")
    record = sending.send(own, sending.confirm_sending(own, "Spring"))
    more = tmp_path / "more.csv"
    more.write_text("key,email,country\nlate-1,late-1@mail.example,DE\n")
    import_files(own.lake, contacts=more)
    own.refresh()
    own.library.lists.save(SmartList("French"), now=AT_ONCE, replace=True)
    found = verify(own, record.id)
    assert (found.problems, found.unchecked) == ((), ())


def _group(manifest: dict[str, Any]) -> Any:
    return group_from_data(manifest["segment"]["rules"])


def test_personal_fields_are_in_the_files_only_where_they_are_asked_for(own: Workbench) -> None:
    found = sending.mark_reviewed(own, campaign(own).name)
    said = {issue.code: issue.message for issue in found.issues}
    assert said["no-address-in-files"].startswith("The files have no email, since it is personal")
    record = sending.send(own, sending.confirm_sending(own, "Spring"))
    names = read_manifest(handing.folder_of(own, record))["columns"]
    assert {"email", "phone", "first_name"}.isdisjoint(names)
    assert "country" in names
    assert not codes(own, "Asked", columns=("key", "email")) & {"files", "no-address-in-files"}
    assert not codes(own, "All", personal=True) & {"files", "no-address-in-files"}
    assert "files" in codes(own, "Wrong", columns=("emial",))
    assert "files" in codes(own, "Unknown", formats=("fax",))


def codes(own: Workbench, name: str, **settings: Any) -> set[str]:
    found = sending.mark_reviewed(own, campaign(own, name, **settings).name)
    return {issue.code for issue in found.issues}


def test_what_is_not_reviewed_is_not_sent(own: Workbench) -> None:
    campaign(own)
    with pytest.raises(CampaignError, match="is a draft, so it cannot be handed off"):
        sending.confirm_sending(own, "Spring")
    reviewed_once = sending.mark_reviewed(own, "Spring").campaign
    scheduling.changed(own, reviewed_once, CampaignChange(settings=mailings.SOUND, include=()))
    with pytest.raises(CampaignError, match="Review it first"):
        sending.confirm_sending(own, "Spring")


def test_a_review_with_errors_leaves_a_draft(own: Workbench) -> None:
    campaign(own, subject="")
    found = sending.mark_reviewed(own, "Spring")
    assert [issue.code for issue in found.issues if issue.level == "error"] == ["missing-setting"]
    assert own.library.campaign("Spring").state == "draft"


def test_a_segment_that_changed_since_is_not_sent(own: Workbench) -> None:
    reviewed(own)
    agreed = sending.confirm_sending(own, "Spring")
    own.save(Segment("German", as_group(field("country").is_any_of("FR"))), replace_saved=True)
    with pytest.raises(ExportError, match="changed since it was confirmed"):
        sending.send(own, agreed)
    assert folders(own) == []
    assert own.library.campaign("Spring").state == "reviewed"


def test_a_campaign_that_somebody_changed_meanwhile_is_not_sent(
    own: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed(own)
    agreed = sending.confirm_sending(own, "Spring")
    write = sending.write_promise

    def interrupted(*given: Any) -> Any:
        made = write(*given)
        other = CampaignChange(settings=replace(mailings.SOUND, subject="Another"))
        own.library.mailings.change("Spring", other, own.clock(), "Bob")
        return made

    monkeypatch.setattr(sending, "write_promise", interrupted)
    with pytest.raises(LibraryError, match="Bob changed subject at"):
        sending.send(own, agreed)
    assert folders(own) == []
    assert own.library.campaign("Spring").exports == ()


def test_what_was_cut_short_is_taken_over_and_not_done_twice(
    own: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    reviewed(own)
    agreed = sending.confirm_sending(own, "Spring")

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(own.library.mailings, "hand_off", cut)
        with pytest.raises(KeyboardInterrupt):
            sending.send(own, agreed)
    (left,) = folders(own)
    record = sending.send(own, agreed)
    assert folders(own) == [left] == [handing.folder_of(own, record)]


def test_files_that_were_given_up_are_removed(own: Workbench) -> None:
    reviewed(own)
    known = sending.hand_off_id(own.library.campaign("Spring"), "given up")
    left = own.workspace.exports / f"20261120-120000-spring-{known}"
    left.mkdir(parents=True)
    scheduling.cancel(own, "Spring")
    assert folders(own) == []


def test_what_a_killed_export_left_behind_is_removed_after_a_day(own: Workbench) -> None:
    old, new = (own.workspace.exports / f".segbench-{n}.unfinished" for n in ("old", "new"))
    for folder, hours in ((old, 25), (new, 23)):
        folder.mkdir(parents=True)
        at = (mailings.NOW - dt.timedelta(hours=hours)).timestamp()
        os.utime(folder, (at, at))
    assert list(scheduling.run_due(own)) == []
    assert folders(own) == [new]


def test_a_scheduled_campaign_is_evaluated_anew_at_its_time(own: Workbench, tmp_path: Path) -> None:
    assert scheduled(own).state == "scheduled"
    assert list(scheduling.run_due(own)) == []
    before = len(find_audience(own, own.library.campaign("Spring").recipe).final)
    more = tmp_path / "more.csv"
    more.write_text(
        "key,email,first_name,country,email_consent,do_not_disturb\n"
        "new-1,new-1@mail.example,Eve,DE,true,false\n"
    )
    import_files(own.lake, contacts=more)
    TIMES.append(LATER)
    (outcome,) = scheduling.run_due(own)
    assert outcome.record is not None, outcome.held or outcome.failed
    assert outcome.record.count == before + 1
    assert own.library.campaign("Spring").state == "handed_off"
    assert list(scheduling.run_due(own)) == []
    assert len(folders(own)) == 1


def test_a_scheduled_campaign_that_cannot_be_sent_is_held_with_the_reason(
    own: Workbench,
) -> None:
    scheduled(own)
    own.save(Segment("German", as_group(tag("nobody has it"))), replace_saved=True)
    own.save(Segment("Austrian", as_group(tag("nobody has it"))), replace_saved=True)
    TIMES.append(LATER)
    (outcome,) = scheduling.run_due(own)
    assert outcome.record is None
    assert "Nobody is in the chosen segments" in outcome.held
    after = own.library.campaign("Spring")
    assert (after.state, after.exports) == ("draft", ())
    assert outcome.held == own.library.mailings.steps("Spring")[-1].detail["held"]
    assert list(scheduling.run_due(own)) == []


def _name(own: Workbench) -> str:
    """The first name of one contact who can be mailed."""
    germans = Recipe((segment_source("German"),), without=("first_name",))
    final = find_audience(own, germans).final
    return str(own.engine.rows(final, ["first_name"]).read_all()["first_name"][0])


def test_far_more_recipients_than_were_agreed_to_are_held(
    own: Workbench,
) -> None:
    own.save(
        Segment("German", as_group(field("first_name").is_any_of(_name(own)))), replace_saved=True
    )
    own.save(Segment("Austrian", as_group(tag("nobody has it"))), replace_saved=True)
    scheduled(own)
    everybody = as_group(field("country").is_any_of("DE", "AT", "FR"))
    own.save(Segment("Austrian", everybody), replace_saved=True)
    TIMES.append(LATER)
    (outcome,) = scheduling.run_due(own)
    assert "that were agreed to when it was scheduled" in outcome.held


def test_a_campaign_is_scheduled_only_for_a_time_to_come(own: Workbench) -> None:
    reviewed(own)
    with pytest.raises(CampaignError, match="has no time of sending"):
        scheduling.confirm_schedule(own, "Spring")
    past = dt.datetime(2026, 11, 20, 11)
    found = sending.mark_reviewed(own, campaign(own, "Late", send_at=past).name)
    assert [issue.code for issue in found.issues if issue.level == "error"] == ["past-schedule"]


def test_what_is_scheduled_is_not_changed_before_it_is_off_the_schedule(own: Workbench) -> None:
    known = scheduled(own)
    with pytest.raises(CampaignError, match="Take it off the schedule first"):
        scheduling.changed(own, known, CampaignChange(name="Summer"))
    assert scheduling.withdraw(own, "Spring").state == "draft"
    assert scheduling.cancel(own, "Spring").state == "cancelled"
    assert scheduling.reopen(own, "Spring").state == "draft"
