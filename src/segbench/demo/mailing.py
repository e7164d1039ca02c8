"""E-mail in the demo CRM: campaigns, deliveries, opens by people and machines, goodbyes."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from segbench.demo.people import People
from segbench.demo.stream import Part, Values
from segbench.demo.timeline import DAY, HOUR, MINUTE, SECOND, Flags, Ints, Timeline, after

LINKS = (
    "https://shop.example/sale", "https://shop.example/new", "https://shop.example/pricing",
    "https://blog.example/guide", "https://blog.example/story", "https://shop.example/survey",
    "https://shop.example/webinar", "https://shop.example/account",
)  # fmt: skip
BOUNCES = ("hard", "soft")
WELCOME = "Welcome"
FINAL = ("email_bounced", "email_unsubscribed", "email_complained")
"""The events that end all sends; of `email_bounced` the hard ones."""


@dataclass(frozen=True)
class Mail:
    """All e-mail events of a chunk; `final` is, per contact, the position in `FINAL` or -1."""

    parts: list[Part]
    final: Ints

    @property
    def clicks(self) -> Part:
        """The clicks."""
        return next(part for part in self.parts if part.event == "email_clicked")


@dataclass(frozen=True)
class _Sends:
    """One row a send: to whom, which campaign, when, and what becomes of it."""

    who: Ints
    campaign: Ints
    at: Ints
    delivered_at: Ints
    seen: Ints
    hard: Flags
    soft: Flags
    leaves: Flags
    complains: Flags

    def where(self, kept: Flags) -> _Sends:
        return _Sends(*(getattr(self, column.name)[kept] for column in fields(self)))


def campaign_names(line: Timeline) -> list[str]:
    """The words of the property `campaign`, in the order of its codes."""
    return [campaign.name for campaign in line.campaigns] + [WELCOME]


def draw_mail(rng: np.random.Generator, people: People, mailable: Flags, line: Timeline) -> Mail:
    """Every e-mail event of the `mailable` people in the year up to `line.until`."""
    sends = _outcomes(rng, *_sent(rng, people, mailable, line), people, line)
    final, goodbyes, last = _goodbyes(sends, len(people), line.until)
    sends = sends.where(sends.at <= last[sends.who])
    parts = [
        Part("email_sent", sends.who, sends.at, {"campaign": sends.campaign}),
        *goodbyes,
        *_bounces_and_deliveries(rng, sends),
        *_responses(rng, sends.where(~(sends.hard | sends.soft)), people),
    ]
    return Mail([part.where(part.at <= line.until) for part in parts], final)


def _sent(
    rng: np.random.Generator, people: People, mailable: Flags, line: Timeline
) -> tuple[Ints, Ints, Ints]:
    n = len(people)
    keen = np.minimum(people.engagement, 2.0)
    on_list = {
        "newsletter": mailable & (rng.random(n) < 0.06 + 0.05 * keen),
        "update": mailable & (rng.random(n) < 0.45 + 0.1 * keen),
        "offer": mailable & (rng.random(n) < 0.65),
    }
    who, campaign, at = [], [], []
    for code, mailing in enumerate(line.campaigns):
        to = np.flatnonzero(on_list[mailing.topic] & (people.created < mailing.at))
        who.append(to)
        campaign.append(np.full(len(to), code))
        at.append(mailing.at + rng.integers(0, 90 * MINUTE, len(to)))
    new = np.flatnonzero(mailable & (people.created >= line.start))
    who.append(new)
    campaign.append(np.full(len(new), len(line.campaigns)))
    at.append(people.created[new] + after(rng, len(new), 10 * MINUTE))
    sent = np.concatenate(at)
    on_time = sent <= line.until
    return np.concatenate(who)[on_time], np.concatenate(campaign)[on_time], sent[on_time]


def _outcomes(
    rng: np.random.Generator, who: Ints, campaign: Ints, at: Ints, people: People, line: Timeline
) -> _Sends:
    n, m = len(people), len(who)
    dies = rng.random(n) < 0.035
    died = line.start - 30 * DAY + (rng.random(n) * (line.until - line.start)).astype(np.int64)
    hard = dies[who] & (at >= died[who])
    soft = ~hard & (rng.random(m) < 0.006)
    delivered = ~hard & ~soft
    delivered_at = at + SECOND + after(rng, m, 8 * SECOND)
    wait = np.minimum(rng.lognormal(np.log(1.5), 1.5, m), 14 * 24) * HOUR
    seen = line.awake(rng, delivered_at + wait.astype(np.int64), people.zone[who])
    mood = rng.random(m)
    leaves = delivered & (mood < 0.0045)
    complains = delivered & ~leaves & (mood < 0.0051)
    return _Sends(who, campaign, at, delivered_at, seen, hard, soft, leaves, complains)


def _goodbyes(sends: _Sends, n: int, until: int) -> tuple[Ints, list[Part], Ints]:
    """What ended each contact's sends (or -1), those events, and the last instant for a send."""
    rows = [np.flatnonzero(flag) for flag in (sends.hard, sends.leaves, sends.complains)]
    times = [
        sends.at[rows[0]] + 2 * SECOND,
        sends.seen[rows[1]] + 40 * SECOND,
        sends.seen[rows[2]] + 90 * SECOND,
    ]
    row, at = np.concatenate(rows), np.concatenate(times)
    kind = np.repeat(np.arange(len(FINAL)), [len(found) for found in rows])
    in_time = at <= until
    row, at, kind = row[in_time], at[in_time], kind[in_time]
    order = np.lexsort((at, sends.who[row]))
    row, at, kind = row[order], at[order], kind[order]
    who, first = np.unique(sends.who[row], return_index=True)
    final, last = np.full(n, -1), np.full(n, until)
    final[who], last[who] = kind[first], at[first]
    parts = []
    for code, event in enumerate(FINAL):
        chosen = first[kind[first] == code]
        properties: dict[str, Values] = {"campaign": sends.campaign[row[chosen]]}
        if event == "email_bounced":
            properties["bounce_type"] = np.full(len(chosen), BOUNCES.index("hard"))
        parts.append(Part(event, sends.who[row[chosen]], at[chosen], properties))
    return final, parts, last


