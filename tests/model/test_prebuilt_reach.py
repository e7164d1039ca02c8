"""Whom e-mail cannot reach, reason by reason, and who lacks what a campaign needs."""

from __future__ import annotations

from typing import Any

import pytest
from crm_people import CRM, catalog_of, event, held, person, without

from segbench.errors import RuleError, UnknownName
from segbench.model.prebuilt import prebuilt
from segbench.model.rules import FieldRule, Group, Params
from segbench.model.vocabulary import STANDARD, Vocabulary

FINE = {"email": "anna@example.org", "email_status": "valid", "email_consent": True}
HARD = event("email_bounced", 1, bounce_type="Hard")
PEOPLE = [
    person("fine", **FINE),
    person("no address", email_consent=True),
    person("blank address", email=" \t", email_consent=True),
    person("says invalid", **{**FINE, "email_status": "invalid"}),
    person("looks invalid", **{**FINE, "email": "anna@example", "email_status": ""}),
    person("looks odd, says valid", **{**FINE, "email": "anna@localhost"}),
    person("unsubscribed", **{**FINE, "email_status": "UNSUBSCRIBED"}),
    person("left, no status", event("email_unsubscribed", 1), **{**FINE, "email_status": None}),
    person("back again", event("email_unsubscribed", 1), **FINE),
    person("complained", **{**FINE, "email_status": "complained"}),
    person("bounced", **{**FINE, "email_status": "bounced"}),
    person("bounced hard, no status", HARD, **{**FINE, "email_status": " "}),
    person(
        "bounced softly",
        event("email_bounced", 1, bounce_type="soft"),
        event("email_bounced", 2),
        **{**FINE, "email_status": ""},
    ),
    person("quiet, please", **FINE, do_not_disturb=True),
    person("declined", **{**FINE, "email_consent": False}),
    person("never asked", **{**FINE, "email_consent": None}),
]
BY_REASON = {
    "no_address": {"no address", "blank address"},
    "invalid_address": {"says invalid", "looks invalid"},
    "unsubscribed": {"unsubscribed", "left, no status"},
    "complained": {"complained"},
    "hard_bounced": {"bounced", "bounced hard, no status"},
    "do_not_disturb": {"quiet, please"},
    "no_consent": {"declined", "never asked"},
}


@pytest.mark.parametrize("reason", BY_REASON)
def test_each_reason_holds_those_whom_it_keeps_away(reason: str) -> None:
    assert held("unreachable", PEOPLE, reason=reason) == BY_REASON[reason]


def test_any_reason_is_all_of_them_together() -> None:
    assert held("unreachable", PEOPLE) == set().union(*BY_REASON.values())


def test_without_a_status_field_the_events_tell() -> None:
    catalog = without("email_status")
    wanted = {"left, no status", "back again"}
    assert held("unreachable", PEOPLE, catalog, reason="unsubscribed") == wanted
    wanted = {"looks invalid", "looks odd, says valid"}
    assert held("unreachable", PEOPLE, catalog, reason="invalid_address") == wanted


def test_a_status_has_the_words_of_the_workspace() -> None:
    people = [person("cleaned", email_status="cleaned"), person("bounced", email_status="bounced")]
    words = Vocabulary(status_bounced="Cleaned")
    assert held("unreachable", people, vocabulary=words, reason="hard_bounced") == {"cleaned"}


def test_any_reason_uses_those_that_can_be_seen_here() -> None:
    shop = catalog_of({"email": "text"}, {})
    people = [person("no address"), person("wrong", email="x"), person("fine", email="x@y.de")]
    assert held("unreachable", people, shop) == {"no address", "wrong"}


def test_a_reason_that_cannot_be_seen_here_is_an_error_that_says_what_is_missing() -> None:
    shop = catalog_of({"email": "text"}, {"email_bounced": {}})
    with pytest.raises(RuleError) as refused:
        held("unreachable", [], shop, reason="hard_bounced")
    assert str(refused.value) == (
        "Row 1: No field or event here stands for email_status ('email_status') or bounced "
        "('email_bounced') or bounce_type ('bounce_type'); set one of them under "
        '"vocabulary" in workspace.json.'
    )
    with pytest.raises(RuleError, match=r"No field or event here stands for email .*_consent"):
        held("unreachable", [], catalog_of({}, {}))


def test_missing_is_any_value_that_is_none() -> None:
    people = [
        person("in"),
        person("blank", first_name="  "),
        person("there", first_name="Anna"),
    ]
    assert held("missing_required", people, field="first_name") == {"in", "blank"}
    assert held("missing_required", people) == {"in", "blank", "there"}


def test_a_missing_field_must_be_one_that_exists() -> None:
    with pytest.raises(UnknownName, match="no field 'firstname'; did you mean 'first_name'"):
        prebuilt("missing_required").expand(Params(field="firstname"), CRM, STANDARD)
    with pytest.raises(RuleError, match="Choose the field"):
        prebuilt("missing_required").expand(Params(field=""), CRM, STANDARD)
    with pytest.raises(RuleError, match="Choose a field for required field"):
        held("missing_required", [], field="")
    with pytest.raises(RuleError, match="There is no field 'email'"):
        held("missing_required", [], without("email"))


@pytest.mark.parametrize(
    ("field", "kind", "reason"),
    [
        ("email", "number", "no_address"),
        ("email", "number", "invalid_address"),
        ("email_status", "number", "complained"),
        ("do_not_disturb", "text", "do_not_disturb"),
        ("email_consent", "text", "no_consent"),
    ],
)
def test_a_field_of_another_type_is_an_error_and_not_left_out(
    field: str, kind: Any, reason: str
) -> None:
    with pytest.raises(RuleError, match=f"Field '{field}' holds {kind}, not "):
        held("unreachable", [], catalog_of({field: kind}, {}), reason=reason)


def test_who_is_suppressed_is_any_of_those_reasons_negated() -> None:
    _, agreed, suppressed = prebuilt("new_subscribers").expand(Params(), CRM, STANDARD).rules
    assert agreed == FieldRule("email_consent", "is_true")
    assert isinstance(suppressed, Group)
    assert (suppressed.combinator, suppressed.negated, len(suppressed.rules)) == ("or", True, 4)
