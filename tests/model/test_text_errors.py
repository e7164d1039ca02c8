"""Texts that are no rules: the error says what, where, and what would fit."""

from __future__ import annotations

import pytest

from segbench.errors import FormatError
from segbench.model.text import TextError, parse


def error(text: str) -> TextError:
    with pytest.raises(TextError) as caught:
        parse(text)
    return caught.value


def test_an_error_points_at_the_place() -> None:
    text = 'tag is "x"\r\nand (\r\n  country contians "x"\n)'
    found = error(text)
    assert isinstance(found, FormatError)
    assert (found.line, found.column, found.offset) == (3, 11, text.index("contians"))
    assert str(found).splitlines()[1:] == ['    country contians "x"', "            ^"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('country ¦contians "x"', "did you mean “contains”?"),
        ("order_placed ¦hapened", "did you mean “happened”"),
        ("opened at ¦leest 3 times", "did you mean “least”"),
        ('a is "x" ¦adn b is "y"', "did you mean “and”?"),
        ('a is "x" ¦matchin case', "did you mean “matching”"),
        ("a in last 3 ¦dayz", "did you mean “days”"),
        ("a weekday is (¦mondy)", "did you mean “monday”"),
        ("a month is ¦mai", "did you mean “may”"),
        ("¦lst_time(a) in last 3 days", "did you mean “last_time”"),
        ('tag is "a" given in ¦lst 3 days', "did you mean “last”"),
        ("a is 3 unknown ¦include", "did you mean “included”"),
        ("country is ¦DE", 'expected a value such as "DE"'),
        ("segment is ¦VIP", "expected a text in quotes"),
        ("a happened since last ¦day", "expected a date in quotes"),
        ("x in the last ¦week", "write “in last 1 week” or “in last week”"),
        ("x in last ¦1.5 days", "expected a whole number"),
        ("x happened in the past ¦month", "a calendar month: write “in last 1 month”"),
        ("country is any of (¦DE)", 'a text stands in quotes: "DE".'),
        ("a ¦is not true", "write “is false”, or “is false unknown included”"),
        ("a ¦is not 2026-10-23", "write “not a on 2026-10-23”"),
        ("opened at least 3 ¦tims", "expected “times”"),
        ("sum(a of b) >= 3 ¦in last 9 days", "brackets of sum: sum(a of b in last 30 days)"),
        ("active_days(b) > 3 ¦where (c = 1)", "active_days(b where (amount > 100))"),
        ("last_time(b) in last 3 days ¦since last c", "last_time(b since last page_visited)"),
        ('country is "DE" ¦in last 9 days', "country happened in last 30 days"),
        ("order_placed happened ¦where (a = 1)", "stands before how often it happened"),
        ("order_placed happened ¦matching case", "cannot follow a rule of this kind"),
        ("sequence(a then b) ¦where (c = 1)", "inside the brackets, after the event"),
        ('tag is "x" ¦in last 3 days', "write “given” before the time"),
        ('segment is "x" ¦in last 3 days', "a time cannot follow a rule of this kind"),
        ("a happened before ¦0001-01-01", "expected a day such as 2026-10-23"),
        ("sequence(a then no b ¦then c)", "before the last step only"),
        ("a where (b = 1 ¦or c = 2) happened", "joined by “and” only"),
        ("a where (¦(b = 1)) happened", "have no groups"),
        ('a is "x" note "1" ¦note "2"', "a second “note”"),
        ('(a is "x" note "1") ¦note "2"', "a second note"),
        ("sum(a of b) ¦> field c", "not with a field"),
        ("a length = ¦field b", "expected a value"),
        ("prebuilt is engaged(days: 1, ¦days: 2)", "there twice"),
        ('a is ¦"x', '" is missing'),
        ("¦`a is 3", "this name is not closed"),
        ('a is ¦"x\ny"', "not closed on its line"),
        ('a is "x¦\ty"', "write this character as \\u0009"),
        ('a matches "¦\\d+"', "write \\\\ for a backslash"),
        ('a is "¦\\ud800"', "half a character"),
        ("a = ¦1e999", "too large"),
        ("a = ¦€3", "has no meaning here"),
        ('json ¦{"kind": "tag"}', "this is no rule: At tag.op"),
        ('json ¦{"kind": "group"}', "written in brackets"),
        ('json ¦{"a": 1, "a": 2}', "a key is there twice"),
        ('json ¦{"a": NaN}', "NaN is no number"),
        ('a where (¦json {"kind": "segment", "segment": "s"}) happened', "not a segment rule"),
    ],
)
def test_an_error_says_what_would_fit_at_the_place_marked(text: str, said: str) -> None:
    found = error(text.replace("¦", ""))
    assert found.offset == text.index("¦")
    assert said in found.problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a rule, or () where there is none yet"),
        ("# nothing\n", "expected a rule, or ()"),
        ("a", "expected how a is compared"),
        ("a happened and", "expected a rule"),
        ("(a happened", "expected “and”, “or”, “)”"),
        ("not", "expected a rule"),
        ('a is any of ("x"', "expected “,”"),
    ],
)
def test_an_error_at_the_end_says_what_is_missing(text: str, said: str) -> None:
    found = error(text)
    assert found.offset == len(text)
    assert "found the end of the text" in found.problem
    assert said in found.problem


def test_a_long_line_is_shown_around_the_place() -> None:
    shown = str(error(f'a is "{"x" * 500}" nad b is "{"y" * 500}"')).splitlines()
    assert all(len(line) < 100 for line in shown[1:])
    assert shown[1][len(shown[2]) - 1 :].startswith("nad")


def test_nothing_in_a_message_moves_the_terminal() -> None:
    found = error('a is "\u202e\x9b2J" \u202eb')
    assert all(line.isprintable() for line in str(found).split("\n"))
