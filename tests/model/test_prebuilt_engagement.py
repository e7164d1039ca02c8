"""Who responds and who does not, said by hand, on the edges of each window."""

from __future__ import annotations

import pytest
from crm_people import CRM, EVENTS, FIELDS, TICK, ago, catalog_of, event, held, person, without

from segbench.engine.memory import Event
from segbench.errors import RuleError
from segbench.model.catalog import Catalog, EventType
from segbench.model.prebuilt import prebuilt
from segbench.model.rules import Params
from segbench.model.vocabulary import STANDARD, Vocabulary


def opened(days: float, machine: bool | None = False) -> Event:
    return event("email_opened", days, machine_open=machine)


def sent(*days: float, campaign: str = "") -> list[Event]:
    return [event("email_sent", day, campaign=campaign or f"c{day}") for day in days]


def test_engaged_counts_every_engagement_event_up_to_the_edges() -> None:
    names = ("email_clicked", "email_replied", "page_visited", "form_submitted", "order_placed")
    people = [person(name, event(name, 29)) for name in names]
    people += [
        person("just in", event("email_clicked", 30, TICK)),
        person("just out", event("email_clicked", 30)),
        person("now", event("email_clicked", 0)),
        person("not yet", event("email_clicked", 0, TICK)),
        person("delivered only", event("email_delivered", 1), sent(1)),
        person("nothing"),
    ]
    assert held("engaged", people) == {*names, "just in", "now"}


OPENERS = [
    person("by a person", opened(1)),
    person("by a machine", opened(1, machine=True)),
    person("by who knows", opened(1, machine=None)),
    person("by both", opened(1, machine=True), opened(2)),
    person("clicked", event("email_clicked", 1)),
]


@pytest.mark.parametrize(
    ("opens", "wanted"),
    [
        ("human", {"by a person", "by who knows", "by both", "clicked"}),
        ("all", {"by a person", "by a machine", "by who knows", "by both", "clicked"}),
        ("none", {"clicked"}),
    ],
)
def test_opens_are_counted_three_ways(opens: str, wanted: set[str]) -> None:
    assert held("engaged", OPENERS, opens=opens) == wanted


def test_opens_without_a_flag_are_all_taken_for_human_ones() -> None:
    plain = catalog_of(FIELDS, {**EVENTS, "email_opened": {}})
    assert held("engaged", OPENERS, plain) == {contact.key for contact in OPENERS}
    assert held("engaged", OPENERS, plain, opens="none") == {"clicked"}


def test_engaged_without_any_engagement_event_says_so() -> None:
    born = Catalog(0, events=(EventType("birth"),))
    with pytest.raises(RuleError) as refused:
        prebuilt("engaged").expand(Params(days=7), born, STANDARD)
    assert str(refused.value) == (
        "None of the workspace's engagement events (email_clicked, email_replied, page_visited, …) "
        "happened here; set engagement_events in workspace.json. Events here: birth."
    )
    with pytest.raises(RuleError, match="workspace names no engagement events; set engagement_ev"):
        prebuilt("engaged").expand(Params(days=7), born, Vocabulary(()))
    opens_only = Vocabulary(("email_opened",))
    with pytest.raises(RuleError, match="names no engagement events other than opens; set"):
        prebuilt("engaged").expand(Params(opens="none"), CRM, opens_only)


def test_not_engaged_were_mailed_and_did_not_respond() -> None:
    old = ago(400)
    people = [
        person("in", sent(3), created_at=old),
        person("visits the site", sent(3), event("page_visited", 2), created_at=old),
        person("machine", sent(3), opened(2, machine=True), created_at=old),
        person("edge", sent(3), opened(30), event("email_clicked", 30), created_at=ago(30)),
        person("opened", sent(3), opened(2), created_at=old),
        person("clicked", sent(3), event("email_clicked", 2), created_at=old),
        person("replied", sent(3), event("email_replied", 2), created_at=old),
        person("never mailed", created_at=old),
        person("mailed before", sent(30), created_at=old),
        person("just subscribed", sent(3), created_at=ago(30) + TICK),
        person("date unknown", sent(3)),
    ]
    assert held("not_engaged", people) == {"in", "visits the site", "machine", "edge"}
    assert "machine" not in held("not_engaged", people, opens="all")
    assert "opened" in held("not_engaged", people, opens="none")


def test_ignored_sends_are_counted_from_the_last_response() -> None:
    eleven, sixteen = range(1, 12), range(1, 17)
    people = [
        person("never, 11", sent(*eleven)),
        person("never, 10", sent(*eleven[:-1])),
        person("once, 16 since", opened(50), sent(40, *sixteen)),
        person("once, 16", opened(50), sent(*sixteen, 51, 52)),
        person("once, 15 since", opened(50), sent(*sixteen[:-1], 51, 52, 53)),
        person("once, 11 since", event("email_clicked", 50), sent(*eleven)),
        person("just now", event("email_replied", 0.5), sent(*sixteen)),
        person("machine, 11", opened(0.5, machine=True), sent(*eleven)),
        person("at the same time", opened(16), sent(*sixteen)),
    ]
    inside = {"never, 11", "once, 16 since", "once, 16", "machine, 11"}
    assert held("unengaged_sends", people) == inside
    assert "machine, 11" not in held("unengaged_sends", people, opens="all")
    assert "once, 11 since" in held("unengaged_sends", people, once=11)
    assert held("unengaged_sends", people, never=12) == inside - {"never, 11", "machine, 11"}


