"""Sync in full: the source is the truth, nothing is lost by mistake, nothing is done twice."""

from __future__ import annotations

import datetime as dt
import json
from datetime import datetime

import ibis
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segbench.errors import ImportRefused
from segbench.lake.importing import import_files
from segbench.lake.syncing import sync

NOW = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)


def frame(**columns):
    return pd.DataFrame(columns)


def follow(lake, *source, **options):
    return sync(lake, *source, now=NOW, **options)


def rows(lake, sql):
    with lake.snapshot() as snapshot:
        return snapshot.rows(sql)


def by_key(lake, columns="*"):
    return {row[0]: row[1:] for row in rows(lake, f"SELECT key, {columns} FROM contacts")}


def tagged(lake):
    return sorted(rows(lake, "SELECT key, tag FROM tags JOIN contacts USING (ordinal)"))


PEOPLE = frame(id=list("abcdef"), country=["DE", "FR", None, "DE", "ES", "IT"])
LABELS = frame(id=list("aabf"), tag=["x", "y", "x", "z"])
DAY, NEXT = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-02")
DOINGS = frame(id=list("abbff"), event=["o"] * 5, at=[DAY, DAY, DAY, NEXT, NEXT], n=[1, 2, 2, 3, 4])


def test_what_the_source_has_no_more_is_deleted_and_ordinals_stay_dense(lake):
    follow(lake, PEOPLE, tags=LABELS, events=DOINGS)
    left = PEOPLE[PEOPLE.id.isin(list("aef"))]
    report = follow(lake, left, tags=LABELS[LABELS.id != "b"], events=DOINGS[DOINGS.id != "b"])
    assert (report.deleted, report.added, report.updated, report.unchanged) == (3, 0, 0, 3)
    # What went with its contact is not counted again.
    assert (report.tags_removed, report.events_removed, report.reasons) == (0, 0, {})
    assert rows(lake, "SELECT ordinal, key FROM contacts ORDER BY ordinal") == [
        *((0, "a"), (1, "e"), (2, "f"))
    ]
    assert tagged(lake) == [("a", "x"), ("a", "y"), ("f", "z")]
    assert rows(lake, "SELECT ordinal, n FROM events ORDER BY n") == [(0, 1), (2, 3), (2, 4)]
    assert lake.snapshots()[-1].message == "synced tables"


def test_only_contacts_that_move_are_written_again(lake):
    people = frame(id=[f"c{n:03}" for n in range(100)], n=range(100))
    follow(lake, people, tags=frame(id=people.id, tag="t"))
    before = dict(rows(lake, "SELECT key, ordinal FROM contacts"))
    follow(lake, people.drop([10, 20, 99]), tags=frame(id=people.id.drop([10, 20, 99]), tag="t"))
    after = dict(rows(lake, "SELECT key, ordinal FROM contacts"))
    moved = {key: place for key, place in after.items() if before[key] != place}
    assert moved == {"c097": 10, "c098": 20}
    assert rows(lake, "SELECT count(*), count(DISTINCT ordinal), max(ordinal) FROM tags") == [
        (97, 97, 96)
    ]


def test_new_contacts_take_the_places_of_deleted_ones(lake):
    follow(lake, frame(id=list("abc")))
    follow(lake, frame(id=list("acxyz")))
    assert rows(lake, "SELECT ordinal, key FROM contacts ORDER BY ordinal") == [
        *((0, "a"), (1, "x"), (2, "c"), (3, "y"), (4, "z"))
    ]


def test_the_same_source_twice_makes_one_snapshot(lake):
    first = follow(lake, PEOPLE, tags=LABELS, events=DOINGS)
    again = follow(lake, PEOPLE, tags=LABELS, events=DOINGS)
    assert (first.snapshot, again.snapshot) == (2, None)
    assert (again.unchanged, again.added, again.updated, again.deleted) == (6, 0, 0, 0)
    assert len(lake.snapshots()) == 2
    assert json.loads(json.dumps(again.summary()))["rejected"] == 0


def test_equal_events_are_kept_as_often_as_the_source_has_them(lake):
    follow(lake, PEOPLE, events=DOINGS)
    twins = "SELECT count(*) FROM events WHERE n = 2"
    assert rows(lake, twins) == [(2,)]
    assert follow(lake, PEOPLE, events=DOINGS.drop(2)).events_removed == 1
    assert rows(lake, twins) == [(1,)]
    assert follow(lake, PEOPLE, events=pd.concat([DOINGS, DOINGS.loc[[1]]])).events_added == 2
    assert rows(lake, twins) == [(3,)]


