"""docs/rules.md shows every rule, and says of each what segbench says today."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import click
import pytest

import segbench
from segbench.cli import main
from segbench.demo.example_row import WORDS, Example
from segbench.demo.rule_page import CHAPTERS, CONTACTS, anchor, page_of_demo, text_of
from segbench.demo.tour import SEED, UNTIL
from segbench.model.operators import OPERATORS
from segbench.model.prebuilt import PREBUILT
from segbench.model.rules import (
    EventRule,
    FieldRule,
    Group,
    MeasureRule,
    PrebuiltRule,
    RuleOrGroup,
    SequenceRule,
    TagRule,
)
from segbench.model.text import parse, write
from segbench.model.tree import walk
from segbench.model.windows import Window

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
EXAMPLES = tuple(example for chapter in CHAPTERS for example in chapter.examples)
NODES = [node for example in EXAMPLES for _, node in walk(example.group)]
RULES = [node for node in NODES if not isinstance(node, Group)]
ROWS = [line for line in PAGE.splitlines() if re.search(r" \| [\d,]+ \|$", line)]
NOBODY_HERE = {"in the next", "more than … from now"}


def conditions(node: RuleOrGroup) -> tuple[FieldRule, ...]:
    """The conditions on events that a rule has."""
    if isinstance(node, EventRule | MeasureRule):
        return (*node.where, *chain.from_iterable(step.where for step in node.since))
    if isinstance(node, SequenceRule):
        return tuple(chain.from_iterable(step.where for step in node.steps))
    return ()


def windows() -> Iterator[Any]:
    for rule in RULES:
        for part in (rule, *conditions(rule), getattr(rule, "compare", None)):
            window = getattr(part, "window", None)
            if window is not None:
                yield window


def uses(rule: RuleOrGroup) -> set[str]:
    """The options of a row that a rule uses."""
    found = {
        "disabled": not rule.enabled,
        "not": rule.negated,
        "note": bool(rule.note),
        "matching case": getattr(rule, "match_case", False),
        "include": getattr(rule, "unknown", "") == "include",
        "exclude": getattr(rule, "unknown", "") == "exclude",
        "other field": bool(getattr(rule, "other", "")),
        "contact clock": getattr(rule, "clock", "") == "contact",
        "where": bool(conditions(rule)),
        "also": bool(getattr(rule, "also", ())),
        "since": bool(getattr(rule, "since", ())),
        "tagged in a window": isinstance(rule, TagRule) and rule.window is not None,
        "sequence in a window": isinstance(rule, SequenceRule) and rule.window is not None,
        "sequence within": isinstance(rule, SequenceRule) and rule.within is not None,
    }
    return {name for name, used in found.items() if used}


OPTIONS = {
    *("disabled", "not", "note", "matching case", "include", "exclude", "other field"),
    *("contact clock", "where", "also", "since", "tagged in a window", "sequence in a window"),
    "sequence within",
}


def test_the_page_is_what_segbench_says_today(tmp_path: Path) -> None:
    assert page_of_demo(tmp_path) == PAGE, "run `make rules`, and read what changed"


def test_every_operator_has_an_example() -> None:
    used = {(rule.kind, rule.op) for rule in RULES}
    used |= {("field", rule.compare.op) for rule in RULES if isinstance(rule, MeasureRule)}
    assert set(OPERATORS) - used == set()
    alone = {
        (rule.kind, rule.op) for e in EXAMPLES for rule in e.group.rules if rule.kind != "group"
    }
    assert set(OPERATORS) - alone == set()


def test_every_prebuilt_segment_has_an_example() -> None:
    assert {rule.prebuilt for rule in RULES if isinstance(rule, PrebuiltRule)} == set(PREBUILT)


def test_every_kind_of_window_has_an_example() -> None:
    union, _ = get_args(Window)
    assert {type(window) for window in windows()} == set(get_args(union))


def test_every_option_of_a_row_has_an_example() -> None:
    assert set(chain.from_iterable(map(uses, NODES))) == OPTIONS


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.words)
def test_an_example_is_the_same_rule_in_both_its_forms(example: Example) -> None:
    assert parse(text_of(example)) == example.group


def test_no_example_comes_twice() -> None:
    texts = [text_of(example) for example in EXAMPLES]
    assert [text for text in texts if texts.count(text) > 1] == []


def test_the_words_of_the_examples_are_public_names() -> None:
    assert {name: getattr(segbench, name) for name in WORDS} == dict(WORDS)


def test_the_examples_use_every_word() -> None:
    used = set(re.findall(r"\w+(?=\()", " ".join(example.words for example in EXAMPLES)))
    assert set(WORDS) - used == set()


def test_each_example_is_one_row_of_three_cells() -> None:
    assert len(ROWS) == len(EXAMPLES)
    for row, example in zip(ROWS, EXAMPLES, strict=True):
        cells = re.split(r"(?<!\\)\|", row)
        assert len(cells) == 5
        shown = re.findall(r"`([^`]+)`<br>", cells[2].replace("\\|", "|"))
        assert shown == [example.words, text_of(example)]


def test_few_examples_hold_nobody_or_everybody() -> None:
    counts = [int(row.split("|")[-2].replace(",", "")) for row in ROWS]
    told = {
        example.name
        for example, count in zip(EXAMPLES, counts, strict=True)
        if count in (0, CONTACTS)
    }
    assert told == NOBODY_HERE
    assert len(told) < len(EXAMPLES) / 10


def test_the_contents_lead_to_every_chapter() -> None:
    titles = [chapter.title for chapter in CHAPTERS]
    assert re.findall(r"^- \[(.+)\]\(#(.+)\)$", PAGE, re.MULTILINE) == [
        (title, anchor(title)) for title in titles
    ]
    assert re.findall(r"^## (.+)$", PAGE, re.MULTILINE) == titles
    assert anchor("And, or, not") == "and-or-not"
    assert anchor("Pre-built segments") == "pre-built-segments"


def test_the_command_on_the_page_makes_the_same_contacts() -> None:
    assert f"segbench demo --contacts {CONTACTS} --until {UNTIL:%Y-%m-%d}`" in PAGE
    command = main.get_command(click.Context(main), "demo")
    assert command is not None
    (seed,) = (each for each in command.params if each.name == "seed")
    assert seed.default == SEED
    assert UNTIL.time() == dt.time()


def test_the_rule_text_of_the_readme_is_one_and_canonical() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (shown,) = re.findall(r"```\n(tag is .*?)\n```", readme, re.DOTALL)
    assert write(parse(shown)) == shown
