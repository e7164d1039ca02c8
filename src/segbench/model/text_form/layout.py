"""How written rules are laid out: on one line where they fit, else one part a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

INDENT = 2


@dataclass(frozen=True, slots=True)
class Row:
    """Parts that follow each other on a line, as far as none of them is broken."""

    parts: tuple[Doc, ...]
    flat: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "flat", "".join(map(flat, self.parts)))


@dataclass(frozen=True, slots=True)
class Bracket:
    """Items between brackets: all on one line, or each on its own.

    `mark` stands after each item but the last. Without brackets the items are not indented.
    """

    opening: str
    items: tuple[Doc, ...]
    closing: str
    mark: str = ""
    flat: str = field(init=False)

    def __post_init__(self) -> None:
        inside = f"{self.mark} ".join(map(flat, self.items))
        gap = " " if self.items and self.opening.endswith(":") else ""
        object.__setattr__(self, "flat", f"{self.opening}{gap}{inside}{self.closing}")


Doc = str | Row | Bracket


def flat(doc: Doc) -> str:
    """The whole on one line."""
    return doc if isinstance(doc, str) else doc.flat


def laid_out(doc: Doc, width: int, indent: int = 0, column: int = 0, after: int = 0) -> str:
    """The whole in lines of up to `width` characters, as far as it can be broken.

    `column` is where it starts, `after` how many characters must follow it on its last line.
    """
    if isinstance(doc, str):
        return doc
    if column + len(doc.flat) + after <= width:
        return doc.flat
    if isinstance(doc, Row):
        return _row(doc, width, indent, column, after)
    return _broken(doc, width, indent) if doc.items else doc.flat


def _row(row: Row, width: int, indent: int, column: int, after: int) -> str:
    lines = ""
    for place, part in enumerate(row.parts):
        rest, ends = _before_break(row.parts[place + 1 :])
        laid = laid_out(part, width, indent, column, rest + (after if ends else 0))
        lines += laid
        column = column + len(laid) if "\n" not in laid else len(laid) - laid.rindex("\n") - 1
    return lines


def _before_break(parts: Iterable[Doc]) -> tuple[int, bool]:
    """How many characters come before the next place for a break; whether there is none."""
    taken = 0
    for part in parts:
        if isinstance(part, str):
            taken += len(part)
        elif isinstance(part, Bracket):
            if part.items:
                return taken + len(part.opening), False
            taken += len(part.flat)
        else:
            more, ends = _before_break(part.parts)
            taken += more
            if not ends:
                return taken, False
    return taken, True


def _broken(bracket: Bracket, width: int, indent: int) -> str:
    inner = indent + INDENT if bracket.opening else indent
    lines = [bracket.opening] if bracket.opening else []
    for place, item in enumerate(bracket.items):
        mark = bracket.mark if place < len(bracket.items) - 1 else ""
        laid = laid_out(item, width, inner, inner, len(mark))
        lines.append(f"{' ' * inner}{laid}{mark}")
    if bracket.closing:
        lines.append(f"{' ' * indent}{bracket.closing}")
    return "\n".join(lines)
