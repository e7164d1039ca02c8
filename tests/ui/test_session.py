"""The session: edits in, whole states out, and never a number that belongs to another tree."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import workbenches
from hypothesis import given, settings
from hypothesis import strategies as st

from segbench.errors import EditError, LibraryError, NameTaken, NotSaved, RuleError
from segbench.model.ask import did, engaged, field, in_segment, tag
from segbench.model.codec import from_data, to_data
from segbench.model.operators import OPERATORS
from segbench.model.rules import FieldRule, Group, PrebuiltRule, TagRule, as_group
from segbench.model.segment import Segment
from segbench.model.tree import walk
from segbench.ui.edits import UNFINISHED
from segbench.ui.history import UNDO_STEPS, Page
from segbench.ui.session import Session
from segbench.ui.state import State
from segbench.ui.wire import state_data
from segbench.workbench.workbench import Workbench

GERMANS, VIP = field("country").is_any_of("DE"), tag("VIP")
TREE = Group(rules=(GERMANS, Group("or", (VIP, did("order_placed")))))
START = {"kind": "field", "field": "lead_score", "op": "at_least", "values": [1]}


@pytest.fixture(scope="module")
def workbench() -> Workbench:
    return workbenches.opened()


@pytest.fixture
def start(workbench: Workbench) -> Iterator[Callable[..., Session]]:
    """Makes sessions that are closed at the end."""
    made: list[Session] = []

    def started(group: Group | None = None, on: Workbench = workbench) -> Session:
        made.append(Session(on, Page(group) if group is not None else None))
        return made[-1]

    yield started
    for session in made:
        session.close()


def edit(session: Session, kind: str, **carried: Any) -> State:
    """Send one edit as a browser would that is up to date; the state right after it."""
    session.handle({"edit": kind, "shape": session.state.shape, **carried})
    return session.state


def fresh() -> Group:
    """A tree that nobody has counted yet."""
    fresh.number += 1  # type: ignore[attr-defined]
    return as_group(field("email").contains(f"nobody has this {fresh.number}"))  # type: ignore[attr-defined]


fresh.number = 0  # type: ignore[attr-defined]


# What a session starts with.


def test_an_empty_session_counts_nobody_and_says_that_it_is_empty(start: Any) -> None:
    state = start().state
    assert (state.status, state.message, state.tree) == ("empty", "", Group())
    assert state.answer.evaluation.total == 0
    assert (state.can_undo, state.can_redo) == (False, False)


def test_a_session_starts_with_the_counts_of_its_tree(start: Any, workbench: Workbench) -> None:
    state = start(TREE).wait()
    assert (state.status, state.name, state.saved) == ("ready", "", False)
    assert state.answer.evaluation == workbench.evaluate(TREE)
    assert (state.answer.revision, state.answer.tree) == (state.revision, TREE)


def test_there_is_no_waterfall_before_the_first_count(
    start: Any, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    real = workbench.engine.patterns
    monkeypatch.setattr(workbench.engine, "patterns", lambda atoms: gate.wait(10) and real(atoms))
    session = start(fresh())
    assert (session.state.status, session.waterfall()) == ("updating", None)
    gate.set()
    session.wait()
    assert session.waterfall().total == 0


def test_the_waterfall_is_the_workbenchs(start: Any, workbench: Workbench) -> None:
    session = start(TREE)
    session.wait()
    assert session.waterfall() == workbench.waterfall(TREE)


# Edits.


def test_every_kind_of_edit_changes_the_tree_and_its_counts(
    start: Any, workbench: Workbench
) -> None:
    session = start()
    plan: list[tuple[str, dict[str, Any]]] = [
        ("add_row", {"path": []}),
        ("choose", {"path": [0], "subject": "field", "name": "country"}),
        ("put", {"path": [0], "node": to_data(GERMANS)}),
        ("operator", {"path": [0], "op": "is_none_of"}),
        ("add_group", {"path": []}),
        ("choose", {"path": [1, 0], "subject": "event", "name": "order_placed"}),
        ("operator", {"path": [1, 0], "op": "at_least"}),
        ("add_row", {"path": [1]}),
        ("choose", {"path": [1, 1], "subject": "tag", "name": "VIP"}),
        ("combine", {"path": [1], "combinator": "or"}),
        ("negate", {"path": [0], "on": True}),
        ("enable", {"path": [1, 1], "on": False}),
        ("clone", {"path": [1]}),
        ("wrap", {"path": [0]}),
        ("unwrap", {"path": [0]}),
        ("move", {"path": [2], "parent": [], "index": 0}),
        ("remove", {"path": [0]}),
        ("undo", {}),
        ("redo", {}),
        ("clear", {}),
    ]
    seen = [session.state]
    for kind, carried in plan:
        edit(session, kind, **carried)
        state = session.wait()
        assert state.revision == seen[-1].revision + 1, kind
        assert state.tree != seen[-1].tree, kind
        assert state.status in ("ready", "empty"), (kind, state.message)
        assert state.answer.revision == state.revision
        if not any(issue.level != "warning" for issue in state.issues):
            assert state.answer.evaluation == workbench.evaluate(state.tree), kind
        seen.append(state)
    assert seen[-1].tree == Group()


def test_an_edit_of_an_older_shape_is_dropped_and_the_state_sent_again(start: Any) -> None:
    session = start(TREE)
    old = session.state.shape
    edit(session, "remove", path=[0])
    session.wait()
    told: list[State] = []
    session.listen(told.append)
    before = session.state
    for shape in (old, -1, None, "1", [before.shape]):
        session.handle({"edit": "remove", "path": [0], "shape": shape})
    session.handle({"edit": "remove", "path": [0]})
    assert session.state == before
    assert told == [before] * 6


def test_only_edits_that_move_nodes_make_a_new_shape(start: Any) -> None:
    session = start(TREE)
    shape = session.state.shape
    for kind, carried in [
        ("negate", {"path": [0], "on": True}),
        ("combine", {"path": [], "combinator": "or"}),
        ("put", {"path": [0], "node": to_data(VIP)}),
    ]:
        assert edit(session, kind, **carried).shape == shape
    assert edit(session, "clone", path=[0]).shape == shape + 1
    assert edit(session, "undo").shape == shape + 2


@pytest.mark.parametrize(
    "message",
    [
        {"edit": "explode"},
        {"edit": "remove", "path": [7]},
        {"edit": "put", "path": [0], "node": {"kind": "field"}},
        {"edit": "combine", "path": [], "combinator": None},
    ],
)
def test_a_refused_edit_changes_nothing(start: Any, message: dict[str, Any]) -> None:
    session = start(TREE)
    before = session.wait()
    with pytest.raises(EditError):
        edit(session, **({"kind": message.pop("edit")} | message))
    assert session.state == before


def test_an_edit_that_changes_nothing_is_no_step(start: Any) -> None:
    session = start(TREE)
    before = session.wait()
    state = edit(session, "negate", path=[0], on=False)
    assert state == before
    assert not state.can_undo


# Undo and redo.


def test_undo_and_redo_walk_over_every_tree(start: Any) -> None:
    session = start(TREE)
    trees = [TREE]
    for on in (True, False):
        for path in ([], [1], [0]):
            edit(session, "negate", path=path, on=on)
            trees.append(session.state.tree)
    for tree in reversed(trees[:-1]):
        session.undo()
        assert session.state.tree == tree
    assert not session.state.can_undo
    session.undo()
    assert session.state.tree == TREE
    for tree in trees[1:]:
        session.redo()
        assert session.state.tree == tree
    assert not session.state.can_redo
    session.redo()
    assert session.state.tree == trees[-1]


def test_a_new_edit_forgets_what_was_undone(start: Any) -> None:
    session = start(TREE)
    edit(session, "negate", path=[0], on=True)
    session.undo()
    assert session.state.can_redo
    edit(session, "negate", path=[1], on=True)
    assert not session.state.can_redo


def typed(session: Session, number: int, path: list[int]) -> State:
    node = START | {"values": [number]}
    return edit(session, "put", path=path, node=node, typing=True)


def test_typing_in_a_row_is_one_step(start: Any) -> None:
    session = start(Group(rules=(from_data(START), from_data(START))))
    first = session.state.tree
    for number in (12, 123, 1234):
        typed(session, number, [0])
    second = session.state.tree
    for number in (5, 56):
        typed(session, number, [1])
    session.undo()
    assert session.state.tree == second
    session.undo()
    assert session.state.tree == first
    assert not session.state.can_undo


@pytest.mark.parametrize("between", ["another edit", "undo", "not typing"])
def test_typing_on_after_something_else_is_another_step(start: Any, between: str) -> None:
    session = start(Group(rules=(from_data(START), VIP)))
    typed(session, 12, [0])
    if between == "another edit":
        edit(session, "negate", path=[1], on=True)
    elif between == "undo":
        session.undo()
    else:
        edit(session, "put", path=[0], node=START | {"values": [77]})
    before = session.state.tree
    typed(session, 123, [0])
    session.undo()
    assert session.state.tree == before


def test_undo_goes_back_two_hundred_steps_and_no_further(start: Any) -> None:
    session = start(Group(rules=(from_data(START),)))
    for number in range(2, UNDO_STEPS + 30):
        edit(session, "put", path=[0], node=START | {"values": [number]})
    steps = 0
    while session.state.can_undo:
        session.undo()
        steps += 1
    assert steps == UNDO_STEPS == 200
    assert session.state.tree.rules[0].values == (29,)  # type: ignore[union-attr]


# Counts.


def test_unfinished_and_wrong_rows_are_marked_and_left_out(
    start: Any, workbench: Workbench
) -> None:
    wrong = field("contry").is_any_of("DE")
    session = start(Group(rules=(GERMANS, UNFINISHED, wrong, VIP)))
    state = session.wait()
    assert [(issue.path, issue.level) for issue in state.issues] == [
        ((1,), "hint"),
        ((2,), "error"),
    ]
    assert set(state.answer.evaluation.nodes) == {(), (0,), (3,)}
    assert state.answer.evaluation.total == workbench.count(GERMANS & VIP)
    assert state.tree.rules[1:3] == (UNFINISHED, wrong)
    assert [step.path for step in session.waterfall().steps] == [(0,), (3,)]


def test_a_tree_of_unfinished_rows_alone_is_empty(start: Any) -> None:
    state = start(Group(rules=(UNFINISHED, Group("or", (UNFINISHED,))))).wait()
    assert (state.status, state.answer.evaluation.total) == ("empty", 0)


def test_rows_with_warnings_are_counted(start: Any) -> None:
    state = start(as_group(tag("nobody has this tag"))).wait()
    assert [issue.level for issue in state.issues] == ["warning"]
    assert state.status == "ready"
    assert set(state.answer.evaluation.nodes) == {(), (0,)}


@pytest.mark.parametrize(
    ("tree", "message"),
    [
        (GERMANS & tag("nobody has this tag"), "Row 2 holds nobody by itself."),
        (GERMANS & ~GERMANS, "Row 2 leaves nobody."),
        (tag("nobody has this tag") | tag("nor this"), ""),
        (GERMANS & VIP, ""),
    ],
)
def test_the_row_that_leaves_nobody_is_named(start: Any, tree: Group, message: str) -> None:
    assert start(tree).wait().message == message


def test_toggles_after_the_first_count_ask_the_data_nothing(
    start: Any, workbench: Workbench
) -> None:
    session = start(Group(rules=(*TREE.rules, engaged(days=30))))
    session.wait()
    queries, told = workbench.engine.queries, []
    session.listen(told.append)
    for kind, carried in [
        ("combine", {"path": [], "combinator": "or"}),
        ("combine", {"path": [1], "combinator": "and"}),
        ("negate", {"path": [], "on": True}),
        ("negate", {"path": [1, 0], "on": True}),
        ("enable", {"path": [0], "on": False}),
        ("enable", {"path": [0], "on": True}),
        ("move", {"path": [0], "parent": [1], "index": 1}),
        ("wrap", {"path": [0]}),
        ("clone", {"path": [0]}),
        ("remove", {"path": [0]}),
        ("undo", {}),
        ("redo", {}),
    ]:
        state = edit(session, kind, **carried)
        assert state.status == "ready", kind
        assert state.answer.revision == state.revision, kind
        assert state.answer.evaluation == workbench.evaluate(state.tree), kind
    assert workbench.engine.queries == queries
    assert [state.status for state in told] == ["ready"] * 12


def test_a_count_that_asks_the_data_is_announced_first(start: Any) -> None:
    session = start(as_group(GERMANS))
    before, told = session.wait(), []
    session.listen(told.append)
    session.show(fresh())
    state = session.wait()
    assert [each.status for each in told] == ["updating", "ready"]
    assert told[0].answer == before.answer
    assert told[0].tree == told[1].tree == state.tree
    assert told[1] == state


def test_every_listener_gets_every_state(start: Any) -> None:
    session = start(as_group(GERMANS))
    session.wait()
    first: list[State] = []
    second: list[State] = []
    session.listen(first.append)
    session.listen(second.append)
    for on in (True, False):
        edit(session, "negate", path=[], on=on)
    assert [state.tree.negated for state in first] == [True, False]
    assert first == second


class Slow:
    """An engine's `patterns` that waits at a gate; `asked` counts who came."""

    def __init__(self, real: Callable[..., Any]) -> None:
        self.real, self.gate, self.asked = real, threading.Event(), threading.Semaphore(0)

    def __call__(self, atoms: Any) -> Any:
        self.asked.release()
        assert self.gate.wait(20)
        return self.real(atoms)


