"""The quick answer for sequences is the reference engine's, and it is quick."""

from __future__ import annotations

import datetime as dt
import random
import time
from typing import Any

import trees
from hypothesis import given, settings
from hypothesis import strategies as st
from population import AS_OF, CONTACTS

from segbench.engine.chains import in_order_quickly
from segbench.engine.memory import Event, true_of
from segbench.model.ask import did, in_order
from segbench.model.rules import Group, as_group
from segbench.plan.atoms import Sequence
from segbench.plan.logic import atoms
from segbench.plan.lower import Context, lower


@settings(max_examples=150)
@given(
    rule=trees.RULES["sequence", "in_order"] | trees.RULES["sequence", "not_followed"],
    data=st.data(),
)
def test_it_agrees_with_the_reference_engine(
    rule: Any, data: st.DataObject, context: Context
) -> None:
    for atom in atoms(lower(Group(rules=(rule,)), context).root):
        if isinstance(atom, Sequence):
            for contact in data.draw(st.lists(st.sampled_from(CONTACTS), max_size=20)):
                quick = in_order_quickly(atom, contact.events)
                assert quick is true_of(atom, contact, (contact,))


def test_hundreds_of_events_and_many_steps_take_no_time(context: Context) -> None:
    chance = random.Random(1)
    seen = [
        Event("page_visited", AS_OF - dt.timedelta(minutes=chance.randrange(100_000)))
        for _ in range(400)
    ]
    rule = in_order(*[did("page_visited")] * 8, minutes=1)
    (atom,) = atoms(lower(as_group(rule), context).root)
    started = time.process_time()
    assert isinstance(atom, Sequence)
    in_order_quickly(atom, seen)
    # Trying every chain of eight out of 400 would take longer than anybody lives.
    assert time.process_time() - started < 5
