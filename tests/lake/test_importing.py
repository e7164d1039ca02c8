from __future__ import annotations

import json
from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segbench.errors import ImportRefused, LakeError
from segbench.lake import importing
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake

CONTACTS = "Contact ID,Country,Lead Score,ZIP\nann,DE,1.5,01067\nbob, ,2,80331\ncem,FR,,10115\n"


def rows(lake, sql):
    with lake.snapshot() as snapshot:
        return snapshot.rows(sql)


def test_contacts_tags_and_events_become_one_snapshot(lake, write):
    steps: list[str] = []
    report = import_files(
        lake,
        contacts=write("c.csv", CONTACTS),
        tags=write("t.csv", "contact_id,tag\nann,vip\nann,vip\nbob,new\n"),
        events=write("e.csv", "contact_id,event,at,amount\nann,order,2024-05-01 12:00,9.5\n"),
        progress=steps.append,
    )
    assert (report.added, report.tags_added, report.events_added) == (3, 2, 1)
    assert report.rejected == ()
    assert report.snapshot == lake.snapshots()[-1].id == 2
    assert rows(lake, "FROM contacts ORDER BY ordinal") == [
        (0, "ann", "DE", 1.5, "01067"),
        (1, "bob", None, 2.0, "80331"),
        (2, "cem", "FR", None, "10115"),
    ]
    assert rows(lake, "FROM events") == [(0, "order", datetime(2024, 5, 1, 12), 9.5)]
    assert report.types["contacts"] == {"country": "text", "lead_score": "number", "zip": "text"}
    assert report.mapping["contacts"]["key"] == "Contact ID"
    assert report.renamed["contacts"]["Lead Score"] == "lead_score"
    assert steps[-1] == "writing"
    assert json.loads(json.dumps(report.summary()))["rejected"] == 0


def test_parquet_keeps_its_types(lake, tmp_path):
    contacts = pa.table(
        {
            "id": [7, 8],
            "joined": pa.array([datetime(2024, 1, 1), None], pa.timestamp("ns")),
            "seen": pa.array([datetime(2024, 7, 1, 12)] * 2, pa.timestamp("us", "Europe/Berlin")),
            "code": ["1", "2"],
            "n": pa.array([1, None], pa.int32()),
            "x": [float("nan"), 2.5],
            "ok": [True, None],
            "born": [date(2000, 2, 29), None],
        }
    )
    pq.write_table(contacts, tmp_path / "c.parquet")
    report = import_files(lake, contacts=tmp_path / "c.parquet", time_zone="Europe/Berlin")
    assert report.types["contacts"] == {
        "joined": "datetime",
        "seen": "datetime",
        "code": "text",
        "n": "number",
        "x": "number",
        "ok": "boolean",
        "born": "date",
    }
    assert rows(lake, "FROM contacts ORDER BY ordinal")[0] == (
        0,
        "7",
        datetime(2023, 12, 31, 23),
        datetime(2024, 7, 1, 12),
        "1",
        1,
        None,
        True,
        date(2000, 2, 29),
    )


def test_importing_the_same_files_twice_changes_nothing(lake, write):
    files = {
        "contacts": write("c.csv", CONTACTS),
        "tags": write("t.csv", "key,tag\nann,vip\n"),
        "events": write(
            "e.csv",
            "key,event,at,amount,url\nann,order,2024-05-01,9.5,\nann,order,2024-05-01,9.5,\n"
            "ann,open,2024-05-01,,/x\n",
        ),
    }
    first = import_files(lake, **files)
    assert (first.events_added, first.already_there) == (3, 0)
    again = import_files(lake, **files)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 3)
    assert (again.tags_added, again.events_added, again.already_there) == (0, 0, 3)
    assert again.snapshot is None
    assert len(lake.snapshots()) == 2


def test_an_update_keeps_the_other_fields_and_adds_new_ones(lake, write):
    import_files(lake, contacts=write("c.csv", CONTACTS))
    report = import_files(
        lake, contacts=write("d.csv", "contact_id,country,city\nbob,IT,Rome\nann,,\ndee,ES,Jaén\n")
    )
    assert (report.added, report.updated, report.unchanged) == (1, 2, 0)
    assert rows(lake, "FROM contacts ORDER BY ordinal") == [
        (0, "ann", None, 1.5, "01067", None),
        (1, "bob", "IT", 2.0, "80331", "Rome"),
        (2, "cem", "FR", None, "10115", None),
        (3, "dee", "ES", None, None, "Jaén"),
    ]


def test_ordinals_stay_dense_over_several_imports(lake, write):
    for start in (0, 5, 20):
        keys = "\n".join(f"k{n}" for n in range(start, start + 10))
        import_files(
            lake, contacts=write("c.csv", f"id,x\n{keys.replace(chr(10), ',1' + chr(10))},1\n")
        )
    found = [row[0] for row in rows(lake, "SELECT ordinal FROM contacts ORDER BY ordinal")]
    assert found == list(range(25))


