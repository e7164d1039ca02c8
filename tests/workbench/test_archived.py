"""Archived segments still count, and say that they are archived where they are used."""

from __future__ import annotations

from segbench.model.ask import in_segment, tag
from segbench.model.filing import Filing
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench


def test_a_row_that_refers_to_an_archived_segment_says_so(own: Workbench) -> None:
    own.save(Segment("Kept for the record", Group(rules=(tag("VIP"),))))
    rules = Group(rules=(tag("compliant"), Group("or", (in_segment("Kept for the record"),))))
    assert "archived-segment" not in {issue.code for issue in own.issues(rules)}
    own.library.file("Kept for the record", Filing(status="archived"), own.clock())
    (issue,) = (each for each in own.issues(rules) if each.code == "archived-segment")
    assert (issue.path, issue.level) == ((1, 0), "warning")
    assert issue.message == (
        "The saved segment 'Kept for the record' is archived; it still counts."
    )
    assert own.count(rules) == own.count(Group(rules=(tag("compliant"), tag("VIP"))))
    own.library.file("Kept for the record", Filing(), own.clock())
    assert "archived-segment" not in {issue.code for issue in own.issues(rules)}


def test_who_saves_is_kept_with_the_version(own: Workbench) -> None:
    own.author = "Anna"
    saved = own.save(Segment("Signed", Group(rules=(tag("VIP"),))), note="For the launch")
    assert (saved.author, saved.note, saved.filing.owner) == ("Anna", "For the launch", "Anna")
