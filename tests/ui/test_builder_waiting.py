"""Between an edit and its answer nothing that was said of the older tree is said of the new one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import harness as h
import pytest
import workbenches
from bench import Bench
from playwright.sync_api import expect

from segbench.ui.session import Session
from segbench.ui.wire import catalog_data, state_data

pytestmark = pytest.mark.browser

Json = dict[str, Any]
TO_DO: Json = {
    "path": [0],
    "level": "hint",
    "code": "unfinished",
    "message": "Choose what to filter on.",
}
NOBODY = "Holds nobody: add a filter"


def start_unfinished(bench: Bench, **more: Any) -> None:
    bench.start(h.UNFINISHED, answers=False, status="empty", total=0, issues=[TO_DO], **more)


def choose(bench: Bench, subject: str) -> None:
    bench.page.get_by_role("button", name="Subject, row 1").click()
    bench.page.get_by_role("combobox", name="Search filters").fill(subject)
    bench.page.keyboard.press("Enter")


def seen(bench: Bench) -> str:
    """All that can be read on the page now."""
    text: str = bench.page.locator("#builder").inner_text()
    return text


def test_a_row_just_chosen_is_counted_and_no_longer_to_do(bench: Bench) -> None:
    start_unfinished(bench)
    assert "Choose what to filter on." in seen(bench)
    assert NOBODY in seen(bench)
    choose(bench, "Win-back")
    bench.page.wait_for_function("model.sent.length === 1")
    for wrong in ("To do", "Choose what to filter on", NOBODY, "not counted"):
        assert wrong not in seen(bench)
    expect(bench.page.locator(".sb-share")).to_contain_text("Counting…")
    expect(bench.page.locator(".sb-big")).to_have_text("…")
    expect(bench.page.locator(".sb-row .sb-numbers")).to_have_text("counting…")
    bench.push(revision=13, tree=h.group(h.SAVED), status="updating", issues=[])
    expect(bench.page.locator(".sb-share")).to_contain_text("Counting…")
    expect(bench.page.locator(".sb-row .sb-numbers")).to_have_text("counting…")
    nodes = {"": {"alone": 7, "after": 7}, "0": {"alone": 7, "after": 7}}
    bench.push(counted=13, status="ready", total=7, nodes=nodes)
    expect(bench.page.locator(".sb-big")).to_have_text("7")
    assert "ounting…" not in seen(bench)


def test_numbers_of_the_tree_before_are_marked_as_such(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.CONSENT, answers=False, message="Row 2 leaves nobody.")
    expect(bench.page.get_by_text("Row 2 leaves nobody.")).to_be_visible()
    bench.button("NOT, row 2").click()
    expect(bench.page.get_by_text("updating…")).to_be_visible()
    expect(bench.page.get_by_text("Row 2 leaves nobody.")).to_be_hidden()
    expect(bench.page.locator(".sb-total")).to_have_class("sb-total sb-stale")


def test_the_waiting_ends_with_an_answer_that_changes_nothing(bench: Bench) -> None:
    bench.start(h.COUNTRY, answers=False)
    bench.button("NOT, row 1").click()
    expect(bench.page.get_by_text("updating…")).to_be_visible()
    bench.push(heard=bench.page.evaluate("model.sent[0].id"))
    expect(bench.page.get_by_text("updating…")).to_be_hidden()
    expect(bench.page.locator(".sb-not-mark")).to_have_count(0)


def test_the_waiting_ends_with_a_refusal(bench: Bench) -> None:
    bench.start(h.COUNTRY, answers=False)
    bench.button("NOT, row 1").click()
    bench.page.evaluate("model.refuse('No.')")
    expect(bench.page.get_by_text("updating…")).to_be_hidden()


def test_the_answer_to_somebody_else_does_not_end_the_waiting(bench: Bench) -> None:
    bench.start(h.COUNTRY, answers=False)
    bench.button("NOT, row 1").click()
    bench.push(revision=13, counted=13, heard="somebody:99")
    expect(bench.page.get_by_text("updating…")).to_be_visible()
    expect(bench.page.locator(".sb-not-mark")).to_have_count(1)


def test_a_new_row_does_not_take_the_numbers_away(bench: Bench) -> None:
    bench.start(h.COUNTRY, answers=False)
    bench.button("Add filter").click()
    bench.page.wait_for_function("model.sent.length === 1")
    expect(bench.page.get_by_text("updating…")).to_be_hidden()
    expect(bench.page.locator(".sb-total")).to_have_class("sb-total")


def test_news_of_the_older_tree_is_not_announced_any_more(bench: Bench) -> None:
    bench.start(h.COUNTRY, answers=False)
    bench.push(revision=13, counted=13, total=4711)
    bench.button("NOT, row 1").click()
    bench.page.wait_for_timeout(700)
    expect(bench.page.locator("#builder [role=status]").last).not_to_contain_text("4,711")


def test_every_edit_has_an_id_of_its_own(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    for _ in range(3):
        bench.button("NOT, row 1").click()
    ids: list[str] = bench.page.evaluate("model.sent.map((edit) => edit.id)")
    names, numbers = zip(*(id.split(":") for id in ids), strict=True)
    assert len(set(names)) == 1
    assert numbers == ("1", "2", "3")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Counting waits until this is set."""
    gate, engine = threading.Event(), workbenches.opened().engine
    real = engine.patterns

    def patterns(atoms: list[Any]) -> Any:
        assert not atoms or gate.wait(60)
        return real(atoms)

    monkeypatch.setattr(engine, "patterns", patterns)
    yield gate
    gate.set()


def test_ux_44_a_slow_count_is_marked_as_busy_from_edit_to_number(
    bench: Bench, gate: threading.Event
) -> None:
    workbench = workbenches.opened()
    session = Session(workbench)
    session.handle({"edit": "add_row", "shape": 0, "path": []})

    def answer(number: int) -> None:
        bench.page.wait_for_function(f"model.sent.length === {number}")
        session.handle(bench.page.evaluate("model.sent.at(-1)"))
        bench.page.evaluate("state => model.push(state)", state_data(session.state, workbench))

    first = state_data(session.state, workbench)
    bench.page.evaluate(
        "([catalog, state]) => start(catalog, state, { answers: false })",
        [catalog_data(workbench.catalog, ()), first],
    )
    assert NOBODY in seen(bench)
    choose(bench, "Random sample")
    assert NOBODY not in seen(bench)
    answer(1)
    assert session.state.status == "updating"
    expect(bench.page.locator(".sb-share")).to_contain_text("Counting…")
    assert "To do" not in seen(bench)
    gate.set()
    state = session.wait()
    bench.page.evaluate("state => model.push(state)", state_data(state, workbench))
    total = state.answer.evaluation.total if state.answer else 0
    expect(bench.page.locator(".sb-big")).to_have_text(f"{total:,}")
    assert total > 0
    session.close()
