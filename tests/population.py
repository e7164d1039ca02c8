"""The contacts that judge the engines: twelve awkward ones and a random crowd."""

from __future__ import annotations

import datetime as dt
import math
import random
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from segbench.engine.memory import Contact, Event
from segbench.lake.tables import Batch
from segbench.model.ask import did, engaged, field, in_segment, tag
from segbench.model.catalog import Catalog, Choice, EventType, Field, Property, ValueType
from segbench.model.moments import instants
from segbench.model.rules import Group
from segbench.model.windows import PERIODS, Calendar, Last

AS_OF = dt.datetime(2026, 10, 26, 11, 30, 0, 123456)
"""The clock (naive UTC): the day after the clocks went back in Berlin."""
ZONE = ZoneInfo("Europe/Berlin")
TICK = dt.timedelta(microseconds=1)
MONTH = dt.timedelta(days=30)
HOSTILE = "'; DROP TABLE contacts; --"
ODD_FIELD = 'odd "name"; --'

FIELDS: dict[str, ValueType] = {
    "name": "text",
    "country": "text",
    ODD_FIELD: "text",
    "age": "number",
    "score": "number",
    "subscribed": "boolean",
    "birthday": "date",
    "last_seen": "datetime",
    "interests": "list",
    "ship_to": "text",
    "goal": "number",
    "joined": "date",
    "last_order": "datetime",
    "time_zone": "text",
}
EVENTS: dict[str, dict[str, ValueType]] = {
    "order_placed": {
        "amount": "number",
        "items": "number",
        "currency": "text",
        "gift": "boolean",
        "due": "date",
        "paid_at": "datetime",
    },
    "email_opened": {"machine_open": "boolean"},
    "email_clicked": {},
    "page_visited": {"page": "text"},
    # Names that queries of our own might use for columns.
    "cart_updated": {
        "amount": "number",
        "page": "text",
        "last": "datetime",
        "ordinal_right": "text",
    },
}
PROPERTIES = {name: kind for properties in EVENTS.values() for name, kind in properties.items()}
TAGS = ("vip", "VIP", "newsletter", "Prospekt 2026", "🎈", HOSTILE)
WHOLE = {"age", "items", "goal"}


@dataclass(frozen=True)
class Clock:
    """A moment at which the population is judged, and where."""

    as_of: dt.datetime
    zone: ZoneInfo
    week_start: int


CLOCKS: tuple[Clock, ...] = (
    Clock(AS_OF, ZONE, 0),
    # In New York still the 29th of February, a Thursday; weeks start on Sunday.
    Clock(dt.datetime(2024, 3, 1, 2, 0), ZoneInfo("America/New_York"), 6),
    # The end of a month, where clocks change by half an hour; weeks start on Saturday.
    Clock(dt.datetime(2026, 3, 31, 12, 0), ZoneInfo("Australia/Lord_Howe"), 5),
    # The first instant of a year.
    Clock(dt.datetime(2025, 1, 1), ZoneInfo("UTC"), 0),
)
"""The clock of most tests first."""


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts)  # type: ignore[arg-type]


def order(at: dt.datetime, **properties: Any) -> Event:
    return Event("order_placed", at, properties)


