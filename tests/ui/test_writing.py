"""The rules in writing: what is written, typed and taken in, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import workbenches

from segbench.errors import EditError, RuleError
from segbench.model.ask import field, tag
from segbench.model.codec import to_json
from segbench.model.rules import FieldRule, Group
from segbench.model.segment import Segment
from segbench.ui.history import Page
from segbench.ui.session import Session
from segbench.ui.writing_forms import FORMS, LEFT_OUT, written
from segbench.ui.writing_panel import UNSAVED, WritingPanel
from segbench.workbench.workbench import Workbench

GERMANS, VIP = field("country").is_any_of("DE"), tag("VIP")


class Desk:
    """A panel over a session that shows some rules, and what it imported."""

    def __init__(self, *rules: Any) -> None:
        self.session = Session(workbenches.opened(), Page(Group(rules=rules)))
        self.session.wait()
        self.taken: list[Segment] = []
        self.panel = WritingPanel(self.session, lambda: "Mine", self.taken.append)
        self.number = 0
        self.send(open=True)

    def send(self, **message: Any) -> dict[str, Any]:
        self.number += 1
        self.panel.receive(message | {"id": self.number})
        self.session.wait()
        self.panel.wait()
        state: dict[str, Any] = self.panel.editor.state
        assert state["heard"] == self.number
        return state

    @property
    def tree(self) -> Group:
        return self.session.state.tree


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk(GERMANS, VIP)
    yield desk
    desk.panel.close()
    desk.session.close()


@pytest.fixture
def workbench() -> Workbench:
    return workbenches.opened()


def test_what_is_typed_is_on_screen_and_stays_as_it_was_typed(desk: Desk) -> None:
    state = desk.send(write='not  tag is "VIP"  # why', typing=False)
    assert desk.tree == Group(rules=(~VIP,))
    assert (state["text"], state["problem"], state["draft"]) == (
        'not  tag is "VIP"  # why',
        None,
        False,
    )
    assert desk.send(left=True)["text"] == 'not tag is "VIP"\n'


def test_a_text_with_an_error_leaves_the_rows_and_names_the_place(desk: Desk) -> None:
    state = desk.send(write='tag is "VIP"\nand country contians "x"', typing=False)
    assert desk.tree == Group(rules=(GERMANS, VIP))
    assert state["draft"]
    assert state["problem"]["message"].startswith("Line 2, column 13: found “contians”")
    assert state["text"][state["problem"]["offset"] :].startswith("contians")
    assert not state["behind"]
    desk.session.handle({"edit": "negate", "path": [0], "on": True, "shape": 0})
    behind = desk.send(open=True)
    assert (behind["behind"], behind["text"]) == (True, state["text"])
    assert desk.send(drop=True)["text"] == 'not country is any of ("DE") and tag is "VIP"\n'


def test_no_text_is_no_rules(desk: Desk) -> None:
    state = desk.send(write=" \n", typing=False)
    assert desk.tree == Group()
    assert desk.send(left=True)["text"] == ""
    assert state["problem"] is None


def test_typing_on_is_one_step_of_undo(desk: Desk) -> None:
    for text in ('tag is "a"', 'tag is "ab"', 'tag is "abc"'):
        desk.send(write=text, typing=text != 'tag is "a"')
    desk.send(write='tag is "d"', typing=False)
    desk.session.undo()
    assert desk.tree == Group(rules=(tag("abc"),))
    desk.session.undo()
    assert desk.tree == Group(rules=(GERMANS, VIP))


def test_rules_that_nobody_knows_are_noted_with_their_row(desk: Desk) -> None:
    state = desk.send(write='tag is "VIP" and contry is "DE"', typing=False)
    assert state["problem"] is None
    assert any(note.startswith("Row 2: ") and "contry" in note for note in state["notes"])


def test_an_import_asks_once_before_unsaved_changes_go(desk: Desk) -> None:
    text = to_json(Segment("Other", Group(rules=(VIP,))))
    state = desk.send(take=text, file="other.json")
    assert (state["problem"]["message"], desk.taken) == (UNSAVED, [])
    desk.send(take=text, file="other.json")
    assert desk.taken == [Segment("Other", Group(rules=(VIP,)))]


@pytest.mark.parametrize(
    ("text", "file", "why"),
    [
        ("{", "a.json", "Line 1, column 2: This is not JSON"),
        ("[]", "a.json", "lacks the entry segbench: segment"),
        ("segbench: segment\nformat: 99\n", "a.yaml", "Line 2, column"),
        ("country iss", "a.txt", "Line 1, column 9"),
        ("x", "a.exe", "is no name of a segment file"),
        ("x" * 2_000_001, "", "at most 2,000,000"),
    ],
)
def test_what_cannot_be_read_is_answered_with_a_sentence(
    desk: Desk, text: str, file: str, why: str
) -> None:
    desk.send(form="json", dialect="duckdb")
    state = desk.send(take=text, file=file)
    assert why in state["problem"]["message"]
    assert (desk.tree, desk.taken) == (Group(rules=(GERMANS, VIP)), [])


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"form": "exe", "dialect": "x"},
        {"write": 7, "typing": True},
        {"take": [], "file": ""},
        {"open": "yes"},
        {"drop": 1},
        {"left": {}},
        {"write": "tag is 'x'"},
    ],
)
def test_what_makes_no_sense_changes_nothing(desk: Desk, message: dict[str, Any]) -> None:
    before = desk.panel.editor.state
    after = desk.send(**message)
    assert after | {"heard": 0} == before | {"heard": 0}
    assert desk.tree == Group(rules=(GERMANS, VIP))


def test_a_dialect_that_nobody_knows_is_not_taken(desk: Desk) -> None:
    assert desk.send(form="sql", dialect="no such")["dialect"] == "duckdb"
    assert "`contacts`" in desk.send(form="sql", dialect="bigquery")["text"]


def test_a_folded_editor_is_not_written(desk: Desk) -> None:
    desk.panel.receive({"open": False, "id": 9})
    before = desk.panel.editor.state
    desk.session.show(Group(rules=(VIP,)))
    desk.panel.wait()
    assert desk.panel.editor.state == before


def test_unfinished_rows_are_in_the_text_and_not_in_what_is_counted(workbench: Workbench) -> None:
    unfinished = FieldRule("lead_score", "at_least", ())
    session = Session(workbench, Page(Group(rules=(VIP, unfinished))))
    state = session.wait()
    texts = {form: written(form, state, workbench).text for form in FORMS}
    session.close()
    assert "lead_score" in texts["text"]
    assert "lead_score" in texts["json"]
    assert LEFT_OUT in texts["sql"].replace("\n-- ", " ")
    keys = {key for (key,) in workbench.engine.snapshot.rows(texts["sql"])}
    assert keys == set(workbench.contacts(VIP, ["key"])["key"])


@pytest.mark.parametrize("name", ['a\'b"""\n\\', "</script>", "…" * 50])
def test_python_says_what_the_screen_shows_whatever_it_is_called(
    workbench: Workbench, name: str
) -> None:
    tree = Group(
        "or", (tag(name, 'x"""\\', "\u202e"), *(tag(f"long tag {n}") for n in range(8)), GERMANS)
    )
    session = Session(workbench, Page(tree))
    made = written("python", session.wait(), workbench, name=name)
    session.close()
    named: dict[str, Any] = {}
    exec(made.text, named)
    assert named["segment"].group == tree
    assert named["segment"].name == " ".join(name.split())
    assert len(named["contacts"]) == workbench.count(tree)
    assert made.file.endswith(".py")
    assert "/" not in made.file
    named["workbench"].close()


def test_what_is_locked_stays_as_it_is_and_may_lie_elsewhere(workbench: Workbench) -> None:
    locked = replace(VIP, locked=True)
    session = Session(workbench, Page(Group(rules=(GERMANS, locked, locked))))
    session.write(Group(rules=(Group("or", (locked,)), locked)))
    for tree in (Group(rules=(locked,)), Group(rules=(locked, VIP)), Group()):
        with pytest.raises(EditError, match=r"Row (1\.1|2) is locked: unlock it before"):
            session.write(tree)
    assert session.state.tree == Group(rules=(Group("or", (locked,)), locked))
    session.close()


def test_a_name_that_no_segment_can_have_is_an_error(workbench: Workbench) -> None:
    session = Session(workbench, Page(Group(rules=(GERMANS,))))
    state = session.wait()
    session.close()
    with pytest.raises(RuleError):
        written("json", state, workbench, name="x" * 100_000)
