"""What the page about the text form shows is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from segbench.model.operator_table import ROWS
from segbench.model.text import TextError, parse, write
from segbench.model.text_form.quotes import RESERVED

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rule-text.md").read_text("utf-8")
BLOCKS = re.findall(r"```\n(.*?)\n```", PAGE, re.DOTALL)


def rows(title: str, pattern: str) -> list[tuple[str, ...]]:
    """What the pattern finds in the rows of the table under a heading."""
    under = re.split(r"\n##+ ", PAGE.split(f"# {title}\n")[1])[0]
    return re.findall(pattern, under, re.MULTILINE)


EXAMPLES = rows("Every operator", r"^\| (\w+) (\w+) \| `(.+)` \|$")
TYPED = rows("What else can be typed", r"^\| `(.+?)` \| (.+) \|$")
SHAPES = rows("Groups", r"^\| `(.+?)` \|")


def test_there_is_one_example_for_each_operator_in_menu_order() -> None:
    assert [(subject, op) for subject, op, _ in EXAMPLES] == [
        (row.subject, row.key) for row in ROWS
    ]


@pytest.mark.parametrize(("subject", "op", "text"), EXAMPLES)
def test_each_example_is_that_operator_and_canonical(subject: str, op: str, text: str) -> None:
    (rule,) = parse(text).rules
    assert (rule.kind, getattr(rule, "op", "")) == (subject, op)
    assert write(parse(text)) == text


@pytest.mark.parametrize(("typed", "written"), TYPED)
def test_what_else_can_be_typed_is_written_as_the_page_says(typed: str, written: str) -> None:
    if written.startswith("an error"):
        with pytest.raises(TextError):
            parse(typed)
    else:
        assert f"`{write(parse(typed))}`" == written


@pytest.mark.parametrize("text", SHAPES)
def test_the_shapes_of_groups_are_canonical(text: str) -> None:
    assert write(parse(text)) == text


def test_the_page_starts_with_a_canonical_text() -> None:
    assert write(parse(BLOCKS[0]), width=60) == BLOCKS[0]


def test_the_error_that_the_page_shows_is_what_such_a_text_gives() -> None:
    with pytest.raises(TextError) as caught:
        parse('tag is "compliant"\nand country contians "x"')
    assert str(caught.value) == BLOCKS[-1]


def test_the_page_names_every_word_that_a_name_cannot_be() -> None:
    named = re.split(r"a name that a rule could start\s+with \(", PAGE)[1].split(")")[0]
    assert set(re.findall(r"`(\w+)`", named)) == RESERVED
