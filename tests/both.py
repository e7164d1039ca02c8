"""Which contacts a rule holds, by the reference engine and by DuckDB, which must agree."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import numpy as np
from population import CATALOG, CONTACT_ZONE, tables

from segbench.engine.membership import Membership
from segbench.engine.memory import Contact, Event, MemoryEngine
from segbench.engine.relational import ordinals_of
from segbench.model.check import require_sound
from segbench.model.rules import RuleOrGroup, as_group
from segbench.plan.logic import fold
from segbench.plan.lower import Context, lower

NOON = dt.datetime(2026, 10, 26, 12)
UTC = ZoneInfo("UTC")


class Drawn:
    """Contacts in a DuckDB that Ibis opened, their texts composed as a lake stores them."""

    def __init__(self, contacts: tuple[Contact, ...]) -> None:
        self.backend, self.contacts = ibis.duckdb.connect(), len(contacts)
        for name, arrow in tables(contacts, "ordinal").items():
            self.backend.con.register("incoming", arrow)
            self.backend.con.execute(f"CREATE TABLE {name} AS FROM incoming")
            self.backend.con.unregister("incoming")

    def table(self, name: str) -> ibis.Table:
        return self.backend.table(name)

    def members(self, logic: Any) -> Membership:
        return fold(logic, self.atom, lambda: Membership.everyone(self.contacts))

    def atom(self, atom: Any) -> Membership:
        found = ordinals_of(atom, self).to_pyarrow()["ordinal"].to_numpy()
        return Membership.of(np.asarray(found, np.int64), self.contacts)


def held(
    rule: RuleOrGroup,
    *contacts: Contact,
    as_of: dt.datetime = NOON,
    zone: ZoneInfo = UTC,
    week_start: int = 0,
) -> set[str]:
    """The keys of the contacts that the rule holds."""
    context = Context(as_of, zone, CATALOG, week_start=week_start, contact_zone=CONTACT_ZONE)
    root = as_group(rule)
    require_sound(root, CATALOG, contact_zone=CONTACT_ZONE)
    logic = lower(root, context).root
    judged = {contacts[n].key for n in MemoryEngine(contacts).members(logic).ids()}
    assert judged == {contacts[n].key for n in Drawn(contacts).members(logic).ids()}
    return judged


def having(**values: Any) -> tuple[Contact, ...]:
    """A contact for each value of the one field that is named, and one without a value."""
    ((name, known),) = values.items()
    return (*(Contact(str(value), {name: value}) for value in known), Contact("none"))


def doing(key: str, *events: tuple[str, Any] | tuple[str, Any, dict[str, Any]]) -> Contact:
    """A contact to whom these events happened: name, time or hours ago, properties."""
    return Contact(key, events=tuple(_event(*event) for event in events))


def _event(name: str, at: Any, properties: dict[str, Any] | None = None) -> Event:
    when = at if isinstance(at, dt.datetime) else NOON - dt.timedelta(hours=at)
    return Event(name, when, properties or {})
