"""`segbench export` and its commands: formats, list, verify, deliver, destinations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from destinations.services import SECRET, WebhookReceiver, serving

from segbench.audience.formats.registry import FORMATS
from segbench.model.ask import field
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench.workbench import Workbench

WORDS = ("export", "-w", "demo", "--campaign", "Spring", "--segment", "customers", "--yes")


@pytest.fixture
def exported(run: Any, own: Path) -> Any:
    """Exports with these words; what `--json` told."""

    def made(*words: str) -> Any:
        result = run(*WORDS, "--json", *words)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return made


def test_the_formats_are_listed(run: Any) -> None:
    result = run("export", "formats")
    assert [line.split()[0] for line in result.stdout.splitlines()[1:]] == list(FORMATS)
    assert len(json.loads(run("export", "formats", "--json").stdout)) == len(FORMATS)


def test_personal_fields_are_exported_only_when_they_are_asked_for(
    exported: Any, run: Any, own: Path
) -> None:
    usual = exported()
    assert "email" in usual["personal_columns_left_out"]
    assert not {"email", "phone", "first_name", "birthday"} & set(usual["columns"])
    assert {"email", "phone"} <= set(exported("--pii")["columns"])
    assert exported("--columns", "key,email")["columns"] == ["key", "email"]
    said = run(*WORDS).stdout
    assert "Left out, since they are personal: first_name, last_name, email, phone" in said


def test_ready_made_formats_say_what_they_left_out(run: Any, exported: Any, own: Path) -> None:
    found = exported("--format", "klaviyo,meta", "--region", "de", "--shard-rows", "50")
    files = found["files"]
    assert {"klaviyo-00001.csv", "meta-00001.csv", "manifest.json"} <= set(files)
    klaviyo = found["formats"][0]
    for each in found["formats"]:
        assert each["rows"] + sum(each["left_out"].values()) == found["count"]
    assert klaviyo["left_out"]
    said = run(*WORDS, "--format", "klaviyo").stdout
    reason, contacts = next(iter(klaviyo["left_out"].items()))
    assert f"klaviyo: {contacts:,} left out, {reason}" in said


def test_a_list_that_is_too_small_for_its_service_is_told(run: Any, own: Path) -> None:
    words = ("export", "-w", "demo", "--campaign", "Spring", "--yes", "--format", "meta")
    with Workbench.open(own) as workbench:
        ids = workbench.contacts(field("email").contains("@"), ["email"], limit=3)["email"].tolist()
        workbench.save(Segment("Few", as_group(field("email").is_any_of(*ids))))
    said = run(*words, "--segment", "Few").stdout
    assert "contacts; lists of 100 and more match." in said


def test_only_who_can_be_reached_is_exported_where_that_is_asked_for(exported: Any) -> None:
    everybody, reachable = exported(), exported("--reachable")
    assert 0 < reachable["count"] < everybody["count"]


def test_a_role_is_said_on_the_command_line(exported: Any, own: Path) -> None:
    found = exported("--format", "hubspot", "--role", "email=", "--role", "city=shipping_city")
    header = (Path(found["folder"]) / "hubspot.csv").read_text().splitlines()[0].split(",")
    assert "Email" not in header
    assert "City" in header


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--format", "cvs"), "There is no format 'cvs'; did you mean 'csv'"),
        (("--format", "mailchimp", "--role", "email=emial"), "There is no field 'emial' to be"),
        (("--region", "Germany"), "'Germany' is no region"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(
    words: tuple[str, ...], why: str, refused: Any, own: Path
) -> None:
    assert why in refused(*WORDS, *words)
    assert not (own / "exports").exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("export", "-w", "demo"), "Missing option '--campaign' or '--segment'"),
        (("export", "--campaign", "x", "list"), "Options come behind the command"),
        (("export", "-w", "demo", "list"), "Options come behind the command"),
        ((*WORDS, "--role", "email"), "Write a role as email=FIELD"),
        (("export", "destinations", "-w", "demo", "a=b"), "Settings belong to --add NAME"),
    ],
)
def test_words_that_do_not_fit_are_wrong_usage(
    words: tuple[str, ...], why: str, run: Any, own: Path
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert why in result.stderr


def test_exports_are_listed_with_where_they_went(
    run: Any, exported: Any, own: Path, tmp_path: Path
) -> None:
    assert run("export", "list", "-w", "demo").stdout == "No exports yet.\n"
    made = exported()
    run("export", "destinations", "-w", "demo", "--add", "share", "kind=folder", f"path={tmp_path}")
    assert run("export", "deliver", "-w", "demo", made["export"], "share").exit_code == 0
    (listed,) = json.loads(run("export", "list", "-w", "demo", "--json").stdout)
    assert (listed["export"], listed["count"]) == (made["export"], made["count"])
    assert listed["deliveries"] == ["share (done)"]
    line = run("export", "list", "-w", "demo", "--campaign", "spring").stdout.splitlines()[1]
    assert line.startswith(made["export"])
    assert line.endswith("share (done)")


def test_verify_says_what_was_checked_and_what_is_wrong(run: Any, exported: Any, own: Path) -> None:
    made = exported("--format", "csv,xlsx")
    for what in (made["export"], made["folder"]):
        good = run("export", "verify", "-w", "demo", what)
        assert good.exit_code == 0
        assert "and the same files byte for byte." in good.stdout
        assert "Wrong" not in good.stdout
    path = Path(made["folder"]) / "recipients.csv"
    path.write_bytes(path.read_bytes()[:-1])
    bad = run("export", "verify", "-w", "demo", made["export"], "--json")
    assert bad.exit_code == 1
    found = json.loads(bad.stdout)
    assert found["holds"] is False
    assert "recipients.csv has" in found["problems"][0]


def test_a_destination_is_added_used_and_removed(
    run: Any, exported: Any, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = exported("--columns", "key,email")
    receiver = WebhookReceiver()
    with serving(receiver) as service:
        added = run(
            *("export", "destinations", "-w", "demo", "--add", "hook", "kind=webhook"),
            *(f"url={service.url}", "secret=env:A_KEY", "private=true", "batch=30"),
        )
        assert added.stdout.splitlines()[1].split() == [
            *("hook", "webhook", service.url, "env:A_KEY", "missing")
        ]
        monkeypatch.setenv("A_KEY", SECRET)
        listed = json.loads(run("export", "destinations", "-w", "demo", "--json").stdout)
        assert listed["hook"]["secret_found"] is True
        done = run("export", "deliver", "-w", "demo", made["export"], "hook", "--json")
        told = json.loads(done.stdout)
    assert (told["state"], told["accepted"], told["rejected"]) == ("done", made["count"], 0)
    assert len(receiver.recipients) == made["count"]
    run("export", "destinations", "-w", "demo", "--remove", "hook")
    assert "Kinds and their settings" in run("export", "destinations", "-w", "demo").stdout


def test_a_secret_on_the_command_line_is_refused_and_not_repeated(refused: Any, own: Path) -> None:
    words = ("kind=klaviyo", "secret=pk_0123456789")
    told = refused("export", "destinations", "-w", "demo", "--add", "kl", *words)
    assert "A secret is never written down" in told
    assert "pk_0123456789" not in told
    assert not (own / "destinations.json").exists()


def test_what_is_rejected_is_told_with_its_reason(
    run: Any, exported: Any, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = exported("--columns", "key,email")
    monkeypatch.setenv("A_KEY", SECRET)
    receiver = WebhookReceiver()
    table = (Path(made["folder"]) / "recipients.csv").read_text().splitlines()
    receiver.rejects = {table[1].split(",")[0].strip('"'): "blocked"}
    with serving(receiver) as service:
        run(
            *("export", "destinations", "-w", "demo", "--add", "hook", "kind=webhook"),
            *(f"url={service.url}", "secret=env:A_KEY", "private=true"),
        )
        done = run("export", "deliver", "-w", "demo", made["export"], "hook")
    assert done.stdout.splitlines() == [
        f"{made['count'] - 1:,} recipients delivered to “hook”.",
        "1 rejected: blocked",
    ]
