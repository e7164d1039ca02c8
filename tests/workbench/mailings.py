"""A small workspace whose contacts have every reason not to be mailed, and who judges them."""

from __future__ import annotations

import csv
import datetime as dt
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.model.send_settings import SendSettings
from segbench.model.sending_policy import SendingPolicy
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Settings, Workspace

AS_OF = dt.datetime(2026, 11, 20, 12)
NOW = AS_OF.replace(tzinfo=dt.UTC)
POLICY = SendingPolicy(most_messages=2, in_days=7, smallest_group=3)
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NUMBER = re.compile(r"\+?[0-9][0-9 ()./-]{6,24}")
SOUND = SendSettings(
    subject="Hello {{ first_name|friend }}",
    preview="News",
    body="Dear {{ first_name|friend }}",
    sender_name="Ada",
    sender_address="ada@example.com",
)
"""Settings that a review finds nothing wrong with."""


@dataclass(frozen=True)
class Person:
    """One contact; `sent` and the others are days ago."""

    key: str
    email: str = ""
    phone: str = ""
    first_name: str = ""
    country: str = "DE"
    email_status: str = ""
    created_at: str = ""
    email_consent: str = "true"
    sms_consent: str = "true"
    do_not_disturb: str = "false"
    sent: tuple[float, ...] = ()
    events: tuple[tuple[str, float, str], ...] = field(default=())


def drawn(count: int = 400, seed: int = 5) -> tuple[Person, ...]:
    """Contacts of all kinds, those with several reasons among them."""
    chance = random.Random(seed)

    def maybe(share: float, text: str, other: str) -> str:
        return text if chance.random() < share else other

    people = []
    for number in range(count):
        # Few addresses, spelt in several ways: some are shared.
        name = f"p{chance.randrange(count * 3 // 4)}@mail.example"
        spelt = chance.choice([name, name.upper(), f"  {name}"])
        email = maybe(0.08, "", maybe(0.08, f"wrong {number}", spelt))
        phone = maybe(0.1, "", maybe(0.1, "call me", f"+49 30 {chance.randrange(300):06}"))
        events = [
            (event, chance.uniform(0, 90), kind)
            for event, share, kind in (
                ("email_unsubscribed", 0.06, ""),
                ("email_complained", 0.04, ""),
                ("email_bounced", 0.06, "hard"),
                ("email_bounced", 0.06, "soft"),
            )
            if chance.random() < share
        ]
        people.append(
            Person(
                f"k{number:04}",
                email,
                phone,
                maybe(0.2, "", f"Name{number}"),
                chance.choice(["DE", "AT", "FR"]),
                maybe(0.7, "", chance.choice(["active", "invalid", "unsubscribed", "bounced"])),
                maybe(0.1, "", f"2026-0{1 + chance.randrange(9)}-11T10:00:00Z"),
                chance.choice(["true", "true", "true", "true", "false", ""]),
                chance.choice(["true", "true", "false", ""]),
                maybe(0.06, "true", "false"),
                tuple(chance.uniform(0, 12) for _ in range(chance.choice([0, 0, 1, 2, 3]))),
                tuple(events),
            )
        )
    return tuple(people)


def make(root: Path, people: Iterable[Person], policy: SendingPolicy = POLICY) -> Path:
    """A workspace with those contacts, in their order."""
    people = tuple(people)
    place = Workspace(root)
    place.write(Settings("Small", as_of=AS_OF, sending=policy))
    names = [name for name in Person.__dataclass_fields__ if name not in ("sent", "events")]
    contacts, events = root / "contacts.csv", root / "events.csv"
    with contacts.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([getattr(person, name) for name in names] for person in people)
    with events.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["key", "event", "at", "bounce_type"])
        for person in people:
            for days in person.sent:
                writer.writerow([person.key, "email_sent", at(days), ""])
            for event, days, kind in person.events:
                writer.writerow([person.key, event, at(days), kind])
    with Lake.create(place.lake) as lake:
        import_files(lake, contacts=contacts, events=events)
    return root


def at(days: float) -> str:
    """The moment so many days ago."""
    return (AS_OF - dt.timedelta(days=days)).isoformat(timespec="microseconds") + "Z"


def opened(root: Path, now: Callable[[], dt.datetime] = lambda: NOW) -> Workbench:
    """The workspace, open."""
    return Workbench.open(root, clock=now)


def _did(person: Person, event: str, kind: str = "") -> bool:
    return any(name == event and (not kind or what == kind) for name, _, what in person.events)


def _told(person: Person, status: str, otherwise: bool) -> bool:
    return person.email_status == status or (not person.email_status and otherwise)


EMAIL: dict[str, Callable[[Person], bool]] = {
    "no_address": lambda p: not p.email.strip(),
    "invalid_address": lambda p: _told(
        p, "invalid", bool(p.email.strip()) and not ADDRESS.fullmatch(p.email.strip())
    ),
    "unsubscribed": lambda p: _told(p, "unsubscribed", _did(p, "email_unsubscribed")),
    "complained": lambda p: _told(p, "complained", _did(p, "email_complained")),
    "hard_bounced": lambda p: _told(p, "bounced", _did(p, "email_bounced", "hard")),
    "do_not_disturb": lambda p: p.do_not_disturb == "true",
    "no_consent": lambda p: p.email_consent != "true",
    "frequency_capped": lambda p: (
        sum(days < POLICY.in_days for days in p.sent) >= POLICY.most_messages
    ),
}
SMS: dict[str, Callable[[Person], bool]] = {
    "no_address": lambda p: not p.phone.strip(),
    "invalid_address": lambda p: bool(p.phone.strip()) and not NUMBER.fullmatch(p.phone.strip()),
    "do_not_disturb": lambda p: p.do_not_disturb == "true",
    "no_consent": lambda p: p.sms_consent != "true",
}
ORDER = (
    "no_address",
    "invalid_address",
    "duplicate_address",
    "unsubscribed",
    "complained",
    "hard_bounced",
    "do_not_disturb",
    "no_consent",
    "frequency_capped",
)


def judge(
    people: tuple[Person, ...], targeted: set[str], channel: str = "email", newest: bool = False
) -> dict[str, set[str]]:
    """To whom of the targeted each reason applies, by key: what the ladder must find."""
    rules = EMAIL if channel == "email" else SMS
    those = [person for person in people if person.key in targeted]
    found = {name: {p.key for p in those if rule(p)} for name, rule in rules.items()}
    addressed = [
        (at, p)
        for at, p in enumerate(those)
        if p.key not in found["no_address"] | found["invalid_address"]
    ]
    best: dict[str, tuple[str, int, str]] = {}
    for place, person in addressed:
        address = person.email.strip().lower()
        if channel == "sms":
            address = re.sub("[^0-9+]", "", person.phone)
        rank = (person.created_at if newest else "", -place, person.key)
        best[address] = max(best.get(address, ("", -len(people), "")), rank)
    kept = {key for _, _, key in best.values()}
    found["duplicate_address"] = {p.key for _, p in addressed} - kept
    return found
