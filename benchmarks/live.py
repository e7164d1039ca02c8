"""Work that follows the data: twenty cached sets right again after a change."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb
import ibis
import numpy as np
import pyarrow as pa
from cached import Planner, twelve_rows
from made import UNTIL
from timing import Line, timed

from segbench.engine.aside import wait_aside
from segbench.engine.asking import ask
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.engine.relational import ordinals_of
from segbench.lake.difference import find_difference
from segbench.lake.lake import Lake
from segbench.lake.snapshot import Snapshot
from segbench.model.ask import did, field
from segbench.model.rules import RuleOrGroup
from segbench.plan.atoms import Atom
from segbench.plan.logic import atoms

CONTACTS, EVENTS = 1_000, 10_000


def twenty_rows() -> list[RuleOrGroup]:
    """Twenty questions, eight of them about events."""
    return [
        *twelve_rows(),
        field("plan").is_any_of("pro"),
        field("email").contains("firma"),
        *(did("email_opened").at_least(n).within(days=60) for n in (1, 2, 3)),
        did("support"),
        did("order_placed").within(days=30),
        did("email_clicked").within(days=365),
    ]


def lines(lake: Lake, plan: Planner) -> Iterator[Line]:
    """A change of fields, then new events; both stay in the lake as snapshots of their own."""
    wanted = [atom for row in twenty_rows() for atom in atoms(plan(row).root)]
    yield _followed(lake, wanted, f"{CONTACTS:,} contacts changed", _change)
    yield _followed(lake, wanted, f"{EVENTS:,} events arrived", _arrive)


def _followed(
    lake: Lake, wanted: list[Atom], name: str, change: Callable[[duckdb.DuckDBPyConnection], None]
) -> Line:
    engine = LocalEngine(lake.snapshot())
    before = {atom: engine.atom(atom) for atom in wanted}
    wait_aside()
    lake.write(change, name)
    newest = lake.snapshot()
    later = LocalEngine(newest)

    def ours() -> None:
        difference = find_difference(lake, engine.snapshot.id, newest)
        assert difference is not None
        assert later.take_over(engine, difference) == len(before)

    mine = timed(ours, 3)
    difference = find_difference(lake, engine.snapshot.id, newest)
    assert difference is not None
    changed = np.union1d(difference.contacts, difference.events)
    semi = timed(lambda: _semi_joined(newest, wanted, before, changed))
    anew: dict[Atom, Membership] = {}
    fresh = timed(lambda: anew.update({atom: ask(atom, newest) for atom in wanted}))
    assert all(later.atom(atom) == anew[atom] for atom in wanted)
    told = f"20 sets right after {name} (evaluating anew: {fresh / mine:.2g} x)"
    met = semi >= 4 * mine and fresh >= 10 * mine
    return Line(told, "4 x DuckDB's semi-join, 10 x anew", mine, {"DuckDB": semi}, met)


def _semi_joined(
    snapshot: Snapshot, wanted: list[Atom], before: dict[Atom, Membership], changed: np.ndarray
) -> None:
    """Each set asked of the changed contacts alone, as one would by hand."""
    few = ibis.memtable(pa.table({"ordinal": changed}))
    for atom in wanted:
        asked = ordinals_of(atom, snapshot).semi_join(few, "ordinal")
        before[atom].patched(changed, [snapshot.ordinals(asked)], snapshot.contacts)


def _change(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(
        "UPDATE lake.contacts SET lead_score = (lead_score + 37) % 101, plan = 'pro' "
        "WHERE ordinal IN (SELECT (hash(i) % (SELECT count(*) FROM lake.contacts))::BIGINT "
        f"FROM range({CONTACTS}) r(i))"
    )


def _arrive(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(
        'INSERT INTO lake.events (ordinal, event, "at") '
        "SELECT (hash(i, 5) % (SELECT count(*) FROM lake.contacts))::BIGINT, 'email_opened', "
        f"{UNTIL} - to_seconds(i) FROM range({EVENTS}) r(i) ORDER BY 3"
    )
