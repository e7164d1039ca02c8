"""`segbench export`: agreed to, then frozen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

from segbench.audience.export import verify_export
from segbench.cli import exporting
from segbench.model.ask import in_segment
from segbench.workbench.workbench import Workbench

WORDS = ("export", "--workspace", "demo", "--campaign", "Spring sale", "--segment", "customers")


def exports(own: Path) -> list[Path]:
    return sorted((own / "exports").iterdir()) if (own / "exports").exists() else []


def test_an_export_is_written_recorded_and_told(run: Any, own: Path) -> None:
    result = run(*WORDS, "--yes", "--columns", "key, email")
    assert result.exit_code == 0
    (folder,) = exports(own)
    assert str(folder) in result.stdout
    assert "recipients.csv, recipients.parquet, manifest.json" in result.stdout
    with Workbench.open(own) as workbench:
        (record,) = workbench.library.campaign("Spring sale").exports
        assert record.count == workbench.count(in_segment("Customers"))
        assert f"{record.count:,} recipients for “Spring sale”" in result.stdout
    assert verify_export(folder, record.manifest_sha256) == ()
    assert parquet.read_table(folder / "recipients.parquet").column_names == ["key", "email"]


def test_an_export_for_a_machine_says_where_it_is(run: Any, own: Path) -> None:
    result = run(*WORDS, "--yes", "--json")
    found = json.loads(result.stdout)
    (folder,) = exports(own)
    assert Path(found["folder"]) == folder.resolve()
    assert (found["campaign"], found["segment"]) == ("Spring sale", "Customers")
    assert verify_export(folder, found["manifest_sha256"]) == ()


@pytest.mark.parametrize("machine", [(), ("--json",)])
def test_without_a_terminal_nobody_can_be_asked(
    machine: tuple[str, ...], refused: Any, own: Path
) -> None:
    told = refused(*WORDS, *machine)
    assert told.startswith("Export ")
    assert told.endswith(
        "contacts of “Customers” to the campaign “Spring sale”? Give --yes to agree."
    )
    assert exports(own) == []


@pytest.mark.parametrize(("answer", "code", "made"), [("y\n", 0, 1), ("n\n", 1, 0)])
def test_at_a_terminal_the_count_is_asked_about(
    answer: str, code: int, made: int, run: Any, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        class stdin:  # noqa: N801
            @staticmethod
            def isatty() -> bool:
                return True

    monkeypatch.setattr(exporting, "sys", Terminal)
    result = run(*WORDS, input=answer)
    assert result.exit_code == code
    assert "Contacts where Lifecycle stage is any of" in result.stdout
    assert "contacts of “Customers” to the campaign “Spring sale”?" in result.stdout
    assert len(exports(own)) == made


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (("--columns", "key,emial"), "There is no field 'emial'; did you mean 'email'?"),
        (("--columns", ","), "There is no field ''."),
        (("--segment", "Custmers"), "There is no saved segment 'Custmers'"),
        (("--campaign", " "), "campaign"),
    ],
)
def test_what_does_not_exist_is_refused_before_anything_is_made(
    changed: tuple[str, ...], why: str, refused: Any, own: Path
) -> None:
    assert why in refused(*WORDS, "--yes", *changed)
    assert exports(own) == []
    with Workbench.open(own) as workbench:
        assert workbench.library.campaigns() == ()
