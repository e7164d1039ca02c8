"""Cases written by others (react-querybuilder): the same rows, but where we differ on purpose.

The cases are not part of the project. They are read from the folder that the environment variable
SEGBENCH_CONFORMANCE names, or else from `shared/conformance` beside the repository.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from population import AS_OF

from segbench.engine.local import LocalEngine
from segbench.engine.memory import Contact, MemoryEngine
from segbench.errors import EditError, RuleError
from segbench.lake.lake import Lake
from segbench.lake.tables import Batch
from segbench.model import edit
from segbench.model.ask import field
from segbench.model.catalog import Catalog, Field, ValueType
from segbench.model.check import require_sound
from segbench.model.rules import FieldRule, Group, RuleOrGroup, node_at
from segbench.model.rules import Path as TreePath
from segbench.plan.lower import Context, lower

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "conformance"
FOLDER = Path(os.environ.get("SEGBENCH_CONFORMANCE") or BESIDE) / "react-querybuilder"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason=f"the conformance cases of others are not at {FOLDER}; set SEGBENCH_CONFORMANCE",
)

TYPES: dict[str, ValueType] = {
    "firstName": "text",
    "lastName": "text",
    "enhanced": "boolean",
    "madeUpName": "text",
    "nickname": "text",
    "powerUpAge": "number",
}
CATALOG = Catalog(4, tuple(Field(name, kind) for name, kind in TYPES.items()))
CONTEXT = Context(AS_OF, ZoneInfo("UTC"), CATALOG)

NO_OPERATOR = {"f2f !=", "f2f <", "f2f contains", "f2f beginsWith"}
"""Cases whose operator segbench does not have: one field is compared with another."""
REFUSED = {"preserveValueOrder"}
"""Refused on purpose: bounds the wrong way round are an error, not a segment of nobody."""


def read(name: str) -> dict[str, Any]:
    path = FOLDER / name
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found or {"rows": [], "cases": [], "start_queries": {}}


DATABASE = read("dbquery_core.json")
TREES = read("tree_operations.json")
CONTACTS = tuple(Contact(row["madeUpName"], row) for row in DATABASE["rows"])

TEXT = {
    "=": "is_any_of",
    "!=": "is_none_of",
    "in": "is_any_of",
    "notIn": "is_none_of",
    "beginsWith": "starts_with",
    "doesNotBeginWith": "does_not_start_with",
    "endsWith": "ends_with",
    "doesNotEndWith": "does_not_end_with",
    "contains": "contains",
    "doesNotContain": "does_not_contain",
}
NUMBER = {
    ">": "greater_than",
    ">=": "at_least",
    "<": "less_than",
    "<=": "at_most",
    "between": "between",
    "notBetween": "not_between",
}
EITHER = {"null": "is_empty", "notNull": "is_not_empty"}


def translated(node: dict[str, Any], sort_bounds: bool) -> RuleOrGroup:
    """Their query as ours; their text keeps its case and their numbers may be written as text."""
    if "rules" in node:
        rules = tuple(translated(rule, sort_bounds) for rule in node["rules"])
        return Group(node["combinator"], rules, negated=bool(node.get("not")))
    name, op, value = node["field"], node["operator"], node["value"]
    if op in EITHER:
        return FieldRule(name, EITHER[op])
    if TYPES[name] == "boolean":
        return FieldRule(name, "is_true" if value else "is_false")
    several = value.split(",") if isinstance(value, str) else value
    values = tuple(several) if isinstance(several, list) else (several,)
    if TYPES[name] == "text":
        return FieldRule(name, TEXT[op], values, match_case=True)
    numbers = tuple(float(number) for number in values)
    return FieldRule(name, NUMBER[op], tuple(sorted(numbers)) if sort_bounds else numbers)


@pytest.fixture(scope="module")
def duckdb_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEngine]:
    rows = DATABASE["rows"]
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in TYPES}
    contacts = pa.table({"key": [contact.key for contact in CONTACTS], **columns})
    tags = pa.table({"key": pa.array([], pa.string()), "tag": pa.array([], pa.string())})
    events = pa.table(
        {
            "key": pa.array([], pa.string()),
            "event": pa.array([], pa.string()),
            "at": pa.array([], pa.timestamp("us")),
        }
    )
    with Lake.create(tmp_path_factory.mktemp("conformance") / "lake") as lake:
        lake.load([Batch(contacts, tags, events)])
        with lake.snapshot() as snapshot:
            yield LocalEngine(snapshot)


def rows_of(root: Group, engine: MemoryEngine | LocalEngine) -> list[str]:
    require_sound(root, CATALOG)
    return [CONTACTS[ordinal].key for ordinal in engine.members(lower(root, CONTEXT).root).ids()]


def group_of(case: dict[str, Any]) -> Group:
    sort_bounds = not case.get("format_options", {}).get("preserveValueOrder", True)
    node = translated(case["query"], sort_bounds)
    assert isinstance(node, Group)
    return node


ANSWERED = [c for c in DATABASE["cases"] if c["name"] not in {*NO_OPERATOR, *REFUSED}]


@pytest.mark.parametrize("case", ANSWERED, ids=lambda case: case["name"])
def test_a_query_of_others_gives_their_rows(
    case: dict[str, Any], duckdb_engine: LocalEngine
) -> None:
    root = group_of(case)
    assert rows_of(root, MemoryEngine(CONTACTS)) == case["expected"]
    assert rows_of(root, duckdb_engine) == case["expected"]


def test_every_query_of_others_is_answered_or_named_with_a_reason() -> None:
    names = [case["name"] for case in DATABASE["cases"]]
    assert len(names) == len(set(names)) == 24
    assert {*NO_OPERATOR, *REFUSED} <= set(names)
    for case in DATABASE["cases"]:
        by_field = any(r.get("valueSource") == "field" for r in case["query"]["rules"])
        assert by_field == (case["name"] in NO_OPERATOR)


def test_bounds_the_wrong_way_round_are_refused() -> None:
    (case,) = [c for c in DATABASE["cases"] if c["name"] in REFUSED]
    with pytest.raises(RuleError, match="swap them"):
        require_sound(group_of(case), CATALOG)


def test_not_holds_the_missing_value_that_sql_leaves_out(duckdb_engine: LocalEngine) -> None:
    # None of their cases negates a comparison of a missing value; theirs would leave Batman out.
    for engine in (MemoryEngine(CONTACTS), duckdb_engine):
        negated = Group(rules=(~(field("powerUpAge") < 20),))
        assert rows_of(negated, engine) == ["Batman", "Captain America"]


# Edits: their add, insert, remove, update of a property and move to a path, at paths.

BY_PATH = {
    "add rule to empty root",
    "add group to flat root",
    "add to nested group by path",
    "remove middle rule by path",
    "update combinator on root",
    "remove bad path",
    "add to a rule rather than a group",
    "update at bad path",
    "move from bad path",
    "no-op edit then real edit",
    "three consecutive no-op edits",
    "no-op move to same location, then a real move",
    "move shifts siblings, then target the stale path",
    "remove shifts siblings, then remove the stale path",
    "add then immediately move the added node",
    "move across levels then back",
    "insert at the head, then edit what was displaced",
    "insert with replace",
}


def tree_of(node: dict[str, Any]) -> RuleOrGroup:
    if "rules" in node:
        rules = tuple(map(tree_of, node["rules"]))
        return Group(node["combinator"], rules, negated=bool(node.get("not")))
    return FieldRule(node["field"], node["operator"], (node["value"],))


def edited(root: Group, op: dict[str, Any]) -> Group:
    path: TreePath = tuple(op.get("target") or op.get("from") or ())
    if op["kind"] == "add":
        parent = node_at(root, tuple(op["parent"]))
        count = len(parent.rules) if isinstance(parent, Group) else 0
        return edit.insert(root, tuple(op["parent"]), count, tree_of(op["ruleOrGroup"]))
    if op["kind"] == "remove":
        return edit.remove(root, path)
    if op["kind"] == "insert":
        node = tree_of(op["ruleOrGroup"])
        if op.get("replace"):
            return edit.put(root, path, node)
        return edit.insert(root, path[:-1], path[-1], node)
    if op["kind"] == "move":
        to = tuple(op["to"])
        return edit.move(root, path, to[:-1], to[-1])
    assert op["kind"] == "update"
    if op["prop"] == "combinator":
        return edit.combine(root, path, op["value"])
    node = node_at(root, path)
    assert isinstance(node, FieldRule)
    changes = {"value": {"values": (op["value"],)}, "operator": {"op": op["value"]}}
    return edit.put(root, path, type(node)(**(vars_of(node) | changes[op["prop"]])))


def vars_of(rule: FieldRule) -> dict[str, Any]:
    return {"field": rule.field, "op": rule.op, "values": rule.values}


@pytest.mark.parametrize(
    "case", [c for c in TREES["cases"] if c["name"] in BY_PATH], ids=lambda case: case["name"]
)
def test_edits_of_others_give_their_trees(case: dict[str, Any]) -> None:
    root = tree_of(TREES["start_queries"][case["fixture"]])
    assert isinstance(root, Group)
    for op, refused in zip(case["ops"], case["expected"]["refused"], strict=True):
        if refused:
            with pytest.raises(EditError):
                edited(root, op)
        else:
            root = edited(root, op)
    assert root == tree_of(case["expected"]["query"])


def test_the_edits_chosen_are_among_those_of_others() -> None:
    assert {case["name"] for case in TREES["cases"]} >= BY_PATH
