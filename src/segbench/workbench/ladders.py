"""The reasons of the reachability ladder as memberships of a workbench's contacts, by priority."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from segbench.audience.duplicates import SharedAddresses
from segbench.audience.ladder import Ladder, Reason, climb_down
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.errors import RuleError
from segbench.model.catalog import BLANKS
from segbench.model.prebuilt_segments.names import Names
from segbench.model.prebuilt_segments.reach import SUPPRESSED
from segbench.model.prebuilt_segments.reach_sms import EMAIL_ONLY, SMS_REASONS
from segbench.model.recipe import Recipe
from segbench.model.rules import EventRule, FieldRule, Group, Params, PrebuiltRule, RuleOrGroup
from segbench.model.send_settings import Channel
from segbench.model.windows import Last

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

LABELS = {
    "no_address": "no address",
    "invalid_address": "invalid address",
    "duplicate_address": "duplicate address",
    "unsubscribed": "unsubscribed",
    "complained": "complained",
    "hard_bounced": "hard bounced",
    "do_not_disturb": "do not disturb",
    "no_consent": "no consent",
    "frequency_capped": "frequency-capped",
}
"""The reasons in words, in the order of their priority."""
LACKS_FIELD = "lacks_field"
BEFORE_DUPLICATES = ("no_address", "invalid_address")
_SHARED: WeakKeyDictionary[LocalEngine, dict[Channel, SharedAddresses]] = WeakKeyDictionary()
"""By the engine over one snapshot: who shares an address does not depend on the time."""


def find_ladder(workbench: Workbench, targeted: Membership, recipe: Recipe) -> Ladder:
    """The ladder of the targeted contacts on the recipe's channel."""
    reasons = {
        key: _reason(workbench, key, recipe.channel) for key in LABELS if key != "duplicate_address"
    }
    addressed = targeted
    for key in BEFORE_DUPLICATES:
        members = reasons[key].members
        addressed = addressed if members is None else addressed - members
    reasons["duplicate_address"] = _duplicates(workbench, addressed, recipe)
    ordered = [reasons[key] for key in LABELS]
    if recipe.without:
        rule = Group("or", tuple(FieldRule(name, "is_empty") for name in recipe.without))
        label = f"lacks {' or '.join(recipe.without)}"
        ordered.append(Reason(LACKS_FIELD, label, workbench.members(rule)))
    return climb_down(targeted, ordered)


def count_suppressed_addresses(workbench: Workbench, final: Membership, channel: Channel) -> int:
    """How many recipients have the address of another contact who must not be written to.

    The ladder looks at each contact's own reasons: there they have none.
    """
    found = (_reason(workbench, key, channel).members for key in SUPPRESSED)
    suppressed = Membership.nobody(final.contacts)
    for members in found:
        suppressed = suppressed if members is None else suppressed | members
    try:
        return len(_shared(workbench, channel).sharing(final, suppressed))
    except RuleError:
        return 0


def _reason(workbench: Workbench, key: str, channel: Channel) -> Reason:
    label = LABELS[key]
    try:
        rule = _rule(workbench, key, channel)
        if isinstance(rule, str):
            return Reason(key, label, None, rule)
        return Reason(key, label, workbench.members(rule))
    except RuleError as error:
        # Nobody wrote that row, so its number says nothing.
        return Reason(key, label, None, str(error).removeprefix("Row 1: "))


def _rule(workbench: Workbench, key: str, channel: Channel) -> RuleOrGroup | str:
    """The rule of a reason, or in words why there is none."""
    if key == "frequency_capped":
        return _capped(workbench, channel)
    if channel == "email":
        return PrebuiltRule("unreachable", Params(reason=key))
    if key in EMAIL_ONLY:
        return "only e-mail tells it"
    make: Callable[[Names], RuleOrGroup] = SMS_REASONS[key]
    return make(Names(workbench.catalog, workbench.settings.words))


def _capped(workbench: Workbench, channel: Channel) -> RuleOrGroup | str:
    policy = workbench.settings.sending
    if not policy.most_messages:
        return 'no cap is set ("sending" in workspace.json)'
    names = Names(workbench.catalog, workbench.settings.words)
    sent = names.event("sent" if channel == "email" else "sms_sent")
    return EventRule(sent, "at_least", (policy.most_messages,), window=Last(policy.in_days, "days"))


def _duplicates(workbench: Workbench, addressed: Membership, recipe: Recipe) -> Reason:
    key = "duplicate_address"
    try:
        shared = _shared(workbench, recipe.channel)
    except RuleError as error:
        return Reason(key, LABELS[key], None, str(error))
    found = shared.duplicates(addressed, newest=recipe.keep == "newest")
    return Reason(key, LABELS[key], found)


def _shared(workbench: Workbench, channel: Channel) -> SharedAddresses:
    known = _SHARED.setdefault(workbench.engine, {})
    if channel not in known:
        known[channel] = _ask_shared(workbench, channel)
    return known[channel]


def _ask_shared(workbench: Workbench, channel: Channel) -> SharedAddresses:
    """Who shares an address, asked of the data once: only those come back."""
    names = Names(workbench.catalog, workbench.settings.words)
    field = names.field("email" if channel == "email" else "phone", "text")
    joined = joined_field(workbench)
    since = f"epoch_us(CAST({_quoted(joined)} AS TIMESTAMP))" if joined else "NULL"
    blanks = BLANKS.replace("'", "''")
    address = f"lower(trim({_quoted(field)}, '{blanks}'))"
    if channel == "sms":
        digits = f"regexp_replace({_quoted(field)}, '[^0-9+]', '', 'g')"
        address = f"regexp_replace({digits}, '^00', '+')"
    lowest = np.iinfo(np.int64).min + 1
    batches = workbench.engine.snapshot.batches(
        f"WITH those AS (SELECT ordinal, {address} AS address, {since} AS joined FROM contacts), "
        "several AS (SELECT address, row_number() OVER () AS number FROM those "
        "WHERE address <> '' GROUP BY address HAVING count(*) > 1) "
        "SELECT CAST(ordinal AS BIGINT) AS ordinal, CAST(number AS BIGINT) AS number, "
        f"CAST(coalesce(joined, {lowest}) AS BIGINT) AS joined "
        "FROM those JOIN several USING (address)"
    )
    found = batches.read_all()
    return SharedAddresses(*(found[name].to_numpy() for name in ("ordinal", "number", "joined")))


def joined_field(workbench: Workbench) -> str | None:
    """The field that says when contacts joined, where one does."""
    names = Names(workbench.catalog, workbench.settings.words)
    try:
        return names.field_here("joined", "date", "datetime")
    except RuleError:
        return None


def _quoted(name: str | None) -> str:
    return '"' + str(name).replace('"', '""') + '"'
