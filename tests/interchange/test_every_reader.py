from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interchange import documents, klaviyo_documents
from segbench.errors import FormatError
from segbench.interchange.formats import FORMATS, Known
from segbench.interchange.hubspot import from_hubspot
from segbench.interchange.klaviyo import from_klaviyo
from segbench.interchange.react_querybuilder_in import from_react_querybuilder
from segbench.interchange.report import Imported
from segbench.model.checks.values import LONGEST_TEXT
from segbench.model.codec import DEEPEST, group_from_data, to_data
from segbench.model.rules import Group
from segbench.model.tree import walk

EVENTS: Mapping[str, Any] = {"orders": {"x": "text"}}
KNOWN = Known(documents.RQB_FIELDS, EVENTS, {})  # type: ignore[arg-type]
Reader = Callable[[Any], Imported]


def rqb(data: Any) -> Imported:
    return from_react_querybuilder(data, KNOWN.types, events=EVENTS)


READERS: dict[str, tuple[Reader, st.SearchStrategy[Any]]] = {
    "react-querybuilder": (rqb, documents.rqb),
    "hubspot": (from_hubspot, documents.hubspot),
    "klaviyo": (from_klaviyo, klaviyo_documents.klaviyo),
}
each_reader = pytest.mark.parametrize("name", READERS)


def test_every_format_with_a_reader_is_tested_here() -> None:
    assert set(READERS) == {name for name, row in FORMATS.items() if row.read}


def require_whole(imported: Imported) -> None:
    """The group survives its own JSON, and each row that stands for another is reported."""
    assert group_from_data(to_data(imported.group)) == imported.group
    notes = [
        node.note
        for _, node in walk(imported.group)
        if not isinstance(node, Group) and node.note.startswith("Not imported from ")
    ]
    assert len(notes) <= len(imported.report)
    for note in notes:
        assert len(note) <= LONGEST_TEXT
        assert any(entry.why[:300] in note for entry in imported.report)


@each_reader
@given(data=st.data())
def test_any_source_gives_a_format_error_or_a_whole_segment(name: str, data: Any) -> None:
    reader, sound = READERS[name]
    source = data.draw(documents.sources(sound))
    try:
        imported = reader(source)
    except FormatError as error:
        shown = str(error)
    else:
        shown = "read"
        require_whole(imported)
    assert shown


@each_reader
@given(data=st.data())
def test_a_sound_document_is_read_whatever_it_says(name: str, data: Any) -> None:
    reader, sound = READERS[name]
    require_whole(reader(data.draw(sound)))


def rows_set_aside(imported: Imported) -> list[str]:
    notes = [node.note for _, node in walk(imported.group)]
    return [note for note in notes if note.startswith("Not imported from ")]


def leaves_found(names: list[str], imported: Imported) -> None:
    """Each leaf is in a row that asks, or in the note of a row that is reported: never in both."""
    rows = [node for _, node in walk(imported.group) if not isinstance(node, Group)]
    asked = json.dumps([{**to_data(row), "note": ""} for row in rows])
    notes = rows_set_aside(imported)
    for name in names:
        assert (name in asked) != any(name in note for note in notes)
    left_out = [e for e in imported.report if e.effect in ("wider", "narrower", "nobody")]
    assert len(notes) == len(left_out)


@given(documents.hubspot, st.sampled_from(documents.hubspot_names))
def test_no_filter_of_hubspot_is_lost(document: Any, key: str) -> None:
    document, names = documents.numbered(document, key, "name-")
    leaves_found(names, from_hubspot(document))


@given(klaviyo_documents.klaviyo, st.sampled_from(klaviyo_documents.klaviyo_names))
def test_no_condition_of_klaviyo_is_lost(document: Any, key: str) -> None:
    document, names = documents.numbered(document, key, "name-")
    leaves_found(names, from_klaviyo(document))


def rqb_leaves(node: Any) -> int:
    rules = [each for each in node["rules"] if isinstance(each, dict)]
    return sum(rqb_leaves(each) if "rules" in each else 1 for each in rules)


@given(documents.nested(documents.rqb_group, documents.rqb_rule(st.just("?"))))
def test_no_rule_of_react_querybuilder_is_lost(document: Any) -> None:
    document, names = documents.numbered(document, "field", "name-")
    kinds = list(documents.RQB_FIELDS.values())
    types = {name: kinds[index % len(kinds)] for index, name in enumerate(names)}
    assert len(names) == rqb_leaves(document)
    imported = from_react_querybuilder(document, types)  # type: ignore[arg-type]
    said = json.dumps(to_data(imported.group))
    assert [name for name in names if name not in said] == []
    entries = [e for e in imported.report if e.effect != "differs"]
    assert len(rows_set_aside(imported)) == len(entries)


@each_reader
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "This is not JSON"),
        ("[1]", "must be an object, not a list"),
        (b"\xff", "This is not JSON"),
        ("[" * 100_000, "This is not JSON"),
        ('{"a":' * 90 + "1" + "}" * 90, "At .*needed"),
        ('{"a":' * 101 + "1" + "}" * 101, "nested more than 100 deep"),
        ({"a": [0] * 200_001}, "more than 200,000 values"),
        ({"a": float("nan")}, "must be finite"),
        ('{"a": NaN}', "must be finite"),
        ({"a": 2**70}, "too large"),
        ({"a": "\ud800"}, "half a character"),
        ({1: 2}, "is no text"),
        ({"a": {1, 2}}, "set is no JSON value"),
        (None, "must be an object, not null"),
        ({}, "is needed"),
        ("9" * 8_000_001, "longer than 8,000,000"),
    ],
)
def test_what_is_no_document_is_refused_in_words(name: str, source: Any, said: str) -> None:
    with pytest.raises(FormatError, match=said):
        READERS[name][0](source)


def test_a_loop_of_values_is_refused() -> None:
    loop: dict[str, Any] = {"combinator": "and"}
    loop["rules"] = [loop]
    with pytest.raises(FormatError, match="nested more than"):
        rqb(loop)


def deep(levels: int) -> Any:
    node: Any = {"field": "n", "operator": "=", "value": 1}
    for _ in range(levels):
        node = {"combinator": "and", "rules": [node]}
    return node


def test_groups_are_read_down_to_the_depth_that_segments_may_have() -> None:
    assert rqb(deep(DEEPEST)).report == ()
    with pytest.raises(FormatError, match="at most 32 deep"):
        rqb(deep(DEEPEST + 1))


def test_a_thousand_rules_are_read_and_no_more() -> None:
    rule = {"field": "n", "operator": "=", "value": 1}
    assert len(rqb({"combinator": "or", "rules": [rule] * 1000}).group.rules) == 1000
    with pytest.raises(FormatError, match="at most 1,000"):
        rqb({"combinator": "or", "rules": [rule] * 1001})
