"""`segbench campaign`: from a name to a hand-off, on the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import workbenches

from segbench.audience.export import verify_export
from segbench.cli import campaign_sending
from segbench.library.campaign_changes import CampaignChange
from segbench.model.recipe import segment_source
from segbench.model.send_settings import SendSettings
from segbench.model.send_settings_form import with_texts
from segbench.workbench.workbench import Workbench

SETTINGS = (
    "subject=Hello {{ first_name|friend }}",
    "preview=News",
    "body=Dear {{ first_name|friend }}",
    "sender_name=Ada",
    "sender_address=ada@example.com",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a campaign that a review finds nothing wrong with, to copy."""
    root = workbenches.copied(tmp_path_factory.mktemp("campaigns"))
    texts = dict(text.split("=", 1) for text in SETTINGS)
    with Workbench.open(root) as workbench:
        mailings = workbench.library.mailings
        mailings.create("Spring", workbench.clock())
        settings = with_texts(SendSettings(), texts)
        change = CampaignChange(settings=settings, include=(segment_source("Customers"),))
        mailings.change("Spring", change, workbench.clock())
    return root


@pytest.fixture
def own(made: Path, here: Path) -> Path:
    """A workspace that the test may change."""
    return Path(shutil.copytree(made, here / "demo"))


@pytest.fixture
def spring(run: Any, own: Path) -> Any:
    """Runs `segbench campaign ...` on the test's own workspace; gives what it printed."""

    def did(*words: object, code: int = 0, **options: Any) -> str:
        result = run("campaign", *words, "-w", own, **options)
        assert result.exit_code == code, (result.stdout, result.stderr)
        return str(result.stdout)

    return did


def test_a_campaign_goes_from_a_name_to_a_hand_off(spring: Any, own: Path) -> None:
    files = ("columns=key, email", "formats=csv")
    assert spring("set", "Spring", "reply_to=re@example.com", *files) == "Saved “Spring”.\n"
    assert "“Spring”: Not to" in spring("exclude", "Spring", "prebuilt:unreachable?reason=any")
    review = spring("review", "Spring")
    assert "“Spring” is reviewed: " in review
    told = spring("send", "Spring", "--yes")
    with Workbench.open(own) as workbench:
        campaign = workbench.library.campaign("Spring")
    (record,) = campaign.exports
    assert campaign.state == "handed_off"
    assert f"Handed off “Spring”: {record.count:,} recipients" in told
    assert verify_export(own / "exports" / record.folder, record.manifest_sha256) == ()
    shown = spring("show", "Spring")
    assert "Spring: handed off, revision" in shown
    assert "subject: Hello {{ first_name|friend }}" in shown
    assert "final recipients" in shown
    assert record.id in shown


def test_everything_is_said_to_machines_too(spring: Any) -> None:
    data = json.loads(spring("show", "Spring", "--json"))
    audience = data["audience"]
    assert data["include"] == [{"kind": "segment", "name": "Customers"}]
    assert audience["matching"] - audience["excluded"] - audience["final"] == sum(
        step["taken"] for step in audience["ladder"]
    )
    assert [step["reason"] for step in audience["ladder"]][:3] == [
        "no_address",
        "invalid_address",
        "duplicate_address",
    ]
    assert json.loads(spring("list", "--json"))[0]["state"] == "draft"
    reviewed = json.loads(spring("review", "Spring", "--json"))
    assert reviewed["state"] == "reviewed"
    assert {issue["level"] for issue in reviewed["issues"]} <= {"warning", "note"}


def test_sources_of_every_kind_are_added_replaced_and_removed(spring: Any, here: Path) -> None:
    (here / "vip.txt").write_text('tag is "VIP"\n')
    spring("to", "Spring", "prebuilt:engaged?days=60", "vip.txt")
    data = json.loads(spring("show", "Spring", "--json"))
    assert [source["kind"] for source in data["include"]] == ["segment", "rules", "rules"]
    assert data["include"][1]["rules"]["rules"][0]["params"] == {"days": 60}
    spring("to", "Spring", "Customers", "--remove")
    names = [source["name"] for source in json.loads(spring("show", "Spring", "--json"))["include"]]
    assert "Customers" not in names
    spring("to", "Spring", "Customers", "--replace")
    assert "To: Customers (segment)" in spring("show", "Spring")


