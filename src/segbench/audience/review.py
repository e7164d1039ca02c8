"""The review of a campaign: all that is wrong or odd before it is sent, and where it is mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from segbench.audience.recipients import Audience
from segbench.audience.review_numbers import audience_issues
from segbench.audience.review_words import ReviewIssue as ReviewIssue
from segbench.audience.review_words import contacts
from segbench.errors import CampaignError
from segbench.model.merge_tags import open_fields
from segbench.model.send_settings import LABELS, SendSettings
from segbench.model.sending_policy import SendingPolicy

Level = Literal["error", "warning", "note"]
NEEDED = {
    "email": ("subject", "sender_name", "sender_address", "body"),
    "sms": ("sender_name", "body"),
}
"""The settings that a campaign cannot be sent without, by channel."""


@dataclass(frozen=True)
class ReviewFacts:
    """What a review looks at.

    `sources` are issues of the recipient sources and the files, `audience` is None where the
    sources cannot be evaluated. `lacking` counts the final recipients without a value in a field of
    the message, None where there is no such field. `before` is the last campaign that was exported
    and its count. `suppressed_addresses` counts recipients with the address of another contact who
    must not be written to. `now` and `data_from` are aware.
    """

    settings: SendSettings
    audience: Audience | None
    sources: tuple[ReviewIssue, ...]
    lacking: Mapping[str, int | None]
    policy: SendingPolicy
    now: dt.datetime
    data_from: dt.datetime
    pinned: dt.datetime | None = None
    before: tuple[str, int] | None = None
    knows_joined: bool = True
    suppressed_addresses: int = 0


def review(facts: ReviewFacts) -> tuple[ReviewIssue, ...]:
    """All issues, what must be mended first; none where the campaign can be sent as it is."""
    found = [
        *_settings(facts.settings),
        *_schedule(facts.settings, facts.now),
        *facts.sources,
        *_message(facts),
        *_data(facts),
        *_addresses(facts.suppressed_addresses),
    ]
    if facts.audience is not None:
        found += audience_issues(facts.audience, facts.policy, facts.before)
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda issue: order[issue.level]))


def is_sound(issues: tuple[ReviewIssue, ...]) -> bool:
    """Whether nothing keeps the campaign from being sent."""
    return not any(issue.level == "error" for issue in issues)


def message_fields(settings: SendSettings) -> dict[str, bool]:
    """The fields of the message's merge tags; True where one has no fallback somewhere.

    `CampaignError` where a tag is not whole.
    """
    texts = (settings.subject, settings.preview, settings.body)
    return open_fields(texts, dict(settings.fallbacks))


def _settings(settings: SendSettings) -> Iterator[ReviewIssue]:
    for name in NEEDED[settings.channel]:
        if not getattr(settings, name).strip():
            yield ReviewIssue(
                "error", "missing-setting", f"The {LABELS[name]} is missing.", f"settings.{name}"
            )
    if settings.channel == "email" and not settings.preview:
        message = "There is no preview text: mailboxes show the first words of the message."
        yield ReviewIssue("note", "missing-setting", message, "settings.preview")


def _schedule(settings: SendSettings, now: dt.datetime) -> Iterator[ReviewIssue]:
    due = settings.due
    if due is not None and due <= now:
        yield ReviewIssue(
            "error",
            "past-schedule",
            f"The time of sending, {settings.send_at:%Y-%m-%d %H:%M} {settings.time_zone}, "
            "is in the past.",
            "settings.send_at",
        )


def _message(facts: ReviewFacts) -> Iterator[ReviewIssue]:
    settings, place = facts.settings, "settings.body"
    try:
        fields = message_fields(settings)
    except CampaignError as error:
        yield ReviewIssue("error", "merge-tag", str(error), place)
        return
    total = len(facts.audience.final) if facts.audience is not None else 0
    for field, bare in fields.items():
        lacking = facts.lacking.get(field)
        if field in facts.lacking and lacking is None:
            message = f"The message uses {{{{ {field} }}}}, and contacts have no such field."
            yield ReviewIssue("error", "merge-tag", message, place)
        elif lacking and bare:
            yield ReviewIssue(
                "warning",
                "missing-field",
                f"{contacts(lacking)} of {total:,} recipients have no {field}, which the message "
                "uses without a fallback: give one, or leave them out.",
                "settings.fallbacks",
            )
        elif lacking:
            message = f"{contacts(lacking)} of {total:,} recipients get the fallback for {field}."
            yield ReviewIssue("note", "missing-field", message, "settings.fallbacks")


def _addresses(count: int) -> Iterator[ReviewIssue]:
    if count:
        yield ReviewIssue(
            "warning",
            "suppressed-address",
            f"{contacts(count)} would get it by an address that another contact unsubscribed, "
            "complained about or bounced, or asked not to be disturbed at: exclude them, or mend "
            "the contacts.",
            "exclude",
        )


def _data(facts: ReviewFacts) -> Iterator[ReviewIssue]:
    days = (facts.now - facts.data_from).days
    if days >= facts.policy.stale_days:
        yield ReviewIssue(
            "warning",
            "stale-data",
            f"The data is {days:,} days old: it was last changed on "
            f"{facts.data_from:%Y-%m-%d}. Sync it before you send.",
            "data",
        )
    if facts.pinned is not None:
        yield ReviewIssue(
            "note",
            "pinned-clock",
            f"This workspace's clock stands at {facts.pinned:%Y-%m-%d %H:%M} UTC: windows such as "
            "the last 30 days end there.",
            "data",
        )
    if facts.settings.keep == "newest" and not facts.knows_joined:
        yield ReviewIssue(
            "warning",
            "newest-unknown",
            "Nothing says when contacts joined, so of one address the first contact is kept, not "
            "the newest.",
            "settings.keep",
        )