AWKWARD: tuple[Contact, ...] = (
    Contact("nothing known"),
    Contact(
        "blank text",
        {"name": "", "country": " \t\r\n\v\f", ODD_FIELD: "  ", "score": math.nan},
        events=(order(AS_OF, currency=" ", amount=math.nan),),
    ),
    Contact(
        "just too old",
        {"country": "DE", "last_seen": AS_OF - MONTH, "birthday": dt.date(2026, 9, 26)},
        events=(order(AS_OF - MONTH, amount=10.0, items=1, currency="EUR"),),
    ),
    Contact(
        "just in time",
        {"country": "de ", "last_seen": AS_OF - MONTH + TICK, "birthday": dt.date(2026, 9, 27)},
        events=(
            order(AS_OF - MONTH + TICK, amount=10.0, items=1, currency="eur"),
            order(AS_OF, amount=10.0, items=2),
        ),
    ),
    Contact(
        "not happened yet",
        {"country": "FR", "last_seen": AS_OF + TICK, "birthday": dt.date(2026, 10, 27)},
        frozenset({"newsletter"}),
        (order(AS_OF + TICK, amount=99.5), Event("page_visited", AS_OF + MONTH, {"page": "/"})),
    ),
    Contact(
        "leap day",
        {
            "birthday": dt.date(2004, 2, 29),
            "age": 22,
            "subscribed": True,
            "country": "AT",
            "time_zone": "America/New_York",
            "last_seen": utc(2024, 2, 29, 4, 59, 59),
        },
    ),
    Contact(
        "clocks went back",
        # 02:30 came twice in Berlin on 25 October: at 00:30 and at 01:30 UTC.
        {"last_seen": utc(2026, 10, 25, 0, 30), "birthday": dt.date(2026, 10, 25)},
        events=(
            order(utc(2026, 10, 24, 22, 0), amount=1.0, gift=True),
            order(utc(2026, 10, 25, 1, 30), amount=2.0, gift=False),
            order(utc(2026, 10, 25, 22, 59, 59, 999999), amount=3.0),
            order(utc(2026, 10, 25, 23, 0), amount=4.0),
            Event("cart_updated", utc(2026, 10, 25, 23, 0), {"amount": 4.0}),
        ),
    ),
    Contact(
        "letters that change size",
        {"name": "İSTANBUL ẞtraße ΣΊΣΥΦΟΣ 5 K", "country": "ß", ODD_FIELD: "Σ"},
        frozenset({"VIP"}),
        (Event("page_visited", AS_OF - MONTH, {"page": "ΟΔΟΣ"}),),
    ),
    Contact(
        "emoji",
        {
            "name": "👩‍👩‍👧 Zoë",
            "country": "🇩🇪",
            ODD_FIELD: "Zoe\u0308",
            "ship_to": "🇩🇪 ",
            "interests": ("Zoe\u0308", " zoë", "", "🎈"),
        },
        frozenset({"🎈"}),
        (Event("page_visited", AS_OF - TICK, {"page": "/🎈"}),),
    ),
    Contact(
        "beyond numbers",
        {"score": math.inf, "age": -(2**53), "subscribed": False, "country": "null"},
        events=(order(AS_OF - TICK, amount=-math.inf, items=0),),
    ),
    Contact(
        "tagged twice",
        {"country": "US", "score": -0.0, "age": 0, "interests": ("", " ")},
        frozenset({"vip", "newsletter"}),
        (
            Event("email_opened", AS_OF - MONTH + TICK, {"machine_open": True}),
            Event("email_opened", AS_OF - MONTH + TICK, {"machine_open": True}),
            Event("email_opened", AS_OF - dt.timedelta(days=7), {}),
        ),
        {"vip": AS_OF - MONTH},
    ),
    Contact(
        "hostile text",
        {"name": HOSTILE, "country": "100%_\\'\"", ODD_FIELD: "%", "score": 1e-300},
        frozenset({HOSTILE}),
        (Event("page_visited", AS_OF, {"page": "_"}),),
    ),
)
"""One contact for each thing that engines get wrong."""