def test_whole_numbers_in_the_lake_make_room_for_real_ones(lake, write):
    import_files(lake, contacts=write("c.csv", "id,n,s\na,1,x\nb,2,y\n"))
    import_files(lake, contacts=write("d.csv", "id,n\nb,2.5\n"))
    assert rows(lake, "FROM contacts ORDER BY ordinal") == [(0, "a", 1.0, "x"), (1, "b", 2.5, "y")]
    big = 9007199254740993
    import_files(lake, contacts=write("e.csv", f"id,big\na,{big}\n"))
    assert rows(lake, "SELECT big FROM contacts WHERE key = 'a'") == [(big,)]


def test_a_type_that_conflicts_with_the_lake_is_refused_and_names_both(lake, write):
    import_files(lake, contacts=write("c.csv", "id,score,zip\na,1,01067\n"))
    with pytest.raises(
        ImportRefused, match=r"'score'.* is text, but 'score' is number in the lake"
    ):
        import_files(lake, contacts=write("d.csv", "id,score\na,high\n"))
    report = import_files(lake, contacts=write("e.csv", "id,zip\na,10115\n"))
    assert report.types["contacts"] == {"zip": "text"}, "digits fit where the lake has text"
    with pytest.raises(ImportRefused, match="is number, but 'zip' is text"):
        import_files(lake, contacts=tmp(write), mapping={"types": {"zip": "number"}})
    assert len(lake.snapshots()) == 3


def tmp(write):
    return write("f.csv", "id,zip\na,10115\n")


def test_a_dry_run_reports_and_writes_nothing(lake, write):
    report = import_files(lake, contacts=write("c.csv", CONTACTS), dry_run=True)
    assert (report.added, report.snapshot, report.dry_run) == (3, None, True)
    assert len(lake.snapshots()) == 1


def test_strict_refuses_any_reject_and_writes_nothing(lake, write):
    path = write("c.csv", "id,x\na,1\n,2\na,3\n")
    with pytest.raises(ImportRefused) as caught:
        import_files(lake, contacts=path, strict=True)
    assert "2 rows were rejected (1 x missing key, 1 x repeated key)" in str(caught.value)
    assert "c.csv row 2: missing key" in str(caught.value)
    assert len(lake.snapshots()) == 1


def test_a_failed_write_leaves_the_lake_as_it_was(lake, write, monkeypatch):
    import_files(lake, contacts=write("c.csv", CONTACTS))

    def broken(cursor, *rest):
        cursor.execute("DELETE FROM lake.contacts")
        raise RuntimeError("power cut")

    monkeypatch.setattr(importing, "write_changes", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        import_files(lake, contacts=write("d.csv", "id,country\nnew,DE\n"))
    assert rows(lake, "SELECT count(*) FROM contacts") == [(3,)]
    assert len(lake.snapshots()) == 2


def test_a_lake_that_changed_meanwhile_is_not_overwritten(lake, write, monkeypatch):
    contacts = write("c.csv", CONTACTS)
    real = importing.write_changes

    def late(*given):
        monkeypatch.setattr(importing, "write_changes", real)
        with Lake.open(lake.path) as other:
            import_files(other, contacts=write("o.csv", "id,country\nother,DE\n"))
        return real(*given)

    monkeypatch.setattr(importing, "write_changes", late)
    with pytest.raises(LakeError, match="try again"):
        import_files(lake, contacts=contacts)
    assert rows(lake, "SELECT ordinal, key FROM contacts") == [(0, "other")]


def test_events_of_contacts_already_in_the_lake_are_taken(lake, write):
    import_files(lake, contacts=write("c.csv", CONTACTS))
    report = import_files(lake, events=write("e.csv", "contact_id;event;at\nbob;open;2024-05-01\n"))
    assert report.events_added == 1
    assert rows(lake, "SELECT ordinal, event FROM events") == [(1, "open")]


def test_several_tags_in_one_cell_are_split(lake, write):
    import_files(
        lake,
        contacts=write("c.csv", CONTACTS),
        tags=write("t.csv", "key,tags\nann,a | b||a\nbob,b\n"),
        tag_separator="|",
    )
    assert rows(lake, "SELECT ordinal, tag FROM tags ORDER BY ALL") == [
        (0, "a"),
        (0, "b"),
        (1, "b"),
    ]


def test_hostile_names_and_values_are_only_text(lake, write):
    bad = "'; DROP TABLE contacts; --"
    path = write("c.csv", f'id,"{bad}","a""b"\n"{bad}","{bad}",=cmd\n{bad},x,y\n')
    report = import_files(lake, contacts=path, mapping={"contacts": {"fields": {bad: bad}}})
    assert rows(lake, "FROM contacts") == [(0, bad, bad, "=cmd")]
    assert report.reasons == {"repeated key": 1}
    assert lake.snapshot().catalog().field(bad).known == 1


def test_nothing_to_import_and_unknown_zones_are_refused(lake, write):
    with pytest.raises(ImportRefused, match="Nothing to import"):
        import_files(lake)
    with pytest.raises(ImportRefused, match="no time zone 'Mars'"):
        import_files(lake, contacts=write("c.csv", CONTACTS), time_zone="Mars")
    with pytest.raises(ImportRefused, match="There is no file"):
        import_files(lake, contacts=lake.path / "none.csv")
