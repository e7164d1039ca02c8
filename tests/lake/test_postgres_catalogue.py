"""A lake whose catalogue is in PostgreSQL: many machines, several lakes, and what goes wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from postgres import PostgresServer

from segbench.errors import FormatError, LakeError, LakeMissing
from segbench.lake import catalogue as catalogues
from segbench.lake.lake import Lake
from segbench.lake.tables import Notes
from segbench.workbench.workspace import Settings, Workspace, made_aside


def schemas(server: PostgresServer, url: str) -> list[str]:
    sql = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public)'"
    return server.run(sql, urlsplit(url).path.strip("/")).split()


def test_a_lake_is_its_folder_and_a_schema_of_its_own(tmp_path, database, postgres_server, batch):
    with Lake.create(tmp_path / "lake", catalogue=database) as lake:
        report = lake.load([batch()], Notes())
    data = json.loads((tmp_path / "lake" / "catalogue.json").read_text())
    assert data == {"format": 1, "catalogue": database, "schema": lake.catalogue.schema}
    assert not (tmp_path / "lake" / "catalog.sqlite").exists()
    assert schemas(postgres_server, database) == [lake.catalogue.schema]
    with Lake.open(tmp_path / "lake") as again, again.snapshot() as snapshot:
        assert (snapshot.id, snapshot.contacts) == (report.snapshot, 3)


def test_several_lakes_share_a_database(tmp_path, database, batch):
    with (
        Lake.create(tmp_path / "one", catalogue=database) as one,
        Lake.create(tmp_path / "two", catalogue=f"{database}?schema=two") as two,
    ):
        one.load([batch()], Notes())
        two.load([batch({"key": ["x"]})], Notes())
        assert (one.snapshot().contacts, two.snapshot().contacts) == (3, 1)
        assert two.catalogue.schema == "two"


ELSEWHERE = """
import sys
from segbench.lake.lake import Lake
from segbench.lake.importing import import_files
with Lake.open(sys.argv[1]) as lake:
    import_files(lake, contacts=sys.argv[2])
