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


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("json ¦3", "found “3”, expected a rule as JSON in {}."),
        ('json ¦{"kind": "group"}', "a group is written in brackets, not as JSON."),
        ("json {¦x}", "this is not JSON: Expecting property name enclosed in double quotes."),
        ('json ¦{"a":' + "[" * 100_000, "this is not JSON: nested too deep."),
        ("a happened ¦x", "found “x”, expected the end of the text, “and”, “or”."),
        ("(a happened ¦x", "found “x”, expected “and”, “or”, “)”."),
        ("sequence(a then b ¦x)", "found “x”, expected “then”, “within”, “)”."),
        ("a in last 3 ¦x", "found “x”, expected a unit of time, such as days."),
        (
            "¦sequenc(a then b)",
            "found “sequenc”, expected a figure, such as sum or last_time; "
            "did you mean “sequence”?",
        ),
        ("prebuilt is engaged(days: 1, ¦days: 2)", "this parameter is there twice."),
        ("sample ¦" + "9" * 400 + "% to 3%", "this number is too large."),
        (
            "a happened ¦where (b = 1)",
            "“where” stands before how often it happened: a where (amount > 100) at least 3 times.",
        ),
        (
            "sequence(a then b) ¦where (c = 1)",
            "“where” stands inside the brackets, after the event that it is about.",
        ),
        (
            "a is 3 ¦since last b",
            "“since last” belongs to an event, and “a” is compared like a field; "
            "of an event one asks how often: a happened in last 30 days.",
        ),
        (
            "a is 3 ¦where (b = 1)",
            "“where” belongs to an event, and “a” is compared like a field; "
            "of an event one asks how often: a happened in last 30 days.",
        ),
        (
            "x in the next ¦week",
            "this can mean a length of time or a calendar week: "
            "write “in next 1 week” or “in next week”.",
        ),
        (
            "a before ¦x",
            "found “x”, expected a period, such as today, this week or month -2, "
            'a value such as "DE" or 18; a text stands in quotes: "x".',
        ),
        (
            "a is ¦(",
            'found “(”, expected a value such as "DE" or 18, '
            "a period, such as today, this week or month -2, "
            "“not”, “in”, “on”, “more”, “any”, “none”, ….",
        ),
        (
            f"a happened ¦{'x' * 41}",
            f"found “{'x' * 39}…”, expected the end of the text, “and”, “or”.",
        ),
        (
            f"a happened ¦{'x' * 40}",
            f"found “{'x' * 40}”, expected the end of the text, “and”, “or”.",
        ),
    ],
)
def test_an_error_is_said_in_these_words(text: str, problem: str) -> None:
    found = error(text.replace("¦", ""))
    assert found.problem == problem
    assert found.offset == text.index("¦")


def test_a_long_line_is_cut_on_both_sides_and_a_short_one_on_neither() -> None:
    long = str(error(f'a is "{"x" * 80}" nad b is "{"y" * 80}"'))
    left, right = "x" * 64, "y" * 12
    assert long.splitlines()[1:] == [f'  …{left}" nad b is "{right}', f"   {' ' * 66}^"]
    short = str(error('a is 3\nand b is "x" nad c'))
    assert short.splitlines()[1:] == ['  and b is "x" nad c', f"  {' ' * 13}^"]


@pytest.mark.parametrize(
    "phrase",
    [
        *("equals 3", "is 3", "has any of ('x')", "does not equal 3", "contains 'x'"),
        *("starts with 'x'", "ends with 'x'", "matches 'x'", "length = 3", "size = 3"),
        *("weekday is monday", "month is may", "hour between 3 and 4"),
        "anniversary in last 3 days",
    ],
)
def test_is_stands_before_no_verb_and_no_part_of_a_value(phrase: str) -> None:
    parse(f"a {phrase}")
    assert "expected" in error(f"a is {phrase}").problem
