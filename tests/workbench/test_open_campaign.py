"""A campaign in Python: from a name to a hand-off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import mailings
import pytest

from segbench.errors import CampaignError, LibraryError, NotSaved
from segbench.library.campaign_changes import CampaignChange
from segbench.model.ask import field
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

GERMAN = Segment("German", as_group(field("country").is_any_of("DE")))
SOUND = {name: getattr(mailings.SOUND, name) for name in ("subject", "body", "sender_name")}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    root = mailings.make(tmp_path_factory.mktemp("mailing"), mailings.drawn(120))
    with mailings.opened(root) as workbench:
        workbench.save(GERMAN)
        yield workbench


def test_a_campaign_is_made_reviewed_and_handed_off(own: Workbench) -> None:
    spring = own.campaign("Spring", create=True)
    spring.set(**SOUND, sender_address="ada@example.com").to("german")
    spring.exclude(Segment("Nameless", as_group(field("first_name").is_empty())))
    spring.split({"A": 50, "B": 50})
    assert spring.campaign.recipients == ("German",)
    assert spring.campaign.settings.split is not None
    assert spring.campaign.settings.split.seed == "Spring"
    audience = spring.audience()
    assert sum(audience.sizes.values()) == len(audience.final) > 0
    assert spring.review().campaign.state == "reviewed"
    agreed = spring.confirm()
    record = spring.send(agreed)
    assert record.count == agreed.count == audience.count
    assert spring.campaign.state == "handed_off"
    assert own.campaign("Spring").campaign == spring.campaign
    assert repr(spring) == "<Campaign 'Spring': handed_off, to German>"


def test_a_campaign_like_another_is_scheduled_withdrawn_and_cancelled(own: Workbench) -> None:
    first = own.campaign("First", create=True)
    first.set(**SOUND, sender_address="ada@example.com").to("German")
    second = own.campaign("Second", create=True, like="First").rename("Next")
    second.set(send_at=dt.datetime(2026, 11, 21, 9)).review()
    assert second.schedule(second.confirm()).campaign.state == "scheduled"
    assert second.withdraw().campaign.state == "draft"
    assert second.split({"A": 50, "B": 50}).split(None).campaign.settings.split is None
    assert second.cancel().campaign.state == "cancelled"


def test_what_others_changed_is_not_overwritten(own: Workbench) -> None:
    mine = own.campaign("Ours", create=True)
    theirs = CampaignChange(settings=replace(mailings.SOUND, subject="Theirs"))
    own.library.mailings.change("Ours", theirs, own.clock(), "Bob")
    with pytest.raises(LibraryError, match="Bob changed subject"):
        mine.set(subject="Mine")
    assert mine.reload().set(preview="Mine").campaign.settings.subject == "Theirs"


def test_what_there_is_not_is_refused(own: Workbench) -> None:
    with pytest.raises(NotSaved, match="There is no campaign 'Nothing'"):
        own.campaign("Nothing")
    known = own.campaign("Some", create=True)
    with pytest.raises(CampaignError, match="no such setting"):
        known.set(subjct="Hi")
    with pytest.raises(NotSaved, match="'Germn'; did you mean 'German'"):
        known.to("Germn")
