"""Every number of a profile is what its rule holds, over awkward contacts and the demo's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from population import AS_OF, CONTACTS, ZONE, batch

from segbench.audience.profile import NO_VALUE, OTHER, FieldProfile
from segbench.engine import encoding
from segbench.engine.membership import Membership
from segbench.lake.editing import edit_fields
from segbench.lake.lake import Lake
from segbench.lake.tables import Notes
from segbench.model.ask import did, field, in_segment, tag
from segbench.model.rules import RuleOrGroup
from segbench.plan.atoms import comparable
from segbench.workbench import divisions
from segbench.workbench.profiling import TAGS, profile_members, profile_segment
from segbench.workbench.regions import profile_contacts
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Settings, Workspace


@pytest.fixture(params=["coded", "plain"], scope="module")
def awkward(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workbench]:
    """A workspace of the awkward contacts, numbers as codes and as they are."""
    place = Workspace(tmp_path_factory.mktemp("profiled"))
    place.write(Settings(time_zone=str(ZONE), as_of=AS_OF))
    with Lake.create(place.lake) as lake:
        lake.load([batch(CONTACTS)], Notes())
    with Workbench.open(place.root) as workbench:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(encoding, "MOST_VALUES", 0 if request.param == "plain" else 1 << 16)
            profile_segment(workbench, tag("vip"))
        yield workbench


SIDES: list[tuple[RuleOrGroup, RuleOrGroup | None]] = [
    (field("age").at_least(18), None),
    (did("page_visited") | field("country").is_any_of("DE"), field("subscribed").is_true()),
    (tag("vip"), field("age").is_not_empty()),
]


@pytest.mark.parametrize(("here", "there"), SIDES)
def test_each_value_has_the_contacts_that_its_rule_holds(
    awkward: Workbench, here: RuleOrGroup, there: RuleOrGroup | None
) -> None:
    everyone = Membership.everyone(awkward.contacts_total)
    mine = awkward.members(here)
    theirs = everyone if there is None else awkward.members(there)
    found = profile_segment(awkward, here, there)
    assert (found.sides.here, found.sides.there) == (len(mine), len(theirs))
    assert found.sides.both == len(mine & theirs)
    assert {f.label for f in found.fields} >= {"Country", "Age", "Last seen", "Interests", TAGS}
    for each in found.fields:
        for value in each.values:
            held = awkward.members(value.rule)
            where = each.name, value.words
            assert (value.here, value.there) == (len(mine & held), len(theirs & held)), where
        if not each.several and each.values[0].words != "has a value":
            assert sum(value.here for value in each.values) == len(mine)
            assert sum(value.there for value in each.values) == len(theirs)


@pytest.mark.parametrize("awkward", ["coded"], indirect=True)
def test_text_values_are_those_that_contacts_have_whatever_their_case(awkward: Workbench) -> None:
    found = only(awkward, "Country")
    raw = [contact.fields.get("country") for contact in CONTACTS]
    folded = Counter(comparable(value, match_case=False) if value else "" for value in raw)
    nothing = folded.pop("")
    shown = {v.words: v.there for v in found.values}
    assert shown.pop(NO_VALUE) == nothing
    rest = shown.pop(OTHER, 0)
    for words, count in shown.items():
        assert folded.pop(comparable(words, match_case=False)) == count
    assert sum(folded.values()) == rest


def only(workbench: Workbench, name: str) -> FieldProfile:
    found = profile_segment(workbench, field("age").at_least(18))
    return next(each for each in found.fields if each.label == name)


def test_the_most_frequent_values_of_either_side_are_shown(
    shared: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(divisions, "LISTED", 3)
    rare = shared.catalog.field("city").choices[-1].value
    here = field("city").is_any_of(rare)
    found = profile_segment(shared, here)
    assert found.fields[0].distance == max(each.distance for each in found.telling)
    city = next(each for each in found.fields if each.name == "city")
    assert rare in [value.words for value in city.values]
    assert OTHER in [value.words for value in city.values]


def test_fields_whose_values_are_one_contact_each_tell_only_whether_there_is_one(
    shared: Workbench,
) -> None:
    found = profile_segment(shared, field("country").is_any_of("DE"))
    (mail,) = [each for each in found.fields if each.name == "email"]
    assert [value.words for value in mail.values] == ["has a value", NO_VALUE]


def test_nobody_and_everybody_are_profiled_too(shared: Workbench) -> None:
    nobody = Membership.nobody(shared.contacts_total)
    everyone = ~nobody
    assert not profile_members(shared, nobody, everyone).telling
    assert not profile_members(shared, everyone, nobody).telling
    assert not profile_members(shared, everyone, everyone).telling
    assert not profile_members(shared, nobody, everyone).sides.apart


def test_the_data_that_moves_on_is_profiled_anew(own: Workbench) -> None:
    before = profile_segment(own, field("country").is_any_of("DE")).sides
    key = own.contacts(field("country").is_any_of("DE"), ["key"], limit=1)["key"][0]
    edit_fields(own.lake, [key], {"country": "FR"}, now=own.clock())
    own.refresh()
    found = profile_segment(own, field("country").is_any_of("DE"))
    assert found.sides.here == before.here - 1
    country = next(each for each in found.fields if each.name == "country")
    french = next(value for value in country.values if value.words == "FR")
    assert french.there == own.count(field("country").is_any_of("FR"))


def test_what_is_special_is_told_in_sentences_and_never_by_chance(shared: Workbench) -> None:
    told = profile_contacts(shared, in_segment("Customers"), most=5)
    assert 0 < len(told) <= 5
    assert any("Lifecycle stage" in value.words for value in told)
    assert not any(value.chance for value in told)
    whole = shared.count(in_segment("Customers"))
    for value in told:
        assert value.here == len(
            shared.members(in_segment("Customers")) & shared.members(value.rule)
        )
        assert value.sides.here == whole
