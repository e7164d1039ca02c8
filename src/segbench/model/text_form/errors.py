"""What is wrong with a rule text, and where."""

from __future__ import annotations

import re

from segbench.errors import FormatError

_LINE_END = re.compile(r"\r\n?|\n")
_SHOWN = 88


class TextError(FormatError):
    """A text that is no rules.

    `line` and `column` count from 1, `offset` from 0; the message shows the line with a caret
    under the place.
    """

    def __init__(self, text: str, offset: int, problem: str) -> None:
        self.offset, self.problem = offset, problem
        start, self.line = 0, 1
        for end in _LINE_END.finditer(text, 0, offset):
            start, self.line = end.end(), self.line + 1
        self.column = offset - start + 1
        shown = _shown_line(text, start, offset)
        super().__init__(f"Line {self.line}, column {self.column}: {problem}\n{shown}")


def clean(text: str, most: int = 40) -> str:
    """A piece of a text as a message shows it: short, and nothing in it that cannot be seen."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(char if char.isprintable() else "·" for char in cut)


def _shown_line(text: str, start: int, offset: int) -> str:
    """The part of the line around the place, and a caret under it."""
    first = max(start, offset - _SHOWN * 3 // 4)
    rest = _LINE_END.split(text[first : first + _SHOWN], maxsplit=1)[0]
    before = "…" if first > start else ""
    return f"  {before}{clean(rest, _SHOWN)}\n  {' ' * (len(before) + offset - first)}^"
