"""Segment files at random."""

from __future__ import annotations

from typing import Any

import trees
from hypothesis import strategies as st

from segbench.files.expectations import Example, Expectations, Happening, Size
from segbench.files.segment_file import SegmentFile
from segbench.model.filing import STATUSES, Filing
from segbench.model.segment import Segment

WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.sampled_from(
    ("no", "yes", "null", "~", "1", "1e3", "0x1", "-3 days", "2026-10-23", "a: b", "# c", "- d", "")
)
NAMES = st.text(
    st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20
) | st.sampled_from(("no", "2026-10-23", "a: b", "null"))
GIVEN: st.SearchStrategy[Any] = st.one_of(
    *(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1)),
    *(st.floats(allow_nan=False, allow_infinity=False), WORDS, st.lists(WORDS, max_size=3)),
).map(lambda value: tuple(value) if isinstance(value, list) else value)
TYPES = st.sampled_from(("text", "number", "boolean", "date", "datetime", "list"))

happenings = st.builds(Happening, NAMES, st.just("now"), st.dictionaries(WORDS, GIVEN, max_size=2))
examples = st.builds(
    Example,
    NAMES,
    st.sampled_from(("in", "out")),
    st.dictionaries(WORDS, GIVEN, max_size=3),
    st.lists(WORDS, max_size=2).map(tuple) | st.dictionaries(WORDS, WORDS | st.none(), max_size=2),
    st.lists(happenings, max_size=2).map(tuple),
)
sizes = st.builds(
    Size,
    st.none() | st.integers(0, 10**9),
    st.none() | st.integers(0, 10**9),
    st.sampled_from(("", "0 % to 100 %", "0.5 % to 7.25 %")),
)
expectations = st.builds(
    Expectations,
    as_of=st.sampled_from(("2026-10-23", "2026-10-23T12:30", "2026-10-23T12:30:00+02:00")),
    time_zone=st.sampled_from(("UTC", "Europe/Berlin")),
    week_start=st.sampled_from(("monday", "sunday")),
    contact_time_zone=WORDS,
    fields=st.dictionaries(WORDS, TYPES, max_size=2),
    events=st.dictionaries(WORDS, st.dictionaries(WORDS, TYPES, max_size=2), max_size=2),
    contacts=st.lists(examples, max_size=3, unique_by=lambda example: example.name).map(tuple),
    size=st.none() | sizes,
)
segments = st.builds(Segment, NAMES, trees.groups, WORDS)
TAGS = st.sampled_from(("spring", "Win back", "no", "2026-10-23", "a: b", "# c"))
filings = st.builds(
    Filing,
    tags=st.lists(TAGS, max_size=3).map(tuple),
    owner=st.sampled_from(("", "Anna", "null", "Zoë 'O")),
    status=st.sampled_from(STATUSES),
)
files = st.builds(SegmentFile, segments, st.none() | expectations, st.none() | filings)
