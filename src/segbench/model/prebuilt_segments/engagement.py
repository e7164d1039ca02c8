"""Pre-built segments about interest: who responds, who does not, and who only seems to."""

from __future__ import annotations

from segbench.model.prebuilt_segments.names import TIME, Names
from segbench.model.prebuilt_segments.row import Prebuilt, days, times
from segbench.model.prebuilt_segments.signals import (
    OPENS,
    any_of,
    engagement,
    human_signals,
    responses,
)
from segbench.model.rules import Comparison, EventRule, FieldRule, Group, MeasureRule, Params
from segbench.model.windows import Last


def _engaged(params: Params, names: Names) -> Group:
    return any_of(engagement(names, str(params["opens"])), Last(int(params["days"])))


def _not_engaged(params: Params, names: Names) -> Group:
    window = Last(int(params["days"]))
    sent, since = names.event("sent"), names.field("subscribed", *TIME)
    return Group(
        rules=(
            EventRule(sent, window=window),
            ~any_of(responses(names, str(params["opens"])), window),
            FieldRule(since, "more_than_ago", window=window),
        )
    )


def _unengaged_sends(params: Params, names: Names) -> Group:
    steps = responses(names, str(params["opens"]))
    ignored = EventRule(names.event("sent"), since=steps)
    ever = any_of(steps)
    return Group(
        "or",
        (
            ~ever & ignored.at_least(int(params["never"])),
            ever & ignored.at_least(int(params["once"])),
        ),
    )


def _mailchimp_inactive(params: Params, names: Names) -> Group:
    steps = responses(names, str(params["opens"]))
    sent, campaigns = names.event("sent"), int(params["campaigns"])
    campaign = names.property_here(sent, "campaign")
    if campaign is None:
        return Group(rules=(EventRule(sent, since=steps).at_least(campaigns),))
    most = Comparison("at_least", (campaigns,))
    return Group(rules=(MeasureRule(sent, "distinct", most, campaign, since=steps),))


def _mpp_only(params: Params, names: Names) -> Group:
    window, opened = Last(int(params["days"])), names.event("opened")
    machine = names.property(opened, "machine_open", "boolean")
    by_machine = EventRule(opened, window=window, where=(FieldRule(machine, "is_true"),))
    return by_machine & ~any_of(human_signals(names), window)


def _inactive_user(params: Params, names: Names) -> Group:
    window, joined = Last(int(params["days"])), names.field("joined", *TIME)
    unseen = EventRule(names.event("view"), "did_not", window=window)
    return FieldRule(joined, "more_than_ago", window=window) & unseen


def _sunset_candidate(params: Params, names: Names) -> Group:
    window = Last(int(params["days"]))
    since, sent = names.field("subscribed", *TIME), names.event("sent")
    return Group(
        rules=(
            FieldRule(since, "more_than_ago", window=window),
            EventRule(sent, window=window).at_least(int(params["sends"])),
            ~any_of(engagement(names, str(params["opens"])), window),
        )
    )


ENGAGED = (
    Prebuilt(
        key="engaged",
        label="Engaged in the last … days",
        description="Clicked, replied, visited, submitted a form or ordered in the window, "
        "or opened an e-mail without a machine having done it (mail privacy proxies).",
        phrase="is engaged in the last {days} days",
        params=(days(30), OPENS),
        origin="Klaviyo (30, 60, 90 days; click or open). Ours: 180 days, visits, forms and "
        "orders count; those who just subscribed do not (add “or is a new subscriber”).",
        rules=_engaged,
    ),
    Prebuilt(
        key="not_engaged",
        label="Mailed, but not engaged in the last … days",
        description="Was sent an e-mail in the window and did not click, reply or open in it, "
        "and subscribed that long ago or longer.",
        phrase="is unresponsive to the e-mail of the last {days} days",
        params=(days(30), OPENS),
        origin="Ours; the name is HighLevel's. Those never mailed, or without a date of "
        "subscription, are not in.",
        rules=_not_engaged,
    ),
    Prebuilt(
        key="unengaged_sends",
        label="Ignored the last … sends",
        description="Never clicked, replied to or opened an e-mail and was sent the first number "
        "or more; or did so before, and was sent the second number or more since the last time.",
        phrase="is ignoring e-mail ({never} sends and never a response, or {once} since the last)",
        params=(
            times("never", "sends if never engaged", 11),
            times("once", "sends if engaged before", 16),
            OPENS,
        ),
        origin="HubSpot (graymail: 11 and 16 sends; open or click). Ours: replies count too.",
        rules=_unengaged_sends,
    ),
    Prebuilt(
        key="mailchimp_inactive",
        label="Opened none of the last … campaigns",
        description="Was sent that many campaigns or more since the last open, click or reply "
        "(ever, without one). Sends of one campaign count once where sends name their campaign.",
        phrase="is silent on the last {campaigns} campaigns",
        params=(times("campaigns", "campaigns", 5), OPENS),
        origin="Mailchimp (no open in the last 5 campaigns). Ours: a click or a reply proves "
        "an open, also a late one of an older campaign.",
        rules=_mailchimp_inactive,
    ),
)
"""Who responds to e-mail and who does not."""

FADING = (
    Prebuilt(
        key="sunset_candidate",
        label="Sunset candidate",
        description="Subscribed that many days ago or longer, was sent that many e-mails or more "
        "in those days, and showed no sign of engagement in them.",
        phrase="is a sunset candidate ({sends} sends and no engagement in the last {days} days)",
        params=(days(180), times("sends", "sends", 10), OPENS),
        origin="Ours; the idea to count sends is HubSpot's.",
        rules=_sunset_candidate,
    ),
    Prebuilt(
        key="inactive_user",
        label="Inactive user",
        description="Joined that many days ago or longer and visited no page in those days.",
        phrase="is an inactive user (no visit in the last {days} days)",
        params=(days(30),),
        origin="Customer.io (30 days).",
        rules=_inactive_user,
    ),
    Prebuilt(
        key="mpp_only",
        label="Opened by machines only",
        description="Has an open by a machine in the window, and no open by a person, click, "
        "reply, order or other engagement in it.",
        phrase="is opening by machine only in the last {days} days",
        params=(days(30),),
        origin="Ours, from Klaviyo's flag for Apple Mail Privacy Protection.",
        rules=_mpp_only,
    ),
)
"""Who is fading away, or only seems to be there."""
