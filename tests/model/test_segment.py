"""Segments have decent names; the pre-built ones expand to rules."""

from __future__ import annotations

import pytest
from population import CATALOG

from segbench.errors import RuleError, UnknownName
from segbench.model.catalog import Catalog, EventType
from segbench.model.prebuilt import prebuilt, with_defaults
from segbench.model.rules import EventRule, FieldRule, Group, Params, PrebuiltRule
from segbench.model.segment import Segment
from segbench.model.vocabulary import STANDARD, Vocabulary
from segbench.model.windows import Last


def test_a_name_is_cleaned_of_spare_white_space() -> None:
    assert Segment("  Autumn \t sale\n", Group()).name == "Autumn sale"


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\0b", "a\u202eb"])
def test_a_name_that_nobody_could_read_is_refused(name: str) -> None:
    with pytest.raises(RuleError, match="1 to 120 printable characters"):
        Segment(name, Group())


def test_engaged_asks_for_each_engagement_event_that_exists_here() -> None:
    group = prebuilt("engaged").expand(Params(days=7, opens="human"), CATALOG, STANDARD)
    machine = (FieldRule("machine_open", "is_true", negated=True),)
    assert group == Group(
        "or",
        (
            EventRule("email_clicked", window=Last(7)),
            EventRule("page_visited", window=Last(7)),
            EventRule("order_placed", window=Last(7)),
            EventRule("email_opened", window=Last(7), where=machine),
        ),
    )


def test_engaged_without_any_engagement_event_says_so() -> None:
    born = Catalog(0, events=(EventType("birth"),))
    with pytest.raises(RuleError) as refused:
        prebuilt("engaged").expand(Params(days=7, opens="human"), born, STANDARD)
    assert str(refused.value) == (
        "None of the workspace's engagement events (email_clicked, email_replied, page_visited, …) "
        "happened here; set engagement_events in workspace.json. Events here: birth."
    )
    with pytest.raises(RuleError, match="workspace names no engagement events; set engagement_ev"):
        prebuilt("engaged").expand(Params(days=7, opens="human"), born, Vocabulary(()))


def test_only_the_first_of_many_events_are_listed() -> None:
    many = Catalog(0, events=tuple(EventType(f"e{n}") for n in range(50)))
    with pytest.raises(RuleError, match=r"events \(a, b\) .* here: e0, e1, .*, e7, …\.$"):
        prebuilt("engaged").expand(Params(days=7, opens="human"), many, Vocabulary(("a", "b")))


def test_parameters_left_out_are_at_their_defaults() -> None:
    assert with_defaults(PrebuiltRule("engaged")) == {"days": 30, "opens": "human"}
    assert with_defaults(PrebuiltRule("engaged", Params(days=3))) == {"days": 3, "opens": "human"}


def test_an_unknown_prebuilt_segment_is_answered_with_near_ones() -> None:
    with pytest.raises(UnknownName, match="pre-built segment 'engage'; did you mean 'engaged'"):
        prebuilt("engage")


def test_the_catalogue_offers_near_names() -> None:
    with pytest.raises(UnknownName, match="did you mean 'country'"):
        CATALOG.field("Countrie")
    with pytest.raises(UnknownName, match="did you mean 'order_placed'"):
        CATALOG.event("orders_placed")
    with pytest.raises(UnknownName, match="property of event 'order_placed' named 'amuont'"):
        CATALOG.event("order_placed").property("amuont")
    assert CATALOG.has_tag("vip")
    assert not CATALOG.has_tag("Vip")
