"""What a year of events has made of the demo CRM's contacts: status, stage, plan, score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segbench.demo.mailing import FINAL, Mail
from segbench.demo.people import People
from segbench.demo.stream import Part, per_contact
from segbench.demo.timeline import Flags, Floats, Ints, Timeline

STATUSES = ("valid", "invalid", "unsubscribed", "bounced", "complained")
STAGES = ("subscriber", "lead", "marketing_qualified", "opportunity", "customer", "evangelist")
PLANS = ("free", "starter", "pro", "enterprise")


@dataclass(frozen=True)
class Permission:
    """What a contact agreed to before the year's mailings; consents are 1 yes, 0 no, -1 not asked.

    `earlier` is the position in `STATUSES` of those who were lost before the year, or -1.
    """

    email: Ints
    sms: Ints
    do_not_disturb: Flags
    earlier: Ints

    def mailable(self, usable: Flags) -> Flags:
        """Who gets campaigns, given whose address is usable."""
        willing: Flags = (self.email == 1) & ~self.do_not_disturb & (self.earlier < 0)
        return usable & willing


@dataclass(frozen=True)
class Standing:
    """Per contact: lead score 0-100, positions in `STAGES` and `PLANS`, orders, activity flag."""

    score: Ints
    stage: Ints
    plan: Ints
    orders: Ints
    active: Flags


def draw_permission(rng: np.random.Generator, people: People, line: Timeline) -> Permission:
    """Consents, and who had left before the year began."""
    n = len(people)
    old = people.created < line.start
    lost = old & (rng.random(n) < 0.05)
    kind = rng.choice([2, 3, 4], n, p=[0.55, 0.4, 0.05])
    return Permission(
        email=_answers(rng, n, yes=0.76, unknown=0.06),
        sms=_answers(rng, n, yes=0.35, unknown=0.3),
        do_not_disturb=rng.random(n) < 0.025,
        earlier=np.where(lost, kind, -1),
    )


def _answers(rng: np.random.Generator, n: int, *, yes: float, unknown: float) -> Ints:
    return np.searchsorted([unknown, 1 - yes], rng.random(n), side="right") - 1


def email_status(permission: Permission, mail: Mail, missing: Flags, bad: Flags) -> pa.Array:
    """The column `email_status`: null without an address, else what the events say."""
    by_final = {"email_bounced": 3, "email_unsubscribed": 2, "email_complained": 4}
    codes = np.array([by_final[event] for event in FINAL] + [0])[mail.final]
    codes = np.where(permission.earlier >= 0, permission.earlier, codes)
    codes = np.where(bad, STATUSES.index("invalid"), codes)
    return pa.array(STATUSES).take(pa.array(codes, mask=missing))


def email_consent(rng: np.random.Generator, permission: Permission, mail: Mail) -> pa.Array:
    """The column `email_consent`: withdrawn for most who unsubscribed, not for all."""
    left = (mail.final == FINAL.index("email_unsubscribed")) | (permission.earlier == 2)
    consent = np.where(left & (rng.random(len(left)) < 0.7), 0, permission.email)
    return answer(consent)


def answer(values: Ints) -> pa.Array:
    """A boolean column from 1 yes, 0 no, -1 null."""
    return pa.array(values == 1, pa.bool_(), mask=values < 0)


def draw_standing(
    rng: np.random.Generator, people: People, parts: list[Part], line: Timeline
) -> Standing:
    """Score, stage and plan that fit the events in `parts`."""
    n = len(people)
    clicks, visits, replies, orders = (
        per_contact(parts, event, n)
        for event in ("email_clicked", "page_visited", "email_replied", "order_placed")
    )
    points = 3.0 * clicks + visits + 6 * replies + 7 * orders
    warmth = 100 * (1 - np.exp(-points / 22)) + rng.normal(0, 6, n)
    score: Ints = np.clip(np.round(warmth), 0, 100).astype(np.int64)
    bought = (orders > 0) | ((people.created < line.start) & (rng.random(n) < 0.1))
    return Standing(
        score=score,
        stage=_stages(rng, score, bought, orders, replies),
        plan=np.where(bought, _plans(rng, score / 100), np.where(rng.random(n) < 0.02, 1, 0)),
        orders=orders,
        active=(clicks + orders > 0) | (visits > 5),
    )


def _stages(
    rng: np.random.Generator, score: Ints, bought: Flags, orders: Ints, replies: Ints
) -> Ints:
    seen = score + rng.normal(0, 8, len(score))
    stage = np.searchsorted([12.0, 38.0, 68.0], seen)
    stage = np.where(bought & (rng.random(len(score)) < 0.94), STAGES.index("customer"), stage)
    fan = (orders >= 4) & ((replies > 0) | (rng.random(len(score)) < 0.3))
    return np.where(fan, STAGES.index("evangelist"), stage)


def _plans(rng: np.random.Generator, warmth: Floats) -> Ints:
    edges = np.array([0.35, 0.75, 0.95])
    return np.searchsorted(edges, rng.random(len(warmth)) * 0.85 + 0.15 * warmth)
