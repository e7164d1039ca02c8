"""When tags were given: the last known time of each, brought in, updated, and never required."""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segbench.errors import ImportRefused, LakeError
from segbench.lake.importing import import_files
from segbench.lake.tables import Batch, Notes

MAY, JUNE, JULY = (datetime(2024, month, 1, 12) for month in (5, 6, 7))
CONTACTS = "id\na\nb\n"


def tags_of(lake, sql='SELECT ordinal, tag, "at" FROM tags ORDER BY ALL'):
    with lake.snapshot() as snapshot:
        return snapshot.rows(sql)


def knows_times(lake):
    with lake.snapshot() as snapshot:
        return snapshot.catalog().tag_times


def timed(rows, kind=None):
    keys, tags, times = zip(*rows, strict=True)
    at = pa.array(times, kind or pa.timestamp("us"))
    return pa.table({"key": keys, "tag": tags, "at": at})


def with_tags(batch, tags, key=("a", "b")):
    plain = batch({"key": list(key)})
    return Batch(plain.contacts, tags, plain.events)


def age(lake):
    """Make the lake one from before tags had times."""
    lake.write(lambda cursor: cursor.execute('ALTER TABLE lake.tags DROP COLUMN "at"'), "aged")


def test_a_tag_is_kept_once_with_the_last_known_time(lake, batch):
    given = [
        ("a", "x", MAY),
        ("a", " x", JULY),
        ("a", "x", None),
        ("a", "x", JUNE),
        ("b", "x", None),
    ]
    report = lake.load([with_tags(batch, timed(given))], Notes())
    assert report.tags == 2
    assert tags_of(lake) == [(0, "x", JULY), (1, "x", None)]
    assert knows_times(lake)


def test_tags_without_times_have_none(lake, batch):
    lake.load([batch({"key": ["a"]}, [("a", "x")])], Notes())
    assert tags_of(lake) == [(0, "x", None)]
    assert not knows_times(lake)


@pytest.mark.parametrize("kind", [pa.timestamp("ns"), pa.timestamp("s"), pa.timestamp("us", "UTC")])
def test_times_may_have_any_precision_and_zone(lake, batch, kind):
    lake.load([with_tags(batch, timed([("a", "x", MAY)], kind))], Notes())
    assert tags_of(lake) == [(0, "x", MAY)]


def test_some_batches_may_know_times_and_others_not(lake, batch):
    nothing = pa.table({"key": ["c", "c"], "tag": ["x", "y"], "at": pa.nulls(2)})
    batches = [
        batch({"key": ["a"]}, [("a", "x")]),
        with_tags(batch, timed([("b", "x", MAY)]), ("b",)),
        with_tags(batch, nothing, ("c",)),
    ]
    lake.load(batches, Notes())
    assert tags_of(lake) == [(0, "x", None), (1, "x", MAY), (2, "x", None), (2, "y", None)]


def test_times_that_are_none_are_refused(lake, batch):
    with pytest.raises(LakeError, match="'at' of tags holds text; it must hold times"):
        lake.load([with_tags(batch, timed([("a", "x", "soon")], pa.string()))], Notes())


def test_a_file_may_say_when_tags_were_given(lake, write):
    report = import_files(
        lake,
        contacts=write("c.csv", CONTACTS),
        tags=write(
            "t.csv", "key,tag,at\na,x,2024-05-01 14:00\na,y,\nb,x,soon\nb,y,2024-06-01T12:00Z\n"
        ),
        time_zone="Europe/Berlin",
    )
    assert tags_of(lake) == [(0, "x", MAY), (0, "y", None), (1, "y", JUNE)]
    assert [(r.row, r.reason) for r in report.rejected] == [(3, "at: 'soon' is not a time")]
    assert report.mapping["tags"] == {"key": "key", "tag": "tag", "at": "at", "skip": []}


def test_the_column_of_times_can_be_mapped_or_skipped(lake, write):
    tags = write("t.csv", "key,tag,date,tagged at\na,x,2024-05-01 12:00,2024-06-01 12:00\n")
    contacts = write("c.csv", CONTACTS)
    skip = {"tags": {"skip": ["tagged at"]}}
    report = import_files(lake, contacts=contacts, tags=tags, mapping=skip)
    assert report.mapping["tags"] == {"key": "key", "tag": "tag", "skip": ["tagged at", "date"]}
    assert tags_of(lake) == [(0, "x", None)]
    import_files(lake, tags=tags, mapping={"tags": {"at": "date"}})
    assert tags_of(lake) == [(0, "x", MAY)]
    import_files(lake, tags=tags)
    assert tags_of(lake) == [(0, "x", JUNE)]


