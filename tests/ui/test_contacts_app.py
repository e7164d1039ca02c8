"""The contacts' dashboard: lists, pages, edits with preview and undo, and one contact's card."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches

from segbench.lake.editing import edit_tags
from segbench.model.ask import field, tag
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.model.smart_list import SmartList
from segbench.ui.contacts.app import ContactsApp
from segbench.ui.contacts.edit_controls import ADD_TAG, ALL, ONE, SELECTED, SET_FIELD
from segbench.workbench.workbench import Workbench

GERMANS = as_group(field("country").is_any_of("DE"))
BAD = '<img src=x onerror="alert(1)">'


@pytest.fixture
def app(tmp_path: Path) -> Iterator[ContactsApp]:
    folder = workbenches.copied(tmp_path)
    with Workbench.open(folder, clock=lambda: workbenches.NOW) as workbench:
        workbench.save(Segment("Autumn", as_group(tag("autumn"))))
        app = ContactsApp(workbench, follow=False)
        app.wait()
        yield app
        app.close()


def said(widget: object) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", widget.value))  # type: ignore[attr-defined]


def keys_shown(app: ContactsApp) -> list[str]:
    found = re.findall(r'data-act="look" data-name="([^"]*)"', app.table.table.value)
    return [html.unescape(key) for key in found]


def press(panel: object, act: str, name: str) -> None:
    """What the page sends when a button in a table is pressed."""
    panel.box.children[1]._acted(act, name)  # type: ignore[attr-defined]


def edit(app: ContactsApp, what: str, name: str, whose: str, value: str = "") -> str:
    """Set up an edit and preview it; what the preview says."""
    app.edits.controls.what.value = what
    if what == ADD_TAG:
        app.edits.controls.tag.value = name
    else:
        app.edits.controls.field.value, app.edits.controls.value.value = name, value
    app.edits.controls.whose.value = whose
    app.edits.look.click()
    return said(app.edits.question)


def test_it_opens_with_everybody(app: ContactsApp) -> None:
    assert said(app.table.where) == "1 to 50 of 1,000 contacts"
    assert keys_shown(app) == list(app.workbench.book.page().keys)
    assert app.table.first.disabled
    drawn = app.builder.state
    assert (drawn["status"], drawn["everybody"], drawn["total"]) == ("empty", True, 1_000)
    assert drawn["sentence"] == "Everybody."
    assert not app.table.last.disabled


def test_pages_sorts_and_searches_show_what_the_book_has(app: ContactsApp) -> None:
    app.table.last.click()
    app.wait()
    assert said(app.table.where) == "951 to 1,000 of 1,000 contacts"
    press(app.table, "sort", "last_name")
    press(app.table, "sort", "last_name")
    app.table.search.value = "an"
    app.table.size.value = 25
    app.wait()
    listed = SmartList("x", sort=(("last_name", "down"),), search="an")
    page = app.workbench.book.page(listed, size=25)
    assert keys_shown(app) == list(page.keys)
    assert 'aria-sort="descending"' in app.table.table.value
    press(app.table, "sort", "last_name")
    app.wait()
    assert "aria-sort" not in app.table.table.value
    app.table.columns.value = ("key", "city")
    app.wait()
    assert re.findall(r'data-act="sort" data-name="(\w+)"', app.table.table.value) == [
        "key",
        "city",
    ]


def test_the_rules_of_the_builder_decide_who_is_on_the_list(app: ContactsApp) -> None:
    app.session.show(GERMANS)
    app.wait()
    assert f"of {app.workbench.count(GERMANS)} contacts" in said(app.table.where)


def test_a_list_is_saved_opened_and_turned_into_a_segment(app: ContactsApp) -> None:
    app.session.show(GERMANS)
    press(app.table, "sort", "city")
    app.lists.name.value = "Germans"
    app.lists.save()
    saved = app.workbench.library.lists.one("Germans").smart_list
    assert (saved.group, saved.sort) == (GERMANS, (("city", "up"),))
    assert said(app.lists.mark) == "“Germans”: saved"
    press(app.table, "sort", "city")
    assert said(app.lists.mark) == "“Germans”: changed since it was saved"
    app.lists.name.value = "Deutsche"
    app.lists.rename()
    assert app.lists.choice.value == "Deutsche"
    assert said(app.lists.mark) == "“Deutsche”: changed since it was saved"
    app.lists.everybody()
    app.wait()
    assert said(app.table.where).endswith("of 1,000 contacts")
    app.lists.choice.value = "Deutsche"
    app.lists.open()
    app.wait()
    assert said(app.table.where).endswith(f"of {app.workbench.count(GERMANS)} contacts")
    app.lists.as_segment()
    assert app.workbench.library.segment("Deutsche").segment.group == GERMANS
    assert "Deutsche" in app.lists.segment.options


def test_a_list_that_somebody_changed_meanwhile_is_not_overwritten(app: ContactsApp) -> None:
    app.lists.name.value = "Mine"
    app.lists.save()
    app.workbench.book.save(SmartList("Mine", GERMANS), replace=True)
    app.table.search.value = "ann"
    app.lists.box.children[1].children[5].click()
    assert "changed by" in said(app.lists.message)
    assert app.workbench.library.lists.one("Mine").smart_list.group == GERMANS


def test_what_a_segment_cannot_say_is_said(app: ContactsApp) -> None:
    app.lists.name.value = "All"
    app.lists.box.children[2].children[0].click()
    assert "a segment without rules holds nobody" in said(app.lists.message)


def test_two_hundred_are_tagged_and_a_segment_grows_and_shrinks_again(app: ContactsApp) -> None:
    app.table.size.value = 200
    app.wait()
    app.table.choose_page.click()
    app.wait()
    assert said(app.table.count) == "200 contacts selected"
    told = edit(app, ADD_TAG, "autumn", SELECTED)
    assert told.startswith("Tag “autumn”: 200 of 200 contacts would change, 0 are so already.")
    assert "“Autumn”: 0 → 200 (+200)." in told
    app.edits.do.click()
    app.wait()
    assert (
        said(app.edits.message)
        == "Edit 1: tagged 200 contacts with autumn. “Autumn”: 0 → 200 (+200)."
    )
    assert app.workbench.count_saved("Autumn") == 200
    assert "tagged 200 contacts with autumn" in said(app.record.words)
    app.edits.undo.click()
    app.wait()
    assert app.workbench.count_saved("Autumn") == 0
    assert "“Autumn”: 200 → 0 (−200)." in said(app.edits.message)
    assert "taken back by 2" in said(app.record.words)


def test_all_on_the_list_are_edited_and_the_log_takes_it_back(app: ContactsApp) -> None:
    app.session.show(GERMANS)
    app.wait()
    total = app.workbench.count(GERMANS)
    assert f"{total} of {total} contacts would change" in edit(app, SET_FIELD, "country", ALL, "AT")
    app.edits.do.click()
    app.wait()
    assert app.workbench.count(GERMANS) == 0
    assert said(app.table.table) == "Nobody is on this list."
    press_log = app.record.box.children[1]._acted
    press_log("undo", "1")
    assert "Press Undo again" in said(app.record.message)
    assert app.workbench.count(GERMANS) == 0
    press_log("undo", "1")
    app.wait()
    assert app.workbench.count(GERMANS) == total


def test_only_the_controls_of_the_chosen_edit_are_shown(app: ContactsApp) -> None:
    controls = app.edits.controls
    boxes = (controls.tag, controls.field, controls.value, controls.whose)

    def shown() -> list[bool]:
        return [box.layout.display != "none" for box in boxes]

    assert shown() == [True, False, False, True]
    assert controls.whose.value == SELECTED
    press(app.table, "select", keys_shown(app)[0])
    assert controls.whose.value == SELECTED
    assert controls.whose.label == "Selected (1 contact)"
    controls.what.value = SET_FIELD
    assert shown() == [False, True, True, True]


def test_a_preview_is_forgotten_when_anything_of_it_changes(app: ContactsApp) -> None:
    def previewed() -> None:
        edit(app, ADD_TAG, "autumn", ALL)
        assert not app.edits.do.disabled

    previewed()
    app.edits.controls.tag.value = "winter"
    assert app.edits.do.disabled
    previewed()
    app.table.search.value = "ann"
    assert app.edits.do.disabled
    previewed()
    app.session.show(GERMANS)
    assert app.edits.do.disabled
    previewed()
    edit_tags(app.workbench.lake, ["c0000001"], now=workbenches.NOW, add=["other"])
    app.session.move_on().result()
    app.wait()
    assert app.edits.do.disabled
    assert app.workbench.count(tag("autumn")) == 0


def test_data_that_changed_since_the_preview_refuses_the_edit(app: ContactsApp) -> None:
    edit(app, ADD_TAG, "autumn", ALL)
    edit_tags(app.workbench.lake, ["c0000001"], now=workbenches.NOW, add=["other"])
    app.edits.do.click()
    app.wait()
    assert "The data has changed since these contacts were chosen" in said(app.edits.message)
    assert app.edits.progress.value == ""
    app.workbench.refresh()
    assert app.workbench.count(tag("autumn")) == 0


def test_what_is_missing_for_an_edit_is_said(app: ContactsApp) -> None:
    for name, says in ((" ", "Name the tag first"), ("x", "Select contacts in the table first")):
        edit(app, ADD_TAG, name, SELECTED)
        assert says in said(app.edits.message)
        assert app.edits.do.disabled


def test_a_contact_is_opened_edited_and_put_into_a_segment_in_two_clicks(app: ContactsApp) -> None:
    key = keys_shown(app)[0]
    press(app.table, "look", key)
    assert key in said(app.card.words)
    app.card.segment.value = "Autumn"
    app.card.how.click()
    assert "Tag it “autumn”" in said(app.card.beside)
    (name,) = re.findall(r'data-act="way" data-name="([^"]*)"', app.card.beside.value)
    press(app.card, "way", name)
    app.wait()
    assert app.workbench.why(key, app.workbench.library.segment("Autumn").segment.group).held
    assert "autumn" in said(app.card.words)
    press(app.card, "way", name)
    assert "an older answer" in said(app.card.message)
    press(app.card, "untag", "autumn")
    assert app.edits.controls.whose.value == ONE
    assert "1 of 1 contacts would change" in said(app.edits.question)
    app.edits.do.click()
    app.wait()
    assert app.workbench.count_saved("Autumn") == 0


def test_a_card_says_why_and_turns_pages_of_events(app: ContactsApp) -> None:
    press(app.table, "look", keys_shown(app)[0])
    press(app.card, "why", "Customers")
    assert "“Customers”" in said(app.card.beside)
    before = app.card.words.value
    press(app.card, "turn", "2")
    assert "Page 2 of" in said(app.card.words)
    press(app.card, "turn", "1")
    assert app.card.words.value == before
    press(app.card, "look", "nonsense")
    press(app.card, "turn", "minus")
    assert app.card.words.value == before


def test_hostile_texts_are_shown_as_texts(app: ContactsApp) -> None:
    key = keys_shown(app)[0]
    app.workbench.save(Segment(BAD, as_group(tag(BAD))))
    app.workbench.book.save(SmartList(BAD))
    made = app.workbench.book.preview([key], add=[BAD], values={"first_name": BAD})
    app.workbench.book.edit(made)
    app.session.move_on().result()
    app.lists.refresh()
    press(app.table, "look", key)
    press(app.card, "why", BAD)
    app.wait()
    drawn = [app.table.table, app.card.words, app.card.beside, app.record.words, app.edits.question]
    for widget in drawn:
        assert "<img" not in widget.value
    for widget in (app.table.table, app.card.words, app.card.beside, app.record.words):
        assert BAD in said(widget)


def test_a_contact_that_is_gone_is_said_so(app: ContactsApp) -> None:
    from segbench.lake.deleting import delete_contacts

    key = keys_shown(app)[0]
    press(app.table, "look", key)
    delete_contacts(app.workbench.lake, [key])
    app.session.move_on().result()
    app.wait()
    assert "no contact with the key" in said(app.card.message)
    assert key not in keys_shown(app)


def test_messages_that_name_nothing_change_nothing(app: ContactsApp) -> None:
    before = app.table.table.value
    for name in ("contry", "(tags)", "", "x" * 300):
        for act in ("sort", "select", "unheard of"):
            press(app.table, act, name)
    app.wait()
    assert app.table.table.value == before
