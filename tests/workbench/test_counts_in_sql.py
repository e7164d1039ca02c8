"""Every count equals what hand-written SQL over the lake says."""

from __future__ import annotations

import pytest

from segbench.model.ask import all_tags, did, did_not, engaged, field, in_segment, tag
from segbench.model.rules import FieldRule, Group, RuleOrGroup, TagRule
from segbench.workbench.workbench import Workbench

NOW = "TIMESTAMP '2026-10-23 00:00:00'"
"""The clock of the workspace, in UTC; its zone is Berlin, two hours ahead in summer."""


def last(days: int, column: str = "e.at") -> str:
    return f"{column} > {NOW} - INTERVAL {days} DAY AND {column} <= {NOW}"


def times(event: str, *conditions: str) -> str:
    """How often the event happened to the contact, in SQL."""
    where = " AND ".join([f"e.event = '{event}'", f"e.at <= {NOW}", *conditions])
    return f"(SELECT count(*) FROM events e WHERE e.ordinal = c.ordinal AND {where})"


def tagged(*tags: str) -> str:
    """How many of the tags the contact has, in SQL."""
    listed = ", ".join(f"'{name}'" for name in tags)
    return (
        "(SELECT count(DISTINCT tag) FROM tags t "
        f"WHERE t.ordinal = c.ordinal AND tag IN ({listed}))"
    )


HUMAN_OPEN = times("email_opened", last(7), "machine_open IS DISTINCT FROM true")
ENGAGED = " + ".join(
    [
        HUMAN_OPEN,
        *(
            times(event, last(7))
            for event in (
                "email_clicked",
                "email_replied",
                "page_visited",
                "form_submitted",
                "order_placed",
            )
        ),
    ]
)
DACH = "coalesce(lower(trim(country)) IN ('de', 'at', 'ch'), false)"
CUSTOMER = "coalesce(lower(trim(lifecycle_stage)) IN ('customer', 'evangelist'), false)"

CASES: dict[str, tuple[RuleOrGroup, str]] = {
    "text in a list": (field("country").is_any_of("DE", "at ", "CH"), DACH),
    "text in none of a list, the unknown included": (
        field("country").is_none_of("DE", "AT", "CH"),
        f"NOT {DACH}",
    ),
    "text in none of a list, the unknown left out": (
        field("country", unknown="exclude").is_none_of("DE", "AT", "CH"),
        f"NOT {DACH} AND trim(country) <> ''",
    ),
    "text in a list, the unknown included": (
        field("country", unknown="include").is_any_of("DE", "AT", "CH"),
        f"{DACH} OR country IS NULL OR trim(country) = ''",
    ),
    "part of a text": (field("email").contains("ANNA"), "email ILIKE '%anna%'"),
    "start of a text, matching case": (
        field("first_name", match_case=True).starts_with("A"),
        "trim(first_name) LIKE 'A%'",
    ),
    "no text": (field("company").is_empty(), "company IS NULL OR trim(company) = ''"),
    "number at least": (field("lead_score") >= 20, "lead_score >= 20"),
    "number less than": (field("lead_score") < 20, "lead_score < 20"),
    "number not between": (
        FieldRule("lead_score", "not_between", (10, 40)),
        "lead_score IS NULL OR lead_score < 10 OR lead_score > 40",
    ),
    "truth": (field("sms_consent").is_true(), "sms_consent"),
    "untruth": (field("sms_consent").is_false(), "NOT sms_consent"),
    "not true is false or unknown": (~field("sms_consent").is_true(), "sms_consent IS NOT true"),
    "day between days": (
        field("birthday").between("1980-01-01", "1989-12-31"),
        "birthday BETWEEN DATE '1980-01-01' AND DATE '1989-12-31'",
    ),
    "instant in the last days": (field("created_at").in_last(days=90), last(90, "created_at")),
    "instant before a local day": (
        field("created_at").before("2026-01-01"),
        "created_at < TIMESTAMP '2025-12-31 23:00'",
    ),
    "any tag": (tag("VIP", "press"), f"{tagged('VIP', 'press')} > 0"),
    "all tags": (all_tags("compliant", "newsletter"), f"{tagged('compliant', 'newsletter')} = 2"),
    "no tag": (
        TagRule("has_none_of", ("compliant", "press")),
        f"{tagged('compliant', 'press')} = 0",
    ),
    "event ever": (did("order_placed"), f"{times('order_placed')} > 0"),
    "event often enough in a window": (
        did("email_opened").at_least(3).within(days=30),
        f"{times('email_opened', last(30))} >= 3",
    ),
    "event seldom enough": (
        did("page_visited").at_most(1).within(weeks=2),
        f"{times('page_visited', last(14))} <= 1",
    ),
    "event exactly so often": (did("order_placed").exactly(2), f"{times('order_placed')} = 2"),
    "event between so often": (
        did("page_visited").times(2, 4).within(days=60),
        f"{times('page_visited', last(60))} BETWEEN 2 AND 4",
    ),
    "no event": (
        did_not("email_sent").within(days=120),
        f"{times('email_sent', last(120))} = 0",
    ),
    "event in local days": (
        did("page_visited").during("2026-08-01", "2026-08-31"),
        times("page_visited", "e.at >= '2026-07-31 22:00'", "e.at < '2026-08-31 22:00'") + " > 0",
    ),
    "event with a property": (
        did("order_placed").matching(field("amount") >= 50, field("product").is_not_empty()),
        f"{times('order_placed', 'amount >= 50', 'length(trim(product)) > 0')} > 0",
    ),
    "event with a negated property": (
        did("email_opened").matching(~field("machine_open").is_true()).within(days=7),
        f"{HUMAN_OPEN} > 0",
    ),
    "engaged": (engaged(days=7), f"{ENGAGED} > 0"),
    "not engaged": (~engaged(days=7), f"{ENGAGED} = 0"),
    "segments in segments": (
        in_segment("Customers") & ~in_segment("Compliant in DACH"),
        f"{CUSTOMER} AND NOT ({DACH} AND {tagged('compliant')} > 0)",
    ),
    "or inside and": (
        (field("lead_score") >= 20) & (tag("VIP") | did("order_placed").at_least(2)),
        f"lead_score >= 20 AND ({tagged('VIP')} > 0 OR {times('order_placed')} >= 2)",
    ),
    "a group turned around": (
        ~(tag("compliant") | (field("lead_score") >= 20)),
        f"NOT ({tagged('compliant')} > 0 OR coalesce(lead_score >= 20, false))",
    ),
    "nobody": (Group(), "false"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_segment_holds_whom_the_sql_finds(case: str, shared: Workbench) -> None:
    rules, where = CASES[case]
    sql = f"SELECT ordinal, key FROM contacts c WHERE {where} ORDER BY ordinal"
    found = shared.engine.snapshot.rows(sql)
    assert shared.count(rules) == len(found)
    assert shared.members(rules).ids().tolist() == [ordinal for ordinal, _ in found]
    assert shared.contacts(rules, ["key"])["key"].tolist() == [key for _, key in found]
    assert shared.evaluate(rules).total == shared.waterfall(rules).total == len(found)


def test_the_cases_tell_right_from_wrong(shared: Workbench) -> None:
    """Counts of nobody or everyone would agree by chance."""
    trivial = {
        case
        for case, (rules, _) in CASES.items()
        if shared.count(rules) in (0, shared.contacts_total)
    }
    assert trivial == {"nobody"}
