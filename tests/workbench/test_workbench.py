"""The facade: one snapshot, one clock, one library, and errors that say what exists."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
import workbenches

from segbench.errors import LakeError, NameTaken, NotSaved, RuleError, UnknownName
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.model.ask import did, engaged, field, in_segment, tag
from segbench.model.rules import FieldRule, Group, as_group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace

GERMANS = field("country").is_any_of("DE")
CLOCK = dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC)


def unpinned(folder: Path) -> Path:
    """The same workspace, its clock not pinned."""
    workspace = Workspace(folder)
    workspace.write(replace(workspace.settings(), as_of=None))
    return folder


def test_the_clock_is_the_one_that_the_workspace_pins(shared: Workbench) -> None:
    assert shared.as_of == workbenches.UNTIL
    assert str(shared.zone) == "Europe/Berlin"
    assert shared.contacts_total == shared.catalog.contacts == workbenches.CONTACTS


def test_a_given_clock_goes_before_the_pinned_one_and_is_turned_into_utc(folder: Path) -> None:
    berlin = dt.timezone(dt.timedelta(hours=2))
    given = dt.datetime(2026, 6, 1, 2, tzinfo=berlin)
    with Workbench.open(folder, as_of=given, clock=lambda: CLOCK) as workbench:
        assert workbench.as_of == dt.datetime(2026, 6, 1)
        before = workbench.count(engaged(days=7))
        workbench.refresh()
        assert workbench.as_of == dt.datetime(2026, 6, 1)
    assert before != workbenches.opened().count(engaged(days=7))


def test_without_a_pinned_clock_each_refresh_takes_the_time_anew(folder: Path) -> None:
    times = iter([CLOCK, CLOCK + dt.timedelta(days=1)])
    with Workbench.open(unpinned(folder), clock=lambda: next(times)) as workbench:
        assert workbench.as_of == dt.datetime(2027, 1, 1, 12)
        assert workbench.as_of == dt.datetime(2027, 1, 1, 12)
        workbench.refresh()
        assert workbench.as_of == dt.datetime(2027, 1, 2, 12)


def test_it_stays_on_its_snapshot_until_refreshed(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.csv"
    file.write_text("key,country\nnew-1,DE\nnew-2,DE\nc0000001,DE\n", "utf-8")
    with Workbench.open(folder) as workbench:
        engine, before = workbench.engine, workbench.count(GERMANS)
        germans = set(workbench.contacts(GERMANS, ["key"])["key"])
        with Lake.open(folder / "lake") as lake:
            report = import_files(lake, contacts=file)
        assert workbench.count(GERMANS) == before
        assert workbench.contacts_total == workbenches.CONTACTS
        workbench.refresh()
        assert workbench.engine is not engine
        assert workbench.engine.snapshot.id == report.snapshot
        assert workbench.contacts_total == workbench.catalog.contacts == workbenches.CONTACTS + 2
        now = set(workbench.contacts(GERMANS, ["key"])["key"])
        assert now == germans | {"new-1", "new-2", "c0000001"}
        assert workbench.count(GERMANS) == len(now)


def test_a_refresh_without_new_data_keeps_the_engine_and_all_it_knows(shared: Workbench) -> None:
    shared.count(GERMANS)
    engine, queries = shared.engine, shared.engine.queries
    shared.refresh()
    shared.count(GERMANS)
    assert shared.engine is engine
    assert engine.queries == queries


def test_a_closed_workbench_says_so(folder: Path) -> None:
    with Workbench.open(folder) as workbench:
        pass
    with pytest.raises(LakeError, match="closed"):
        workbench.count(GERMANS)
    with pytest.raises(LakeError, match="closed"):
        workbench.contacts_total  # noqa: B018
    assert repr(workbench) == "<Workbench 'Demo CRM': closed>"


def test_a_workbench_shows_what_it_answers_over(shared: Workbench) -> None:
    assert repr(shared) == (
        f"<Workbench 'Demo CRM': 1,000 contacts, snapshot {shared.engine.snapshot.id}, "
        "as of 2026-10-23 00:00 UTC>"
    )


def test_contacts_have_all_fields_and_come_in_the_order_of_the_lake(shared: Workbench) -> None:
    frame = shared.contacts(GERMANS)
    assert list(frame.columns) == ["key", *(field.name for field in shared.catalog.fields)]
    assert len(frame) == shared.count(GERMANS)
    keys = frame["key"].tolist()
    assert keys == sorted(keys)
    assert set(frame["country"].str.strip().str.upper()) == {"DE"}


def test_contacts_come_with_the_chosen_columns_in_their_order(shared: Workbench) -> None:
    frame = shared.contacts(GERMANS, ["country", "key", "country"], limit=3)
    assert list(frame.columns) == ["country", "key"]
    assert frame["key"].tolist() == shared.contacts(GERMANS, ["key"])["key"].tolist()[:3]


@pytest.mark.parametrize("limit", [0, -5])
def test_a_limit_of_nothing_gives_an_empty_table(limit: int, shared: Workbench) -> None:
    frame = shared.contacts(GERMANS, ["key"], limit=limit)
    assert (len(frame), list(frame.columns)) == (0, ["key"])


def test_nobody_is_an_empty_table(shared: Workbench) -> None:
    assert shared.contacts(Group()).shape == (0, 1 + len(shared.catalog.fields))


def test_a_column_that_does_not_exist_is_refused_with_near_names(shared: Workbench) -> None:
    with pytest.raises(UnknownName, match=r"no field 'emial'; did you mean 'email'\?"):
        shared.contacts(GERMANS, ["key", "emial"])


def test_no_columns_at_all_are_refused(shared: Workbench) -> None:
    with pytest.raises(RuleError, match="at least one column"):
        shared.contacts(GERMANS, [])


def test_columns_are_a_list_not_one_text(shared: Workbench) -> None:
    with pytest.raises(RuleError, match=r"\['email'\]"):
        shared.contacts(GERMANS, "email")


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (field("contry").is_any_of("DE"), r"Row 1: There is no field 'contry'.*'country'"),
        (GERMANS & did("order_plced"), r"Row 2: There is no event 'order_plced'.*'order_placed'"),
        (GERMANS & (tag("a") | FieldRule("", "")), r"Row 2\.2: Choose what to filter on"),
        (field("lead_score").is_any_of("1"), r"Row 1: .* does not apply to a number field"),
        (in_segment("Custmers"), r"Row 1: There is no saved segment 'Custmers'.*'Customers'"),
        (engaged(days=0), r"Row 1: days must be 1 to 3,650, not 0"),
    ],
)
def test_wrong_rules_are_refused_with_their_row(
    rules: Group, message: str, shared: Workbench
) -> None:
    for ask in (shared.count, shared.members, shared.evaluate, shared.contacts):
        with pytest.raises(RuleError, match=message):
            ask(rules)


def test_a_segment_is_described_with_labels_and_resolved_dates(shared: Workbench) -> None:
    sentence = shared.describe(did("email_opened").at_least(3).within(days=30))
    assert sentence == (
        "Contacts where E-mail opened happened at least 3 times in the last 30 days "
        "(since 23 Sep 2026)."
    )


def test_a_waterfall_ends_at_the_count(shared: Workbench) -> None:
    rules = GERMANS & tag("compliant") & engaged(days=30)
    falls = shared.waterfall(rules)
    assert falls.contacts + sum(step.change for step in falls.steps) == falls.total
    assert falls.total == shared.count(rules)
    assert falls.steps[0].label == "Country is “DE”"


def test_overlaps_take_saved_names_and_segments(shared: Workbench) -> None:
    found = shared.overlap(["customers", Segment("Germans", as_group(GERMANS))])
    assert found.names == ("Customers", "Germans")
    assert found.sizes == (shared.count(in_segment("Customers")), shared.count(GERMANS))
    assert found.within(0, 1) == shared.count(in_segment("Customers") & GERMANS)
    assert found.contacts == shared.contacts_total


def test_overlaps_refuse_unknown_names_none_and_a_segment_twice(shared: Workbench) -> None:
    with pytest.raises(NotSaved, match="'Customers'"):
        shared.overlap(["Custmers"])
    with pytest.raises(RuleError, match="not 0"):
        shared.overlap([])
    with pytest.raises(RuleError, match="'Customers' is compared with itself"):
        shared.overlap(["Customers", "CUSTOMERS"])


def test_a_saved_segment_is_there_for_others(own: Workbench) -> None:
    saved = own.save(Segment("Saved for others", as_group(GERMANS), "why"))
    assert own.library.segment("saved FOR others") == saved
    assert own.count(in_segment("Saved for others")) == own.count(GERMANS)


def test_a_name_in_use_is_taken_until_it_is_replaced(own: Workbench) -> None:
    own.save(Segment("Taken", as_group(GERMANS)))
    with pytest.raises(NameTaken, match="'Taken'"):
        own.save(Segment("TAKEN", as_group(tag("VIP"))))
    assert own.count(in_segment("Taken")) == own.count(GERMANS)
    own.save(Segment("TAKEN", as_group(tag("VIP"))), replace_saved=True)
    assert own.count(in_segment("Taken")) == own.count(tag("VIP"))


def test_wrong_rules_are_not_saved(own: Workbench) -> None:
    with pytest.raises(RuleError, match="contry"):
        own.save(Segment("Wrong", as_group(field("contry").is_any_of("DE"))))
    with pytest.raises(NotSaved):
        own.library.segment("Wrong")


def test_a_loop_of_references_is_refused_and_nothing_changes(own: Workbench) -> None:
    first = own.save(Segment("First", as_group(GERMANS)))
    own.save(Segment("Second", as_group(in_segment("First"))))
    with pytest.raises(RuleError, match="loop: 'First' → 'Second' → 'First'"):
        own.save(Segment("First", as_group(in_segment("Second"))), replace_saved=True)
    assert own.library.segment("First") == first
    assert own.count(in_segment("Second")) == own.count(GERMANS)
