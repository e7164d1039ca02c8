"""The ladder of a lake's contacts, against a judge that looks at one contact after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import mailings
import pytest
from mailings import ORDER, Person

from segbench.model.ask import field
from segbench.model.recipe import Recipe, rules_source
from segbench.model.rules import Group, as_group
from segbench.model.sending_policy import SendingPolicy
from segbench.workbench.audiences import find_audience
from segbench.workbench.workbench import Workbench

PEOPLE = mailings.drawn()
GERMANIC = as_group(field("country").is_any_of("DE", "AT"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    root = mailings.make(tmp_path_factory.mktemp("small"), PEOPLE)
    with mailings.opened(root) as workbench:
        yield workbench


def recipe(rules: Group = GERMANIC, **parts: object) -> Recipe:
    return Recipe((rules_source("Those", rules),), **parts)  # type: ignore[arg-type]


def targeted() -> set[str]:
    return {person.key for person in PEOPLE if person.country in ("DE", "AT")}


@pytest.mark.parametrize("channel", ["email", "sms"])
@pytest.mark.parametrize("keep", ["first", "newest"])
def test_each_reason_and_each_pair_holds_whom_the_judge_says(
    small: Workbench, channel: str, keep: str
) -> None:
    audience = find_audience(small, recipe(channel=channel, keep=keep))
    found = mailings.judge(PEOPLE, targeted(), channel, keep == "newest")
    ladder, left = audience.ladder, targeted()
    assert [rung.key for rung in ladder.rungs] == list(ORDER)
    for rung in ladder.rungs:
        if rung.key not in found:
            assert (rung.alone, rung.taken) == (None, 0)
            assert rung.why
            continue
        assert found[rung.key], f"nobody is {rung.key}, so this test shows nothing of it"
        assert rung.alone == len(found[rung.key])
        assert rung.taken == len(found[rung.key] & left)
        left -= found[rung.key]
        assert rung.left == len(left)
    for one, other in combinations(found, 2):
        assert ladder.both(one, other) == len(found[one] & found[other]), (one, other)
    keys = small.engine.rows(audience.final, ["key"]).read_all()["key"].to_pylist()
    assert set(keys) == left


def test_a_required_field_is_the_last_rung(small: Workbench) -> None:
    audience = find_audience(small, recipe(without=("first_name",)))
    found = mailings.judge(PEOPLE, targeted())
    last = audience.ladder.rungs[-1]
    before = targeted().difference(*found.values())
    lacking = {p.key for p in PEOPLE if not p.first_name} & targeted()
    assert (last.key, last.alone, last.taken) == (
        "lacks_field",
        len(lacking),
        len(lacking & before),
    )


def test_the_settings_of_the_workspace_say_who_is_capped(small: Workbench) -> None:
    capped = find_audience(small, recipe()).ladder.rungs[-1]
    assert capped.key == "frequency_capped"
    assert capped.taken


def test_without_a_cap_or_a_field_the_ladder_says_what_it_does_not_know(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    people = [Person("a", "a@b.example"), Person("b", "A@b.example ")]
    root = mailings.make(tmp_path_factory.mktemp("bare"), people, SendingPolicy())
    with mailings.opened(root) as workbench:
        ladder = find_audience(workbench, recipe(channel="sms")).ladder
        why = {rung.key: rung.why for rung in ladder.rungs if rung.alone is None}
        assert "no cap is set" in why["frequency_capped"]
        assert why["unsubscribed"] == "only e-mail tells it"
        email = find_audience(workbench, recipe()).ladder
        assert len(email.final) == 1
        assert {rung.key: rung.taken for rung in email.rungs}["duplicate_address"] == 1


def test_a_second_look_asks_nothing_of_the_data(small: Workbench) -> None:
    find_audience(small, recipe())
    before = small.engine.queries
    find_audience(small, recipe(GERMANIC, exclude=(rules_source("x", GERMANIC),)))
    assert small.engine.queries == before