POOLS: dict[str, tuple[Any, ...]] = {
    "name": (
        "Anna",
        "ANNA",
        " anna",
        "Straße",
        "STRASSE",
        "Ann_a",
        "50%",
        "a\\b",
        "O'Hara",
        "a\nb",
        "",
    ),
    "country": ("DE", "de", "De ", "FR", "fr", "AT", "\tUS", "Côte d'Ivoire", "CÔTE D'IVOIRE", " "),
    ODD_FIELD: ("x", "X", "xx", "ΟΔΟΣ", "οδος", "\u00a0x", "i", "I", "ı", "İ"),
    "age": (0, 1, 17, 18, 18, 65, -1, 2**53),
    "score": (0.0, 0.1, 0.2, 0.3, 0.1 + 0.2, 50.0, 50.5, math.nan, math.inf, -1.5),
    "subscribed": (True, False),
    "interests": ((), ("Ski",), ("ski ", "Tea"), ("tea", "SKI", "Côte"), ("i", "İ", "")),
    "ship_to": ("DE", "de", "FR", " d", "côte d'ivoire", "c", ""),
    "goal": (0, 1, 18, 50, 65),
    "joined": tuple(AS_OF.date() - dt.timedelta(days=n) for n in (-1, 0, 1, 30, 365, 2431)),
    "last_order": tuple(AS_OF - dt.timedelta(days=n) for n in (0, 1, 2, 7, 30, 31, 970)),
    "time_zone": (
        *("Europe/Berlin", "America/New_York", "Pacific/Kiritimati"),
        *("Mars/Base", "utc", "localtime", "posix/Asia/Tokyo"),
    ),
    "birthday": (
        *(dt.date(2000, 3, 1), dt.date(1999, 12, 31)),
        *(AS_OF.date() - dt.timedelta(days=n) for n in (-1, 0, 1, 7, 30, 31, 9000)),
    ),
    "last_seen": tuple(
        AS_OF - dt.timedelta(days=n) + sign * TICK for n in (0, 1, 2, 7, 30) for sign in (-1, 0, 1)
    ),
    "amount": (0.0, 9.99, 10.0, 10.01, 250.0, math.nan),
    "items": (0, 1, 2, 3),
    "currency": ("EUR", "eur", " EUR", "USD", ""),
    "gift": (True, False),
    "due": (dt.date(2026, 10, 25), dt.date(2026, 10, 26), dt.date(2026, 11, 2)),
    "paid_at": (AS_OF, AS_OF - MONTH, AS_OF + TICK),
    "machine_open": (True, False),
    "last": (AS_OF, AS_OF - MONTH, AS_OF + MONTH),
    "ordinal_right": ("x", "/"),
    "page": ("/", "/Pricing", "/pricing ", "/docs%20", "/docs_20"),
}
"""The values that a random contact may have, besides none."""
NEAR: tuple[dt.datetime, ...] = tuple(
    AS_OF - length + sign * TICK
    for length in (
        *(dt.timedelta(days=n) for n in (0, 1, 2, 7, 14, 30, 90, 365)),
        *(dt.timedelta(hours=n) for n in (-1, 1, 12, 36)),
        dt.timedelta(minutes=90),
    )
    for sign in (-1, 0, 1)
)


def edges(clock: Clock) -> list[dt.datetime]:
    """Where windows of the calendar begin and end, as that clock has them."""
    here = (
        window
        for period in PERIODS
        for window in (Calendar(period, -1), Calendar(period), Calendar(period, 1))
    )
    months = (Last(n, unit) for n, unit in ((1, "months"), (3, "months"), (1, "years")))
    found: list[Any] = []
    for window in (*here, *months, Last(1), Last(1, "weeks")):
        bounds = instants(window, clock.as_of, clock.zone, clock.week_start)
        found += [bounds.low, bounds.high]
    return found


FAR: tuple[dt.datetime, ...] = tuple(
    sorted({at + sign * TICK for clock in CLOCKS for at in edges(clock) for sign in (-1, 0)})
)
TIMES = (*NEAR, *FAR)
"""When events happen: on the edges of windows and just beside them."""

Pick = Callable[[Sequence[Any]], Any]


def contact(key: str, pick: Pick) -> Contact:
    """A contact whose every choice is made by `pick`: at random, or by hypothesis."""

    def values(names: Iterable[str]) -> dict[str, Any]:
        return {name: pick((None, *POOLS[name])) for name in names}

    events = []
    for _ in range(pick((0, 0, 1, 2, 3, 5))):
        name = pick(tuple(EVENTS))
        events.append(Event(name, pick(pick((NEAR, NEAR, FAR))), values(EVENTS[name])))
    tags = frozenset(pick(TAGS) for _ in range(pick((0, 0, 1, 2))))
    tagged = {tag: pick(NEAR) for tag in sorted(tags) if pick((True, True, False))}
    return Contact(key, values(FIELDS), tags, tuple(events), tagged)


