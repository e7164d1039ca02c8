"""A workbench that syncs: it moves on, and segments keep what they last counted."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from segbench import Segment, field
from segbench.errors import LibraryError, RuleError, Uncountable, UnknownName
from segbench.lake.lake import Lake
from segbench.library.saved import LastCount
from segbench.model.rules import Group, SegmentRule, as_group
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Settings, Workspace

NOW = dt.datetime(2026, 11, 3, 23, 30, tzinfo=dt.UTC)
PEOPLE = pd.DataFrame(
    {
        "id": list("abc"),
        "country": ["DE", "DE", "FR"],
        "seen": ["2026-11-01 10:00"] * 3,
        "n": [1, 2, 3],
    }
).astype({"seen": "datetime64[us]"})


@pytest.fixture
def workbench(tmp_path):
    place = Workspace(tmp_path / "ws")
    place.write(Settings("ws", "Europe/Berlin"))
    Lake.create(place.lake).close()
    with Workbench.open(place.root, clock=lambda: NOW) as opened:
        opened.sync(PEOPLE)
        yield opened


def german(name="Germans"):
    return Segment(name, as_group(field("country").is_any_of("DE")))


def test_the_workbench_moves_on_to_the_new_snapshot(workbench):
    assert workbench.contacts_total == 3
    report = workbench.sync(PEOPLE[:2])
    assert (report.deleted, workbench.contacts_total) == (1, 2)
    assert workbench.engine.snapshot.id == report.snapshot
    assert workbench.sync(PEOPLE[:2]).snapshot is None


def test_times_are_in_the_zone_of_the_workspace(workbench):
    found = workbench.engine.snapshot.rows("SELECT DISTINCT seen FROM contacts")
    assert found == [(dt.datetime(2026, 11, 1, 9),)]


def test_a_saved_segment_remembers_what_it_counted(workbench):
    workbench.save(german())
    assert workbench.count_saved("germans") == 2
    snapshot = workbench.engine.snapshot.id
    assert workbench.library.last_count("Germans") == LastCount(2, 3, snapshot, NOW, NOW)


def test_a_segment_whose_field_vanished_says_so_with_its_last_count(workbench):
    workbench.save(german())
    workbench.save(Segment("Through", Group("and", (SegmentRule("Germans"),))))
    # Nobody counted them: what they counted just before the field went is known nevertheless.
    workbench.sync(PEOPLE.drop(columns="country"), drop_columns=True)
    for name in ("Germans", "Through"):
        with pytest.raises(Uncountable) as uncountable:
            workbench.count_saved(name)
        # The day is that of the workspace, where it is past midnight.
        assert str(uncountable.value).endswith("Last count 2 on 4 Nov 2026 (stale).")
        assert "'country'" in uncountable.value.why
        assert uncountable.value.last.count == 2
    workbench.sync(PEOPLE)
    assert workbench.count_saved("Through") == 2


def test_a_segment_whose_field_got_another_type_says_so(workbench):
    workbench.save(Segment("High", as_group(field("n") > 1)))
    workbench.sync(PEOPLE.assign(n=list("xyz")), retype=True)
    with pytest.raises(Uncountable, match=r"Last count 2 on 4 Nov 2026 \(stale\)"):
        workbench.count_saved("High")


def test_without_a_last_count_the_error_is_as_it_was(workbench):
    workbench.library.save(Segment("Odd", as_group(field("shoe_size").is_any_of("9"))), now=NOW)
    with pytest.raises(RuleError) as error:
        workbench.count_saved("Odd")
    assert not isinstance(error.value, Uncountable)
    with pytest.raises(UnknownName, match="nobody"):
        workbench.count_saved("nobody")


def test_a_count_is_right_where_it_cannot_be_remembered(workbench, monkeypatch):
    workbench.save(german())

    def refuse(name, found):
        raise LibraryError("read-only")

    monkeypatch.setattr(workbench.library, "record_count", refuse)
    assert workbench.count_saved("Germans") == 2
