"""What a campaign's export cites is kept by a maintenance, or marked."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import pytest
from workbenches import NOW

from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.lake.retention import Retention
from segbench.library.library import Library
from segbench.model.ask import field
from segbench.model.campaign import ExportRecord
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench import handing
from segbench.workbench.maintaining import Maintained, maintain_workspace
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace

POLICY = Retention(all_days=1, daily_days=0, months=0, file_hours=0)


@pytest.fixture
def exported(folder: Path) -> Workspace:
    """A workspace with one export, of a snapshot that is not the newest any more."""
    with Workbench.open(folder, clock=lambda: NOW) as workbench:
        workbench.save(Segment("Germans", as_group(field("country").is_any_of("DE"))))
        agreed = handing.confirm(workbench, "Spring", "Germans")
        handing.export(workbench, agreed)
        cited = workbench.engine.snapshot.id
        people = folder / "people.csv"
        for number in range(2):
            people.write_text(f"key,country\nnew{number},DE\n")
            import_files(workbench.lake, contacts=people)
        assert [e.snapshot for e in workbench.library.campaign("Spring").exports] == [cited]
    return Workspace(folder)


def run(workspace: Workspace, **options: bool) -> Maintained:
    now = dt.datetime.now(dt.UTC) + dt.timedelta(days=40)
    return maintain_workspace(workspace, POLICY, now=now, **options)


def export_of(workspace: Workspace) -> ExportRecord:
    with Library.open(workspace.library) as library:
        return library.campaign("Spring").exports[0]


def present(workspace: Workspace) -> set[int]:
    with Lake.open(workspace.lake) as lake:
        return {entry.id for entry in lake.snapshots()}


def test_the_snapshot_that_an_export_cites_stays(exported: Workspace) -> None:
    cited = export_of(exported).snapshot
    done = run(exported)
    assert cited in present(exported)
    assert done.lake.kept[cited] == "cited by Spring"
    assert done.lake.expired
    assert done.marked == ()
    assert export_of(exported).expired is None


def test_a_cited_snapshot_may_be_dropped_and_the_export_is_marked(exported: Workspace) -> None:
    cited = export_of(exported).snapshot
    planned = run(exported, drop_cited=True, dry_run=True)
    assert cited in present(exported)
    assert export_of(exported).expired is None
    done = run(exported, drop_cited=True)
    assert cited not in present(exported)
    assert planned.marked == done.marked == ("Spring",)
    assert export_of(exported).expired is not None
    assert run(exported).marked == ()


def test_an_export_of_an_earlier_version_cites_what_its_manifest_says(exported: Workspace) -> None:
    cited = export_of(exported).snapshot
    with sqlite3.connect(exported.library) as raw:
        raw.execute("DELETE FROM export_snapshots")
    assert run(exported).lake.kept[cited] == "cited by Spring"
    assert export_of(exported).snapshot == cited


def test_a_snapshot_that_expired_before_its_export_was_marked_is_marked_now(
    exported: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Library, "mark_expired", killed)
        with pytest.raises(KeyboardInterrupt):
            run(exported, drop_cited=True)
    assert export_of(exported).expired is None
    assert run(exported).marked == ("Spring",)
    assert export_of(exported).expired is not None


def test_the_policy_is_that_of_the_settings_unless_one_is_given(exported: Workspace) -> None:
    before = present(exported)
    now = dt.datetime.now(dt.UTC) + dt.timedelta(days=10)
    maintain_workspace(exported, now=now)
    assert before <= present(exported)
