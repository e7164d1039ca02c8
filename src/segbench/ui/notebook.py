"""The workbench for notebooks: segments that show themselves, and plot."""

from __future__ import annotations

import datetime as dt
import html
import os
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from segbench.audience.dial import Dial
from segbench.audience.explain import Waterfall
from segbench.audience.overlap import Overlap
from segbench.audience.why import Why
from segbench.errors import NotSaved, RuleError
from segbench.model.check import Issue
from segbench.model.codec import to_json
from segbench.model.describe import phrase
from segbench.model.rules import Group, RuleOrGroup, as_group
from segbench.model.segment import Segment
from segbench.model.text import parse, write
from segbench.model.tree import walk
from segbench.ui.notebook_campaign import NotebookCampaign
from segbench.ui.notebook_curve import NotebookCurve
from segbench.ui.notebook_profile import NotebookComparison, NotebookProfile
from segbench.ui.notebook_trend import NotebookForecast, NotebookHistory
from segbench.workbench.comparing import compare_segments
from segbench.workbench.curves import find_curve, find_dials
from segbench.workbench.profiling import profile_segment
from segbench.workbench.reaching import count_reachable
from segbench.workbench.reasoning import Sameness
from segbench.workbench.workbench import Workbench

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

    from segbench.ui.audience import AudienceApp
    from segbench.ui.figures import Kind


