"""Examples of rules about tags and events: counts, windows, figures, sequences."""

from __future__ import annotations

from segbench.demo.example_row import Chapter, Example

_TAGS = Chapter(
    "Tags",
    "A tag is on a contact or it is not, and its case matters: “VIP” is not “vip”. With a window "
    "only tags count that are known to have been given in it; one without a time is in no window.",
    (
        Example('tag("VIP")'),
        Example('tag("webinar", "trade fair")'),
        Example('all_tags("compliant", "newsletter")'),
        Example("""parse('tag is none of ("do not call", "complaint")')"""),
        Example('tag("webinar").given(days=180)', "given in a window"),
        Example('tag("VIP").given(Calendar("year"))', "given this year"),
    ),
)
_EVENTS = Chapter(
    "Events",
    "An event is something that happened at a time, such as an order. Nothing later than now has "
    "happened, and without a window “ever” is meant. “Did not happen” and “at most” hold contacts "
    "without any event too. All conditions of a row must hold of the same event.",
    (
        Example('did("order_placed")'),
        Example('did_not("email_opened")'),
        Example('did("email_clicked").at_least(3)'),
        Example('did("page_visited").at_most(2)'),
        Example('did("order_placed").exactly(1)'),
        Example('did("order_placed").times(2, 5)'),
        Example(
            'did("page_visited").matching(field("page").starts_with("/products"))',
            "with a condition",
        ),
        Example(
            'did("email_opened").matching(field("machine_open").is_false(), '
            'field("campaign").contains("sale"))',
            "with two conditions on the same event",
        ),
        Example(
            "parse('(email_clicked or page_visited) at least 5 times in last 30 days')",
            "several events counted together",
        ),
        Example(
            'did("email_sent").at_least(11).after_last(did("email_opened"), did("email_clicked"))',
            "since the last of other events",
        ),
    ),
)
_WINDOWS = Chapter(
    "Windows",
    "A window says when. A rolling one ends now and starts so many minutes, hours, days, weeks, "
    "months or years earlier; a month back from 31 March is the last day of February. A calendar "
    "one is a whole local day, week, month, quarter or year. From and to are days, both included. "
    "Windows fit events, figures, sequences and tags; the fields of a contact have operators of "
    "their own, which take the same windows.",
    (
        Example('did("order_placed").within(days=90)', "in the last … days"),
        Example('did("page_visited").within(hours=72)', "in the last … hours"),
        Example('did("email_opened").within(months=3)', "in the last … months"),
        Example('did("page_visited").within(Ago(30, 60))', "between … and … days ago"),
        Example('did("page_visited").within(Calendar("day", -1))', "yesterday"),
        Example('did("email_opened").within(Calendar("week", -1))', "last week"),
        Example('did("order_placed").within(Calendar("quarter"))', "this quarter"),
        Example('did("order_placed").during("2026-06-01", "2026-08-31")', "from … to …"),
        Example('did("cart_updated").within(Since("2026-09-01"))', "since …"),
        Example('did("order_placed").within(Until("2025-12-31"))', "up to …"),
        Example(
            'field("birthday").anniversary_next(days=30)', "in the next … days (dates of contacts)"
        ),
    ),
)
_FIGURES = Chapter(
    "Figures of events",
    "A figure is taken from a contact's events and then compared as a field is. Where nothing "
    "happened, sums and numbers of values, days, weeks or months are 0; averages, the smallest, "
    "largest, first and most recent value, and shares have no value. The window in brackets "
    "chooses the events. Sums are exact.",
    (
        Example('measure("sum", did("order_placed").within(days=365), "amount") >= 150'),
        Example('measure("average", "order_placed", "amount").between(50, 100)'),
        Example('measure("smallest", "order_placed", "amount") < 20'),
        Example('measure("largest", "cart_updated", "amount") > 150'),
        Example('measure("distinct", "order_placed", "product") >= 2'),
        Example('measure("first_value", "form_submitted", "form").is_("webinar registration")'),
        Example('measure("last_value", "order_placed", "product").is_any_of("Socks", "T-shirt")'),
        Example(
            'measure("share", did("email_opened").matching(field("machine_open").is_true())) >= 50'
        ),
        Example('measure("active_days", did("page_visited").within(days=30)) >= 3'),
        Example('measure("active_weeks", did("page_visited").within(weeks=8)) >= 3'),
        Example('measure("active_months", "order_placed") >= 2'),
        Example('measure("first_time", "order_placed").in_last(days=90)'),
        Example('measure("last_time", "order_placed").more_than_ago(months=6)'),
    ),
)
_SEQUENCES = Chapter(
    "Sequences",
    "Each step is later than the one before; the same instant is not later. “Within 7 days” runs "
    "from the first step to the last. “But no order after it within 72 hours” holds only once the "
    "72 hours are over, so nobody is reminded of a cart that may still become an order.",
    (
        Example('in_order(did("cart_updated"), did("checkout_started"), did("order_placed"))'),
        Example(
            'in_order(did("page_visited").matching(field("page").is_("/pricing")), '
            'did("form_submitted"), days=30)',
            "within a time",
        ),
        Example('not_followed(did("cart_updated"), did("order_placed"), hours=72)'),
        Example('not_followed(did("email_clicked"), did("page_visited"))', "not until now"),
        Example(
            "parse('sequence(cart_updated then no order_placed within 72 hours) in last 30 days')",
            "in a window",
        ),
    ),
)

EVENT_CHAPTERS = (_TAGS, _EVENTS, _WINDOWS, _FIGURES, _SEQUENCES)
"""The chapters about tags and events, in reading order."""
