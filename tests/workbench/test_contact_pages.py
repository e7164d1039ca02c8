"""Smart lists as pages over a workspace, and one contact's card."""

from __future__ import annotations

import pytest
import workbenches

from segbench.errors import LakeError, NotSaved, RuleError, UnknownName
from segbench.model.ask import did, field, tag
from segbench.model.rules import Group, as_group
from segbench.model.segment import Segment
from segbench.model.smart_list import TAGS, SmartList
from segbench.workbench.workbench import Workbench

GERMANS = as_group(field("country").is_any_of("DE"))


def test_everybody_is_on_a_list_without_rules(shared: Workbench) -> None:
    page = shared.book.page(size=7)
    assert (page.total, page.contacts, page.pages) == (1_000, 1_000, 143)
    assert page.columns[0] == "key"
    assert page.columns[-1] == TAGS
    assert len(page.rows) == len(page.keys) == 7
    assert [row[0] for row in page.rows] == list(page.keys)


def test_a_list_shows_exactly_whom_its_rules_hold(shared: Workbench) -> None:
    listed = SmartList("g", GERMANS, ("country", "key", TAGS), (("last_name", "up"),))
    page = shared.book.page(listed, size=1_000)
    assert page.columns == ("key", "country", TAGS)
    assert page.total == shared.count(GERMANS) == shared.book.count(listed)
    assert sorted(page.keys) == sorted(shared.contacts(GERMANS, ["key"])["key"])
    tags = dict(zip(page.keys, (row[2] for row in page.rows), strict=True))
    rows = shared.engine.snapshot.rows("SELECT key, tag FROM tags JOIN contacts USING (ordinal)")
    wanted: dict[str, list[str]] = {key: [] for key in page.keys}
    for key, name in sorted(rows):
        wanted.get(key, []).append(name)
    assert tags == wanted


def test_a_search_looks_in_the_texts_that_are_shown(shared: Workbench) -> None:
    names = SmartList("s", GERMANS, ("first_name",), search="ANN")
    cities = SmartList("s", GERMANS, ("city",), search="ANN")
    rows = shared.contacts(GERMANS, ["first_name", "city"])
    for listed, column in ((names, "first_name"), (cities, "city")):
        has = rows[column].str.lower().str.contains("ann").fillna(False)
        assert shared.book.count(listed) == int(has.sum())
    assert shared.book.count(names) > 0


def test_a_page_beyond_the_last_is_the_last(shared: Workbench) -> None:
    last = shared.book.page(SmartList("g", GERMANS), 10**9, size=50)
    assert last.number == last.pages
    assert 0 < len(last.rows) <= 50
    empty = shared.book.page(SmartList("n", as_group(tag("nobody has it"))), 3)
    assert (empty.total, empty.number, empty.pages, empty.rows) == (0, 1, 1, ())


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        ({"columns": ("contry",)}, "no field 'contry'; did you mean 'country'"),
        ({"sort": (("contry", "up"),)}, "no field 'contry'"),
        ({"group": as_group(field("contry").is_any_of("DE"))}, "contry"),
    ],
)
def test_what_does_not_exist_is_said(shared: Workbench, ask: dict, says: str) -> None:
    with pytest.raises(RuleError, match=says):
        shared.book.page(SmartList("wrong", **ask))
    for number, size in ((0, 10), (1, 0), (1, 1_001)):
        with pytest.raises(RuleError, match="Pages are numbered from 1"):
            shared.book.page(number=number, size=size)


def test_an_unsound_list_is_not_saved(own: Workbench) -> None:
    with pytest.raises(UnknownName):
        own.book.save(SmartList("unsound", GERMANS, ("contry",)))
    with pytest.raises(NotSaved):
        own.library.lists.one("unsound")


def test_a_saved_list_is_found_by_its_name_and_keeps_who_saved_it(own: Workbench) -> None:
    saved = own.book.save(SmartList("Kept", GERMANS))
    assert saved.author == own.author
    assert own.book.count("kept") == own.count(GERMANS)
    assert own.book.count("everybody") == own.contacts_total
    with pytest.raises(NotSaved, match="no smart list 'Kep'"):
        own.book.page("Kep")


def test_a_list_becomes_a_segment_and_a_segment_a_list(own: Workbench) -> None:
    own.book.save(SmartList("To turn", GERMANS, ("city",)))
    assert own.book.as_segment("To turn", "Turned") == "Turned"
    assert own.library.segment("Turned").segment == Segment("Turned", GERMANS)
    assert own.count(GERMANS) == own.book.count("To turn")
    back = own.book.of_segment("Turned", "Turned back")
    assert back.smart_list == SmartList("Turned back", GERMANS)
    with pytest.raises(RuleError, match="searches for"):
        own.book.as_segment(SmartList("x", GERMANS, search="ann"))


def test_keys_choose_contacts_and_strangers_are_named(shared: Workbench) -> None:
    keys = list(shared.book.page(size=3).keys)
    assert len(shared.book.choose([*keys, keys[0]]).members) == 3
    with pytest.raises(LakeError, match="No contact has the key 'p', 'q', 'r' and 1 more"):
        shared.book.choose([keys[0], "p", "q", "r", "s"])


def test_a_card_has_all_that_is_known(shared: Workbench) -> None:
    key = str(shared.contacts(did("order_placed"), ["key"], limit=1)["key"][0])
    card = shared.book.card(key)
    row = shared.engine.snapshot.named_rows("SELECT * FROM contacts WHERE key = ?", [key])
    known = dict(zip(row[0], row[1][0], strict=True))
    fields = {field.name: value for field, value in card.fields}
    empty = {field.name for field in card.empty}
    assert {*fields, *empty} == {field.name for field in shared.catalog.fields}
    for name, value in fields.items():
        assert known[name] == value
    for name in empty:
        assert known[name] is None
    saved = {each.segment.name: each.segment.group for each in shared.library.segments()}
    inside = {name for name, group in saved.items() if shared.why(key, group).held}
    assert set(card.inside) == inside
    assert set(card.outside) == saved.keys() - inside
    assert card.edits == ()
    with pytest.raises(UnknownName, match="no contact with the key 'nobody'"):
        shared.book.card("nobody")


def test_a_timeline_has_every_event_once_newest_first(shared: Workbench) -> None:
    key = str(shared.contacts(did("order_placed").at_least(2), ["key"], limit=1)["key"][0])
    first = shared.book.events(key, size=4)
    assert first.pages == -(-first.total // 4) > 1
    pages = [shared.book.events(key, number, size=4) for number in range(1, first.pages + 1)]
    events = [event for page in pages for event in page.events]
    assert len(events) == first.total
    times = [event.at for event in events]
    assert times == sorted(times, reverse=True)
    assert max(times) <= shared.as_of
    assert shared.book.events(key, 10**6, size=4) == pages[-1]
    with pytest.raises(UnknownName):
        shared.book.events("nobody")


def test_a_new_snapshot_is_paged_through_anew(own: Workbench) -> None:
    listed = SmartList("tagged", as_group(tag("fresh tag")))
    assert own.book.count(listed) == 0
    keys = own.book.page(size=2).keys
    own.book.tag(list(keys), "fresh tag")
    assert own.book.page(listed).keys == keys
    assert own.as_of == workbenches.UNTIL
    assert own.book.page(listed).snapshot == own.engine.snapshot.id


def test_an_empty_group_is_no_rule(shared: Workbench) -> None:
    assert shared.book.count(SmartList("e", Group(rules=(Group(),)))) == 1_000
