"""The segments that a demo workspace starts with."""

from __future__ import annotations

from segbench.model.ask import did, did_not, engaged, field, tag
from segbench.model.rules import RuleOrGroup, as_group
from segbench.model.segment import Segment


def crm_segments() -> tuple[Segment, ...]:
    """Segments of the demo CRM."""
    return _segments(
        {
            "Compliant in DACH": field("country").is_any_of("DE", "AT", "CH") & tag("compliant"),
            "Engaged in the last 30 days": as_group(engaged(days=30)),
            "Opened 3 or more in the last 30 days": (
                did("email_opened")
                .at_least(3)
                .within(days=30)
                .matching(field("machine_open").is_false())
            ),
            "Customers": field("lifecycle_stage").is_any_of("customer", "evangelist"),
            "Cart without order in the last 14 days": (
                did("cart_updated").within(days=14) & did_not("order_placed").within(days=14)
            ),
            "Lapsed buyers": did("order_placed") & did_not("order_placed").within(days=120),
        }
    )


def retail_segments() -> tuple[Segment, ...]:
    """Segments of the Complete Journey households, by what they bought, received and redeemed."""
    order, big = did("order_placed"), field("amount") >= 100
    return _segments(
        {
            "Shopped in the last 30 days": order.within(days=30),
            "Weekly shoppers": order.at_least(12).within(days=84),
            "Lapsed": order & did_not("order_placed").within(days=120),
            "Big baskets": order.at_least(3).matching(big),
            "Received campaign 18": tag("campaign 18"),
            "Redeemed a coupon": did("coupon_redeemed"),
            "Received, never redeemed": did("campaign_received") & did_not("coupon_redeemed"),
            "Families": field("kids_count").is_any_of("1", "2", "3+"),
            "Income 100K or more": field("income").is_any_of(
                "100-124K", "125-149K", "150-174K", "175-199K", "200-249K", "250K+"
            ),
            "Demographics unknown": field("age").is_empty(),
        }
    )


def _segments(rules: dict[str, RuleOrGroup]) -> tuple[Segment, ...]:
    return tuple(Segment(name, as_group(rule)) for name, rule in rules.items())
