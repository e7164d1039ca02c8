"""Memberships carried over to a later snapshot are those that one would ask for anew."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import duckdb
import numpy as np
import pytest
import trees
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from population import CONTACTS, batch, crowd, tables

from segbench.engine import asking, columns
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.engine.memory import Contact, MemoryEngine
from segbench.lake.catalog import build_catalog
from segbench.lake.catalog_changes import move_on
from segbench.lake.difference import find_difference
from segbench.lake.lake import Lake
from segbench.lake.tables import Notes
from segbench.model.ask import did, field, tag
from segbench.model.rules import Group
from segbench.plan.atoms import Atom
from segbench.plan.logic import Leaf, atoms
from segbench.plan.lower import Context, lower

OTHERS = crowd(40, seed=7)
PARTS = ("contacts", "tags", "events")
EXAMPLES = 25 if os.environ.get("SEGBENCH_SOAK") else 14


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake that these tests change."""
    with Lake.create(tmp_path_factory.mktemp("changing") / "lake") as lake:
        lake.load([batch(CONTACTS)], Notes())
        yield lake


def change(
    lake: Lake, contacts: tuple[Contact, ...], size: int, seed: int, parts: Sequence[str]
) -> tuple[Contact, ...]:
    """Gives some contacts parts of other people, adds some or lets the last ones go."""
    chance = random.Random(seed)
    after = list(contacts[:size])
    changed = set(chance.sample(range(len(after)), min(len(after), chance.randint(0, 9))))
    for ordinal in changed:
        other, mine = chance.choice(OTHERS), after[ordinal]
        if "contacts" in parts:
            mine = replace(mine, fields=other.fields)
        if "tags" in parts:
            mine = replace(mine, tags=other.tags, tagged=other.tagged)
        if "events" in parts:
            mine = replace(mine, events=other.events)
        after[ordinal] = mine
    new = range(len(after), size)
    after += [replace(chance.choice(OTHERS), key=f"new {seed} {ordinal}") for ordinal in new]
    write(lake, after, changed | set(range(size, len(contacts))), set(new), parts)
    return tuple(after)


def write(
    lake: Lake, after: list[Contact], touched: set[int], new: set[int], parts: Sequence[str]
) -> None:
    gone = {ordinal for ordinal in touched if ordinal >= len(after)}
    everything = tables(after, "ordinal")

    def rewrite(cursor: duckdb.DuckDBPyConnection) -> None:
        for part in PARTS:
            old = touched if part in parts else gone
            ours = sorted((old | new) - gone)
            listed = ", ".join(map(str, sorted(old))) or "-1"
            cursor.execute(f"DELETE FROM lake.{part} WHERE ordinal IN ({listed})")
            mask = np.isin(everything[part]["ordinal"].to_numpy(), ours)
            cursor.register("rows", everything[part].filter(mask))
            cursor.execute(f"INSERT INTO lake.{part} BY NAME FROM rows")
            cursor.unregister("rows")

    lake.write(rewrite, "changed")


def moved_on(lake: Lake, earlier: LocalEngine) -> LocalEngine:
    later = LocalEngine(lake.snapshot())
    difference = find_difference(lake, earlier.snapshot.id, later.snapshot)
    assert difference is not None
    later.take_over(earlier, difference)
    return later


def asked(roots: Sequence[Group], context: Context) -> list[Atom]:
    return list(dict.fromkeys(a for root in roots for a in atoms(lower(root, context).root)))


# The lake is loaded anew for each example, so shrinking one would take minutes.
@settings(max_examples=EXAMPLES, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(
    st.lists(trees.groups, min_size=1, max_size=4),
    st.lists(
        st.tuples(
            st.integers(1, 300),
            st.integers(0, 10**6),
            st.lists(st.sampled_from(PARTS), min_size=1, max_size=3, unique=True),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_after_any_changes_every_membership_is_what_the_judge_says(
    lake: Lake,
    context: Context,
    monkeypatch: pytest.MonkeyPatch,
    roots: list[Group],
    steps: list[tuple[int, int, list[str]]],
) -> None:
    wanted = asked(roots, context)
    monkeypatch.setattr(asking, "FEW", 0)
    monkeypatch.setattr(columns, "FEW", 0)
    monkeypatch.setattr(columns, "MOST_CHANGED", 1.0)
    lake.load([batch(CONTACTS)], Notes())
    contacts, engine = CONTACTS, LocalEngine(lake.snapshot())
    for atom in wanted:
        engine.atom(atom)
        engine.timelines.prepare(atom)
    for name in engine.snapshot.field_types():
        engine.columns.prepare(name)
    for size, seed, parts in steps:
        contacts, before = change(lake, contacts, size, seed, parts), engine.snapshot
        engine, judge = moved_on(lake, engine), MemoryEngine(contacts)
        after = engine.snapshot
        difference = find_difference(lake, before.id, after)
        assert difference is not None
        moved = move_on(before.catalog(), lake, before, after, difference)
        assert moved in (None, build_catalog(after))
        for atom in wanted:
            found = engine.atom(atom)
            assert found == judge.members(Leaf(atom)), atom
            for answer in (engine.timelines.answer(atom), engine.columns.answer(atom)):
                assert answer is None or answer == found


def test_what_did_not_change_is_not_asked_again(lake: Lake, context: Context) -> None:
    lake.load([batch(CONTACTS)], Notes())
    wanted = asked([did("email_opened") & field("country").is_any_of("DE") & tag("vip")], context)
    engine = LocalEngine(lake.snapshot())
    for atom in wanted:
        engine.atom(atom)
    contacts = change(lake, CONTACTS, 281, 5, ["contacts"])
    later = moved_on(lake, engine)
    judge = MemoryEngine(contacts)
    assert all(later.atom(atom) == judge.members(Leaf(atom)) for atom in wanted)
    assert later.queries == 0


def test_a_replaced_column_keeps_nothing(lake: Lake, context: Context) -> None:
    (atom,) = asked([Group(rules=(field("age") >= 18,))], context)
    engine = LocalEngine(lake.snapshot())
    engine.atom(atom)
    lake.write(drop_age, "dropped")
    later = LocalEngine(lake.snapshot())
    difference = find_difference(lake, engine.snapshot.id, later.snapshot)
    assert difference is not None
    assert later.take_over(engine, difference) == 0


def drop_age(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute("ALTER TABLE lake.contacts DROP age")


def test_a_snapshot_before_the_table_was_made_has_no_difference(lake: Lake) -> None:
    with lake.snapshot() as newest:
        assert find_difference(lake, newest.id + 1, newest) is None
        same = find_difference(lake, newest.id, newest)
        assert same is not None
        assert same.size == 0


@given(
    st.integers(0, 140).flatmap(
        lambda n: st.tuples(st.just(n), st.sets(st.integers(0, 139)), st.sets(st.integers(0, 139)))
    ),
    st.integers(0, 140),
)
def test_patching_changes_the_changed_bits_and_no_others(
    first: tuple[int, set[int], set[int]], contacts: int
) -> None:
    before, held, changed = first
    members = Membership.of(sorted(o for o in held if o < before), before)
    touched = changed | set(range(before, contacts))
    now = {ordinal for ordinal in touched if ordinal % 3 == 0 and ordinal < contacts}
    found = members.patched(
        np.array(sorted(touched), np.int64), [np.array(sorted(now), np.int64)], contacts
    )
    kept = {o for o in held if o < min(before, contacts)} - touched
    assert set(found.ids().tolist()) == kept | now
    assert found == Membership.of(sorted(kept | now), contacts)
