"""The numbers of a curve as a table with a button at each place, in words and as files."""

from __future__ import annotations

import html

from segbench.audience.curve import Curve
from segbench.ui.csv_link import csv_link
from segbench.ui.overlap_tables import folded, row, table
from segbench.ui.views.sensitivity_words import curve_summary, place
from segbench.ui.wording import change, number

MOST_LINES = 60
ACT = "turn"


def sensitivity_html(curve: Curve) -> str:
    """The table, the words, and links to the picture and the file."""
    lines = shown(curve)
    every = len(lines) == len(curve.numbers)
    note = "" if every else f'<p class="sbp-note">{_left_out(curve, lines)}</p>'
    picture = (
        '<button type="button" class="sbp-act sbp-small" data-act="png" data-name="0">'
        "Curve as PNG</button>"
    )
    return (
        folded("curve", "Curve as a table", note + _table(curve, lines))
        + folded("curve-words", "In words", f"<p>{html.escape(curve_summary(curve))}</p>")
        + f'<div class="sbp-acts">{picture if len(curve.numbers) > 1 else ""}'
        + csv_link(curve.to_frame(), "sensitivity.csv", "Curve as CSV")
        + "</div>"
    )


def shown(curve: Curve) -> list[int]:
    """The places of the table: all of few, else some in even steps and those that are spoken of."""
    last = len(curve.numbers) - 1
    step = -(-len(curve.numbers) // MOST_LINES)
    steep = () if curve.steepest is None else (curve.steepest, curve.steepest + 1)
    return sorted({*range(0, last + 1, step), last, curve.now, curve.beside, *steep})


def _left_out(curve: Curve, lines: list[int]) -> str:
    return (
        f"{number(len(lines))} of {number(len(curve.numbers))} numbers: even steps, "
        "the steepest place, and what is set now. The CSV file has all."
    )


def _table(curve: Curve, lines: list[int]) -> str:
    others = {name: totals for name, totals in curve.otherwise.items() if name != curve.own}
    heads = ["Number", "Matching", "Change"]
    heads += ["Reachable"] if curve.reachable is not None else []
    rows = []
    for at in lines:
        cells = [number(curve.totals[at]), change(curve.totals[at] - curve.totals[curve.now])]
        cells += [number(curve.reachable[at])] if curve.reachable is not None else []
        cells += [number(totals[at]) for totals in others.values()]
        said = place(curve.dial, curve.numbers[at])
        action = "set now" if at == curve.now else _button(str(curve.numbers[at]), said)
        rows.append(row(html.escape(said), cells, None, action))
    return table([*heads, *(f"With {name}" for name in others), ""], rows)


def _button(name: str, said: str) -> str:
    return (
        f'<button type="button" class="sbp-act sbp-small" data-act="{ACT}" '
        f'data-name="{html.escape(name)}" aria-label="Set {html.escape(said)}">Set</button>'
    )
