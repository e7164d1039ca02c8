"""What became of the rows of a format."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """Counts while a format is written: `rows` in its files, contacts `left_out` by reason, cells
    left `blank` since what they hold cannot be written, texts `cut` to the longest that is taken,
    and cells `neutralised` that a spreadsheet would take for a formula."""

    rows: int = 0
    neutralised: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    blank: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
