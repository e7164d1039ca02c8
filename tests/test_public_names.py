"""`import segbench` is quick, and everything it promises is there."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import segbench

HEAVY = ("anywidget", "duckdb", "ibis", "ipywidgets", "numpy", "pandas", "plotly", "pyarrow")
HEAVY += ("pydantic", "sqlalchemy")


def in_a_new_python(code: str) -> list[str]:
    """What the code's `found` is in a fresh process."""
    script = f"import json, sys\n{code}\nprint(json.dumps(found))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


def test_the_public_names_are_sorted_and_each_once() -> None:
    assert segbench.__all__ == sorted(set(segbench.__all__))


@pytest.mark.parametrize("name", segbench.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(segbench, name)
    assert callable(found)
    assert (found.__doc__ or "").strip()


def test_names_lead_to_the_things_themselves() -> None:
    from segbench.errors import RuleError, SegbenchError
    from segbench.model.rules import Group
    from segbench.ui.notebook import open_workbench

    assert segbench.Group is Group
    assert segbench.RuleError is RuleError
    assert issubclass(segbench.RuleError, SegbenchError)
    assert segbench.open is open_workbench


def test_dir_lists_the_public_names_and_the_version() -> None:
    assert dir(segbench) == sorted([*segbench.__all__, "__version__"])


def test_the_version_is_that_of_the_installed_package() -> None:
    from importlib.metadata import version

    assert segbench.__version__ == version("segbench")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'segbench' has no attribute 'segmnt'"):
        segbench.segmnt  # noqa: B018
    assert not hasattr(segbench, "__wrapped__")


def test_importing_segbench_imports_nothing_heavy() -> None:
    code = f"import segbench\nfound = [name for name in {HEAVY} if name in sys.modules]"
    assert in_a_new_python(code) == []


def test_writing_rules_imports_nothing_heavy() -> None:
    code = (
        "import segbench as sb\n"
        "sb.field('country').is_any_of('DE') & sb.did('order_placed').within(days=3)\n"
        f"found = [name for name in {HEAVY} if name in sys.modules]"
    )
    assert in_a_new_python(code) == []


def test_a_star_import_brings_the_public_names() -> None:
    code = "names = {}\nexec('from segbench import *', names)\nfound = sorted(names)"
    assert set(in_a_new_python(code)) - {"__builtins__"} == set(segbench.__all__)
