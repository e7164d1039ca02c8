"""Every version is kept with who, when and why; compared, restored and merged."""

from __future__ import annotations

import pytest

from library.stories import FRENCH, GERMAN, MONDAY, TUESDAY, VIP, save
from segbench.errors import ChangedMeanwhile, LibraryError, NotSaved, RuleError
from segbench.library.differences import difference
from segbench.library.library import Library
from segbench.library.saved import SavedSegment
from segbench.model.filing import Filing
from segbench.model.rules import Group
from segbench.model.segment import Segment


def test_each_version_knows_who_made_it_when_and_why(library: Library) -> None:
    save(library, "VIP", GERMAN, author="Anna", note="For the  launch")
    save(library, "VIP", FRENCH, author="Ben", now=TUESDAY)
    library.rename("VIP", "Best", TUESDAY, "Cem")
    told = [(v.segment.name, v.author, v.note, v.updated) for v in library.lineage("Best")]
    assert told == [
        ("VIP", "Anna", "For the launch", MONDAY),
        ("VIP", "Ben", "", TUESDAY),
        ("Best", "Cem", "Renamed from 'VIP'", TUESDAY),
    ]


def test_a_name_that_is_none_is_refused_before_anything_is_written(library: Library) -> None:
    for told in ({"author": "x" * 121}, {"author": "a\x00"}, {"note": "x" * 501}):
        with pytest.raises(RuleError, match="printable characters"):
            save(library, "VIP", **told)
    assert library.segments() == ()


def test_what_changed_between_two_versions_is_told_in_words_and_in_data(library: Library) -> None:
    save(library, "VIP", GERMAN)
    save(library, "VIP", FRENCH, VIP, filing=Filing("Lifecycle", ("x",), "Anna", "draft"))
    found = difference(library.version("VIP", 1), library.version("vip", 2))
    assert found.words == (
        "Row 1: country is “DE” became country is “FR”",
        "Row 2 is new: tag is “vip”",
        "The folder none became “Lifecycle”",
        "The tags none became “x”",
        "The owner none became “Anna”",
        "The status “published” became “draft”",
    )
    assert found.sentence.endswith("The folder none became “Lifecycle”; and 3 more changes")
    data = found.data()
    assert (data["from"], data["to"], len(data["rules"]), len(data["details"])) == (1, 2, 2, 4)
    assert data["details"][0] == {
        "name": "folder",
        "before": "",
        "after": "Lifecycle",
        "words": "The folder none became “Lifecycle”",
    }


def test_an_earlier_version_is_restored_as_a_new_one(library: Library) -> None:
    filing = Filing("Lifecycle", owner="Anna")
    library.save(Segment("VIP", Group(rules=(GERMAN,)), "first"), now=MONDAY, filing=filing)
    save(library, "VIP", FRENCH)
    moved = library.file("VIP", Filing("Other"), TUESDAY, "Anna")
    saved = library.restore("vip", 1, now=TUESDAY, author="Ben")
    assert saved.segment == Segment("VIP", Group(rules=(GERMAN,)), "first")
    assert (saved.revision, saved.author) == (moved.revision + 1, "Ben")
    assert (saved.note, saved.filing.folder) == ("Restored from revision 1", "Other")
    assert [v.revision for v in library.lineage("VIP")] == [1, 2, 3, 4]


def test_a_version_that_never_was_is_refused_with_those_that_were(library: Library) -> None:
    save(library, "VIP")
    save(library, "VIP", FRENCH)
    with pytest.raises(LibraryError, match=r"'VIP' has no revision 7; it has 1, 2\."):
        library.restore("VIP", 7, now=MONDAY)
    with pytest.raises(NotSaved):
        library.restore("never", 1, now=MONDAY)


