"""Cases written by others, read from where they are.

They are not part of the project: they lie in the folder that the environment variable
SEGBENCH_CONFORMANCE names, or else in `shared/conformance` beside the repository.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "conformance"
FOLDER = Path(os.environ.get("SEGBENCH_CONFORMANCE") or BESIDE)
needs_the_cases = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason=f"the conformance cases of others are not at {FOLDER}; set SEGBENCH_CONFORMANCE",
)
_NOTHING: dict[str, Any] = {"rows": [], "cases": [], "scenarios": [], "assertions": []}


def read(name: str) -> dict[str, Any]:
    """The content of a file of cases; one without any where the folder is missing."""
    if not FOLDER.is_dir():
        return _NOTHING
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


QUERIES = read("react-querybuilder/dbquery_core.json")
MATCHES = read("react-querybuilder/dbquery_match_modes.json")
DATES = read("react-querybuilder/dbquery_datetime.json")
EDITS = read("react-querybuilder/tree_operations.json")
SCENARIOS = read("dittofeed/scenarios.json")
PROPERTIES = read("unomi/condition_evaluator.json")


def assertion_name(assertion: dict[str, Any]) -> str:
    """A name for a case that has none of its own."""
    what = " ".join([assertion["field"], assertion["operator"], *map(str, assertion["args"])])
    return f"not {what}" if assertion["negated"] else what


NAMES: dict[str, list[str]] = {
    "react-querybuilder, queries": [case["name"] for case in QUERIES["cases"]],
    "react-querybuilder, match modes": [case["name"] for case in MATCHES["cases"]],
    "react-querybuilder, dates": [case["name"] for case in DATES["cases"]],
    "react-querybuilder, tree edits": [case["name"] for case in EDITS["cases"]],
    "Dittofeed, scenarios": [case["description"] for case in SCENARIOS["scenarios"]],
    "Unomi, property assertions": [assertion_name(case) for case in PROPERTIES["assertions"]],
}
"""The names of all cases, by suite."""
