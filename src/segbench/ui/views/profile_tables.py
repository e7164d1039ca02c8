"""The numbers of a profile as HTML: values, fields in their order, orders, and the files."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

import pandas as pd

from segbench.audience.activity import Activity, Sales
from segbench.audience.profile import FieldProfile, Profile, Value
from segbench.ui.csv_link import csv_link
from segbench.ui.overlap_tables import act_button, folded, row, table
from segbench.ui.picks import Pick
from segbench.ui.views.profile_words import (
    APART,
    CHANCE,
    INDEX,
    index_text,
    other_side,
    share_text,
    span_text,
)
from segbench.ui.wording import number, percent, plain

ADD, SHOW = "add", "show"
Rows = Sequence[tuple[FieldProfile, Value]]


def values_table(rows: Rows, drawing: int) -> str:
    """The values of the chart, each with a button that adds it as a row."""
    lines = []
    for at, (field, value) in enumerate(rows):
        name, pick = f"{plain(field.label)}: {plain(value.words)}", Pick("value", (drawing, at))
        sides = value.sides
        numbers = [
            number(value.here),
            percent(value.here, sides.here),
            number(value.there),
            percent(value.there, sides.there),
            index_text(value),
            "may be" if value.chance else "no",
        ]
        action = act_button(ADD, pick, "Add as a row", f"Add as a row: {name}", small=True)
        lines.append(row(html.escape(name), numbers, pick, action))
    heads = ["Value", "Here", "Share here", "There", "Share there", "Index", "Chance", ""]
    notes = f"<p class='sbp-note'>{html.escape(INDEX)} {html.escape(CHANCE)}</p>"
    return folded("profile-values", "Values as a table", table(heads, lines) + notes)


def fields_table(found: Profile, drawing: int) -> str:
    """Every field by how much it tells the two sides apart, with a button that shows it."""
    lines = []
    for at, field in enumerate(found.fields):
        name, pick = plain(field.label), Pick("field", (drawing, at))
        most = max(field.values, key=lambda value: abs(value.difference))
        numbers = [
            share_text(field.distance),
            "may be" if field.chance else "no",
            f"{plain(most.words)}: {share_text(most.share_here)} vs {share_text(most.share_there)}",
        ]
        action = act_button(SHOW, pick, "Show", f"Show {name}", small=True)
        lines.append(row(html.escape(name), numbers, pick, action))
    heads = ["Field", "Apart", "Chance", "Most different", ""]
    note = f"<p class='sbp-note'>{html.escape(APART)} {html.escape(CHANCE)}</p>"
    return folded("profile-fields", "Fields, most telling first", note + table(heads, lines))


def periods_table(found: Activity, every: str) -> str:
    """Who was active in each period."""
    lines = []
    for point in found.points:
        span = span_text(point.period.start, every)
        words = f"{span[:1].upper()}{span[1:]}{'' if point.period.whole else ', so far'}"
        numbers = [
            number(point.here),
            percent(point.here, found.sides.here),
            number(point.there),
            percent(point.there, found.sides.there),
        ]
        lines.append(row(html.escape(words), numbers))
    heads = [every.capitalize(), "Here", "Share here", "There", "Share there"]
    return folded("profile-periods", f"{every.capitalize()}s as a table", table(heads, lines))


def orders_table(here: Sales | None, there: Sales | None, name: str, amount: str) -> str:
    """What orders brought on either side; nothing where no order is known."""
    if here is None or there is None:
        return ""
    lines = [row(html.escape(words), cells) for words, *cells in _orders(here, there)]
    unit = f" Revenue is the sum of “{plain(amount)}”." if here.revenue is not None else ""
    note = f"Here: the segment. There: {other_side(name)}. All orders up to now.{unit}"
    shown = table(["Orders and value", "Here", "There", "Index"], lines)
    return folded(
        "profile-orders",
        "Orders and value",
        f"{shown}<p class='sbp-note'>{html.escape(note)}</p>",
    )


def files(frame: pd.DataFrame, picture: str, file: str, text: str) -> str:
    """The buttons that save the chart as a picture and its numbers as a file."""
    png = (
        '<button type="button" class="sbp-act sbp-small" data-act="png" data-name="0">'
        f"{html.escape(picture)}</button>"
    )
    return f'<div class="sbp-acts">{png}{csv_link(frame, file, text)}</div>'


def _orders(here: Sales, there: Sales) -> Iterator[tuple[str, str, str, str]]:
    yield "Contacts", number(here.contacts), number(there.contacts), "–"
    buyers = [percent(side.buyers, side.contacts) for side in (here, there)]
    shares = [side.buyers / side.contacts if side.contacts else None for side in (here, there)]
    yield "Contacts with an order", number(here.buyers), number(there.buyers), "–"
    yield "Share with an order", buyers[0], buyers[1], _index(*shares)
    yield "Orders", number(here.orders), number(there.orders), "–"
    yield _line("Orders per contact", here.orders_each, there.orders_each)
    if here.revenue is not None and there.revenue is not None:
        yield "Revenue", f"{here.revenue:,.2f}", f"{there.revenue:,.2f}", "–"
        yield _line("Revenue per contact", here.revenue_each, there.revenue_each)
        yield _line("Average order value", here.average, there.average)


def _line(words: str, here: float | None, there: float | None) -> tuple[str, str, str, str]:
    cells = ["–" if each is None else f"{each:,.2f}" for each in (here, there)]
    return words, cells[0], cells[1], _index(here, there)


def _index(here: float | None, there: float | None) -> str:
    return "–" if here is None or not there else f"{100 * here / there:,.0f}"
