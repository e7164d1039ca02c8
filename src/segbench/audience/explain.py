"""Why this count: the waterfall from all contacts down to the segment."""

from __future__ import annotations

from dataclasses import dataclass

from segbench.model.rules import Combinator, Path


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the waterfall.

    `alone` is how many contacts the row holds by itself, `left` how many the segment holds up to
    and with this row, `change` the difference to the step before.
    """

    path: Path
    label: str
    alone: int
    left: int
    change: int


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The steps of the root group in row order.

    With AND it starts at all contacts and each row takes some away; with OR it starts at nobody and
    each row adds some; a negated root ends with a step that turns the result around (path `()`).
    """

    combinator: Combinator
    contacts: int
    steps: tuple[Step, ...]
    total: int