def test_a_deleted_segment_is_brought_back(library: Library) -> None:
    save(library, "VIP", GERMAN, filing=Filing("Lifecycle"))
    library.delete("VIP")
    saved = library.restore("VIP", 1, now=TUESDAY)
    assert (saved.revision, saved.filing.folder) == (2, "Lifecycle")
    assert library.segment("VIP").segment.group == Group(rules=(GERMAN,))


def test_the_second_of_two_who_save_is_told_what_the_first_changed(library: Library) -> None:
    save(library, "VIP", GERMAN)
    theirs = save(library, "VIP", GERMAN, VIP, author="Ben", now=TUESDAY, seen=1)
    with pytest.raises(ChangedMeanwhile) as refused:
        save(library, "VIP", FRENCH, author="Anna", seen=1)
    assert str(refused.value) == (
        "The segment 'VIP' was changed by Ben at 2026-10-20 09:30 UTC meanwhile (revision 2, you "
        "saw 1); nothing was overwritten. Row 2 is new: tag is “vip”."
    )
    assert refused.value.theirs == theirs == library.segment("VIP")
    assert refused.value.difference == difference(library.version("VIP", 1), theirs)


def test_both_changes_are_merged_and_saved_over_what_was_seen(library: Library) -> None:
    save(library, "VIP", GERMAN)
    save(library, "VIP", GERMAN, VIP, author="Ben")
    mine = Segment("VIP", Group(rules=(FRENCH,)), "Mine.")
    merged = library.merge(mine, seen=1)
    assert merged.is_clean
    assert merged.segment == Segment("VIP", Group(rules=(FRENCH, VIP)), "Mine.")
    saved = library.save(merged.segment, now=TUESDAY, replace=True, seen=merged.theirs.revision)
    assert saved.segment.group == Group(rules=(FRENCH, VIP))


def test_a_merge_tells_rules_and_descriptions_that_both_changed(library: Library) -> None:
    save(library, "VIP", GERMAN)
    library.save(Segment("VIP", Group(rules=(VIP,)), "Theirs."), now=MONDAY, replace=True)
    merged = library.merge(Segment("VIP", Group(rules=(FRENCH,)), "Mine."), seen=1)
    assert list(merged.words()) == [
        "Row 1: yours is country is “FR”; theirs is removed",
        "The description: yours is “Mine.”; theirs is “Theirs.”",
    ]
    assert not merged.is_clean
    assert library.segment("VIP").segment.description == "Theirs."


def test_several_are_saved_together_or_none_of_them(library: Library) -> None:
    one, other = save(library, "One"), save(library, "Other", VIP)
    wanted = [_wanted(one, FRENCH), _wanted(other, FRENCH, seen=99)]
    with pytest.raises(ChangedMeanwhile):
        library.apply(wanted, deleted=(), now=TUESDAY)
    assert library.segment("One") == one
    library.apply(
        [_wanted(one, FRENCH)],
        renamed=[("Other", "Another", other.revision)],
        now=TUESDAY,
        author="Ben",
    )
    assert library.segment("One").segment.group == Group(rules=(FRENCH,))
    assert library.segment("Another").author == "Ben"


def test_segments_that_refer_to_each_other_are_turned_round_together(library: Library) -> None:
    from segbench.model.ask import in_segment

    one = save(library, "One", in_segment("Other"))
    other = save(library, "Other", VIP)
    library.apply([_wanted(other, in_segment("One")), _wanted(one, VIP)], now=TUESDAY)
    assert library.segment("Other").segment.group == Group(rules=(in_segment("One"),))
    gone = [(name, library.segment(name).revision) for name in ("One", "Other")]
    library.apply(deleted=gone, now=TUESDAY)
    assert library.segments() == ()


def _wanted(saved: SavedSegment, *rules: object, seen: int | None = None) -> object:
    from segbench.library.wanted import Wanted

    group = Group(rules=rules)  # type: ignore[arg-type]
    known = saved.revision if seen is None else seen
    return Wanted(Segment(saved.segment.name, group), replaces=True, seen=known)
