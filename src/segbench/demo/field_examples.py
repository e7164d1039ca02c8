"""Examples of rules about fields: texts, lists, numbers, dates, options of a row."""

from __future__ import annotations

from segbench.demo.example_row import Chapter, Example

_TEXTS = Chapter(
    "Text",
    "Texts are compared without case and without blanks around them, so `berlin` finds “Berlin”. "
    "A text of nothing but blanks is no value. "
    "The negative operators hold everybody whom the positive one does not, contacts without a "
    "value too; the sentence then says “(empty included)”.",
    (
        Example('field("country").is_any_of("DE", "AT", "CH")'),
        Example('field("plan").is_none_of("free", "starter")'),
        Example('field("city").is_("Berlin")'),
        Example('field("language").is_not("en")'),
        Example('field("company").contains("GmbH")'),
        Example('field("lifecycle_stage").does_not_contain("qualified")'),
        Example('field("phone").starts_with("+49")'),
        Example('field("phone").does_not_start_with("+1")'),
        Example('field("email").ends_with("@example.org")'),
        Example('field("email").does_not_end_with("@example.org")'),
        Example(r'field("phone").matches(r"^\+(49|43|41)")'),
        Example(r'field("last_name").does_not_match(r"^[\p{L} -]+$")'),
        Example('field("first_name").length_at_least(9)'),
        Example('field("first_name").length_at_most(3)'),
        Example('field("phone").length_equals(13)'),
    ),
)
_LISTS = Chapter(
    "Lists",
    "A list field holds several texts, as the answers of a form with boxes to tick. "
    "Its items are compared as texts are; blank items are none, and a list of nothing else is no "
    "value. A contact without a value has no items to count, so no size holds it.",
    (
        Example('field("interests").has_any_of("Hiking", "Climbing", "Camping")'),
        Example('field("interests").has_all_of("Running", "Yoga")'),
        Example('field("interests").has_none_of("Sale")'),
        Example('field("interests").item_contains("ski")'),
        Example('field("interests").no_item_contains("running")'),
        Example('field("interests").size_at_least(3)'),
        Example('field("interests").size_at_most(2)'),
        Example('field("interests").size_equals(2)'),
    ),
)
_NUMBERS = Chapter(
    "Numbers",
    "A missing number is not 0: it is no value, and only the negative operators hold it. "
    "Between holds both of its ends. "
    "The top 10 % are ranked among all contacts with a value, and ties are in together, so it can "
    "be more than a tenth.",
    (
        Example('field("lead_score") >= 70'),
        Example('field("lead_score") <= 10'),
        Example('field("lead_score") > 50'),
        Example('field("lead_score") < 5'),
        Example('field("lead_score").equals(0)'),
        Example('field("lead_score").does_not_equal(0)'),
        Example('field("lead_score").between(20, 40)', "between (of numbers)"),
        Example('field("lead_score").not_between(10, 90)', "not between (of numbers)"),
        Example('field("lead_score").in_top(10)'),
        Example('field("lead_score").in_bottom(10)'),
    ),
)
_DATES = Chapter(
    "Dates and times",
    "A day is a day of the workspace's time zone. “In the last 30 days” is 30 × 24 hours up to now "
    "where the field has a time of day, and whole days where it is a date; “yesterday”, “last "
    "month” and the like are those of the calendar. An anniversary ignores the year, and 29 "
    "February falls on 1 March in other years. Nothing in this demo lies in the future, so two of "
    "these hold nobody here.",
    (
        Example('field("last_visit_at").in_last(days=30)'),
        Example('field("last_visit_at").not_in_last(days=90)'),
        Example('field("last_order_at").in_next(days=14)'),
        Example('field("created_at").more_than_ago(months=18)'),
        Example('field("last_order_at").more_than_ahead(days=14)'),
        Example('field("last_order_at").between_ago(30, 90)'),
        Example('field("created_at").in_period("month", -1)'),
        Example('field("last_visit_at").not_in_period("year")'),
        Example('field("created_at").before_period("year")'),
        Example('field("last_visit_at").after_period("quarter", -1)'),
        Example('field("created_at").before("2025-01-01")'),
        Example('field("last_visit_at").after("2026-09-30")'),
        Example('field("created_at").on("2026-10-30")'),
        Example('field("birthday").between("1990-01-01", "1999-12-31")', "between (of days)"),
        Example(
            'field("last_visit_at").not_between("2026-07-01", "2026-09-30")',
            "not between (of days)",
        ),
        Example('field("last_order_at").weekday_is("saturday", "sunday")'),
        Example('field("birthday").month_is("december")'),
        Example('field("last_visit_at").hour_between(18, 22)'),
        Example('field("created_at").anniversary_today()'),
        Example('field("birthday").anniversary_next(days=14)'),
        Example('field("birthday").anniversary_last(days=7)'),
    ),
)
_OTHERS = Chapter(
    "Yes or no, and missing values",
    "A yes-or-no field has three states: yes, no and not known. “Is false” holds only those who "
    "said no, so ask “is empty” for those who were never asked. Every field can be asked whether "
    "it has a value.",
    (
        Example('field("email_consent").is_true()'),
        Example('field("email_consent").is_false()'),
        Example('field("sms_consent").is_empty()'),
        Example('field("phone").is_not_empty()'),
    ),
)
_OPTIONS = Chapter(
    "Options of a row",
    "Each row can be turned round, switched off or given a note, and says itself where contacts "
    "without a value go. Two fields are compared only where both have a value. With “in each "
    "contact's time zone” days and hours are those of the contact's own clock, and the workspace's "
    "where it has none.",
    (
        Example('field("company", match_case=True).contains("AG")', "matching case"),
        Example(
            'field("country", unknown="exclude").is_none_of("DE")', "contacts without a value: out"
        ),
        Example('field("lead_score", unknown="include") < 5', "contacts without a value: in"),
        Example('field("city").is_not(field("shipping_city"))', "another field in a value's place"),
        Example('field("last_visit_at").after(field("last_order_at"))', "two dates"),
        Example(
            "parse('last_visit_at hour between 18 and 22 in contact time zone')",
            "in each contact's time zone",
        ),
        Example('~field("lead_score").between(10, 90)', "not"),
        Example(
            """parse('tag is "compliant" and disabled country is "DE"')""",
            "a row that is switched off",
        ),
        Example("""parse('plan is "enterprise" note "Ask sales first"')""", "a note"),
    ),
)

FIELD_CHAPTERS = (_TEXTS, _LISTS, _NUMBERS, _DATES, _OTHERS, _OPTIONS)
"""The chapters about fields, in reading order."""