def test_parquet_times_are_taken_and_anything_else_is_refused(lake, tmp_path, write):
    tags = timed([("a", "x", MAY), ("b", "x", None)])
    pq.write_table(tags, tmp_path / "t.parquet")
    import_files(lake, contacts=write("c.csv", CONTACTS), tags=tmp_path / "t.parquet")
    assert tags_of(lake) == [(0, "x", MAY), (1, "x", None)]
    pq.write_table(tags.set_column(2, "at", pa.array([1, 2])), tmp_path / "t.parquet")
    with pytest.raises(ImportRefused, match="'at' has type BIGINT; a time is needed"):
        import_files(lake, tags=tmp_path / "t.parquet")


def test_several_tags_in_one_cell_were_given_at_the_same_time(lake, write):
    tags = write("t.csv", "key,tags,at\na,x|y,2024-05-01 12:00\na,y|z,2024-06-01 12:00\n")
    import_files(lake, contacts=write("c.csv", CONTACTS), tags=tags, tag_separator="|")
    assert tags_of(lake) == [(0, "x", MAY), (0, "y", JUNE), (0, "z", JUNE)]


@pytest.mark.parametrize(
    ("before", "after", "kept", "later"),
    [
        (None, None, None, 0),
        (None, MAY, MAY, 1),
        (MAY, None, MAY, 0),
        (MAY, JUNE, JUNE, 1),
        (JUNE, MAY, JUNE, 0),
        (MAY, MAY, MAY, 0),
    ],
)
def test_an_import_only_ever_makes_a_time_later(lake, batch, write, before, after, kept, later):
    lake.load([with_tags(batch, timed([("a", "x", before), ("b", "x", MAY)]))], Notes())
    history = len(lake.snapshots())
    line = f"a,x,{after or ''}\n"
    report = import_files(lake, tags=write("t.csv", f"key,tag,at\n{line}"))
    assert (report.tags_added, report.tags_later) == (0, later)
    assert (report.snapshot is None) == (later == 0)
    assert len(lake.snapshots()) == history + later
    assert tags_of(lake) == [(0, "x", kept), (1, "x", MAY)]


def test_a_dry_run_counts_later_times_and_writes_none(lake, batch, write):
    lake.load([with_tags(batch, timed([("a", "x", MAY)]))], Notes())
    tags = write("t.csv", "key,tag,at\na,x,2024-06-01\n")
    assert import_files(lake, tags=tags, dry_run=True).summary()["tags_later"] == 1
    assert tags_of(lake) == [(0, "x", MAY)]


def test_a_lake_from_before_times_is_read(lake, batch):
    lake.load([batch({"key": ["a"]}, [("a", "x")])], Notes())
    age(lake)
    assert not knows_times(lake)
    with lake.snapshot() as snapshot:
        tags = snapshot.table("tags")
        assert tags.columns == ("ordinal", "tag", "at")
        assert snapshot.batches(tags).read_all().to_pylist() == [
            {"ordinal": 0, "tag": "x", "at": None}
        ]
        assert snapshot.ordinals(tags.filter(tags["at"] < MAY).select("ordinal")).size == 0


@pytest.mark.parametrize("times", [True, False])
def test_a_lake_from_before_times_takes_more_tags(lake, batch, write, times):
    lake.load([batch({"key": ["a", "b"]}, [("a", "x")])], Notes())
    age(lake)
    old = lake.snapshot()
    files = {True: "key,tag,at\na,x,2024-05-01 12:00\nb,x,\n", False: "key,tag\na,x\nb,x\n"}
    report = import_files(lake, tags=write("t.csv", files[times]))
    assert (report.tags_added, report.tags_later) == (1, int(times))
    assert tags_of(lake) == [(0, "x", MAY if times else None), (1, "x", None)]
    assert knows_times(lake) is times
    assert old.rows("FROM tags") == [(0, "x")]
