"""Dittofeed's scenarios: events over time, and who is in a segment at each step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.answers import Asked, Types, asked
from conformance.cases import SCENARIOS, needs_the_cases
from conformance.different import SCENARIOS as DIFFERENT
from conformance.different import SECONDS
from conformance.dittofeed import Assertion, Json, Reading, Scenario, played
from segbench.errors import RuleError

pytestmark = needs_the_cases

TYPES: Types = {
    "env": "text",
    "status": "text",
    "atRisk": "text",
    "age": "number",
    "createdAt": "datetime",
    "email": "text",
    "kind": "text",
    "group": "text",
    "count": "number",
    "level1.level2.level3": "text",
    "a.b": "text",
    "x.y": "text",
    "value with spaces": "text",
}
"""Every trait and property that a user or an event has."""
MINUTES = 60


def everybody(folder: Path, scenarios: list[Scenario]) -> Iterator[Asked]:
    contacts = [contact for scenario in scenarios for contact in scenario.contacts()]
    used = {name for each in contacts for event in each.events for name in event.properties}
    assert used <= set(TYPES)
    with asked(folder, contacts, {}, TYPES) as engines:
        yield engines


@pytest.fixture(scope="module")
def users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    scenarios = [played(data) for data in SCENARIOS["scenarios"]]
    yield from everybody(tmp_path_factory.mktemp("dittofeed"), scenarios)


@pytest.fixture(scope="module")
def slow_users(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    slow = [played(data, MINUTES) for data in SCENARIOS["scenarios"]]
    yield from everybody(tmp_path_factory.mktemp("slow"), slow)


def held(
    scenario: Scenario, assertion: Assertion, engines: Asked, pace: int = 1
) -> dict[str, dict[str, bool]]:
    """Who is in which segment at the time of the assertion, of those it names."""
    found = {}
    for name, users in assertion.expected.items():
        root = Reading(engines.catalog, assertion.definitions[name], pace).group()
        members = set(engines.members(root, assertion.as_of))
        found[name] = {user: scenario.key(user) in members for user in users}
    return found


def answered(scenario: Scenario, engines: Asked, pace: int = 1) -> bool:
    """Whether all assertions hold; `RuleError` where one cannot be asked."""
    return all(
        held(scenario, assertion, engines, pace) == assertion.expected
        for assertion in scenario.assertions
    )


def named(data: Json) -> str:
    return str(data["description"])


def scenario_named(name: str) -> Json:
    (found,) = [data for data in SCENARIOS["scenarios"] if named(data) == name]
    return dict(found)


@pytest.mark.parametrize("data", SCENARIOS["scenarios"], ids=named)
def test_a_scenario_of_others_has_their_members_at_every_step(data: Json, users: Asked) -> None:
    scenario = played(data)
    assert any(assertion.expected for assertion in scenario.assertions)
    if scenario.name not in DIFFERENT:
        assert answered(scenario, users)
        return
    with pytest.raises(RuleError):
        answered(scenario, users)


@pytest.mark.parametrize("name", SECONDS)
def test_a_scenario_of_seconds_holds_with_a_minute_for_each(name: str, slow_users: Asked) -> None:
    assert answered(played(scenario_named(name), MINUTES), slow_users, MINUTES)


@pytest.mark.parametrize("name", SECONDS)
def test_a_window_of_seconds_is_refused_with_the_units_that_exist(name: str, users: Asked) -> None:
    with pytest.raises(RuleError, match="no unit 'seconds'; there are minutes"):
        answered(played(scenario_named(name)), users)


def test_a_condition_on_a_property_that_is_not_there_is_an_error(users: Asked) -> None:
    (name,) = set(DIFFERENT) - set(SECONDS)
    with pytest.raises(RuleError, match="property of event 'test'"):
        answered(played(scenario_named(name)), users)
