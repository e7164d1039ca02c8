"""Every version of a segment, under whatever names it had."""

from __future__ import annotations

import datetime as dt

from segbench.library.library import Library
from segbench.model.rules import FieldRule, Group
from segbench.model.segment import Segment

START = dt.datetime(2026, 10, 19, 9, 30, tzinfo=dt.UTC)


def rules(value: str) -> Group:
    return Group("and", (FieldRule("country", "is", (value,)),))


def save(library: Library, name: str, value: str, day: int = 0) -> None:
    now = START + dt.timedelta(days=day)
    library.save(Segment(name, rules(value)), now=now, replace=True)


def lineage(library: Library, name: str) -> list[tuple[str, str]]:
    return [
        (saved.segment.name, saved.segment.group.rules[0].values[0])  # type: ignore[union-attr]
        for saved in library.lineage(name)
    ]


def test_versions_come_oldest_first_and_the_present_one_last(library: Library) -> None:
    for day, value in enumerate(("DE", "AT", "CH")):
        save(library, "VIP", value, day)
    assert lineage(library, "vip") == [("VIP", "DE"), ("VIP", "AT"), ("VIP", "CH")]
    assert library.lineage("VIP")[-1] == library.segment("VIP")
    assert [saved.updated - START for saved in library.lineage("VIP")] == [
        dt.timedelta(days=day) for day in range(3)
    ]


def test_a_renamed_segment_has_the_versions_of_its_earlier_names(library: Library) -> None:
    save(library, "A", "DE")
    save(library, "A", "AT")
    library.rename("A", "B", START)
    save(library, "B", "CH")
    library.rename("B", "C", START)
    assert lineage(library, "C") == [
        ("A", "DE"),
        ("A", "AT"),
        ("B", "AT"),
        ("B", "CH"),
        ("C", "CH"),
    ]


def test_a_name_used_again_keeps_the_two_apart(library: Library) -> None:
    """All at one time, so that revisions alone tell which came first."""
    save(library, "A", "DE")
    library.rename("A", "B", START)
    save(library, "A", "AT")
    save(library, "A", "CH")
    assert lineage(library, "A")[-2:] == [("A", "AT"), ("A", "CH")]
    assert lineage(library, "B") == [("A", "DE"), ("B", "DE")]
    library.rename("B", "D", START)
    library.rename("A", "B", START)
    assert lineage(library, "B")[-3:] == [("A", "AT"), ("A", "CH"), ("B", "CH")]
    assert lineage(library, "D") == [("A", "DE"), ("B", "DE"), ("D", "DE")]


def test_there_and_back_again_is_one_line(library: Library) -> None:
    save(library, "A", "DE")
    library.rename("A", "B", START)
    save(library, "B", "AT")
    library.rename("B", "A", START)
    assert lineage(library, "A") == [("A", "DE"), ("B", "DE"), ("B", "AT"), ("A", "AT")]


def test_another_spelling_is_no_other_name(library: Library) -> None:
    save(library, "vip", "DE")
    library.rename("vip", "VIP", START)
    assert lineage(library, "VIP") == [("vip", "DE"), ("VIP", "DE")]


def test_what_was_deleted_under_the_name_is_there_and_what_never_was_is_not(
    library: Library,
) -> None:
    save(library, "A", "DE")
    library.delete("A")
    assert lineage(library, "A") == [("A", "DE")]
    assert library.lineage("never saved") == ()
