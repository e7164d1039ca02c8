"""The project's own files keep the promises that the README and CONTRIBUTING make."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>[0-9][0-9a-z.+!]*)(?: ; (?P<marker>[^\\\n]+?))?"
    r"(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n",
    re.MULTILINE,
)
PINS = {pin["name"]: pin["version"] for pin in PIN.finditer(CONSTRAINTS)}
MAX_CODE_LINES = 10


def tracked_texts() -> Iterator[tuple[str, str]]:
    """(path, text) of every text file that is, or is about to be, committed."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of tracked files")
    # CI often runs as another user than the one who cloned.
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listing = subprocess.run(
        [*command, "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, sorted(set(listing.split("\0")))):
        path = ROOT / name
        if path.is_file() and b"\0" not in (data := path.read_bytes()):
            yield name, data.decode("utf-8", errors="replace")


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in tracked_texts()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def machine_paths(folders: list[Path]) -> re.Pattern[str]:
    """Matches an absolute path into one of the folders, not the same words inside a web address."""
    # A checkout in /tmp or / must not make every mention of these a fault.
    usual = {Path("/"), Path(tempfile.gettempdir()), Path("/tmp"), Path("/home"), Path("/opt")}
    names = "|".join(re.escape(str(folder)) for folder in folders if folder not in usual)
    return re.compile(rf"(?:(?<=file://)|(?<![\w./-]))(?:{names})(?:/|(?![\w.-]))")


def notebooks() -> list[Path]:
    return sorted([*ROOT.glob("notebooks/**/*.ipynb"), *ROOT.glob("dashboards/**/*.ipynb")])


def code_lines(source: str | list[str]) -> int:
    lines = "".join(source).splitlines()
    return sum(1 for line in lines if line.strip() and not line.strip().startswith("#"))


def notebook_faults(notebook: dict[str, Any]) -> list[str]:
    """What keeps a notebook from being committed, in words."""
    faults = []
    if "widgets" in notebook.get("metadata", {}):
        faults.append("has saved widget state")
    for number, cell in enumerate(notebook["cells"], 1):
        if cell["cell_type"] != "code":
            continue
        if cell["outputs"]:
            faults.append(f"cell {number} has outputs")
        if cell["execution_count"] is not None:
            faults.append(f"cell {number} has an execution count")
        if (lines := code_lines(cell["source"])) > MAX_CODE_LINES:
            faults.append(f"cell {number} has {lines} lines of code, more than {MAX_CODE_LINES}")
    return faults


def test_constraints_hold_versions_and_hashes_and_nothing_else() -> None:
    assert PIN.sub("", CONSTRAINTS) == ""
    assert "/" not in CONSTRAINTS


def test_each_package_is_pinned_to_one_version() -> None:
    names = [pin["name"] for pin in PIN.finditer(CONSTRAINTS)]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_every_dependency_is_pinned_within_its_bounds() -> None:
    project = PROJECT["project"]
    declared = [
        *PROJECT["build-system"]["requires"],
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    for requirement in map(Requirement, declared):
        pinned = PINS.get(canonicalize_name(requirement.name))
        assert pinned is not None, f"{requirement} is not in constraints.txt: run `make lock`"
        assert pinned in requirement.specifier, f"{requirement}, but pinned is {pinned}"


def test_make_can_install_the_pinned_uv() -> None:
    assert "uv" in PINS


def test_the_duckdb_extensions_have_duckdbs_own_version() -> None:
    wanted = {name for name in PINS if name.startswith("duckdb")}
    assert {"duckdb-extension-ducklake", "duckdb-extension-sqlite-scanner"} <= wanted
    assert {PINS[name] for name in wanted} == {PINS["duckdb"]}
    bounds = {
        str(requirement.specifier)
        for requirement in map(Requirement, PROJECT["project"]["dependencies"])
        if requirement.name in wanted
    }
    assert bounds == {f"=={PINS['duckdb']}"}


def test_notebooks_are_committed_without_results_and_with_short_cells() -> None:
    faults = {
        str(path.relative_to(ROOT)): found
        for path in notebooks()
        if (found := notebook_faults(json.loads(path.read_text(encoding="utf-8"))))
    }
    assert faults == {}


def test_a_whole_dashboard_notebook_has_few_lines_of_code() -> None:
    for path in ROOT.glob("dashboards/**/*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        lines = sum(code_lines(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        assert lines <= MAX_CODE_LINES, f"{path.name} has {lines} lines of code"


def test_the_notebook_check_sees_each_kind_of_fault() -> None:
    cell = {"cell_type": "code", "source": ["x = 1\n"], "outputs": [], "execution_count": None}
    text = {"cell_type": "markdown", "source": "words\n" * 40}
    assert notebook_faults({"metadata": {}, "cells": [cell, text]}) == []
    bad = {
        "metadata": {"widgets": {}},
        "cells": [
            cell | {"outputs": [{"output_type": "stream"}]},
            cell | {"execution_count": 3},
            cell | {"source": "# why\n\n" + "x = 1\n" * 11},
        ],
    }
    assert notebook_faults(bad) == [
        "has saved widget state",
        "cell 1 has outputs",
        "cell 2 has an execution count",
        "cell 3 has 11 lines of code, more than 10",
    ]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_alone_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)
    assert phony is not None
    # The flags of a make that runs these tests are not meant for this one.
    env = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    shown = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True, env=env)
    listed = re.findall(r"^  make (\w+) +\S.*$", shown.stdout, re.MULTILINE)
    assert listed == phony.group(1).split()
    assert {"help", "demo", "test", "lint", "bench", "docs", "clean"} <= set(listed)


def test_no_tracked_file_names_a_folder_of_this_machine() -> None:
    assert lines_with(machine_paths([ROOT, ROOT.parent, Path.home()])) == []


def test_the_machine_path_check_tells_paths_from_web_addresses() -> None:
    pattern = machine_paths([Path("/srv/clones"), Path("/tmp")])
    for line in ("cd /srv/clones/x", "'/srv/clones'", "file:///srv/clones/x"):
        assert pattern.search(line), line
    for line in ("https://host/srv/clones/x", "/srv/clones2/x", "../srv/clones/x", "/tmp/x"):
        assert not pattern.search(line), line


def test_no_tracked_file_names_a_package_index() -> None:
    pattern = re.compile(
        r"(?:extra[-_])?index[-_]url\s*[=:]|--find[-_]links|file:[/]+\S*simple|https?://\S+/simple\b",
        re.IGNORECASE,
    )
    assert lines_with(pattern) == []


def test_the_changelog_has_the_version_that_is_built() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(PROJECT['project']['version'])}\]", changelog, re.M)


def test_the_licence_is_the_one_that_is_declared() -> None:
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License\n" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


def test_tests_outside_packages_have_names_of_their_own() -> None:
    """Pytest imports them by their names alone, and refuses the second of the same name."""
    found = [
        path.name
        for path in (ROOT / "tests").rglob("test_*.py")
        if not (path.parent / "__init__.py").exists()
    ]
    assert sorted(found) == sorted(set(found))
