"""`segbench contacts` and `segbench lists`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from segbench.model.ask import field, tag
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

Run = Callable[..., Result]
Told = Callable[..., Any]


@pytest.fixture
def told(run: Run, own: Path) -> Told:
    """Runs `segbench ... --json` on the test's own workspace."""

    def asked(*words: object) -> Any:
        result = run(*words, "-w", own, "--json")
        assert (result.exit_code, result.stderr) == (0, ""), result.stderr
        return json.loads(result.stdout)

    return asked


@pytest.fixture
def segments(own: Path) -> None:
    with Workbench.open(own) as workbench:
        workbench.save(Segment("Germans", as_group(field("country").is_any_of("DE"))))
        workbench.save(Segment("Autumn", as_group(tag("autumn"))))


def test_a_page_is_listed_sorted_and_searched(ask: Told) -> None:
    view = ("--columns", "city, country", "--sort", "city:down", "--search", "be")
    page = ask("contacts", "list", *view, "--size", 5, "--page", 2)
    cities = [row["city"] for row in page["contacts"]]
    assert page["page"] == 2
    assert page["total"] > 10
    assert cities == sorted(cities, reverse=True)
    assert list(page["contacts"][0]) == ["key", "city", "country"]


def test_a_list_is_saved_shown_renamed_turned_and_deleted(
    run: Run, told: Told, own: Path, segments: None
) -> None:
    saved = told("lists", "save", "Mine", "--segment", "Germans", "--sort", "city,key:down")
    assert saved["sort"] == [["city", "up"], ["key", "down"]]
    assert told("lists", "save", "mine", "--columns", "city", "--replace")["revision"] == 2
    found = told("lists", "show", "Mine")
    assert found["count"] == told("count", "Germans")["count"]
    assert (found["columns"], found["sort"]) == (["city"], [["city", "up"], ["key", "down"]])
    assert "It is “Ours” now" in run("lists", "rename", "Mine", "Ours", "-w", own).stdout
    run("lists", "to-segment", "Ours", "-w", own)
    assert told("count", "Ours")["count"] == found["count"]
    run("lists", "from-segment", "Autumn", "-w", own)
    assert [each["name"] for each in told("lists", "list")] == ["Autumn", "Ours"]
    assert "Ours: " in run("lists", "show", "Ours", "-w", own).stdout
    run("lists", "delete", "Ours", "--yes", "-w", own)
    left = run("lists", "list", "-w", own).stdout
    assert "Autumn" in left
    assert "Ours" not in left


def test_contacts_are_tagged_a_segment_grows_and_undo_takes_it_back(
    told: Told, run: Run, own: Path, segments: None
) -> None:
    germans = told("count", "Germans")["count"]
    done = told("contacts", "tag", "autumn", "--segment", "Germans", "--yes")
    assert (done["edit"], done["contacts"]) == (1, germans)
    assert done["segments"] == [
        {"segment": "Autumn", "before": 0, "entered": germans, "left": 0, "after": germans}
    ]
    assert done["preview"]["would_change"] == germans
    assert told("count", "Autumn")["count"] == germans
    key = told("contacts", "list", "--segment", "Germans")["contacts"][0]["key"]
    assert told("contacts", "untag", "autumn", "--key", key, "--yes")["contacts"] == 1
    undone = told("contacts", "undo", 1, "--yes")
    assert (undone["contacts"], undone["left_alone"]) == (germans - 1, 1)
    assert told("count", "Autumn")["count"] == 0
    audit = told("contacts", "audit")
    assert [entry["edit"] for entry in audit] == [3, 2, 1]
    assert (audit[0]["undoes"], audit[2]["undone_by"]) == (1, 3)
    assert audit[2]["chosen"] == "Contacts where Country is “DE”."
    assert "took edit 1 back" in run("contacts", "audit", "-w", own).stdout


def test_fields_are_set_and_cleared(told: Told, run: Run, own: Path) -> None:
    key = told("contacts", "list", "--size", 1)["contacts"][0]["key"]
    words = ("country=LU", "lead_score=", "interests=tea, sailing")
    assert told("contacts", "set", *words, "--key", key, "--yes")["contacts"] == 1
    card = told("contacts", "show", key, "--events", 2)
    assert card["fields"]["country"] == "LU"
    assert card["fields"]["interests"] == ["tea", "sailing"]
    assert "lead_score" not in card["fields"]
    assert len(card["events"]) == min(2, card["events_total"])
    shown = run("contacts", "show", key, "-w", own).stdout
    assert "tea, sailing" in shown


def test_how_a_contact_comes_into_a_segment_is_said_and_done(
    told: Told, run: Run, own: Path, segments: None
) -> None:
    key = told("contacts", "list", "--size", 1)["contacts"][0]["key"]
    assert told("contacts", "into", key, "Autumn")["ways"] == ["Tag it “autumn”"]
    assert run("contacts", "into", key, "Autumn", "-w", own).stdout == "1. Tag it “autumn”\n"
    assert told("contacts", "into", key, "Autumn", "--do", 1)["contacts"] == 1
    assert "no way 1" in run("contacts", "into", key, "Autumn", "--do", 1, "-w", own).stderr


def test_where_nobody_agrees_nothing_is_written(run: Run, own: Path, segments: None) -> None:
    result = run("contacts", "tag", "autumn", "--segment", "Germans", "-w", own)
    assert result.exit_code == 1
    assert "contacts would change" in result.stderr
    assert "“Autumn”: 0 → " in result.stderr
    assert "Give --yes to agree" in result.stderr
    assert "ever edited" in run("contacts", "audit", "-w", own).stdout
    same = run("contacts", "untag", "nobody's", "--everybody", "-w", own)
    assert same.stdout == "Nothing changed: all of them are so already.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("contacts", "tag", "x"), "Say whom: one of --key"),
        (("contacts", "tag", "x", "--key", "nobody"), "No contact has the key 'nobody'"),
        (("contacts", "set", "country", "--everybody"), "Fields are set as FIELD=VALUE"),
        (("contacts", "set", "lead_score=x", "--everybody"), "takes a number"),
        (("contacts", "undo", "7", "--yes"), "There is no edit 7"),
        (("lists", "save", "x", "--columns", "contry"), "There is no field 'contry'"),
        (("lists", "from-segment", "None"), "There is no saved segment 'None'"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    refused: Callable[..., str], own: Path, words: tuple[str, ...], says: str
) -> None:
    assert says in refused(*words, "-w", own)


def test_a_terminal_is_not_told_what_to_do_by_a_contact(run: Run, told: Told, own: Path) -> None:
    key = told("contacts", "list", "--size", 1)["contacts"][0]["key"]
    told("contacts", "set", "country=\x1b[31mred", "--key", key, "--yes")
    for words in (("contacts", "show", key), ("contacts", "audit")):
        assert "\x1b" not in run(*words, "-w", own).stdout
