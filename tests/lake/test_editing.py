"""Deleting and editing contacts: each edit is one snapshot, with a message that says it."""

from __future__ import annotations

import datetime as dt
from datetime import date, datetime

import pytest

from segbench.errors import LakeError, UnknownName
from segbench.lake.deleting import delete_contacts
from segbench.lake.editing import edit_fields, edit_tags
from segbench.lake.tables import Notes

NOW = dt.datetime(2026, 11, 3, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))
AT = datetime(2026, 11, 3, 11)
OLD = datetime(2024, 1, 1)


@pytest.fixture
def filled(lake, batch):
    contacts = {
        "key": list("abcde"),
        "country": ["DE", None, "FR", "DE", "IT"],
        "n": [1, 2, 3, 4, 5],
        "x": [0.5, None, 1.5, 2.5, 3.5],
        "vip": [True, None, False, None, None],
        "born": [date(2000, 1, 1), None, None, None, None],
        "seen": [OLD, None, None, None, None],
        "likes": [["a"], None, None, None, None],
    }
    tags = [("a", "x"), ("e", "x"), ("e", "y")]
    events = [("a", "o", OLD, 1.0, None), ("e", "o", OLD, 5.0, None), ("b", "o", OLD, 2.0, None)]
    lake.load([batch(contacts, tags, events)], Notes())
    return lake


def rows(lake, sql):
    with lake.snapshot() as snapshot:
        return snapshot.rows(sql)


def history(lake):
    return [entry.message for entry in lake.snapshots()][2:]


def test_deleted_contacts_go_with_all_that_is_theirs(filled):
    report = delete_contacts(filled, ["a", "d", "a"])
    assert (report.contacts, report.snapshot) == (2, 3)
    assert rows(filled, "SELECT ordinal, key FROM contacts ORDER BY ordinal") == [
        *((0, "e"), (1, "b"), (2, "c"))
    ]
    assert rows(filled, "SELECT ordinal, tag FROM tags ORDER BY tag") == [(0, "x"), (0, "y")]
    assert rows(filled, "SELECT ordinal, amount FROM events ORDER BY amount") == [(1, 2), (0, 5)]
    assert history(filled) == ["deleted 2 contacts"]
    with filled.snapshot(2) as before:
        assert before.contacts == 5


def test_everybody_and_nobody_can_be_deleted(filled):
    assert delete_contacts(filled, []).snapshot is None
    assert delete_contacts(filled, list("abcde"), message="cleared").contacts == 5
    assert rows(filled, "SELECT count(*) FROM events") == [(0,)]
    assert history(filled) == ["cleared"]


def test_tags_are_given_and_taken_in_one_snapshot(filled):
    report = edit_tags(filled, list("abe"), now=NOW, add=[" New "], remove=["x"])
    assert report.contacts == 3
    assert rows(filled, 'SELECT ordinal, tag, "at" FROM tags ORDER BY ALL') == [
        *((0, "New", AT), (1, "New", AT), (4, "New", AT), (4, "y", None))
    ]
    assert history(filled) == ["tagged 3 contacts with  New ; took x from 2 contacts"]


def test_a_tag_that_a_contact_has_keeps_its_time(filled):
    edit_tags(filled, ["b"], now=NOW, add=["x"])
    later = NOW + dt.timedelta(days=1)
    assert edit_tags(filled, list("ab"), now=later, add=["x"]).snapshot is None
    assert edit_tags(filled, list("bc"), now=later, add=["x"]).contacts == 1
    found = rows(filled, "SELECT ordinal, \"at\" FROM tags WHERE tag = 'x' ORDER BY ordinal")
    assert found == [(0, None), (1, AT), (2, AT + dt.timedelta(days=1)), (4, None)]
    assert edit_tags(filled, list("abc"), now=later, remove=["nobody's"]).snapshot is None


def test_fields_are_set_for_all_contacts_alike(filled):
    values = {
        "country": "  AT ",
        "n": 7,
        "x": 2,
        "vip": False,
        "born": date(1999, 12, 31),
        "seen": NOW,
        "likes": ("b", " ", "c "),
    }
    report = edit_fields(filled, ["b", "c"], values, now=NOW)
    assert (report.contacts, report.snapshot) == (2, 3)
    set_to = ("AT", 7, 2.0, False, date(1999, 12, 31), AT, ["b", "c"])
    found = rows(filled, "SELECT * EXCLUDE (ordinal) FROM contacts ORDER BY key")
    assert found[1:3] == [("b", *set_to), ("c", *set_to)]
    assert found[0][1] == "DE"
    assert edit_fields(filled, ["b", "c"], values, now=NOW).snapshot is None


def test_none_clears_a_field_and_only_changed_contacts_count(filled):
    report = edit_fields(filled, list("abc"), {"country": None, "n": 2}, now=NOW)
    assert report.contacts == 2
    assert (
        rows(filled, "SELECT country, n FROM contacts WHERE key IN ('a', 'c')") == [(None, 2)] * 2
    )
    assert history(filled) == ["set n to 2 and cleared country for 2 contacts"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("country", 7, "holds a text, not 7"),
        ("n", 1.5, "holds a whole number"),
        ("n", True, "holds a whole number"),
        ("n", 2**63, "holds a whole number"),
        ("x", float("nan"), "holds a number"),
        ("x", "1", "holds a number"),
        ("vip", 1, "holds True or False"),
        ("born", NOW, "holds a date without a time"),
        ("seen", date(2024, 1, 1), "holds a time"),
        ("likes", "a", "holds a list of texts"),
        ("likes", ["a", 1], "holds a list of texts"),
    ],
)
def test_a_value_of_another_type_is_refused(filled, field, value, says):
    with pytest.raises(LakeError, match=f"The field '{field}' {says}"):
        edit_fields(filled, ["a"], {field: value}, now=NOW)
    assert history(filled) == []


def test_what_does_not_exist_is_said_and_nothing_is_written(filled):
    with pytest.raises(UnknownName, match=r"no field 'contry'; did you mean 'country'"):
        edit_fields(filled, ["a"], {"contry": "DE"}, now=NOW)
    strangers = ["a", "p", "q", "r", "s"]
    for edit in (
        lambda: delete_contacts(filled, strangers),
        lambda: edit_tags(filled, strangers, now=NOW, add=["t"]),
        lambda: edit_fields(filled, strangers, {"n": 1}, now=NOW),
    ):
        with pytest.raises(LakeError, match=r"No contact has the key 'p', 'q', 'r' and 1 more"):
            edit()
    for wrong, says in (
        ({"add": [" "]}, "must not be blank"),
        ({"add": ["x"], "remove": ["x "]}, "both added and removed"),
        ({}, "Say which tags"),
        ({"add": "VIP"}, r"write \['VIP'\]"),
    ):
        with pytest.raises(LakeError, match=says):
            edit_tags(filled, ["a"], now=NOW, **wrong)
    with pytest.raises(LakeError, match=r"write \['a'\]"):
        delete_contacts(filled, "a")
    with pytest.raises(LakeError, match="which fields"):
        edit_fields(filled, ["a"], {}, now=NOW)
    assert history(filled) == []
