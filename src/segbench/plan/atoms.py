"""Atoms: positive, absolute, hashable questions. Each is false wherever there is no value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segbench.model.catalog import BLANKS, ValueType
from segbench.model.windows import Bounds
from segbench.plan.logic import Logic


@dataclass(frozen=True, slots=True)
class Known:
    """The field has a value."""

    field: str
    type: ValueType


@dataclass(frozen=True, slots=True)
class TextIs:
    """The text is one of the values, which are sorted, trimmed and, unless `match_case`, folded."""

    field: str
    values: tuple[str, ...]
    match_case: bool = False


@dataclass(frozen=True, slots=True)
class TextHas:
    """The text contains, starts or ends with the part, trimmed and, unless `match_case`, folded."""

    field: str
    where: Literal["anywhere", "start", "end"]
    part: str
    match_case: bool = False


@dataclass(frozen=True, slots=True)
class Within:
    """The number, date or instant lies within the bounds."""

    field: str
    type: Literal["number", "date", "datetime"]
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Truth:
    """The boolean is that value."""

    field: str
    value: bool


ValueAtom = Known | TextIs | TextHas | Within | Truth
"""Atoms about one value: of a contact's field or, in an event's `where`, of a property."""


@dataclass(frozen=True, slots=True)
class HasTag:
    """The contact has one of the tags, which are sorted."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """The event happened at least `times` times within the bounds, its properties as in `where`."""

    event: str
    times: int
    bounds: Bounds
    where: Logic[ValueAtom]


Atom = ValueAtom | HasTag | Happened


def fold_case(text: str) -> str:
    """Lower case by single characters, as SQL engines do: no character becomes two.

    Greek capital sigma gives `σ` wherever it stands, and `İ` gives `i`.
    """
    lower = text.lower()
    if lower.isascii():
        return lower
    return "".join(char.lower()[0] for char in text)


def comparable(text: str, match_case: bool) -> str:
    """Text as it is compared: trimmed and, unless `match_case`, folded."""
    trimmed = text.strip(BLANKS)
    return trimmed if match_case else fold_case(trimmed)
