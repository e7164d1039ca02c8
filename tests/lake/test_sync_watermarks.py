"""Watermarks: what is read again, what holds a mark back, and what a full sync does to it."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
import pytest

from segbench.errors import ImportRefused
from segbench.lake.syncing import sync
from segbench.lake.tables import Notes

NOW = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)
MONTH = "2026-10-{:02}"


def people(*rows, **more):
    """Contacts from (key, n, day of their last change)."""
    ids, numbers, days = zip(*rows, strict=True) if rows else ((), (), ())
    times = pd.to_datetime([MONTH.format(day) for day in days])
    return pd.DataFrame({"id": list(ids), "n": list(numbers), "updated_at": times, **more})


def follow(lake, contacts=None, **options):
    return sync(lake, contacts, now=NOW, **{"watermark": "updated_at", **options})


def rows(lake, sql):
    with lake.snapshot() as snapshot:
        return snapshot.rows(sql)


def numbers(lake):
    return dict(rows(lake, "SELECT key, n FROM contacts"))


def test_rows_below_the_mark_are_not_read(lake):
    follow(lake, people(("a", 1, 1), ("b", 2, 5)))
    report = follow(lake, people(("a", 10, 1), ("b", 20, 5), ("c", 30, 6)))
    # Equal to the mark is read again: it may be of the same moment as the last one read.
    assert numbers(lake) == {"a": 1, "b": 20, "c": 30}
    assert (report.added, report.updated) == (1, 1)
    assert report.watermarks == {"contacts": "2026-10-06 00:00:00"}


def test_what_is_not_read_is_not_deleted(lake):
    follow(lake, people(("a", 1, 1), ("b", 2, 5)))
    assert follow(lake, people(("b", 3, 6))).deleted == 0
    assert follow(lake, people()).snapshot is None
    assert numbers(lake) == {"a": 1, "b": 3}


def test_an_overlap_reads_what_came_late(lake):
    follow(lake, people(("b", 2, 5)))
    late = people(("a", 1, 3), ("b", 2, 5))
    assert follow(lake, late).added == 0
    assert follow(lake, late, overlap=dt.timedelta(days=1)).added == 0
    assert follow(lake, late, overlap=dt.timedelta(days=2)).added == 1


def test_rows_without_a_mark_are_always_read(lake):
    table = people(("a", 1, 1), ("b", 2, 5))
    table.loc[0, "updated_at"] = None
    follow(lake, table)
    assert follow(lake, table.assign(n=[7, 2])).updated == 1


def test_the_mark_stays_at_the_present_where_a_source_is_ahead(lake):
    follow(lake, people(("a", 1, 1)).assign(updated_at=pd.Timestamp("2099-01-01")))
    assert follow(lake, people(("a", 1, 1), ("b", 2, 5))).added == 0
    table = people(("a", 1, 1), ("b", 2, 5)).assign(updated_at=pd.Timestamp("2026-11-03 12:00"))
    assert follow(lake, table).added == 1


def test_a_rejected_row_holds_the_mark_back_until_it_is_right(lake, tmp_path):
    folder = tmp_path / "crm"
    folder.mkdir()

    def written(score):
        lines = [f"k{n},{n},2026-10-{n % 9 + 10}" for n in range(40)]
        lines += [f"bad,{score},2026-10-05", "last,1,2026-10-30"]
        (folder / "contacts.csv").write_text("id,score,updated_at\n" + "\n".join(lines) + "\n")

    written("oops")
    assert follow(lake, folder).watermarks == {"contacts": "2026-10-05 00:00:00 UTC"}
    written(7)
    report = follow(lake, folder)
    assert (report.added, report.reasons) == (1, {})
    assert report.watermarks == {"contacts": "2026-10-30 00:00:00 UTC"}


def test_a_malformed_line_keeps_the_mark_where_it_is(lake, tmp_path):
    folder = tmp_path / "crm"
    folder.mkdir()
    (folder / "contacts.csv").write_text("id,n,updated_at\na,1,2026-10-01\nb,2\nc,3,2026-10-09\n")
    assert follow(lake, folder).watermarks == {}
    (folder / "contacts.csv").write_text("id,n,updated_at\na,1,2026-10-01\nb,2,2026-10-02\n")
    assert follow(lake, folder).added == 1


def test_a_full_sync_deletes_and_moves_the_mark_on(lake):
    follow(lake, people(("a", 1, 1), ("b", 2, 5)))
    report = follow(lake, people(("b", 3, 8)), full=True)
    assert (report.deleted, report.updated) == (1, 1)
    assert report.watermarks == {"contacts": "2026-10-08 00:00:00"}
    assert follow(lake, people(("b", 9, 7))).snapshot is None
    # Without a watermark everything is read too, and the mark stays.
    assert sync(lake, people(("b", 9, 7)), now=NOW).updated == 1
    assert follow(lake, people(("b", 10, 7))).snapshot is None


def test_whole_numbers_are_marks_too(lake):
    def table(*versions):
        return pd.DataFrame({"id": ["a", "b"], "v": list(versions)})

    assert follow(lake, table(7, 9), watermark="v").watermarks == {"contacts": "9"}
    assert follow(lake, table(8, 9), watermark="v").snapshot is None
    assert follow(lake, table(8, 10), watermark="v").updated == 1
    with pytest.raises(ImportRefused, match="An overlap is a time"):
        follow(lake, table(8, 10), watermark="v", overlap=dt.timedelta(hours=1))


def test_another_column_or_source_starts_anew(lake):
    table = people(("a", 1, 1), ("b", 2, 5)).assign(v=[1, 2])
    follow(lake, table)
    assert follow(lake, table.assign(n=[5, 2]), watermark="v").updated == 1
    assert follow(lake, table.assign(n=[6, 2]), name="another").updated == 1


def test_tags_and_events_have_marks_of_their_own(lake):
    tags = pd.DataFrame({"id": ["a"], "tag": ["x"], "changed": pd.to_datetime(["2026-10-01"])})
    events = pd.DataFrame({"id": ["a"], "event": ["o"], "at": pd.to_datetime(["2026-10-02"])})
    marks = {"contacts": "updated_at", "tags": "changed", "events": "at"}
    table = people(("a", 1, 3))
    report = follow(lake, table, tags=tags, events=events, watermark=marks)
    assert set(report.watermarks) == set(marks)
    assert report.whole == ()
    report = follow(lake, table, tags=tags[:0], events=events[:0], watermark=marks)
    assert (report.tags_removed, report.events_removed, report.snapshot) == (0, 0, None)
    # A tag marked as deleted goes; one given again stays.
    marked = pd.concat([tags, tags.assign(tag="y")]).assign(off=[True, False])
    report = follow(lake, tags=marked, watermark={"tags": "changed"}, deleted="off")
    assert (report.tags_added, report.tags_removed) == (1, 1)
    gone = events.assign(off=True)
    assert follow(lake, events=gone, watermark={"events": "at"}, deleted="off").events_removed == 1


def test_tags_without_the_column_are_read_as_a_whole(lake):
    tags = pd.DataFrame({"id": ["a", "a"], "tag": ["x", "y"]})
    assert follow(lake, people(("a", 1, 1)), tags=tags).whole == ("tags",)
    assert follow(lake, people(("a", 1, 1)), tags=tags[:1]).tags_removed == 1


def test_an_ibis_table_leaves_out_what_was_read(lake, monkeypatch):
    connection = ibis.duckdb.connect()
    connection.raw_sql(
        "CREATE TABLE people (id VARCHAR, n INT, updated_at TIMESTAMPTZ); "
        "INSERT INTO people VALUES ('a', 1, '2026-10-01 00:00:00Z'), "
        "('b', 2, '2026-10-05 00:00:00Z'), ('c', 3, NULL); "
        'CREATE TABLE visits (id VARCHAR, event VARCHAR, "at" DATE); '
        "INSERT INTO visits VALUES ('a', 'o', '2026-10-01'), ('new', 'o', '2026-09-01'), "
        "('b', 'o', '2026-10-02')"
    )
    given = []
    read = ibis.expr.types.Table.to_pyarrow_batches

    def noted(table, **options):
        given.append(table.count().execute())
        return read(table, **options)

    monkeypatch.setattr(ibis.expr.types.Table, "to_pyarrow_batches", noted)
    tables = {"contacts": connection.table("people"), "events": connection.table("visits")}
    report = follow(lake, **tables)
    assert (report.added, report.events_added, report.source) == (3, 2, "tables")
    assert follow(lake, **tables).snapshot is None
    connection.raw_sql("INSERT INTO people VALUES ('new', 4, TIMESTAMPTZ '2026-10-06 00:00:00Z')")
    report = follow(lake, **tables)
    assert (report.added, report.events_added) == (1, 1)
    assert given == [3, 3, 2, 1, 3, 2]


def test_a_load_of_other_contacts_forgets_the_marks(lake, batch):
    follow(lake, people(("a", 1, 1), ("b", 2, 5)))
    lake.load([batch({"key": ["z"]})], Notes())
    assert follow(lake, people(("a", 1, 1), ("b", 2, 5))).added == 2


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("updated", r"no column 'updated' for the watermark; did you mean 'updated_at'"),
        ("id", r"'id' of contacts cannot be a watermark"),
        ({"people": "updated_at"}, r"'people' is for no table of this source"),
        ({"contacts": "nope"}, r"no column 'nope' for the watermark"),
    ],
)
def test_what_is_no_watermark_is_said(lake, column, says):
    with pytest.raises(ImportRefused, match=says):
        follow(lake, people(("a", 1, 1)), watermark=column)
    assert len(lake.snapshots()) == 1


def test_a_type_that_loses_values_below_the_mark_is_refused(lake):
    table = people(("a", "x", 1), ("b", "2", 5))
    follow(lake, table)
    with pytest.raises(ImportRefused, match=r"1 values of 'n' .* sync in full"):
        follow(lake, people(("b", 3, 6)), retype=True)
    follow(lake, people(("a", 1, 6), ("b", 3, 6)), retype=True)
    assert numbers(lake) == {"a": 1, "b": 3}
