"""Mutation testing: which small changes of the code does no test notice?

    python tools/mutate.py                          every group, 60 mutants of each module
    python tools/mutate.py --group checks --sample 300
    python tools/mutate.py src/segbench/plan/logic.py --tests tests/plan --sample 1000

Results are added to `--out`, one JSON object a mutant: where, the change, killed or survived, by
which test. A group says which tests are quick and near enough to judge its modules.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mutants import Mutant

ROOT = Path(__file__).resolve().parents[1]
SOURCE = "src/segbench/"
MEANING = tuple(f"tests/engine/test_meaning{part}.py" for part in ("", "_of_values", "_of_events"))
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "lowering": (
        (
            *("plan/values.py", "plan/fields.py", "plan/happenings.py", "plan/lower.py"),
            *("plan/zones.py", "plan/logic.py", "model/windows.py", "model/moments.py"),
        ),
        (
            *("tests/plan/test_edges_of_values.py", "tests/plan/test_edges_of_events.py"),
            *("tests/plan/test_lower.py", "tests/plan/test_logic.py"),
            *("tests/model/test_windows.py", "tests/model/test_edges_of_windows.py"),
            "tests/model/test_codec.py",
            *MEANING,
        ),
    ),
    "engines": (
        ("engine/relational*.py",),
        (
            *("tests/engine/test_edges_of_engines.py", "tests/engine/test_engines_agree.py"),
            *MEANING,
        ),
    ),
    "checks": (
        (
            *("model/check.py", "model/checks/*.py", "model/rules.py", "model/codec.py"),
            *("model/describe.py", "model/wording.py"),
        ),
        (
            *("check", "describe", "codec", "rules", "ask", "segment", "operators"),
            *("edges_of_checks", "edges_of_limits", "edges_of_sentences", "edges_of_files"),
        ),
    ),
    "text": (
        (
            *("model/text.py", "model/text_form/*.py"),
            *("model/edit.py", "model/edit_group.py", "model/tree.py"),
        ),
        (
            *("text", "text_errors", "text_laws", "text_limits", "text_page", "text_phrases"),
            *("edit", "rules"),
        ),
    ),
    "rest": (
        (
            *("model/prebuilt*.py", "model/prebuilt_segments/*.py", "model/operator*.py"),
            *("model/catalog.py", "model/segment.py", "model/campaign.py"),
            *("model/values.py", "model/patterns.py", "model/ask*.py"),
            *("plan/atoms.py", "plan/theory.py", "plan/normal.py", "plan/lint.py", "plan/sets.py"),
            *("plan/texts.py", "plan/relations.py", "plan/figures.py", "plan/occurrences.py"),
            *("plan/parts.py", "plan/lines.py", "plan/calendar_parts.py", "plan/neighbours.py"),
            *("plan/proof.py", "plan/satisfiability.py", "plan/encoding.py"),
            *("plan/witness.py", "plan/candidates.py"),
        ),
        ("tests/model", "tests/plan"),
    ),
}
DESELECTED = (
    "tests/model/test_prebuilt_engines.py",
    "tests/engine/test_engines_agree.py::test_the_local_engine",
    "tests/engine/test_engines_agree.py::test_every_",
    "tests/engine/test_engines_agree.py::test_ibis_agrees_with_the_judge_on_freshly",
)
"""Slow ones."""
OF_THE_TEXT = ("tests/model/test_text", "tests/model/test_edit.py")
"""These judge the group `text`: they reach much that others say more about."""


def main() -> None:
    """Run the mutants that the command line asks for."""
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("modules", nargs="*", help="such as src/segbench/plan/logic.py")
    reader.add_argument("--group", choices=tuple(GROUPS), help="modules with their tests")
    reader.add_argument("--tests", nargs="+", default=["tests/model", "tests/plan"])
    reader.add_argument("--sample", type=int, default=60, help="at most so many of each module")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--processes", type=int, default=2)
    reader.add_argument("--again", type=Path, help="only those not killed in this earlier --out")
    reader.add_argument("--without", type=Path, help="only those that this earlier --out lacks")
    reader.add_argument("--out", type=Path, default=Path("test-results/mutants.jsonl"))
    given = reader.parse_args()
    if given.modules:
        _run([Path(name) for name in given.modules], given.tests, given)
    elif given.group:
        _run(*_group(given.group), given)
    else:
        # One process each: what a group imports stays out of the next one.
        for group in GROUPS:
            command = [sys.executable, __file__, *sys.argv[1:], "--group", group]
            subprocess.run(command, check=False)


def _group(name: str) -> tuple[list[Path], list[str]]:
    modules, tests = GROUPS[name]
    paths = [path for each in modules for path in sorted(Path(SOURCE).glob(each))]
    return paths, [test if "/" in test else f"tests/model/test_{test}.py" for test in tests]


def _run(paths: list[Path], tests: list[str], given: argparse.Namespace) -> None:
    # Behind everything else: mutmut brings its own copies of packages that are here already.
    sys.path.append(str(ROOT / ".venv/mutmut"))
    import pytest
    from mutating import Mutating

    chosen = _drawn(paths, given)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    others = OF_THE_TEXT if given.group == "rest" else ()
    deselected = [f"--deselect={name}" for name in (*DESELECTED, *others)]
    options = ["-q", "-s", "-p", "no:cacheprovider", *deselected, *tests]
    raise SystemExit(pytest.main(options, [Mutating(chosen, given.processes, given.out)]))


def _drawn(paths: list[Path], given: argparse.Namespace) -> list[Mutant]:
    """A sample of each module, or what an earlier run did not kill; in an order by chance."""
    from mutants import mutants_of

    left: set[tuple[str, str, str]] = set()
    if given.again is not None:
        left = {each for each, status in _earlier(given.again).items() if status != "killed"}
        paths = [path for path in paths if str(path) in {path for path, _, _ in left}]
    most = given.sample if given.again is None else sys.maxsize
    drawn: list[Mutant] = []
    for path in paths:
        found, whole = mutants_of(path, most, given.seed)
        print(f"{path}: {whole} mutants, {len(found)} of them drawn", flush=True)
        drawn += found
    random.Random(given.seed).shuffle(drawn)
    run = _earlier(given.without) if given.without is not None else {}
    return [m for m in drawn if _name(m) not in run and (not left or _name(m) in left)]


def _name(mutant: Mutant) -> tuple[str, str, str]:
    """What a mutant is known by from run to run; its line moves."""
    return mutant.path, mutant.function, mutant.diff


def _earlier(run: Path) -> dict[tuple[str, str, str], str]:
    """What became of the mutants of an earlier run; of those run twice, the last time."""
    lines = map(json.loads, run.read_text().splitlines())
    return {(each["path"], each["function"], each["diff"]): each["status"] for each in lines}


if __name__ == "__main__":
    main()
