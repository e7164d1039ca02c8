"""A comparison as HTML: the chosen part with its reasons, the rules side by side, the files."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd

from segbench.audience.comparison import Deciding, Line, Reasons
from segbench.ui.csv_link import csv_link
from segbench.ui.overlap_tables import act_button, folded, row, table
from segbench.ui.picks import Pick
from segbench.ui.region_part import sample_table, sample_title
from segbench.ui.views.compare_words import (
    comparison_summary,
    quoted_name,
    side_counts,
    side_title,
)
from segbench.ui.wording import contacts, number, percent, plain
from segbench.workbench.comparing import Comparison

MAKE = "make"
_BLANK = "\N{NO-BREAK SPACE}"


def part_html(found: Comparison, side: int, sample: pd.DataFrame) -> str:
    """Who is in one of the three parts, and why."""
    same = found.sameness
    assert same is not None
    count = side_counts(same)[side]
    title = side_title(found, side)
    head = f"<h3 style='margin-top:0'>{html.escape(title)}</h3>"
    if not count:
        return f"<div class='sbp-part'>{head}<p class='sbp-note'>Nobody is here now.</p></div>"
    pick = Pick("side", (side,))
    button = act_button(MAKE, pick, "Make a segment of it", f"Make a segment of it: {title}")
    return (
        f"<div class='sbp-part'>{head}<p><b>{contacts(count)}</b></p>{_why(found, side)}"
        f"<h3>{html.escape(sample_title(count))}</h3>"
        f"<div class='sbp-wide' tabindex='0'>{sample_table(sample)}</div>"
        f"<p>{button.replace('sbp-act', 'sbp-act sbp-small', 1)}</p></div>"
    )


def rules_table(found: Comparison) -> str:
    """The rows of both, those that differ marked."""
    heads = f"Here: {quoted_name(found.first)}", f"There: {quoted_name(found.second)}"
    cells = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in ("Row", *heads))
    lines = "".join(_line(line) for line in found.lines)
    return (
        "<h3>Rules side by side</h3><div class='sbp-wide' tabindex='0'>"
        f"<table class='sbp-table sbp-rules'><thead><tr>{cells}</tr></thead>"
        f"<tbody>{lines}</tbody></table></div>"
    )


def foot_html(found: Comparison) -> str:
    """The counts as a table, all in words, and the files."""
    same = found.sameness
    summary = folded(
        "compare-words", "In words", f"<p>{html.escape(comparison_summary(found))}</p>"
    )
    csv = csv_link(found.to_frame(), "rules.csv", "Rules as CSV")
    if same is None:
        return f'{summary}<div class="sbp-acts">{csv}</div>'
    counts = side_counts(same)
    lines = []
    for side, count in enumerate(counts):
        title, pick = side_title(found, side), Pick("side", (side,))
        action = act_button("pick", pick, "Who and why", f"Who and why: {title}", small=True)
        numbers = [number(count), percent(count, sum(counts))]
        lines.append(row(html.escape(title), numbers, pick, action))
    parts = table(["Part", "Contacts", "Of either", ""], lines)
    frame = pd.DataFrame(
        [(side_title(found, side), count) for side, count in enumerate(counts)],
        columns=["part", "contacts"],
    )
    png = (
        '<button type="button" class="sbp-act sbp-small" data-act="png" data-name="0">'
        "Chart as PNG</button>"
    )
    files = f"{png}{csv_link(frame, 'comparison.csv', 'Counts as CSV')}{csv}"
    return (
        folded("compare-parts", "Counts as a table", parts)
        + summary
        + f'<div class="sbp-acts">{files}</div>'
    )


def _why(found: Comparison, side: int) -> str:
    if side == 1:
        return ""
    reasons = (found.first_only, found.first_only, found.second_only)[side]
    inside, outside = (found.first, found.second) if side == 0 else (found.second, found.first)
    return _out(reasons, quoted_name(outside)) + _in(reasons, quoted_name(inside))


def _out(reasons: Reasons, other: str) -> str:
    """Which rows of the other segment keep them out."""
    if reasons.out:
        title = f"What keeps them out of {other}"
        return _deciding(title, "Row that they fail", reasons.out, reasons.contacts)
    if not reasons.none_of:
        words = f"{_capital(other)} has no row that is on, so it holds nobody."
    elif reasons.none_of == 1:
        words = f"They do not meet the one row of {other}."
    else:
        words = f"They meet none of the {reasons.none_of:,} rows of {other}, any of which would do."
    return f"<p>{html.escape(words)}</p>"


def _in(reasons: Reasons, own: str) -> str:
    """Which rows let them in, where any one of them does."""
    if len(reasons.let_in) < 2:
        return ""
    title = f"What lets them into {own}"
    return _deciding(title, "Row that they meet", reasons.let_in, reasons.contacts)


def _deciding(title: str, head: str, rows: Sequence[Deciding], whole: int) -> str:
    lines = [
        row(
            html.escape(plain(one.words)),
            [number(one.count), percent(one.count, whole), number(one.alone)],
        )
        for one in rows
        if one.count
    ]
    shown = table([head, "Contacts", "Of these", "Only by it"], lines)
    return f"<h3>{html.escape(title)}</h3><div class='sbp-wide' tabindex='0'>{shown}</div>"


def _line(line: Line) -> str:
    said = {
        "same": "same",
        "changed": "changed",
        "first": "only here",
        "second": "only there",
    }[line.state]
    indent = f"padding-left:{14 * line.depth}px"
    cells = "".join(
        f"<td style='{indent}'>{html.escape(plain(text)) if text else _BLANK}</td>"
        for text in (line.first, line.second)
    )
    head = f"<th scope='row'>{html.escape(said)}</th>"
    return f"<tr class='sbp-rule-{line.state}'>{head}{cells}</tr>"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
