"""Who entered and left in each step of a trend, as bars up and down, told apart by cause."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from segbench.audience.history import CAUSES, Cause, Flow, Point
from segbench.audience.trend import Trend
from segbench.ui.picks import Pick
from segbench.ui.theme import Theme
from segbench.ui.views.trend_axes import DAY, day_of
from segbench.ui.views.trend_words import CAUSE_WORDS, between
from segbench.ui.wording import change, joined

PATTERNS: Final[Mapping[Cause, str]] = {"clock": "", "data": "/", "rules": "x"}


def bars(trend: Trend, colours: Theme) -> dict[str, dict[str, Any]]:
    """Two bars for each cause, up and down; of one cause that is not known, in grey."""
    points, now = trend.history.points, trend.forecast.points[0].at
    middles = [(day_of(one, now) + day_of(later, now)) / 2 for one, later in pairwise(points)]
    widths = [0.8 * (later.at - one.at) / DAY for one, later in pairwise(points)]
    known = tuple(trend.causes)
    found: dict[str, dict[str, Any]] = {}
    for place, cause in enumerate(known or CAUSES[:1]):
        flows = [point.causes.get(cause, Flow()) if known else point.flow for point in points[1:]]
        words = CAUSE_WORDS[cause] if known else "all causes"
        colour = colours.segment(CAUSES.index(cause)) if known else colours.total
        kind = cause if known else "step"
        for way, sign in (("entered", 1), ("left", -1)):
            counts = [getattr(flow, way) for flow in flows]
            marker = {"color": colour, "line": {"color": colour, "width": 1}}
            pattern = {"shape": PATTERNS[cause], "fgcolor": colour, "bgcolor": colours.ground}
            found[f"bar {2 * place + (1 if sign > 0 else 2)}"] = {
                "name": words[0].upper() + words[1:],
                **{"x": middles, "y": [sign * n or None for n in counts], "width": widths},
                "marker": {**marker, "pattern": {**pattern, "size": 5, "solidity": 0.35}},
                "hovertext": [
                    joined(
                        [
                            f"{change(sign * count)} {way} by {words}",
                            between(points[at], points[at + 1], trend.history.zone),
                        ]
                    )
                    for at, count in enumerate(counts)
                ],
                **{"hoverinfo": "text", "showlegend": sign > 0 and any(map(_moved, flows))},
                "customdata": [str(Pick(kind, (at,))) for at in range(1, len(points))],
            }
    return found


def _moved(flow: Flow) -> bool:
    return flow != Flow()


def reach(point: Point, way: str) -> int:
    """How far the bars of a step reach."""
    parts = point.causes.values() or (point.flow,)
    return sum(getattr(flow, way) for flow in parts)
