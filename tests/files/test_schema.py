"""The published JSON Schema says what a segment file is."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from files.drawn import files
from segbench.errors import FormatError
from segbench.files import SegmentFile, read_text, schema, written
from segbench.files.yaml_values import yaml_document

PUBLISHED = Path(__file__).resolve().parents[2] / "docs" / "segment.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(schema())


def test_the_published_schema_is_the_current_one() -> None:
    assert json.loads(PUBLISHED.read_text("utf-8")) == json.loads(json.dumps(schema()))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert "$id" not in schema()
    assert {"title", "description"} <= set(schema())


@settings(max_examples=40)
@given(file=files)
def test_every_file_that_is_written_is_valid(file: SegmentFile) -> None:
    VALIDATOR.validate(json.loads(written(file, "json")))
    VALIDATOR.validate(yaml_document(written(file, "yaml")).value)


@settings(max_examples=80)
@given(file=files)
def test_a_file_with_a_fault_is_neither_valid_nor_read(file: SegmentFile) -> None:
    chance = random.Random(written(file, "json"))
    for fault in FAULTS:
        entries = json.loads(written(file, "json"))
        fault(entries, chance)
        assert not VALIDATOR.is_valid(entries), fault.__name__
        with pytest.raises(FormatError):
            read_text(json.dumps(entries), "json")


def no_kind(entries: Any, chance: random.Random) -> None:
    del a_node(entries, chance)["kind"]


def a_stranger(entries: Any, chance: random.Random) -> None:
    a_node(entries, chance)["strange"] = 1


def another_kind(entries: Any, chance: random.Random) -> None:
    a_node(entries, chance)["kind"] = chance.choice(("grup", None, 1, "Field"))


def a_switch_that_is_none(entries: Any, chance: random.Random) -> None:
    a_node(entries, chance)["negated"] = chance.choice((0, "true", None))


def another_format(entries: Any, chance: random.Random) -> None:
    entries["format"] = chance.choice((0, 3, "2", None))


def a_missing_entry(entries: Any, chance: random.Random) -> None:
    del entries[chance.choice(("segbench", "format", "name", "group"))]


def a_bare_rule(entries: Any, chance: random.Random) -> None:
    entries["group"] = {"kind": "tag", "op": "has_any_of", "tags": ["a"]}


FAULTS = (
    *(no_kind, a_stranger, another_kind, a_switch_that_is_none),
    *(another_format, a_missing_entry, a_bare_rule),
)


def a_node(entries: Any, chance: random.Random) -> Any:
    nodes = [entries["group"]]
    for node in nodes:
        nodes += node.get("rules", [])
    return chance.choice(nodes)
