"""Saved segments: names, revisions, history, references, loops, use."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segbench.errors import (
    FormatError,
    InUse,
    LibraryError,
    NameTaken,
    NotSaved,
    ReferenceCycle,
    RuleError,
)
from segbench.library.library import Library
from segbench.model.rules import FieldRule, Group, Params, PrebuiltRule, SegmentRule, TagRule
from segbench.model.segment import Segment

MONDAY = dt.datetime(2026, 10, 19, 9, 30, tzinfo=dt.UTC)
TUESDAY = MONDAY + dt.timedelta(days=1)


def asking(*names: str) -> Group:
    return Group("or", tuple(SegmentRule(name) for name in names))


def country(*codes: str) -> Group:
    return Group("and", (FieldRule("country", "is_any_of", codes),))


GERMANY = country("DE")


def save(library: Library, name: str, group: Group = GERMANY, **how: object) -> int:
    return library.save(Segment(name, group), now=MONDAY, **how).revision  # type: ignore[arg-type]


def test_a_saved_segment_comes_back_as_it_was(library: Library) -> None:
    rules = Group(
        "or",
        (
            FieldRule("name", "is", ("Zoë 😀 ' \" \\ ‮",), negated=True),
            Group("and", (TagRule("has_any_of", ("a", "b")),), enabled=False),
            PrebuiltRule("engaged", Params(days=7)),
        ),
    )
    saved = library.save(Segment("VIP", rules, "the best"), now=MONDAY)
    assert saved == library.segment("VIP")
    assert saved.segment == Segment("VIP", rules, "the best")
    assert (saved.revision, saved.created, saved.updated) == (1, MONDAY, MONDAY)


def test_segments_are_listed_by_name_without_regard_to_case(library: Library) -> None:
    for name in ("beta", "Alpha", "Gamma"):
        save(library, name)
    assert [saved.segment.name for saved in library.segments()] == ["Alpha", "beta", "Gamma"]
    assert list(library.groups().items()) == [
        (name, country("DE")) for name in ("Alpha", "beta", "Gamma")
    ]


def test_an_empty_library_has_no_segments(library: Library) -> None:
    assert library.segments() == ()
    assert library.groups() == {}


def test_times_come_back_in_utc_and_a_time_without_a_zone_is_refused(library: Library) -> None:
    berlin = MONDAY.astimezone(dt.timezone(dt.timedelta(hours=2)))
    saved = library.save(Segment("VIP", country("DE")), now=berlin)
    assert saved.created == MONDAY
    assert saved.created.utcoffset() == dt.timedelta(0)
    with pytest.raises(ValueError, match="Give an aware time"):
        library.save(Segment("Other", country("DE")), now=MONDAY.replace(tzinfo=None))


@pytest.mark.parametrize("again", ["VIP", "vip", " Vip "])
def test_a_name_is_taken_whatever_its_case(library: Library, again: str) -> None:
    save(library, "VIP")
    with pytest.raises(NameTaken, match=r"^A segment is already saved as 'VIP'\.$"):
        save(library, again)


def test_composed_and_decomposed_accents_are_one_name(library: Library) -> None:
    save(library, "Zo\u00eb")
    with pytest.raises(NameTaken):
        save(library, "ZOE\u0308")
    assert library.segment("zoe\u0308").segment.name == "Zo\u00eb"


def test_replacing_keeps_the_spelling_and_the_time_of_creation(library: Library) -> None:
    save(library, "VIP")
    saved = library.save(Segment("vip", country("FR")), now=TUESDAY, replace=True)
    assert saved.segment == Segment("VIP", country("FR"))
    assert (saved.revision, saved.created, saved.updated) == (2, MONDAY, TUESDAY)


def test_replacing_what_is_not_there_saves_it(library: Library) -> None:
    assert save(library, "VIP", replace=True) == 1


def test_a_change_made_meanwhile_is_not_overwritten(library: Library) -> None:
    save(library, "VIP")
    library.save(Segment("VIP", country("FR")), now=TUESDAY, replace=True, seen=1)
    with pytest.raises(LibraryError) as refused:
        save(library, "VIP", country("IT"), replace=True, seen=1)
    assert str(refused.value) == (
        "The segment 'VIP' was changed at 2026-10-20 09:30 UTC meanwhile "
        "(revision 2, you saw 1); nothing was overwritten. "
        "Row 1: country is “DE” became country is “FR”."
    )
    assert not isinstance(refused.value, NameTaken)
    assert library.segment("VIP").segment.group == country("FR")
    assert save(library, "VIP", country("IT"), replace=True, seen=2) == 3


def test_a_segment_deleted_meanwhile_is_not_saved_again_by_accident(library: Library) -> None:
    save(library, "VIP")
    library.delete("VIP")
    with pytest.raises(LibraryError, match="'VIP' was deleted or renamed meanwhile; nothing was"):
        save(library, "VIP", replace=True, seen=1)
    assert library.segments() == ()


def test_a_revision_is_never_given_twice_under_one_name(library: Library) -> None:
    save(library, "VIP")
    library.delete("VIP")
    assert save(library, "VIP") == 2
    library.rename("VIP", "Best", TUESDAY)
    assert save(library, "VIP") == 3


def test_every_earlier_version_is_kept(library: Library) -> None:
    for code in ("DE", "FR", "IT"):
        save(library, "VIP", country(code), replace=True)
    library.delete("vip")
    assert [(old.revision, old.segment.group) for old in library.history("VIP")] == [
        (3, country("IT")),
        (2, country("FR")),
        (1, country("DE")),
    ]


def test_a_missing_segment_offers_near_names(library: Library) -> None:
    save(library, "Newsletter")
    for ask in (library.segment, library.delete, lambda name: library.rename(name, "x", MONDAY)):
        with pytest.raises(
            NotSaved, match=r"^There is no saved segment 'Newsleter'; did you mean 'Newsletter'\?$"
        ):
            ask("Newsleter")


def test_references_are_spelt_as_the_saved_segments_are(library: Library) -> None:
    save(library, "VIP")
    save(library, "User", asking("vip", "later"))
    assert library.segment("User").segment.group == asking("VIP", "later")
    save(library, "Later")
    assert library.segment("User").segment.group == asking("VIP", "Later")


def test_renaming_rewrites_references_at_any_depth(library: Library) -> None:
    save(library, "VIP")
    deep = Group("and", (Group("or", (SegmentRule("VIP", "is_not_in", enabled=False),)),))
    save(library, "Deep", deep)
    save(library, "Aside", country("FR"))
    renamed = library.rename("vip", "Best  customers", TUESDAY)
    assert renamed == library.segment("best customers")
    assert (renamed.segment.name, renamed.revision) == ("Best customers", 2)
    assert renamed.updated == TUESDAY
    user = library.segment("Deep")
    inner = Group("or", (SegmentRule("Best customers", "is_not_in", enabled=False),))
    assert user.segment.group == Group("and", (inner,))
    assert (user.revision, library.segment("Aside").revision) == (2, 1)
    with pytest.raises(NotSaved):
        library.segment("VIP")


def test_renaming_may_change_the_case_alone(library: Library) -> None:
    save(library, "vip")
    save(library, "User", asking("vip"))
    assert library.rename("vip", "VIP", TUESDAY).segment.name == "VIP"
    assert library.segment("User").segment.group == asking("VIP")


def test_renaming_to_a_taken_or_empty_name_is_refused(library: Library) -> None:
    save(library, "VIP")
    save(library, "Other")
    with pytest.raises(NameTaken, match="already saved as 'Other'"):
        library.rename("VIP", "OTHER", TUESDAY)
    with pytest.raises(RuleError, match="A segment needs a name"):
        library.rename("VIP", "  ", TUESDAY)


def test_a_segment_in_use_cannot_go(library: Library) -> None:
    save(library, "VIP")
    save(library, "B", asking("VIP"))
    save(library, "A", asking("VIP"))
    library.create_campaign("Spring", now=MONDAY)
    library.set_recipients("Spring", ("VIP",), now=MONDAY)
    with pytest.raises(InUse) as refused:
        library.delete("vip")
    assert str(refused.value) == (
        "The segment 'VIP' is used by the segments 'A', 'B' and the campaign 'Spring'."
    )
    library.delete("A")
    library.delete("B")
    with pytest.raises(InUse, match="is used by the campaign 'Spring'"):
        library.delete("VIP")
    library.set_recipients("Spring", (), now=MONDAY)
    library.delete("VIP")


def test_a_loop_of_references_is_refused_and_named(library: Library) -> None:
    save(library, "A")
    save(library, "B", asking("A"))
    save(library, "C", asking("B"))
    with pytest.raises(ReferenceCycle) as refused:
        save(library, "a", asking("c"), replace=True)
    assert refused.value.loop == ("A", "C", "B", "A")
    assert str(refused.value).endswith("in a loop: 'A' → 'C' → 'B' → 'A'")
    assert library.segment("A").segment.group == country("DE")


def test_a_segment_cannot_ask_itself(library: Library) -> None:
    with pytest.raises(ReferenceCycle) as refused:
        save(library, "A", asking("a"))
    assert refused.value.loop == ("A", "A")
    assert library.segments() == ()


def test_a_loop_closed_by_saving_or_renaming_what_was_missing_is_refused(library: Library) -> None:
    save(library, "A", asking("X"))
    save(library, "B", asking("A"))
    with pytest.raises(ReferenceCycle) as refused:
        library.rename("B", "x", TUESDAY)
    assert refused.value.loop == ("x", "A", "x")
    with pytest.raises(ReferenceCycle):
        save(library, "X", asking("B"))
    assert [saved.segment.name for saved in library.segments()] == ["A", "B"]
    assert library.history("B") == ()


def test_layers_of_references_are_checked_quickly(library: Library) -> None:
    for layer in range(30):
        below = asking(f"{layer - 1}a", f"{layer - 1}b")
        save(library, f"{layer}a", below)
        save(library, f"{layer}b", below)
    with pytest.raises(ReferenceCycle):
        save(library, "0a", asking("29b"), replace=True)


def test_rules_that_could_not_be_read_back_are_refused(library: Library) -> None:
    deep = country("DE")
    for _ in range(40):
        deep = Group("and", (deep,))
    with pytest.raises(FormatError, match="nested at most 32 deep"):
        save(library, "Deep", deep)
    assert library.segments() == ()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(value=st.text() | st.integers(-(2**53), 2**53) | st.booleans() | st.floats(-1e9, 1e9))
def test_any_value_survives_the_database(library: Library, value: str | float | bool) -> None:
    group = Group("and", (FieldRule("x", "is", (value,)),))
    save(library, "Any", group, replace=True)
    assert library.segment("Any").segment.group == group


def test_the_names_of_deleted_segments_are_known(library: Library) -> None:
    save(library, "Gone")
    save(library, "Back")
    assert library.deleted_names() == frozenset()
    library.delete("Gone")
    library.delete("Back")
    save(library, "back")
    assert library.deleted_names() == {"Gone"}
