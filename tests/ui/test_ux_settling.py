"""docs/ux.md: counts that take long, fail or come too late, and what browsers make up."""

from __future__ import annotations

from typing import Any

import harness as h
import pytest
from bench import Bench
from live import Live
from playwright.sync_api import expect

from segbench.model.ask import field, tag

pytestmark = pytest.mark.browser

GERMANS = field("country").is_any_of("DE")
SHOWN = """() => {
    window.shown = [];
    const look = () => {
        const settled = !document.querySelector(".sb-waiting");
        const typed = document.querySelector("[aria-label='Value, row 1']").value;
        if (settled) shown.push([typed, document.querySelector(".sb-big").textContent]);
    };
    new MutationObserver(look).observe(document.querySelector("#builder"), {
        subtree: true, childList: true, characterData: true, attributes: true });
}"""
"""Keeps in `shown` each number that is shown as settled, beside what is typed at that moment."""


def test_ux_46_typing_fast_never_shows_the_count_of_an_older_value(live: Live) -> None:
    count = live.workbench.count
    live.open(field("lead_score").at_least(1))
    live.page.evaluate(SHOWN)
    box = live.named("Value, row 1")
    box.click()
    for text, pause in (("1", 0), ("12", 400), ("2", 20), ("23", 300), ("3", 150), ("31", 0)):
        box.fill(text)
        live.page.wait_for_timeout(pause)
    expect(live.page.locator(".sb-big")).to_have_text(f"{count(field('lead_score') >= 31):,}")
    assert live.tree.rules == (field("lead_score").at_least(31),)
    seen = {tuple(pair) for pair in live.page.evaluate("shown")}
    assert ("31", f"{count(field('lead_score') >= 31):,}") in seen
    right = {(typed, f"{count(field('lead_score') >= int(typed)):,}") for typed, _ in seen}
    assert seen == right


def test_a_count_of_an_older_revision_is_never_shown_as_settled(bench: Bench) -> None:
    bench.start(h.COUNTRY, answers=False)
    bench.push(revision=14, counted=13, total=111)
    expect(bench.page.locator(".sb-waiting")).to_have_count(1)
    bench.push(counted=14, total=222)
    expect(bench.page.locator(".sb-waiting")).to_have_count(0)


def test_ux_50_numbers_have_separators_even_digits_and_a_steady_place(bench: Bench) -> None:
    node = {"alone": 11111, "after": 1111}
    bench.start(h.COUNTRY, total=11111, nodes={"": node, "0": node})
    parts = [".sb-big", ".sb-share", ".sb-row .sb-alone", ".sb-row .sb-after", ".sb-acts"]

    def places() -> list[Any]:
        return [bench.page.locator(part).first.bounding_box() for part in parts]

    def starts() -> list[tuple[float, float]]:
        return [(place["x"], place["y"]) for place in places()]

    first, where = places(), starts()
    for total in (88888, 40404, 1, 1_000):
        node = {"alone": total, "after": total}
        bench.push(total=total, nodes={"": node, "0": node})
        expect(bench.page.locator(".sb-big")).to_have_text(f"{total:,}")
        expect(bench.page.locator(".sb-row .sb-alone")).to_contain_text(f"{total:,}")
        assert starts() == where
        assert places()[0] == first[0]
    digits = "el => getComputedStyle(el).fontVariantNumeric"
    for part in parts[:-1]:
        assert bench.page.locator(part).first.evaluate(digits) == "tabular-nums"


@pytest.mark.parametrize("known", [False, True])
def test_ux_51_a_count_that_fails_says_why_and_greys_the_last_good_one(
    live: Live, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    live.open(GERMANS)
    before = live.total
    # What was asked before is counted at once, anything else on the worker.
    monkeypatch.setattr(live.workbench.engine, "knows", lambda _: known)

    def broken(_: Any) -> Any:
        raise OSError("the disk is gone")

    total = live.page.locator(".sb-total")
    with monkeypatch.context() as patched:
        patched.setattr(live.workbench.engine, "patterns", broken)
        box = live.named("Values, row 1")
        box.fill("AT")
        box.press("Enter")
        alert = live.page.get_by_role("alert")
        expect(alert).to_have_text("The count failed: the disk is gone")
        expect(total).to_have_class("sb-total sb-grey")
        expect(live.page.locator(".sb-big")).to_have_text(f"{before:,}")
    live.button("Undo").click()
    expect(total).to_have_class("sb-total")
    expect(alert).to_have_count(0)
    assert live.total == before


def deep(levels: int) -> dict[str, Any]:
    node: dict[str, Any] = h.COUNTRY
    for _ in range(levels):
        node = h.group(node)
    return node


FORGED: dict[str, tuple[dict[str, Any], str]] = {
    "no such operator": (
        {"edit": "operator", "path": [0], "op": "rm -rf"},
        "operator",
    ),
    "no such edit": ({"edit": "format_disk", "path": [0]}, "There is no edit 'format_disk'"),
    "no rule": ({"edit": "put", "path": [0], "node": {"kind": "spell"}}, "spell"),
    "a group as a row": ({"edit": "put", "path": [0], "node": deep(3)}, "not a group"),
    "the wrong type": (
        {
            "edit": "put",
            "path": [0],
            "node": {"kind": "tag", "op": "has_any_of", "tags": 7},
        },
        "tags",
    ),
    "a path of words": ({"edit": "remove", "path": ["0", {}]}, "list of child numbers"),
    "a path to nowhere": ({"edit": "negate", "path": [9, 9], "on": True}, "nothing at [9"),
    "no switch": ({"edit": "enable", "path": [0], "on": "yes"}, "true or false"),
    "no combinator": ({"edit": "combine", "path": [], "combinator": "xor"}, "'and' or 'or'"),
}


def test_ux_78_forged_messages_are_refused_with_a_sentence_and_change_nothing(live: Live) -> None:
    live.open(GERMANS, tag("VIP"))
    before, total = live.tree, live.total
    shape = live.session.state.shape
    for name, (message, why) in FORGED.items():
        live.page.evaluate("message => model.send(message)", message | {"shape": shape})
        alert = live.page.get_by_role("alert")
        expect(alert, name).to_contain_text(why)
        live.page.evaluate("model.refuse('-')")
        expect(alert).to_have_text("-")
    # Playwright itself takes minutes over a message as deep as this one.
    huge = {"edit": "put", "path": [0], "node": deep(5_000), "shape": shape}
    assert "at most 32 deep" in live.answer(huge)["refused"]
    assert live.tree == before
    assert live.total == total
    live.button("NOT, row 1").click()
    assert live.tree.rules == (~GERMANS, tag("VIP"))
