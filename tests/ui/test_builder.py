"""The builder in a real browser, its Python side played by harness.js."""

from __future__ import annotations

from collections.abc import Callable

import harness as h
import pytest
from axe_playwright_python.sync_playwright import Axe
from bench import LUMINO, Bench, Json, edit
from playwright.sync_api import expect

from segbench.model.catalog import Catalog
from segbench.ui.builder import LARGEST_EDIT, SegmentBuilder
from segbench.ui.builder_menus import PREBUILT_GROUPS
from segbench.ui.wire import catalog_data

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


browser = pytest.mark.browser


@browser
def test_a_row_of_every_kind_is_drawn_with_its_values(bench: Bench) -> None:
    bench.start(*h.EVERY_KIND)
    expect(bench.page.locator(".sb-row")).to_have_count(len(h.EVERY_KIND))
    expect(bench.named("Subject, row 1: Country")).to_be_visible()
    expect(bench.named("Operator, row 1")).to_have_value("is_any_of")
    expect(bench.named("Remove DE, row 1")).to_be_visible()
    expect(bench.named("From, row 2")).to_have_value("25")
    expect(bench.named("To, row 2")).to_have_value("40")
    expect(bench.named("Value, row 3")).to_have_value("@example.org")
    expect(bench.named("Value, row 4")).to_have_value("1990-01-01")
    expect(bench.named("Length of time, row 5")).to_have_value("30")
    expect(bench.named("Unit of time, row 5")).to_have_value("days")
    expect(bench.named("Subject, row 7: Tags")).to_be_visible()
    expect(bench.named("Times, row 8")).to_have_value("2")
    expect(bench.named("When, row 8")).to_have_value("last")
    expect(bench.named("Property, condition 1 of row 8")).to_have_value("amount")
    expect(bench.named("Value, condition 1 of row 8")).to_have_value("50")
    expect(bench.named("days, row 9")).to_have_value("90")
    expect(bench.named("Operator, row 10")).to_have_value("is_not_in")
    expect(bench.named("Remove tea, row 11")).to_be_visible()
    expect(bench.named("Friday, row 12")).to_have_attribute("aria-pressed", "true")
    expect(bench.named("To, row 13")).to_have_value("17")
    expect(bench.named("Other field, row 14")).to_have_value("created")
    expect(bench.named("How many periods away, row 15")).to_have_value("3")
    expect(bench.named("At most, row 16")).to_have_value("14")
    expect(bench.named("Property, row 17")).to_have_value("amount")
    expect(bench.named("To, figure of row 17")).to_have_value("500")
    expect(bench.named("Other event 1, row 17")).to_have_value("cart_updated")
    expect(bench.named("Event, since 1 of row 17")).to_have_value("email_opened")
    expect(bench.named("Note, row 17")).to_have_value(h.SPENT["note"])
    expect(bench.named("Length of time, within, row 18")).to_have_value("72")
    expect(bench.named("Event, step 2 of row 18")).to_have_value("order_placed")
    expect(bench.named("group, row 19")).to_have_value("Loyal")
    expect(bench.named("Draw, row 20")).to_have_value("autumn")


