"""Pre-built segments about orders: who buys, how often, and who stopped."""

from __future__ import annotations

from segbench.errors import RuleError
from segbench.model.prebuilt_segments.names import Names
from segbench.model.prebuilt_segments.reach import is_subscribed
from segbench.model.prebuilt_segments.row import Param, Prebuilt, days, months, times
from segbench.model.prebuilt_segments.signals import OPENS, any_of, engagement
from segbench.model.rules import Comparison, EventRule, Group, MeasureRule, Params
from segbench.model.windows import Ago, Last

LARGEST_AMOUNT = 10**12


def _new_customer(params: Params, names: Names) -> Group:
    order = EventRule(names.event("order"))
    return order.exactly(1) & order.within(Last(int(params["days"])))


def _recent_customer(params: Params, names: Names) -> Group:
    return Group(rules=(EventRule(names.event("order"), window=Last(int(params["days"]))),))


def _repeat_customer(params: Params, names: Names) -> Group:
    return Group(rules=(EventRule(names.event("order")).at_least(int(params["orders"])),))


def _one_and_done(params: Params, names: Names) -> Group:
    order = names.event("order")
    none_since = EventRule(order, "did_not", window=Last(int(params["days"])))
    return EventRule(order).exactly(1) & none_since


def _lapsed(params: Params, names: Names) -> Group:
    order = names.event("order")
    return EventRule(order) & EventRule(order, "did_not", window=_months(params))


def _never_purchased(_: Params, names: Names) -> Group:
    return is_subscribed(names) & EventRule(names.event("order"), "did_not")


def _vip(params: Params, names: Names) -> Group:
    order = names.event("order")
    amount = names.property(order, "amount", "number")
    above = Comparison("greater_than", (params["average"],))
    return Group(
        rules=(
            EventRule(order, window=_months(params)),
            EventRule(order).at_least(int(params["orders"])),
            MeasureRule(order, "average", above, amount),
        )
    )


def _churn_risk(params: Params, names: Names) -> Group:
    order = names.event("order")
    least, most = int(params["from_months"]), int(params["to_months"])
    if least >= most:
        raise RuleError(f"A last order {least} to {most} months ago: the first must be fewer.")
    between = Comparison("between_ago", window=Ago(least, most, "months"))
    enough = EventRule(order).at_least(int(params["orders"]))
    return MeasureRule(order, "last_time", between) & enough


def _win_back(params: Params, names: Names) -> Group:
    window = Last(int(params["days"]))
    return _lapsed(params, names) & any_of(engagement(names, str(params["opens"])), window)


def _months(params: Params) -> Last:
    return Last(int(params["months"]), "months")


BUYERS = (
    Prebuilt(
        key="new_customer",
        label="New customer",
        description="Placed the first order in the window, and no other.",
        phrase="is a new customer of the last {days} days",
        params=(days(30),),
        origin="Mailchimp (30 days).",
        rules=_new_customer,
    ),
    Prebuilt(
        key="recent_customer",
        label="Recent customer",
        description="Placed an order in the window.",
        phrase="is a customer of the last {days} days",
        params=(days(30),),
        origin="Mailchimp (30 days).",
        rules=_recent_customer,
    ),
    Prebuilt(
        key="repeat_customer",
        label="Repeat customer",
        description="Placed that many orders or more, ever.",
        phrase="is a repeat customer (at least {orders} orders)",
        params=(times("orders", "orders or more", 2),),
        origin="Mailchimp (2 orders).",
        rules=_repeat_customer,
    ),
    Prebuilt(
        key="lapsed",
        label="Lapsed customer",
        description="Placed an order before, and none in the last months.",
        phrase="is a lapsed customer (no order in the last {months} months)",
        params=(months(4),),
        origin="Mailchimp (4 months).",
        rules=_lapsed,
    ),
    Prebuilt(
        key="never_purchased",
        label="Never purchased",
        description="Is subscribed to e-mail and never placed an order.",
        phrase="is a subscriber who never ordered",
        params=(),
        origin="Mailchimp.",
        rules=_never_purchased,
    ),
    Prebuilt(
        key="vip",
        label="VIP",
        description="Placed an order in the last months, that many orders or more ever, and "
        "spends more than the given amount on an order, on average over all of them.",
        phrase="is a VIP ({orders} or more orders of more than {average} on average, one in the "
        "last {months} months)",
        params=(
            months(4),
            times("orders", "orders or more", 3),
            Param("average", "average order above", 100, 0, LARGEST_AMOUNT, "number"),
        ),
        origin="Klaviyo (4 months, 3 orders, above the shop's average order value). Ours: the "
        "amount is 100 until you enter your average.",
        rules=_vip,
    ),
    Prebuilt(
        key="churn_risk",
        label="At risk of churning",
        description="Placed that many orders or more, the last one between so many months ago.",
        phrase="is at risk of churning ({orders} or more orders, the last one "
        "{from_months} to {to_months} months ago)",
        params=(
            months(4, "from_months", "months ago or longer"),
            months(13, "to_months", "months ago at most"),
            times("orders", "orders or more", 3),
        ),
        origin="Klaviyo (4, 13 months, 3 orders). Ours: all of them together.",
        rules=_churn_risk,
    ),
    Prebuilt(
        key="win_back",
        label="Win back",
        description="A lapsed customer (ordered before, not in the last months) who engaged in the "
        "last days.",
        phrase="is to be won back (no order in the last {months} months, engaged in the last "
        "{days} days)",
        params=(months(4), days(90), OPENS),
        origin="Ours.",
        rules=_win_back,
    ),
    Prebuilt(
        key="one_and_done",
        label="One order and done",
        description="Placed exactly one order, that many days ago or longer.",
        phrase="is done after one order (none in the last {days} days)",
        params=(days(60),),
        origin="Common among shops (60 days), no single vendor's.",
        rules=_one_and_done,
    ),
)
"""Who buys and who stopped."""
