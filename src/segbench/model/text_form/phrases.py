"""The phrases of the text form: one for each operator and window, and others that mean the same.

A phrase is words and slots. It is read and written from the same row: the slots in `{}` are read
by `text_slots` and written by `text_words`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from segbench.model.operators import OPERATORS

FIELD_PHRASES: dict[str, str] = {
    "is_any_of": "is any of {list}",
    "is_none_of": "is none of {list}",
    "is": "is {value}",
    "is_not": "is not {value}",
    "contains": "contains {value}",
    "does_not_contain": "does not contain {value}",
    "starts_with": "starts with {value}",
    "does_not_start_with": "does not start with {value}",
    "ends_with": "ends with {value}",
    "does_not_end_with": "does not end with {value}",
    "matches": "matches {scalar}",
    "does_not_match": "does not match {scalar}",
    "length_at_least": "length >= {scalar}",
    "length_at_most": "length <= {scalar}",
    "length_equals": "length = {scalar}",
    "has_any_of": "has any of {list}",
    "has_all_of": "has all of {list}",
    "has_none_of": "has none of {list}",
    "item_contains": "has an item containing {scalar}",
    "no_item_contains": "has no item containing {scalar}",
    "size_at_least": "size >= {scalar}",
    "size_at_most": "size <= {scalar}",
    "size_equals": "size = {scalar}",
    "at_least": ">= {value}",
    "at_most": "<= {value}",
    "greater_than": "> {value}",
    "less_than": "< {value}",
    "equals": "= {value}",
    "does_not_equal": "!= {value}",
    "in_top": "in top {percent}",
    "in_bottom": "in bottom {percent}",
    "in_last": "in last {length}",
    "not_in_last": "not in last {length}",
    "in_next": "in next {length}",
    "more_than_ago": "more than {length} ago",
    "more_than_ahead": "more than {length} ahead",
    "between_ago": "between {lengths} ago",
    "in_period": "in {period}",
    "not_in_period": "not in {period}",
    "before_period": "before {period}",
    "after_period": "after {period}",
    "before": "before {value}",
    "after": "after {value}",
    "on": "on {value}",
    "between": "between {scalar} and {scalar}",
    "not_between": "not between {scalar} and {scalar}",
    "weekday_is": "weekday is {weekdays}",
    "month_is": "month is {months}",
    "hour_between": "hour between {scalar} and {scalar}",
    "anniversary_today": "anniversary is today",
    "anniversary_next": "anniversary in next {length}",
    "anniversary_last": "anniversary in last {length}",
    "is_true": "is true",
    "is_false": "is false",
    "is_not_empty": "is not empty",
    "is_empty": "is empty",
}
"""How each operator of fields is written, after the name of the field."""

TAG_PHRASES: dict[str, str] = {
    "has_any_of": "is any of {texts}",
    "has_all_of": "include all of {texts}",
    "has_none_of": "is none of {texts}",
}
ONE_TAG_PHRASES: dict[str, str] = {"has_any_of": "is {text}", "has_none_of": "is not {text}"}
"""How each operator of tags is written after `tag` or `tags`, and how where there is one tag."""

EVENT_PHRASES: dict[str, str] = {
    "did": "happened",
    "did_not": "did not happen",
    "at_least": "at least {times}",
    "at_most": "at most {times}",
    "exactly": "exactly {times}",
    "between": "{number} to {times}",
}
"""How each operator of events is written, after their names and conditions."""

WINDOW_PHRASES: dict[str, str] = {
    "last": "in last {length}",
    "next": "in next {length}",
    "ago": "between {lengths} ago",
    "calendar": "in {period}",
    "between": "from {text} to {text}",
    "since": "since {text}",
    "until": "up to {text}",
}
"""How each kind of window is written."""

_FIELD_SYNONYMS = (
    ("in {list}", "is_any_of"),
    ("is one of {list}", "is_any_of"),
    ("not in {list}", "is_none_of"),
    ("is not any of {list}", "is_none_of"),
    ("matches regex {scalar}", "matches"),
    ("does not match regex {scalar}", "does_not_match"),
    ("does not have any of {list}", "has_none_of"),
    ("greater than {value}", "greater_than"),
    ("more than {value}", "greater_than"),
    ("less than {value}", "less_than"),
    ("equals {value}", "equals"),
    ("does not equal {value}", "does_not_equal"),
    ("in the top {percent}", "in_top"),
    ("in the bottom {percent}", "in_bottom"),
    ("in the last {length}", "in_last"),
    ("not in the last {length}", "not_in_last"),
    ("in the next {length}", "in_next"),
    ("more than {length} from now", "more_than_ahead"),
    ("is {period}", "in_period"),
    ("is not {period}", "not_in_period"),
    ("weekday is {weekday}", "weekday_is"),
    ("month is {month}", "month_is"),
    ("anniversary in the next {length}", "anniversary_next"),
    ("anniversary in the last {length}", "anniversary_last"),
    ("at least {value}", "at_least"),
    ("at most {value}", "at_most"),
    ("on or after {value}", "at_least"),
    ("on or before {value}", "at_most"),
    ("is unknown", "is_empty"),
    ("is known", "is_not_empty"),
)
_TAG_SYNONYMS = (
    *((phrase, key) for key, phrase in ONE_TAG_PHRASES.items()),
    ("in {texts}", "has_any_of"),
    ("not in {texts}", "has_none_of"),
    ("include any of {texts}", "has_any_of"),
    ("include none of {texts}", "has_none_of"),
    ("= {text}", "has_any_of"),
    ("!= {text}", "has_none_of"),
)
_COUNTS = (
    *(("more than {times}", "more_than"), ("> {times}", "more_than")),
    *(("fewer than {times}", "fewer_than"), ("less than {times}", "fewer_than")),
    *(("< {times}", "fewer_than"), (">= {times}", "at_least"), ("<= {times}", "at_most")),
    *(
        ("= {times}", "exactly"),
        ("{times}", "exactly"),
        ("between {number} and {times}", "between"),
    ),
)
_EVENT_SYNONYMS = (
    *_COUNTS,
    *((f"happened {phrase}", key) for phrase, key in _COUNTS),
    *((f"happened {phrase}", key) for key, phrase in EVENT_PHRASES.items() if "{" in phrase),
    ("never happened", "did_not"),
)
"""`more_than` and `fewer_than` are no operators: `text_rules` counts one up or down."""
_WINDOW_SYNONYMS = (
    *((f"{before} {{length}}", "last") for before in ("in the last", "in the past", "in past")),
    *((f"{before} {{length}}", "last") for before in ("within the last", "within last", "within")),
    ("in the next {length}", "next"),
    ("until {text}", "until"),
    ("{period}", "calendar"),
    ("between {text} and {text}", "between"),
    ("on or after {text}", "since"),
    ("on or before {text}", "until"),
    *((f"{word} {{day}}", word) for word in ("on", "before", "after")),
)
"""`on`, `before` and `after` are no windows: `text_comparisons` says which they mean."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to write what `key` stands for: keywords, signs, and slots in `{}`."""

    key: str
    parts: tuple[str, ...]

    @property
    def words(self) -> tuple[int, int, bool]:
        """How many words come before the first slot, how many there are, and whether it has one."""
        slots = [part.startswith("{") for part in self.parts]
        return (*slots, True).index(True), slots.count(False), any(slots)