class NotebookSegment:
    """A segment over an open workbench: live, it follows the rules it was made of."""

    def __init__(self, workbench: NotebookWorkbench, segment: Segment) -> None:
        self.workbench, self.segment = workbench, segment

    @property
    def name(self) -> str:
        """Its name."""
        return self.segment.name

    @property
    def group(self) -> Group:
        """Its rules."""
        return self.segment.group

    def count(self) -> int:
        """How many contacts it holds, exactly.

        Where it is saved, the library remembers that; `Uncountable` says what it last counted,
        where it cannot be evaluated any more.
        """
        if self._is_saved():
            return self.workbench.count_saved(self.name)
        return self.workbench.count(self.group)

    def _is_saved(self) -> bool:
        try:
            return self.workbench.library.segment(self.name).segment.group == self.group
        except NotSaved:
            return False

    def contacts(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> pd.DataFrame:
        """Its contacts as a DataFrame: all fields or `columns`, all contacts or the first."""
        return self.workbench.contacts(self.group, columns, limit=limit)

    def describe(self) -> str:
        """Its rules as one sentence."""
        return self.workbench.describe(self.group)

    def waterfall(self) -> NotebookWaterfall:
        """How each row takes it from all contacts to its count."""
        return NotebookWaterfall(self.workbench.waterfall(self.group))

    def plot(self) -> Figure:
        """The waterfall as a chart."""
        return self.waterfall().plot()

    def dials(self) -> tuple[Dial, ...]:
        """The numbers in its rows that can be turned: windows, counts, bounds."""
        return find_dials(self.workbench, self.group)

    def curve(self, dial: Dial | None = None) -> NotebookCurve:
        """What it would hold with other numbers of a dial, by default of its first one."""
        return NotebookCurve.of(find_curve(self.workbench, self.group, dial))

    def reachable(self) -> int | None:
        """How many of its contacts e-mail reaches; None where that cannot be told."""
        return count_reachable(self.workbench, self.group)

    def overlap(self, others: Iterable[NotebookSegment | str]) -> NotebookOverlap:
        """How it overlaps with others; saved ones may be given by name."""
        return self.workbench.overlap([self, *others])

    def save(self, *, replace: bool = False) -> NotebookSegment:
        """Save it under its name; an error where the name is in use, unless replacing."""
        self.workbench.save(self.segment, replace_saved=replace)
        return self

    def why(self, key: str) -> Why:
        """Why the contact of that key is in it or not; `print(segment.why("…").text)`."""
        return self.workbench.why(key, self.group)

    def history(self, **span: Any) -> NotebookHistory:
        """Its size over time, who entered and left, and why; `since`, `until`, `every` as in
        `workbench.history`. Where it is saved, it has the rules that it had at each moment.
        """
        given = self.name if self._is_saved() else self.segment
        return NotebookHistory.of(self.workbench.history(given, **span))

    def forecast(self, days: int = 30) -> NotebookForecast:
        """Who leaves it and who enters it in the next days if nothing happens."""
        return NotebookForecast.of(self.workbench.forecast(self.segment, days))

    def same_as(self, other: NotebookSegment | RuleOrGroup) -> Sameness:
        """Whether it always holds the same contacts as another, and whether it does here."""
        group = other.group if isinstance(other, NotebookSegment) else other
        return self.workbench.compare(self.group, group)

    def profile(
        self, against: NotebookSegment | str | RuleOrGroup | None = None
    ) -> NotebookProfile:
        """How its contacts differ from all contacts, or from those of another segment.

        A saved one may be given by name.
        """
        if against is None:
            return NotebookProfile.of(profile_segment(self.workbench, self.group), "")
        other = self._other(against)
        found = profile_segment(self.workbench, self.group, other.group)
        return NotebookProfile.of(found, other.name)

    def compare(self, other: NotebookSegment | str | RuleOrGroup) -> NotebookComparison:
        """Its rules beside those of another segment, who is in which, and which rows decide.

        A saved one may be given by name; `same_as` tells only whether they are the same.
        """
        second = self._other(other)
        names = (self.name, second.name)
        found = compare_segments(self.workbench, self.group, second.group, names=names)
        return NotebookComparison.of(found)

    def _other(self, given: NotebookSegment | str | RuleOrGroup) -> NotebookSegment:
        if isinstance(given, NotebookSegment):
            return given
        if isinstance(given, str):
            return self.workbench.saved(given)
        return NotebookSegment(self.workbench, Segment("these rules", as_group(given)))

    def issues(self) -> tuple[Issue, ...]:
        """What is odd about its rules."""
        return self.workbench.issues(self.group)

    def text(self) -> str:
        """Its rules as a text to read, type and compare; `workbench.segment` takes it back."""
        return write(self.group)

    def to_json(self) -> str:
        """Its rules as a JSON text, for files and version control."""
        return to_json(self.segment)

    def __repr__(self) -> str:
        try:
            return f"<Segment {self.name!r}: {self.count():,} contacts. {self.describe()}>"
        except RuleError as error:
            return f"<Segment {self.name!r} cannot be counted: {error}>"

    def _repr_html_(self) -> str:
        total = self.workbench.contacts_total
        try:
            count = self.count()
        except RuleError as error:
            name, why = html.escape(self.name), html.escape(str(error))
            return f"<div><b>{name}</b> cannot be counted.<p>{why}</p></div>"
        share = f"{count / total:.1%}" if total else "0 %"
        return (
            '<div style="border:1px solid #8884;border-radius:8px;padding:12px 16px;'
            'max-width:56rem"><div style="font-weight:600">'
            f"{html.escape(self.name)}</div>"
            '<div style="font-size:1.6em;font-variant-numeric:tabular-nums">'
            f'{count:,} <span style="font-size:.55em">contacts, {share} of {total:,}</span></div>'
            f"<p>{html.escape(self.describe())}</p>{self._tree_html()}</div>"
        )

    def _tree_html(self) -> str:
        counts = self.workbench.evaluate(self.group).nodes
        rows = []
        for path, node in walk(self.group):
            number = f"{counts[path].alone:,}" if path in counts else "off"
            rows.append(
                f'<tr><td style="padding-left:{1.2 * len(path)}rem;text-align:left">'
                f"{html.escape(_tree_label(node))}</td>"
                f'<td style="text-align:right;font-variant-numeric:tabular-nums">{number}</td></tr>'
            )
        return f'<table style="width:100%">{"".join(rows)}</table>'


class NotebookWaterfall:
    """The steps from all contacts to a segment, as values, a table or a chart."""

    def __init__(self, result: Waterfall) -> None:
        self.result = result

    def frame(self) -> pd.DataFrame:
        """One row per step."""
        from segbench.ui.tables import waterfall_table

        return waterfall_table(self.result)

    def plot(self) -> Figure:
        """The steps as a chart."""
        from segbench.ui.figures import waterfall_figure

        return waterfall_figure(self.result)

    def _repr_html_(self) -> str:
        return _frame_html(self.frame())


class NotebookOverlap(Overlap):
    """How segments overlap, as values, a table or a chart."""

    def frame(self) -> pd.DataFrame:
        """One row per region."""
        from segbench.ui.tables import overlap_table

        return overlap_table(self)

    def plot(self, kind: Kind = "auto") -> Figure:
        """A chart: `venn` (2-3 segments), `upset` or `heatmap`; `auto` chooses by their number."""
        from segbench.ui.figures import overlap_figure

        return overlap_figure(self, kind)

    def _repr_html_(self) -> str:
        return _frame_html(self.frame())


class NotebookWorkbench(Workbench):
    """An open workspace whose segments show themselves in a notebook."""

    def segment(self, name: str, rules: RuleOrGroup | str) -> NotebookSegment:
        """A segment of these rules, or of a rule text; wrong ones are refused, the row named."""
        group = parse(rules) if isinstance(rules, str) else as_group(rules)
        segment = Segment(name, group)
        self.plan(segment.group)
        return NotebookSegment(self, segment)

    def saved(self, name: str) -> NotebookSegment:
        """The saved segment of that name."""
        return NotebookSegment(self, self.library.segment(name).segment)

    def saved_names(self) -> tuple[str, ...]:
        """The names of all saved segments."""
        return tuple(saved.segment.name for saved in self.library.segments())

    def campaign(
        self, name: str, *, create: bool = False, like: str | None = None
    ) -> NotebookCampaign:
        """The campaign of that name, or a new one, empty or with all of another."""
        return NotebookCampaign(self, super().campaign(name, create=create, like=like).campaign)

    def overlap(self, segments: Iterable[NotebookSegment | Segment | str]) -> NotebookOverlap:
        """How segments overlap; saved ones may be given by name. 1 to 20 of them."""
        plain = [s.segment if isinstance(s, NotebookSegment) else s for s in segments]
        found = super().overlap(plain)
        return NotebookOverlap(**{part.name: getattr(found, part.name) for part in fields(found)})

    def fields(self) -> pd.DataFrame:
        """The fields that rules may name, with types and how many contacts have a value."""
        import pandas as pd

        rows = [(f.name, f.label, f.type, f.known, f.description) for f in self.catalog.fields]
        return pd.DataFrame(rows, columns=["name", "label", "type", "known", "description"])

    def events(self) -> pd.DataFrame:
        """The events that rules may name, with properties and how often they happened."""
        import pandas as pd

        rows = [
            (e.name, e.label, e.events, e.contacts, ", ".join(p.name for p in e.properties))
            for e in self.catalog.events
        ]
        return pd.DataFrame(rows, columns=["name", "label", "events", "contacts", "properties"])

    def show(
        self,
        segment: NotebookSegment | str | None = None,
        *,
        follow: bool = False,
        every: float = 60.0,
    ) -> AudienceApp:
        """The interactive workbench, starting with a segment where one is given.

        With `follow` this workbench moves on to new data by itself while the screen is open, and
        every so many seconds to the present time; else a button says when there is newer data. The
        switch "Follow new data" on the screen changes it.
        """
        from segbench.ui.audience import AudienceApp

        chosen = self.saved(segment) if isinstance(segment, str) else segment
        return AudienceApp(self, chosen.segment if chosen else None, follow=follow, every=every)


def open_workbench(
    path: str | os.PathLike[str] | None = None, *, as_of: dt.datetime | None = None
) -> NotebookWorkbench:
    """The workbench of a workspace folder, for notebooks.

    Without a path: the folder named by SEGBENCH_WORKSPACE, else `demo-workspace`. `as_of` sets the
    clock of every evaluation; a naive one is taken as UTC.
    """
    return NotebookWorkbench.open(path, as_of=as_of)


def _tree_label(node: RuleOrGroup) -> str:
    if isinstance(node, Group):
        words = "all of" if node.combinator == "and" else "any of"
        return f"not {words}" if node.negated else words
    return phrase(node) or "(off)"


def _frame_html(frame: Any) -> str:
    shown: str = frame.to_html(index=False, border=0, escape=True)
    return shown
