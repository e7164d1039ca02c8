"""The row that adds a source: a saved segment, a smart list, a pre-built segment, or one built."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets as widgets

from segbench.errors import CampaignError
from segbench.model.prebuilt import PREBUILT
from segbench.model.prebuilt_segments.row import Param
from segbench.model.recipe import (
    RecipientSource,
    Role,
    list_source,
    rules_source,
    segment_source,
)
from segbench.model.rules import Group, Params, PrebuiltRule, Scalar
from segbench.ui.campaign_draft import CampaignDraft
from segbench.ui.panel import Message, button, drop, guarded, labelled, row

NONE = "(choose)"
KINDS = {
    "Saved segment": "segment",
    "Smart list": "list",
    "Pre-built segment": "prebuilt",
}


class AddSource:
    """Chooses a source, and adds it to those that are included or excluded."""

    def __init__(
        self,
        draft: CampaignDraft,
        add: Callable[[Role, RecipientSource], None],
        build: Callable[[], None],
    ) -> None:
        self.draft, self._add = draft, add
        self.message = Message()
        self.kind = widgets.Dropdown(options=list(KINDS), layout=widgets.Layout(width="180px"))
        self.which = widgets.Dropdown(options=[NONE], layout=widgets.Layout(width="300px"))
        self.params = row()
        self.include = self._button("Include", lambda: self._take("include"), "Send to these", True)
        self.exclude = self._button("Exclude", lambda: self._take("exclude"), "Leave these out")
        self._params: dict[str, tuple[Param, widgets.Widget]] = {}
        self.box = widgets.VBox(
            [
                row(
                    labelled("Add a", self.kind),
                    labelled("Which", self.which),
                    self.params,
                    self.include,
                    self.exclude,
                    self._button("Build segments", build, "Build one here, with filters"),
                ),
                self.message,
            ]
        )
        self.kind.observe(guarded(self.message, lambda _: self.refresh()), "value")
        self.which.observe(guarded(self.message, lambda _: self._ask()), "value")
        self.refresh()

    def refresh(self) -> None:
        """Read anew what there is to choose from; the choice stays where it still exists."""
        options = [(NONE, ""), *self._there()]
        if tuple(self.which.options) != tuple(options):
            before = self.which.value
            self.which.options = options
            self.which.value = before if before in {value for _, value in options} else ""

    def _there(self) -> list[tuple[str, str]]:
        library = self.draft.workbench.library
        match KINDS[self.kind.value]:
            case "segment":
                return [(name, name) for name in library.groups()]
            case "list":
                lists = library.lists.all()
                return [(each.smart_list.name, each.smart_list.name) for each in lists]
            case _:
                return [(each.label, each.key) for each in PREBUILT.values()]

    def _take(self, role: Role) -> None:
        self.message.clear()
        if not self.which.value:
            raise CampaignError(f"Choose a {str(self.kind.value).lower()} first.")
        self._add(role, self._source())

    def _source(self) -> RecipientSource:
        name = str(self.which.value)
        match KINDS[self.kind.value]:
            case "segment":
                return segment_source(name)
            case "list":
                return list_source(name)
            case _:
                return self._prebuilt(name)

    def _prebuilt(self, key: str) -> RecipientSource:
        values = {
            name: _value(param, control.value) for name, (param, control) in self._params.items()
        }
        rule = PrebuiltRule(key, Params(values))
        told = ", ".join(f"{name} {value}" for name, value in values.items())
        label = PREBUILT[key].label
        return rules_source(f"{label} ({told})"[:120] if told else label, Group(rules=(rule,)))

    def _ask(self) -> None:
        """Ask for the parameters of the pre-built segment that is chosen."""
        old, self.params.children = self.params.children, ()
        for each in old:
            drop(each)
        chosen = PREBUILT.get(self.which.value) if KINDS[self.kind.value] == "prebuilt" else None
        self._params = {
            param.name: (param, self._control(param))
            for param in (chosen.params if chosen is not None else ())
        }
        self.params.children = tuple(control for _, control in self._params.values())

    def _control(self, param: Param) -> widgets.Widget:
        width = widgets.Layout(width="140px")
        if param.kind in ("choice", "field"):
            fields = [field.name for field in self.draft.workbench.catalog.fields]
            options = list(param.choices) if param.kind == "choice" else fields
            value = param.default if param.default in options else options[0]
            made = widgets.Dropdown(options=options, value=value, layout=width)
        else:
            made = widgets.Text(value=f"{param.default}", layout=width)
        return labelled(param.label.capitalize(), made)

    def _button(
        self, text: str, action: Callable[[], None], title: str, primary: bool = False
    ) -> widgets.Button:
        return button(text, action, self.message, primary=primary, title=title)


def _value(param: Param, text: str) -> Scalar:
    if param.kind in ("choice", "field"):
        return text
    try:
        number = int(text) if param.kind == "whole" else float(text)
    except ValueError:
        raise CampaignError(f"{param.label.capitalize()} is a number, not {text!r}.") from None
    if not param.least <= number <= param.most:
        raise CampaignError(
            f"{param.label.capitalize()} lies between {param.least:g} and {param.most:g}."
        )
    return number
