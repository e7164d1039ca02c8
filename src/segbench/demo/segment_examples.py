"""Examples of rules about whole segments: saved ones, pre-built ones, samples, groups."""

from __future__ import annotations

from segbench.demo.example_row import Chapter, Example

_SEGMENTS = Chapter(
    "Segments",
    "A saved segment can be a row of another one. It is followed live: whoever is in it now is "
    "meant, at any depth. A segment that leads back to itself is refused, and the loop is named.",
    (
        Example('in_segment("Customers")'),
        Example("""parse('segment is not "Engaged in the last 30 days"')"""),
    ),
)
_PREBUILT = Chapter(
    "Pre-built segments",
    "These ship with segbench and stand for ordinary rules. Every number in them is a parameter "
    "with a default; [docs/pre-built.md](pre-built.md) has all of them and whose definition each "
    "is. “Engaged” leaves out opens by machines unless it is told otherwise. “Is not” holds "
    "everybody else.",
    (
        Example("engaged(days=90)"),
        Example('prebuilt("not_engaged", days=60)'),
        Example('prebuilt("unengaged_sends")'),
        Example('prebuilt("mailchimp_inactive")'),
        Example('prebuilt("new_subscribers", days=30)'),
        Example('prebuilt("new_customer", days=60)'),
        Example('prebuilt("recent_customer")'),
        Example('prebuilt("repeat_customer")'),
        Example('prebuilt("lapsed")'),
        Example('prebuilt("never_purchased")'),
        Example('prebuilt("vip", orders=2, average=60)'),
        Example('prebuilt("churn_risk", orders=2)'),
        Example('prebuilt("win_back")'),
        Example('prebuilt("one_and_done")'),
        Example('prebuilt("sunset_candidate")'),
        Example('prebuilt("inactive_user", days=90)'),
        Example('prebuilt("mpp_only", days=90)'),
        Example('prebuilt("cart_abandoner", hours=168)'),
        Example('prebuilt("browse_abandoner", days=30)'),
        Example('prebuilt("birthday_next", days=14)'),
        Example('prebuilt("unreachable")'),
        Example('prebuilt("missing_required", field="first_name")'),
        Example('prebuilt("rfm", group="At Risk")', "RFM group: At Risk"),
        Example('prebuilt("rfm", group="Loyal")', "RFM group: Loyal"),
        Example("parse('prebuilt is not engaged(days: 90)')", "is not"),
    ),
)
_SAMPLES = Chapter(
    "Samples",
    "A sample is a fixed share of all contacts, drawn by a hash of each key: the same contacts on "
    "every machine, for ever. Shares that do not overlap have nobody in common, and a share is "
    "about, not exactly, its size. Another name of the draw draws anew.",
    (
        Example("sample(0, 10)"),
        Example('sample(10, 20, salt="autumn test")', "of a draw with a name"),
        Example("parse('sample not 0% to 10%')"),
    ),
)
_GROUPS = Chapter(
    "And, or, not",
    "Rows and groups combine with `&` (and), `|` (or) and `~` (not), and groups lie in groups to "
    "any depth up to 32. The brackets of the sentence are those of the tree. The order of rows "
    "never changes who is in.",
    (
        Example('field("country").is_any_of("DE", "AT", "CH") & tag("compliant")', "and"),
        Example('did("email_clicked").within(days=30) | did("page_visited").within(days=7)', "or"),
        Example('~(tag("complaint") | field("do_not_disturb").is_true())', "not, of a group"),
        Example(
            'tag("compliant") & (field("lead_score").in_top(20) | did("order_placed")) '
            '& ~in_segment("Lapsed buyers")',
            "groups in groups",
        ),
    ),
)

SEGMENT_CHAPTERS = (_SEGMENTS, _PREBUILT, _SAMPLES, _GROUPS)
"""The chapters about whole segments, in reading order."""
