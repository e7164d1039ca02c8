"""Charts share one copy of plotly.js: what is sent to a page."""

from __future__ import annotations

import plotly.graph_objects as go

from segbench.ui import chart_library
from segbench.ui.chart_library import live_chart


def test_the_charts_of_a_page_are_small_and_come_with_one_copy() -> None:
    made = [live_chart([{"type": "bar", "y": [1]}], {}) for _ in range(3)]
    assert all(isinstance(one, go.FigureWidget) and len(one._esm) < 2_000 for one in made)
    (lender,) = chart_library._held
    assert lender.source == str(go.FigureWidget._esm)
    assert len(lender.source) > 1_000_000
    lender.close()
    made.append(live_chart([], {}))
    assert chart_library._held != [lender]
    for one in made:
        one.close()
