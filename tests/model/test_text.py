"""The text form of rules: what people type, and how it is laid out."""

from __future__ import annotations

import pytest

from segbench.errors import FormatError
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    PrebuiltRule,
    SequenceRule,
    Step,
    TagRule,
    as_group,
)
from segbench.model.text import parse, write
from segbench.model.text_form.layout import Bracket, Row, laid_out
from segbench.model.windows import Calendar, Last

COMPLIANT = TagRule("has_any_of", ("compliant",))
A, B, C = (EventRule(name) for name in "abc")
ORDERS = FieldRule("amount", "at_least", (100,))
EUROS = FieldRule("currency", "is", ("EUR",), negated=True)


def test_the_example_of_an_analyst_is_read() -> None:
    text = (
        'tag is "compliant" and (country in ("DE","AT") or opened at least 3 times in last 30 days)'
    )
    either = Group(
        "or",
        (
            FieldRule("country", "is_any_of", ("DE", "AT")),
            EventRule("opened", "at_least", (3,), Last(30, "days")),
        ),
    )
    assert parse(text) == Group("and", (COMPLIANT, either))


def test_what_fits_stands_on_one_line_and_else_one_member_a_line() -> None:
    text = """\
tag is "compliant"
and (
  country is any of ("DE", "AT")
  or opened at least 3 times
  or not (a happened and b happened)
)"""
    assert write(parse(text), width=40) == text
    assert write(parse(text), width=1_000) == " ".join(text.split()).replace("( c", "(c").replace(
        ") )", "))"
    )


def test_a_long_list_stands_one_value_a_line() -> None:
    rule = FieldRule("country", "is_none_of", ("Germany", "Austria", "Switzerland"))
    assert write(as_group(rule), width=30) == (
        'country is none of (\n  "Germany",\n  "Austria",\n  "Switzerland"\n)'
    )


def test_a_new_member_changes_one_line() -> None:
    rules = (COMPLIANT, A, B, EventRule("c", "at_least", (3,), Last(30)))
    before = write(Group("or", rules[:3]), width=20).splitlines()
    after = write(Group("or", rules), width=20).splitlines()
    assert after[:-1] == before


def test_conditions_and_what_comes_after_them_are_kept_in_place() -> None:
    text = (
        'order_placed where (amount >= 100 and not currency is "EUR") at least 2 times '
        'in last 30 days since last (page_visited or email_clicked where (link is "x"))'
    )
    since = (Step("page_visited"), Step("email_clicked", (FieldRule("link", "is", ("x",)),)))
    rule = EventRule("order_placed", "at_least", (2,), Last(30), (ORDERS, EUROS), since=since)
    assert parse(text) == as_group(rule)
    assert write(as_group(rule), width=200) == text


def test_a_period_is_not_a_length() -> None:
    assert parse("x in last week").rules == (
        FieldRule("x", "in_period", window=Calendar("week", -1)),
    )
    assert parse("x in last 1 week").rules == (FieldRule("x", "in_last", window=Last(1, "weeks")),)


def test_a_missing_step_stands_last() -> None:
    steps = (Step("cart_updated"), Step("order_placed"))
    text = "sequence(cart_updated then no order_placed within 72 hours)"
    assert parse(text).rules == (SequenceRule(steps, "not_followed", Last(72, "hours")),)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("a happened", Group("and", (A,))),
        ("((a happened))", Group("and", (A,))),
        ("(or: a happened)", Group("or", (A,))),
        ("(and: (or: a happened))", Group("and", (Group("or", (A,)),))),
        ("(or: a happened or b happened)", Group("or", (A, B))),
        ("(or: (a happened or b happened))", Group("or", (Group("or", (A, B)),))),
        ("(or: a happened and b happened)", Group("or", (Group("and", (A, B)),))),
        ("not a happened", Group("and", (~A,))),
        ("not not a happened", Group("and", (A,))),
        ("not (a happened)", Group("and", (~A,))),
        ("not (and: a happened)", ~Group("and", (A,))),
        ("not a happened and b happened", Group("and", (~A, B))),
        ("()", Group()),
        ("(and:)", Group()),
        ("(or:)", Group("or")),
        ("() and (or:)", Group("and", (Group(), Group("or")))),
        ("a happened or b happened and c happened", Group("or", (A, Group("and", (B, C))))),
        ("(a happened and b happened) and c happened", Group("and", (Group("and", (A, B)), C))),
        ('(a happened) note "n"', Group("and", (EventRule("a", note="n"),))),
        ('(a happened and b happened) note "n"', Group("and", (A, B), note="n")),
        ("(a or b) happened", Group("and", (EventRule("a", also=("b",)),))),
        ("((a or b) happened or c happened)", Group("or", (EventRule("a", also=("b",)), C))),
    ],
)
def test_brackets_say_what_a_group_is(text: str, root: Group) -> None:
    assert parse(text) == root
    assert parse(write(root)) == root


