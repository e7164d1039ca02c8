"""`segbench test`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import workbenches

HEAD = "segbench: segment\nformat: 2\nname: Mine\n"
TESTS = """tests:
  as_of: 2026-03-31T00:30
  time_zone: Europe/Berlin
"""


def put(here: Path, rules: str, contacts: str, more: str = "") -> Path:
    lines = "".join(f"    - {line}\n" for line in contacts.splitlines())
    path = here / "mine.yaml"
    group = "".join(f"  {line}\n" for line in rules.splitlines())
    listed = f"  contacts:\n{lines}" if lines else ""
    path.write_text(f"{HEAD}group: |\n{group}{TESTS}{listed}{more}", "utf-8")
    return path


@pytest.mark.parametrize(
    ("rules", "inside", "outside"),
    [
        ('tag is "VIP"', "tags: [VIP]", "tags: [vip]"),
        ('tag is "VIP" given in last 3 days', "tags: {VIP: -2 days}", "tags: {VIP: -3 days}"),
        ("age >= 18", "fields: {age: 18}", "fields: {age: 17.5}"),
        ("age is empty", "fields: {age: null}", "fields: {age: 3}"),
        ('name is "no"', "fields: {name: no}", "fields: {name: yes}"),
        ("born in last 3 days", "fields: {born: 2026-03-29}", "fields: {born: 2026-03-27}"),
        ('likes has any of ("tea")', "fields: {likes: [tea, ski]}", "fields: {likes: []}"),
        (
            "seen in this day",
            "fields: {seen: 2026-03-30T22:00:00Z}",
            "fields: {seen: 2026-03-30T21:59:59Z}",
        ),
        (
            "sum(amount of bought in last 1 months) >= 10",
            "events: [{event: bought, at: 2026-03-01, properties: {amount: 10}}]",
            "events: [{event: bought, at: 2026-02-27, properties: {amount: 10}}]",
        ),
        ("seen in top 50%", "fields: {seen: 3}", "fields: {seen: 2}"),
    ],
)
def test_contacts_are_in_or_out_as_expected(
    rules: str, inside: str, outside: str, run: Any, here: Path
) -> None:
    contacts = f"{{name: a, expect: in, {inside}}}\n{{name: b, expect: out, {outside}}}"
    if "top" in rules or "this day" in rules:
        rules = rules.replace("this day", "today").replace("top 50%", "top 50 %")
    more = "  fields: {born: date}\n"
    result = run("test", put(here, rules, contacts, more))
    assert result.stdout == f"{here / 'mine.yaml'}: 2 of 2 passed\n", result.stdout
    assert (result.exit_code, result.stderr) == (0, "2 passed, 0 failed.\n")
    swapped = contacts.replace("in,", "IN,").replace("out,", "in,").replace("IN,", "out,")
    assert run("test", put(here, rules, swapped, more)).exit_code == 1


def test_a_failure_names_the_contact_and_says_why(run: Any, here: Path) -> None:
    contacts = "{name: Ada, expect: in, tags: [VIP], fields: {age: 17}}"
    result = run("test", put(here, 'tag is "VIP"\nand age >= 18', contacts))
    assert result.exit_code == 1
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert lines[1] == "Ada: expected in, is out"
    assert "✓ tag is “VIP”  [has VIP]" in lines
    assert "✗ age is at least 18  [17]" in lines
    assert result.stderr == "0 passed, 1 failed.\n"


@pytest.mark.parametrize(
    ("rules", "contact", "says"),
    [
        ("age > 3", "fields: {age: old}", "Contact 'a', age: 'old' is no number."),
        ("seen in last 3 days", "fields: {seen: soon}", "'soon' is no time"),
        ('tag is "x"', "tags: {x: soon}", "'soon' is no time"),
        ("e happened", "events: [{event: e, at: later}]", "'later' is no time"),
        ('segment is "other"', "tags: [x]", "no saved segment 'other'"),
        ("age between 5 and 1", "tags: [x]", "swap them"),
    ],
)
def test_tests_that_cannot_be_run_fail(
    rules: str, contact: str, says: str, run: Any, here: Path
) -> None:
    result = run("test", put(here, rules, f"{{name: a, expect: out, {contact}}}"))
    assert result.exit_code == 1
    assert says in result.stdout
    assert "Traceback" not in result.stdout


def test_segments_of_other_files_are_followed(run: Any, here: Path) -> None:
    put(here, 'segment is "vips"', "{name: a, expect: in, tags: [VIP]}\n{name: b, expect: out}")
    (here / "vips.segment").write_text('tag is "VIP"', "utf-8")
    result = run("test", ".")
    assert (result.exit_code, result.stderr) == (0, "2 passed, 0 failed.\n")


def test_each_contacts_own_time_zone_counts(run: Any, here: Path) -> None:
    contacts = (
        "{name: a, expect: in, fields: {zone: Asia/Tokyo, at: 2026-03-29T22:00Z}}\n"
        "{name: b, expect: out, fields: {zone: America/New_York, at: 2026-03-29T22:00Z}}"
    )
    rules = 'at weekday is ("monday") in contact time zone'
    result = run("test", put(here, rules, contacts, "  contact_time_zone: zone\n"))
    assert result.exit_code == 0, result.stdout


@pytest.mark.parametrize(
    ("size", "says"),
    [
        ("{least: 1, most: 999, share: 0.1 % to 99.9 %}", ""),
        ("{least: 1000}", "expected at least 1,000"),
        ("{most: 1}", "expected at most 1"),
        ("{share: 99 % to 100 %}", "expected 99 % to 100 %"),
    ],
)
def test_the_size_is_checked_on_a_workspace(
    size: str, says: str, run: Any, here: Path, demo: Path
) -> None:
    path = put(here, 'tag is "VIP"', "", f"  size: {size}\n")
    assert "size not checked" in run("test", path).stdout
    result = run("test", path, "-w", demo)
    assert result.exit_code == bool(says)
    assert says in result.stdout
    if says:
        found = workbenches.opened().catalog.tags
        count = next(tag.count for tag in found if tag.value == "VIP")
        assert f"found {count:,} of 1,000 contacts" in result.stdout


def test_a_file_that_cannot_be_read_fails(run: Any, here: Path) -> None:
    (here / "a.segment").write_text("tag is", "utf-8")
    result = run("test", "a.segment")
    assert result.exit_code == 1
    assert "Line 1, column 7" in result.stdout
