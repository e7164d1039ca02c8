"""The demo CRM: invented contacts with a year of events, as untidy as real ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segbench.demo.activity import FORMS, PAGES, PRODUCTS, draw_activity
from segbench.demo.addresses import Addresses, draw_addresses
from segbench.demo.crm_notes import NOTES
from segbench.demo.gaps import with_blanks, with_gaps, with_surprises
from segbench.demo.interests import draw_interests
from segbench.demo.mailing import BOUNCES, LINKS, Mail, campaign_names, draw_mail
from segbench.demo.people import ZONES, People, draw_people
from segbench.demo.shipping import draw_shipping_city
from segbench.demo.standing import (
    PLANS,
    STAGES,
    Permission,
    Standing,
    answer,
    draw_permission,
    draw_standing,
    email_consent,
    email_status,
)
from segbench.demo.stream import events_table, last_per_contact
from segbench.demo.tags import draw_tags, tags_table
from segbench.demo.timeline import DAY, YEAR, Flags, Ints, Timeline
from segbench.lake.tables import Batch

__all__ = ["CHUNK", "NOTES", "generate"]

CHUNK = 25_000
"""Contacts in a batch, except in the last."""


def generate(contacts: int, *, seed: int, until: dt.datetime) -> Iterator[Batch]:
    """The demo CRM with that many contacts, and their events of the year up to `until` (naive UTC).

    The same three arguments give the same data; the clock is never read. Contacts come in chunks
    of `CHUNK`, one batch each, drawn on its own from (seed, number of the chunk): memory does not
    grow with `contacts`, every full chunk is a fair sample of the whole and is the same whatever
    `contacts` is, and two contacts that share an address are always in one chunk. `ValueError`
    where `contacts` or `seed` is negative or `until` has a time zone.
    """
    if contacts < 0 or seed < 0:
        raise ValueError(f"contacts and seed must not be negative, got {contacts} and {seed}.")
    if until.tzinfo is not None:
        raise ValueError(f"until must be UTC without a time zone, got {until.isoformat()}.")
    return _chunks(contacts, seed, Timeline(until, ZONES))


def _chunks(contacts: int, seed: int, line: Timeline) -> Iterator[Batch]:
    for chunk, start in enumerate(range(0, contacts, CHUNK)):
        ordinals = np.arange(start + 1, min(start + CHUNK, contacts) + 1)
        yield _chunk(np.random.SeedSequence(seed, spawn_key=(chunk,)), ordinals, line)


def _chunk(seeds: np.random.SeedSequence, ordinals: Ints, line: Timeline) -> Batch:
    # Whatever is added draws from a stream of its own, so that all else stays as it is.
    who, sent, does, marked, lost, pays, dated, likes, ships = (
        np.random.default_rng(seed) for seed in seeds.spawn(9)
    )
    keys = _keys(ordinals)
    people = draw_people(who, len(ordinals), line)
    addresses = draw_addresses(who, people.first_name, people.last_name, ordinals)
    permission = draw_permission(who, people, line)
    mailable = permission.mailable(~(addresses.missing | addresses.bad))
    mail = draw_mail(sent, people, mailable, line)
    parts = mail.parts + draw_activity(does, pays, people, mail.clicks, line)
    standing = draw_standing(does, people, parts, line)
    given = draw_tags(
        marked,
        {
            "consents": permission.email == 1,
            "active": standing.active,
            "customer": standing.orders > 0,
            "new": people.created >= line.start,
            "dach": people.dach,
        },
    )
    tags = tags_table(dated, keys, *given, people.created, line.until)
    contacts = _contacts(lost, keys, people, addresses, permission, mail, standing, line)
    more = {
        "interests": draw_interests(likes, len(people)),
        "shipping_city": draw_shipping_city(ships, people),
        "last_order_at": last_per_contact(parts, "order_placed", len(people)),
        "last_visit_at": last_per_contact(parts, "page_visited", len(people)),
    }
    for name, column in more.items():
        contacts = contacts.append_column(name, column)
    return Batch(contacts, tags, events_table(parts, keys, _words(line)))


def _keys(ordinals: Ints) -> pa.Array:
    digits = pc.utf8_lpad(pc.cast(pa.array(ordinals), pa.string()), 7, "0")
    return pc.binary_join_element_wise("c", digits, "")


def _words(line: Timeline) -> dict[str, pa.Array]:
    lists = {
        "campaign": campaign_names(line),
        "link": LINKS,
        "bounce_type": BOUNCES,
        "page": PAGES,
        "form": FORMS,
        "product": list(PRODUCTS),
    }
    return {name: pa.array(words, pa.string()) for name, words in lists.items()}


def _contacts(
    rng: np.random.Generator,
    keys: pa.Array,
    people: People,
    addresses: Addresses,
    permission: Permission,
    mail: Mail,
    standing: Standing,
    line: Timeline,
) -> pa.Table:
    columns = {
        "key": keys,
        "first_name": people.first_name,
        "last_name": people.last_name,
        "email": addresses.typed,
        "email_status": email_status(permission, mail, addresses.missing, addresses.bad),
        "phone": people.phone,
        "company": people.company,
        "country": people.country,
        "city": people.city,
        "time_zone": people.time_zone,
        "language": people.language,
        "plan": pa.array(PLANS).take(pa.array(standing.plan)),
        "lifecycle_stage": pa.array(STAGES).take(pa.array(standing.stage)),
        "lead_score": pa.array(standing.score),
        "birthday": _birthdays(rng, len(people), line),
        "created_at": pa.array(people.created, pa.timestamp("us")),
        "email_consent": email_consent(rng, permission, mail),
        "sms_consent": answer(permission.sms),
        "do_not_disturb": pa.array(permission.do_not_disturb),
    }
    return pa.table(with_gaps(rng, with_blanks(rng, with_surprises(rng, columns))))


def _birthdays(rng: np.random.Generator, n: int, line: Timeline) -> pa.Array:
    """Days of birth at ages from 18 to 88; a few are what a form fills in by itself."""
    age = rng.triangular(18, 34, 88, n) * (YEAR + 0.25)
    days = (line.until // DAY - age).astype(np.int32)
    left_as_set: Flags = rng.random(n) < 0.01
    return pa.array(np.where(left_as_set, 0, days).astype(np.int32), pa.int32()).cast(pa.date32())
