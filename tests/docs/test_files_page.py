"""The examples of docs/files.md are read, checked and run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from segbench.cli import main
from segbench.cli.converting import SOURCES, TARGETS
from segbench.engine.sql import DIALECTS
from segbench.files import read_text
from segbench.files.expectations import Expectations
from segbench.files.reading import ENTRIES
from segbench.files.segment_file import SUFFIXES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "files.md").read_text("utf-8")


def block(language: str) -> str:
    """The first block of that language."""
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def segbench(*words: str) -> Any:
    return CliRunner().invoke(main, words)


def test_the_examples_hold_what_they_say() -> None:
    yaml, json = read_text(block("yaml"), "yaml"), read_text(block("json"), "json")
    assert yaml.segment.group == json.segment.group
    assert yaml.tests is not None
    assert len(read_text(block("text"), "text", "Suppressed").segment.group.rules) == 2


@pytest.mark.parametrize("language", ["yaml", "json", "text"])
def test_the_examples_pass_check_and_test(language: str, tmp_path: Path) -> None:
    path = tmp_path / f"Example.{'segment' if language == 'text' else language}"
    path.write_text(block(language), "utf-8")
    assert segbench("check", "--strict", str(tmp_path)).exit_code == 0
    tested = segbench("test", str(tmp_path))
    assert tested.exit_code == 0
    assert tested.stderr.startswith("3 passed" if language == "yaml" else "0 passed")


def test_the_failure_that_is_shown_is_what_comes(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "segments").mkdir()
    wrong = block("yaml").replace("last week\n      expect: out", "last week\n      expect: in")
    (tmp_path / "segments" / "lapsed.yaml").write_text(wrong, "utf-8")
    shown = re.search(r"```\n(segments/lapsed.yaml: 2 of.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    assert segbench("test", "segments/").stdout == shown[1]


def test_the_error_that_is_shown_is_what_comes() -> None:
    wrong = block("yaml").replace("did not happen in last 90 days", "hapened")
    with pytest.raises(Exception, match="hapened") as told:
        read_text(wrong, "yaml")
    shown = re.search(r"```\n(Line .*?)\n```", PAGE, re.DOTALL)
    assert shown is not None
    assert str(told.value).splitlines() == shown[1].splitlines()


def test_every_entry_format_and_dialect_is_on_the_page() -> None:
    assert set(ENTRIES) <= set(re.findall(r"\w+", section("YAML")))
    assert set(Expectations.__dataclass_fields__) <= set(re.findall(r"\w+", section("Test")))
    assert all(f"`{suffix}`" in PAGE for suffix in SUFFIXES)
    assert all(name in section("Convert") for name in (*SOURCES, *TARGETS))
    assert all(f"`{name}`" in section("SQL") for name in DIALECTS)


def test_the_hook_is_yaml() -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    hook = YAML(typ="safe").load(blocks[-1])["repos"][0]["hooks"][0]
    assert "segbench check --strict" in hook["entry"]
