"""Whether the chosen segments divide a base among them: in words, and each line a segment."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import ipywidgets as widgets

from segbench.audience.partition import Partition
from segbench.model.rules import RuleOrGroup, SegmentRule
from segbench.model.segment import Segment
from segbench.ui.overlap_tables import make_button, row, table
from segbench.ui.picks import Pick
from segbench.ui.wording import contacts, number, percent, plain
from segbench.workbench.regions import partition_base
from segbench.workbench.workbench import Workbench

EVERYBODY = "All contacts"
ACT = "make-part"
"""What the page says when a line of the table is to be made a segment."""


class PartitionPart:
    """The partition check of what is compared; `changed` is told when the base is another one."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.base = widgets.Dropdown(options=[EVERYBODY], description="Base")
        self.base.layout.width = "auto"
        self.base.layout.max_width = "420px"
        self.words = widgets.HTML()
        title = widgets.HTML("<h3>Partition check</h3>")
        self.box = widgets.VBox([title, self.base, self.words])
        self.box.add_class("sbp-options")
        self.base.observe(lambda _: changed(), "value")
        self.hide()

    def offer(self, names: Sequence[str]) -> None:
        """Offer these saved segments as base; the chosen one stays."""
        options = (EVERYBODY, *names)
        if tuple(self.base.options) != options:
            before = self.base.value
            self.base.options = options
            self.base.value = before if before in options else EVERYBODY

    @property
    def rule(self) -> RuleOrGroup | None:
        """The base as a rule; None for all contacts."""
        return None if self.base.value == EVERYBODY else SegmentRule(str(self.base.value))

    def hide(self) -> None:
        """Show nothing."""
        self.words.value = ""
        self.box.layout.display = "none"

    def show(self, workbench: Workbench, segments: Sequence[str | Segment]) -> None:
        """Show how the segments divide the base."""
        found = partition_base(workbench, segments, self.rule)
        self.words.value = partition_html(found, str(self.base.value))
        self.box.layout.display = ""


def partition_finding(found: Partition, base: str) -> str:
    """Whether it is a partition, and what stands in the way, in plain sentences."""
    base = "all contacts" if base == EVERYBODY else f"“{plain(base)}”"
    if not found.contacts:
        return f"Nobody is in {base}, so there is nothing to divide."
    parts = (
        "no contact is in two of them"
        if found.disjoint
        else f"{contacts(found.many)} {_are(found.many)} in two or more",
        f"every contact of {base} is in one"
        if found.covers
        else f"{number(found.none)} of {number(found.contacts)} {_are(found.none)} in none",
    )
    if found.holds:
        return f"A partition of {base}: {parts[0]}, and {parts[1]}."
    wrong = [
        word
        for word, fine in (("disjoint", found.disjoint), ("complete", found.covers))
        if not fine
    ]
    join = "and" if len(wrong) == 2 else "but"
    return f"No partition of {base}, as it is not {' and not '.join(wrong)}: " + (
        f"{parts[0]}, {join} {parts[1]}."
    )


def partition_html(found: Partition, base: str) -> str:
    """The sentence, a table of disjoint lines, then what is in two and beside the base."""
    lines = [
        _line(f"Only in {name}", count, found.contacts, Pick("region", (at,)))
        for at, (name, count) in enumerate(zip(found.names, found.alone, strict=True))
    ]
    lines.append(_line("In two or more", found.many, found.contacts, Pick("many", ())))
    lines.append(_line("In none", found.none, found.contacts, Pick("region", ())))
    foot = row("Sum = the base", [number(found.contacts), percent(1, 1)], None, " ")
    shared = [
        _line(
            f"{found.names[pair.first]} ∩ {found.names[pair.second]}",
            pair.count,
            found.contacts,
            Pick("pair", (pair.first, pair.second)),
        )
        for pair in found.shared
    ]
    more = ""
    if shared:
        heads = ["Pairs that share contacts of the base", "Contacts", "Of the base", ""]
        more += table(heads, shared)
    if found.beside:
        line = _line("In a segment, outside of the base", found.beside, 0, Pick("beside", ()))
        more += table(["Beside the base", "Contacts", "", ""], [line])
    return (
        f'<p role="status">{html.escape(partition_finding(found, base))}</p>'
        '<div class="sbp-wide" style="display:flex;flex-wrap:wrap;gap:8px 32px;align-items:start">'
        f"{table(['Contacts of the base', 'Contacts', 'Of the base', ''], lines, foot)}{more}</div>"
    )


def _line(name: str, count: int, whole: int, pick: Pick) -> str:
    share = percent(count, whole) if whole else ""
    name = plain(name)
    return row(html.escape(name), [number(count), share], pick, make_button(pick, name, ACT))


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