def test_tables_that_the_source_lacks_stay_as_they_are(lake):
    follow(lake, PEOPLE, tags=LABELS, events=DOINGS)
    report = follow(lake, PEOPLE, tags=LABELS[:1])
    assert (report.tags_removed, report.events_removed) == (3, 0)
    assert rows(lake, "SELECT count(*) FROM events") == [(5,)]
    assert follow(lake, tags=LABELS).tags_added == 3


def test_a_tag_has_the_time_that_the_source_says(lake):
    people = frame(id=["a"])
    follow(lake, people, tags=frame(id=["a"], tag=["x"], at=[NEXT]))
    assert follow(lake, people, tags=frame(id=["a"], tag=["x"], at=[DAY])).tags_retimed == 1
    assert rows(lake, 'SELECT "at" FROM tags') == [(datetime(2024, 1, 1),)]
    assert follow(lake, people, tags=frame(id=["a"], tag=["x"])).snapshot is None


def test_a_contact_whose_row_is_rejected_loses_nothing(lake, tmp_path):
    folder = tmp_path / "crm"
    folder.mkdir()
    many = "".join(f"k{n},{n},2024-01-01\n" for n in range(50))
    header, tags = "id,score,born\n", "id,tag,at\na,x,2024-01-01\nb,y,2024-01-01\n"
    (folder / "contacts.csv").write_text(f"{header}a,1,2024-01-01\nb,2,2024-01-01\n{many}")
    (folder / "tags.csv").write_text(tags)
    follow(lake, folder)
    (folder / "contacts.csv").write_text(f"{header}a,oops,2024-01-01\n{many}")
    (folder / "tags.csv").write_text("id,tag,at\na,x,some day\n" + "k1,z,2024-01-01\n" * 50)
    report = follow(lake, folder)
    assert report.reasons == {"not a time": 1, "score is not a number": 1}
    assert report.deleted == 1
    assert by_key(lake, "score")["a"] == (1,)
    assert tagged(lake) == [("a", "x"), ("k1", "z")]
    with pytest.raises(ImportRefused, match="2 rows were rejected"):
        follow(lake, folder, strict=True)


def test_nothing_is_deleted_while_a_row_may_be_anybodys(lake, tmp_path):
    folder = tmp_path / "crm"
    folder.mkdir()
    (folder / "contacts.csv").write_text("name,id\nAnn,a\nBob,b\nCem,c\n")
    follow(lake, folder)
    (folder / "contacts.csv").write_text("name,id\nAnn,a\nBob\n")
    report = follow(lake, folder)
    assert (report.deleted, report.spared) == (0, ("contacts",))
    (folder / "contacts.csv").write_text("name,id\nAnn,a\nBob,b\n")
    assert follow(lake, folder).deleted == 1


def test_an_empty_table_deletes_nothing_unless_it_is_allowed(lake):
    follow(lake, PEOPLE, tags=LABELS)
    with pytest.raises(ImportRefused, match=r"contacts has no rows, and the lake has 6 contacts"):
        follow(lake, PEOPLE[:0])
    with pytest.raises(ImportRefused, match=r"tags has no rows, and the lake has 4 tags"):
        follow(lake, PEOPLE, tags=LABELS[:0])
    assert follow(lake, PEOPLE[:0], allow_empty=True).deleted == 6
    assert rows(lake, "SELECT count(*) FROM contacts") == [(0,)]
    assert follow(lake, PEOPLE).added == 6


def test_a_dry_run_says_it_and_writes_nothing(lake):
    follow(lake, PEOPLE)
    report = follow(lake, PEOPLE[1:], dry_run=True)
    assert (report.deleted, report.snapshot, report.dry_run) == (1, None, True)
    assert len(lake.snapshots()) == 2


def test_a_column_that_is_new_is_added(lake):
    follow(lake, PEOPLE)
    report = follow(lake, PEOPLE.assign(n=range(6), vip=True))
    assert report.new_columns == {"contacts": {"n": "whole number", "vip": "boolean"}}
    assert by_key(lake, "n, vip")["f"] == (5, True)


def test_a_column_that_vanished_refuses_the_sync_until_somebody_says(lake):
    follow(lake, PEOPLE.assign(n=1))
    with pytest.raises(ImportRefused, match=r"for 'n', .*--drop-columns.*--keep-columns"):
        follow(lake, PEOPLE)
    report = follow(lake, PEOPLE[:5], drop_columns=False)
    assert report.kept == {"contacts": ("n",)}
    assert by_key(lake, "n")["a"] == (1,)
    assert follow(lake, PEOPLE[:5]).kept == {"contacts": ("n",)}
    report = follow(lake, PEOPLE[:5], drop_columns=True)
    assert report.dropped == {"contacts": ("n",)}
    assert rows(lake, "DESCRIBE contacts")[-1][0] == "country"
    assert follow(lake, PEOPLE[:5]).snapshot is None


