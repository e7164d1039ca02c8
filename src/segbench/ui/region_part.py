"""The part of an overlap that was clicked: its size, what is special about it, some contacts."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import ipywidgets as widgets
import pandas as pd

from segbench.audience.profile import Value
from segbench.model.rules import Group
from segbench.ui.overlap_tables import row, table
from segbench.ui.panel import Message, button
from segbench.ui.panel import row as beside
from segbench.ui.wording import contacts, number, percent, plain
from segbench.workbench.regions import profile_contacts
from segbench.workbench.workbench import Workbench

SAMPLE = 5
FIELDS = 4
"""How many contacts are shown, and how many of their fields."""


class RegionPart:
    """What was clicked, with a button that makes a segment of it and one that lets it go."""

    def __init__(
        self, make: Callable[[], None], clear: Callable[[], None], message: Message
    ) -> None:
        self.words = widgets.HTML()
        buttons = beside(
            button(
                "Make a segment of it", make, message, primary=True, title="Show it in the builder"
            ),
            button("Clear", clear, message, title="Select nothing; so does a second click, or Esc"),
        )
        self.box = widgets.VBox([self.words, buttons])
        self.box.add_class("sbp-part")
        self.hide()

    def hide(self) -> None:
        """Show nothing."""
        self.words.value = ""
        self.box.layout.display = "none"

    def show(self, name: str, rules: Group, count: int, workbench: Workbench) -> None:
        """Show the contacts that the rules hold."""
        traits = profile_contacts(workbench, rules) if count else ()
        columns = workbench.columns()[: FIELDS + 1]
        sample = workbench.contacts(rules, columns, limit=SAMPLE)
        self.words.value = part_html(name, count, workbench.contacts_total, traits, sample)
        self.box.layout.display = ""


def part_html(
    name: str, count: int, everybody: int, traits: Sequence[Value], sample: pd.DataFrame
) -> str:
    """The part as HTML."""
    head = (
        f'<h3 style="margin-top:0">{html.escape(name)}</h3><p><b>{contacts(count)}</b>, '
        f"{percent(count, everybody)} of all</p>"
    )
    if not count:
        return f'{head}<p class="sbp-note">Nobody is here now; a segment of it stays live.</p>'
    return (
        f'{head}<div style="display:flex;flex-wrap:wrap;gap:4px 32px">'
        f'<div class="sbp-wide"><h3>Unlike all contacts</h3>{_profile(traits)}</div>'
        f'<div class="sbp-wide"><h3>{sample_title(count)}</h3>{sample_table(sample)}</div></div>'
    )


def _profile(traits: Sequence[Value]) -> str:
    if not traits:
        return '<p class="sbp-note">No value differs here from all contacts but by chance.</p>'
    rows = [
        row(
            html.escape(plain(trait.words)),
            [
                number(trait.here),
                percent(trait.here, trait.sides.here),
                percent(trait.there, trait.sides.there),
            ],
        )
        for trait in traits
    ]
    return table(["Value", "Contacts", "Here", "Of all"], rows)


def sample_title(count: int) -> str:
    """What stands over the first contacts of so many."""
    return f"{SAMPLE} of the {contacts(count)}" if count > SAMPLE else "The contacts"


def sample_table(sample: pd.DataFrame) -> str:
    """Contacts as HTML."""
    heads = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in sample.columns)
    lines = "".join(
        "<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in line) + "</tr>"
        for line in sample.itertuples(index=False)
    )
    return f'<table class="sbp-table"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>'


def _cell(value: object) -> str:
    missing = value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value))
    return "–" if missing else html.escape(plain(str(value))[:60])
