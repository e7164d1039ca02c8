"""Send settings: what is filled in is right, and comes back from JSON and from texts."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

import pytest

from segbench.errors import CampaignError
from segbench.model.campaign_split import HOLD_OUT, Split
from segbench.model.send_settings import LABELS, SendSettings
from segbench.model.send_settings_form import (
    changed_settings,
    settings_data,
    settings_from_data,
    split_text,
    with_texts,
)

FULL = SendSettings(
    "sms",
    "Hello",
    "Look",
    "Dear {{ first_name }}",
    "Ada",
    "ada@example.com",
    "re@example.com",
    dt.datetime(2026, 11, 30, 9),
    "Europe/Berlin",
    *("a", "b", "c", "d", "e"),
    keep="newest",
    fallbacks=(("city", "your town"),),
    without=("first_name",),
    split=Split((("A", 45), ("B", 45), (HOLD_OUT, 10)), "seed", 0.05, 0.01, 0.9, 0.1),
    columns=("key", "city"),
    personal=True,
    formats=("excel",),
    region="DE",
)


def test_settings_come_back_from_json() -> None:
    usual = SendSettings()
    assert all(getattr(FULL, each.name) != getattr(usual, each.name) for each in fields(FULL))
    assert settings_from_data(settings_data(FULL)) == FULL
    assert settings_data(usual) == {}
    assert settings_from_data({}) == usual


def test_every_setting_has_words() -> None:
    assert list(LABELS) == [each.name for each in fields(SendSettings)]


def test_settings_are_set_from_texts_and_taken_away_with_an_empty_one() -> None:
    texts = {
        "subject": " Hi ",
        "send_at": "2026-11-30 09:00",
        "fallbacks": "first_name=friend, city = your town",
        "without": "phone, city",
        "split": "A=45, B=45 %, Hold-Out=10",
        "columns": "key, city",
        "formats": "csv, mailchimp",
        "personal": "Yes",
        "region": "DE",
    }
    found = with_texts(SendSettings(), texts)
    assert found.subject == "Hi"
    assert found.send_at == dt.datetime(2026, 11, 30, 9)
    assert found.fallbacks == (("city", "your town"), ("first_name", "friend"))
    assert found.without == ("phone", "city")
    assert (found.columns, found.formats) == (("key", "city"), ("csv", "mailchimp"))
    assert (found.personal, found.region) == (True, "DE")
    assert found.split == Split((("A", 45.0), ("B", 45.0), (HOLD_OUT, 10.0)))
    assert split_text(found.split) == "A=45, B=45, hold-out=10"
    assert with_texts(found, dict.fromkeys(texts, "")) == SendSettings()


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"channel": "fax"}, "The channel is email or sms, not 'fax'"),
        ({"subject": "a\nBcc: x@y.example"}, "The subject is one line without control characters"),
        ({"sender_name": "x" * 121}, "The sender name has 121 characters; 120 is the most"),
        ({"sender_address": "ada@"}, "The sender address 'ada@' is no e-mail address"),
        ({"reply_to": "a@b.example, c@d.example"}, "The reply-to address .* is no e-mail address"),
        ({"time_zone": "Berlin"}, "There is no time zone 'Berlin'"),
        ({"keep": "last"}, "The contact kept of one address is first or newest, not 'last'"),
        ({"body": "x" * 100_001}, "The message has 100,001 characters; 100,000 is the most"),
        ({"subject": 3}, "The subject is a text, not int"),
        ({"without": "phone"}, "The required fields are a list of names"),
        (
            {"send_at": dt.datetime(2026, 3, 29, 2, 30), "time_zone": "Europe/Berlin"},
            "There is no 02:30 on 2026-03-29 in Europe/Berlin: the clocks go forward",
        ),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], why: str) -> None:
    with pytest.raises(CampaignError, match=why):
        SendSettings(**settings)


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ({"subjct": "Hi"}, "A campaign has no setting 'subjct'; did you mean 'subject'"),
        ({"send_at": "tomorrow"}, "written like 2026-11-30 09:00.* not 'tomorrow'"),
        ({"send_at": "2026-02-30 09:00"}, "written like"),
        ({"fallbacks": "friend"}, "'friend' lacks its other half: write NAME=VALUE"),
        ({"split": "A=half, B=50"}, "The share of 'A' is a number of per cent, not 'half'"),
        ({"split": "A=50, B=40"}, "add up to 100 per cent, not 90"),
        ({"personal": "some"}, "yes or no, not 'some'"),
        ({"split": "A=100"}, "A split has 2 to 10 groups, not 1"),
        ({"split": "A=50, a=50"}, "A split has the group 'A' twice"),
    ],
)
def test_texts_that_mean_nothing_are_refused(texts: dict[str, str], why: str) -> None:
    with pytest.raises(CampaignError, match=why):
        with_texts(SendSettings(), texts)


def test_the_time_of_sending_is_local_to_its_zone_and_the_first_of_two() -> None:
    twice = SendSettings(send_at=dt.datetime(2026, 10, 25, 2, 30), time_zone="Europe/Berlin")
    assert twice.due == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    winter = SendSettings(send_at=dt.datetime(2026, 11, 30, 9), time_zone="Europe/Berlin")
    assert winter.due == dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
    assert SendSettings().due is None


def test_the_settings_that_differ_are_named() -> None:
    assert changed_settings(FULL, FULL) == ()
    assert changed_settings(SendSettings(), SendSettings(subject="a", utm_term="b")) == (
        "subject",
        "utm_term",
    )


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"baseline": 0.05}, "Give both the baseline rate and the difference"),
        ({"baseline": 0.6, "difference": 0.5}, "add up to less than 1"),
        ({"baseline": 5}, "a number from 0 to 1"),
        ({"power": 0.0}, "Power and significance lie between 0 and 1"),
        ({"seed": "x" * 121}, "The seed of a split"),
    ],
)
def test_a_split_that_cannot_be_is_refused(part: dict[str, Any], why: str) -> None:
    with pytest.raises(CampaignError, match=why):
        Split((("A", 50), ("B", 50)), **part)
