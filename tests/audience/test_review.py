"""The review: each thing that may be wrong or odd, said once, with the place to mend it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from segbench.audience.ladder import Reason, climb_down
from segbench.audience.recipients import Audience, choose
from segbench.audience.review import ReviewFacts, is_sound, review
from segbench.audience.review_words import ReviewIssue
from segbench.audience.split import split_sizes
from segbench.engine.membership import Membership
from segbench.model.campaign_split import HOLD_OUT, Split
from segbench.model.recipe import Recipe, segment_source
from segbench.model.send_settings import SendSettings
from segbench.model.sending_policy import SendingPolicy

MANY = 2_000
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
SOUND = SendSettings(
    subject="Hello",
    preview="News",
    body="Dear reader",
    sender_name="Ada",
    sender_address="ada@example.com",
)


def people(low: int, high: int) -> Membership:
    return Membership.of(list(range(low, high)), MANY)


def audience(
    *sizes: tuple[int, int],
    exclude: tuple[int, int] | None = None,
    unreachable: tuple[int, int] = (0, 0),
    split: Split | None = None,
    capped: bool = True,
) -> Audience:
    include = [(segment_source(f"S{n}"), people(*each)) for n, each in enumerate(sizes)]
    out = [(segment_source("Out"), people(*exclude))] if exclude else []
    chosen = choose(include, out, MANY)
    reasons = [
        Reason("no_address", "no address", people(0, 0)),
        Reason("unsubscribed", "unsubscribed", people(*unreachable)),
        Reason("frequency_capped", "frequency-capped", people(0, 0) if capped else None, "no cap"),
    ]
    ladder = climb_down(chosen.targeted, reasons)
    recipe = Recipe(tuple(s for s, _ in include), tuple(s for s, _ in out), split=split)
    shares = dict(split.shares) if split else {}
    sizes_of = split_sizes(len(ladder.final), shares, salt=split.seed) if split else {}
    return Audience(recipe, chosen, ladder, sizes_of)


def facts(**other: Any) -> ReviewFacts:
    found = ReviewFacts(SOUND, audience((0, 1_000)), (), {}, SendingPolicy(), NOW, NOW)
    return replace(found, **other)


def codes(**other: Any) -> list[tuple[str, str, str]]:
    return [(i.level, i.code, i.place) for i in review(facts(**other))]


def test_nothing_is_said_of_a_campaign_that_can_be_sent() -> None:
    assert codes() == []
    assert is_sound(review(facts()))


@pytest.mark.parametrize("name", ["subject", "sender_name", "sender_address", "body"])
def test_a_missing_setting_must_be_filled_in(name: str) -> None:
    settings = replace(SOUND, **{name: ""})
    assert codes(settings=settings) == [("error", "missing-setting", f"settings.{name}")]


def test_a_text_message_needs_no_subject_and_no_address() -> None:
    settings = SendSettings("sms", body="Hello", sender_name="Shop")
    assert codes(settings=settings) == []


SPLIT = Split((("A", 45), ("B", 45), (HOLD_OUT, 10)), "seed")


@pytest.mark.parametrize(
    ("other", "said", "words"),
    [
        ({"audience": audience()}, ("error", "no-recipients", "include"), "Choose at least one"),
        (
            {"audience": audience((0, 0))},
            ("error", "empty-audience", "include"),
            "Nobody is in the chosen",
        ),
        (
            {"audience": audience((0, 50), exclude=(0, 60))},
            ("error", "empty-audience", "include"),
            "All 50 contacts that match are excluded",
        ),
        (
            {"audience": audience((0, 50), unreachable=(0, 60))},
            ("error", "empty-audience", "include"),
            "None of the 50 contacts can be reached: 50 of them because of “unsubscribed”",
        ),
        (
            {"audience": audience((0, 5))},
            ("warning", "small-audience", "include"),
            "only 5 contacts, fewer than the 10",
        ),
        (
            {"before": ("Winter", 83)},
            ("warning", "size-jump", "include"),
            "That is 12 × the last campaign, “Winter” with 83",
        ),
        (
            {"before": ("Winter", 3_500)},
            ("warning", "size-jump", "include"),
            "“Winter”, had 3.5 × as many: 3,500",
        ),
        (
            {"data_from": NOW - dt.timedelta(days=9)},
            ("warning", "stale-data", "data"),
            "The data is 9 days old",
        ),
        (
            {"settings": replace(SOUND, send_at=dt.datetime(2026, 11, 20, 11))},
            ("error", "past-schedule", "settings.send_at"),
            "is in the past",
        ),
        (
            {"settings": replace(SOUND, body="Hi {{ name"), "lacking": {}},
            ("error", "merge-tag", "settings.body"),
            "not whole",
        ),
        (
            {"settings": replace(SOUND, body="{{ nme }}"), "lacking": {"nme": None}},
            ("error", "merge-tag", "settings.body"),
            "contacts have no such field",
        ),
        (
            {"settings": replace(SOUND, subject="{{ name }}"), "lacking": {"name": 12}},
            ("warning", "missing-field", "settings.fallbacks"),
            "12 contacts of 1,000 recipients have no name",
        ),
        (
            {
                "settings": replace(SOUND, body="{{ name }}", fallbacks=(("name", "friend"),)),
                "lacking": {"name": 1},
            },
            ("note", "missing-field", "settings.fallbacks"),
            "1 contact of 1,000 recipients get the fallback",
        ),
        (
            {"audience": audience((0, 50), split=SPLIT)},
            ("warning", "small-group", "split"),
            "The group “hold-out” has only 5 contacts",
        ),
        (
            {"audience": audience((0, 1_000), split=replace(SPLIT, seed=""))},
            ("warning", "no-seed", "split"),
            "The split has no seed",
        ),
        (
            {
                "audience": audience(
                    (0, 1_000), split=replace(SPLIT, baseline=0.05, difference=0.01)
                )
            },
            ("warning", "weak-split", "split"),
            "The hold-out is too small to show a rise from 5.00% by 1.00%",
        ),
        (
            {"audience": audience((0, 100), (0, 50))},
            ("note", "idle-source", "include.1"),
            "Everybody in “S1” is in a source above it already",
        ),
        (
            {"audience": audience((0, 100), (0, 0))},
            ("warning", "idle-source", "include.1"),
            "Nobody is in “S1” now",
        ),
        (
            {"audience": audience((0, 100), exclude=(200, 300))},
            ("note", "idle-source", "exclude.0"),
            "Excluding “Out” takes nobody out",
        ),
        (
            {"audience": audience((0, 100), capped=False)},
            ("note", "no-cap", "policy"),
            "Nobody is left out for having been written to often: no cap.",
        ),
        ({"pinned": NOW.replace(tzinfo=None)}, ("note", "pinned-clock", "data"), "clock stands"),
        (
            {"settings": replace(SOUND, keep="newest"), "knows_joined": False},
            ("warning", "newest-unknown", "settings.keep"),
            "the first contact is kept",
        ),
    ],
)
def test_each_fault_is_said_once_with_the_place_to_mend_it(
    other: dict[str, Any], said: tuple[str, str, str], words: str
) -> None:
    assert codes(**other) == [said]
    (issue,) = review(facts(**other))
    assert words in issue.message
    assert is_sound((issue,)) == (said[0] != "error")


def test_what_must_be_mended_comes_first() -> None:
    source = ReviewIssue("error", "source", "gone", "include.0")
    found = review(facts(audience=None, sources=(source,), data_from=NOW - dt.timedelta(days=30)))
    assert [issue.level for issue in found] == ["error", "warning"]
