"""PostgreSQL as a source: types, moments, watermarks, and what is never printed."""

from __future__ import annotations

import datetime as dt
import traceback
from datetime import date, datetime

import pytest
from postgres import PASSWORD

from segbench.errors import ImportRefused
from segbench.lake import postgres
from segbench.lake.lake import Lake
from segbench.lake.syncing import sync

NOW = dt.datetime(2026, 11, 3, tzinfo=dt.UTC)

SCHEMA = """
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TABLE people (
    id uuid PRIMARY KEY, country text, score int, spent numeric(10,2), mood mood, extra jsonb,
    interests text[], vip boolean, born date, seen timestamptz, woke timestamp,
    updated_at timestamptz NOT NULL, deleted_at timestamptz
);
CREATE TABLE labels (person uuid, label varchar(20), at timestamptz);
CREATE TABLE doings (person uuid, what text, at timestamptz, amount float8);
INSERT INTO people VALUES
    ('00000000-0000-0000-0000-00000000000a', ' DE ', 1, 1.50, 'good', '{"a": 1}', '{x,y}', true,
     '2000-02-29', '2026-10-01 12:00+02', '2026-10-01 12:00', '2026-10-01 00:00+00', NULL),
    ('00000000-0000-0000-0000-00000000000b', NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, '2026-10-02 00:00+00', NULL);
INSERT INTO labels VALUES ('00000000-0000-0000-0000-00000000000a', 'VIP', '2026-10-01 00:00+00');
INSERT INTO doings VALUES ('00000000-0000-0000-0000-00000000000a', 'order', '2026-10-01Z', 5);
"""
A, B, C = (f"00000000-0000-0000-0000-00000000000{each}" for each in "abc")
MAPPING = {
    "tags": {"key": "person", "tag": "label"},
    "events": {"key": "person", "event": "what"},
}
TABLES = {"contacts": "people", "tags": "labels", "events": "doings", "mapping": MAPPING}


@pytest.fixture
def database(postgres_server):
    url = postgres_server.fresh_database()
    postgres_server.run_at(url, SCHEMA)
    return url


@pytest.fixture
def run(postgres_server, database):
    return lambda sql: postgres_server.run_at(database, sql)


def follow(lake, url, **options):
    return sync(lake, url, now=NOW, **{**TABLES, **options})


def rows(lake, sql):
    with lake.snapshot() as snapshot:
        return snapshot.rows(sql)


def keys(lake):
    return [row[0] for row in rows(lake, "SELECT key FROM contacts ORDER BY key")]


def test_every_type_arrives_as_what_it_means(lake, database):
    report = follow(lake, database, time_zone="Europe/Berlin")
    assert (report.added, report.tags_added, report.events_added) == (2, 1, 1)
    assert report.types["contacts"] == {
        "country": "text",
        "score": "number",
        "spent": "number",
        "mood": "text",
        "extra": "text",
        "interests": "list",
        "vip": "boolean",
        "born": "date",
        "seen": "datetime",
        "woke": "datetime",
        "updated_at": "datetime",
        "deleted_at": "datetime",
    }
    first, second = rows(lake, "SELECT * EXCLUDE (ordinal, updated_at) FROM contacts ORDER BY key")
    assert first == (
        *(A, "DE", 1, 1.5, "good", '{"a": 1}', ["x", "y"], True, date(2000, 2, 29)),
        *(datetime(2026, 10, 1, 10), datetime(2026, 10, 1, 10), None),
    )
    assert second == (B, *[None] * 11)
    assert rows(lake, "FROM tags") == [(0, "VIP", datetime(2026, 10, 1))]
    assert rows(lake, "FROM events") == [(0, "order", datetime(2026, 10, 1), 5.0)]
    assert follow(lake, database, time_zone="Europe/Berlin").snapshot is None


def test_queries_and_tables_of_any_name_are_read(lake, database, run):
    run('CREATE SCHEMA "odd one"; CREATE VIEW "odd one"."P;" AS SELECT id, country FROM people')
    sync(lake, database, now=NOW, contacts='"odd one"."P;"')
    assert keys(lake) == [A, B]
    query = "SELECT id, country FROM people WHERE score = 1 -- only these"
    with pytest.raises(ImportRefused, match="syntax error"):
        sync(lake, database, now=NOW, contacts="SELECT 1; DROP TABLE people")
    assert sync(lake, database, now=NOW, contacts=query).deleted == 1


def test_the_source_is_never_written(lake, database, run):
    with pytest.raises(ImportRefused):
        sync(lake, database, now=NOW, contacts="DELETE FROM people RETURNING *")
    run("CREATE FUNCTION sly() RETURNS int LANGUAGE sql AS $$ DELETE FROM people; SELECT 1 $$; ")
    with pytest.raises(ImportRefused, match="read-only"):
        sync(lake, database, now=NOW, contacts="SELECT sly() AS id")
    assert run("SELECT count(*) FROM people") == "2"