def test_a_review_that_finds_something_to_mend_ends_with_1(spring: Any) -> None:
    assert spring("create", "Empty") == "Made the campaign “Empty”.\n"
    told = spring("review", "Empty", code=1)
    assert "must be mended: The subject is missing." in told
    assert "must be mended: Choose at least one segment or smart list" in told
    assert "“Empty” is draft" in told


def test_a_split_says_the_groups_and_how_many_a_difference_needs(spring: Any) -> None:
    told = spring(
        *("split", "Spring", "A=45, B=45, hold-out=10"),
        *("--baseline", "0.5", "--difference", "0.25", "--power", "0.9"),
    )
    assert "hold-out" in told
    assert "Two groups of 77 would show that difference." in told
    data = json.loads(spring("show", "Spring", "--json"))
    assert data["settings"]["split"]["seed"] == "Spring"
    assert sum(data["audience"]["groups"].values()) == data["audience"]["final"]
    assert "is not split" in spring("split", "Spring", "")


def test_a_campaign_is_scheduled_and_withdrawn_and_nothing_is_due(spring: Any) -> None:
    assert "is scheduled" in spring("schedule", "Spring", "--at", "2999-01-01 09:00", "--yes")
    assert spring("run-due") == "No campaign is due.\n"
    assert json.loads(spring("run-due", "--json")) == []
    assert "is draft" in spring("schedule", "Spring", "--withdraw")
    assert "is cancelled" in spring("cancel", "Spring")
    assert "is draft" in spring("cancel", "Spring", "--reopen")


def test_without_a_terminal_nobody_can_be_asked(spring: Any, refused: Any, own: Path) -> None:
    spring("review", "Spring")
    told = refused("campaign", "send", "Spring", "-w", own)
    assert told.startswith("Hand off ")
    assert told.endswith("of “Customers” for the campaign “Spring”? Give --yes to agree.")
    assert not (own / "exports").exists()


@pytest.mark.parametrize(("answer", "state"), [("y\n", "handed_off"), ("n\n", "reviewed")])
def test_at_a_terminal_the_count_and_the_sentence_are_asked_about(
    answer: str, state: str, spring: Any, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        class stdin:  # noqa: N801
            @staticmethod
            def isatty() -> bool:
                return True

    spring("review", "Spring")
    monkeypatch.setattr(campaign_sending, "sys", Terminal)
    told = spring("send", "Spring", input=answer, code=0 if answer == "y\n" else 1)
    assert "Contacts where Lifecycle stage is any of" in told
    assert "cannot be reached" in told
    with Workbench.open(own) as workbench:
        assert workbench.library.campaign("Spring").state == state


WRONG = [
    (("set", "Spring", "subjct=Hi"), "has no setting 'subjct'; did you mean 'subject'"),
    (("set", "Spring", "subject"), "Write SETTING=VALUE"),
    (("to", "Spring", "Custmers"), "There is no saved segment 'Custmers'"),
    (("to", "Spring", "prebuilt:engaged?weeks=2"), "has no parameter 'weeks'; it has days"),
    (("to", "Spring", "Customers"), "'Customers' (segment) is chosen twice"),
    (("exclude", "Spring", "Customers", "--remove"), "There is no recipient source"),
    (("send", "Spring"), "is a draft, so it cannot be handed off. Review it first."),
    (("show", "Sprng"), "There is no campaign 'Sprng'; did you mean 'Spring'?"),
    (("create", "Spring"), "There is already a campaign 'Spring'."),
]


def test_what_cannot_be_is_refused_in_a_sentence(spring: Any, refused: Any, own: Path) -> None:
    before = spring("show", "Spring", "--json")
    for words, why in WRONG:
        assert why in refused("campaign", *words, "-w", own), words
    assert spring("show", "Spring", "--json") == before


def test_a_copy_starts_like_another(spring: Any) -> None:
    spring("create", "Summer", "--like", "Spring")
    data = json.loads(spring("show", "Summer", "--json"))
    assert data["settings"]["sender_name"] == "Ada"
    assert data["include"] == [{"kind": "segment", "name": "Customers"}]
