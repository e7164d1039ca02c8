"""Measuring: medians of rounds in one run, and the lines of the table that they make."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROUNDS = 5


@dataclass(frozen=True)
class Line:
    """One line of the table: seconds by who did the work, and the bar that it is held against."""

    work: str
    bar: str
    ours: float
    others: dict[str, float]
    met: bool | None = None


def median(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """The median time of some rounds after a first one, in seconds."""
    work()
    return timed(work, rounds)


def timed(work: Callable[[], Any], rounds: int = 1) -> float:
    """The median time of some rounds, in seconds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def heading() -> str:
    """The head of the table."""
    return (
        "| work | bar | segbench | DuckDB | polars | pandas | met |\n|---|---|---|---|---|---|---|"
    )


def shown(line: Line) -> str:
    """One line of the table; how many times as long the others take is in brackets."""
    cells = [line.work, line.bar, _time(line.ours)]
    for name in ("DuckDB", "polars", "pandas"):
        other = line.others.get(name)
        cells.append(f"{_time(other)} ({_two(other / line.ours)} x)" if other is not None else "–")
    cells.append({True: "yes", False: "no", None: ""}[line.met])
    return f"| {' | '.join(cells)} |"


def _time(seconds: float) -> str:
    if seconds >= 10:
        return f"{seconds:,.1f} s"
    milliseconds = 1000 * seconds
    return f"{milliseconds:,.0f} ms" if milliseconds >= 100 else f"{milliseconds:.3g} ms"


def _two(ratio: float) -> str:
    """A ratio with two digits that matter, without an exponent."""
    rounded = float(f"{ratio:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"