@browser
def test_the_head_shows_count_share_and_time(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    head = bench.page.locator(".sb-head")
    expect(head).to_contain_text("8,201")
    expect(head).to_contain_text("16.4 % of 50,000 contacts")
    expect(head).to_contain_text("22 Nov 2026, 12:00 (Europe/Berlin)")
    expect(bench.page.locator(".sb-words")).to_have_text(
        "In words: Contacts whose country is DE or AT."
    )


@browser
def test_rows_show_what_they_hold_and_what_is_left_after_them(bench: Bench) -> None:
    nodes = {"0": {"alone": 27163, "after": 27163}, "1": {"alone": 12000, "after": 8201}}
    bench.start(h.COUNTRY, h.AGE, nodes=nodes)
    numbers = bench.page.locator(".sb-row .sb-numbers")
    expect(numbers.nth(1)).to_contain_text("12,000")
    expect(numbers.nth(1)).to_contain_text("→ 8,201 left")
    bench.push(tree=h.group(h.COUNTRY, h.AGE, combinator="or"))
    expect(numbers.nth(1)).to_contain_text("→ 8,201 so far")


@browser
def test_an_empty_segment_says_that_it_holds_nobody(bench: Bench) -> None:
    bench.start()
    expect(bench.page.locator(".sb-head")).to_contain_text("Holds nobody: add a filter")
    bench.button("Add filter").click()
    bench.waits_for(edit("add_row", []))


@browser
def test_an_error_is_shown_and_the_last_count_stays(bench: Bench) -> None:
    bench.start(h.COUNTRY, status="error", message="The count failed: no disk.")
    expect(bench.page.get_by_role("alert")).to_have_text("The count failed: no disk.")
    expect(bench.page.locator(".sb-grey")).to_contain_text("8,201")


@browser
def test_updating_does_not_move_anything(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, answers=False)
    row = bench.page.locator(".sb-row").nth(1)
    before = row.bounding_box()
    bench.push(status="updating", revision=13, total=9)
    expect(bench.page.get_by_text("updating…")).to_be_visible()
    assert row.bounding_box() == before


@browser
def test_ux_01_a_new_row_opens_its_picker_with_the_focus(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    bench.button("Add filter").click()
    expect(bench.options()).to_have_count(len(h.SUBJECTS))
    assert bench.focused() == "Search filters, row 2"
    bench.page.keyboard.type("order")
    bench.page.keyboard.press("Enter")
    chosen = edit("choose", [1], shape=5, subject="event", name="order_placed")
    bench.waits_for(edit("add_row", []), chosen)
    assert bench.focused() == "Subject, row 2: Order placed"


@browser
def test_ux_02_a_new_group_brings_one_row_with_the_focus(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    bench.button("Add group").click()
    expect(bench.page.get_by_label("Row 2.1", exact=True)).to_be_visible()
    assert bench.focused() == "Search filters, row 2.1"
    bench.waits_for(edit("add_group", []))


@browser
def test_two_quick_clicks_make_two_rows(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    bench.page.evaluate("model.delay = 150")
    bench.page.evaluate("const b = document.querySelector('.sb-foot button'); b.click(); b.click()")
    bench.waits_for(edit("add_row", []), edit("add_row", [], shape=5))
    expect(bench.page.locator(".sb-row")).to_have_count(3)


@browser
def test_the_picker_works_with_the_keyboard_alone(bench: Bench) -> None:
    bench.start(h.UNFINISHED)
    button = bench.named("Subject, row 1: Choose a filter…")
    button.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "Escape"):
        bench.page.keyboard.press(key)
    expect(button).to_be_focused()
    expect(bench.page.get_by_role("listbox")).to_have_count(0)
    bench.page.keyboard.press("Enter")
    bench.page.keyboard.type("zzz")
    expect(bench.page.get_by_text("Nothing matches")).to_be_visible()
    search = bench.named("Search filters, row 1")
    search.fill("")
    bench.page.keyboard.press("ArrowDown")
    bench.page.keyboard.press("Enter")
    bench.waits_for(edit("choose", [0], subject="field", name="city"))


@browser
def test_everything_that_can_be_asked_is_in_the_picker_by_group(bench: Bench) -> None:
    bench.start(h.UNFINISHED)
    bench.named("Subject, row 1: Choose a filter…").click()
    titles = bench.page.locator(".sb-list-title").all_inner_texts()
    prebuilt = [f"Pre-built: {group}" for group, _ in PREBUILT_GROUPS]
    wanted = ["Fields", "Tags", "Events", *prebuilt, "Saved segments", "Samples"]
    assert [title.lower() for title in titles] == [title.lower() for title in wanted]
    country = bench.options("Country")
    expect(country).to_contain_text("49,203")
    expect(country).to_contain_text("Where the contact lives")
    bench.options("Win-back").click()
    bench.waits_for(edit("choose", [0], subject="segment", name="Win-back"))


@browser
def test_a_single_tag_is_found_by_its_name(bench: Bench) -> None:
    bench.start(h.UNFINISHED)
    bench.named("Subject, row 1: Choose a filter…").click()
    bench.page.keyboard.type("newsl")
    bench.page.keyboard.press("Enter")
    bench.waits_for(edit("choose", [0], subject="tag", name="newsletter"))
    expect(bench.named("Remove newsletter, row 1")).to_be_visible()


@browser
def test_a_long_segment_answers_within_a_fifth_of_a_second(bench: Bench) -> None:
    bench.start(*[h.COUNTRY, h.AGE, h.ORDERED, h.EMAIL] * 25)
    spent: float = bench.page.evaluate(
        """() => {
            const begin = performance.now();
            model.push({revision: 13, total: 5});
            document.body.getBoundingClientRect();
            return performance.now() - begin;
        }"""
    )
    assert spent < 200


@browser
def test_toggles_are_sent_at_once(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.group(h.AGE, h.EMAIL))
    bench.named("NOT, row 1").click()
    bench.named("Enabled, row 1").click()
    bench.named("Any of (OR), group 2").check()
    bench.named("NOT, group 2").click()
    bench.named("Operator, row 1").select_option("is_none_of")
    bench.waits_for(
        edit("negate", [0], on=True),
        edit("enable", [0], on=False),
        edit("combine", [1], combinator="or"),
        edit("negate", [1], on=True),
        edit("operator", [0], op="is_none_of"),
    )
    expect(bench.page.locator(".sb-not-mark")).to_have_count(2)
    expect(bench.page.locator(".sb-join", has_text="OR")).to_have_count(1)


@browser
def test_typing_is_one_edit_after_a_pause(bench: Bench) -> None:
    bench.start(h.EMAIL)
    box = bench.named("Value, row 1")
    box.fill("")
    box.press_sequentially("shop", delay=20)
    node = h.EMAIL | {"values": ["shop"]}
    bench.waits_for(edit("put", [0], node=node, typing=True))


@browser
def test_a_button_does_not_overtake_what_was_just_typed(bench: Bench) -> None:
    bench.start(h.EMAIL)
    bench.named("Value, row 1").fill("shop")
    bench.button("Add filter").click()
    node = h.EMAIL | {"values": ["shop"]}
    bench.waits_for(edit("put", [0], node=node, typing=True), edit("add_row", []))
    expect(bench.named("Value, row 1")).to_have_value("shop")


@browser
def test_a_number_that_is_not_one_yet_stays_and_counts_as_empty(bench: Bench) -> None:
    bench.start(h.AGE, h.field("age", "at_least", 30))
    bench.named("Value, row 2").fill("")
    bench.waits_for(edit("put", [1], node=h.field("age", "at_least"), typing=True))
    bench.page.evaluate("model.sent.length = 0")
    low = bench.named("From, row 1")
    low.fill("")
    low.press_sequentially("-")
    node = h.AGE | {"values": ["", 40]}
    bench.waits_for(edit("put", [0], node=node, typing=True))
    low.press_sequentially("5")
    bench.page.wait_for_function("model.sent.length === 2")
    assert bench.sent[1]["node"]["values"] == [-5, 40]


@browser
def test_windows_dates_and_parameters_send_what_they_say(bench: Bench) -> None:
    bench.start(h.CREATED, h.BIRTHDAY, h.ENGAGED)
    bench.named("Unit of time, row 1").select_option("weeks")
    bench.named("Value, row 2").fill("1985-03-31")
    bench.named("days, row 3").fill("7")
    weeks = {"kind": "last", "amount": 30, "unit": "weeks"}
    bench.waits_for(
        edit("put", [0], node=h.CREATED | {"window": weeks}),
        edit("put", [1], node=h.BIRTHDAY | {"values": ["1985-03-31"]}, typing=True),
        edit("put", [2], node=h.ENGAGED | {"params": {"days": 7}}, typing=True),
    )


@browser
def test_an_event_asks_how_often_when_and_on_what_condition(bench: Bench) -> None:
    bench.start(h.ORDERED, answers=False)
    bench.named("When, row 1").select_option("between")
    between = {"kind": "between", "start": "", "end": ""}
    node = h.ORDERED | {"window": between}
    bench.waits_for(edit("put", [0], node=node))
    bench.named("First day, row 1").fill("2026-01-01")
    node = node | {"window": between | {"start": "2026-01-01"}}
    bench.page.wait_for_function("model.sent.length === 2")
    assert bench.sent[1] == edit("put", [0], node=node, typing=True)
    bench.named("When, row 1").select_option("ever")
    node = {key: value for key, value in node.items() if key != "window"}
    assert bench.sent[2] == edit("put", [0], node=node)
    bench.button("Delete condition 1 of row 1").click()
    node = node | {"where": h.ORDERED["where"][1:]}
    assert bench.sent[3] == edit("put", [0], node=node)
    bench.button("Add condition, row 1").click()
    amount = {"kind": "field", "field": "amount", "op": "at_least"}
    node = node | {"where": [*node["where"], amount]}
    assert bench.sent[4] == edit("put", [0], node=node)
    assert bench.focused() == "Property, condition 2 of row 1"
    bench.named("Times, row 1").fill("3")
    bench.page.wait_for_function("model.sent.length === 6")
    assert bench.sent[5] == edit("put", [0], node=node | {"values": [3]}, typing=True)


@browser
def test_one_of_two_times_is_kept_while_the_other_is_missing(bench: Bench) -> None:
    row = h.OPENED | {"op": "between", "values": []}
    bench.start(row)
    bench.named("Most times, row 1").fill("5")
    bench.waits_for(edit("put", [0], node=row, typing=True))
    bench.named("Fewest times, row 1").fill("2")
    bench.page.wait_for_function("model.sent.length === 2")
    assert bench.sent[1]["node"]["values"] == [2, 5]


@browser
def test_chips_come_from_the_list_from_typing_and_go_again(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    box = bench.named("Values, row 1")
    box.click()
    expect(bench.options()).to_have_count(len(h.COUNTRIES))
    expect(bench.options("CH")).to_contain_text("5,977")
    bench.options("CH").click()
    box.press_sequentially("Atlantis")
    box.press("Enter")
    box.press_sequentially("fr,")
    box.press("Backspace")
    bench.named("Remove DE, row 1").click()
    values = [edit["node"]["values"] for edit in bench.sent]
    assert values == [
        ["DE", "AT", "CH"],
        ["DE", "AT", "CH", "Atlantis"],
        ["DE", "AT", "CH", "Atlantis", "fr"],
        ["DE", "AT", "CH", "Atlantis"],
        ["AT", "CH", "Atlantis"],
    ]
    assert not any("typing" in edit for edit in bench.sent)
    expect(box).to_be_focused()


@browser
def test_ux_14_a_pasted_list_makes_separate_chips(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    bench.named("Values, row 1").focus()
    bench.page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text", "FR, NL\\nPL\\r\\nDE,,FR");
            const made = {clipboardData: data, bubbles: true, cancelable: true};
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", made));
        }"""
    )
    node = h.COUNTRY | {"values": ["DE", "AT", "FR", "NL", "PL"]}
    bench.waits_for(edit("put", [0], node=node))


@browser
def test_ux_09_five_thousand_values_filter_quickly(bench: Bench) -> None:
    bench.start(h.field("city", "is_any_of"))
    box = bench.named("Values, row 1")
    box.click()
    expect(bench.options()).to_have_count(100)
    drawn: list[int] = bench.page.evaluate(
        """() => ["c", "ci", "city", "city 4", "city 49"].map((text) => {
            const box = document.activeElement;
            box.value = text;
            box.dispatchEvent(new Event("input", {bubbles: true}));
            return document.querySelectorAll("[role=option]").length;
        })"""
    )
    # What a key costs is what it draws: a hundred of the 5,000, and a line that says so.
    assert max(drawn) <= 101
    expect(bench.options("City 4900")).to_be_visible()


@browser
def test_rows_are_cloned_wrapped_ungrouped_and_deleted(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.group(h.AGE, h.EMAIL))
    bench.menu("row 1", "Duplicate")
    expect(bench.page.locator(".sb-row")).to_have_count(4)
    assert bench.focused() == "Subject, row 2: Country"
    bench.menu("row 1", "Put in a group")
    expect(bench.page.get_by_label("Group 1", exact=True)).to_be_visible()
    bench.menu("group 3", "Ungroup")
    expect(bench.page.get_by_label("Row 4", exact=True)).to_be_visible()
    bench.button("Delete row 2").click()
    bench.waits_for(
        edit("clone", [0]),
        edit("wrap", [0], shape=5),
        edit("unwrap", [2], shape=6),
        edit("remove", [1], shape=7),
    )


@browser
def test_ux_69_deleting_gives_the_focus_to_the_next_row_then_to_add_filter(
    bench: Bench,
) -> None:
    bench.start(h.COUNTRY, h.AGE, h.EMAIL)
    bench.button("Delete row 2").click()
    expect(bench.named("Subject, row 2: E-mail address")).to_be_focused()
    bench.button("Delete row 2").click()
    expect(bench.named("Subject, row 1: Country")).to_be_focused()
    bench.button("Delete row 1").click()
    expect(bench.button("Add filter")).to_be_focused()


@browser
def test_ux_34_alt_and_arrows_move_a_row_across_groups_and_keep_the_focus(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, h.group(h.EMAIL, h.CONSENT))
    bench.named("Operator, row 2").focus()
    bench.page.keyboard.press("Alt+ArrowUp")
    expect(bench.named("Subject, row 1: Age")).to_be_visible()
    assert bench.focused() == "Operator, row 1"
    expect(bench.page.get_by_role("status")).to_have_text("Row 1 of 3 in the segment")
    bench.page.keyboard.press("Alt+ArrowDown")
    expect(bench.named("Subject, row 2: Age")).to_be_visible()
    bench.page.keyboard.press("Alt+ArrowDown")
    expect(bench.named("Subject, row 2.1: Age")).to_be_visible()
    expect(bench.page.get_by_role("status")).to_have_text("Row 1 of 3 in group 2")
    assert bench.focused() == "Operator, row 2.1"
    bench.waits_for(
        edit("move", [1], parent=[], index=0),
        edit("move", [0], shape=5, parent=[], index=2),
        edit("move", [1], shape=6, parent=[2], index=0),
    )


@browser
def test_moving_stops_at_the_ends(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE)
    bench.button("More for row 1").click()
    up = bench.page.get_by_role("menuitem", name="Move up")
    expect(up).to_have_attribute("aria-disabled", "true")
    up.click(force=True)
    assert bench.sent == []


@browser
def test_undo_and_redo_work_by_button_and_by_key(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    bench.named("NOT, row 1").click()
    bench.page.keyboard.press("Control+z")
    expect(bench.page.locator(".sb-not-mark")).to_have_count(0)
    bench.page.keyboard.press("Control+Shift+Z")
    expect(bench.page.locator(".sb-not-mark")).to_have_count(1)
    bench.button("Undo").click()
    expect(bench.page.locator(".sb-not-mark")).to_have_count(0)
    bench.button("Redo").click()
    expect(bench.page.locator(".sb-not-mark")).to_have_count(1)
    bench.button("Clear").click()
    expect(bench.page.locator(".sb-row")).to_have_count(0)
    names = [message["edit"] for message in bench.sent]
    assert names == ["negate", "undo", "redo", "undo", "redo", "clear"]
    assert all("path" not in message for message in bench.sent[1:])


@browser
def test_ux_67_keys_never_reach_the_notebook(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, h.ORDERED | {"note": "why"}, h.group(h.TAGGED))
    bench.page.evaluate(
        "() => { window.leaked = []; document.onkeydown = (e) => leaked.push(e.key); }"
    )
    bench.page.evaluate(LUMINO)
    controls = bench.page.locator("#builder :is(button, input, select, textarea):visible")
    ids = controls.evaluate_all("all => all.map((el) => el.dataset.id)")
    assert len(ids) > 40
    for id in ids:
        # What an earlier key changed may have taken a control away.
        bench.page.evaluate("id => document.querySelector(`[data-id='${id}']`)?.focus()", id)
        for key in ("a", "b", "d", "d", "x", "z", "m", "y", "Control+z", "Escape"):
            bench.page.keyboard.press(key)
    assert bench.page.evaluate("[leaked, shortcuts]") == [[], []]
    selector = ":is(button, input, select, textarea):not([data-lm-suppress-shortcuts])"
    assert bench.page.locator("#builder").locator(selector).count() == 0
    assert bench.page.locator("#builder").get_attribute("data-lm-suppress-shortcuts") == "true"


@browser
def test_ux_68_a_count_that_arrives_disturbs_nobody_who_types(bench: Bench) -> None:
    bench.start(h.EMAIL, answers=False)
    box = bench.named("Value, row 1")
    box.fill("shop")
    box.evaluate("box => box.setSelectionRange(2, 2)")
    bench.push(total=77, nodes={"0": {"alone": 77, "after": 77}})
    expect(bench.page.locator(".sb-big")).to_have_text("77")
    expect(box).to_have_value("shop")
    expect(box).to_be_focused()
    assert box.evaluate("box => box.selectionStart") == 2
    bench.page.wait_for_function("model.sent.length === 1")
    bench.push(revision=13, counted=13, total=78)
    expect(box).to_have_value("shop")


@browser
def test_an_open_list_survives_a_new_count(bench: Bench) -> None:
    bench.start(h.UNFINISHED, answers=False)
    bench.named("Subject, row 1: Choose a filter…").click()
    bench.page.keyboard.type("countr")
    bench.push(revision=13, total=5)
    expect(bench.named("Search filters, row 1")).to_be_focused()
    expect(bench.named("Search filters, row 1")).to_have_value("countr")
    expect(bench.options()).to_have_count(1)


@browser
def test_an_open_list_follows_its_row_when_the_window_changes(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.UNFINISHED, answers=False)
    bench.named("Subject, row 2: Choose a filter…").click()
    bench.page.set_viewport_size({"width": 400, "height": 700})
    bench.page.wait_for_timeout(100)
    anchor = bench.named("Subject, row 2: Choose a filter…").bounding_box()
    panel = bench.page.locator(".sb-pop").bounding_box()
    assert anchor
    assert panel
    assert (
        panel["y"] >= anchor["y"] + anchor["height"] or panel["y"] + panel["height"] <= anchor["y"]
    )
    assert panel["x"] + panel["width"] <= 400


@browser
def test_edits_carry_the_shape_of_the_state_they_are_based_on(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.AGE, answers=False)
    bench.push(revision=13, shape=9, tree=h.group(h.AGE, h.COUNTRY))
    bench.named("NOT, row 2").click()
    bench.waits_for(edit("negate", [1], shape=9, on=True))


@browser
def test_typing_follows_its_row_and_is_dropped_with_it(bench: Bench) -> None:
    bench.start(h.COUNTRY, h.EMAIL, answers=False)
    bench.named("Value, row 2").fill("shop")
    bench.push(revision=13, shape=5, tree=h.group(h.EMAIL, h.COUNTRY))
    typed = edit("put", [0], shape=5, node=h.EMAIL | {"values": ["shop"]}, typing=True)
    bench.waits_for(typed)
    bench.named("Value, row 1").fill("shoe")
    bench.push(revision=14, shape=6, tree=h.group(h.COUNTRY))
    bench.page.wait_for_timeout(300)
    bench.waits_for(typed)


@browser
def test_a_refused_edit_is_explained_and_taken_back(bench: Bench) -> None:
    bench.start(h.COUNTRY, answers=False)
    bench.named("NOT, row 1").click()
    expect(bench.page.locator(".sb-not-mark")).to_have_count(1)
    bench.page.evaluate("model.refuse('This row is locked.')")
    expect(bench.page.get_by_role("alert")).to_have_text("This row is locked.")
    expect(bench.page.locator(".sb-not-mark")).to_have_count(0)


@browser
def test_contact_data_is_shown_as_text_never_as_html(bench: Bench) -> None:
    evil = "<img src=x onerror=document.title='owned'>"
    catalog = h.catalog(tags=[[evil, 3]], segments=[{"name": evil, "description": evil}])
    tag = {"kind": "tag", "op": "has_any_of", "tags": [evil]}
    segment = {"kind": "segment", "segment": evil}
    issue = {"path": [0], "level": "error", "code": "x", "message": evil}
    changes = {"sentence": evil, "as_of": evil, "message": evil, "status": "error"}
    bench.start(tag, segment, catalog=catalog, issues=[issue], **changes)
    bench.named("Tags, row 1").click()
    bench.named(f"Subject, row 2: {evil}").click()
    bench.page.evaluate("text => model.refuse(text)", evil)
    assert bench.page.locator("#builder img").count() == 0
    assert bench.page.title() != "owned"
    expect(bench.page.locator(".sb-words")).to_contain_text(evil)


@browser
def test_issues_are_told_below_their_row_in_words(bench: Bench) -> None:
    bench.start(tree=h.NESTED, issues=h.NESTED_ISSUES)
    row = bench.page.get_by_label("Row 3.3.1", exact=True)
    bad = bench.page.get_by_label("Row 3.3.2", exact=True)
    expect(row.locator(".sb-issue")).to_have_count(0)
    expect(bad.locator(".sb-issue")).to_have_text(
        "Error: The first value comes after the second: swap them."
    )
    expect(bench.named("Subject, row 3.3.3.2.2: shoe_size")).to_be_visible()
    expect(bench.page.get_by_label("Row 6", exact=True)).to_contain_text("To do: ")


@browser
def test_ux_19_a_group_folds_to_its_number_and_count(bench: Bench) -> None:
    nodes = {"1": {"alone": 300, "after": 200}}
    bench.start(h.COUNTRY, h.group(h.AGE, h.EMAIL), nodes=nodes)
    bench.button("Collapse group 2").click()
    expect(bench.page.locator(".sb-row")).to_have_count(1)
    inner = bench.page.get_by_label("Group 2", exact=True)
    expect(inner).to_contain_text("2 filters")
    expect(inner).to_contain_text("300")
    assert bench.sent == []
    bench.push(revision=13, shape=5, tree=h.group(h.group(h.AGE, h.EMAIL), h.COUNTRY))
    expect(bench.button("Expand group 1")).to_be_visible()


@browser
def test_ux_17_the_depth_limit_switches_add_group_off_and_says_why(bench: Bench) -> None:
    limits = {"deepest": 2, "rules": 1000}
    bench.start(h.group(h.AGE), catalog=h.catalog(limits=limits))
    button = bench.page.get_by_role("button", name="Add group to group 1")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(bench.page.get_by_text("Groups nest at most 2 deep")).to_be_visible()
    button.click(force=True)
    assert bench.sent == []
    bench.start(tree=h.NESTED)
    deepest = bench.page.get_by_role("button", name="Add group to group 3.3.3.2")
    deepest.click()
    expect(bench.page.get_by_label("Row 3.3.3.2.3.1", exact=True)).to_be_visible()


@browser
def test_ux_70_a_settled_count_is_announced_once(bench: Bench) -> None:
    bench.start(h.COUNTRY, answers=False)
    bench.page.evaluate(
        """() => {
            window.said = [];
            const live = document.querySelector("[aria-live]");
            new MutationObserver(() => said.push(live.textContent))
                .observe(live, {childList: true, characterData: true, subtree: true});
        }"""
    )
    bench.push(revision=13, status="updating")
    bench.push(counted=13, status="ready", total=300)
    bench.push(revision=14, status="updating")
    bench.push(counted=14, status="ready", total=400)
    bench.push(counted=14)
    bench.page.wait_for_timeout(700)
    assert bench.page.evaluate("said") == ["400 contacts match"]


@browser
def test_case_and_empty_values_are_set_in_the_menu(bench: Bench) -> None:
    bench.start(h.EMAIL)
    bench.menu("row 1", "Match case")
    bench.menu("row 1", "Include them")
    cased = h.EMAIL | {"match_case": True}
    bench.waits_for(
        edit("put", [0], node=cased), edit("put", [0], node=cased | {"unknown": "include"})
    )
    expect(bench.page.locator(".sb-badge")).to_have_text(["match case", "empty included"])


OUT, IN = "11,199 without a value: left out", "11,199 without a value: included"
NOT_BETWEEN = h.AGE | {"op": "not_between"}


@browser
@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (h.AGE, OUT),
        (NOT_BETWEEN, IN),
        (h.AGE | {"unknown": "include"}, IN),
        (h.AGE | {"unknown": "exclude"}, OUT),
        (NOT_BETWEEN | {"unknown": "include"}, IN),
        (NOT_BETWEEN | {"unknown": "exclude"}, OUT),
        (h.AGE | {"negated": True}, IN),
        (NOT_BETWEEN | {"negated": True}, OUT),
        (h.AGE | {"negated": True, "unknown": "include"}, OUT),
        (NOT_BETWEEN | {"negated": True, "unknown": "exclude"}, IN),
    ],
)
def test_a_row_says_what_happens_to_contacts_without_a_value(
    bench: Bench, rule: Json, words: str
) -> None:
    bench.start(rule)
    expect(bench.page.locator(".sb-missing")).to_have_text([words])
    expect(bench.page.locator(".sb-badge")).to_have_count(0)


@browser
@pytest.mark.parametrize(
    "rule",
    [
        h.EMAIL,
        h.TAGGED,
        h.ORDERED,
        h.ENGAGED,
        h.SAVED,
        h.UNFINISHED,
        h.GONE,
        h.field("age", "is_empty"),
        h.field("age", "is_not_empty"),
        h.field("age", "sounds_like", 1),
    ],
    ids=lambda rule: rule.get("op", rule["kind"]),
)
def test_a_row_without_such_contacts_says_nothing_about_them(bench: Bench, rule: Json) -> None:
    bench.start(rule)
    expect(bench.page.locator(".sb-row")).to_have_count(1)
    expect(bench.page.locator(".sb-missing")).to_have_count(0)


@browser
@pytest.mark.parametrize("width", [360, 1440])
def test_the_note_on_missing_values_waits_for_the_row_and_moves_nothing(
    bench: Bench, width: int
) -> None:
    bench.page.set_viewport_size({"width": width, "height": 800})
    todo = {"path": [0], "level": "hint", "code": "unfinished", "message": "Enter both values."}
    bench.start(h.AGE, issues=[todo], answers=False)
    note, line = bench.page.locator(".sb-missing"), bench.page.locator(".sb-line")
    expect(note).to_be_hidden()
    before = line.bounding_box()
    bench.push(issues=[])
    expect(note).to_be_visible()
    assert line.bounding_box() == before
    bench.named("NOT, row 1").click()
    expect(note).to_have_text(IN)


@browser
@pytest.mark.parametrize("theme", ["", "dark"])
@pytest.mark.parametrize("tree", ["empty", "nested", "every", "picker", "chips", "menu"])
def test_axe_finds_nothing(bench: Bench, theme: str, tree: str) -> None:
    bench.page.evaluate("theme => { document.body.className = theme }", theme)
    trees = {"empty": h.group(), "nested": h.NESTED, "every": h.group(*h.EVERY_KIND)}
    issues = h.NESTED_ISSUES if tree == "nested" else []
    bench.start(tree=trees.get(tree, h.group(h.UNFINISHED, h.COUNTRY)), issues=issues)
    opened = {
        "picker": bench.named("Subject, row 1: Choose a filter…"),
        "chips": bench.named("Values, row 2"),
        "menu": bench.button("More for row 2"),
    }
    if tree in opened:
        opened[tree].click()
    result = Axe().run(bench.page, context="#builder", options=WCAG)
    assert result.violations_count == 0, result.generate_report()


@browser
@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1440])
def test_no_width_needs_horizontal_scrolling(bench: Bench, width: int) -> None:
    bench.page.set_viewport_size({"width": width, "height": 800})
    for tree in (h.NESTED, h.group(*h.EVERY_KIND), h.group()):
        bench.start(tree=tree, issues=h.NESTED_ISSUES if tree is h.NESTED else [])
        over = bench.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert over <= 0
        sticking_out = bench.page.evaluate(
            """() => [...document.querySelectorAll("#builder :is(button, input, select, textarea)")]
                .filter((el) => {
                    const card = el.closest(".sb-row, .sb-group, .sb-head");
                    const edge = card.getBoundingClientRect().right;
                    return el.getBoundingClientRect().right > edge;
                }).map((el) => el.getAttribute("aria-label"))"""
        )
        assert sticking_out == []


@browser
def test_a_closed_view_leaves_no_listeners(bench: Bench) -> None:
    bench.start(h.COUNTRY)
    assert bench.page.evaluate("model.listenerCount()") == 3
    bench.page.evaluate("stop()")
    assert bench.page.evaluate("model.listenerCount()") == 0


@pytest.fixture
def received() -> list[Json]:
    return []


@pytest.fixture
def widget(received: list[Json]) -> SegmentBuilder:
    return SegmentBuilder(h.catalog(), h.state(), received.append)


@pytest.fixture
def arrive(widget: SegmentBuilder) -> Callable[[object], None]:
    return lambda content: widget._handle_custom_msg(content, [])


def test_edits_reach_python_and_nothing_else_does(
    arrive: Callable[[object], None], received: list[Json]
) -> None:
    for content in ("edit", None, 3, ["edit"], {"edit": "put", "node": "x" * LARGEST_EDIT}):
        arrive(content)
    assert received == []
    arrive({"edit": "clear", "shape": 1})
    assert received == [{"edit": "clear", "shape": 1}]


def test_a_refusal_goes_to_the_browser(
    widget: SegmentBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(widget, "send", told.append)
    widget.refuse("This row is locked.")
    assert told == [{"refused": "This row is locked."}]


def test_the_harness_has_the_operators_that_python_sends() -> None:
    sent = catalog_data(Catalog(0), ())
    assert set(sent) == set(h.catalog())
    assert sent["operators"] == h.catalog()["operators"]
    sent = sent["operators"]
    negative = [op["key"] for op in sent["field"]["number"] if op["negative"]]
    assert negative == ["does_not_equal", "not_between", "is_empty"]


def test_the_script_is_text_and_asks_nobody_for_anything() -> None:
    assert isinstance(SegmentBuilder._esm, str)
    for word in ("innerHTML", "import(", "fetch(", "XMLHttpRequest", "https://", "eval("):
        assert word not in SegmentBuilder._esm
