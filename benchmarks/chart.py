"""The chart of docs/speed.md, drawn from the tables on that page.

    python benchmarks/chart.py

Each line of the table of 10 million contacts has a dot for each of the others: how many times as
long as segbench it takes, on a scale where each step is ten times the one before.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "speed.md"
CHART = PAGE.parent / "images" / "speed.svg"
COLOURS = {"DuckDB": "#0072B2", "polars": "#D55E00", "pandas": "#009E73"}
SHAPES = {"DuckDB": "circle", "polars": "square", "pandas": "diamond"}
LEFT, WIDTH, ROW, TOP = 470, 900, 24, 74
LEAST, MOST = -1, 4
"""The powers of ten at the ends of the scale."""


@dataclass(frozen=True)
class Row:
    """A line of the table: the work, and the ratio of each of the others."""

    work: str
    ratios: dict[str, float]


def read_rows(page: str) -> list[Row]:
    """The lines that have a ratio, of the first table of the page that has any."""
    table = page.split("## 10,000,000 contacts")[1].split("\n## ")[0]
    rows = []
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        found = {
            name: re.search(r"\(([\d,.]+) x\)", cell)
            for name, cell in zip(COLOURS, cells[3:6], strict=False)
        }
        ratios = {name: float(m[1].replace(",", "")) for name, m in found.items() if m}
        if ratios:
            rows.append(Row(cells[0].replace("`", ""), ratios))
    return rows


def draw(rows: list[Row]) -> str:
    """The chart as SVG, readable on light and dark pages."""
    height = TOP + ROW * len(rows) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        '<text x="16" y="26" font-size="16" font-weight="600">How many times as long as segbench '
        "the others take, 10 million contacts and 100 million events</text>",
        *_legend(),
        *_scale(height),
    ]
    for number, row in enumerate(rows):
        parts += _drawn(row, TOP + ROW * number + ROW // 2)
    return "\n".join([*parts, "</svg>\n"])


def _place(ratio: float) -> float:
    share = (math.log10(ratio) - LEAST) / (MOST - LEAST)
    return LEFT + share * (WIDTH - LEFT - 30)


def _legend() -> list[str]:
    parts, x = [], LEFT
    for name in COLOURS:
        parts += [_mark(name, x, 50), f'<text x="{x + 12}" y="54">{name}</text>']
        x += 90
    return parts


def _scale(height: int) -> list[str]:
    parts = []
    for power in range(LEAST, MOST + 1):
        x, bold = _place(10.0**power), power == 0
        stroke = "#444444" if bold else "#dddddd"
        parts.append(
            f'<line x1="{x:.0f}" x2="{x:.0f}" y1="{TOP - 6}" y2="{height - 26}" stroke="{stroke}"/>'
        )
        label = "as long" if bold else f"{10.0**power:,g} x"
        parts.append(f'<text x="{x:.0f}" y="{height - 10}" text-anchor="middle">{label}</text>')
    return parts


def _drawn(row: Row, y: int) -> list[str]:
    name = row.work if len(row.work) <= 64 else row.work[:63] + "…"
    told = "; ".join(f"{other} {ratio:,g} x" for other, ratio in row.ratios.items())
    return [
        f"<g><title>{escape(row.work)}: {told}</title>",
        f'<text x="{LEFT - 14}" y="{y + 4}" text-anchor="end" font-size="12">{escape(name)}</text>',
        *(_mark(other, _place(ratio), y) for other, ratio in row.ratios.items()),
        "</g>",
    ]


def _mark(name: str, x: float, y: float) -> str:
    colour = COLOURS[name]
    if SHAPES[name] == "circle":
        return f'<circle cx="{x:.1f}" cy="{y}" r="5.5" fill="{colour}"/>'
    turned = f' transform="rotate(45 {x:.1f} {y})"' if SHAPES[name] == "diamond" else ""
    return f'<rect x="{x - 5:.1f}" y="{y - 5}" width="10" height="10" fill="{colour}"{turned}/>'


if __name__ == "__main__":
    CHART.write_text(draw(read_rows(PAGE.read_text("utf-8"))), "utf-8")
