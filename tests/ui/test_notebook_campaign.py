"""A campaign in a notebook: from its sources to a verified export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches

from segbench.errors import NotSaved
from segbench.model.ask import field
from segbench.model.segment import Segment
from segbench.model.smart_list import SmartList
from segbench.ui.notebook import NotebookWorkbench

GERMANS = field("country").is_any_of("DE")
SET = {
    "subject": "News",
    "body": "Hello",
    "sender_name": "Ada",
    "sender_address": "ada@example.com",
}


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[NotebookWorkbench]:
    with NotebookWorkbench.open(workbenches.copied(tmp_path)) as opened:
        yield opened


def test_it_goes_from_sources_to_a_verified_export(workbench: NotebookWorkbench) -> None:
    workbench.segment("Germans", GERMANS).save()
    campaign = workbench.campaign("Spring", create=True).to("Germans").set(**SET)
    assert list(campaign.issues()["level"]).count("error") == 0
    agreed = campaign.confirm()
    steps = campaign.ladder()
    assert steps["left"].iloc[0] == workbench.count(GERMANS)
    assert steps["left"].iloc[-1] == agreed.count == len(campaign.audience().final)
    assert steps["change"].iloc[1:].sum() == agreed.count - workbench.count(GERMANS)
    record = campaign.send(agreed)
    assert campaign.campaign.exports == (record,)
    assert all(each.holds for each in campaign.verify())
    assert repr(campaign) == "<Campaign 'Spring': handed_off, to Germans>"


def test_a_source_is_a_name_a_list_a_segment_or_rules(workbench: NotebookWorkbench) -> None:
    workbench.segment("Germans", GERMANS).save()
    workbench.book.save(SmartList("Austrians", field("country").is_any_of("AT")))
    own = Segment("Swiss", (field("country").is_any_of("CH") & field("plan").is_not_empty()))
    french = field("country").is_any_of("FR")
    campaign = workbench.campaign("Spring", create=True).to(
        "germans", SmartList("Austrians"), own, french
    )
    found = [(source.kind, source.name) for source in campaign.campaign.include]
    assert found[:3] == [("segment", "Germans"), ("list", "Austrians"), ("rules", "Swiss")]
    assert found[3][0] == "rules"
    campaign.exclude(GERMANS)
    matching = campaign.audience().chosen
    assert len(matching.excluded) == workbench.count(GERMANS)
    with pytest.raises(NotSaved, match="Germans"):
        campaign.to("Germnas")
