"""Nobody is put into a segment by hand; what would bring a contact in is found, and does it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import workbenches

from segbench.errors import NotSaved, UnknownName
from segbench.model.ask import all_tags, did, field, in_segment, tag
from segbench.model.rules import RuleOrGroup, as_group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

SEGMENTS: dict[str, tuple[RuleOrGroup, list[str]]] = {
    "Any": (tag("p", "q"), ["Tag it “p” and “q”", "Tag it “p”", "Tag it “q”"]),
    "All": (all_tags("p", "q"), ["Tag it “p” and “q”"]),
    "None of": (~tag("compliant"), ["Take the tag “compliant” away"]),
    "Country": (field("country").is_any_of("LU"), ["Set Country to “LU”"]),
    "Score": (
        field("lead_score").greater_than(1_000_000),
        ["Set Lead score to 1000001"],
    ),
    "Together": (
        field("country").is_any_of("LU") & tag("p"),
        ["Set Country to “LU” and Tag it “p”"],
    ),
    "Within": (in_segment("Country") & tag("q"), ["Set Country to “LU” and Tag it “q”"]),
    "Likes": (field("interests").has_all_of("yaks", "zebras"), []),
    "By events": (did("order_placed").at_least(10_000), []),
    "One by hand": (did("order_placed").at_least(10_000) & tag("p"), []),
    "Part of a text": (field("email").contains("never-there"), []),
    "Ranked": (field("lead_score").in_top(1), []),
}


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder = workbenches.copied(tmp_path_factory.mktemp("ways"))
    with Workbench.open(folder, clock=lambda: workbenches.NOW) as opened:
        for name, (rule, _) in SEGMENTS.items():
            opened.save(Segment(name, as_group(rule)))
        yield opened


@pytest.fixture(scope="module")
def key(workbench: Workbench) -> str:
    """A contact who is in none of the segments."""
    rule = tag("compliant") & field("country").is_any_of("DE") & field("lead_score").at_most(10)
    return str(workbench.contacts(rule, ["key"], limit=1)["key"][0])


@pytest.mark.parametrize("name", [name for name, (_, ways) in SEGMENTS.items() if ways])
def test_the_ways_are_those_that_the_rules_name_the_fewest_edits_first(
    workbench: Workbench, key: str, name: str
) -> None:
    found, wanted = workbench.book.ways_in(key, name), SEGMENTS[name][1]
    assert not found.inside
    assert [way.words for way in found.ways][: len(wanted)] == wanted


@pytest.mark.parametrize("name", ["None of", "Likes", "Within"])
def test_a_way_that_is_offered_does_it_and_can_be_taken_back(
    workbench: Workbench, key: str, name: str
) -> None:
    way = workbench.book.ways_in(key, name).ways[-1]
    made = workbench.book.put_in(key, name, way)
    assert workbench.why(key, in_segment(name)).held
    assert made.contacts == 1
    assert made.edit is not None
    (edit, _), *_ = workbench.book.edits(1)
    assert edit.chosen == f"The contact {key}, to be in “{name}”."
    workbench.book.undo(made.edit)
    assert not workbench.why(key, in_segment(name)).held


@pytest.mark.parametrize("name", ["By events", "One by hand", "Part of a text", "Ranked"])
def test_where_nothing_by_hand_would_do_it_says_what_would_have_to_happen(
    workbench: Workbench, key: str, name: str
) -> None:
    found = workbench.book.ways_in(key, name)
    assert found.ways == ()
    assert found.needs
    if name == "One by hand":
        assert "happened at least 10,000 times and row 2: tag is “p”" in found.needs[0]


def test_who_is_in_needs_nothing(workbench: Workbench) -> None:
    german = str(workbench.contacts(field("country").is_any_of("DE"), ["key"], limit=1)["key"][0])
    workbench.save(Segment("Germans", as_group(field("country").is_any_of("DE"))))
    found = workbench.book.ways_in(german, "germans")
    assert (found.segment, found.inside, found.ways) == ("Germans", True, ())


def test_strangers_and_missing_segments_are_said(workbench: Workbench, key: str) -> None:
    with pytest.raises(UnknownName, match="no contact with the key"):
        workbench.book.ways_in("nobody", "Any")
    with pytest.raises(NotSaved, match="no saved segment 'Anny'"):
        workbench.book.ways_in(key, "Anny")
