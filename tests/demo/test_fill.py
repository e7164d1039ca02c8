"""Demo workspaces: whole or absent, pinned to their end, with segments that hold somebody."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import workbenches

from segbench.demo.examples import crm_segments, retail_segments
from segbench.demo.fill import LEAST, MOST, Source, demo_crm, fill
from segbench.errors import LakeError, RuleError
from segbench.model.ask import field
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace

UNTIL = dt.datetime(2026, 10, 23)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "demo")


def source() -> Source:
    return demo_crm(LEAST, seed=1, until=UNTIL)


def assert_absent(workspace: Workspace) -> None:
    assert list(workspace.root.parent.iterdir()) == []


def test_a_demo_is_whole_and_pinned_to_its_end() -> None:
    workbench = workbenches.opened()
    assert workbench.as_of == workbench.settings.as_of == workbenches.UNTIL
    assert workbench.settings.time_zone == "Europe/Berlin"
    assert workbench.settings.contact_time_zone == "time_zone"
    assert "nobody here exists" in workbench.settings.about
    assert f"seed {workbenches.SEED}" in workbench.settings.about
    assert workbench.catalog.field("email").label == "E-mail"
    newest = workbench.engine.snapshot.rows("SELECT max(e.at) FROM events e")[0][0]
    assert newest <= workbenches.UNTIL
    assert [entry.message for entry in workbench.lake.snapshots()] == ["created", "demo"]


def test_every_example_is_saved_and_holds_some_but_not_all() -> None:
    workbench = workbenches.opened()
    saved = {entry.segment for entry in workbench.library.segments()}
    assert saved == set(crm_segments())
    for segment in crm_segments():
        assert 0 < workbench.count(segment.group) < workbenches.CONTACTS, segment.name


def test_the_examples_have_names_of_their_own() -> None:
    for segments in (crm_segments(), retail_segments()):
        assert len({segment.name.casefold() for segment in segments}) == len(segments)


@pytest.mark.parametrize("contacts", [LEAST - 1, MOST + 1])
def test_too_few_and_too_many_contacts_are_refused(contacts: int) -> None:
    with pytest.raises(LakeError, match=f"not {contacts:,}"):
        demo_crm(contacts, seed=1, until=UNTIL)


@pytest.mark.parametrize("year", [1, 1899, 9001, 9999])
def test_an_end_outside_of_the_calendar_is_refused(year: int) -> None:
    with pytest.raises(LakeError, match="years 1900 to 9000"):
        demo_crm(LEAST, seed=1, until=dt.datetime(year, 1, 1))


@pytest.mark.parametrize("year", [1900, 9000])
def test_an_end_at_the_edge_of_the_calendar_gives_contacts(year: int) -> None:
    batch = next(iter(demo_crm(LEAST, seed=1, until=dt.datetime(year, 12, 31)).batches))
    assert batch.contacts.num_rows == LEAST


def test_what_is_there_is_never_touched(workspace: Workspace) -> None:
    workspace.root.mkdir()
    with pytest.raises(LakeError, match="exists already"):
        fill(workspace, source())
    assert list(workspace.root.iterdir()) == []
    assert list(workspace.root.parent.iterdir()) == [workspace.root]


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError, RuntimeError])
def test_a_demo_that_breaks_while_it_is_made_leaves_nothing(
    fault: type[BaseException], workspace: Workspace
) -> None:
    def broken(_: int) -> None:
        raise fault

    with pytest.raises(fault):
        fill(workspace, source(), broken)
    assert_absent(workspace)


def test_a_demo_whose_segments_are_wrong_leaves_nothing(workspace: Workspace) -> None:
    whole = source()
    wrong = Segment("Wrong", as_group(field("contry").is_any_of("DE")))
    with pytest.raises(RuleError, match="contry"):
        fill(workspace, Source(whole.settings, whole.batches, whole.notes, (wrong,)))
    assert_absent(workspace)


def test_the_first_of_two_demos_at_the_same_time_stays(workspace: Workspace) -> None:
    def meanwhile(_: int) -> None:
        if not workspace.exists:
            fill(workspace, demo_crm(LEAST, seed=2, until=UNTIL))

    with pytest.raises(LakeError, match="is a workspace already"):
        fill(workspace, source(), meanwhile)
    assert [path.name for path in workspace.root.parent.iterdir()] == ["demo"]
    with Workbench.open(workspace.root) as workbench:
        assert workbench.contacts_total == LEAST
        assert "seed 2" in workbench.settings.about


def test_a_workspace_is_as_open_to_others_as_any_new_folder(workspace: Workspace) -> None:
    fill(workspace, source())
    other = workspace.root.with_name("other")
    other.mkdir()
    assert workspace.root.stat().st_mode == other.stat().st_mode
