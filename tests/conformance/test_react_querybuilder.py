"""react-querybuilder's queries, match modes and dates, read by the importer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from population import AS_OF

from conformance.answers import Asked, Types, asked
from conformance.cases import DATES, MATCHES, QUERIES, needs_the_cases
from conformance.different import DATES as DATES_DIFFER
from conformance.different import QUERIES as QUERIES_DIFFER
from segbench.engine.memory import Contact, Event
from segbench.errors import RuleError
from segbench.interchange.react_querybuilder_in import from_react_querybuilder
from segbench.model.ask import field
from segbench.model.rules import Comparison, EventRule, FieldRule, Group, MeasureRule

pytestmark = needs_the_cases

FIELDS: Types = {
    "firstName": "text",
    "lastName": "text",
    "enhanced": "boolean",
    "madeUpName": "text",
    "nickname": "text",
    "powerUpAge": "number",
    "birthdate": "date",
    "created_at": "datetime",
    "updated_at": "datetime",
}
EVENTS: dict[str, Types] = {
    "nicknames": {"nick": "text"},
    "earlyPencilers": {"firstName": "text", "lastName": "text", "generationalSuffix": "text"},
}
"""Their lists are events here; the items of a list of texts have the one property `nick`."""
NAMES = {"": "nick", "first_name": "firstName", "last_name": "lastName"}
SHARES = {"atLeast": "at_least", "atMost": "at_most", "exactly": "equals"}
Case = dict[str, Any]


def contact_of(row: dict[str, Any], key: str) -> Contact:
    values = {NAMES.get(name, name): value for name, value in row.items()}
    events = [Event("nicknames", AS_OF, {"nick": item}) for item in row.get("nicknames", ())]
    events += [Event("earlyPencilers", AS_OF, item) for item in row.get("earlyPencilers", ())]
    if "birthdate" in row:
        values["birthdate"] = dt.date.fromisoformat(row["birthdate"])
        values |= {"created_at": AS_OF, "updated_at": AS_OF}
    kept = {name: values[name] for name in FIELDS if name in values}
    return Contact(row[key], kept, events=tuple(events))


def imported(query: dict[str, Any]) -> Group | None:
    """The query as our importer reads it; None where it reports that it means something else."""
    found = from_react_querybuilder(query, FIELDS, events=EVENTS, names=NAMES)
    return found.group if all(entry.effect == "none" for entry in found.report) else None


def group_of(query: dict[str, Any]) -> Group | None:
    """The query as ours; a share of the items, which the importer leaves out, is a figure."""
    (first, *_) = query["rules"]
    threshold = first.get("match", {}).get("threshold", 0)
    if not 0 < threshold < 1:
        return imported(query)
    (mode,) = [first["match"]["mode"]]
    some = imported({**query, "rules": [first | {"match": {"mode": "some"}}]})
    assert some is not None
    (rule,) = some.rules
    assert isinstance(rule, EventRule)
    test = Comparison(SHARES[mode], (round(100 * threshold, 4),))
    return Group(rules=(MeasureRule(rule.event, "share", test, where=rule.where),))


@dataclass(frozen=True)
class Suite:
    """Both engines over the rows of a file."""

    engines: Asked

    def answers(self, case: Case) -> list[str] | None:
        """The keys that both engines give; None where the query cannot be said here."""
        root = group_of(case["query"])
        return None if root is None else self.engines.members(root, AS_OF)


def over(data: dict[str, Any], folder: Path) -> Iterator[Suite]:
    contacts = [contact_of(row, data["row_key"]) for row in data["rows"]]
    properties = {name: kind for types in EVENTS.values() for name, kind in types.items()}
    with asked(folder, contacts, FIELDS, properties) as engines:
        yield Suite(engines)


@pytest.fixture(scope="module")
def queries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    yield from over(QUERIES, tmp_path_factory.mktemp("queries"))


@pytest.fixture(scope="module")
def matches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    yield from over(MATCHES, tmp_path_factory.mktemp("matches"))


@pytest.fixture(scope="module")
def dates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    yield from over(DATES, tmp_path_factory.mktemp("dates"))


def name_of(case: Case) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", QUERIES["cases"], ids=name_of)
def test_a_query_of_others_gives_their_rows(case: Case, queries: Suite) -> None:
    same = queries.answers(case) == case["expected"]
    assert same == (case["name"] not in QUERIES_DIFFER)


@pytest.mark.parametrize("case", MATCHES["cases"], ids=name_of)
def test_a_match_over_the_items_of_a_list_gives_their_rows(case: Case, matches: Suite) -> None:
    assert matches.answers(case) == case["expected"]


@pytest.mark.parametrize("case", DATES["cases"], ids=name_of)
def test_a_query_about_dates_gives_their_rows(case: Case, dates: Suite) -> None:
    same = dates.answers(case) == case["expected"]
    assert same == (case["name"] not in DATES_DIFFER)


def case_named(data: dict[str, Any], name: str) -> Case:
    (found,) = [case for case in data["cases"] if case["name"] == name]
    return dict(found)


def test_an_order_of_texts_is_reported_and_switched_off() -> None:
    found = from_react_querybuilder(case_named(QUERIES, "f2f <")["query"], FIELDS)
    assert [entry.path for entry in found.report] == ["rules.0"]
    assert [rule.enabled for rule in found.group.rules] == [False]


def test_bounds_the_wrong_way_round_are_put_in_order_or_refused(queries: Suite) -> None:
    case = case_named(QUERIES, "preserveValueOrder")
    assert queries.answers(case) == ["Captain America", "Spider-Man", "Superman"]
    root = Group(rules=(FieldRule("powerUpAge", "between", (100, 0)),))
    with pytest.raises(RuleError, match="swap them"):
        queries.engines.members(root, AS_OF)


def test_the_first_day_of_a_period_is_reported_never_left_out_in_silence() -> None:
    for name in DATES_DIFFER:
        query = case_named(DATES, name)["query"]
        report = from_react_querybuilder(query, FIELDS).report
        assert [entry.effect for entry in report] == ["nobody"]


def test_not_holds_the_missing_value_that_sql_leaves_out(queries: Suite) -> None:
    # None of their cases negates a comparison of a missing value; theirs would leave Batman out.
    negated = Group(rules=(~(field("powerUpAge") < 20),))
    assert queries.engines.members(negated, AS_OF) == ["Batman", "Captain America"]
