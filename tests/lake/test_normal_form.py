"""Texts are stored in Unicode normal form C, in which rules ask for them; keys stay as they are."""

from __future__ import annotations

import unicodedata
from datetime import datetime

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from segbench.lake.columns import normalised
from segbench.lake.importing import import_files
from segbench.lake.tables import Notes
from segbench.plan.atoms import trimmed

APART, WHOLE = "cafe\u0301", "caf\u00e9"
MARKS = [*"eoA \t\x00ß각", *map(chr, (0x301, 0x308, 0x323, 0x1100, 0x1161, 0x11A7, 0x11A8, 0x212B))]


@pytest.fixture(scope="module")
def database():
    with duckdb.connect() as connection:
        yield connection


def rows(lake, sql):
    with lake.snapshot() as snapshot:
        return snapshot.rows(sql)


@given(st.lists(st.text(max_size=20) | st.text(st.sampled_from(MARKS)), min_size=1, max_size=20))
@example(["\x00é", "으\u11a7", "으\x00\u11a8", "\u11a7\u11a7", " \x00 ", "e\x00\u0301"])
def test_the_lake_and_the_rules_normalise_alike(database, texts):
    found = database.execute(f"SELECT {normalised('x')} FROM (SELECT unnest(?) AS x)", [texts])
    assert [row[0] for row in found.fetchall()] == [trimmed(text) or None for text in texts]


def test_every_character_is_normalised_as_rules_do(database):
    every = [chr(n) for n in range(1, 0x110000) if not 0xD800 <= n <= 0xDFFF]
    apart = [unicodedata.normalize("NFD", char) for char in every]
    for texts in (every, apart):
        database.register("texts", pa.table({"x": texts}))
        found = database.execute(f"SELECT {normalised('x')} FROM texts").fetchall()
        assert [row[0] for row in found] == [trimmed(text) or None for text in texts]


def test_loaded_texts_are_normalised_and_keys_are_not(lake, batch):
    contacts = {"key": [APART, WHOLE], "city": [f" {APART} ", WHOLE], "likes": [[APART], [WHOLE]]}
    now = datetime(2024, 5, 1)
    tags = [(APART, APART), (APART, WHOLE)]
    events = [(WHOLE, APART, now, None, APART)]
    report = lake.load([batch(contacts, tags, events)], Notes())
    assert report.tags == 1
    assert rows(lake, "FROM contacts ORDER BY ordinal") == [
        (0, APART, WHOLE, [WHOLE]),
        (1, WHOLE, WHOLE, [WHOLE]),
    ]
    assert rows(lake, "SELECT ordinal, tag FROM tags") == [(0, WHOLE)]
    assert rows(lake, "SELECT ordinal, event, url FROM events") == [(1, WHOLE, WHOLE)]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_imported_texts_are_normalised_and_keys_are_not(lake, tmp_path, kind):
    tables = {
        "contacts": {"id": [APART, WHOLE], "city": [APART, f"{APART} "], "likes": [APART, "x"]},
        "tags": {"key": [APART], "tag": [APART]},
        "events": {
            "key": [WHOLE],
            "event": [APART],
            "at": ["2024-05-01"],
            "page": [f"{APART}\x00{APART}"],
        },
    }
    files = {}
    for name, columns in tables.items():
        files[name] = tmp_path / f"{name}.{kind}"
        if kind == "parquet":
            pq.write_table(pa.table(columns), files[name])
        else:
            lines = [columns, *zip(*columns.values(), strict=True)]
            files[name].write_text("\n".join(",".join(line) for line in lines), "utf-8")
    for _ in range(2):
        report = import_files(lake, **files, mapping={"types": {"likes": "list"}})
    assert (report.unchanged, report.already_there, report.snapshot) == (2, 1, None)
    assert rows(lake, "FROM contacts ORDER BY ordinal") == [
        (0, APART, WHOLE, [WHOLE]),
        (1, WHOLE, WHOLE, ["x"]),
    ]
    assert rows(lake, "SELECT ordinal, tag FROM tags") == [(0, WHOLE)]
    page = f"{WHOLE}\x00{WHOLE}"
    assert rows(lake, "SELECT ordinal, event, page FROM events") == [(1, WHOLE, page)]


def test_tags_that_are_split_are_normalised(lake, write):
    tags = write("t.csv", f"key,tags\na,{APART}|{WHOLE}|x\n")
    import_files(lake, contacts=write("c.csv", "id\na\n"), tags=tags, tag_separator="|")
    assert rows(lake, "SELECT tag FROM tags ORDER BY tag") == [(WHOLE,), ("x",)]


def test_an_event_of_a_lake_from_before_is_still_the_same_event(lake, write):
    files = {
        "contacts": write("c.csv", "id\na\n"),
        "events": write("e.csv", f"key,event,at,page\na,open,2024-05-01,{APART}\n"),
    }
    import_files(lake, **files)
    old = f"UPDATE lake.events SET page = '{APART}'"
    lake.write(lambda cursor: cursor.execute(old), "aged")
    assert import_files(lake, **files).already_there == 1
