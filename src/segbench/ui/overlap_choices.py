"""The list of segments to compare: which are chosen, and the colour of each."""

from __future__ import annotations

import contextlib
import html
from collections.abc import Callable, Iterable, Iterator

import ipywidgets as widgets

from segbench.ui.panel import FULL
from segbench.ui.segment_colours import NAMES, free_place
from segbench.ui.theme import Theme, letter

ON_SCREEN = "The segment on screen"
Key = str | None
"""The name of a saved segment, or None for the one on screen."""


class Choice:
    """One line: a letter on the segment's colour, a box to tick, and a colour to choose."""

    def __init__(self, key: Key, ticked: Callable[[], None], coloured: Callable[[], None]) -> None:
        label = key or ON_SCREEN
        self.badge = widgets.HTML(layout=widgets.Layout(width="26px", flex="0 0 auto"))
        self.box = widgets.Checkbox(description=label, indent=False, layout=FULL)
        self.colour = widgets.Dropdown(
            options=[(name, at) for at, name in enumerate(NAMES)],
            description=f"Colour of {label}",
            layout=widgets.Layout(width="90px", flex="0 0 auto", display="none"),
        )
        self.colour.add_class("sbp-colour")
        self.line = widgets.HBox(
            [self.badge, self.box, self.colour], layout=widgets.Layout(align_items="center")
        )
        self.box.observe(lambda _: ticked(), "value")
        self.colour.observe(lambda _: coloured(), "value")

    def close(self) -> None:
        """Drop the widgets."""
        for part in (self.badge, self.box, self.colour, self.line):
            part.close()


class SegmentChoices:
    """The segments on offer; `changed` is told when others are chosen, or other colours."""

    def __init__(self, theme: Theme, changed: Callable[[], None]) -> None:
        self.theme, self._changed = theme, changed
        self.lines: dict[Key, Choice] = {}
        self._quiet = False
        self.box = widgets.VBox(layout=widgets.Layout(max_height="320px", overflow="auto"))

    def offer(self, names: Iterable[str], earlier: Callable[[str], Iterable[str]]) -> None:
        """Offer the segment on screen and these saved ones; what is chosen stays so.

        A new name takes over from one that is gone and is among the `earlier` names of its segment.
        """
        keys: list[Key] = [None, *names]
        gone = {key: self.lines.pop(key) for key in list(self.lines) if key not in keys}
        for key in keys:
            if key in self.lines:
                continue
            before = [name for name in earlier(key) if name in gone] if gone and key else []
            self.lines[key] = self._line(key, gone[before[-1]] if before else None)
        for line in gone.values():
            line.close()
        self.box.children = [self.lines[key].line for key in keys]
        self.mark()

    def chosen(self) -> dict[Key, int]:
        """What is compared, with the palette place of each: the one on screen, then by name."""
        found = [key for key in list(self.lines) if self.lines[key].box.value]
        found.sort(key=lambda key: (key is not None, (key or "").casefold()))
        return {key: self.lines[key].colour.value for key in found}

    def tick(self, *keys: Key) -> None:
        """Choose these too."""
        with self._silence():
            for key in keys:
                if key in self.lines and not self.lines[key].box.value:
                    self._give_colour(key)
                    self.lines[key].box.value = True
        self._told()

    def mark(self) -> None:
        """Show the letter and the colour of each chosen segment."""
        chosen = list(self.chosen())
        for key, line in self.lines.items():
            line.colour.layout.display = "" if key in chosen else "none"
            badge = self._badge(chosen.index(key), line) if key in chosen else ""
            if line.badge.value != badge:
                line.badge.value = badge

    def _badge(self, at: int, line: Choice) -> str:
        fill = self.theme.segment(line.colour.value)
        style = f"background:{fill};color:{self.theme.on(fill)}"
        return f'<span class="sbp-swatch" style="{style}">{html.escape(letter(at))}</span>'

    def _line(self, key: Key, before: Choice | None) -> Choice:
        line = Choice(key, lambda: self._ticked(key), self._told)
        if before is not None:
            with self._silence():
                line.colour.value, line.box.value = before.colour.value, before.box.value
        return line

    def _ticked(self, key: Key) -> None:
        if not self._quiet and self.lines[key].box.value:
            with self._silence():
                self._give_colour(key)
        self._told()

    def _give_colour(self, key: Key) -> None:
        """A colour that no other chosen segment has, while there is one."""
        others = [place for one, place in self.chosen().items() if one != key]
        self.lines[key].colour.value = free_place(others)

    def _told(self) -> None:
        if not self._quiet:
            self.mark()
            self._changed()

    @contextlib.contextmanager
    def _silence(self) -> Iterator[None]:
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before
