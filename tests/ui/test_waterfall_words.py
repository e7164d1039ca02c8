"""The sentence beside the waterfall: the row to look at, with numbers that are so."""

from __future__ import annotations

import workbenches

from segbench.model.ask import field
from segbench.model.rules import Group, RuleOrGroup, as_group
from segbench.ui.findings import narrowing_finding
from segbench.ui.wording import contacts, number
from segbench.workbench.narrowing import narrow

GERMAN, PLANNED = field("country").is_any_of("DE"), field("plan").is_not_empty()


def said(node: RuleOrGroup) -> str:
    workbench, root = workbenches.opened(), as_group(node)
    return narrowing_finding(narrow(workbench, root, workbench.evaluate(root)))


def test_it_names_the_row_whose_absence_changes_most() -> None:
    workbench = workbenches.opened()
    both, alone = workbench.count(GERMAN & PLANNED), workbench.count(PLANNED)
    assert workbench.count(GERMAN) - both < alone - both
    sentence = said(GERMAN & PLANNED)
    assert sentence.startswith("Look at “Country is “DE””: ")
    assert sentence.endswith(
        f"without it there would be {contacts(alone)} instead of {number(both)}."
    )


def test_of_one_row_it_does_not_say_what_would_be_without_any() -> None:
    assert said(GERMAN) == "There is but one row: it alone decides."


def test_rows_that_say_the_same_are_not_decisive() -> None:
    same = Group(rules=(GERMAN, GERMAN))
    assert said(same).startswith("No single row is decisive")