def test_a_column_that_came_from_elsewhere_is_nobodys_to_drop(lake, write):
    follow(lake, PEOPLE)
    import_files(lake, contacts=write("c.csv", "id,note\na,hello\n"))
    report = follow(lake, PEOPLE, drop_columns=True)
    assert (report.dropped, report.snapshot) == ({}, None)
    assert by_key(lake, "note")["a"] == ("hello",)


def test_a_property_that_vanished_is_dropped_or_kept_with_its_values(lake):
    follow(lake, PEOPLE, events=DOINGS)
    with pytest.raises(ImportRefused, match="'n'"):
        follow(lake, PEOPLE, events=DOINGS.drop(columns="n"))
    report = follow(lake, PEOPLE, events=DOINGS.drop(columns="n"), drop_columns=False)
    assert (report.events_added, report.events_removed) == (0, 0)
    assert rows(lake, "SELECT sum(n) FROM events") == [(12,)]
    follow(lake, PEOPLE, events=DOINGS.drop(columns="n"), drop_columns=True)
    assert rows(lake, "SELECT * EXCLUDE (ordinal) FROM events LIMIT 1") == [
        ("o", datetime(2024, 1, 1))
    ]


def test_whole_numbers_get_fractions_unless_one_would_be_rounded(lake):
    people = frame(id=["a", "b"], n=[1, 2])
    follow(lake, people)
    report = follow(lake, people.assign(n=[1.5, 2]))
    assert report.retyped == {"contacts": {"n": ("whole number", "number")}}
    assert by_key(lake, "n") == {"a": (1.5,), "b": (2.0,)}
    assert follow(lake, people).updated == 1


def test_floats_that_are_whole_stay_whole_numbers_in_the_lake(lake):
    follow(lake, frame(id=["a", "b"], n=[1, 2]))
    report = follow(lake, frame(id=["a", "b"], n=[None, 3]))
    assert (report.retyped, report.updated) == ({}, 2)
    assert by_key(lake, "n, typeof(n)") == {"a": (None, "BIGINT"), "b": (3, "BIGINT")}


def test_a_whole_number_too_long_for_a_fraction_refuses_one(lake):
    people = frame(id=["a", "b"], n=[2**53 + 1, 2])
    follow(lake, people)
    with pytest.raises(ImportRefused, match=r"'n' .* would be rounded .*--retype"):
        follow(lake, people.assign(n=[1.5, 2]))
    follow(lake, people.assign(n=[1.5, 2]), retype=True)
    assert by_key(lake, "n") == {"a": (1.5,), "b": (2.0,)}


def test_another_type_is_refused_with_both_types_and_the_way_out(lake):
    follow(lake, PEOPLE)
    numbers = PEOPLE.assign(country=[1, 2, 3, 4, 5, 6])
    with pytest.raises(ImportRefused, match=r"'country' of contacts is number, .* text .*--retype"):
        follow(lake, numbers)
    report = follow(lake, numbers, retype=True)
    assert report.retyped == {"contacts": {"country": ("text", "whole number")}}
    assert by_key(lake, "country")["f"] == (6,)
    assert follow(lake, numbers).snapshot is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([True, False], ["true", "x"]),
        (["1", "2"], [1, 2]),
        (["2024-01-01", "2024-05-05"], [dt.date(2024, 1, 1), dt.date(2024, 5, 6)]),
        ([["a"], ["b", "c"]], ["a", "b;c"]),
        (["a", None], [["a"], ["b"]]),
        ([1.5, 2.0], ["1.5", "z"]),
    ],
)
def test_a_retyped_column_has_what_the_source_has(lake, old, new):
    follow(lake, frame(id=["a", "b"], v=old))
    report = follow(lake, frame(id=["a", "b"], v=new), retype=True)
    found = by_key(lake, "v")
    assert [found["a"][0], found["b"][0]] == new
    assert list(report.retyped["contacts"]) == ["v"]
    assert follow(lake, frame(id=["a", "b"], v=new)).snapshot is None


def test_a_retyped_property_rewrites_the_events(lake):
    follow(lake, PEOPLE, events=DOINGS)
    report = follow(lake, PEOPLE, events=DOINGS.assign(n=list("12234")), retype=True)
    # "1" is what 1 becomes, so that every event is there already.
    assert (report.events_added, report.events_removed) == (0, 0)
    assert rows(lake, "SELECT DISTINCT n FROM events ORDER BY n") == [
        *(("1",), ("2",), ("3",), ("4",))
    ]


