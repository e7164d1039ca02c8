"""Visits, forms, carts and orders in the demo CRM."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segbench.demo.people import People
from segbench.demo.stream import Part
from segbench.demo.timeline import MINUTE, SECOND, Flags, Floats, Ints, Timeline, after

PAGES = (
    "/", "/products", "/pricing", "/sale", "/blog", "/products/shoes", "/products/jackets",
    "/products/bags", "/stores", "/about", "/blog/size-guide", "/returns", "/careers", "/privacy",
)  # fmt: skip
FORMS = ("newsletter sign-up", "contact us", "webinar registration", "guide download",
         "demo request", "feedback")  # fmt: skip
PRODUCTS = {
    "Socks": 12.9, "T-shirt": 24.9, "Running shoes": 119.0, "Gift card": 50.0, "Backpack": 89.0,
    "Rain jacket": 149.0, "Water bottle": 18.5, "Cap": 22.0, "Hiking boots": 179.0, "Hoodie": 64.9,
    "Yoga mat": 39.0, "Sunglasses": 79.0, "Tent": 349.0, "Sleeping bag": 159.0, "Head lamp": 44.5,
    "Road bike": 1899.0,
}  # fmt: skip
_PRICES = np.array(list(PRODUCTS.values()))


@dataclass(frozen=True)
class _Sessions:
    """One row a visit: whose, when it starts, and whether a click in an e-mail led to it."""

    who: Ints
    at: Ints
    mailed: Flags


def draw_activity(
    rng: np.random.Generator,
    paying: np.random.Generator,
    people: People,
    clicks: Part,
    line: Timeline,
) -> list[Part]:
    """Every event of the year that is no e-mail; `clicks` lead to visits.

    `paying` draws what happens between cart and order.
    """
    sessions = _sessions(rng, people, clicks, line)
    parts = [
        _pages(rng, sessions),
        _forms(rng, sessions),
        _first_forms(rng, people, line),
        *_purchases(rng, paying, sessions, people.engagement),
    ]
    return [part.where(part.at <= line.until) for part in parts]


def _sessions(rng: np.random.Generator, people: People, clicks: Part, line: Timeline) -> _Sessions:
    own = np.repeat(np.arange(len(people)), rng.poisson(3.2 * people.engagement))
    own_at = line.moments(rng, people.zone[own])
    lived = (own_at > people.created[own]) & (own_at > line.start) & (own_at <= people.quiet[own])
    new = np.flatnonzero((people.created >= line.start) & (rng.random(len(people)) < 0.6))
    landed = rng.random(len(clicks.who)) < 0.92
    from_mail = clicks.at[landed] + SECOND + after(rng, int(landed.sum()), 2 * SECOND)
    who = np.concatenate([own[lived], new, clicks.who[landed]])
    at = np.concatenate([own_at[lived], people.created[new] + 5 * SECOND, from_mail])
    mailed = np.arange(len(who)) >= len(who) - len(from_mail)
    return _Sessions(who, at, mailed)


def _pages(rng: np.random.Generator, sessions: _Sessions) -> Part:
    length = np.minimum(rng.geometric(0.6, len(sessions.who)), 30)
    row = np.repeat(np.arange(len(length)), length)
    passed = np.cumsum(5 * SECOND + after(rng, len(row), 50 * SECOND))
    entered = passed[np.cumsum(length) - length]
    page = (rng.random(len(row)) ** 2.2 * len(PAGES)).astype(np.int64)
    at = sessions.at[row] + passed - entered[row]
    return Part("page_visited", sessions.who[row], at, {"page": page})


def _forms(rng: np.random.Generator, sessions: _Sessions) -> Part:
    row = np.flatnonzero(rng.random(len(sessions.who)) < 0.05)
    form = (rng.random(len(row)) ** 1.3 * len(FORMS)).astype(np.int64)
    at = sessions.at[row] + 40 * SECOND + after(rng, len(row), 3 * MINUTE)
    return Part("form_submitted", sessions.who[row], at, {"form": form})


def _first_forms(rng: np.random.Generator, people: People, line: Timeline) -> Part:
    new = (people.created >= line.start) & (rng.random(len(people)) < 0.35)
    who = np.flatnonzero(new)
    at = people.created[who] + after(rng, len(who), SECOND)
    return Part("form_submitted", who, at, {"form": np.zeros(len(who), np.int64)})


def _purchases(
    rng: np.random.Generator,
    paying: np.random.Generator,
    sessions: _Sessions,
    engagement: Floats,
) -> list[Part]:
    n = len(sessions.who)
    eager = 0.6 + 0.8 * engagement[sessions.who] / (engagement[sessions.who] + 1)
    carts = np.flatnonzero(rng.random(n) < (0.10 + 0.14 * sessions.mailed) * eager)
    spontaneous = np.flatnonzero(rng.random(n) < 0.012 * eager)
    row = np.concatenate([carts, spontaneous])
    at = sessions.at[row] + MINUTE + after(rng, len(row), 5 * MINUTE)
    product = (rng.random(len(row)) ** 1.6 * len(_PRICES)).astype(np.int64)
    items = np.minimum(rng.geometric(0.75, len(row)), 12)
    discount = rng.choice([1.0, 0.9, 0.8, 0.5], len(row), p=[0.7, 0.15, 0.12, 0.03])
    what = {"product": product, "amount": np.round(_PRICES[product] * items * discount, 2)}
    basket = Part("cart_updated", sessions.who[row], at, what)
    ordered = rng.random(len(row)) < 0.5
    ordered[len(carts) :] = True
    paid_at = at + MINUTE + after(rng, len(row), 12 * MINUTE)
    order = Part("order_placed", basket.who, paid_at, what)
    filled = np.arange(len(row)) < len(carts)
    checkout = _checkouts(paying, basket, paid_at, filled, ordered)
    return [basket.where(filled), order.where(ordered), checkout]


def _checkouts(
    rng: np.random.Generator, basket: Part, paid_at: Ints, filled: Flags, ordered: Flags
) -> Part:
    """The checkouts between cart and order; a third of the carts that are left get as far."""
    n = len(basket.who)
    begun = filled & (ordered | (rng.random(n) < 0.35))
    share = 0.1 + 0.8 * rng.random(n)
    at = basket.at + (share * (paid_at - basket.at)).astype(np.int64)
    return Part("checkout_started", basket.who, at, basket.properties).where(begun)
