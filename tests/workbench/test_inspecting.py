"""One contact: found by a text, an example, and how it stands in all segments."""

from __future__ import annotations

import pytest
import workbenches

from segbench.errors import RuleError, UnknownName
from segbench.model.ask import did, field
from segbench.model.rules import as_group
from segbench.workbench.inspecting import example_key, inspect, look_up, searched_fields
from segbench.workbench.workbench import Workbench

GERMANS = as_group(field("country").is_any_of("DE"))
EVERYBODY = 10_000


@pytest.fixture(scope="module")
def workbench() -> Workbench:
    return workbenches.opened()


def texts_of(workbench: Workbench) -> dict[str, list[str]]:
    """The key of every contact with its texts that are searched, in small letters."""
    columns = ("key", "email", "first_name", "last_name")
    rows = workbench.engine.snapshot.rows(f"SELECT {', '.join(columns)} FROM contacts")
    return {row[0]: [str(text or "").lower() for text in row] for row in rows}


def test_keys_addresses_and_names_are_searched(workbench: Workbench) -> None:
    assert [f.name for f in searched_fields(workbench)] == ["email", "first_name", "last_name"]


@pytest.mark.parametrize(
    "text", ["anna", "ANNA müller", "c00001", "example.org", "ller ANN", "'", "%", "_", "\\", "=h"]
)
def test_every_word_is_found_in_the_key_or_a_field(workbench: Workbench, text: str) -> None:
    wanted = {
        key
        for key, texts in texts_of(workbench).items()
        if all(any(word in part for part in texts) for word in text.lower().split())
    }
    assert {match.key for match in look_up(workbench, text, EVERYBODY)} == wanted
    assert len(look_up(workbench, text)) == min(len(wanted), 10)


def test_whose_key_or_address_is_the_text_comes_first(workbench: Workbench) -> None:
    keys = sorted(texts_of(workbench))
    for key in (keys[3], keys[500]):
        assert look_up(workbench, key)[0].key == key
    assert look_up(workbench, keys[7][:-1])[0].key == keys[0]
    email = look_up(workbench, keys[11])[0].texts[0]
    assert email is not None
    assert look_up(workbench, email)[0].texts[0] == email


def test_a_text_without_a_word_finds_nobody(workbench: Workbench) -> None:
    assert look_up(workbench, "") == look_up(workbench, " \t ") == ()
    assert look_up(workbench, "Robert'); DROP TABLE contacts;-- x") == ()


@pytest.mark.parametrize("inside", [True, False])
def test_examples_go_through_all_of_them_and_start_again(
    workbench: Workbench, inside: bool
) -> None:
    rules = as_group(GERMANS & field("last_name").is_("Müller"))
    everybody = workbench.contacts(EVERY, ["key"])["key"]
    members = set(workbench.contacts(rules, ["key"])["key"])
    assert members
    wanted = [key for key in everybody if (key in members) is inside]
    found, after = [], ""
    for _ in range(min(len(wanted), 30)):
        after = str(example_key(workbench, rules, inside=inside, after=after))
        found.append(after)
    assert found == wanted[:30]
    assert example_key(workbench, rules, inside=inside, after=wanted[-1]) == wanted[0]
    assert example_key(workbench, rules, inside=inside, after="gone") == wanted[0]


EVERY = as_group(did("order_placed") | ~did("order_placed"))


def test_there_is_no_example_of_nobody(workbench: Workbench) -> None:
    assert example_key(workbench, EVERY, inside=False) is None
    assert example_key(workbench, as_group(field("country").is_("?")), inside=True) is None


def test_a_contact_is_in_just_the_saved_segments_that_hold_it(workbench: Workbench) -> None:
    saved = {s.segment.name: s.segment.group for s in workbench.library.segments()}
    held = {name: set(workbench.contacts(g, ["key"])["key"]) for name, g in saved.items()}
    seen = set()
    for key in sorted(texts_of(workbench))[::25]:
        found = inspect(workbench, key, GERMANS)
        assert set(found.inside) == {name for name in saved if key in held[name]}
        assert (found.saved, found.uncounted) == (len(saved), ())
        assert found.why == workbench.why(key, GERMANS)
        seen |= {*found.inside}
    assert len(seen) >= 4


def test_an_unknown_key_and_wrong_rules_are_errors(workbench: Workbench) -> None:
    with pytest.raises(UnknownName, match="contact with the key"):
        inspect(workbench, "nobody", GERMANS)
    with pytest.raises(RuleError):
        inspect(workbench, "c0000001", as_group(field("no such field").is_("x")))
