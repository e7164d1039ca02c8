"""Work that asks the data: new rows beside hand-written SQL on the same lake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, get_args

import numpy as np
from cached import Planner
from made import UNTIL
from timing import Line, median, timed

from segbench.engine.asking import ask
from segbench.engine.kept_members import KeptMembers
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.model.ask import did, did_not, field, measure, tag
from segbench.model.rules import RuleOrGroup
from segbench.plan.atoms import Atom, HasTag, ValueAtom
from segbench.plan.logic import atoms

NEW = "≤ 1.3 x + 15 ms"
EVENT = "≤ 1.3 x"


def lines(engine: LocalEngine, plan: Planner) -> Iterator[Line]:
    """New rows, then the same ones with another threshold, window or condition."""
    for name, rule, sql in _rows():
        (atom,) = atoms(plan(rule).root)
        fields = isinstance(atom, get_args(ValueAtom)) and engine.columns.prepare(atom.field)
        if fields:
            yield _line(engine, name, atom, sql, engine.columns.answer)
            name = "… the first question about that field, asked of the lake"
        elif isinstance(atom, HasTag):
            kept = KeptMembers(engine.snapshot.kept, engine.contacts, 1 << 30)
            kept.put(atom, ask(atom, engine.snapshot))
            yield _line(engine, name, atom, sql, kept.get)
            name = "… asked of the lake, where the import did not prepare it"
        yield _line(engine, name, atom, sql, partial(ask, snapshot=engine.snapshot))
    for name, rule, sql in _events():
        (atom,) = atoms(plan(rule).root)
        yield _line(engine, name, atom, sql, partial(ask, snapshot=engine.snapshot), EVENT, 0.0)
    yield from _others(engine, plan)


def _rows() -> list[tuple[str, RuleOrGroup, str]]:
    contacts = "SELECT ordinal FROM contacts WHERE"
    return [
        ("number: lead score ≥ 60", field("lead_score") >= 60, f"{contacts} lead_score >= 60"),
        (
            "category: country is any of 3",
            field("country").is_any_of("DE", "AT", "CH"),
            f"{contacts} lower(trim(country)) IN ('de', 'at', 'ch')",
        ),
        (
            "date: created in the last 90 days",
            field("created_at").in_last(days=90),
            f"{contacts} created_at > {UNTIL} - to_days(90) AND created_at <= {UNTIL}",
        ),
        ("tag", tag("vip"), "SELECT ordinal FROM tags WHERE tag = 'vip'"),
        (
            "text contains, case folded",
            field("email").contains("Firma"),
            f"{contacts} contains(lower(trim(email)), 'firma')",
        ),
    ]


def _events() -> list[tuple[str, RuleOrGroup, str]]:
    return [
        (
            "event: opened at least 3 times in 30 days",
            did("email_opened").at_least(3).within(days=30),
            _having("email_opened", 30, 3),
        ),
        (
            "event: sent at least 3 times in 365 days",
            did("email_sent").at_least(3).within(days=365),
            _having("email_sent", 365, 3),
        ),
        (
            "condition edited: orders over 400",
            did(
                "order_placed",
            )
            .matching(field("amount") > 400)
            .within(days=365),
            _having("order_placed", 365, 1, " AND amount > 400"),
        ),
    ]


def _having(event: str, days: int, times: int, where: str = "") -> str:
    return (
        f"SELECT ordinal FROM events WHERE event = '{event}' AND "
        f'"at" > {UNTIL} - to_days({days}) AND "at" <= {UNTIL}{where} '
        f"GROUP BY ordinal HAVING count(*) >= {times}"
    )


def _line(
    engine: LocalEngine,
    name: str,
    atom: Atom,
    sql: str,
    answer: Callable[[Atom], Membership | None],
    bar: str = NEW,
    more: float = 0.015,
) -> Line:
    ours = answer(atom)
    assert ours is not None
    _same(engine, ours, sql)
    counted = f"SELECT count(*) FROM ({sql})"
    theirs = median(lambda: engine.snapshot.rows(counted))
    mine = median(lambda: answer(atom))
    return Line(name, bar, mine, {"DuckDB": theirs}, mine <= 1.3 * theirs + more)


def _others(engine: LocalEngine, plan: Planner) -> Iterator[Line]:
    """From a timeline, which is gathered once beside the second question."""
    engine.forget()
    (first,) = atoms(plan(did("email_opened").within(days=7)).root)
    taken = timed(lambda: engine.timelines.prepare(first))
    yield Line("a timeline, gathered aside, once", "", taken, {})
    for days, times, least in ((30, 2, 10), (365, 5, 100)):
        rule = did("email_opened").at_least(times).within(days=days)
        sql = _having("email_opened", days, times)
        name = f"another threshold or window: {times} in {days} days"
        yield _again(engine, plan, name, rule, sql, f"{least} x", least)
    latest = (
        "SELECT ordinal FROM events WHERE event = 'email_opened' AND \"at\" <= {0} "
        'GROUP BY ordinal HAVING max("at") {1} {0} - to_days(90)'
    )
    rule = measure("last_time", "email_opened").in_last(days=90)
    sql = latest.format(UNTIL, ">")
    yield _again(engine, plan, "last did: in the last 90 days", rule, sql, "50 x", 50)
    rule = did_not("email_opened").within(days=90)
    yield _again(engine, plan, "not since 90 days", rule, sql, "50 x", 50, negated=True)


def _again(
    engine: LocalEngine,
    plan: Planner,
    name: str,
    rule: RuleOrGroup,
    sql: str,
    bar: str,
    least: float,
    *,
    negated: bool = False,
) -> Line:
    root = plan(rule).root
    (atom,) = atoms(root)

    def ours() -> Any:
        return engine.timelines.answer(atom)

    held = engine.members(root)
    _same(engine, ~held if negated else held, sql)
    theirs = median(lambda: engine.snapshot.rows(f"SELECT count(*) FROM ({sql})"), 3)
    mine = median(ours)
    return Line(name, bar, mine, {"DuckDB": theirs}, theirs >= least * mine)


def _same(engine: LocalEngine, ours: Membership, sql: str) -> None:
    ordinals = engine.snapshot.ordinals(sql)
    assert ours == Membership.of(np.asarray(ordinals), engine.contacts), sql
