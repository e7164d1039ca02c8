"""`segbench lake`: create, history, maintain."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from postgres import PostgresServer

from segbench.lake.lake import Lake
from segbench.model.ask import sample
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace


def filled(run, workspace: str = "shop") -> None:
    """Three snapshots with contacts, after an empty one."""
    assert run("lake", "create", "-w", workspace).exit_code == 0
    for number in range(3):
        Path("people.csv").write_text(f"key,city\nsame,c{number}\nk{number},Bonn\n")
        result = run("import", "-w", workspace, "--contacts", "people.csv")
        assert result.exit_code == 0, result.stderr


def test_create_makes_an_empty_workspace_to_import_into(run, here):
    result = run("lake", "create", "-w", "shop", "--time-zone", "Europe/Berlin")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "shop: an empty lake.\nNext: segbench import --workspace shop --contacts FILE\n"
    )
    assert Workspace(here / "shop").settings().time_zone == "Europe/Berlin"
    Path("people.csv").write_text("key\na\n")
    assert run("import", "-w", "shop", "--contacts", "people.csv").exit_code == 0
    with Lake.open(here / "shop" / "lake") as lake:
        assert lake.snapshot().contacts == 1


def test_create_puts_the_catalogue_and_the_library_into_postgresql(
    run, here, postgres_server: PostgresServer, monkeypatch
):
    parts = urlsplit(postgres_server.fresh_database())
    monkeypatch.setenv("PGPASSWORD", postgres_server.password)
    login = f"{postgres_server.user}@{parts.netloc.rpartition('@')[2]}"
    url = urlunsplit(parts._replace(netloc=login))
    place = ("--catalogue", f"{url}?schema=shop", "--library", f"{url}?schema=shop_library")
    result = run("lake", "create", "-w", "shop", *place, "--json")
    assert json.loads(result.stdout) == {
        "workspace": str(here / "shop"),
        "catalogue": url,
        "schema": "shop",
    }
    Path("people.csv").write_text("key\na\n")
    assert run("import", "-w", "shop", "--contacts", "people.csv").exit_code == 0
    described = json.loads(run("describe", "-w", "shop", "--json").stdout)
    assert described["contacts"] == 1
    assert json.loads(run("lake", "maintain", "-w", "shop", "--json").stdout)["expired"] == []
    with Workbench.open(here / "shop") as workbench:
        workbench.save(Segment("Everyone", as_group(sample(0, 100))))
    assert json.loads(run("count", "-w", "shop", "Everyone", "--json").stdout)["count"] == 1
    assert not (here / "shop" / "library.sqlite").exists()


@pytest.mark.parametrize("option", ["--catalogue", "--library"])
def test_create_refuses_a_password_and_leaves_nothing(refused, here, option):
    said = refused("lake", "create", "-w", "shop", option, "postgresql://me:hunter2@host/db")
    assert "Leave the password out" in said
    assert "hunter2" not in said
    assert list(here.iterdir()) == []


def test_create_refuses_a_place_that_is_taken(refused, run):
    run("lake", "create", "-w", "shop")
    assert refused("lake", "create", "-w", "shop").endswith("is a workspace already.")


def test_history_says_what_each_snapshot_changed(run, here):
    filled(run)
    lines = run("lake", "history", "-w", "shop").stdout.splitlines()
    assert " ".join(lines[0].split()) == "snapshot time (UTC) contacts tags events why cited by"
    assert [line.split()[3] for line in lines[1:]] == ["0", "+2", "+1", "+1"]
    assert "imported people.csv" in lines[2]
    data = json.loads(run("lake", "history", "-w", "shop", "--json").stdout)
    assert [entry["rows"]["contacts"] for entry in data] == [0, 2, 3, 4]
    assert [entry["snapshot"] for entry in data] == [1, 2, 3, 4]


def test_history_and_maintain_know_what_exports_cite(run, own):
    done = run(*("export", "-w", own, "--campaign", "Spring", "--segment", "Customers", "--yes"))
    assert done.exit_code == 0, done.stderr
    data = json.loads(run("lake", "history", "-w", own, "--json").stdout)
    assert data[-1]["cited_by"] == ["Spring"]
    told = json.loads(run("lake", "maintain", "-w", own, "--json").stdout)
    assert data[-1]["snapshot"] in {int(id) for id in told["kept"]}


def test_maintain_follows_the_settings_and_the_options_say_otherwise(run, here):
    filled(run)
    settings = here / "shop" / "workspace.json"
    data = json.loads(settings.read_text())
    assert data["retention"] == {
        "all_days": 30,
        "daily_days": 365,
        "months": None,
        "file_hours": 24,
    }
    data["retention"]["all_days"] = 7
    settings.write_text(json.dumps(data))
    told = json.loads(run("lake", "maintain", "-w", "shop", "--json", "--months", "3").stdout)
    assert told["retention"] == {
        "all_days": 7,
        "daily_days": 365,
        "months": 3,
        "file_hours": 24,
    }
    assert told["expired"] == []
    assert told["files"]["contacts"]["after"] == 1


def test_maintain_says_what_it_would_do_and_then_does_it(run, here):
    filled(run)
    planned = run("lake", "maintain", "-w", "shop", "--dry-run", "--file-hours", "0")
    assert planned.stdout.splitlines() == [
        "Would let no snapshot expire; 4 stay.",
        "contacts: 4 files, of which 4 could be merged and 1 have many deleted rows.",
        "Would remove 0 unused files, 0.0 MB.",
        "Dry run: nothing was changed.",
    ]
    done = run("lake", "maintain", "-w", "shop", "--file-hours", "0")
    assert done.stdout.splitlines()[:2] == [
        "Let no snapshot expire; 4 stay.",
        "contacts: 4 files are 1 now.",
    ]
    again = run("lake", "maintain", "-w", "shop", "--dry-run").stdout.splitlines()
    assert again[1] == "Would remove 0 unused files, 0.0 MB."


@pytest.mark.parametrize("months", ["never", "-1", ""])
def test_months_are_a_number_or_all(refused, run, months):
    run("lake", "create", "-w", "shop")
    assert "--months takes a number or 'all'" in refused(
        "lake", "maintain", "-w", "shop", "--months", months
    )


@pytest.mark.parametrize("command", ["history", "maintain"])
def test_without_a_workspace_the_commands_say_so(refused, command):
    assert "There is no workspace at" in refused("lake", command, "-w", "nowhere")
