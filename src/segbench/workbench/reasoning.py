"""Questions about rules themselves: why a contact is in, whether two segments are the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segbench.audience.rfm import rfm_cuts
from segbench.audience.split import split
from segbench.audience.why import Why, why
from segbench.engine.membership import Membership
from segbench.engine.memory import Contact, holds
from segbench.engine.reading import read_contact
from segbench.errors import RuleError
from segbench.model.prebuilt import prebuilt
from segbench.model.rules import Params, PrebuiltRule, RuleOrGroup, as_group
from segbench.plan.atoms import Atom
from segbench.plan.logic import Logic
from segbench.plan.proof import Proof, equivalent
from segbench.plan.witness import Witness

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Sameness:
    """Whether two groups hold the same contacts: by proof for all data, and by count for this.

    `only_first` and `only_second` count the contacts of the present snapshot that just one holds.
    """

    proof: Proof
    both: int
    only_first: int
    only_second: int

    @property
    def same_here(self) -> bool:
        """Whether both hold the same contacts in this snapshot at this `as_of`."""
        return not self.only_first and not self.only_second


def explain_contact(workbench: Workbench, key: str, node: RuleOrGroup) -> Why:
    """Why the contact of that key is in the group or not."""
    root = as_group(node)
    workbench.plan(root)
    engine = workbench.engine
    ordinal, contact = read_contact(engine.snapshot, key)

    def truth(atom: Atom) -> bool:
        return ordinal in engine.atom(atom)

    return why(contact, root, workbench.context(), truth, workbench.wording)


def compare_rules(workbench: Workbench, first: RuleOrGroup, second: RuleOrGroup) -> Sameness:
    """Whether two groups hold the same contacts, always and here."""
    one, other = workbench.plan(first).root, workbench.plan(second).root
    left, right = workbench.engine.members(one), workbench.engine.members(other)
    proof = equivalent(one, other, _judge)
    return Sameness(proof, len(left & right), len(left & ~right), len(~left & right))


def split_members(
    workbench: Workbench,
    node: RuleOrGroup,
    shares: Mapping[str, float],
    *,
    by: str | None = None,
    salt: str = "",
) -> dict[str, Membership]:
    """The contacts of a group in stable random groups, each its share of every value of `by`."""
    if by is not None:
        workbench.catalog.field(by)
    members = workbench.members(node)
    columns = ("ordinal", "key") if by is None else ("ordinal", "key", by)
    table = workbench.engine.rows(members, columns).read_all()
    strata = table[by].to_pylist() if by is not None else [None] * table.num_rows
    found = zip(
        table["ordinal"].to_pylist(), table["key"].to_pylist(), map(_fixed, strata), strict=True
    )
    return split(found, shares, workbench.contacts_total, salt=salt)


def rfm_params(workbench: Workbench, *, days: int = 365) -> Params:
    """Cut points of the pre-built `rfm` from the orders of the last `days`, to store in a rule."""
    words = workbench.settings.words
    prebuilt("rfm").expand(Params(days=days), workbench.catalog, words)
    start = workbench.as_of - dt.timedelta(days=days)
    snapshot = workbench.engine.snapshot
    amount = '"' + words.amount.replace('"', '""') + '"'
    rows = snapshot.rows(
        f'SELECT max("at"), count(*), coalesce(sum({amount}), 0) FROM events '
        'WHERE event = ? AND "at" > ? AND "at" <= ? GROUP BY ordinal',
        [words.order, start, workbench.as_of],
    )
    if not rows:
        raise RuleError(f"Nobody has a {words.order!r} in the last {days:,} days.")
    first = snapshot.rows('SELECT min("at") FROM events WHERE event = ?', [words.order])[0][0]
    day = dt.timedelta(days=1)
    figures = {
        "days_since": [(workbench.as_of - row[0]) / day for row in rows],
        "orders": [row[1] for row in rows],
        "amount": [float(row[2]) for row in rows],
    }
    return rfm_cuts(figures, days=days, history_days=(workbench.as_of - first) / day)


def rfm_rule(params: Params, group: str) -> PrebuiltRule:
    """The pre-built RFM group of that name with those cut points."""
    return PrebuiltRule("rfm", Params({**params, "group": group}))


def _fixed(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _judge(logic: Logic[Atom], witness: Witness) -> bool:
    contact = Contact(witness.key, witness.fields, witness.tags, (), witness.tagged)
    return holds(logic, contact, (contact,))
