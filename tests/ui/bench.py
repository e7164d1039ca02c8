"""A page with the builder, driven by name, and the edits that it sent."""

from __future__ import annotations

import copy
from typing import Any

import harness as h
from playwright.sync_api import Locator, Page

SHAPE = 4
Json = dict[str, Any]
LUMINO = """() => {
    // As Lumino does: it listens on the document, before the widget hears anything.
    window.shortcuts = [];
    document.addEventListener("keydown", (e) => {
        for (let el = e.target; el; el = el.parentElement)
            if (el.hasAttribute("data-lm-suppress-shortcuts")) return;
        shortcuts.push(e.key);
    }, true);
}"""
"""Keeps in `shortcuts` the keys that JupyterLab would take for its own."""


class Bench:
    """A page with the builder, and what it sent."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def start(self, *rules: Json, answers: bool = True, **changes: Any) -> Bench:
        catalog = changes.pop("catalog", None) or h.catalog()
        tree = changes.pop("tree", h.group(*rules))
        state = copy.deepcopy(h.state(tree, **changes))
        self.page.evaluate("([c, s, answers]) => start(c, s, {answers})", [catalog, state, answers])
        return self

    @property
    def sent(self) -> list[Json]:
        """The edits, without their ids."""
        found: list[Json] = self.page.evaluate("model.sent.map(({ id, ...edit }) => edit)")
        return found

    def waits_for(self, *edits: Json) -> None:
        """Exactly these edits came, no more."""
        self.page.wait_for_function("count => model.sent.length >= count", arg=len(edits))
        assert self.sent == [dict(edit) for edit in edits]

    def push(self, **changes: Any) -> None:
        self.page.evaluate("changes => model.push(changes)", changes)

    def named(self, name: str) -> Locator:
        return self.page.get_by_label(name, exact=True)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def options(self, name: str = "") -> Locator:
        return self.page.locator(".sb-pop").get_by_role("option", name=name or None)

    def menu(self, where: str, item: str) -> None:
        self.button(f"More for {where}").click()
        items = self.page.get_by_role("menuitem", name=item).or_(
            self.page.get_by_role("menuitemcheckbox", name=item)
        )
        items.click()

    def focused(self) -> str:
        name: str = self.page.evaluate(
            "document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName"
        )
        return name


def edit(what: str, path: list[int] | None = None, /, shape: int = SHAPE, **more: Any) -> Json:
    made: Json = {"edit": what, "shape": shape, **more}
    return made if path is None else made | {"path": path}


def put(node: Json, /, **more: Any) -> Json:
    """The edit that puts the node in the place of the first row."""
    return edit("put", [0], node=node, **more)
