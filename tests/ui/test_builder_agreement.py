"""What the browser draws ahead is what Python makes, and a row typed again is the row it was."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from bench import Bench, Json
from population import CATALOG, SEGMENTS
from test_builder_rows import edited, in_menu
from trees import MAKERS

from segbench.model.codec import from_data, to_data
from segbench.model.operators import Subject, operators_for
from segbench.model.rules import FieldRule, Group, Rule
from segbench.model.segment import Segment
from segbench.ui.builder_menus import TYPES
from segbench.ui.wire import catalog_data

SAVED = tuple(Segment(name, group) for name, group in SEGMENTS.items())
SENT = catalog_data(CATALOG, SAVED, "time_zone")
browser = pytest.mark.browser


def drawn(seed: int) -> list[Rule]:
    """A rule with every operator."""
    chance = random.Random(seed)
    return [
        make(lambda choices: choices[chance.randrange(len(choices))]) for make in MAKERS.values()
    ]


def type_of(rule: Rule) -> str | None:
    """The type of the field of a rule, as the browser knows it."""
    return CATALOG.field(rule.field).type if rule.kind == "field" else None


@browser
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_browser_changes_operators_as_python_does(bench: Bench, seed: int) -> None:
    cases: list[tuple[Rule, Subject, str]] = [
        (rule, *key) for rule in drawn(seed) for key in in_menu(rule)
    ]
    asked = [[to_data(rule), type_of(rule), subject, key] for rule, subject, key in cases]
    made: list[Json] = bench.page.evaluate(
        """async ([catalog, asked]) => {
            const { underOperator } = await import("/builder.mjs");
            return asked.map((each) => underOperator({ catalog }, ...each));
        }""",
        [SENT, asked],
    )
    for (rule, subject, key), node in zip(cases, made, strict=True):
        wanted = edited(rule, edit="operator", op=key, subject=subject)
        assert from_data(node) == wanted, (rule, subject, key)


def in_one_line(data: Any) -> Any:
    """The data with texts as an input of one line holds them."""
    if isinstance(data, str):
        return data.replace("\n", "").replace("\r", "")
    if isinstance(data, list):
        return [in_one_line(item) for item in data]
    if isinstance(data, dict):
        return {name: in_one_line(value) for name, value in data.items()}
    return data


AGAIN = """() => {
    // These only change what a row asks when something else is chosen, which is no change event.
    const chosen = [":op", ":property", ":limit"].map((end) => `[data-id$='${end}']`);
    const left = [...chosen, "[data-id*=':param-']", "[type=radio]", "[data-local]"];
    const controls = [...document.querySelectorAll(`.sb-row :is(input, select):not(${left})`)];
    for (const control of controls) {
        if (control.type === "datetime-local") continue;
        if (control.type === "date" && control.value < "1000") continue;
        const event = control.localName === "select" ? "change" : "input";
        control.dispatchEvent(new Event(event, { bubbles: true }));
    }
    return controls.length;
}"""


@browser
@pytest.mark.parametrize("seed", range(6))
def test_a_value_typed_again_leaves_its_row_as_it_was(bench: Bench, seed: int) -> None:
    rules = drawn(seed)[seed % 3 :: 3]
    tree = to_data(Group(rules=tuple(rules)))
    bench.start(tree=tree, catalog=SENT, answers=False)
    assert bench.page.locator(".sb-row").count() == len(rules)
    assert bench.page.evaluate(AGAIN) > len(rules)
    bench.page.wait_for_timeout(400)
    assert len(bench.sent) > len(rules) / 2
    for message in bench.sent:
        rule = rules[message["path"][0]]
        assert message["edit"] == "put"
        typed, had = message["node"], to_data(rule)
        assert from_data(as_browser(in_one_line(typed))) == from_data(as_browser(in_one_line(had)))


def as_browser(data: Any) -> Any:
    """Whole numbers as a browser holds them; `edits.apply` puts larger ones right again."""
    return json.loads(json.dumps(data), parse_int=_rounded)


def _rounded(digits: str) -> int:
    return int(float(digits))


@browser
@pytest.mark.parametrize("seed", range(3))
def test_a_row_with_any_operator_shows_only_what_its_menus_know(bench: Bench, seed: int) -> None:
    rules = drawn(seed)
    bench.start(tree=to_data(Group(rules=tuple(rules))), catalog=SENT, answers=False)
    assert bench.page.get_by_text("(unknown)").count() == 0
    operators = bench.page.locator(".sb-line .sb-operator").evaluate_all(
        "all => all.filter((box) => !box.dataset.id.includes(':figure')).map((box) => box.value)"
    )
    assert operators == [rule.op for rule in rules]


@browser
def test_every_operator_that_takes_something_has_a_control_for_it(bench: Bench) -> None:
    rows = [
        (FieldRule(field.name, row.key), row)
        for kind in TYPES
        for field in CATALOG.fields
        if field.type == kind and field.name in FIRST_OF.values()
        for row in operators_for("field", kind)
    ]
    group = Group(rules=tuple(rule for rule, _ in rows))
    bench.start(tree=to_data(group), catalog=SENT, answers=False)
    counts = bench.page.locator(".sb-row").evaluate_all(
        """rows => rows.map(
            (row) => row.querySelectorAll(".sb-value :is(input, select, button)").length
        )"""
    )
    assert len(counts) == len(rows) > 80
    for count, (rule, row) in zip(counts, rows, strict=True):
        assert bool(count) == (row.shape != "none"), rule


FIRST_OF = {field.type: field.name for field in CATALOG.fields}
"""A field of each type."""

STRANGE: list[Json] = [
    {"kind": "field", "field": "age", "op": "resembles", "values": [1]},
    {"kind": "field", "field": "age", "op": "is_empty", "other": "score"},
    {"kind": "field", "field": "age", "op": "at_least", "other": "gone"},
    {"kind": "field", "field": "last_seen", "op": "hour_between", "values": ["x", 99]},
    {"kind": "field", "field": "last_seen", "op": "weekday_is", "values": ["someday", 5]},
    {
        "kind": "field",
        "field": "last_seen",
        "op": "in_last",
        "window": {"kind": "between", "start": "x", "end": ""},
    },
    {
        "kind": "field",
        "field": "last_seen",
        "op": "in_period",
        "window": {"kind": "calendar", "period": "week", "offset": 5000},
    },
    {"kind": "event", "event": "gone", "where": [{"kind": "field", "field": "x", "op": "y"}]},
    {"kind": "event", "event": "order_placed", "op": "often", "also": ["gone", ""]},
    {"kind": "measure", "event": "gone", "op": "sum", "compare": {"op": "at_least"}},
    {"kind": "measure", "event": "order_placed", "op": "mode", "compare": {"op": "at_least"}},
    {
        "kind": "measure",
        "event": "order_placed",
        "op": "sum",
        "property": "currency",
        "compare": {"op": "resembles", "values": [1]},
    },
    {
        "kind": "measure",
        "event": "order_placed",
        "op": "active_days",
        "property": "amount",
        "compare": {"op": "at_least", "values": ["x"]},
    },
    {"kind": "sequence", "steps": [], "op": "backwards"},
    {"kind": "sequence", "steps": [{"event": ""}], "within": {"kind": "last", "amount": 0}},
    {"kind": "prebuilt", "prebuilt": "engaged", "params": {"opens": 5, "x": "y", "days": "z"}},
    {"kind": "prebuilt", "prebuilt": "gone"},
    {"kind": "sample", "low": 90, "high": 10, "op": "beside"},
    {"kind": "tag", "op": "has_some_of", "tags": []},
]


@browser
def test_rows_that_no_menu_knows_are_drawn_and_keep_what_they_hold(bench: Bench) -> None:
    assert [to_data(from_data(rule)) for rule in STRANGE] == STRANGE
    bench.start(tree={"kind": "group", "rules": STRANGE}, catalog=SENT, answers=False)
    assert bench.page.locator(".sb-row").count() == len(STRANGE)
    assert bench.page.locator("option", has_text="(unknown)").count() > 10
    for row in range(len(STRANGE)):
        bench.menu(f"row {row + 1}", "Add a note")
        bench.named(f"Note, row {row + 1}").fill("look")
    bench.page.wait_for_timeout(300)
    assert [message["edit"] for message in bench.sent] == ["note"] * len(STRANGE)
