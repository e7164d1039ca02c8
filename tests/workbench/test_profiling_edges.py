"""Profiles of odd data: dates of never and ever, edited numbers, labels that are not unique."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest
from population import AS_OF, CONTACTS, ZONE, batch

from segbench.engine import columns, encoding
from segbench.engine.cache import CacheSizes
from segbench.engine.membership import Membership
from segbench.lake.editing import edit_fields, edit_tags
from segbench.lake.lake import Lake
from segbench.lake.tables import Batch, Note, Notes
from segbench.model.ask import field
from segbench.workbench.profiling import profile_members, profile_segment
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Settings, Workspace

THEN = AS_OF.replace(tzinfo=dt.UTC)


def of_contacts(
    place: Path,
    fields: Mapping[str, pa.Array],
    notes: Notes | None = None,
    caches: CacheSizes | None = None,
) -> Workbench:
    """A workspace of contacts that have these fields, and no events."""
    keys = pa.array([str(at) for at in range(len(next(iter(fields.values()))))])
    empty, space = batch(CONTACTS[:0]), Workspace(place)
    space.write(Settings(time_zone=str(ZONE), as_of=AS_OF, cache_mb=caches or CacheSizes()))
    with Lake.create(space.lake) as lake:
        contacts = pa.table({"key": keys, **fields})
        lake.load([Batch(contacts, empty.tags, empty.events)], notes or Notes())
    return Workbench.open(space.root)


ENDS = [dt.date(1, 1, 1), dt.date(9999, 12, 31)]


@pytest.mark.parametrize("coded", [True, False])
@pytest.mark.parametrize("ends", [ENDS, [2**31 - 1, -(2**31) + 1]], ids=["calendar", "infinite"])
def test_dates_that_stand_for_never_or_ever_leave_the_others_in_parts_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: list[object], *, coded: bool
) -> None:
    monkeypatch.setattr(encoding, "MOST_VALUES", 1 << 16 if coded else 0)
    days = [dt.date(2026, 1 + at % 9, 3) for at in range(60)]
    until = pa.concat_arrays([pa.array(part, pa.date32()) for part in (days, ends * 10)])
    forever = [2**63 - 1, -(2**63) + 1] if ends is not ENDS else None
    seen = pa.array(days, pa.date32()).cast(pa.timestamp("us"))
    never = pa.array(forever or [-62_135_596_800_000_000, 253_402_300_799_999_999], pa.int64())
    seen = pa.concat_arrays([seen, *[never.cast(pa.timestamp("us"))] * 10])
    with of_contacts(tmp_path, {"until": until, "seen": seen}) as workbench:
        everyone = Membership.everyone(workbench.contacts_total)
        first = Membership.of(range(25), workbench.contacts_total)
        found = profile_members(workbench, first, everyone)
        # Days are always few enough to be coded: 65,536 of them are 179 years.
        for name in ("until", "seen") if coded else ("seen",):
            (each,) = [one for one in found.fields if one.name == name]
            assert [v.words for v in each.values][1] == "Jan 2026", name
            assert [v.there for v in each.values] == [10, 7, 7, 7, 7, 7, 7, 6, 6, 6, 10], name
            for value in each.values:
                held = workbench.members(value.rule)
                assert (value.here, value.there) == (len(held & first), len(held)), value


def test_dates_that_all_stand_for_never_have_a_profile(tmp_path: Path) -> None:
    with of_contacts(tmp_path, {"until": pa.array(ENDS * 10 + [None])}) as workbench:
        found = profile_segment(workbench, field("until").is_not_empty())
        assert sum(value.there for value in found.field("until").values) == 21


def test_numbers_that_were_edited_are_in_the_same_parts_as_if_they_were_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "MOST_CHANGED", 1)
    ages = pa.array([18 + at % 5 for at in range(100)])
    with of_contacts(tmp_path, {"age": ages}) as workbench:
        profile_segment(workbench, field("age").at_least(20))
        edit_fields(workbench.lake, [str(at) for at in range(10)], {"age": 20}, now=THEN)
        workbench.refresh()
        column = workbench.engine.columns.column("age")
        assert column is not None
        assert column.changed == 8  # The other two were 20 before.
        found = profile_segment(workbench, field("age").at_least(20)).field("age")
        assert [(value.words, value.there) for value in found.values] == [
            ("18", 18),
            ("19", 18),
            ("20", 28),
            ("21", 18),
            ("22", 18),
        ]


def test_fields_of_one_label_and_one_called_tags_are_told_apart(tmp_path: Path) -> None:
    texts = [pa.array([some, other] * 20) for some, other in ("ab", "cd", "ef")]
    notes = {"work": Note("City"), "home": Note("City"), "marks": Note("Tags")}
    fields = dict(zip(notes, texts, strict=True))
    with of_contacts(tmp_path, fields, Notes(fields=notes)) as workbench:
        edit_tags(
            workbench.lake,
            [str(at) for at in range(0, 40, 2)],
            add=["vip"],
            now=THEN,
        )
        workbench.refresh()
        found = profile_segment(workbench, field("work").is_any_of("a"))
        labels = {each.label: [value.words for value in each.values] for each in found.fields}
        assert labels == {
            "City (home)": ["c", "d"],
            "City (work)": ["a", "b"],
            "Tags (marks)": ["e", "f"],
            "Tags": ["vip"],
        }
        assert len({each.name for each in found.fields}) == 4
        assert found.field("home").label == found.field("City (home)").label == "City (home)"
        assert found.field("Tags").several
        assert set(found.to_frame()["field"]) == set(labels)


def test_a_profile_keeps_no_more_sets_of_contacts_than_the_cache(tmp_path: Path) -> None:
    size = 313
    lists = pa.array([[f"item {at % 20}"] for at in range(size)])
    with of_contacts(tmp_path, {"likes": lists}, caches=CacheSizes(sets=0)) as workbench:
        found = profile_segment(workbench, field("likes").has_any_of("item 3"))
        assert len(found.field("likes").values) == 11
        gc.collect()
        kept = [x for x in gc.get_objects() if isinstance(x, Membership) and x.contacts == size]
        assert len(kept) < 5
