"""`segbench sync`, and `segbench count` of a segment that cannot be counted any more."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner
from postgres import PASSWORD

from segbench import Segment, field
from segbench.cli.main import main
from segbench.model.rules import as_group
from segbench.workbench.workbench import Workbench


@pytest.fixture
def crm(tmp_path):
    folder = tmp_path / "crm"
    folder.mkdir()
    (folder / "contacts.csv").write_text(
        "id,country,updated_at\na,DE,2026-10-01\nb,DE,2026-10-02\nc,FR,2026-10-03\n"
    )
    (folder / "tags.csv").write_text("id,tag\na,x\nb,y\n")
    return folder


@pytest.fixture
def segbench(tmp_path):
    def run(*words, status=0):
        ran = CliRunner().invoke(main, [*map(str, words), "--workspace", str(tmp_path / "ws")])
        assert ran.exit_code == status, ran.output
        return ran.output

    return run


def test_a_folder_becomes_a_workspace_and_the_workspace_follows_it(segbench, crm):
    assert segbench("sync", crm) == (
        "Contacts: 3 added, 0 updated, 0 unchanged, 0 deleted. Tags: 2 added, 0 removed. "
        "Events: 0 added, 0 removed.\n"
        "New in contacts: country (text), updated_at (date)\n"
        "Snapshot 2.\n"
    )
    assert "Nothing changed: no new snapshot." in segbench("sync", crm)
    (crm / "contacts.csv").write_text("id,country,updated_at\na,AT,2026-10-04\nd,,2026-10-04\n")
    told = segbench("sync", crm, "--dry-run")
    assert "1 added, 1 updated, 0 unchanged, 2 deleted" in told
    assert "Dry run: nothing was written." in told
    found = json.loads(segbench("sync", crm, "--json"))
    assert (found["deleted"], found["snapshot"], found["rejected"]) == (2, 3, 1)


def test_a_watermark_goes_on_where_it_was(segbench, crm):
    told = segbench("sync", crm, "--watermark", "updated_at")
    assert "The contacts are read up to 2026-10-03 00:00:00 UTC." in told
    (crm / "contacts.csv").write_text("id,country,updated_at\nd,AT,2026-10-04\n")
    told = segbench("sync", crm, "--watermark", "contacts=updated_at")
    assert "1 added, 0 updated, 0 unchanged, 0 deleted" in told
    assert "3 deleted" in segbench("sync", crm, "--watermark", "updated_at", "--full")
    told = segbench("sync", crm, "--watermark", "a", "--watermark", "b", status=1)
    assert "once for each table" in told


def test_rejected_rows_are_shown_written_and_may_refuse(segbench, crm, tmp_path):
    (crm / "tags.csv").write_text("id,tag\nzed,x\n")
    assert "nothing was written" in segbench("sync", crm, "--strict", status=1)
    told = segbench("sync", crm, "--rejects", tmp_path / "bad.csv")
    assert "tags.csv row 1: no contact has the key 'zed'" in told
    assert "zed" in (tmp_path / "bad.csv").read_text()
    assert "no folder" in segbench("sync", crm, "--rejects", tmp_path / "no" / "b.csv", status=1)


def test_a_refused_first_sync_leaves_no_workspace(segbench, tmp_path):
    told = segbench("sync", tmp_path / "missing", status=1)
    assert "is no folder" in told
    assert not (tmp_path / "ws").exists()


def test_a_segment_that_names_a_vanished_column_keeps_its_last_count(segbench, crm, tmp_path):
    segbench("sync", crm)
    with Workbench.open(tmp_path / "ws") as workbench:
        workbench.save(Segment("Germans", as_group(field("country").is_any_of("DE"))))
    assert segbench("count", "Germans") == "2\n"
    (crm / "contacts.csv").write_text("id,updated_at\na,2026-10-01\nb,2026-10-02\n")
    assert "--drop-columns" in segbench("sync", crm, status=1)
    assert "Dropped from contacts: country" in segbench("sync", crm, "--drop-columns")
    told = segbench("count", "Germans", status=1)
    assert "'country'" in told
    assert "Last count 2 on " in told
    assert told.endswith(" (stale).\n")
    told = segbench("count", "Germans", "--json", status=1)
    found = json.loads(told[: told.rindex("}") + 1])
    assert (found["segment"], found["stale"], found["last"]["count"]) == ("Germans", True, 2)
    assert "'country'" in found["error"]


def test_a_database_is_followed_and_its_password_never_printed(segbench, postgres_server):
    url = postgres_server.fresh_database()
    postgres_server.run_at(url, "CREATE TABLE people AS SELECT 'a' AS id, 1 AS n")
    told = segbench(
        "sync", url, "--contacts", "people", "--tags", "SELECT id, 'x' AS tag FROM people"
    )
    assert "Contacts: 1 added" in told
    assert "Tags: 1 added" in told
    told += segbench("sync", url, "--contacts", "people", "--json")
    wrong = url.replace("1@", "wrong@")
    told += segbench("sync", wrong, "--contacts", "people", status=1)
    told += segbench("sync", url, status=1)
    assert "Say what to read from 127.0.0.1" in told
    for secret in (PASSWORD, "p%40ss", "p@ss"):
        assert secret not in told


def test_the_password_may_come_from_the_environment(segbench, postgres_server, monkeypatch):
    url = postgres_server.fresh_database()
    postgres_server.run_at(url, "CREATE TABLE people AS SELECT 'a' AS id")
    scheme, _, rest = url.partition("://")
    bare = f"{scheme}://{postgres_server.user}@{rest.rpartition('@')[2]}"
    monkeypatch.setitem(os.environ, "PGPASSWORD", PASSWORD)
    assert "1 added" in segbench("sync", bare, "--contacts", "people")
