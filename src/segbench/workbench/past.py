"""Answers as of a past moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from segbench.audience.evaluation import evaluate, waterfall
from segbench.audience.explain import Waterfall
from segbench.engine.membership import Membership
from segbench.errors import RuleError
from segbench.model.rules import Group, RuleOrGroup
from segbench.model.segment import Segment
from segbench.model.wording import Wording
from segbench.plan.logic import atoms
from segbench.plan.lower import Plan, lower
from segbench.workbench.history import past_notes
from segbench.workbench.past_engine import PastEngine
from segbench.workbench.rules_then import RulesThen
from segbench.workbench.spans import require_year
from segbench.workbench.states import States

if TYPE_CHECKING:
    import pandas as pd

    from segbench.workbench.workbench import Workbench

Asked = str | Segment | RuleOrGroup


class Past:
    """A workspace as it was at a moment.

    Events count up to the moment. Fields, tags and contacts are those of the newest snapshot
    committed by then; earlier than `history_begins` (naive UTC) those of the first one, and
    `notes` say so. Saved segments, given by name or referred to, have the rules that they had.
    """

    def __init__(self, workbench: Workbench, moment: dt.datetime) -> None:
        if moment > workbench.as_of:
            raise RuleError(
                f"{moment:%Y-%m-%d %H:%M} UTC lies after {workbench.as_of:%Y-%m-%d %H:%M} UTC, "
                "the clock of this workbench; ask for a forecast."
            )
        require_year(moment)
        self.as_of = moment
        self._workbench = workbench
        self._states = States(workbench, RulesThen(workbench.library, Group()), (moment,))

    @property
    def snapshot(self) -> int:
        """The id of the snapshot that fields, tags and contacts are from."""
        return self._states.snapshot_at(self.as_of)

    @property
    def history_begins(self) -> dt.datetime:
        """From when on fields, tags and contacts are known (naive UTC)."""
        return self._workbench.past_data.begins

    @property
    def contacts_total(self) -> int:
        """How many contacts there were."""
        return self._engine.contacts

    def __repr__(self) -> str:
        return (
            f"<Past of {self._workbench.settings.name!r}: {self.contacts_total:,} contacts, "
            f"snapshot {self.snapshot}, as of {self.as_of:%Y-%m-%d %H:%M} UTC>"
        )

    def notes(self, segment: Asked) -> tuple[str, ...]:
        """What an answer for that segment assumes, in sentences; often nothing."""
        rules = RulesThen(self._workbench.library, segment)
        states = States(self._workbench, rules, (self.as_of,))
        return past_notes(self._workbench, states, rules, (self.as_of,))

    def count(self, segment: Asked) -> int:
        """How many contacts a segment held."""
        return len(self.members(segment))

    def members(self, segment: Asked) -> Membership:
        """Who was in, over the contacts of that snapshot."""
        return self._engine.members(self._plan(segment)[1].root)

    def waterfall(self, segment: Asked) -> Waterfall:
        """How each row took the contacts of then to the count of then."""
        root, plan = self._plan(segment)
        wanted = [atom for logic in (plan.root, *plan.nodes.values()) for atom in atoms(logic)]
        workbench = self._workbench
        wording = Wording(
            workbench.catalog, self.as_of, workbench.zone, workbench.settings.first_weekday
        )
        return waterfall(root, evaluate(root, plan, self._engine.patterns(wanted)), wording)

    def contacts(
        self, segment: Asked, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pd.DataFrame:
        """The contacts that were in, with the fields of then; see `Workbench.contacts`."""
        known = ("key", *self._engine.own.fields)
        chosen = known if columns is None else tuple(dict.fromkeys(columns))
        for name in chosen:
            if name not in known:
                raise RuleError(
                    f"Snapshot {self.snapshot} has no field {name!r}; it has {', '.join(known)}."
                )
        members = self.members(segment)
        if limit is not None:
            members = Membership.of(members.ids()[: max(0, limit)], members.contacts)
        return self._engine.rows(members, chosen).read_all().to_pandas()

    @property
    def _engine(self) -> PastEngine:
        return self._workbench.past_data.engine(self.snapshot)

    def _plan(self, segment: Asked) -> tuple[Group, Plan]:
        states = States(self._workbench, RulesThen(self._workbench.library, segment), (self.as_of,))
        rules = states.rules_at(self.as_of)
        context = replace(states.context(rules, self.snapshot), as_of=self.as_of)
        return rules.root, lower(rules.root, context)
