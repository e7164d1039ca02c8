"""Which events and fields of a workspace play which part in pre-built segments."""

from __future__ import annotations

from dataclasses import dataclass

ENGAGEMENT_EVENTS = (
    "email_clicked",
    "email_replied",
    "page_visited",
    "form_submitted",
    "order_placed",
    "email_opened",
)
"""What counts as engagement unless the workspace says otherwise."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of this workspace for what pre-built segments speak of.

    `engagement` lists the events that show interest. Each other entry is one event, one property
    or one field; `subscribed` and `joined` are fields with the day or time of it. A name that is
    empty, or that does not occur here, is not used.

    `product_page` is what the `page` of a product view contains; all views count where it is empty.
    The `status_` entries are values of `email_status`, and `hard_bounce` one of `bounce_type`.
    """

    engagement: tuple[str, ...] = ENGAGEMENT_EVENTS
    order: str = "order_placed"
    amount: str = "amount"
    cart: str = "cart_updated"
    checkout: str = "checkout_started"
    view: str = "page_visited"
    page: str = "page"
    product_page: str = "/products/"
    sent: str = "email_sent"
    campaign: str = "campaign"
    opened: str = "email_opened"
    machine_open: str = "machine_open"
    clicked: str = "email_clicked"
    replied: str = "email_replied"
    bounced: str = "email_bounced"
    bounce_type: str = "bounce_type"
    hard_bounce: str = "hard"
    complained: str = "email_complained"
    unsubscribed: str = "email_unsubscribed"
    joined: str = "created_at"
    subscribed: str = "created_at"
    birthday: str = "birthday"
    email: str = "email"
    email_status: str = "email_status"
    status_invalid: str = "invalid"
    status_unsubscribed: str = "unsubscribed"
    status_complained: str = "complained"
    status_bounced: str = "bounced"
    email_consent: str = "email_consent"
    do_not_disturb: str = "do_not_disturb"
    phone: str = "phone"
    sms_consent: str = "sms_consent"
    sms_sent: str = "sms_sent"


STANDARD = Vocabulary()
"""The names that the demo CRM uses."""
