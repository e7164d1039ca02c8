"""Hours of work leave nothing behind: no widget, no thread, no trace in a chart."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches
from ipywidgets.widgets import widget

from segbench.model.ask import did, field, tag
from segbench.model.segment import Segment
from segbench.ui.audience import AudienceApp
from segbench.workbench.workbench import Workbench

TREE = (
    field("country").is_any_of("DE", "US")
    & (tag("vip") | tag("newsletter"))
    & did("email_opened").at_least(2).within(days=90)
)
EDITS, OPENED = 200, 10


@pytest.fixture
def app(tmp_path: Path) -> Iterator[AudienceApp]:
    with Workbench.open(workbenches.copied(tmp_path)) as workbench:
        app = AudienceApp(workbench, Segment("Worked on", TREE), follow=False)
        app.session.wait()
        yield app
        app.close()


def edit(app: AudienceApp, chance: random.Random) -> None:
    """One random edit of what an analyst does most."""
    session = app.session
    rows = len(session.state.tree.rules)
    message = chance.choice(
        [
            {"edit": "combine", "path": [], "combinator": chance.choice(("and", "or"))},
            {"edit": "negate", "path": [chance.randrange(rows)], "on": chance.random() < 0.5},
            {"edit": "enable", "path": [chance.randrange(rows)], "on": chance.random() < 0.7},
            {"edit": "clone", "path": [chance.randrange(rows)]},
            {"edit": "undo"},
        ]
    )
    if rows > 6:
        message = {"edit": "remove", "path": [rows - 1]}
    session.handle({**message, "shape": session.state.shape})


def left(app: AudienceApp) -> dict[str, object]:
    """What there is now of what could pile up."""
    app.session.wait()
    app.overlap.wait()
    app.explore.wait()
    figures = [app.waterfall.figure, app.explore.figure, *app.overlap.charts.figures]
    names = sorted(thread.name for thread in threading.enumerate())
    return {
        "widgets": len(widget._instances),
        "threads": [name for name in names if name.startswith("segbench-")],
        "traces": [len(figure.data) for figure in figures],
        "listeners": len(app.session._listeners),
    }


def work(app: AudienceApp, chance: random.Random, edits: int, opened: int) -> None:
    names = [saved.segment.name for saved in app.workbench.library.segments()]
    for _ in range(edits):
        edit(app, chance)
    for at in range(opened):
        app.library.choice.value = names[at % len(names)]
        app.library.open()
        app.library.open()
        app.session.wait()
        for view in app.explore.views:
            app.explore.open(view)
            app.explore.wait()


def test_edits_and_opened_segments_leave_no_widgets_threads_or_traces(app: AudienceApp) -> None:
    chance = random.Random(5)
    # What is made once, on first use, is no leak.
    work(app, chance, 20, 2)
    before = left(app)
    revision = app.session.state.revision
    work(app, chance, EDITS, OPENED)
    assert app.session.state.revision > revision + EDITS / 2
    assert left(app) == before


def test_a_closed_dashboard_leaves_no_thread(tmp_path: Path) -> None:
    before = {thread.ident for thread in threading.enumerate()}
    with Workbench.open(workbenches.copied(tmp_path)) as workbench:
        app = AudienceApp(workbench, Segment("Worked on", TREE), follow=False)
        app.session.wait()
        app.overlap.wait()
        app.close()
    late = [each for each in threading.enumerate() if each.ident not in before]
    for thread in late:
        thread.join(10)
    assert [thread.name for thread in late if thread.is_alive()] == []
