"""Work on what is known already: toggles, patterns, overlaps, sliders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

from opponents import Flags, InDuckDB, InPandas, InPolars, Node
from timing import Line, median, timed

from segbench.audience.evaluation import Table, evaluate
from segbench.audience.overlap import overlap
from segbench.engine.bit_table import BitTable
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.engine.patterns import tabulate
from segbench.model.ask import did, field, tag
from segbench.model.rules import Group, Path, RuleOrGroup, as_group
from segbench.model.tree import walk
from segbench.plan.logic import atoms
from segbench.plan.lower import Plan

Planner = Callable[[RuleOrGroup], Plan]


def eight_rows(word: str = "and") -> Group:
    """A nested segment of eight rows."""
    inner = (
        did("email_clicked").within(days=90) | did("order_placed") | field("plan").is_any_of("pro")
    )
    flat = (
        field("country").is_any_of("DE", "AT", "CH"),
        tag("vip"),
        field("lead_score") >= 30,
        field("subscribed").is_true(),
        did("email_opened").at_least(2).within(days=60),
    )
    return Group(word, (*flat, as_group(inner)))  # type: ignore[arg-type]


def twelve_rows() -> list[RuleOrGroup]:
    """Twelve questions of every kind."""
    return [
        *(field("country").is_any_of(name) for name in ("US", "DE", "FR")),
        *(tag(name) for name in ("vip", "trial", "webinar")),
        *(field("lead_score") >= score for score in (25, 50, 75)),
        did("order_placed"),
        did("page_visited").within(days=90),
        field("subscribed").is_true(),
    ]


def lines(engine: LocalEngine, plan: Planner) -> Iterator[Line]:
    """What does not ask the data."""
    yield from _toggles(engine, plan)
    members = {f"r{n}": engine.members(plan(row).root) for n, row in enumerate(twelve_rows())}
    yield from _patterns(members, engine.contacts)
    yield from _slider(engine, plan)


def _toggles(engine: LocalEngine, plan: Planner) -> Iterator[Line]:
    trees = {word.upper(): eight_rows(word) for word in ("and", "or")}
    plans = {word: plan(tree) for word, tree in trees.items()}
    wanted = _wanted(plans["AND"])
    shapes = {word: _shape(tree) for word, tree in trees.items()}
    rules = (path for path, node in walk(trees["AND"]) if not isinstance(node, Group))
    flags = {_name(path): engine.members(plans["AND"].nodes[path]).flags() for path in rules}
    opponents = _opponents(flags)
    members = {atom: engine.atom(atom) for atom in wanted}
    bits, table = BitTable(members, engine.contacts), engine.patterns(wanted)
    for word in trees:
        for name, one in opponents.items():
            for each in (bits, table):
                assert one.numbers(shapes[word]) == _numbers(trees[word], plans[word], each), name
    times = {
        name: median(lambda one=one: [one.numbers(shape) for shape in shapes.values()]) / 2
        for name, one in opponents.items()
    }

    def flipped(each: Table) -> float:
        return median(lambda: [evaluate(trees[w], plans[w], each) for w in trees]) / 2

    ours = flipped(table)
    met = ours <= 0.001 and times["polars"] >= 50 * ours and times["DuckDB"] >= 100 * ours
    said = "flip AND/OR, 8 nested rows: total, each row's count, waterfall, leave-one-out"
    yield Line(said, "≤ 1 ms; 50 x polars, 100 x DuckDB", ours, times, met)
    ours = flipped(bits)
    met = times["polars"] >= 5 * ours and times["DuckDB"] >= 25 * ours
    yield Line("the same from bitsets", "5 x polars, 25 x DuckDB", ours, times, met)


def _shape(group: Group, path: Path = ()) -> Node:
    """The tree with a column's name for each of its rules."""
    members = (
        _shape(node, (*path, place)) if isinstance(node, Group) else _name((*path, place))
        for place, node in enumerate(group.rules)
    )
    return group.combinator.upper(), tuple(members)


def _name(path: Path) -> str:
    return "r" + "_".join(map(str, path))


def _numbers(tree: Group, plan: Plan, table: Table) -> list[int]:
    found = evaluate(tree, plan, table)
    nodes = (found.nodes[path] for path, _ in walk(tree) if path)
    return [found.total, *chain.from_iterable((n.alone, n.after, n.without) for n in nodes)]


def _patterns(members: dict[str, Membership], contacts: int) -> Iterator[Line]:
    opponents = _opponents({name: each.flags() for name, each in members.items()})
    table = tabulate(members, contacts)
    rows = zip(*(table.truth[name].tolist() for name in members), strict=True)
    ours = dict(zip(rows, table.counts.tolist(), strict=True))
    for name, one in opponents.items():
        assert one.patterns() == ours, name
    times = {name: timed(one.patterns) for name, one in opponents.items()}
    mine = median(lambda: tabulate(members, contacts))
    met = all(other >= 2 * mine for other in times.values())
    yield Line("pattern table of 12 questions", "2 x each", mine, times, met)
    found = overlap(members)

    def pairs() -> None:
        found.__dict__.pop("pairs", None)
        assert found.pairs

    mine = median(pairs)
    yield Line("12 x 12 overlap from it", "≤ 1 ms", mine, {}, mine <= 0.001)


def _slider(engine: LocalEngine, plan: Planner) -> Iterator[Line]:
    days = range(1, 366)
    trees = [Group("and", (did("email_opened").within(days=n), *twelve_rows()[:11])) for n in days]
    plans = [plan(tree) for tree in trees]
    asked = [frozenset(_wanted(each)) for each in plans]
    staying = frozenset.intersection(*asked)
    sliding = [next(iter(each - staying)) for each in asked]
    for atom in staying:
        engine.atom(atom)
    engine.timelines.prepare(sliding[0])
    mine = median(lambda: engine.cube(sliding, staying))
    said = "slider, 11 other rows: the cube of 365 positions"
    yield Line(said, "≤ 100 ms", mine, {}, mine <= 0.1)
    cube = engine.cube(sliding, staying)
    for place in (0, 29, 364):
        direct = evaluate(trees[place], plans[place], engine.patterns(asked[place]))
        assert evaluate(trees[place], plans[place], cube.at(place)) == direct
    mine = median(lambda: evaluate(trees[29], plans[29], cube.at(29)))
    yield Line("one tick, all counts", "≤ 1 ms", mine, {}, mine <= 0.001)


def _opponents(flags: Flags) -> dict[str, Any]:
    return {"DuckDB": InDuckDB(flags), "polars": InPolars(flags), "pandas": InPandas(flags)}


def _wanted(plan: Plan) -> list[Any]:
    logics = (plan.root, *plan.nodes.values())
    return list(dict.fromkeys(atom for logic in logics for atom in atoms(logic)))
