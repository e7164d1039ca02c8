"""What each dashboard opens with, and what it says where it cannot be opened."""

from __future__ import annotations

import json
from pathlib import Path

import ipywidgets as widgets
import pytest
import workbenches

from segbench.ui.audience import AudienceApp
from segbench.ui.dashboards import (
    failure_html,
    largest_segments,
    show_audience,
    show_contacts,
    show_overlap,
)
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import ENVIRONMENT

NOTEBOOKS = Path(__file__).parents[2] / "dashboards"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = workbenches.copied(tmp_path)
    monkeypatch.setenv(ENVIRONMENT, str(folder))
    return folder


def test_the_overlap_dashboard_opens_with_the_largest_segments_compared(workspace: Path) -> None:
    with Workbench.open(workspace) as workbench:
        sizes = {
            saved.segment.name: workbench.count(saved.segment.group)
            for saved in workbench.library.segments()
        }
        largest = largest_segments(workbench)
    assert len(largest) == 3
    assert min(sizes[name] for name in largest) >= max(
        size for name, size in sizes.items() if name not in largest
    )
    app = show_overlap(follow=False)
    assert isinstance(app, AudienceApp)
    try:
        app.overlap.wait()
        assert tuple(app.overlap.choices.chosen()) == tuple(sorted(largest, key=str.casefold))
        assert app.children.index(app.overlap.box) == app.children.index(app.head) + 1
        assert set(app.children) >= {app.library.box, app.campaign.box, app.explore.box}
        assert len(set(app.children)) == len(app.children)
    finally:
        app.close()
        app.workbench.close()


def test_a_workspace_that_is_not_there_is_said_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "nowhere"))
    for show in (show_audience, show_contacts, show_overlap):
        page = show()
        assert isinstance(page, widgets.HTML)
        assert "cannot be opened" in page.value
        assert str(tmp_path / "nowhere") in page.value


def test_the_reason_is_shown_as_text() -> None:
    assert "<b>" not in failure_html("no <b>workspace</b>").split("role='alert'")[1]


def test_each_dashboard_is_one_call() -> None:
    for path in NOTEBOOKS.glob("*.ipynb"):
        (cell,) = json.loads(path.read_text("utf-8"))["cells"]
        assert f"show_{path.stem}()" in cell["source"][-1]
