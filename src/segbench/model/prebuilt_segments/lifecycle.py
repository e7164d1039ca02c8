"""Pre-built segments about moments: a sign-up, a birthday, something left in the cart."""

from __future__ import annotations

from segbench.model.prebuilt_segments.names import TIME, Names
from segbench.model.prebuilt_segments.reach import is_subscribed
from segbench.model.prebuilt_segments.row import Param, Prebuilt, days, times
from segbench.model.rules import EventRule, FieldRule, Group, Params, SequenceRule, Step
from segbench.model.windows import Last, Next


def _new_subscribers(params: Params, names: Names) -> Group:
    since = names.field("subscribed", *TIME)
    return FieldRule(since, "in_last", window=Last(int(params["days"]))) & is_subscribed(names)


def _birthday_next(params: Params, names: Names) -> Group:
    birthday = names.field("birthday", *TIME)
    soon = FieldRule(birthday, "anniversary_next", window=Next(int(params["days"])))
    return Group(rules=(soon,))


def _cart_abandoner(params: Params, names: Names) -> Group:
    steps = (_any_event(names, "cart", "checkout"), Step(names.event("order")))
    return Group(rules=(_not_followed(steps, Last(int(params["hours"]), "hours")),))


def _browse_abandoner(params: Params, names: Names) -> Group:
    window, view = Last(int(params["days"])), names.event("view")
    where = _product_page(names, view)
    steps = (Step(view, where), _any_event(names, "cart", "checkout", "order"))
    views = EventRule(view, window=window, where=where).at_least(int(params["views"]))
    return views & _not_followed(steps, window)


def _not_followed(steps: tuple[Step, Step], window: Last) -> SequenceRule:
    return SequenceRule(steps, "not_followed", window=window)


def _any_event(names: Names, *parts: str) -> Step:
    first, *also = names.events(*parts)
    return Step(first, also=tuple(also))


def _product_page(names: Names, view: str) -> tuple[FieldRule, ...]:
    part = names.called("product_page")
    page = names.property_here(view, "page", "text") if part.strip() else None
    return (FieldRule(page, "contains", (part,)),) if page else ()


SIGN_UPS = (
    Prebuilt(
        key="new_subscribers",
        label="New subscribers",
        description="Subscribed in the window, with consent where that is known, and has not "
        "unsubscribed, complained, bounced hard or asked not to be contacted.",
        phrase="is a new subscriber of the last {days} days",
        params=(days(14),),
        origin="Klaviyo (14 days, not suppressed).",
        rules=_new_subscribers,
    ),
)
"""Who is new."""

MOMENTS = (
    Prebuilt(
        key="cart_abandoner",
        label="Left a cart",
        description="Filled a cart or started a checkout in the last hours and has not ordered "
        "after it.",
        phrase="is a cart abandoner (a cart in the last {hours} hours and no order after it)",
        params=(Param("hours", "hours", 72, least=1, most=8_760),),
        origin="Ours (72 hours); Segment's funnel takes a week.",
        rules=_cart_abandoner,
    ),
    Prebuilt(
        key="browse_abandoner",
        label="Looked at products and left",
        description="Viewed product pages that many times or more in the window, and neither "
        "filled a cart nor ordered after the last view.",
        phrase="is a browse abandoner ({views} or more product views in the last {days} days, no "
        "cart or order after them)",
        params=(times("views", "views or more", 2), days(7)),
        origin="Ours.",
        rules=_browse_abandoner,
    ),
    Prebuilt(
        key="birthday_next",
        label="Birthday in the next … days",
        description="Has the birthday in that many days after today, over the end of the year too; "
        "29 February falls on 1 March in common years. Today is not one of them.",
        phrase="is celebrating a birthday in the next {days} days",
        params=(Param("days", "days", 7, least=1, most=366),),
        origin="Klaviyo (anniversary), Braze (29 February). Ours: the year wraps.",
        rules=_birthday_next,
    ),
)
"""Whose moment it is."""
