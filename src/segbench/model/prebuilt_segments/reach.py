"""Pre-built segments about reaching contacts: why e-mail cannot, and what a campaign lacks."""

from __future__ import annotations

from collections.abc import Callable

from segbench.errors import RuleError
from segbench.model.prebuilt_segments.names import Names
from segbench.model.prebuilt_segments.row import Param, Prebuilt
from segbench.model.rules import EventRule, FieldRule, Group, Params, RuleOrGroup

ADDRESS = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"


def _no_address(names: Names) -> RuleOrGroup | None:
    email = names.field_here("email", "text")
    return FieldRule(email, "is_empty") if email else None


def _invalid_address(names: Names) -> RuleOrGroup | None:
    email = names.field_here("email", "text")
    wrong = FieldRule(email, "does_not_match", (ADDRESS,), unknown="exclude") if email else None
    return _by_status(names, "status_invalid", wrong)


def _unsubscribed(names: Names) -> RuleOrGroup | None:
    return _by_status(names, "status_unsubscribed", _ever(names, "unsubscribed"))


def _complained(names: Names) -> RuleOrGroup | None:
    return _by_status(names, "status_complained", _ever(names, "complained"))


def _hard_bounced(names: Names) -> RuleOrGroup | None:
    return _by_status(names, "status_bounced", _ever_hard(names))


def _do_not_disturb(names: Names) -> RuleOrGroup | None:
    asked = names.field_here("do_not_disturb", "boolean")
    return FieldRule(asked, "is_true") if asked else None


def _no_consent(names: Names) -> RuleOrGroup | None:
    consent = names.field_here("email_consent", "boolean")
    return FieldRule(consent, "is_true", negated=True) if consent else None


REASONS: dict[str, tuple[Callable[[Names], RuleOrGroup | None], tuple[str, ...]]] = {
    "no_address": (_no_address, ("email",)),
    "invalid_address": (_invalid_address, ("email_status", "email")),
    "unsubscribed": (_unsubscribed, ("email_status", "unsubscribed")),
    "complained": (_complained, ("email_status", "complained")),
    "hard_bounced": (_hard_bounced, ("email_status", "bounced", "bounce_type")),
    "do_not_disturb": (_do_not_disturb, ("do_not_disturb",)),
    "no_consent": (_no_consent, ("email_consent",)),
}
"""Why a contact cannot be reached by e-mail, in order of weight, with the names that tell it."""
SUPPRESSED = ("unsubscribed", "complained", "hard_bounced", "do_not_disturb")


def is_subscribed(names: Names) -> Group:
    """Gave consent, where that is known here, and is not suppressed."""
    consent = names.field_here("email_consent", "boolean")
    agreed = (FieldRule(consent, "is_true"),) if consent else ()
    against = _found(names, SUPPRESSED)
    if not agreed and not against:
        raise names.no_reason(("email_consent", *_parts(SUPPRESSED)))
    suppressed = (Group("or", against, negated=True),) if against else ()
    return Group(rules=(*agreed, *suppressed))


def _unreachable(params: Params, names: Names) -> Group:
    wanted = tuple(REASONS) if params["reason"] == "any" else (str(params["reason"]),)
    found = _found(names, wanted)
    if not found:
        raise names.no_reason(_parts(wanted))
    return Group("or", found)


def _missing_required(params: Params, names: Names) -> Group:
    field = str(params["field"])
    if not field:
        raise RuleError("Choose the field that a campaign needs.")
    return Group(rules=(FieldRule(names.catalog.field(field).name, "is_empty"),))


def _found(names: Names, reasons: tuple[str, ...]) -> tuple[RuleOrGroup, ...]:
    rules = (REASONS[reason][0](names) for reason in reasons)
    return tuple(rule for rule in rules if rule is not None)


def _parts(reasons: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for reason in reasons for part in REASONS[reason][1]))


def _by_status(names: Names, part: str, otherwise: RuleOrGroup | None) -> RuleOrGroup | None:
    """What the status field says or, where it is empty or not there, what else tells it."""
    status, value = names.field_here("email_status", "text"), names.called(part)
    if status is None or not value.strip():
        return otherwise
    says = FieldRule(status, "is", (value,))
    return says if otherwise is None else says | (FieldRule(status, "is_empty") & otherwise)


def _ever(names: Names, part: str) -> EventRule | None:
    event = names.event_here(part)
    return EventRule(event) if event else None


def _ever_hard(names: Names) -> EventRule | None:
    """A hard bounce; a bounce of unknown kind is not taken for one."""
    event, value = names.event_here("bounced"), names.called("hard_bounce")
    kind = names.property_here(event, "bounce_type", "text") if event else None
    if not event or not kind or not value.strip():
        return None
    return EventRule(event, where=(FieldRule(kind, "is", (value,)),))


REACH = (
    Prebuilt(
        key="unreachable",
        label="Cannot be reached by e-mail",
        description="Has no address or an invalid one, unsubscribed, complained, bounced hard, "
        "asked not to be contacted or gave no consent: any of these, or the one chosen.",
        phrase="is unreachable by e-mail (reason: {reason})",
        params=(Param("reason", "reason", "any", kind="choice", choices=("any", *REASONS)),),
        origin="Ours: the reasons of the reachability counts that rules can see. Duplicate "
        "addresses and capped frequency are no rules about one contact, so they are not in.",
        rules=_unreachable,
    ),
    Prebuilt(
        key="missing_required",
        label="Lacks a required field",
        description="Has no value in a field that the campaign uses.",
        phrase="is missing a value in {field}",
        params=(Param("field", "required field", "email", kind="field"),),
        origin="Ours, after HighLevel's review of required fields.",
        rules=_missing_required,
    ),
)
"""Whom a campaign cannot reach, or not as written."""
