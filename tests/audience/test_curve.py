"""A curve has at every number what the judge counts for the tree with that number in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import trees
from hypothesis import given, settings
from hypothesis import strategies as st

from segbench.audience.curve import Curve, curve
from segbench.audience.dial import CAN, Dial, dials, turned, turned_row
from segbench.audience.opens import ALL, HUMAN, NONE, ways_to_count_opens
from segbench.audience.reachability import Reach
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.engine.memory import MemoryEngine
from segbench.errors import RuleError
from segbench.lake.lake import Lake
from segbench.model.ask import did, did_not, engaged, field, tag
from segbench.model.edit import insert
from segbench.model.prebuilt_segments.names import Names
from segbench.model.rules import FieldRule, Group, Rule, as_group
from segbench.model.tree import node_at, walk
from segbench.model.vocabulary import STANDARD
from segbench.plan.lower import Context, lower

VISITS = did("page_visited")
ROWS: tuple[Rule, ...] = (
    did("email_opened").within(days=30),
    did_not("email_opened").within(days=7),
    did("order_placed").at_least(2).within(weeks=4),
    did("order_placed").at_most(1).within(months=3),
    did("order_placed").exactly(1).within(days=14),
    VISITS.times(1, 3).within(hours=36),
    VISITS.at_least(2).after_last(did("email_opened")).within(days=90),
    did("order_placed").at_least(2).matching(field("amount") >= 10),
    did("page_visited").at_least(60),
    did_not("cart_updated"),
    engaged(days=7),
    replace(engaged(days=500), negated=True),
    ~did("email_opened").within(days=30),
    replace(did("order_placed").within(days=30), clock="contact"),
    replace(did("order_placed").at_most(1).within(months=1), clock="contact"),
    field("score") >= 0.2,
    field("score") < 50,
    field("age") <= 18,
    field("age") > 17.5,
    FieldRule("age", "at_least", (18,), unknown="include"),
    FieldRule("score", "less_than", (0.3,), unknown="include", negated=True),
)


@pytest.fixture(scope="module")
def engine(lake: Lake) -> Iterator[LocalEngine]:
    with lake.snapshot() as snapshot:
        yield LocalEngine(snapshot)


def drawn(root: Group, dial: Dial, context: Context, engine: LocalEngine, reach: Reach) -> Curve:
    def lowered(row: Rule) -> object:
        return lower(as_group(row), context).root

    row = node_at(root, dial.path)
    assert not isinstance(row, Group)
    ways = ways_to_count_opens(row, Names(context.catalog, STANDARD))
    return curve(root, dial, lower(root, context), lowered, engine, reach, ways)  # type: ignore[arg-type]


@settings(max_examples=60)
@given(data=st.data())
def test_every_number_of_a_curve_is_the_count_of_the_changed_tree(
    data: st.DataObject, context: Context, engine: LocalEngine, memory_engine: MemoryEngine
) -> None:
    grown = data.draw(trees.groups)
    places = [path for path, node in walk(grown) if isinstance(node, Group)]
    parent = data.draw(st.sampled_from(places))
    root = insert(grown, parent, 0, data.draw(st.sampled_from(ROWS)))
    path = (*parent, 0)
    there = [dial for dial in dials(root, lower(root, context).nodes) if dial.path == path]
    if not there:
        # A group around it is switched off.
        assert path not in lower(root, context).nodes
        return
    dial = data.draw(st.sampled_from(there))
    chance = np.random.default_rng(data.draw(st.integers(0, 99)))
    reached = Membership.from_flags(chance.random(engine.contacts) < 0.6)
    found = drawn(root, dial, context, engine, Reach(reached))
    assert found.numbers[found.now] == dial.now
    assert list(found.numbers) == sorted(set(found.numbers))
    last = len(found.numbers) - 1
    for at in {0, found.now, last, *data.draw(st.lists(st.integers(0, last), max_size=6))}:
        tree = turned(root, dial, found.numbers[at])
        members = memory_engine.members(lower(tree, context).root)
        assert found.totals[at] == len(members)
        assert found.reachable is not None
        assert found.reachable[at] == len(members & reached)


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_every_row_that_can_be_turned_has_its_own_count_at_the_present_number(
    row: Rule, context: Context, engine: LocalEngine, memory_engine: MemoryEngine
) -> None:
    there = dials(as_group(row), [(), (0,)])
    assert there
    for dial in there:
        found = drawn(as_group(row), dial, context, engine, Reach(None, "it is not known"))
        wanted = len(memory_engine.members(lower(as_group(row), context).root))
        assert found.totals[found.now] == wanted
        assert (found.reachable, found.why) == (None, "it is not known")
        steps = np.diff(found.totals)
        assert (
            (steps <= 0).all()
            or (steps >= 0).all()
            or getattr(row, "op", "")
            in (
                "exactly",
                "between",
            )
        )


def test_usual_places_are_a_year_of_days_fifty_times_and_the_numbers_that_contacts_have(
    context: Context, engine: LocalEngine
) -> None:
    root = did("email_opened").at_least(2).within(days=30) & (field("age") >= 18)
    window, times, bound = dials(root, [(0,), (1,)])
    assert (window.path, window.what, window.now, window.unit) == ((0,), "window", 30, "days")
    assert window.places == tuple(range(1, 366))
    assert (times.what, times.now, times.places) == ("times", 2, tuple(range(1, 51)))
    assert (bound.path, bound.what, bound.unit, bound.places) == ((1,), "bound", "age", ())
    found = drawn(root, bound, context, engine, Reach(None, ""))
    assert found.numbers == (-(2**53), -1, 0, 1, 17, 18, 22, 65, 2**53)


def test_a_number_beyond_the_usual_places_is_a_place_too() -> None:
    (window, times) = dials(as_group(did("email_opened").at_least(400).within(days=900)), [(0,)])
    assert {365, 900} <= set(window.places)
    assert {50, 400} <= set(times.places)
    assert window.places[-1] == 900
    assert len(window.places) < 500


def test_opens_are_counted_in_three_ways(
    context: Context, engine: LocalEngine, memory_engine: MemoryEngine
) -> None:
    row = did("email_opened").within(days=30)
    (window,) = dials(as_group(row), [(0,)])[:1]
    found = drawn(as_group(row), window, context, engine, Reach(None, ""))
    assert list(found.otherwise) == [ALL, HUMAN, NONE]
    machine = FieldRule("machine_open", "is_true", negated=True)
    for name, base in (
        (ALL, did("email_opened")),
        (HUMAN, did("email_opened").matching(machine)),
        (NONE, did("email_clicked")),
    ):
        for at in (0, 6, 29, 364):
            tree = as_group(base.within(days=found.numbers[at]))
            members = memory_engine.members(lower(tree, context).root)
            assert found.otherwise[name][at] == len(members)


@pytest.mark.parametrize(
    ("row", "ways"),
    [
        (did("email_clicked").within(days=30), []),
        (tag("vip"), []),
        (did("email_opened").matching(FieldRule("machine_open", "is_true")), [ALL, HUMAN, NONE]),
        (engaged(days=30), [ALL, HUMAN, "no opens"]),
        (replace(did("email_opened"), also=("email_clicked",)), [ALL, HUMAN, "no opens"]),
    ],
)
def test_only_rows_about_opens_have_ways_to_count_them(
    row: Rule, ways: list[str], context: Context
) -> None:
    assert list(ways_to_count_opens(row, Names(context.catalog, STANDARD))) == ways


def test_what_clicks_do_not_say_cannot_be_asked_of_them(context: Context) -> None:
    row = did("email_opened").matching(field("campaign").is_any_of("x"))
    assert NONE not in ways_to_count_opens(row, Names(context.catalog, STANDARD))


@pytest.mark.parametrize(
    "row",
    [
        tag("vip"),
        did("email_opened").during("2026-01-01", "2026-02-01").exactly(2),
        field("age").between(1, 2),
        FieldRule("age", "at_least", other="goal"),
        did("email_opened").at_least(0),
        replace(did("order_placed").exactly(1).within(months=1), clock="contact"),
    ],
)
def test_other_rows_have_no_dial(row: Rule) -> None:
    assert dials(as_group(row), [(), (0,)]) == ()


def test_a_row_without_that_number_is_not_turned() -> None:
    with pytest.raises(RuleError, match="can be turned"):
        turned_row(tag("vip"), "window", 5)
    assert "can be turned" in CAN


@pytest.mark.parametrize(
    ("row", "what", "number", "then"),
    [
        (did("order_placed"), "times", 1, did("order_placed")),
        (did("order_placed"), "times", 3, did("order_placed").at_least(3)),
        (did_not("order_placed"), "times", 0, did_not("order_placed")),
        (did_not("order_placed"), "times", 2, did("order_placed").at_most(2)),
        (did("order_placed").within(weeks=2), "window", 5, did("order_placed").within(weeks=5)),
        (field("age") > 3, "bound", 4.5, field("age") > 4.5),
    ],
)
def test_a_row_is_turned_to_a_number(row: Rule, what: str, number: float, then: Rule) -> None:
    assert turned_row(row, what, number) == then  # type: ignore[arg-type]


def test_the_steepest_place_and_the_one_to_compare_with() -> None:
    window = Dial((0,), "did", "window", 2, "days", (1, 2, 3, 4), True)
    found = Curve(window, (1, 2, 3, 4), (5, 9, 9, 10), None)
    assert (found.now, found.numbers[found.beside], found.steepest) == (1, 4, 0)
    far = replace(found, dial=replace(window, now=4))
    assert far.numbers[far.beside] == 2
    flat = replace(found, totals=(3, 3, 3, 3))
    assert flat.steepest is None
    single = Curve(replace(window, what="bound", now=7.0), (7.0,), (3,), None)
    assert (single.beside, single.steepest) == (0, None)
