"""Speed as ratios in one run: segbench beside hand-written DuckDB SQL, polars and pandas.

    make bench                                 100,000 contacts
    make bench ARGS="--contacts 1000000"       1,000,000 contacts, about 26,000,000 events

Every pair of answers is compared before its times are: bit by bit where contacts are compared.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from segbench.audience.evaluation import evaluate
from segbench.demo.fill import demo_crm, fill
from segbench.engine.membership import Membership
from segbench.model.ask import did, engaged, field, tag
from segbench.model.rules import Group, RuleOrGroup, as_group
from segbench.plan.logic import atoms
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace

UNTIL = dt.datetime(2026, 11, 1)
SINCE = "TIMESTAMP '2026-10-02 00:00:00'"
ROUNDS = 7


def main() -> None:
    """Fill a workspace, run every comparison, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    contacts = parser.parse_args().contacts
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "bench")
        report = fill(workspace, demo_crm(contacts, seed=7, until=UNTIL))
        print(f"{report.contacts:,} contacts, {report.events:,} events; median of {ROUNDS}\n")
        with Workbench.open(workspace.root) as workbench:
            print("| work | segbench | DuckDB | polars | pandas |\n|---|---|---|---|---|")
            for name, rule, sql in new_rows():
                compare_new_row(workbench, name, rule, sql)
            compare_toggle(workbench)


def new_rows() -> list[tuple[str, RuleOrGroup, str]]:
    """Rows asked of the data for the first time, each with the SQL somebody would write."""
    recent = f'"at" > {SINCE} AND "at" <= TIMESTAMP \'2026-11-01 00:00:00\''
    return [
        (
            "field row: country is any of",
            field("country").is_any_of("DE", "AT", "CH"),
            "SELECT ordinal FROM contacts WHERE lower(trim(country)) IN ('de', 'at', 'ch')",
        ),
        (
            "field row: lead score",
            field("lead_score") >= 60,
            "SELECT ordinal FROM contacts WHERE lead_score >= 60",
        ),
        (
            "tag row",
            tag("compliant"),
            "SELECT ordinal FROM tags WHERE tag = 'compliant'",
        ),
        (
            "event row: opened at least 3 in the last 30 days",
            did("email_opened").at_least(3).within(days=30),
            "SELECT ordinal FROM events WHERE event = 'email_opened' AND "
            f"{recent} GROUP BY ordinal HAVING count(*) >= 3",
        ),
    ]


def compare_new_row(workbench: Workbench, name: str, rule: RuleOrGroup, sql: str) -> None:
    """The time to answer a new row with a membership, beside DuckDB's for the same ordinals."""
    snapshot, engine = workbench.engine.snapshot, workbench.engine
    (atom,) = atoms(workbench.plan(rule).root)

    def ours() -> Membership:
        engine.forget()
        return engine.atom(atom)

    def theirs() -> Any:
        return snapshot.ordinals(sql)

    assert ours() == Membership.of(theirs(), engine.contacts), name
    show(name, median(ours), median(theirs))


def compare_toggle(workbench: Workbench) -> None:
    """Flipping AND/OR in an 8-row nested segment: total, every row's count and the waterfall."""
    root = eight_rows()
    plan = workbench.plan(root)
    wanted = [atom for logic in plan.nodes.values() for atom in atoms(logic)]
    table = workbench.engine.patterns(wanted)
    flipped = Group("or", root.rules)
    plans = [(root, plan), (flipped, workbench.plan(flipped))]
    flags = {f"r{i}": m.flags() for i, m in enumerate(members(workbench, root))}
    opponents = {
        "duckdb": DuckToggle(flags),
        "polars": PolarsToggle(flags),
        "pandas": PandasToggle(flags),
    }
    for (tree, each), word in zip(plans, ("and", "or"), strict=True):
        total = evaluate(tree, each, table).total
        assert {one.count(word) for one in opponents.values()} == {total}

    def ours() -> None:
        for tree, each in plans:
            evaluate(tree, each, table)

    times = [median(ours) / 2]
    for one in opponents.values():
        times += [median(partial(both, one)) / 2]
    show("toggle, all numbers of 8 rows (others: the total only, same booleans)", *times)


def both(opponent: Any) -> None:
    """The total with AND, then with OR."""
    opponent.count("and")
    opponent.count("or")


def eight_rows() -> Group:
    """A nested segment of eight rows."""
    inner = did("email_clicked").within(days=90) | did("order_placed") | engaged(days=30)
    flat = (
        field("country").is_any_of("DE", "AT", "CH"),
        tag("compliant"),
        field("lead_score") >= 30,
        field("plan").is_none_of("free"),
        did("email_opened").at_least(2).within(days=60),
    )
    return Group("and", (*flat, as_group(inner)))


def members(workbench: Workbench, root: Group) -> list[Membership]:
    """The memberships of the root's rows."""
    plan = workbench.plan(root)
    return [workbench.engine.members(plan.nodes[(i,)]) for i in range(len(root.rules))]


class PolarsToggle:
    """The total from cached booleans, in polars."""

    def __init__(self, flags: dict[str, Any]) -> None:
        self.frame, self.names = pl.DataFrame(flags), list(flags)

    def count(self, word: str) -> int:
        """How many contacts all rows (or any row) hold."""
        every = pl.all_horizontal if word == "and" else pl.any_horizontal
        return int(self.frame.select(every(self.names).sum()).item())


class PandasToggle:
    """The total from cached booleans, in pandas."""

    def __init__(self, flags: dict[str, Any]) -> None:
        self.frame = pd.DataFrame(flags)

    def count(self, word: str) -> int:
        """How many contacts all rows (or any row) hold."""
        found = self.frame.all(axis=1) if word == "and" else self.frame.any(axis=1)
        return int(found.sum())


class DuckToggle:
    """The total from cached booleans, in DuckDB."""

    def __init__(self, flags: dict[str, Any]) -> None:
        import duckdb

        self.connection, self.names = duckdb.connect(), list(flags)
        frame = pl.DataFrame(flags).to_arrow()
        self.connection.register("incoming", frame)
        self.connection.execute("CREATE TABLE flags AS FROM incoming")

    def count(self, word: str) -> int:
        """How many contacts all rows (or any row) hold."""
        where = f" {word} ".join(self.names)
        found = self.connection.execute(f"SELECT count(*) FROM flags WHERE {where}").fetchone()
        return int(found[0]) if found else 0


def median(work: Callable[[], Any]) -> float:
    """The median time of some rounds after a first one, in seconds."""
    work()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def show(name: str, ours: float, *others: float) -> None:
    """One line of the table: times, and how many times longer the others take."""
    cells = [f"{1000 * other:.2f} ms ({other / ours:.1f} x)" for other in others]
    cells += ["–"] * (3 - len(cells))
    print(f"| {name} | {1000 * ours:.2f} ms | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    np.seterr(all="raise")
    main()
