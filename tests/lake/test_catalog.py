from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pyarrow as pa
import pytest

from segbench.lake.tables import Note, Notes
from segbench.model.catalog import Choice, Property

NOON = datetime(2024, 5, 1, 12)


@pytest.fixture
def catalog(lake, batch):
    contacts = {
        "key": list("abcde"),
        "country": ["DE", " DE ", "FR", "", None],
        "lead_score": [1.0, float("nan"), 3.0, None, 5.0],
        "born": [date(2000, 1, 1), None, None, None, None],
        "vip": [True, False, None, None, None],
        "nothing": [None, " ", "", None, None],
    }
    tags = [("a", "x"), ("a", "x"), ("b", "x"), ("b", "y"), ("c", "z")]
    events = [
        ("a", "open", NOON, None, "/x"),
        ("a", "open", NOON, None, "/x"),
        ("b", "open", NOON, None, "/y"),
        ("b", "order", NOON, 9.5, None),
        ("c", "zap", NOON, None, " "),
    ]
    notes = Notes(
        {"country": Note("Country of residence", "ISO code")},
        {"zap": Note("Zapped!")},
        {"url": Note("Page")},
    )
    lake.load([batch(contacts, tags, events)], notes)
    return lake.snapshot().catalog()


def test_known_counts_leave_out_blank_and_nan(catalog):
    known = {field.name: field.known for field in catalog.fields}
    assert known == {"country": 3, "lead_score": 3, "born": 1, "vip": 2, "nothing": 0}


def test_types_come_from_the_columns(catalog):
    types = {field.name: field.type for field in catalog.fields}
    assert types == {
        "country": "text",
        "lead_score": "number",
        "born": "date",
        "vip": "boolean",
        "nothing": "text",
    }


def test_choices_are_most_frequent_first_then_by_name(catalog):
    assert catalog.field("country").choices == (Choice("DE", 2), Choice("FR", 1))
    assert catalog.field("lead_score").choices == ()
    assert catalog.tags == (Choice("x", 2), Choice("y", 1), Choice("z", 1))


def test_labels_come_from_notes_or_the_name(catalog):
    assert catalog.field("country").label == "Country of residence"
    assert catalog.field("country").description == "ISO code"
    assert catalog.field("lead_score").label == "Lead score"


def test_events_count_events_and_contacts(catalog):
    counts = {event.name: (event.events, event.contacts) for event in catalog.events}
    assert counts == {"open": (3, 2), "order": (1, 1), "zap": (1, 1)}
    assert [event.name for event in catalog.events] == ["zap", "open", "order"]


def test_an_event_has_the_properties_that_it_uses(catalog):
    page = Property("url", "text", "Page", (Choice("/x", 2), Choice("/y", 1)))
    assert catalog.event("open").properties == (page,)
    assert catalog.event("order").properties == (Property("amount", "number", "Amount"),)
    assert catalog.event("zap").properties == ()


@pytest.mark.parametrize(("values", "listed"), [(500, 500), (501, 0)])
def test_fields_with_too_many_values_list_none(lake, batch, values, listed):
    keys = [f"k{i}" for i in range(values)]
    lake.load([batch({"key": keys, "city": [f"c{i}" for i in range(values)]})], Notes())
    assert len(lake.snapshot().catalog().field("city").choices) == listed


def test_hostile_names_are_only_names(lake, batch):
    name = "x\"; DROP TABLE contacts; --'"
    event = "o'; DROP TABLE lake.events; --"
    rows = [("a", event, NOON, None, "u'u")]
    lake.load([batch({"key": ["a"], name: ["v'\""]}, [("a", "t'\"")], rows)], Notes())
    catalog = lake.snapshot().catalog()
    assert catalog.field(name).choices == (Choice("v'\"", 1),)
    assert catalog.event(event).properties[0].choices == (Choice("u'u", 1),)
    assert catalog.has_tag("t'\"")


@pytest.mark.parametrize("name", ["value", "events", "property", "field", "contacts"])
def test_a_property_may_have_the_name_of_a_column_of_our_queries(lake, batch, name):
    made = batch({"key": ["a"], name: ["x"]}, (), [("a", "seen", NOON, None, "u")])
    named = made.events.append_column(name, pa.array(["other"]))
    lake.load([replace(made, events=named)], Notes())
    properties = {p.name: p for p in lake.snapshot().catalog().event("seen").properties}
    assert properties[name].choices == (Choice("other", 1),)
    assert properties["url"].choices == (Choice("u", 1),)
