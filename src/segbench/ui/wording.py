"""Counts and names as text: written out, made safe for plotly, and fitted into pixels."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable

from segbench.ui.theme import SMALL

SPACE = "\N{NO-BREAK SPACE}"
_BLANKS = re.compile(rf"[^\S{SPACE}]+")
_WIDTHS = (
    (" ijlI.,:;|'!·\N{NO-BREAK SPACE}", 0.33),
    ("ftr()[]/“”-–", 0.43),
    ("<>+=−~", 0.84),
    ("mwMW@%∩—…", 1.0),
)


def number(count: int) -> str:
    """A count with thousands separators."""
    return f"{count:,}"


def change(count: int) -> str:
    """A difference with its sign: `−31,204`, `+12`, `±0`."""
    return f"+{count:,}" if count > 0 else f"\N{MINUS SIGN}{-count:,}" if count < 0 else "±0"


def percent(part: int, whole: int) -> str:
    """A share; 0 % and 100 % are said only where they are exact, nothing of nothing is a dash."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 0.1:
        text = "under 0.1"
    elif 99.9 < share < 100:
        text = "over 99.9"
    elif share in (0, 100) or 10 <= share < 89.5:
        text = f"{share:.0f}"
    else:
        text = f"{share:.1f}"
    return f"{text}{SPACE}%"


def contacts(count: int) -> str:
    """A count and its noun."""
    return f"{count:,} contact{'' if count == 1 else 's'}"


def plain(text: str) -> str:
    """A name on one line, without control characters or signs that turn the reading direction."""
    lines = _BLANKS.sub(" ", text)
    return "".join(c for c in lines if c == SPACE or c.isprintable()).strip() or "(no name)"


def short(text: str, most: int | None) -> str:
    """A name of at most so many signs, `…` where it was cut."""
    text = plain(text)
    return text if most is None or len(text) <= most else text[: most - 1].rstrip() + "…"


def joined(lines: Iterable[str]) -> str:
    """Lines of text as plotly shows them, each one as it is."""
    return "<br>".join(html.escape(line, quote=False) for line in lines)


def text_width(text: str, size: int = SMALL, *, bold: bool = False) -> float:
    """About how many pixels wide a text is; a little more than it will be."""
    return sum(map(_em, text)) * size * (1.07 if bold else 1.0)


def _em(sign: str) -> float:
    """The width of a sign in DejaVu Sans, the widest of the usual fonts, as a share of its size."""
    if unicodedata.east_asian_width(sign) in "WF":
        return 1.05
    for signs, width in _WIDTHS:
        if sign in signs:
            return width
    return 0.74 if sign.isupper() else 0.63


def fitted(text: str, room: float, size: int = SMALL, *, bold: bool = False) -> str:
    """As much of a one-line text as fits in `room` pixels, `…` where it was cut."""
    text = plain(text)
    if text_width(text, size, bold=bold) <= room:
        return text
    while text and text_width(text + "…", size, bold=bold) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def wrapped(
    text: str, room: float, lines: int, size: int = SMALL, *, bold: bool = False
) -> list[str]:
    """A text on up to so many lines of `room` pixels; the last one is cut where it is too long."""
    words, found = plain(text).split(" "), list[str]()
    while words and len(found) < lines - 1:
        count = 1
        while count < len(words) and (
            text_width(" ".join(words[: count + 1]), size, bold=bold) <= room
        ):
            count += 1
        line, words = " ".join(words[:count]), words[count:]
        if text_width(line, size, bold=bold) > room:
            kept = len(line)
            while kept > 1 and text_width(line[:kept], size, bold=bold) > room:
                kept -= 1
            line, words = line[:kept], [line[kept:], *words]
        found.append(line)
    return [*found, fitted(" ".join(words), room, size, bold=bold)] if words else found
