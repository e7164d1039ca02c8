"""Folders, tags, owners and status of saved segments; searching; where each is used."""

from __future__ import annotations

import pytest

from library.stories import FRENCH, GERMAN, MONDAY, TUESDAY, VIP, asking, save
from segbench.errors import ChangedMeanwhile, InUse, NotSaved
from segbench.library.campaign_changes import CampaignChange
from segbench.library.library import Library
from segbench.library.uses import Users
from segbench.model.ask import did, field, in_order, measure, prebuilt
from segbench.model.filing import Filing
from segbench.model.recipe import RecipientSource
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.model.smart_list import SmartList

LIFECYCLE = Filing("Lifecycle/Welcome", ("spring", "vip"), "Anna", "draft")


def test_a_segment_is_filed_as_a_new_version(library: Library) -> None:
    save(library, "VIP")
    filed = library.file("vip", LIFECYCLE, TUESDAY, "Ben")
    assert filed == library.segment("VIP")
    assert (filed.filing, filed.revision, filed.author) == (LIFECYCLE, 2, "Ben")
    assert filed.segment.group == Group(rules=(GERMAN,))
    assert library.file("VIP", LIFECYCLE, TUESDAY).revision == 2
    with pytest.raises(ChangedMeanwhile, match="The folder none became"):
        library.file("VIP", Filing(), TUESDAY, seen=1)
    with pytest.raises(NotSaved):
        library.file("never", LIFECYCLE, TUESDAY)


def test_saving_anew_leaves_a_segment_where_it_is_filed(library: Library) -> None:
    assert save(library, "VIP", author="Anna").filing == Filing(owner="Anna")
    library.file("VIP", LIFECYCLE, MONDAY)
    assert save(library, "VIP", FRENCH, author="Ben").filing == LIFECYCLE
    assert library.rename("VIP", "Best", TUESDAY).filing == LIFECYCLE
    moved = save(library, "Best", FRENCH, filing=Filing("Else"))
    assert moved.filing == Filing("Else")
    assert library.version("Best", moved.revision - 1).filing == LIFECYCLE


def test_archived_segments_are_known_by_name(library: Library) -> None:
    save(library, "beta")
    save(library, "Alpha", filing=Filing(status="archived"))
    assert list(library.statuses().items()) == [("Alpha", "archived"), ("beta", "published")]
    assert library.archived_names() == {"Alpha"}


@pytest.fixture
def shelf(library: Library) -> Library:
    save(library, "Welcome series", did("order_placed"), filing=LIFECYCLE)
    library.save(
        Segment("Zoë's", Group(rules=(VIP,)), "The best."),
        now=MONDAY,
        filing=Filing("Lifecycle", owner="Ben"),
    )
    save(library, "Rest", field("plan").is_any_of("Straße"), filing=Filing("Lifecycles"))
    return library


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["Rest", "Welcome series", "Zoë's"]),
        ("WELCOME", ["Welcome series"]),
        ("zoe\u0308", ["Zoë's"]),
        ("best", ["Zoë's"]),
        ("lifecycle anna", ["Welcome series"]),
        ("spring", ["Welcome series"]),
        ("order_placed happened", ["Welcome series"]),
        ("STRASSE", ["Rest"]),
        ("plan vip", []),
        ("100%", []),
    ],
)
def test_segments_are_found_by_all_that_is_said_of_them(
    text: str, names: list[str], shelf: Library
) -> None:
    assert [saved.segment.name for saved in shelf.search(text)] == names


def test_segments_are_found_by_the_names_that_their_rules_have(library: Library) -> None:
    rules = {
        "A": field("lead_score").at_least(3),
        "B": measure("sum", "order_placed", "amount").at_least(100),
        "C": in_order(did("page_visited"), did("form_submitted")),
        "D": prebuilt("engaged", days=30),
        "E": asking("A")[0],
    }
    for name, rule in rules.items():
        save(library, name, rule)
    for text, name in (
        ("lead_score", "A"),
        ("amount", "B"),
        ("form_submitted", "C"),
        ("engaged", "D"),
        ("segment is", "E"),
    ):
        assert name in [saved.segment.name for saved in library.search(text)], text


def test_a_search_is_narrowed_by_folder_tag_owner_and_status(shelf: Library) -> None:
    def names(**told: str) -> list[str]:
        return [saved.segment.name for saved in shelf.search(**told)]

    assert names(folder="lifecycle") == ["Welcome series", "Zoë's"]
    assert names(folder="Lifecycle/Welcome/") == ["Welcome series"]
    assert names(tag="VIP") == names(owner="anna") == names(status="draft") == ["Welcome series"]
    assert names(folder="Lifecycle", owner="Ben", text="best") == ["Zoë's"]


def test_users_are_segments_smart_lists_and_campaigns(library: Library) -> None:
    save(library, "VIP")
    save(library, "B", *asking("vip"))
    save(library, "A", *asking("VIP"))
    library.lists.save(SmartList("Call", Group(rules=asking("VIP"))), now=MONDAY)  # type: ignore[arg-type]
    library.create_campaign("Spring", now=MONDAY)
    library.set_recipients("Spring", ("VIP",), now=MONDAY)
    users = library.users("vip")
    assert users == Users(("A", "B"), ("Call",), ("Spring",))
    assert users.words == "the segments 'A', 'B', the smart list 'Call' and the campaign 'Spring'"
    with pytest.raises(InUse, match="the smart list 'Call' and the campaign 'Spring'"):
        library.delete("VIP")
    assert not library.users("A")
    with pytest.raises(NotSaved):
        library.users("never")


def test_rules_that_a_campaign_built_for_itself_are_uses_too_and_follow_a_rename(
    library: Library,
) -> None:
    save(library, "VIP")
    built = RecipientSource("rules", "Built", Group(rules=asking("VIP")))  # type: ignore[arg-type]
    library.mailings.create("Spring", MONDAY)
    library.mailings.change("Spring", CampaignChange(exclude=(built,)), MONDAY)
    assert library.users("VIP").campaigns == ("Spring",)
    with pytest.raises(InUse, match="is used by the campaign 'Spring'"):
        library.delete("VIP")
    library.rename("VIP", "Best", TUESDAY)
    (source,) = library.mailings.one("Spring").exclude
    assert source.rules == Group(rules=asking("Best"))  # type: ignore[arg-type]


def test_renaming_is_followed_by_smart_lists(library: Library) -> None:
    save(library, "VIP")
    library.lists.save(SmartList("Call", Group(rules=asking("VIP"))), now=MONDAY)  # type: ignore[arg-type]
    library.rename("VIP", "Best", TUESDAY)
    assert library.users("Best").lists == ("Call",)
    assert library.lists.one("Call").smart_list.group == Group(rules=asking("Best"))  # type: ignore[arg-type]
