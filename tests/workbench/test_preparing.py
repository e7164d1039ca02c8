"""Preparing a workspace: what the first questions need is kept beside the lake."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from segbench.engine import columns
from segbench.lake.kept import FOLDER
from segbench.model.ask import field, tag
from segbench.model.rules import TagRule
from segbench.workbench import preparing
from segbench.workbench.preparing import prepare_workspace
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace


def test_the_first_question_about_a_prepared_field_or_tag_asks_the_lake_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "FEW", 0)
    monkeypatch.setattr(preparing, "FEW", 0)
    # Another test may have asked the workspace that this one is a copy of.
    shutil.rmtree(Workspace(folder).lake / FOLDER, ignore_errors=True)
    with Workbench.open(folder) as workbench:
        one, other = (known.value for known in workbench.catalog.tags[-2:])
        rules = [
            field("country").is_any_of("DE"),
            tag(one),
            TagRule("has_any_of", (one, other)),
            TagRule("has_none_of", (one, other)),
        ]
        asked = [workbench.members(rule) for rule in rules]
        assert workbench.engine.queries == 3
        workbench.engine.snapshot.kept.shrink(0)
    assert prepare_workspace(Workspace(folder)) > 0
    with Workbench.open(folder) as workbench:
        assert [workbench.members(rule) for rule in rules] == asked
        assert workbench.engine.queries == 0


def test_few_contacts_need_no_arrays(folder: Path) -> None:
    assert prepare_workspace(Workspace(folder)) == 0
