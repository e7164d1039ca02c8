"""Text that is larger or deeper than a segment can be, and values that no file can hold."""

from __future__ import annotations

import time
from typing import Any

import pytest

from segbench.errors import FormatError
from segbench.model.codec import DEEPEST, MOST_RULES
from segbench.model.rules import FieldRule, Group, TagRule, as_group
from segbench.model.text import TextError, parse, write


def nested(depth: int) -> Group:
    root = Group("or", (TagRule("has_any_of", ("x",)),))
    for _ in range(depth - 1):
        root = Group("or", (root,))
    return root


def test_groups_as_deep_as_a_segment_allows_read_back() -> None:
    assert parse(write(nested(DEEPEST))) == nested(DEEPEST)


@pytest.mark.parametrize("depth", [DEEPEST + 1, 5_000])
def test_deeper_groups_are_refused(depth: int) -> None:
    with pytest.raises(FormatError, match="at most 32 deep"):
        write(nested(depth))
    with pytest.raises(TextError, match="at most 32 deep"):
        parse("(or: " * depth + 'tag is "x"' + ")" * depth)


def test_brackets_and_priorities_together_stay_within_the_depth() -> None:
    text = 'tag is "x"'
    for _ in range(20):
        text = f'tag is "a" or tag is "b" and ({text})'
    with pytest.raises(TextError, match="at most 32 deep"):
        parse(text)


def test_as_many_rules_as_a_segment_allows_read_back_and_more_are_refused() -> None:
    rule = TagRule("has_any_of", ("x",))
    most = Group("or", (rule,) * MOST_RULES)
    assert parse(write(most)) == most
    with pytest.raises(FormatError, match="1,000 rules"):
        write(Group("or", (*most.rules, rule)))
    with pytest.raises(TextError, match="1,000 rules"):
        parse(write(most) + '\nor tag is "x"')
    with pytest.raises(TextError, match="1,000 rules"):
        parse(" or ".join(['(tag is "x" and tag is "y")'] * 400))


def test_ten_times_as_many_rules_take_about_ten_times_as_long_to_read() -> None:
    one = "opened where (a >= 1 and not b is 'x') at least 3 times in last 30 days since last (c)"

    def taken(rules: int) -> float:
        text = " or ".join([one] * rules)
        start = time.process_time()
        assert len(parse(text).rules) == rules
        return time.process_time() - start

    few, many = (min(taken(rules) for _ in range(3)) for rules in (MOST_RULES // 10, MOST_RULES))
    # Reading anew from the start for each rule would take a hundred times as long.
    assert many < 40 * few


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), "\ud800", 10**5_000],
    ids=["nan", "infinity", "half a character", "too many digits"],
)
def test_what_no_file_can_hold_is_not_written(value: Any) -> None:
    for op in ("equals", "is", "odd"):
        with pytest.raises(FormatError):
            write(as_group(FieldRule("a", op, (value,))))
