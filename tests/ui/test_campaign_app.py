"""The campaign dashboard without a browser: one writer, live numbers, two steps."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest
import workbenches
from ipywidgets.widgets import widget

from segbench.lake.importing import import_files
from segbench.library.campaign_changes import CampaignChange
from segbench.library.library import Library
from segbench.model.ask import field
from segbench.model.recipe import segment_source
from segbench.model.rules import as_group
from segbench.model.send_settings import SendSettings
from segbench.ui.campaign_app import CampaignApp
from segbench.ui.campaign_numbers import ladder_html
from segbench.workbench.audiences import find_audience
from segbench.workbench.workbench import Workbench


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder = workbenches.copied(tmp_path_factory.mktemp("app"))
    shutil.copy(folder / "library.sqlite", folder / "kept.sqlite")
    with Workbench.open(folder, clock=lambda: workbenches.NOW) as opened:
        yield opened


@pytest.fixture
def app(workbench: Workbench) -> Iterator[CampaignApp]:
    """The dashboard over a lake that all tests share, and a library of the test's own."""
    root = workbench.workspace.root
    workbench.library.close()
    for left in root.glob("library.sqlite*"):
        left.unlink()
    shutil.copy(root / "kept.sqlite", root / "library.sqlite")
    workbench.library = Library.open(root / "library.sqlite")
    made = CampaignApp(workbench, follow=False)
    yield made
    made.session.wait()
    made.draft.wait()
    made.close()


@pytest.fixture
def spring(app: CampaignApp) -> CampaignApp:
    """With a campaign that nothing keeps from being sent."""
    app.head.name.value = "Spring"
    app.head.create()
    for name, text in {
        "subject": "Hello {{ first_name|friend }}",
        "sender_name": "Ada",
        "sender_address": "ada@example.com",
    }.items():
        app.settings.lines[name].value = text
    app.settings.body.value = "Dear {{ first_name|friend }}"
    app.sources.add("include", segment_source("Customers"))
    app.head.save()
    app.draft.wait()
    return app


def told(widget: Any) -> str:
    return str(widget.value)


def codes(app: CampaignApp) -> set[str]:
    assert app.draft.reviewed is not None
    return {i.code for i in app.draft.reviewed.issues if i.level == "error"}


def test_nothing_can_be_done_before_a_campaign_is_open(app: CampaignApp) -> None:
    hidden = [app.settings.box, app.sources.box, app.numbers.box, app.review.box, app.attached]
    assert {box.layout.display for box in hidden} == {"none"}
    assert "Open a campaign, or create one." in told(app.head.state)


def test_what_is_typed_is_saved_and_comes_back(spring: CampaignApp) -> None:
    saved = spring.workbench.library.campaign("Spring")
    assert saved.settings.subject == "Hello {{ first_name|friend }}"
    assert saved.recipients == ("Customers",)
    assert saved.settings.time_zone == "Europe/Berlin"
    assert not spring.draft.unsaved
    spring.settings.lines["subject"].value = "Other"
    assert "changed since" in told(spring.head.state)
    spring.head.choice.value = "Spring"
    spring.head.open()
    assert "Press Open again to let them go" in told(spring.head.message)
    spring.head.open()
    assert spring.settings.lines["subject"].value == saved.settings.subject


def test_a_setting_that_cannot_be_is_said_stays_as_typed_and_keeps_from_saving(
    spring: CampaignApp,
) -> None:
    spring.settings.lines["sender_address"].value = "ada@"
    assert "is no e-mail address" in told(spring.settings.message)
    assert spring.settings.lines["sender_address"].value == "ada@"
    spring.head.keep.click()
    assert "is no e-mail address" in told(spring.head.message)
    spring.settings.lines["sender_address"].value = "ada@example.org"
    assert told(spring.settings.message) == ""
    spring.head.save()
    saved = spring.workbench.library.campaign("Spring")
    assert saved.settings.sender_address == "ada@example.org"


def test_the_numbers_follow_every_change(spring: CampaignApp) -> None:
    spring.sources.add("exclude", segment_source("Compliant in DACH"))
    spring.draft.wait()
    assert spring.draft.campaign is not None
    audience = find_audience(spring.workbench, spring.draft.campaign.recipe)
    assert len(audience.chosen.excluded) > 0
    assert told(spring.numbers.ladder) == ladder_html(audience)
    assert f"{len(audience.final):,}" in told(spring.numbers.tiles)


def test_sources_are_moved_and_removed(spring: CampaignApp) -> None:
    spring.sources.add("include", segment_source("Compliant in DACH"))
    rows = spring.sources.lists["include"]
    (up,) = [b for b in rows._buttons[1] if b.description == "Up"]
    up.click()
    assert spring.draft.campaign is not None
    assert spring.draft.campaign.recipients == ("Compliant in DACH", "Customers")
    (remove,) = [b for b in rows._buttons[0] if b.description == "Remove"]
    remove.click()
    assert spring.draft.campaign.recipients == ("Customers",)


def test_a_source_is_built_in_place_and_its_rules_are_opened_again(spring: CampaignApp) -> None:
    building = spring.sources.building
    building.begin()
    building.session.show(as_group(field("country").is_any_of("DE")))
    building.include.click()
    assert "Give what is built a name first." in told(building.message)
    building.name.value = "Germans"
    building.include.click()
    assert spring.draft.campaign is not None
    assert spring.draft.campaign.include[1].rules == as_group(field("country").is_any_of("DE"))
    (edit,) = [b for b in spring.sources.lists["include"]._buttons[1] if b.description == "Edit"]
    edit.click()
    assert building.name.value == "Germans"
    building.session.show(as_group(field("country").is_any_of("AT")))
    building.update.click()
    assert spring.draft.campaign.include[1].rules == as_group(field("country").is_any_of("AT"))