Phrases = dict[str, tuple[Phrase, ...]]
"""Phrases by their first word; `` holds those that start with a slot."""


def _phrases(canonical: Mapping[str, str], synonyms: Iterable[tuple[str, str]]) -> Phrases:
    """The phrases in the order in which they are tried: those with more words first."""
    rows = [*((phrase, key) for key, phrase in canonical.items()), *synonyms]
    made = [Phrase(key, tuple(phrase.split())) for phrase, key in rows]
    made.sort(key=lambda phrase: phrase.words, reverse=True)
    found: dict[str, tuple[Phrase, ...]] = {}
    for phrase in made:
        first = "" if phrase.parts[0].startswith("{") else phrase.parts[0]
        found[first] = (*found.get(first, ()), phrase)
    return found


def _with_is() -> Iterable[tuple[str, str]]:
    """`is between …` for `between …`: the words of a sentence around the same phrase."""
    rows = [*((phrase, key) for key, phrase in FIELD_PHRASES.items()), *_FIELD_SYNONYMS]
    bare = ("is", "has", "does", "contains", "starts", "ends", "matches", "equals")
    ours = ("length", "size", "weekday", "month", "hour", "anniversary")
    for phrase, key in rows:
        if phrase.split()[0] not in (*bare, *ours):
            yield f"is {phrase}", key


FIELD = _phrases(FIELD_PHRASES, (*_FIELD_SYNONYMS, *_with_is()))
TAG = _phrases(TAG_PHRASES, _TAG_SYNONYMS)
EVENT = _phrases(EVENT_PHRASES, _EVENT_SYNONYMS)
WINDOW = _phrases(WINDOW_PHRASES, _WINDOW_SYNONYMS)
FUNCTIONS: dict[str, str] = {
    **{key: key for subject, key in OPERATORS if subject == "measure"},
    **{"avg": "average", "min": "smallest", "max": "largest"},
}
"""What may be written before the brackets of a figure, and the figure that it means."""
