"""What past rules mean over a past snapshot, checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from segbench.errors import RuleError
from segbench.model.catalog import Catalog
from segbench.model.check import require_sound
from segbench.plan.lower import Context
from segbench.workbench.rules_then import Rules

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


def past_context(
    workbench: Workbench, rules: Rules, snapshot: int, spanned: Iterable[int] = ()
) -> Context:
    """The context of rules over a snapshot, its clock that of the workbench.

    Fields have the types that the newest snapshot gives them or, where the rules do not fit those,
    the types of this snapshot or of one `spanned`. `RuleError` where they fit none.
    """
    data, zone_field = workbench.past_data, workbench.settings.contact_time_zone
    errors: list[RuleError] = []
    for first in dict.fromkeys((data.newest, snapshot, *spanned)):
        try:
            return _sound(workbench, rules, data.catalog(snapshot, zone_field, first))
        except RuleError as error:
            errors.append(error)
    raise errors[0]


def _sound(workbench: Workbench, rules: Rules, catalog: Catalog) -> Context:
    settings = workbench.settings
    context = Context(
        workbench.as_of,
        workbench.zone,
        catalog,
        rules.segments,
        settings.words,
        settings.first_weekday,
        settings.contact_time_zone,
    )
    require_sound(
        rules.root,
        catalog,
        rules.segments,
        vocabulary=context.vocabulary,
        contact_zone=context.contact_zone,
    )
    return context