def test_a_column_without_values_may_become_anything(lake):
    follow(lake, frame(id=["a"], v=pd.Series([None], dtype=object)))
    assert follow(lake, frame(id=["a"], v=[7])).retyped == {
        "contacts": {"v": ("text", "whole number")}
    }
    assert by_key(lake, "v") == {"a": (7,)}


def test_rows_marked_as_deleted_are_not_there(lake):
    marked = PEOPLE.assign(gone=[None, "yes", "0", "2024-01-01", " ", "f"])
    follow(lake, marked, deleted="gone")
    assert sorted(by_key(lake)) == ["a", "c", "e", "f"]
    assert by_key(lake, "country")["a"] == ("DE",)
    with pytest.raises(ImportRefused, match='cannot mark what is deleted: it holds "perhaps"'):
        follow(lake, PEOPLE.assign(gone="perhaps"), deleted="gone")


def test_every_kind_of_table_is_read_the_same(lake):
    table = pa.table({"id": ["a", "b"], "n": [1, None], "l": [["x"], []]})
    connection = ibis.duckdb.connect()
    connection.raw_sql("CREATE TABLE t AS SELECT * FROM (VALUES ('a', 1, ['x']), ('b', NULL, []))")
    kinds = [
        table,
        table.to_reader(),
        pl.from_arrow(table),
        table.to_pandas(types_mapper=pd.ArrowDtype),
        connection.table("t").rename(id="col0", n="col1", l="col2"),
        ibis.memtable(table).mutate(n=ibis._.n + 0),
    ]
    for number, kind in enumerate(kinds):
        report = follow(lake, kind)
        assert (report.snapshot is None) == (number > 0), type(kind)
    assert by_key(lake, "n, l") == {"a": (1, ["x"]), "b": (None, None)}


def test_what_is_no_source_is_said(lake, tmp_path):
    for source, says in (
        ({"a": 1}, "The contacts are a dict; give a DataFrame"),
        (None, "Nothing to sync"),
        (tmp_path / "missing", "is no folder: nothing is there"),
        (tmp_path, "has no CSV or Parquet files named contacts"),
        (pa.table([pa.array(["a"]), pa.array(["b"])], names=["id", "id"]), "more than once"),
        (frame(name=["a"]), "No column of contacts looks like the key"),
        (pa.table({"id": ["a"], "b": [b"x"]}), "type BLOB, which a lake does not store"),
    ):
        with pytest.raises(ImportRefused, match=says):
            follow(lake, source)
    with pytest.raises(ImportRefused, match="A folder has its own files"):
        follow(lake, tmp_path, contacts="people")
    with pytest.raises(ImportRefused, match="contacts are given twice"):
        follow(lake, PEOPLE, contacts=PEOPLE)
    assert len(lake.snapshots()) == 1


def test_several_files_make_one_table(lake, tmp_path):
    folder = tmp_path / "crm"
    (folder / "events").mkdir(parents=True)
    (folder / "contacts-1.csv").write_text("id,n\na,1\n\nb,oops\n" + "x,1\n" * 1)
    (folder / "contacts-2.csv").write_text(
        "m;id;n\nu;c;3\nv;a;4\nw;d\n" + "".join(f"w;k{n};{n}\n" for n in range(40))
    )
    pq.write_table(
        pa.table({"id": ["a"], "event": ["o"], "at": [DAY]}), folder / "events" / "1.parquet"
    )
    pq.write_table(
        pa.table({"id": ["c"], "event": ["o"], "at": [DAY], "x": [1.5]}), folder / "events" / "2.pq"
    )
    report = follow(lake, folder)
    assert [(each.file, each.row, each.reason) for each in report.rejected] == [
        ("contacts-1.csv", 2, "n: 'oops' is not a number"),
        ("contacts-2.csv", 2, "key 'a' is already on row 1 of contacts-1.csv"),
        ("contacts-2.csv", 3, "malformed line: 2 values where the header has 3 columns"),
    ]
    assert by_key(lake, "n, m")["c"] == (3, "u")
    assert rows(lake, "SELECT x FROM events ORDER BY x") == [(1.5,), (None,)]
    assert report.source == str(folder.resolve())
    (folder / "contacts-3.parquet").write_bytes((folder / "events" / "1.parquet").read_bytes())
    with pytest.raises(ImportRefused, match="of two formats"):
        follow(lake, folder)
