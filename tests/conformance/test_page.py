"""The page counts the cases and names those that differ, as the tests do."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.cases import NAMES, needs_the_cases
from conformance.different import DIFFERENT

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "conformance.md").read_text("utf-8")
SUITES = list(DIFFERENT)


def listed(suite: str) -> list[str]:
    """What the page says of the suite's cases that differ, one line each."""
    _, _, rest = PAGE.partition(f"\n### {suite}\n")
    return [line for line in rest.partition("\n#")[0].splitlines() if line]


def counts(suite: str) -> str:
    cases, different = len(NAMES[suite]), len(DIFFERENT[suite])
    return f"| {suite} | {cases} | {cases - different} | {different} |"


@pytest.mark.parametrize("suite", SUITES)
def test_the_page_names_each_case_that_differs_with_its_reason(suite: str) -> None:
    reasons = DIFFERENT[suite].items()
    assert listed(suite) == [f"- **{name}**: {reason}" for name, reason in reasons]


@needs_the_cases
def test_the_page_counts_the_cases_of_every_suite() -> None:
    totals = (len(NAMES[suite]) for suite in SUITES)
    everything, different = sum(totals), sum(map(len, DIFFERENT.values()))
    rows = [line for line in PAGE.splitlines() if line.startswith("|")][2:]
    assert rows == [
        *map(counts, SUITES),
        f"| all | {everything} | {everything - different} | {different} |",
    ]


@needs_the_cases
def test_no_case_of_others_is_missing() -> None:
    assert {suite: len(names) for suite, names in NAMES.items()} == {
        "react-querybuilder, queries": 24,
        "react-querybuilder, match modes": 22,
        "react-querybuilder, dates": 6,
        "react-querybuilder, tree edits": 58,
        "Dittofeed, scenarios": 25,
        "Unomi, property assertions": 48,
    }


@needs_the_cases
@pytest.mark.parametrize("suite", SUITES)
def test_a_case_that_differs_is_one_of_theirs(suite: str) -> None:
    assert len(set(NAMES[suite])) == len(NAMES[suite])
    assert set(DIFFERENT[suite]) <= set(NAMES[suite])