@pytest.fixture
def slow(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Slow:
    made = Slow(workbench.engine.patterns)
    monkeypatch.setattr(workbench.engine, "patterns", made)
    return made


def test_the_numbers_of_an_older_tree_are_never_shown(start: Any, slow: Slow) -> None:
    slow.gate.set()
    session = start(as_group(GERMANS))
    before, told = session.wait(), []
    slow.gate.clear()
    while slow.asked.acquire(blocking=False):
        pass
    session.listen(told.append)
    older, newest = fresh(), fresh()
    session.show(older)
    assert slow.asked.acquire(timeout=20)
    session.show(newest)
    assert session.state.answer == before.answer
    slow.gate.set()
    state = session.wait()
    assert (state.answer.tree, state.answer.revision) == (newest, state.revision)
    assert older not in [each.answer.tree for each in told]
    assert [each.status for each in told] == ["updating", "updating", "ready"]


def test_an_older_count_does_not_undo_a_toggle_that_needed_none(start: Any, slow: Slow) -> None:
    slow.gate.set()
    session = start(as_group(GERMANS))
    session.wait()
    slow.gate.clear()
    session.show(fresh())
    threading.Timer(0.2, slow.gate.set).start()
    session.undo()
    counted = session.state
    assert (counted.status, counted.answer.tree) == ("ready", as_group(GERMANS))
    assert session.wait() == counted


def test_listeners_never_get_an_older_state_after_a_newer_one(
    start: Any, workbench: Workbench
) -> None:
    session = start(as_group(GERMANS))
    session.wait()
    counted, told = threading.Event(), []

    def draw(state: State) -> None:
        if threading.current_thread() is not threading.main_thread():
            counted.set()
            time.sleep(0.3)
        told.append(state)

    session.listen(draw)
    session.show(fresh())
    assert counted.wait(20)
    edit(session, "negate", path=[], on=True)
    session.wait()
    revisions = [state.revision for state in told]
    assert len(revisions) == 3
    assert revisions == sorted(revisions)


def test_a_count_that_fails_says_why_and_keeps_the_last_numbers(
    start: Any, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = start(as_group(GERMANS))
    before = session.wait()

    def broken(_: Any) -> Any:
        raise OSError("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(workbench.engine, "patterns", broken)
        session.show(fresh())
        state = session.wait()
        assert (state.status, state.message) == ("error", "The count failed: the disk is gone")
        assert state.answer == before.answer
        assert state.revision == before.revision + 1
    session.recount()
    state = session.wait()
    assert (state.status, state.answer.revision) == ("ready", state.revision)
    assert "disk" not in state.message


def test_a_count_that_was_interrupted_is_asked_again(
    start: Any, workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from segbench.lake.snapshot import Interrupted

    real, faults = workbench.engine.patterns, [Interrupted("stop"), Interrupted("stop")]

    def interrupted(atoms: Any) -> Any:
        if faults:
            raise faults.pop()
        return real(atoms)

    monkeypatch.setattr(workbench.engine, "patterns", interrupted)
    state = start(fresh()).wait()
    assert (state.status, state.answer.revision) == ("ready", state.revision)
    assert faults == []


def test_a_tree_that_is_too_large_says_so(start: Any) -> None:
    session = start(as_group(GERMANS))
    before = session.wait()
    session.show(Group(rules=(VIP,) * 1_100))
    state = session.wait()
    assert (state.status, state.answer) == ("error", before.answer)
    assert "at most 1,000" in state.message
    assert edit(session, "undo").status == "ready"


# Showing and saving.


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder: Path = workbenches.copied(tmp_path_factory.mktemp("session"))
    with Workbench.open(folder) as workbench:
        yield workbench


def test_another_segment_can_be_shown_and_taken_back_with_its_name(
    start: Any, own: Workbench
) -> None:
    first = own.save(Segment("First", as_group(GERMANS)))
    second = own.save(Segment("Second", as_group(VIP)))
    session = start(on=own)
    session.show(first.segment.group, first)
    edit(session, "negate", path=[0], on=True)
    changed = session.state.tree
    session.show(second.segment.group, second)
    state = session.wait()
    assert (state.tree, state.name, state.saved) == (as_group(VIP), "Second", True)
    session.undo()
    state = session.state
    assert (state.tree, state.name, state.saved) == (changed, "First", False)
    session.save("First")
    assert own.library.segment("Second") == second
    assert own.library.segment("First").segment.group == changed


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(start: Any, own: Workbench) -> None:
    opened = own.save(Segment("Shared", as_group(GERMANS)))
    ours, theirs = start(on=own), start(on=own)
    for session in (ours, theirs):
        session.show(opened.segment.group, opened)
    edit(theirs, "negate", path=[0], on=True)
    theirs.save("Shared")
    edit(ours, "clear")
    edit(ours, "add_row", path=[])
    edit(ours, "put", path=[0], node=to_data(VIP))
    with pytest.raises(LibraryError, match="changed"):
        ours.save("Shared")
    assert own.library.segment("Shared").segment.group == theirs.state.tree
    theirs.save("Shared")


def test_a_deleted_segment_is_not_said_to_be_saved(start: Any, own: Workbench) -> None:
    opened = own.save(Segment("Short-lived", as_group(VIP)))
    session = start(on=own)
    session.show(opened.segment.group, opened)
    own.library.delete("Short-lived")
    session.forget("Short-lived")
    assert (session.state.name, session.state.saved) == ("", False)
    assert session.state.tree == as_group(VIP)


def test_undo_after_saving_can_be_saved_again(start: Any, own: Workbench) -> None:
    opened = own.save(Segment("Twice", as_group(VIP)))
    session = start(on=own)
    session.show(opened.segment.group, opened)
    edit(session, "negate", path=[0], on=True)
    session.save("Twice")
    edit(session, "undo")
    session.save("Twice")
    assert own.library.segment("Twice").segment.group == as_group(VIP)


def test_an_edit_does_not_wait_for_a_slow_screen_that_draws_on_the_worker(
    start: Any, slow: Slow
) -> None:
    slow.gate.set()
    session = start()
    session.wait()
    drawing, done = threading.Event(), threading.Event()

    def draw(_: State) -> None:
        if threading.current_thread() is not threading.main_thread():
            drawing.set()
            done.wait(20)

    session.listen(draw)
    session.show(fresh())
    assert drawing.wait(20)
    revision = session.state.revision
    threading.Timer(0.2, done.set).start()
    edit(session, "negate", path=[0], on=True)
    assert session.state.revision == revision + 1


def test_a_tree_is_saved_until_it_changes(start: Any, own: Workbench) -> None:
    session = start(on=own)
    assert session.state.saved
    edit(session, "add_row", path=[])
    edit(session, "put", path=[0], node=to_data(VIP))
    assert not session.state.saved
    told: list[State] = []
    session.wait()
    session.listen(told.append)
    session.save("  Very   important ")
    assert (told[-1].saved, told[-1].name) == (True, "Very important")
    assert own.library.segment("Very important").segment.group == as_group(VIP)
    edit(session, "negate", path=[0], on=True)
    assert not session.state.saved
    edit(session, "undo")
    assert session.state.saved


def test_a_name_in_use_needs_replacing(start: Any, own: Workbench) -> None:
    session = start(as_group(GERMANS), on=own)
    session.save("In use")
    other = start(as_group(GERMANS), on=own)
    edit(other, "negate", path=[0], on=True)
    with pytest.raises(NameTaken, match="'In use'"):
        other.save("in USE")
    assert not other.state.saved
    session = other
    session.save("in USE", replace_saved=True)
    assert session.state.saved
    assert own.count(in_segment("In use")) == own.count(~GERMANS)


def test_an_unfinished_tree_is_not_saved(start: Any, own: Workbench) -> None:
    session = start(Group(rules=(VIP, UNFINISHED)), on=own)
    with pytest.raises(RuleError, match="Row 2: Choose what to filter on"):
        session.save("Unfinished")
    with pytest.raises(NotSaved):
        own.library.segment("Unfinished")


def test_a_recount_follows_the_segments_that_are_referred_to(start: Any, own: Workbench) -> None:
    saver = start(as_group(GERMANS), on=own)
    saver.save("Followed")
    session = start(as_group(in_segment("Followed")), on=own)
    assert session.wait().answer.evaluation.total == own.count(GERMANS)
    edit(saver, "put", path=[0], node=to_data(VIP))
    saver.save("Followed", replace_saved=True)
    session.recount()
    assert session.wait().answer.evaluation.total == own.count(VIP)
    own.library.delete("Followed")
    session.recount()
    state = session.wait()
    assert (state.status, state.issues[0].code) == ("empty", "unknown-name")


# Messages from a browser that nobody can trust.

NASTY: list[Any] = [
    *("", " ", "DE", "x" * 20_000, "\0", "\ud800", "🎈", "2026-02-30", "0001-01-01", "9999-12-31"),
    *("9999-12-31T23:59:59.999999", "0001-01-01T00:00:00+14:00", "%", "'; DROP TABLE contacts; --"),
    *(0, 1, -1, 2**31, 2**63, 2**64, -(2**70), 10**400, 0.5, 1e308, float("nan"), float("inf")),
    *(True, False, None, [], {}, [1], {"a": 1}),
]
FIELDS = ("first_name", "country", "lead_score", "birthday", "created_at", "email_consent", "")
EVENTS = ("order_placed", "email_opened", "page_visited")
OPS = sorted({op for _, op in OPERATORS})
jsons = st.recursive(
    st.sampled_from(NASTY) | st.text(max_size=5) | st.integers() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
mostly = st.sampled_from
windows = st.fixed_dictionaries(
    {},
    optional={
        "kind": mostly(["last", "next", "between", "ever"]),
        "amount": mostly([30, 1, *NASTY]),
        "unit": mostly(["days", "weeks", "hours", "minutes", "years"]),
        "start": mostly(["2026-01-01", *NASTY]),
        "end": mostly(["2026-12-31", *NASTY]),
    },
)
fitting_windows = st.one_of(
    st.fixed_dictionaries(
        {"kind": mostly(["last", "next"]), "amount": mostly([30, 0, 10**6, 10**12])},
        optional={"unit": mostly(["minutes", "weeks"])},
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("between"),
            "start": mostly(["2026-01-01", "0001-01-01", "2026-01-01T10:00", ""]),
            "end": mostly(["2026-12-31", "9999-12-31", "9999-12-31T10:00"]),
        }
    ),
)
conditions = st.fixed_dictionaries(
    {"kind": st.just("field"), "field": mostly(["amount", "machine_open", "page", ""])},
    optional={
        "op": mostly(OPS),
        "values": st.lists(mostly(NASTY), max_size=2),
        "window": windows | fitting_windows,
        "enabled": st.booleans(),
    },
)


def comparison(fields: list[str], shapes: dict[int, list[str]], values: list[Any]) -> Any:
    """A comparison whose values have the right type and number; some are extreme."""
    return mostly([(op, wanted) for wanted, ops in shapes.items() for op in ops]).flatmap(
        lambda row: st.fixed_dictionaries(
            {
                "kind": st.just("field"),
                "field": mostly(fields),
                "op": st.just(row[0]),
                "values": st.lists(mostly(values), min_size=row[1], max_size=row[1]),
            }
        )
    )


TEXTS = ["DE", "%", "_", "'", "\\", "🎈", "\u0130", "'; DROP TABLE contacts; --", "x" * 9_000]
NUMBERS = [0, -0.0, 0.5, 20, -(2**63), 2**63 - 1, 2**53 + 1, 1e308, -1e308, 5e-324]
MOMENTS = [
    *("0001-01-01", "0002-01-01", "2026-10-25", "9998-12-31", "9999-12-31", "2026-W01-1"),
    *(
        "2026-10-25T02:30",
        "2026-10-25T02:30:00.000001+02:00",
        "0002-01-01T00:00",
        "9998-12-31T23:59",
    ),
]
MOMENT_OPS = {1: ["before", "after", "on"], 2: ["between", "not_between"]}
TEXT_OPS = {1: ["contains", "starts_with", "does_not_end_with", "is_any_of"], 2: ["is_none_of"]}
NUMBER_OPS = {1: ["at_least", "less_than", "equals"], 2: ["between", "not_between"]}
sound = st.one_of(
    comparison(["first_name", "country"], TEXT_OPS, TEXTS),
    comparison(["lead_score"], NUMBER_OPS, NUMBERS),
    comparison(["birthday", "created_at"], MOMENT_OPS, MOMENTS),
    st.fixed_dictionaries(
        {
            "kind": st.just("event"),
            "event": st.just("order_placed"),
            "op": st.just("at_least"),
            "values": mostly([[0], [1], [10**9]]),
            "where": st.lists(comparison(["amount"], NUMBER_OPS, NUMBERS), max_size=1),
        },
        optional={"window": fitting_windows},
    ),
)
nodes = st.one_of(
    sound,
    sound,
    sound,
    st.fixed_dictionaries(
        {"kind": st.just("field"), "field": mostly(FIELDS), "op": mostly(OPS)},
        optional={
            "values": st.lists(mostly(NASTY), max_size=2),
            "window": windows | fitting_windows,
            "unknown": mostly(["include", "exclude", "perhaps"]),
            "match_case": st.booleans(),
        },
    ),
    st.fixed_dictionaries(
        {"kind": st.just("tag"), "op": mostly(OPS), "tags": st.lists(mostly(NASTY), max_size=2)}
    ),
    st.fixed_dictionaries(
        {"kind": st.just("event"), "event": mostly(EVENTS)},
        optional={
            "op": mostly(OPS),
            "values": st.lists(mostly(NASTY), max_size=2),
            "window": windows | fitting_windows,
            "where": st.lists(conditions, max_size=2),
        },
    ),
    st.fixed_dictionaries(
        {"kind": st.just("segment"), "segment": mostly(["Customers", "nobody", "\ud800"])},
        optional={"op": mostly(OPS)},
    ),
    st.fixed_dictionaries(
        {"kind": st.just("prebuilt"), "prebuilt": mostly(["engaged", "x"])},
        optional={"params": st.dictionaries(mostly(["days", "x"]), mostly(NASTY), max_size=2)},
    ),
    jsons,
)
paths = mostly([[0], [1], [1, 0], [1, 1], [], [2], [0, 0], [1, 0, 0]])
noise: dict[str, st.SearchStrategy[Any]] = {
    "edit": jsons,
    "path": st.lists(st.integers(-1, 3), max_size=3) | jsons,
    "parent": jsons,
    "index": jsons,
    "on": jsons,
    "subject": jsons,
    "name": jsons,
    "op": jsons,
    "combinator": jsons,
    "node": jsons,
    "typing": jsons,
}
PROPER: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "add_row": {"path": paths},
    "add_group": {"path": paths},
    "choose": {
        "path": paths,
        "subject": mostly(["field", "tag", "event", "segment", "prebuilt"]),
        "name": mostly([*FIELDS, *EVENTS, "VIP", "engaged", "Customers", "\ud800", "\0"]),
    },
    "operator": {"path": paths, "op": mostly(OPS)},
    "put": {"path": paths, "node": nodes, "typing": st.booleans()},
    "combine": {"path": paths, "combinator": mostly(["and", "or"])},
    "negate": {"path": paths, "on": st.booleans()},
    "enable": {"path": paths, "on": st.booleans()},
    "remove": {"path": paths},
    "clone": {"path": paths},
    "wrap": {"path": paths},
    "unwrap": {"path": paths},
    "move": {"path": paths, "parent": paths, "index": st.integers(0, 3)},
    "undo": {},
    "redo": {},
}
proper = mostly(["put"] * 12 + ["operator"] * 5 + ["choose"] * 3 + list(PROPER)).flatmap(
    lambda kind: st.fixed_dictionaries({"edit": st.just(kind), **PROPER[kind]})
)
disturbed = st.builds(
    lambda message, faults: message | faults, proper, st.fixed_dictionaries({}, optional=noise)
)
hostile = mostly([proper] * 4 + [disturbed]).flatmap(lambda chosen: chosen)
"""Mostly what a builder sends, with values that nobody would send; sometimes anything at all."""


def assert_drawable(session: Session) -> None:
    """The state is whole: it goes down as strict JSON, and its rules can be read back."""
    state = session.state
    text = json.dumps(state_data(state, session.workbench), allow_nan=False)
    assert from_data(json.loads(text)["tree"]) == state.tree
    assert {issue.path for issue in state.issues} <= {path for path, _ in walk(state.tree)}


@settings(max_examples=150)
@given(messages=st.lists(hostile, min_size=1, max_size=6))
def test_whatever_a_browser_sends_is_refused_or_makes_a_whole_state(
    workbench: Workbench, messages: list[dict[str, Any]]
) -> None:
    session = Session(workbench, Page(TREE))
    try:
        for message in messages:
            before = session.state
            try:
                session.handle(message | {"shape": before.shape})
            except EditError:
                assert session.state.tree == before.tree
                assert session.state.revision == before.revision
            assert_drawable(session)
        state = session.wait()
        assert state.status in ("ready", "empty"), (state.message, state.tree)
        assert state.answer is not None
        assert state.answer.revision == state.revision
        assert 0 <= state.answer.evaluation.total <= workbench.contacts_total
    finally:
        session.close()


@settings(max_examples=200)
@given(message=st.dictionaries(st.text(max_size=6) | mostly(["edit", "shape", "path"]), jsons))
def test_arbitrary_json_does_nothing(workbench: Workbench, message: dict[str, Any]) -> None:
    session = Session(workbench)
    try:
        session.handle(message | {"shape": session.state.shape})
    except EditError:
        pass
    finally:
        session.close()
    assert session.state.tree == Group()


@pytest.mark.parametrize(
    "rule",
    [
        FieldRule("birthday", "on", ("9999-12-31",)),
        FieldRule("created_at", "before", ("0001-01-01",)),
        FieldRule("lead_score", "at_least", (10**400,)),
        FieldRule("lead_score", "equals", (2**64,)),
        FieldRule("first_name", "contains", ("\0",)),
        TagRule("has_any_of", ("\ud800",)),
        did("order_placed").during("0001-01-01", "9999-12-31"),
        PrebuiltRule("engaged", {"days": 10**30}),  # type: ignore[arg-type]
    ],
)
def test_extreme_values_in_one_row_leave_the_other_rows_counted(
    start: Any, workbench: Workbench, rule: Any
) -> None:
    state = start(Group(rules=(GERMANS, rule))).wait()
    assert state.status == "ready", state.message
    assert state.answer.evaluation.nodes[0,].alone == workbench.count(GERMANS)
