"""The table of pre-built segments: whole, documented, bounded, sound wherever it can be asked."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

import pytest
from crm_people import CRM, EVENTS, FIELDS, catalog_of, without
from hypothesis import event, given, settings
from hypothesis import strategies as st

from segbench.errors import RuleError, UnknownName
from segbench.model.catalog import Catalog, EventType, ValueType
from segbench.model.check import check
from segbench.model.prebuilt import PREBUILT, Param, Prebuilt, prebuilt, sentence, with_defaults
from segbench.model.prebuilt_segments.rfm import RFM_GROUPS
from segbench.model.rules import Group, Params, PrebuiltRule
from segbench.model.vocabulary import STANDARD, Vocabulary

KEYS = (
    *("engaged", "not_engaged", "unengaged_sends", "mailchimp_inactive", "new_subscribers"),
    *("new_customer", "recent_customer", "repeat_customer", "lapsed", "never_purchased", "vip"),
    *("churn_risk", "win_back", "sunset_candidate", "one_and_done", "cart_abandoner"),
    *("browse_abandoner", "birthday_next", "inactive_user", "mpp_only", "unreachable"),
    *("missing_required", "rfm"),
)
ROWS = pytest.mark.parametrize("row", PREBUILT.values(), ids=PREBUILT)
PARAMS = [(row, param) for row in PREBUILT.values() for param in row.params]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "pre-built.md"


def codes(key: str, catalog: Catalog = CRM, vocabulary: Vocabulary = STANDARD, **given: Any) -> Any:
    root = Group(rules=(PrebuiltRule(key, Params(given)),))
    return [issue.code for issue in check(root, catalog, vocabulary=vocabulary)]


def said(key: str, catalog: Catalog, vocabulary: Vocabulary = STANDARD, **given: Any) -> str:
    with pytest.raises(RuleError) as refused:
        prebuilt(key).expand(Params(given), catalog, vocabulary)
    return str(refused.value)


def test_every_segment_of_the_list_is_there_and_no_other() -> None:
    assert set(PREBUILT) == set(KEYS)
    assert len(KEYS) == 23


@ROWS
def test_a_row_is_whole(row: Prebuilt) -> None:
    assert prebuilt(row.key) is row
    assert row.description.endswith(".")
    assert row.origin.endswith((".", ").", ")"))
    assert row.phrase.startswith("is ")
    names = [param.name for param in row.params]
    assert len(set(names)) == len(names)
    worded = {param.name for param in row.params if param.words}
    used = {name for _, name, _, _ in string.Formatter().parse(row.phrase) if name}
    assert used | worded == set(names)
    assert not used & worded


@ROWS
def test_a_row_at_its_defaults_is_sound_on_the_demo_names(row: Prebuilt) -> None:
    assert codes(row.key) == []
    assert codes(row.key, **row.filled({})) == []
    group = row.expand(Params(), CRM, STANDARD)
    assert [issue for issue in check(group, CRM) if issue.level == "error"] == []


@pytest.mark.parametrize(("row", "param"), PARAMS, ids=[f"{r.key}-{p.name}" for r, p in PARAMS])
def test_the_bounds_of_a_parameter_are_enforced(row: Prebuilt, param: Param) -> None:
    def of(value: Any) -> Any:
        return codes(row.key, **{param.name: value})

    assert of(param.default) == []
    match param.kind:
        case "choice":
            assert param.default in param.choices
            assert [of(choice) for choice in param.choices] == [[]] * len(param.choices)
            assert of("no such choice") == of(1) == ["wrong-type"]
        case "field":
            assert of("") == ["unfinished"]
            assert of("no such field") == ["unknown-name"]
        case _:
            assert param.least <= float(param.default) <= param.most
            assert of(param.least - 1) == of(param.most + 1) == ["out-of-range"]
            assert of("7") == of(True) == ["wrong-type"]
            assert of(7.5) == ["wrong-type"] or param.kind == "number"


def table_row(row: Prebuilt) -> str:
    params = "; ".join(map(shown, row.params)) or "none"
    return f"| `{row.key}` | {row.label} | {row.description} | {params} | {row.origin} |"


def shown(param: Param) -> str:
    match param.kind:
        case "choice":
            return f"`{param.name}` {param.default} (of {', '.join(param.choices)})"
        case "field":
            return f"`{param.name}` {param.default} (a field)"
        case _:
            return f"`{param.name}` {param.default:,} ({param.least:,} to {param.most:,})"


def test_the_page_has_the_table_of_all_segments_as_they_are() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| `") and line.count("|") == 6]
    assert rows == [table_row(row) for row in PREBUILT.values()]


def test_the_page_names_every_setting_of_the_vocabulary() -> None:
    page = PAGE.read_text("utf-8")
    for name in Vocabulary.__dataclass_fields__:
        assert f"`{name}`" in page, name


@ROWS
def test_a_sentence_says_what_each_parameter_changes(row: Prebuilt) -> None:
    plain = sentence(PrebuiltRule(row.key))
    assert plain.startswith("is ")
    for param in row.params:
        other: Any = "phone"
        if param.kind == "choice":
            other = next(choice for choice in param.choices if choice != param.default)
        elif param.kind != "field":
            other = int(param.default) + 1
        assert sentence(PrebuiltRule(row.key, Params({param.name: other}))) != plain, param.name


def test_a_sentence_names_the_opens_that_count_only_where_they_are_not_the_usual_ones() -> None:
    assert sentence(PrebuiltRule("engaged")) == "is engaged in the last 30 days"
    every = sentence(PrebuiltRule("engaged", Params(opens="all")))
    assert every == "is engaged in the last 30 days (machine opens count)"
    assert sentence(PrebuiltRule("engaged", Params(opens="x"))) == "is engaged in the last 30 days"


def test_parameters_left_out_are_at_their_defaults() -> None:
    assert with_defaults(PrebuiltRule("engaged")) == {"days": 30, "opens": "human"}
    assert with_defaults(PrebuiltRule("engaged", Params(days=3)))["days"] == 3


def test_an_unknown_segment_is_answered_with_near_ones() -> None:
    with pytest.raises(UnknownName, match="pre-built segment 'lapse'; did you mean 'lapsed'"):
        prebuilt("lapse")


def test_a_missing_event_is_named_with_the_setting_and_the_events_there_are() -> None:
    born = Catalog(0, events=(EventType("birth"),))
    assert said("lapsed", born) == (
        "No event here stands for order ('order_placed'); set order under \"vocabulary\" in "
        "workspace.json. Events here: birth."
    )
    assert said("lapsed", Catalog(0), Vocabulary(order="")) == (
        'No event here stands for order (no name is set); set order under "vocabulary" in '
        "workspace.json. Events here: none."
    )
    assert "cart ('cart_updated') or checkout ('checkout_started')" in said("cart_abandoner", born)


def test_a_missing_field_is_named_with_the_setting_and_the_fields_that_fit() -> None:
    assert said("birthday_next", without("birthday")) == (
        "No field here stands for birthday ('birthday'); set birthday under \"vocabulary\" in "
        "workspace.json. Fields that fit: created_at."
    )


def test_a_missing_property_is_named_with_the_setting_and_the_properties_there_are() -> None:
    bare = catalog_of(FIELDS, {**EVENTS, "order_placed": {"sku": "text"}})
    assert said("vip", bare) == said("rfm", bare)
    assert said("vip", bare) == (
        "No property of event 'order_placed' stands for amount ('amount'); set amount under "
        '"vocabulary" in workspace.json. Properties of it: sku.'
    )


def test_what_is_of_the_wrong_type_is_said_and_not_taken() -> None:
    odd = catalog_of({**FIELDS, "birthday": "text"}, EVENTS)
    assert said("birthday_next", odd).startswith("Field 'birthday' holds text, not date or datetim")
    odd = catalog_of(FIELDS, {**EVENTS, "email_opened": {"machine_open": "text"}})
    assert said("engaged", odd) == (
        "Property 'machine_open' of event 'email_opened' holds text, not boolean; set machine_open "
        'under "vocabulary" in workspace.json.'
    )
    assert codes("engaged", odd, opens="all") == []


def test_other_names_are_followed() -> None:
    shop = catalog_of({"signed_up": "date"}, {"purchase": {"value": "number"}})
    words = Vocabulary(order="purchase", amount="value")
    assert codes("vip", shop) == ["missing-data"]
    assert codes("vip", shop, words) == []


TYPES: tuple[ValueType, ...] = ("text", "number", "boolean", "date", "datetime", "list")


@st.composite
def catalogs(draw: st.DrawFn) -> Catalog:
    """Some of the demo CRM's names, a few of them with another type."""

    def some(names: dict[str, ValueType], types: tuple[ValueType, ...]) -> dict[str, ValueType]:
        kept = {name: kind for name, kind in names.items() if draw(st.integers(0, 4))}
        odd = draw(st.sets(st.sampled_from(sorted(kept)), max_size=1)) if kept else set()
        return {n: draw(st.sampled_from(types)) if n in odd else k for n, k in kept.items()}

    events = {
        name: some(parts, TYPES[:-1]) for name, parts in EVENTS.items() if draw(st.booleans())
    }
    return catalog_of(some(FIELDS, TYPES), events)


