"""The view "Profile": the segment on screen against all contacts, or against another segment."""

from __future__ import annotations

import html
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import ipywidgets as widgets
import plotly.graph_objects as go

from segbench.audience.activity import Activity, Sales
from segbench.audience.profile import FieldProfile, Profile, Value, most_telling
from segbench.engine.membership import Membership
from segbench.errors import RuleError, SegbenchError
from segbench.model.describe import phrase
from segbench.model.rules import SegmentRule
from segbench.ui.note_figure import note_figure
from segbench.ui.overlap_tables import folded
from segbench.ui.panel import Message
from segbench.ui.picks import picked
from segbench.ui.session import Session
from segbench.ui.state import Answer
from segbench.ui.theme import NARROW, Mode, theme
from segbench.ui.views import profile_tables as tables
from segbench.ui.views import profile_words as words
from segbench.ui.views.activity_figure import activity_figure
from segbench.ui.views.adding import with_row
from segbench.ui.views.profile_controls import Chosen, ProfileControls
from segbench.ui.views.profile_figure import profile_figure
from segbench.workbench.happened import activity_of, sales_of
from segbench.workbench.profiling import profile_members
from segbench.workbench.workbench import Workbench

_DRAWINGS = 10_000
_ROOMY = 700


@dataclass(frozen=True)
class _Found:
    """What is on screen: who the other side is, and either values or activity."""

    chosen: Chosen
    profile: Profile
    here: Sales | None
    there: Sales | None
    activity: Activity | None


class ProfileView:
    """How the segment differs in its fields, its activity and its orders; `redraw` draws anew."""

    title = "Profile"

    def __init__(self, session: Session, redraw: Callable[[], None]) -> None:
        self.session = session
        self.message = Message()
        self.controls = ProfileControls(redraw)
        self.words = widgets.HTML()
        self.words.add_class("sbp-words")
        self.box = widgets.VBox([self.controls.box, self.message, self.words])
        self._found: _Found | None = None
        self._rows: tuple[tuple[FieldProfile, Value], ...] = ()
        self._drawing = 0

    def wants(self) -> Hashable:
        """The choices."""
        return self.controls.chosen

    def find(self, workbench: Workbench, answer: Answer) -> None:
        """Compare the segment that was counted, and write the words."""
        saved = workbench.library.segments()
        self.controls.offer_segments(entry.segment.name for entry in saved)
        try:
            found = self._compare(workbench, answer)
        except SegbenchError:
            self._found, self._rows, self.words.value = None, (), ""
            raise
        self._found = found
        self.controls.offer_fields(found.profile, workbench)
        self._drawing = (self._drawing + 1) % _DRAWINGS
        self._rows = self._chosen(found.profile)
        self.words.value = self._html(found, workbench.settings.words.amount)

    def _compare(self, workbench: Workbench, answer: Answer) -> _Found:
        chosen = self.controls.chosen
        here = workbench.members(answer.tree)
        there = (
            workbench.members(SegmentRule(chosen.other))
            if chosen.other
            else Membership.everyone(workbench.contacts_total)
        )
        active = None
        if chosen.timed:
            active = activity_of(workbench, here, there, chosen.event, chosen.every)
        return _Found(
            chosen=chosen,
            profile=profile_members(workbench, here, there),
            here=sales_of(workbench, here),
            there=sales_of(workbench, there),
            activity=active,
        )

    def figure(self, mode: Mode, width: int | None) -> go.Figure | None:
        """The values as dots and rings, or the activity as lines."""
        found = self._found
        if found is None:
            return None
        nothing = words.nothing_to_tell(found.profile, found.chosen.other)
        if nothing:
            return note_figure(nothing, theme(mode), width)
        other = words.other_side(found.chosen.other)
        if found.activity is not None:
            finding = words.time_finding(
                found.activity, self.controls.event_label, found.chosen.every, found.chosen.other
            )
            remark = words.time_remark(found.activity, found.chosen.every, found.chosen.other)
            return activity_figure(
                found.activity, finding, remark, other, found.chosen.every, mode=mode, width=width
            )
        finding = words.values_finding(
            found.profile,
            found.chosen.other,
            self._field(found.profile),
            most_values=3 if (width or NARROW) >= _ROOMY else 2,
        )
        if len(self._rows) < 2:
            more = "Choose a field to see its values."
            return note_figure(f"{finding.removesuffix('.')}. {more}", theme(mode), width)
        remark = words.values_remark(found.profile, found.chosen.other)
        picks = [f"value:{self._drawing},{at}" for at in range(len(self._rows))]
        return profile_figure(self._rows, finding, remark, other, picks, mode=mode, width=width)

    def act(self, act: str, what: str) -> None:
        """Add a value as a row, or show a field."""
        self.message.clear()
        pick = picked(what)
        if pick is None or pick.kind not in ("value", "field") or len(pick.at) != 2:
            raise RuleError("That part of the profile is not known.")
        drawing, at = pick.at
        found = self._found
        shown = self._rows if pick.kind == "value" else found.profile.fields if found else ()
        if drawing != self._drawing or at >= len(shown):
            raise RuleError("The profile has changed meanwhile; click again.")
        match act, shown[at]:
            case (("add" | "pick"), (_, Value() as value)):
                self._add(value)
            case "show", FieldProfile() as field:
                self.controls.show_field(field.name)
            case _:
                raise RuleError("Nothing can be done like that.")

    def _add(self, value: Value) -> None:
        tree = self.session.page.tree
        added = with_row(tree, value.rule)
        said = phrase(value.rule, self.session.workbench.wording)
        if added == tree:
            self.message.say(f"It is a row already: {said}.")
            return
        try:
            self.session.write(added)
        except SegbenchError as error:
            self.message.warn(str(error))
            return
        self.message.say(f"Added as a row: {said}. Undo takes it back.")

    def _chosen(self, found: Profile) -> tuple[tuple[FieldProfile, Value], ...]:
        field = self._field(found)
        if field is None:
            return most_telling(found, words.SHOWN)
        return tuple((field, value) for value in field.values)

    def _field(self, found: Profile) -> FieldProfile | None:
        return next(
            (field for field in found.fields if field.name == self.controls.field.value), None
        )

    def _html(self, found: _Found, amount: str) -> str:
        if words.nothing_to_tell(found.profile, found.chosen.other):
            return ""
        orders = tables.orders_table(found.here, found.there, found.chosen.other, amount)
        if found.activity is not None:
            summary = words.time_summary(found.activity, found.chosen.every, found.chosen.other)
            return (
                tables.periods_table(found.activity, found.chosen.every)
                + orders
                + folded("profile-words", "In words", f"<p>{html.escape(summary)}</p>")
                + tables.files(
                    found.activity.to_frame(), "Chart as PNG", "activity.csv", "Periods as CSV"
                )
            )
        summary = words.values_summary(found.chosen.other, self._rows)
        return (
            tables.values_table(self._rows, self._drawing)
            + tables.fields_table(found.profile, self._drawing)
            + orders
            + folded("profile-words", "In words", f"<p>{html.escape(summary)}</p>")
            + tables.files(
                found.profile.to_frame(), "Chart as PNG", "profile.csv", "Profile as CSV"
            )
        )
