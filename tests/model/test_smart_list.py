"""Smart lists: what they may be, and how they differ from segments."""

from __future__ import annotations

import pytest

from segbench.errors import RuleError
from segbench.model.ask import field, tag
from segbench.model.edit import enable
from segbench.model.rules import Group, as_group
from segbench.model.segment import Segment
from segbench.model.smart_list import MOST_COLUMNS, TAGS, SmartList

GERMANS = as_group(field("country").is_any_of("DE"))


def test_a_list_is_tidied() -> None:
    found = SmartList("  My   list ", columns=("city", "key", "city"), search="  ann  lee ")
    assert (found.name, found.columns, found.search) == ("My list", ("city", "key"), "ann lee")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": " "}, "needs a name of 1 to 120"),
        ({"name": "a\x1bb"}, "printable"),
        ({"sort": (("city", "sideways"),)}, "up or down"),
        ({"sort": (("city", "up"), ("city", "down"))}, "at most once"),
        ({"sort": tuple((name, "up") for name in "abcd")}, "at most 3"),
        ({"sort": ((TAGS, "up"),)}, "not by their tags"),
        ({"columns": tuple(map(str, range(MOST_COLUMNS + 1)))}, "at most 60 columns"),
        ({"search": "x" * 201}, "at most 200"),
    ],
)
def test_what_is_no_list_is_refused(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(RuleError, match=says):
        SmartList(**{"name": "mine", **wrong})  # type: ignore[arg-type]


def test_a_list_becomes_a_segment_of_the_same_rules_and_back() -> None:
    listed = SmartList("Germans", GERMANS, ("city",), (("city", "up"),), description="for Ana")
    assert listed.as_segment() == Segment("Germans", GERMANS, "for Ana")
    assert SmartList.of(listed.as_segment()) == SmartList("Germans", GERMANS, description="for Ana")


def test_a_search_text_cannot_become_a_segment() -> None:
    with pytest.raises(RuleError, match="searches for 'ann', and a segment is rules only"):
        SmartList("Germans", GERMANS, search="ann").as_segment()


@pytest.mark.parametrize(
    "group",
    [
        Group(),
        enable(GERMANS, (0,), False),
        as_group(enable(GERMANS, (), False)),
        Group(rules=(Group(),)),
    ],
)
def test_a_list_without_a_rule_has_everybody_and_cannot_become_a_segment(group: Group) -> None:
    listed = SmartList("All", group)
    assert not listed.asks
    with pytest.raises(RuleError, match="a segment without rules holds nobody"):
        listed.as_segment()


def test_a_rule_in_an_inner_group_counts() -> None:
    assert SmartList("deep", Group(rules=(Group(rules=(tag("vip"),)),))).asks