def test_a_pre_built_segment_is_asked_for_its_parameters(spring: CampaignApp) -> None:
    adding = spring.sources.adding
    adding.kind.value = "Pre-built segment"
    adding.which.value = "engaged"
    days, *_ = adding.params.children
    days.value = "many"
    adding.exclude.click()
    assert "is a number, not" in told(adding.message)
    days.value = "60"
    adding.exclude.click()
    assert spring.draft.campaign is not None
    assert spring.draft.campaign.exclude[0].is_prebuilt


def test_sending_takes_two_steps_and_attaches_the_export(spring: CampaignApp) -> None:
    spring.review.send.click()
    assert "Press Review and Send first." in told(spring.review.message)
    spring.review.ask.click()
    agreed = spring.review.agreed
    assert agreed is not None, told(spring.review.message)
    assert f"{agreed.count:,} recipients of “Customers”" in told(spring.review.question)
    assert "cannot be reached" in told(spring.review.question)
    assert spring.review.send.layout.display is None
    spring.review.send.click()
    assert "Handed off “Spring”" in told(spring.review.message)
    (record,) = spring.workbench.library.campaign("Spring").exports
    assert record.folder in told(spring.exports)
    assert "Download ZIP" in told(spring.exports)
    assert spring.settings.name.disabled
    assert spring.review.ask.layout.display == "none"


def test_a_change_takes_back_what_was_agreed_to(spring: CampaignApp) -> None:
    spring.review.ask.click()
    assert spring.review.agreed is not None
    spring.settings.lines["subject"].value = "Other"
    assert spring.review.agreed is None
    spring.review.ask.click()
    assert "Save the campaign first" in told(spring.review.message)


def test_an_issue_leads_to_where_it_is_mended(
    app: CampaignApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    focused: list[widgets.Widget] = []
    monkeypatch.setattr(widgets.DOMWidget, "focus", lambda self: focused.append(self))
    app.head.name.value = "Empty"
    app.head.create()
    app.draft.wait()
    assert codes(app) == {"missing-setting", "no-recipients"}
    for issue in app.review.issues.box.children:
        for part in issue.children[1:]:
            part.click()
    assert app.settings.lines["subject"] in focused
    assert app.settings.body in focused
    assert app.sources.adding.kind in focused
    app.review.ask.click()
    assert "cannot be sent. The subject is missing." in told(app.review.message)


def test_who_saves_second_is_told_and_loses_nothing(spring: CampaignApp) -> None:
    other = CampaignChange(settings=SendSettings(subject="Theirs"))
    spring.workbench.library.mailings.change("Spring", other, workbenches.NOW, "Bob")
    spring.settings.lines["subject"].value = "Mine"
    spring.head.keep.click()
    assert "Bob changed subject" in told(spring.head.message)
    assert spring.workbench.library.campaign("Spring").settings.subject == "Theirs"
    assert spring.settings.lines["subject"].value == "Mine"


def test_sources_issues_and_parameters_that_come_and_go_leave_no_widgets(
    spring: CampaignApp,
) -> None:
    def work() -> None:
        adding = spring.sources.adding
        spring.sources.add("exclude", segment_source("Lapsed buyers"))
        spring.settings.lines["subject"].value = ""
        adding.kind.value = "Pre-built segment"
        adding.which.value = "engaged"
        spring.draft.wait()
        adding.kind.value = "Saved segment"
        spring.settings.lines["subject"].value = "Hello"
        spring.sources._act("exclude", 0, "remove")
        spring.draft.wait()

    work()
    before = len(widget._instances)
    for _ in range(5):
        work()
    assert len(widget._instances) == before


def test_names_are_shown_as_text(app: CampaignApp) -> None:
    app.head.name.value = "<b>Bold</b>"
    app.head.create()
    app.draft.wait()
    assert "<b>Bold</b>" not in told(app.head.state)
    assert "&lt;b&gt;Bold" in told(app.head.state)


def test_what_was_agreed_to_holds_as_time_goes_by_and_ends_with_newer_data(
    spring: CampaignApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workbench = spring.workbench
    monkeypatch.setattr(workbench, "settings", replace(workbench.settings, as_of=None))
    monkeypatch.setattr(workbench, "as_of", workbenches.NOW.replace(tzinfo=None))
    spring.session.recount()
    spring.session.wait()
    spring.review.ask.click()
    later = workbenches.NOW + dt.timedelta(minutes=2)
    monkeypatch.setattr(workbench, "clock", lambda: later)
    assert spring.session.move_on().result() == ""
    spring.draft.wait()
    assert spring.review.agreed is not None
    assert spring.review.agreed.as_of == later.replace(tzinfo=None)
    more = tmp_path / "more.csv"
    more.write_text("key,lifecycle_stage,email\nnew-1,customer,new@mail.example\n")
    import_files(workbench.lake, contacts=more)
    spring.session.move_on().result()
    spring.draft.wait()
    assert spring.review.agreed is None
    assert "The data has changed meanwhile" in told(spring.review.message)
