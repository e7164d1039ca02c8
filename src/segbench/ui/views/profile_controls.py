"""What can be chosen in the view "Profile": the other side, the chart, a field, an event."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import ipywidgets as widgets

from segbench.audience.profile import Profile
from segbench.errors import RuleError
from segbench.ui.panel import labelled, row
from segbench.workbench.happened import ENGAGEMENT, Every, event_names
from segbench.workbench.workbench import Workbench

EVERYBODY = "All contacts"
VALUES, TIME = "Values", "Over time"
TELLING = "The most telling values"
ANY = "Any engagement"
_EVERY: tuple[tuple[str, Every], ...] = (("Week", "week"), ("Month", "month"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The choices: a saved segment (all contacts where empty), what is drawn, and of what."""

    other: str
    timed: bool
    field: str
    event: str
    every: Every


class ProfileControls:
    """The controls of a profile; `changed` is told of every choice."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._told = changed
        self._quiet = False
        self.against = widgets.Dropdown(options=[(EVERYBODY, "")], layout=_width("280px"))
        self.show = widgets.ToggleButtons(options=(VALUES, TIME), style={"button_width": "auto"})
        self.field = widgets.Dropdown(options=[(TELLING, "")], layout=_width("280px"))
        self.event = widgets.Dropdown(options=[(ANY, ENGAGEMENT)], layout=_width("220px"))
        self.every = widgets.ToggleButtons(options=_EVERY, style={"button_width": "auto"})
        self._of_values = labelled("Field", self.field)
        self._of_time = row(labelled("Event", self.event), labelled("Per", self.every))
        self.box = row(
            labelled("Compared with", self.against),
            labelled("Chart", self.show),
            self._of_values,
            self._of_time,
        )
        for control in (self.against, self.show, self.field, self.event, self.every):
            control.observe(lambda _: self._changed(), "value")
        self._fit()

    @property
    def chosen(self) -> Chosen:
        """What is chosen now."""
        return Chosen(
            str(self.against.value),
            self.show.value == TIME,
            str(self.field.value),
            str(self.event.value),
            self.every.value,
        )

    @property
    def event_label(self) -> str:
        """What the chosen event is called."""
        return next((label for label, name in self.event.options if name == self.event.value), ANY)

    def show_field(self, name: str) -> None:
        """Show the values of a field; `RuleError` where the profile does not have it."""
        if name not in [value for _, value in self.field.options]:
            raise RuleError(f"The field {name!r} is not in the profile any more.")
        self.field.value = name
        self.show.value = VALUES

    def offer_segments(self, names: Iterable[str]) -> None:
        """Offer these saved segments as the other side."""
        self._offer(self.against, [(EVERYBODY, ""), *((name, name) for name in names)])

    def offer_fields(self, found: Profile, workbench: Workbench) -> None:
        """Offer the fields of a profile, and the events of a workbench."""
        fields = sorted(found.fields, key=lambda field: field.label.casefold())
        self._offer(self.field, [(TELLING, ""), *((each.label, each.name) for each in fields)])
        labels = {event.name: event.label or event.name for event in workbench.catalog.events}
        events = [(labels[name], name) for name in event_names(workbench)]
        self._offer(self.event, [(ANY, ENGAGEMENT), *events])

    def _offer(self, control: widgets.Dropdown, options: list[tuple[str, str]]) -> None:
        """Offer these; what is chosen stays, where it is still there."""
        if tuple(control.options) == tuple(options):
            return
        before, self._quiet = control.value, True
        try:
            control.options = options
            control.value = before if before in [value for _, value in options] else ""
        finally:
            self._quiet = False

    def _changed(self) -> None:
        self._fit()
        if not self._quiet:
            self._told()

    def _fit(self) -> None:
        """Show the controls that belong to the chart."""
        timed = self.show.value == TIME
        self._of_values.layout.display = "none" if timed else ""
        self._of_time.layout.display = "" if timed else "none"


def _width(width: str) -> widgets.Layout:
    return widgets.Layout(width=width, max_width="100%", min_width="0")