"""


def test_a_machine_that_mounts_the_folder_elsewhere_reads_and_writes_the_same_lake(
    tmp_path, database, batch, write
):
    with Lake.create(tmp_path / "lake", catalogue=database) as lake:
        lake.load([batch()], Notes())
        (tmp_path / "mounted").symlink_to(tmp_path / "lake")
        people = write("people.csv", "key\na\nd\n")
        command = [sys.executable, "-c", ELSEWHERE, str(tmp_path / "mounted"), str(people)]
        subprocess.run(command, check=True)
        with lake.snapshot() as snapshot:
            assert snapshot.rows("SELECT key FROM contacts ORDER BY ordinal") == [
                *(("a",), ("b",), ("c",), ("d",))
            ]


def test_a_password_in_the_url_is_refused_and_never_repeated(tmp_path, database):
    for url in (
        database.replace("segbench@", "segbench:hunter2@"),
        f"{database}?password=hunter2",
    ):
        with pytest.raises(LakeError, match=r"Leave the password out.*PGPASSWORD") as refused:
            Lake.create(tmp_path / "lake", catalogue=url)
        assert "hunter2" not in str(refused.value)
    assert not (tmp_path / "lake").exists()


def test_a_wrong_password_is_a_lake_error_and_leaves_nothing(tmp_path, database, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "hunter2")
    with pytest.raises(LakeError, match="password authentication failed") as refused:
        Lake.create(tmp_path / "lake", catalogue=database)
    assert "hunter2" not in str(refused.value)
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize(
    "url",
    ["mysql://host/db", "postgresql://host", "postgresql+psycopg://host/db", "nothing", "/a/file"],
)
def test_what_is_no_url_of_a_database_is_refused(tmp_path, url):
    with pytest.raises(LakeError, match="no URL of a PostgreSQL database, such as postgresql://"):
        Lake.create(tmp_path / "lake", catalogue=url)
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize("schema", ["Two", "2", "a-b", "x" * 64, 'a"b', "a%20b"])
def test_a_schema_has_a_plain_name(tmp_path, schema):
    with pytest.raises(LakeError, match="cannot be the schema of a catalogue"):
        Lake.create(tmp_path / "lake", catalogue=f"postgresql://host/db?schema={schema}")


def test_a_schema_that_is_taken_is_refused_and_stays(tmp_path, database, batch):
    with Lake.create(tmp_path / "one", catalogue=f"{database}?schema=taken") as one:
        one.load([batch()], Notes())
        with pytest.raises(LakeError, match="has a schema 'taken' already; name another one"):
            Lake.create(tmp_path / "two", catalogue=f"{database}?schema=taken")
        assert one.snapshot().contacts == 3
    assert not (tmp_path / "two").exists()


def test_a_database_that_does_not_answer_is_a_lake_error(tmp_path, database, batch):
    with Lake.create(tmp_path / "lake", catalogue=database) as lake:
        lake.load([batch()], Notes())
    pointer = tmp_path / "lake" / "catalogue.json"
    port = urlsplit(database).port
    pointer.write_text(pointer.read_text().replace(f":{port}", ":1"))
    with pytest.raises(LakeError, match=r"cannot be opened: .*Connection refused"):
        Lake.open(tmp_path / "lake")


def test_a_schema_that_is_gone_is_not_made_again(tmp_path, database, postgres_server):
    Lake.create(tmp_path / "lake", catalogue=database).close()
    catalogues.drop_schema(tmp_path / "lake")
    assert schemas(postgres_server, database) == []
    with pytest.raises(LakeError, match=r"cannot be opened: .*does not exist"):
        Lake.open(tmp_path / "lake")
    assert schemas(postgres_server, database) == []


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "catalogue": "x", "schema": "y"}']
)
def test_a_damaged_pointer_is_named(tmp_path, text):
    (tmp_path / "catalogue.json").write_text(text)
    with pytest.raises(FormatError, match=r"catalogue\.json in .* is damaged: "):
        Lake.open(tmp_path)


def test_a_folder_without_pointer_or_file_is_no_lake(tmp_path, database):
    Lake.create(tmp_path / "lake", catalogue=database).close()
    (tmp_path / "lake" / "catalogue.json").unlink()
    with pytest.raises(LakeMissing):
        Lake.open(tmp_path / "lake")


def test_a_workspace_that_is_given_up_leaves_no_schema(tmp_path, database, postgres_server):
    def give_up() -> None:
        with made_aside(Workspace(tmp_path / "shop"), Settings()) as fresh:
            Lake.create(fresh.lake, catalogue=database).close()
            raise RuntimeError("gave up")

    with pytest.raises(RuntimeError, match="gave up"):
        give_up()
    assert schemas(postgres_server, database) == []
    assert list(tmp_path.iterdir()) == []


def test_a_backup_of_folder_and_schema_is_a_lake_again(tmp_path, database, postgres_server, batch):
    with Lake.create(tmp_path / "lake", catalogue=database) as lake:
        lake.load([batch()], Notes())
        schema = lake.catalogue.schema
        backup = subprocess.run(
            [postgres_server.programs / "pg_dump", "--schema", schema, "--dbname", database],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        shutil.copytree(lake.path, tmp_path / "backup")
        lake.load([batch({"key": ["x"]})], Notes())
    catalogues.drop_schema(lake.path)
    shutil.rmtree(lake.path)
    shutil.copytree(tmp_path / "backup", lake.path)
    postgres_server.run(backup, urlsplit(database).path.strip("/"))
    with Lake.open(lake.path) as restored:
        assert restored.snapshot().contacts == 3
        restored.load([batch({"key": ["y", "z"]})], Notes())
        assert restored.snapshot().contacts == 2