def _bounces_and_deliveries(rng: np.random.Generator, sends: _Sends) -> list[Part]:
    soft, arrived = sends.where(sends.soft), sends.where(~(sends.hard | sends.soft))
    bounce_type = np.full(len(soft.who), BOUNCES.index("soft"))
    late = after(rng, len(soft.who), 2 * HOUR)
    return [
        Part("email_bounced", soft.who, soft.at + late,
             {"campaign": soft.campaign, "bounce_type": bounce_type}),
        Part("email_delivered", arrived.who, arrived.delivered_at, {"campaign": arrived.campaign}),
    ]  # fmt: skip


def _responses(rng: np.random.Generator, mail: _Sends, people: People) -> list[Part]:
    n, engagement, proxied = len(mail.who), people.engagement[mail.who], people.proxied[mail.who]
    active = mail.seen <= people.quiet[mail.who]
    reads = active & (rng.random(n) < 1 - np.exp(-0.32 * engagement))
    reads |= mail.leaves | mail.complains
    tracked = reads & (rng.random(n) < np.where(proxied, 0.4, 0.94))
    again = tracked & (rng.random(n) < 0.18)
    fetched = proxied & (rng.random(n) < 0.92)
    clicks = reads & active & (rng.random(n) < 0.06 + 0.34 * engagement / (engagement + 2))
    twice = clicks & (rng.random(n) < 0.15)
    replies = reads & active & (rng.random(n) < 0.012)
    machine_at = mail.delivered_at + 5 * SECOND + rng.integers(0, 12 * MINUTE, n)
    clicked_at = mail.seen + 4 * SECOND + after(rng, n, 45 * SECOND)
    later = mail.seen + 10 * MINUTE + after(rng, n, 20 * HOUR)
    return [
        _opened(mail, tracked, mail.seen, machine=False),
        _opened(mail, again, later, machine=False),
        _opened(mail, fetched, machine_at, machine=True),
        _clicked(rng, mail, (clicks, twice), clicked_at),
        Part("email_replied", mail.who[replies],
             mail.seen[replies] + MINUTE + after(rng, int(replies.sum()), 20 * MINUTE),
             {"campaign": mail.campaign[replies]}),
    ]  # fmt: skip


def _opened(mail: _Sends, which: Flags, at: Ints, *, machine: bool) -> Part:
    flags = np.full(int(which.sum()), machine)
    properties = {"campaign": mail.campaign[which], "machine_open": flags}
    return Part("email_opened", mail.who[which], at[which], properties)


def _clicked(rng: np.random.Generator, mail: _Sends, times: tuple[Flags, Flags], at: Ints) -> Part:
    row = np.concatenate([np.flatnonzero(which) for which in times])
    second = np.repeat([0, 1], [int(which.sum()) for which in times])
    link = (rng.random(len(row)) ** 1.7 * len(LINKS)).astype(np.int64)
    when = at[row] + second * (10 * SECOND + after(rng, len(row), 90 * SECOND))
    return Part(
        "email_clicked", mail.who[row], when, {"campaign": mail.campaign[row], "link": link}
    )
