"""Every example of docs/equivalence.md is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from population import CONTACTS

from plan.questions import leaves
from segbench.engine.memory import MemoryEngine
from segbench.model import ask
from segbench.model.check import require_sound
from segbench.model.rules import as_group
from segbench.plan.logic import Logic, complement
from segbench.plan.lower import Context, lower
from segbench.plan.normal import simplified
from segbench.plan.proof import Proof, equivalent, implies

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "equivalence.md").read_text("utf-8")
CODE = re.compile(r"^`([^`]+)`$")
RELATIONS = ("implies", "excludes", "equals", "does not imply", "does not equal")


def cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


ROWS = [cells(line) for line in PAGE.splitlines() if line.startswith("|")]
CLAIMS = [row[:3] for row in ROWS if len(row) >= 3 and row[1] in RELATIONS]
FORMS = [row for row in ROWS if len(row) == 2 and all(map(CODE.match, row)) and "(" in row[0]]
SAID = [row[1] for row in ROWS if len(row) == 2 and row[1].startswith("Row ")]


def logic_of(cell: str, context: Context) -> Logic[Any]:
    code = CODE.match(cell)
    assert code is not None, cell
    names = {name: getattr(ask, name) for name in dir(ask) if not name.startswith("_")}
    root = as_group(eval(code[1], {"__builtins__": {}}, names))
    require_sound(root, context.catalog, context.segments)
    return lower(root, context).root


def proof_of(relation: str, left: Logic[Any], right: Logic[Any]) -> Proof:
    if relation == "excludes":
        return implies(left, complement(right))
    return (equivalent if relation in ("equals", "does not equal") else implies)(left, right)


@pytest.mark.parametrize(("left", "relation", "right"), CLAIMS)
def test_every_claim_of_the_page_is_proven_or_not_as_it_says(
    left: str, relation: str, right: str, context: Context, memory_engine: MemoryEngine
) -> None:
    one, other = logic_of(left, context), logic_of(right, context)
    found = proof_of(relation, one, other)
    assert found.proven is not relation.startswith("does not")
    if relation == "equals":
        assert memory_engine.members(one) == memory_engine.members(other)
    if relation == "implies":
        assert not memory_engine.members(one) - memory_engine.members(other)
    if relation == "excludes":
        assert not memory_engine.members(one) & memory_engine.members(other)


@pytest.mark.parametrize(("logic", "simpler"), FORMS)
def test_every_simpler_form_of_the_page_is_made(
    logic: str, simpler: str, context: Context, memory_engine: MemoryEngine
) -> None:
    expected = logic_of(simpler, context)
    found = simplified(logic_of(logic, context))
    assert found == expected
    assert leaves(found) < leaves(logic_of(logic, context))
    assert memory_engine.members(found) == memory_engine.members(logic_of(logic, context))


def test_the_page_has_examples_of_everything() -> None:
    assert len(CLAIMS) > 30
    assert {relation for _, relation, _ in CLAIMS} == set(RELATIONS)
    assert len(FORMS) == 5
    assert len(CONTACTS) > 200


def test_every_warning_of_the_page_is_one_that_the_tests_of_warnings_expect() -> None:
    expected = (Path(__file__).parent / "test_lint.py").read_text("utf-8")
    joined = re.sub(r'"\s*\n\s*"', "", expected)
    assert SAID
    for said in SAID:
        assert said in joined, said
