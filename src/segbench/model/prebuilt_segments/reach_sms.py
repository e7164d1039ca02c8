"""Why a text message cannot reach a contact, as rules; what only e-mail tells is not in."""

from __future__ import annotations

from collections.abc import Callable

from segbench.model.prebuilt_segments.names import Names
from segbench.model.rules import FieldRule, RuleOrGroup

NUMBER = r"^\+?[0-9][0-9 ()./-]{6,24}$"
"""What may be a telephone number: digits with what people put between them."""


def _no_number(names: Names) -> RuleOrGroup:
    return FieldRule(names.field("phone", "text"), "is_empty")


def _invalid_number(names: Names) -> RuleOrGroup:
    phone = names.field("phone", "text")
    return FieldRule(phone, "does_not_match", (NUMBER,), unknown="exclude")


def _do_not_disturb(names: Names) -> RuleOrGroup:
    return FieldRule(names.field("do_not_disturb", "boolean"), "is_true")


def _no_consent(names: Names) -> RuleOrGroup:
    return FieldRule(names.field("sms_consent", "boolean"), "is_true", negated=True)


SMS_REASONS: dict[str, Callable[[Names], RuleOrGroup]] = {
    "no_address": _no_number,
    "invalid_address": _invalid_number,
    "do_not_disturb": _do_not_disturb,
    "no_consent": _no_consent,
}
"""The reasons by key; `RuleError` where the data lacks what tells one."""
EMAIL_ONLY = ("unsubscribed", "complained", "hard_bounced")
"""Reasons that are about e-mail."""
