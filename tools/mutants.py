"""The mutants of a module, as mutmut makes them: one small change each, inside a function."""

from __future__ import annotations

import ast
import difflib
import gc
import importlib
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

SOURCE = Path("src")


@dataclass(frozen=True)
class Mutant:
    """A module with one change: which function, at which line, and the whole new text."""

    path: str
    function: str
    line: int
    diff: str
    text: str


def mutants_of(path: Path, most: int, seed: int) -> tuple[list[Mutant], int]:
    """Mutants of the module, drawn by chance where there are more; and how many there are."""
    from mutmut.mutation.file_mutation import create_mutations

    text = path.read_text()
    module, mutations, _, _ = create_mutations(str(path), text)
    functions, places = _functions(ast.parse(text)), _places(module)
    inner = [each for each in mutations if each.contained_by_top_level_function is not None]
    # All are put into one order: a larger sample holds the smaller one.
    drawn = random.Random(seed).sample(inner, len(inner))[:most]
    found: dict[str, Mutant] = {}
    for mutation in drawn:
        statement, start = places[mutation.original_node]
        before = module.code_for_node(statement)
        node = statement.deep_replace(mutation.original_node, mutation.mutated_node)
        changed = text[:start] + module.code_for_node(node) + text[start + len(before) :]
        shown = _diff(text, changed)
        if shown is None or changed in found:
            continue
        line, diff = shown
        inside = [
            name for name, node in functions if _first(node) <= line <= (node.end_lineno or 0)
        ]
        if inside:
            found[changed] = Mutant(str(path), inside[0], line, diff, changed)
    return list(found.values()), len(inner)


def _places(module: Any) -> dict[Any, tuple[Any, int]]:
    """For each node of the tree the outermost statement around it, and where its text begins."""
    found, start = {}, len(module.code) - sum(len(module.code_for_node(s)) for s in module.body)
    assert not module.footer, "comments at the end of a module are not reckoned with"
    for statement in module.body:
        waiting = [statement]
        while waiting:
            node = waiting.pop()
            found[node] = statement, start
            waiting += node.children
        start += len(module.code_for_node(statement))
    return found


def lines_of(mutant: Mutant) -> tuple[set[int], set[int]]:
    """The lines of the changed statement, and those of the function around it."""
    tree = ast.parse(Path(mutant.path).read_text())
    function = dict(_functions(tree))[mutant.function]
    statement = {mutant.line}
    for node in ast.walk(function):
        simple = isinstance(node, ast.stmt) and not hasattr(node, "body") and node.end_lineno
        if simple and node.lineno <= mutant.line <= node.end_lineno:
            statement |= set(range(node.lineno, node.end_lineno + 1))
    body = set(range(function.body[0].lineno, (function.end_lineno or 0) + 1))
    return statement, body


def apply(mutant: Mutant) -> None:
    """Give the living function the mutant's code; whoever imported it gets the change too."""
    name = mutant.path.removeprefix(f"{SOURCE}/").removesuffix(".py").replace("/", ".")
    module = importlib.import_module(name.removesuffix(".__init__"))
    changed: Any = dict(_functions(ast.parse(mutant.text)))[mutant.function]
    changed.decorator_list = []
    around, _, function = mutant.function.rpartition(".")
    whole = ast.parse("from __future__ import annotations\nclass Around: ...")
    # A method stands in a class, which gives it `super()` and names with two underscores.
    inside: Any = whole.body[1]
    inside.name, inside.body = around or "Around", [changed]
    made: dict[str, Any] = {}
    exec(compile(whole, mutant.path, "exec"), module.__dict__, made)
    new, living = vars(made[inside.name])[function], _living(module, mutant.function)
    _apply_inside(living.__code__, new.__code__)
    living.__code__ = new.__code__
    living.__defaults__, living.__kwdefaults__ = new.__defaults__, new.__kwdefaults__


def _apply_inside(old: CodeType, new: CodeType) -> None:
    """Change what the function made while its module was imported: `_known(WEEKDAYS)`."""
    before, after = _inner(old), _inner(new)
    changed = {code: after[name] for name, code in before.items() if name in after}
    if changed:
        gc.unfreeze()
        for each in gc.get_objects():
            code = changed.get(each.__code__) if isinstance(each, FunctionType) else None
            if code is not None and code.co_freevars == each.__code__.co_freevars:
                each.__code__ = code


def _inner(code: CodeType) -> dict[str, CodeType]:
    """The functions inside a function by name; where two have one name, neither."""
    found = [each for each in code.co_consts if isinstance(each, CodeType)]
    names = Counter(each.co_name for each in found)
    names["<genexpr>"] = 0
    return {each.co_name: each for each in found if names[each.co_name] == 1}


def _living(module: ModuleType, function: str) -> FunctionType:
    found: Any = module
    for name in function.split("."):
        found = vars(found)[name]
    while not isinstance(found, FunctionType):
        found = next(
            inner
            for name in ("__wrapped__", "__func__", "fget", "func")
            if (inner := getattr(found, name, None)) is not None
        )
    return found


def _functions(tree: ast.Module) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found.append((node.name, node))
        elif isinstance(node, ast.ClassDef):
            inner = (each for each in node.body if isinstance(each, ast.FunctionDef))
            found.extend((f"{node.name}.{each.name}", each) for each in inner)
    return found


def _first(node: Any) -> int:
    return int(min(each.lineno for each in (node, *node.decorator_list)))


def _diff(before: str, after: str) -> tuple[int, str] | None:
    """The first changed line and the change as removed and added lines."""
    old, new = before.splitlines(), after.splitlines()
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changed = [block for block in blocks if block[0] != "equal"]
    if not changed:
        return None
    lines: list[str] = []
    for _, a, b, c, d in changed:
        lines += [f"- {line.strip()}" for line in old[a:b]]
        lines += [f"+ {line.strip()}" for line in new[c:d]]
    return min(changed[0][1] + 1, len(old)), "\n".join(lines)
