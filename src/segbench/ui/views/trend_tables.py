"""The numbers of a trend as tables and files, and the contacts behind them."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd

from segbench.audience.forecast import Turn
from segbench.audience.history import CAUSES, LISTED, Cause, Flow
from segbench.audience.trend import Trend
from segbench.ui.csv_link import csv_link
from segbench.ui.overlap_tables import act_button, folded, row, table
from segbench.ui.picks import Pick
from segbench.ui.views.key_button import key_button
from segbench.ui.views.trend_words import (
    CAUSE_WORDS,
    between,
    leaving_words,
    short_moves,
    trend_summary,
    when,
)
from segbench.ui.wording import change, number

SHOWN = 10
"""How many keys a table shows; its file has the first thousand."""


def trend_html(trend: Trend, span: str) -> str:
    """The notes, then the points, the days to come and all of it in words, folded; and files."""
    notes = "".join(f'<p class="sbp-note">{html.escape(note)}</p>' for note in trend.history.notes)
    picture = (
        '<button type="button" class="sbp-act sbp-small" data-act="png" data-name="0">'
        "Trend as PNG</button>"
    )
    return (
        notes
        + folded("trend-points", "Points as a table", _points(trend))
        + folded("trend-days", "Days to come as a table", _days(trend))
        + folded("trend-words", "In words", f"<p>{html.escape(trend_summary(trend, span))}</p>")
        + f'<div class="sbp-acts">{picture}'
        + csv_link(local(trend.history.to_frame()), "trend.csv", "Points as CSV")
        + csv_link(local(trend.forecast.to_frame()), "forecast.csv", "Days to come as CSV")
        + "</div>"
    )


def moved_html(trend: Trend, pick: Pick) -> str:
    """Who entered and left in the step, by the cause or on the day that was picked."""
    (at,), history = pick.at, trend.history
    if pick.kind == "day":
        days, zone = trend.forecast, history.zone
        step, points = days.steps[at - 1].moved, days.points
        keys = [days.keys_of(part[:LISTED]) for part in (step.entered, step.left)]
        counts = step.flow
        head = f"{between(points[at - 1], points[at], zone)}, if nothing happens"
    else:
        cause: Cause | None = next((one for one in CAUSES if one == pick.kind), None)
        keys = [history.entered(at, cause), history.left(at, cause)]
        point = history.points[at]
        counts = point.causes.get(cause, Flow()) if cause else point.flow
        by = f", by {CAUSE_WORDS[cause]}" if cause else ""
        head = between(history.points[at - 1], point, history.zone) + by
    lists = "".join(
        _keys(f"{word} ({number(count)})", found, count)
        for word, found, count in zip(
            ("Entered", "Left"), keys, (counts.entered, counts.left), strict=True
        )
    )
    ways = ["entered"] * len(keys[0]) + ["left"] * len(keys[1])
    frame = pd.DataFrame({"contact": [*keys[0], *keys[1]], "way": ways})
    all_of_them = max(counts.entered, counts.left) <= LISTED
    label = "These as CSV" if all_of_them else f"The first {number(LISTED)} of each as CSV"
    files = csv_link(frame, "moved.csv", label) if ways else ""
    return (
        f'<h3 style="margin-top:0">Who moved {html.escape(head)}</h3><div class="sbp-wide" '
        f'style="display:flex;flex-wrap:wrap;gap:4px 32px">{lists}</div>'
        f'<div class="sbp-acts">{files}</div>'
    )


def leaving_html(trend: Trend, days: int) -> str:
    """Who leaves in the next days if nothing happens, the first ones by name."""
    forecast, zone = trend.forecast, trend.history.zone
    count = forecast.after(days).left
    turns = forecast.leaving(days)
    words = leaving_words(forecast, days)
    said = f'<p role="status">If nothing happens, {html.escape(words)}.</p>'
    if not count:
        return said
    lines = [row(key_button(turn.key), [when(turn.at, zone)]) for turn in turns[:SHOWN]]
    more = _more(count, len(lines))
    frame = pd.DataFrame(
        {"contact": [t.key for t in turns], "leaves_by": [when(t.at, zone) for t in turns]}
    )
    return (
        f'{said}<div class="sbp-wide sbp-tall">{table(["Contact", "Out by"], lines)}</div>{more}'
        f'<div class="sbp-acts">{csv_link(frame, "leaving.csv", _first(turns, count))}</div>'
    )


def local(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its local times as texts that spreadsheets read."""
    return frame.assign(at=[f"{at:%Y-%m-%d %H:%M}" for at in frame["at"]])


def _points(trend: Trend) -> str:
    history, causes = trend.history, tuple(trend.causes)
    lines = []
    for at, point in enumerate(history.points):
        pick = Pick("step", (at,))
        moved = [change(point.flow.entered), change(-point.flow.left)] if at else ["–", "–"]
        parts = [short_moves(point.causes.get(cause, Flow())) for cause in causes]
        day = when(point.at, history.zone)
        who = _who(pick, day) if point.flow != Flow() or any(p != "–" for p in parts) else " "
        numbers = [number(point.count), *moved, *parts]
        lines.append(row(html.escape(day), numbers, pick, who))
    heads = [f"By {CAUSE_WORDS[cause]}" for cause in causes]
    total = [change(trend.flow.entered), change(-trend.flow.left)]
    foot = row("Sum", ["", *total, *map(short_moves, trend.causes.values())], None, " ")
    return table(["At", "Contacts", "Entered", "Left", *heads, ""], lines, foot)


def _days(trend: Trend) -> str:
    lines = []
    for at, point in enumerate(trend.forecast.points):
        day = when(point.at, trend.history.zone)
        moved = [change(point.flow.entered), change(-point.flow.left)] if at else ["–", "–"]
        pick = Pick("day", (at,))
        who = _who(pick, day) if at and point.flow != Flow() else " "
        lines.append(row(html.escape(day), [number(point.count), *moved], pick, who))
    return table(["At", "Contacts", "Entered", "Left", ""], lines)


def _who(pick: Pick, day: str) -> str:
    return act_button("who", pick, "Who", f"Who moved by {day}", small=True)


def _keys(title: str, keys: Sequence[str], count: int) -> str:
    lines = [row(key_button(key), []) for key in keys[:SHOWN]]
    shown = table([title], lines) + _more(count, len(lines)) if lines else f"<p>{title}</p>"
    return f"<div>{shown}</div>"


def _more(count: int, shown: int) -> str:
    rest = count - shown
    # Not in the grey of notes, which is too pale on the ground of the part that was clicked.
    return f"<p>and {number(rest)} more</p>" if rest else ""


def _first(turns: Sequence[Turn], count: int) -> str:
    return "These as CSV" if len(turns) == count else f"The first {number(len(turns))} as CSV"
