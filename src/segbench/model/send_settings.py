"""What a campaign sends, from whom, when, and to which part of its recipients: the send settings.

An empty text is a setting that is still missing: a draft may be kept without it, and the review
says so. What is filled in must be right.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from segbench.errors import CampaignError, RuleError
from segbench.model.campaign_split import Split
from segbench.model.moments import zone_of

Channel = Literal["email", "sms"]
Keep = Literal["first", "newest"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
KEEPS: tuple[Keep, ...] = get_args(Keep)
CHANNEL_WORDS = {"email": "e-mail", "sms": "SMS"}
ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
LONGEST = {"body": 100_000, "sender_name": 120, "sender_address": 254, "reply_to": 254}
LONGEST_LINE = 250
LABELS = {
    "channel": "channel",
    "subject": "subject",
    "preview": "preview text",
    "body": "message",
    "sender_name": "sender name",
    "sender_address": "sender address",
    "reply_to": "reply-to address",
    "send_at": "time of sending",
    "time_zone": "time zone",
    "utm_source": "UTM source",
    "utm_medium": "UTM medium",
    "utm_campaign": "UTM campaign",
    "utm_term": "UTM term",
    "utm_content": "UTM content",
    "keep": "contact kept of one address",
    "fallbacks": "fallbacks",
    "without": "required fields",
    "split": "split",
    "columns": "exported fields",
    "personal": "personal fields",
    "formats": "formats",
    "region": "region of telephone numbers",
}
"""The settings in words, in the order of a form."""


@dataclass(frozen=True, slots=True)
class SendSettings:
    """The send settings of a campaign; `CampaignError` where one cannot be.

    `send_at` is a local time without seconds in `time_zone`; None means by hand. `keep` says which
    of several contacts with one address is kept: the `first` in the lake, or the `newest`.
    `fallbacks` are pairs of a field and the text that stands in where it is empty; contacts that
    lack a field in `without` are not recipients.

    The files of the hand-off have the `columns`, all where none are named; personal ones only where
    `personal` is set, or they are named. `region` is where telephone numbers without a country code
    are from.
    """

    channel: Channel = "email"
    subject: str = ""
    preview: str = ""
    body: str = ""
    sender_name: str = ""
    sender_address: str = ""
    reply_to: str = ""
    send_at: dt.datetime | None = None
    time_zone: str = "UTC"
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    keep: Keep = "first"
    fallbacks: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()
    split: Split | None = None
    columns: tuple[str, ...] = ()
    personal: bool = False
    formats: tuple[str, ...] = ("csv", "parquet")
    region: str = ""

    def __post_init__(self) -> None:
        _one_of("channel", self.channel, CHANNELS)
        _one_of("keep", self.keep, KEEPS)
        for name in LINES:
            object.__setattr__(self, name, _line(name, getattr(self, name)))
        object.__setattr__(self, "body", _body(self.body))
        for name in ("sender_address", "reply_to"):
            if (text := getattr(self, name)) and not _is_address(name, text, self.channel):
                raise CampaignError(f"The {LABELS[name]} {text!r} is no e-mail address.")
        try:
            zone = zone_of(self.time_zone)
        except RuleError as error:
            raise CampaignError(str(error)) from None
        if self.send_at is not None:
            object.__setattr__(self, "send_at", _wall_time(self.send_at, zone))
        object.__setattr__(self, "fallbacks", _pairs(self.fallbacks))
        for name in ("without", "columns", "formats"):
            object.__setattr__(self, name, _names(name, getattr(self, name)))
        if not self.formats:
            raise CampaignError("Choose at least one format.")
        if not isinstance(self.personal, bool):
            raise CampaignError("Personal fields are exported, or they are not: yes or no.")
        if self.split is not None and not isinstance(self.split, Split):
            raise CampaignError("A split is a Split, such as Split({'A': 50, 'B': 50}).")

    @property
    def due(self) -> dt.datetime | None:
        """The moment of sending in aware UTC; None where somebody sends by hand."""
        if self.send_at is None:
            return None
        return self.send_at.replace(tzinfo=zone_of(self.time_zone)).astimezone(dt.UTC)

    def fallback(self, field: str) -> str:
        """The text that stands in for that field, "" where none does."""
        return dict(self.fallbacks).get(field, "")


LINES = tuple(
    name
    for name in LABELS
    if name.startswith(("subject", "preview", "sender", "reply", "utm", "region"))
)
"""The settings that are one line of text."""


def _one_of(name: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise CampaignError(f"The {LABELS[name]} is {' or '.join(known)}, not {str(value)[:40]!r}.")


def _line(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise CampaignError(f"The {LABELS[name]} is a text, not {type(value).__name__}.")
    text = value.strip()
    most = LONGEST.get(name, LONGEST_LINE)
    if len(text) > most:
        raise CampaignError(f"The {LABELS[name]} has {len(text):,} characters; {most} is the most.")
    # A line break here would begin another header of the message.
    if any(not each.isprintable() and each not in "\u200d\ufe0f" for each in text):
        raise CampaignError(f"The {LABELS[name]} is one line without control characters.")
    return text


def _body(value: object) -> str:
    if not isinstance(value, str):
        raise CampaignError(f"The message is a text, not {type(value).__name__}.")
    if len(value) > LONGEST["body"]:
        raise CampaignError(
            f"The message has {len(value):,} characters; {LONGEST['body']:,} is the most."
        )
    return value


def _is_address(name: str, text: str, channel: Channel) -> bool:
    # A text message comes from a number or a short name, and needs no address.
    return bool(ADDRESS.fullmatch(text)) or (channel == "sms" and name == "sender_address")


def _wall_time(value: object, zone: ZoneInfo) -> dt.datetime:
    """The local time to the minute; one that the clocks leave out is refused."""
    if not isinstance(value, dt.datetime) or value.tzinfo is not None:
        raise CampaignError("The time of sending is a local time; its zone is the time zone.")
    local = value.replace(second=0, microsecond=0, fold=0)
    try:
        there = local.replace(tzinfo=zone).astimezone(dt.UTC).astimezone(zone)
    except (OverflowError, ValueError):
        raise CampaignError(f"The time of sending {value} is out of range.") from None
    if there.replace(tzinfo=None, fold=0) != local:
        raise CampaignError(
            f"There is no {local:%H:%M} on {local:%Y-%m-%d} in {zone.key}: the clocks go forward."
        )
    return local


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    pairs = value.items() if isinstance(value, dict) else value
    try:
        found = {str(name): str(text).strip() for name, text in pairs}  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise CampaignError("Fallbacks are pairs of a field and a text.") from None
    return tuple((name, text) for name, text in sorted(found.items()) if text)


def _names(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, str) or not all(isinstance(each, str) for each in value):  # type: ignore[attr-defined]
        raise CampaignError(f"The {LABELS[name]} are a list of names.")
    return tuple(dict.fromkeys(value))  # type: ignore[call-overload]