def test_inactive_for_mailchimp_is_who_opened_none_of_the_last_campaigns() -> None:
    people = [
        person("five", sent(1, 2, 3, 4, 5)),
        person("four", sent(1, 2, 3, 4)),
        person("four, one twice", sent(1, 2, 3), sent(4, 5, campaign="again")),
        person("opened before", opened(6), sent(1, 2, 3, 4, 5, 7)),
        person("opened the third", opened(3), sent(1, 2, 3.5, 4, 5, 6)),
        person("clicked without an open", event("email_clicked", 3), sent(1, 2, 3.5, 4, 5, 6)),
        person("machine", opened(0.5, machine=True), sent(1, 2, 3, 4, 5)),
        person("never mailed"),
    ]
    inside = {"five", "opened before", "machine"}
    assert held("mailchimp_inactive", people) == inside
    assert held("mailchimp_inactive", people, opens="all") == inside - {"machine"}
    assert held("mailchimp_inactive", people, campaigns=4) == inside | {"four", "four, one twice"}
    nameless = catalog_of(FIELDS, {**EVENTS, "email_sent": {}})
    assert held("mailchimp_inactive", people, nameless) == inside | {"four, one twice"}


def test_opened_by_machines_only_is_no_sign_of_a_person() -> None:
    by_machine = opened(3, machine=True)
    people = [
        person("in", by_machine),
        person("person before", by_machine, opened(30), event("order_placed", 31)),
        person("person too", by_machine, opened(4)),
        person("unknown too", by_machine, opened(4, machine=None)),
        person("clicked", by_machine, event("email_clicked", 2)),
        person("ordered", by_machine, event("order_placed", 2)),
        person("visited", by_machine, event("page_visited", 2)),
        person("too old", opened(30, machine=True)),
        person("no open", event("email_delivered", 2)),
    ]
    assert held("mpp_only", people) == {"in", "person before"}
    # Also where the workspace does not count them as engagement.
    narrow = Vocabulary(("page_visited",))
    assert held("mpp_only", people, vocabulary=narrow) == {"in", "person before"}


def test_opened_by_machines_needs_the_flag() -> None:
    plain = catalog_of(FIELDS, {**EVENTS, "email_opened": {"campaign": "text"}})
    with pytest.raises(RuleError, match=r"stands for machine_open .* Properties of it: campaign"):
        held("mpp_only", [], plain)


def test_inactive_users_have_been_there_long_enough_and_visited_no_page() -> None:
    people = [
        person("in", created_at=ago(30)),
        person("reads mail", opened(1), created_at=ago(99)),
        person("visited before", event("page_visited", 30), created_at=ago(99)),
        person("visited", event("page_visited", 30, TICK), created_at=ago(99)),
        person("too new", created_at=ago(30) + TICK),
        person("date unknown"),
    ]
    assert held("inactive_user", people) == {"in", "reads mail", "visited before"}


def test_sunset_candidates_were_mailed_often_and_long_without_any_sign() -> None:
    ten = sent(*range(1, 11))
    people = [
        person("in", ten, created_at=ago(180)),
        person("machine", ten, opened(1, machine=True), created_at=ago(200)),
        person("sign before", ten, event("order_placed", 180), created_at=ago(200)),
        person("ordered", ten, event("order_placed", 180, TICK), created_at=ago(200)),
        person("opened", ten, opened(9), created_at=ago(200)),
        person("nine", ten[1:], sent(180), created_at=ago(200)),
        person("too new", ten, created_at=ago(180) + TICK),
        person("date unknown", ten),
    ]
    assert held("sunset_candidate", people) == {"in", "machine", "sign before"}
    assert "opened" in held("sunset_candidate", people, opens="none")
    assert "nine" in held("sunset_candidate", people, sends=9)


def test_responses_are_those_that_exist_here_and_one_of_them_must() -> None:
    people = [person("in", sent(*range(1, 12))), person("replied", event("email_replied", 0))]
    assert held("unengaged_sends", people, without("email_opened", "email_clicked")) == {"in"}
    none = without("email_opened", "email_clicked", "email_replied")
    with pytest.raises(RuleError, match=r"clicked .* or replied .* or opened .*; set one of them"):
        held("unengaged_sends", people, none)
    with pytest.raises(RuleError, match="stands for clicked"):
        held("unengaged_sends", people, without("email_clicked", "email_replied"), opens="none")