def crowd(size: int, seed: int) -> tuple[Contact, ...]:
    """Random contacts, the same for the same seed."""
    chance = random.Random(seed)
    return tuple(contact(f"crowd {number}", chance.choice) for number in range(size))


CONTACTS: tuple[Contact, ...] = (*AWKWARD, *crowd(265, seed=20261026))

CONTACT_ZONE = "time_zone"
"""The field with each contact's own time zone."""
ZONES = tuple(Choice(name, 1) for name in POOLS["time_zone"])
CATALOG = Catalog(
    len(CONTACTS),
    tuple(
        Field(name, kind, choices=ZONES if name == "time_zone" else ())
        for name, kind in FIELDS.items()
    ),
    tuple(Choice(tag, sum(tag in contact.tags for contact in CONTACTS)) for tag in TAGS),
    tuple(
        EventType(name, properties=tuple(Property(p, kind) for p, kind in properties.items()))
        for name, properties in EVENTS.items()
    ),
    tag_times=True,
)

SEGMENTS: dict[str, Group] = {
    "Germans": Group(rules=(field("country").is_any_of("DE", " de"),)),
    "Buyers": did("order_placed").within(days=30) & in_segment("Germans"),
    "Lively": in_segment("Buyers") | engaged(days=7) | ~in_segment("Germans"),
    "Tagged, not lively": tag("vip") & ~in_segment("Lively"),
    "Nobody": Group(),
    "All off": Group(rules=(Group(enabled=False, rules=(in_segment("no such segment"),)),)),
}
"""Saved groups that refer to each other, some of them empty."""

ARROW: dict[ValueType, pa.DataType] = {
    "text": pa.string(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "list": pa.list_(pa.string()),
}


def column(name: str, kind: ValueType, values: Iterable[Any]) -> pa.Array:
    return pa.array(values, pa.int64() if name in WHOLE else ARROW[kind], from_pandas=False)


def composed(value: Any) -> Any:
    """Texts in normal form C, as every lake stores them."""
    if isinstance(value, tuple):
        return tuple(map(composed, value))
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def tables(contacts: Sequence[Contact], owner: str) -> dict[str, pa.Table]:
    """The three tables of contacts; `owner` is the column, key or ordinal, that joins them."""
    owners: list[Any] = (
        [contact.key for contact in contacts] if owner == "key" else list(range(len(contacts)))
    )
    kind = pa.string() if owner == "key" else pa.int64()
    # Every tag comes twice, once padded where the reader of the table trims.
    padded = (lambda tag: f" {tag}\t") if owner == "key" else (lambda tag: tag)
    tagged = [
        (mine, each, contact.tagged.get(tag))
        for mine, contact in zip(owners, contacts, strict=True)
        for tag in sorted(contact.tags)
        for each in (tag, padded(tag))
    ]
    stored = composed if owner == "ordinal" else (lambda value: value)
    events = [
        (mine, event)
        for mine, contact in zip(owners, contacts, strict=True)
        for event in contact.events
    ]
    return {
        "contacts": pa.table(
            {
                owner: pa.array(owners, kind),
                "key": pa.array([contact.key for contact in contacts], pa.string()),
                **{
                    n: column(n, k, [stored(c.fields.get(n)) for c in contacts])
                    for n, k in FIELDS.items()
                },
            }
        ),
        "tags": pa.table(
            {
                owner: pa.array([mine for mine, _, _ in tagged], kind),
                "tag": pa.array([tag for _, tag, _ in tagged], pa.string()),
                "at": pa.array([at for _, _, at in tagged], pa.timestamp("us")),
            }
        ),
        "events": pa.table(
            {
                owner: pa.array([mine for mine, _ in events], kind),
                "event": pa.array([event.name for _, event in events], pa.string()),
                "at": pa.array([event.at for _, event in events], pa.timestamp("us")),
                **{
                    n: column(n, k, [stored(event.properties.get(n)) for _, event in events])
                    for n, k in PROPERTIES.items()
                },
            }
        ),
    }


def batch(contacts: Sequence[Contact]) -> Batch:
    """The contacts as a lake takes them in."""
    return Batch(**tables(contacts, "key"))