@st.composite
def choices(draw: st.DrawFn, row: Prebuilt) -> dict[str, Any]:
    """Parameters within their bounds."""
    given: dict[str, Any] = {}
    for param in row.params:
        match param.kind:
            case "choice":
                given[param.name] = draw(st.sampled_from(param.choices))
            case "field":
                given[param.name] = draw(st.sampled_from(sorted(FIELDS)))
            case "whole":
                given[param.name] = draw(st.integers(int(param.least), int(param.most)))
            case "number":
                given[param.name] = draw(st.floats(param.least, param.most))
    return given


@ROWS
@settings(max_examples=40)
@given(st.data())
def test_wherever_a_row_can_be_asked_its_rules_are_sound(
    row: Prebuilt, data: st.DataObject
) -> None:
    catalog, given = data.draw(catalogs()), data.draw(choices(row))
    try:
        group = row.expand(Params(given), catalog, STANDARD)
    except RuleError as error:
        # A check that fails says the same.
        message = str(error)
        event(row.key + " refused")
        root = Group(rules=(PrebuiltRule(row.key, Params(given)),))
        assert message in [issue.message for issue in check(root, catalog)]
        return
    assert [issue for issue in check(group, catalog) if issue.level != "warning"] == []
    assert codes(row.key, catalog, **given) == []


@pytest.mark.parametrize(("row", "param"), PARAMS, ids=[f"{r.key}-{p.name}" for r, p in PARAMS])
def test_a_parameter_is_called_by_words_as_a_sentence_has_them(row: Prebuilt, param: Param) -> None:
    assert param.label[0].islower()
    assert row.filled({})[param.name] == param.default


@pytest.mark.parametrize("group", RFM_GROUPS)
def test_every_rfm_group_is_sound(group: str) -> None:
    rules = prebuilt("rfm").expand(Params(group=group), CRM, STANDARD)
    assert [issue for issue in check(rules, CRM) if issue.level == "error"] == []
