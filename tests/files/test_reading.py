"""What is wrong with a segment file, and where."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segbench.errors import FormatError
from segbench.files import SegmentFile, read, read_text
from segbench.files.yaml_values import LONGEST, MOST_NODES
from segbench.model.text import TextError

HEAD = "segbench: segment\nformat: 2\nname: a\n"
GOOD = HEAD + 'group: tag is "x"\n'
JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("kind", "rules", "op", "tests", "name", "")), inner)
    ),
    max_leaves=12,
)


def place(text: str, kind: Any = "yaml") -> tuple[int, int, str]:
    """Line, column and problem of a text that is no segment file."""
    with pytest.raises(TextError) as told:
        read_text(text, kind)
    return told.value.line, told.value.column, told.value.problem


def test_a_wrong_word_in_the_rules_is_shown_where_it_stands() -> None:
    text = HEAD + 'group: |  # the rules\n\n  tag is "x"\n    and orders hapened\ntests: {}\n'
    line, column, problem = place(text)
    assert (line, column) == (7, 16)
    assert "“hapened”" in problem
    assert text.splitlines()[line - 1][column - 1 :] == "hapened"


@pytest.mark.parametrize(
    "words", ["orders hapened", '"orders\\n hapened"', ">\n  orders\n  hapened"]
)
def test_a_wrong_word_in_folded_rules_is_shown_at_the_entry(words: str) -> None:
    line, _, problem = place(f"{HEAD}group: {words}\n")
    assert line == 4
    assert "hapened" in problem


def test_a_wrong_value_is_shown_where_it_stands() -> None:
    rules = "group:\n  kind: group\n  rules:\n    - {kind: tag, op: has_any_of, tags: [1]}\n"
    assert place(HEAD + rules)[:2] == (7, 42)
    entries = '{"segbench": "segment", "format": 2, "name": "a",\n "group": {"kind": "grup"}}'
    assert place(entries, "json")[0] == 2


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("", None, "no segment file"),
        ("a: &x 1", (1, 4), "Anchors"),
        ("a: *x", (1, 4), "Anchors"),
        ("a: !!python/object:os.system x", (1, 4), "Tags"),
        ("a: 1\nb: 2\na: 3", (3, 1), "twice"),
        ("? [a]\n: b", (1, 3), "name of an entry"),
        ("a\n--- \nb", (2, 1), "one YAML document"),
        ("%YAML 1.1\n---\na: no", (2, 1), "1.2"),
        ("a: .nan", (1, 4), "finite"),
        ("a: 1e999", (1, 4), "finite"),
        ("a: [1", (1, 6), "not YAML"),
        ('a: "\\U00110000"', None, "not YAML"),
        ("a: \x07", (1, 4), "does not allow"),
        ("[" * 5000, (1, 121), "deep"),
        (GOOD + "grup: 1\n", (5, 7), "'group'"),
        (GOOD.replace("2", "3"), (2, 9), "1 and 2"),
        (GOOD.replace("2", "2.0"), (2, 9), "1 and 2"),
        (GOOD.replace(": a", ": no way\u200b"), (3, 7), "printable"),
        (GOOD.replace(": a", ": [a]"), (3, 7), "text"),
        (GOOD + "description: 3\n", (5, 14), "text"),
        (HEAD, None, "Input should"),
    ],
)
def test_what_is_no_segment_file_is_told(text: str, at: Any, says: str) -> None:
    with pytest.raises(FormatError, match=says) as told:
        read_text(text, "yaml")
    if at is not None:
        assert isinstance(told.value, TextError)
        assert (told.value.line, told.value.column) == at


@pytest.mark.parametrize(
    ("tests", "says"),
    [
        ("{contacts: [{name: b, expect: in}]}", "as_of"),
        ("{as_of: then}", "as_of 'then'"),
        ("{as_of: 1234-01-01}", "years 1900 to 2900"),
        ("{as_of: 2026-01-01, time_zone: Mars}", "'Mars'"),
        ("{as_of: 2026-01-01, contacts: [{name: b, expect: maybe}]}", "'in' or 'out'"),
        ("{as_of: 2026-01-01, contacts: [{name: '', expect: in}]}", "name of its own"),
        (
            "{as_of: 2026-01-01, contacts: [{name: b, expect: in}, {name: b, expect: in}]}",
            "name of its own",
        ),
        ("{size: {share: 10 % to 1 %}}", "1 % to 10 %"),
        ("{size: {share: 10%}}", "1 % to 10 %"),
        ("{size: {least: 1.5}}", "integer"),
        ("{sizes: {}}", "sizes"),
        ("null", "."),
        ("[]", "."),
    ],
)
def test_tests_that_mean_nothing_are_told(tests: str, says: str) -> None:
    with pytest.raises(TextError, match=says) as told:
        read_text(f"{GOOD}tests: {tests}\n", "yaml")
    assert told.value.line >= 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": NaN}', "finite"),
        (b"[" * 100_000, "JSON"),
        (b"1" * 5_000, "JSON"),
        (b"{", "line 1|Line 1"),
    ],
)
def test_what_is_no_json_is_told(text: bytes, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        read_text(text, "json")


def test_a_byte_order_mark_changes_nothing() -> None:
    assert read_text(b"\xef\xbb\xbf" + GOOD.encode(), "yaml") == read_text(GOOD, "yaml")
    assert place("\ufeffa: &x 1".removeprefix("\ufeff"))[:2] == (1, 4)


def test_windows_line_ends_change_nothing() -> None:
    text = HEAD + 'group: |\n  tag is "x"\n  and orders hapened\n'
    assert place(text.replace("\n", "\r\n"))[:2] == place(text)[:2] == (6, 14)


def test_a_file_that_is_too_large_is_refused_at_once() -> None:
    start = time.perf_counter()
    with pytest.raises(FormatError, match=f"{LONGEST:,} characters"):
        read_text("a" * (LONGEST + 1), "yaml")
    assert time.perf_counter() - start < 1
    with pytest.raises(FormatError, match=f"{MOST_NODES:,} values"):
        read_text("- a\n" * (MOST_NODES + 1), "yaml")


@pytest.mark.parametrize(
    "text", ["!" * 900_000, "[" * 900_000, "- " * 400_000, "&a " * 300_000, "a\n " * 300_000]
)
def test_no_text_takes_long(text: str) -> None:
    start = time.perf_counter()
    sound(f"{HEAD}group: {text}", "yaml")
    assert time.perf_counter() - start < 20


def test_the_name_must_say_the_format(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"\.json, \.yaml"):
        read(tmp_path / "a.toml")
    with pytest.raises(FormatError, match="no file"):
        read(tmp_path / "a.yaml")


def sound(text: str | bytes, kind: Any) -> None:
    """Nothing but a segment or a `FormatError` comes of it."""
    with contextlib.suppress(FormatError):
        assert isinstance(read_text(text, kind, "name"), SegmentFile)


@settings(max_examples=300)
@given(text=st.binary(max_size=200), kind=st.sampled_from(("json", "yaml", "text")))
def test_any_bytes_are_a_segment_or_a_clear_error(text: bytes, kind: str) -> None:
    sound(text, kind)


@settings(max_examples=300)
@given(
    text=st.lists(
        st.sampled_from(
            (
                *("segbench: segment\n", "format: 2\n", "name: a\n", "group:", "tests:", "  "),
                *("\t", "kind: group", "rules", "tag is 'x'", "...", "---", "\\", "<<", "\x85"),
                *"\n -?:,[]{}#&*!|>'\"%@`~",
            )
        ),
        max_size=40,
    ).map("".join)
)
def test_any_yaml_is_a_segment_or_a_clear_error(text: str) -> None:
    sound(text, "yaml")
    sound(HEAD + text, "yaml")


@settings(max_examples=200)
@given(group=JUNK, tests=JUNK)
def test_any_json_is_a_segment_or_a_clear_error(group: Any, tests: Any) -> None:
    entries = {"segbench": "segment", "format": 2, "name": "a", "group": group, "tests": tests}
    sound(json.dumps(entries), "json")
    sound(json.dumps(group), "json")
