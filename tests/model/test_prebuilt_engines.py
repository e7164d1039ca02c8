"""Every pre-built segment holds the same contacts of the demo CRM in SQL as by the judge."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any

import pytest
import workbenches

from segbench.demo import crm
from segbench.engine.memory import Contact, Event, MemoryEngine
from segbench.model.ask import did
from segbench.model.prebuilt import PREBUILT
from segbench.model.prebuilt_segments.rfm import RFM_GROUPS
from segbench.model.rules import Group, Params, PrebuiltRule


@cache
def judge() -> MemoryEngine:
    """The contacts of the shared demo workspace, in memory."""
    found: list[Contact] = []
    batches = crm.generate(workbenches.CONTACTS, seed=workbenches.SEED, until=workbenches.UNTIL)
    for batch in batches:
        events: dict[str, list[Event]] = defaultdict(list)
        for row in batch.events.to_pylist():
            key, name, at = row.pop("key"), row.pop("event"), row.pop("at")
            events[key].append(Event(name, at, row))
        for row in batch.contacts.to_pylist():
            key = row.pop("key")
            found.append(Contact(key, row, events=tuple(events[key])))
    return MemoryEngine(found)


def counts(rule: PrebuiltRule) -> tuple[int, int]:
    """How many the workbench holds, and how many the judge."""
    workbench = workbenches.opened()
    plan = workbench.plan(Group(rules=(rule,)))
    return workbench.count(rule), len(judge().members(plan.root))


VARIANTS: dict[str, tuple[dict[str, Any], ...]] = {
    **{
        key: ({}, {"opens": "all"}, {"opens": "none"})
        for key, row in PREBUILT.items()
        if any(param.name == "opens" for param in row.params)
    },
    "unreachable": tuple(
        {"reason": reason} for reason in PREBUILT["unreachable"].params[0].choices
    ),
    "rfm": tuple({"group": group} for group in RFM_GROUPS),
    "missing_required": ({}, {"field": "birthday"}, {"field": "lead_score"}),
    "cart_abandoner": ({}, {"hours": 24 * 90}),
    "browse_abandoner": ({}, {"days": 90, "views": 1}),
    "birthday_next": ({}, {"days": 80}),
}
CASES = [(key, given) for key in PREBUILT for given in VARIANTS.get(key, ({},))]


@pytest.mark.parametrize(("key", "given"), CASES, ids=[f"{k}-{g}" for k, g in CASES])
def test_sql_holds_as_many_as_the_judge(key: str, given: dict[str, Any]) -> None:
    in_sql, judged = counts(PrebuiltRule(key, Params(given)))
    assert in_sql == judged


def test_every_segment_holds_somebody_and_not_everybody_on_the_demo() -> None:
    workbench = workbenches.opened()
    for key in PREBUILT:
        assert 0 < workbench.count(PrebuiltRule(key)) < workbench.contacts_total, key


def test_the_rfm_groups_share_out_the_buyers_of_the_demo() -> None:
    workbench = workbenches.opened()
    rules = [PrebuiltRule("rfm", Params(group=group)) for group in RFM_GROUPS]
    total = sum(map(workbench.count, rules))
    assert total == workbench.count(did("order_placed").within(days=365)) > 0
