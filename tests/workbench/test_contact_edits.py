"""Edits of contacts: what a preview promises is what happens, and segments follow."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import workbenches

from segbench.errors import LakeError, RuleError, UnknownName
from segbench.lake.edit_log import Edit
from segbench.model.ask import all_tags, did, field, in_segment, tag
from segbench.model.rules import RuleOrGroup, as_group
from segbench.model.segment import Segment
from segbench.model.smart_list import SmartList
from segbench.workbench.consequences import Effect
from segbench.workbench.edit_words import effect_words, preview_words
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace

GERMANS = SmartList("Germans", as_group(field("country").is_any_of("DE")))
SEGMENTS: dict[str, RuleOrGroup] = {
    "Has x": tag("x"),
    "Has no x": ~tag("x"),
    "Has x or VIP": tag("x", "VIP"),
    "Has both": all_tags("x", "VIP"),
    "Got x of late": tag("x").given(days=30),
    "Got x or VIP of late": tag("x", "VIP").given(days=400),
    "High score": field("lead_score").at_least(50),
    "No score": field("lead_score").is_empty(),
    "Not German": field("country").is_none_of("DE"),
    "Likes": field("interests").has_any_of("sailing"),
    "Consents": field("email_consent").is_true(),
    "Bonn or buyers": field("city").is_any_of("bonn") | did("order_placed"),
    "Nested": in_segment("Has x") & in_segment("High score"),
    "Top tenth": field("lead_score").in_top(10),
}


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder = workbenches.copied(tmp_path_factory.mktemp("edits"))
    # Soon after the pinned `as_of`: what is tagged now has not happened yet for its rules.
    with Workbench.open(folder, clock=lambda: workbenches.NOW) as opened:
        for name, rule in SEGMENTS.items():
            opened.save(Segment(name, as_group(rule)))
        yield opened


def counts(workbench: Workbench) -> dict[str, int]:
    return {name: workbench.count(in_segment(name)) for name in SEGMENTS}


@pytest.mark.parametrize(
    "change",
    [
        {"add": ["x"], "remove": ["VIP"]},
        {"values": {"lead_score": None, "country": "  AT "}},
        {"values": {"lead_score": 77, "interests": ["sailing", " "]}},
        {"values": {"email_consent": False, "city": "Bonn"}, "add": ["x", "VIP"]},
    ],
)
def test_what_a_preview_says_of_segments_is_what_happens_and_undo_takes_it_back(
    workbench: Workbench, change: dict
) -> None:
    before = counts(workbench)
    preview = workbench.book.preview(GERMANS, **change)
    assert preview.matching == workbench.book.count(GERMANS)
    made = workbench.book.edit(preview)
    after = counts(workbench)
    assert made.contacts == preview.would_change
    assert preview.already == preview.matching - preview.would_change
    moved = {e.segment: (e.before, e.after) for e in preview.effects}
    for name, count in before.items():
        if name not in preview.later:
            assert moved.get(name, (count, count)) == (count, after[name]), name
    late = {e.segment: (e.before, e.after) for e in made.effects}
    assert late.keys() - moved.keys() <= set(preview.later)
    for name in preview.later:
        assert late.get(name, (after[name],) * 2)[1] == after[name]
    ranked = "lead_score" in change.get("values", {})
    assert preview.later == (("Top tenth",) if ranked else ())
    assert made.edit is not None
    undone = workbench.book.undo(made.edit)
    assert counts(workbench) == before
    assert (undone.contacts, undone.left) == (made.contacts, 0)
    back = {e.segment: (e.before, e.after) for e in undone.effects if e.segment in before}
    assert back == {
        name: (after[name], before[name]) for name in before if before[name] != after[name]
    }


def test_where_time_moves_a_tag_given_now_is_seen_at_once(tmp_path: Path) -> None:
    folder = workbenches.copied(tmp_path)
    space = Workspace(folder)
    space.write(replace(space.settings(), as_of=None))
    minutes = iter(range(10_000))

    def clock() -> dt.datetime:
        return workbenches.NOW + dt.timedelta(minutes=next(minutes))

    with Workbench.open(folder, clock=clock) as workbench:
        workbench.save(Segment("Of late", as_group(tag("x").given(days=1))))
        keys = list(workbench.book.page(size=3).keys)
        preview = workbench.book.preview(keys, add=["x"])
        assert preview.effects == (Effect("Of late", 0, 3, 0),)
        workbench.book.edit(preview)
        assert workbench.count(in_segment("Of late")) == 3
        ways = workbench.book.ways_in(workbench.book.page(number=2, size=3).keys[0], "Of late")
        assert [way.words for way in ways.ways] == ["Tag it “x”"]


def test_the_record_says_who_chose_whom_by_which_rules(workbench: Workbench) -> None:
    listed = SmartList("s", GERMANS.group, ("first_name",), search="ann")
    made = workbench.book.tag(listed, "noted")
    ((edit, undone), *_) = workbench.book.edits()
    assert isinstance(edit, Edit)
    assert (edit.id, edit.contacts, undone) == (made.edit, made.contacts, None)
    assert edit.author == workbench.author
    assert edit.at == workbenches.NOW.replace(tzinfo=None)
    assert edit.chosen == "Contacts where Country is “DE”. Only those with “ann” in a column."
    rules = json.loads(edit.rules)
    assert rules["group"]["rules"][0]["field"] == "country"
    assert (rules["search"], rules["in"]) == ("ann", ["key", "first_name"])
    assert made.edit is not None
    workbench.book.undo(made.edit)
    latest, first, *_ = workbench.book.edits()
    assert latest[0].undoes == made.edit
    assert first[1] == latest[0].id


def test_nothing_to_change_is_said_and_not_written(workbench: Workbench) -> None:
    before = workbench.engine.snapshot.id
    preview = workbench.book.preview(GERMANS, remove=["nobody's"])
    assert (preview.would_change, preview.already) == (0, preview.matching)
    assert workbench.book.edit(preview).said == "Nothing changed: all of them are so already."
    assert workbench.newest_snapshot_id() == before


def test_a_preview_of_older_data_is_not_made(workbench: Workbench) -> None:
    preview = workbench.book.preview(GERMANS, add=["x"])
    made = workbench.book.tag(list(workbench.book.page(size=1).keys), "between")
    with pytest.raises(LakeError, match="changed since these contacts were chosen"):
        workbench.book.edit(preview)
    assert workbench.count(tag("x")) == 0
    assert made.edit is not None
    workbench.book.undo(made.edit)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({}, LakeError, "Say which tags"),
        ({"add": [" "]}, LakeError, "must not be blank"),
        ({"add": "VIP"}, LakeError, "list of tags"),
        ({"add": ["a"], "remove": ["a "]}, LakeError, "both added and removed"),
        ({"values": {"contry": "DE"}}, UnknownName, "did you mean 'country'"),
        ({"values": {"lead_score": "many"}}, LakeError, "holds a"),
    ],
)
def test_a_wrong_change_is_refused(
    workbench: Workbench, change: dict, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        workbench.book.preview(GERMANS, **change)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("country", " DE ", "DE"),
        ("lead_score", "12", 12),
        ("lead_score", "-3.5", -3.5),
        ("email_consent", "Yes", True),
        ("email_consent", "no", False),
        ("birthday", "2001-02-03", dt.date(2001, 2, 3)),
        ("created_at", "2026-07-01T12:00Z", dt.datetime(2026, 7, 1, 12)),
        ("interests", "tea, , sailing", ["tea", "sailing"]),
        ("country", "  ", None),
    ],
)
def test_a_typed_value_is_the_one_that_is_meant(
    workbench: Workbench, name: str, text: str, value: object
) -> None:
    assert workbench.book.typed(name, text) == value


def test_a_typed_time_without_an_offset_is_local(workbench: Workbench) -> None:
    local = dt.datetime(2026, 7, 1, 12, tzinfo=workbench.zone).astimezone(dt.UTC)
    assert workbench.book.typed("created_at", "2026-07-01T12:00") == local.replace(tzinfo=None)
    midnight = dt.datetime(2026, 7, 1, tzinfo=workbench.zone).astimezone(dt.UTC)
    assert workbench.book.typed("created_at", "2026-07-01") == midnight.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lead_score", "many"),
        ("email_consent", "perhaps"),
        ("birthday", "3.4."),
        ("created_at", "x"),
    ],
)
def test_a_text_that_is_no_value_of_the_field_says_what_it_takes(
    workbench: Workbench, name: str, text: str
) -> None:
    with pytest.raises(RuleError, match=f"The field '{name}' takes .*, not '{text}'"):
        workbench.book.typed(name, text)


def test_the_words_of_a_preview_say_every_number(workbench: Workbench) -> None:
    words = preview_words(workbench.book.preview(GERMANS, add=["x"], values={"lead_score": None}))
    total = workbench.book.count(GERMANS)
    assert words.startswith(f"Tag “x”, clear lead_score: {total:,} of {total:,} contacts would")
    assert f"“Has x”: 0 → {total} (+{total})." in words
    assert words.endswith("Known only afterwards: “Top tenth”.")
    assert effect_words(Effect("S", 10, 2, 3)) == "“S”: 10 → 9 (+2, −3)."