def test_all_tables_are_read_at_one_moment(lake, database, run):
    def meanwhile(step: str) -> None:
        if step == "reading doings":
            run(f"INSERT INTO doings VALUES ('{A}', 'order', '2026-10-05', 7)")

    assert follow(lake, database, progress=meanwhile).events_added == 1
    assert run("SELECT count(*) FROM doings") == "2"
    assert follow(lake, database).events_added == 1


def test_a_watermark_reads_only_what_changed(lake, database, run, monkeypatch):
    options = {"watermark": "updated_at", "deleted": "deleted_at"}
    first = follow(lake, database, **options)
    assert first.watermarks == {
        "contacts": "2026-10-02 00:00:00 UTC",
        "events": "2026-10-01 00:00:00 UTC",
    }
    assert first.whole == ("tags",)
    assert follow(lake, database, **options).snapshot is None
    run(
        f"UPDATE people SET country = 'AT', updated_at = '2026-10-03' WHERE id = '{B}';"
        f"UPDATE people SET deleted_at = '2026-10-04', updated_at = '2026-10-04' WHERE id = '{A}';"
        f"INSERT INTO people (id, updated_at) VALUES ('{C}', '2026-10-04');"
        f"INSERT INTO doings VALUES ('{B}', 'order', '2026-10-04', 1)"
    )
    asked: list[str] = []
    read = postgres.typed_source

    def noted(stage, name, label, relation, types):
        source = read(stage, name, label, relation, types)
        asked.append((name, stage.value(f"SELECT count(*) FROM {source.table}")))
        return source

    monkeypatch.setattr(postgres, "typed_source", noted)
    report = follow(lake, database, **options)
    assert (report.added, report.updated, report.deleted, report.events_added) == (1, 1, 1, 1)
    # Of the two old people one changed and one went; the old event is read for the equal time.
    assert asked == [("contacts", 3), ("tags", 1), ("events", 2)]
    assert keys(lake) == [B, C]
    assert rows(lake, "SELECT max(ordinal), count(*) FROM contacts") == [(1, 2)]


def test_events_that_came_before_their_contact_are_read_with_it(lake, database, run):
    options = {"watermark": {"contacts": "updated_at", "events": "at"}}
    run(
        f"INSERT INTO doings VALUES ('{C}', 'visit', '2026-09-01Z', NULL), "
        f"('{A}', 'visit', '2026-10-09Z', NULL)"
    )
    report = follow(lake, database, **options)
    assert report.reasons == {"no such contact": 1}
    assert report.watermarks["events"] == "2026-10-09 00:00:00 UTC"
    run(f"INSERT INTO people (id, updated_at) VALUES ('{C}', '2026-10-10')")
    assert follow(lake, database, **options).events_added == 1
    found = (
        "SELECT key FROM events JOIN contacts USING (ordinal) WHERE event = 'visit' ORDER BY key"
    )
    assert rows(lake, found) == [(A,), (C,)]


def test_another_query_is_read_from_the_start(lake, database, run):
    narrow = {"contacts": "SELECT * FROM people WHERE score = 1", "watermark": "updated_at"}
    sync(lake, database, now=NOW, **narrow)
    run("UPDATE people SET updated_at = '2026-09-01'")
    sync(lake, database, now=NOW, contacts="people", watermark="updated_at")
    assert keys(lake) == [A, B]


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("1@", "2@"),
        lambda url: url.replace("127.0.0.1", "127.0.0.9"),
        lambda url: url + "_missing",
        lambda url: url.replace("127.0.0.1:", "127.0.0.1:x"),
        lambda url: url.replace("postgresql://", "postgres://").replace("127", "x.invalid"),
    ],
)
def test_a_password_is_never_in_a_message(lake, database, change):
    url = change(database)
    with pytest.raises(ImportRefused) as refused:
        follow(lake, url)
    told = "".join(traceback.format_exception(refused.value))
    for secret in (PASSWORD, "p%40ss", "p@ss", "word%3A"):
        assert secret not in told
    assert "cannot be reached" in told
    assert lake.snapshots()[-1].id == 1


def test_neither_the_password_nor_the_user_is_kept_in_the_lake(lake, database):
    follow(lake, database)
    assert rows(lake, "SELECT DISTINCT source FROM syncs")[0][0] == database.rpartition("@")[2]
    assert lake.snapshots()[-1].message == f"synced {database.rpartition('@')[2]}"


def test_what_the_database_does_not_have_is_said(lake, database):
    with pytest.raises(ImportRefused, match='relation "peeple" does not exist'):
        sync(lake, database, now=NOW, contacts="peeple")
    with pytest.raises(ImportRefused, match="Say what to read"):
        sync(lake, database, now=NOW)
    with pytest.raises(ImportRefused, match="no column 'changed_at' for the watermark"):
        follow(lake, database, watermark="changed_at")
    with pytest.raises(ImportRefused, match=r"did you mean 'deleted_at'"):
        follow(lake, database, deleted="delete_at")
    assert lake.snapshots()[-1].id == 1


def test_a_lake_is_usable_after_a_source_failed(lake: Lake, database):
    with pytest.raises(ImportRefused):
        follow(lake, database, events="SELECT 1/0 AS person, 'x' AS what, now() AS at")
    assert follow(lake, database).added == 2