@pytest.mark.parametrize("quoted", ['"DE"', "'DE'", "“DE”", "„DE“", "„DE”", "‘DE’", "‚DE‘"])
def test_texts_may_be_typed_in_any_quotes(quoted: str) -> None:
    assert write(parse(f"country is {quoted}")) == 'country is "DE"'


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("email_opened", "email_opened"),
        ("größe", "größe"),
        ("a.b-c", "a.b-c"),
        ("note", "note"),
        ("Tag", "`Tag`"),
        ("", "``"),
        ("1st", "`1st`"),
        ('odd "name"', '`odd "name"`'),
        ("a`b\\c\n\u202e", "`a\\`b\\\\c\\n\\u202e`"),
    ],
)
def test_a_name_stands_in_backticks_where_it_could_be_something_else(
    name: str, written: str
) -> None:
    assert write(as_group(FieldRule(name, "is_empty"))) == f"{written} is empty"
    assert parse(f"{written} is empty").rules == (FieldRule(name, "is_empty"),)


def test_what_the_eye_would_miss_is_written_out() -> None:
    root = as_group(
        TagRule("has_any_of", ("a\u202eb\u00a0c\u200bd\ufeff", "👩\u200d💻 \U0001f600é"))
    )
    text = write(root)
    assert '"a\\u202eb\\u00a0c\\u200bd\\ufeff", "👩\u200d💻 😀é"' in text
    assert parse(text) == root


def test_comments_and_line_ends_of_any_kind_are_skipped() -> None:
    text = '\ufeff# who\r\ntag is "a # b" # why\r  AND\tb happened # "open'
    assert write(parse(text)) == 'tag is "a # b" and b happened'


def test_what_no_phrase_says_is_written_as_data() -> None:
    odd = FieldRule("age", "", negated=True, note="choose")
    text = 'json {"field": "age", "kind": "field", "negated": true, "note": "choose", "op": ""}'
    assert write(as_group(odd)) == text
    assert parse(text) == as_group(odd)
    assert parse(f"disabled not {text}").rules == (
        FieldRule("age", "", note="choose", enabled=False),
    )


def test_options_may_be_typed_in_any_order() -> None:
    text = 'a is "x" note "n" in contact time zone unknown included matching case'
    rule = FieldRule("a", "is", ("x",), None, True, "include", clock="contact", note="n")
    assert parse(text) == as_group(rule)


def test_parameters_of_a_prebuilt_segment_are_written_in_order() -> None:
    (rule,) = parse("prebuilt is rfm(segment: 'best', days: 30,)").rules
    assert isinstance(rule, PrebuiltRule)
    assert rule.params == {"days": 30, "segment": "best"}
    assert write(as_group(rule)) == 'prebuilt is rfm(days: 30, segment: "best")'


def test_a_line_has_up_to_88_characters() -> None:
    for length, broken in ((88, False), (89, True)):
        value = "x" * (length - len("a is any of ()") - 2)
        text = write(as_group(FieldRule("a", "is_any_of", (value,))))
        assert ("\n" in text) is broken, length


def test_what_stands_before_the_next_break_counts_for_the_line() -> None:
    items, last = Bracket("f(", ("aaaa", "bbbb"), ")", ","), Bracket("g(", ("c",), ")")
    row = Row((items, " and", " more", last))
    assert laid_out(row, 26) == "f(aaaa, bbbb) and moreg(c)"
    assert laid_out(row, 24) == "f(aaaa, bbbb) and moreg(\n  c\n)"
    assert laid_out(row, 23) == "f(\n  aaaa,\n  bbbb\n) and moreg(c)"


def test_letters_of_any_language_stand_as_they_are_in_a_name() -> None:
    assert write(as_group(FieldRule("größe x", "is_empty"))) == "`größe x` is empty"


@pytest.mark.parametrize(
    ("group", "problem"),
    [
        (Group(rules=(A,) * 1_001), "A segment holds at most 1,000 rules and groups."),
        (as_group(FieldRule("\ud800", "is_empty")), "A text has half a character"),
        (
            as_group(FieldRule("a", "equals", (10**5_000,))),
            "A number has more digits than a text can hold.",
        ),
    ],
    ids=["too many", "half a character", "too many digits"],
)
def test_what_cannot_be_written_is_said(group: Group, problem: str) -> None:
    with pytest.raises(FormatError) as caught:
        write(group)
    assert str(caught.value).startswith(problem)
