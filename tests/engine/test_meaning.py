"""What rules mean, said by hand on the twelve awkward contacts: this judges the judge as well."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from population import AWKWARD

from segbench.engine.local import LocalEngine
from segbench.engine.memory import MemoryEngine
from segbench.model.ask import all_tags, did, did_not, engaged, field, in_segment, tag
from segbench.model.check import require_sound
from segbench.model.rules import FieldRule, Group, RuleOrGroup, TagRule, as_group, replace
from segbench.plan.lower import Context, lower

EVERYONE = {contact.key for contact in AWKWARD}
NO_COUNTRY = {"nothing known", "blank text", "clocks went back"}
Ask = Callable[[RuleOrGroup], set[str]]


@pytest.fixture
def held(context: Context, local_engine: LocalEngine) -> Ask:
    """Which of the twelve a rule holds; both engines must say the same."""

    def ask(rule: RuleOrGroup) -> set[str]:
        root = as_group(rule)
        require_sound(root, context.catalog, context.segments)
        logic = lower(root, context).root
        judged = {AWKWARD[n].key for n in MemoryEngine(AWKWARD).members(logic).ids()}
        ordinals = local_engine.members(logic).ids().tolist()
        assert judged == {AWKWARD[n].key for n in ordinals if n < len(AWKWARD)}
        return judged

    return ask


def test_there_are_twelve_awkward_contacts() -> None:
    assert len(AWKWARD) == len(EVERYONE) == 12


def test_a_positive_operator_never_holds_where_there_is_no_value(held: Ask) -> None:
    for rule in (
        field("country").contains("e"),
        field("country").is_any_of("DE", " "),
        field("age") <= 10**6,
        field("subscribed").is_false(),
        field("birthday").before("2100-01-01"),
        field("last_seen").after("1900-01-01"),
    ):
        assert "nothing known" not in held(rule)
        assert "nothing known" in held(~rule)


def test_is_not_holds_contacts_without_a_value(held: Ask) -> None:
    assert held(field("country").is_any_of("DE")) == {"just too old", "just in time"}
    without = held(field("country").is_none_of("DE"))
    assert without == EVERYONE - {"just too old", "just in time"}
    assert without >= NO_COUNTRY


def test_a_rule_can_send_contacts_without_a_value_elsewhere(held: Ask) -> None:
    german = {"just too old", "just in time"}
    excluded = field("country", unknown="exclude").is_none_of("DE")
    assert held(excluded) == EVERYONE - german - NO_COUNTRY
    included = field("country", unknown="include").is_any_of("DE")
    assert held(included) == german | NO_COUNTRY


def test_not_is_the_complement_of_the_rule_with_all_it_says(held: Ask) -> None:
    for unknown in ("default", "include", "exclude"):
        rule = FieldRule("country", "is_any_of", ("DE",), unknown=unknown)  # type: ignore[arg-type]
        assert held(~rule) == EVERYONE - held(rule)


def test_blank_text_and_not_a_number_are_no_value(held: Ask) -> None:
    assert held(field("country").is_empty()) == NO_COUNTRY
    assert "blank text" in held(field("score").is_empty())
    assert "blank text" not in held(field("score") >= -(10**9))
    assert "blank text" not in held(did("order_placed").matching(field("amount").is_not_empty()))
    assert "blank text" in held(did("order_placed").matching(field("amount").is_empty()))


def test_text_is_compared_trimmed_and_without_case(held: Ask) -> None:
    assert held(field("country").is_any_of(" dE ")) == {"just too old", "just in time"}
    assert held(field("name").contains("  drop TABLE ")) == {"hostile text"}


def test_text_is_compared_with_its_case_where_the_rule_says_so(held: Ask) -> None:
    assert held(field("country", match_case=True).is_any_of("DE")) == {"just too old"}
    assert held(field("country", match_case=True).is_any_of("de")) == {"just in time"}


def test_letters_that_change_size_are_compared_letter_by_letter(held: Ask) -> None:
    one = {"letters that change size"}
    assert held(field("name").contains("istanbul ßtraße σίσυφοσ 5 k")) == one
    assert held(field("name").starts_with("İSTANBUL")) == one
    assert held(field("country").is_any_of("ẞ")) == one
    assert held(field("country").is_any_of("SS")) == set()
    assert held(did("page_visited").matching(field("page").is_any_of("οδοσ"))) == one


def test_an_emoji_is_text_like_any_other(held: Ask) -> None:
    assert held(field("name").starts_with("👩‍👩‍👧")) == {"emoji"}
    assert held(field("country").is_any_of("🇩🇪")) == {"emoji"}
    assert held(tag("🎈")) == {"emoji"}


def test_infinity_is_a_number_and_larger_than_any(held: Ask) -> None:
    assert held(field("score") > 1e308) == {"beyond numbers"}
    assert held(did("order_placed").matching(field("amount") < -1e308)) == {"beyond numbers"}
    assert held(field("score").equals(0)) == {"tagged twice"}


def test_a_rolling_window_holds_its_end_and_not_its_start(held: Ask) -> None:
    assert held(did("order_placed").within(days=30).matching(field("items").equals(1))) == {
        "just in time"
    }
    seen = held(field("last_seen").in_last(days=30))
    assert seen == {"just in time", "clocks went back"}
    assert held(field("last_seen").not_in_last(days=30)) == EVERYONE - seen


def test_a_window_over_dates_counts_whole_local_days(held: Ask) -> None:
    assert held(field("birthday").in_last(days=30)) == {"just in time", "clocks went back"}
    assert held(field("birthday").in_next(days=1)) == {"not happened yet"}


def test_nothing_after_as_of_has_happened(held: Ask) -> None:
    assert "not happened yet" not in held(did("order_placed"))
    assert "not happened yet" in held(did_not("page_visited"))
    assert held(field("last_seen").in_next(days=1)) == {"not happened yet"}


def test_a_calendar_day_is_a_local_one_also_when_the_clocks_change(held: Ask) -> None:
    day = did("order_placed").during("2026-10-25", "2026-10-25")
    assert held(day.exactly(3)) == {"clocks went back"}
    assert held(field("last_seen").on("2026-10-25")) == {"clocks went back"}
    assert held(field("birthday").on("2004-02-29")) == {"leap day"}


def test_at_most_and_did_not_hold_contacts_without_events(held: Ask) -> None:
    bought = {"blank text", "just too old", "just in time", "clocks went back", "beyond numbers"}
    assert held(did("order_placed")) == bought
    assert held(did_not("order_placed")) == EVERYONE - bought
    assert held(did("order_placed").at_most(1)) == EVERYONE - {"just in time", "clocks went back"}
    assert held(did("order_placed").exactly(0)) == EVERYONE - bought


def test_times_are_counted_exactly(held: Ask) -> None:
    order = did("order_placed")
    assert held(order.at_least(2)) == {"just in time", "clocks went back"}
    assert held(order.exactly(2)) == {"just in time"}
    assert held(order.times(3, 4)) == {"clocks went back"}
    assert held(order.at_least(0)) == EVERYONE
    # Two events at the same instant are two events.
    assert held(did("email_opened").exactly(3)) == {"tagged twice"}


def test_all_conditions_hold_of_the_same_event(held: Ask) -> None:
    small, gift = field("amount") < 1.5, field("gift").is_true()
    assert held(did("order_placed").matching(small, gift)) == {"clocks went back"}
    assert held(did("order_placed").matching(field("amount") > 1.5, gift)) == set()


def test_has_any_all_and_none_of_the_tags(held: Ask) -> None:
    assert held(tag("vip", "🎈")) == {"tagged twice", "emoji"}
    assert held(all_tags("vip", "newsletter")) == {"tagged twice"}
    assert held(all_tags("vip", "🎈")) == set()
    none = TagRule("has_none_of", ("vip", "🎈"))
    assert held(none) == EVERYONE - {"tagged twice", "emoji"}


def test_tags_keep_their_case(held: Ask) -> None:
    assert held(tag("vip")) == {"tagged twice"}
    assert held(tag("VIP")) == {"letters that change size"}


def test_engaged_leaves_out_what_a_machine_opened(held: Ask) -> None:
    assert "tagged twice" in held(engaged(days=8))
    assert "tagged twice" not in held(engaged(days=6))
    opened = did("email_opened").within(days=30)
    assert held(opened.exactly(3)) == {"tagged twice"}
    machine = field("machine_open").is_true()
    assert held(opened.matching(~machine).exactly(1)) == {"tagged twice"}


def test_a_segment_in_a_segment_holds_the_same_contacts(held: Ask) -> None:
    assert held(in_segment("Germans")) == {"just too old", "just in time"}
    assert held(in_segment("Buyers")) == {"just in time"}
    assert held(~in_segment("Buyers")) == EVERYONE - {"just in time"}


def test_a_disabled_row_changes_nothing(held: Ask) -> None:
    off = replace(tag("vip"), enabled=False)
    german = field("country").is_any_of("DE")
    assert held(german & off) == held(german | off) == held(german)


def test_nobody_is_in_a_segment_without_an_enabled_rule(held: Ask) -> None:
    assert held(Group()) == held(~Group()) == held(in_segment("All off")) == set()
    assert held(~in_segment("All off")) == EVERYONE
