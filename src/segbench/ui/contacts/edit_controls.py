"""The controls that say what an edit does, and whose tags or fields it is about."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import ipywidgets as widgets

from segbench.errors import EditError
from segbench.ui.contacts.desk import Desk
from segbench.ui.panel import labelled
from segbench.ui.wording import contacts, plain
from segbench.workbench.book import Whom

ADD_TAG, REMOVE_TAG = "Add a tag", "Remove a tag"
SET_FIELD, CLEAR_FIELD = "Set a field", "Clear a field"
SELECTED, ALL, ONE = "selected", "all", "one"
_SHOWN = 40


class EditControls:
    """`changed` is told after every change of them; `key` is the contact that the card shows."""

    def __init__(self, desk: Desk, changed: Callable[[object], None]) -> None:
        self.desk, self.key = desk, ""
        self.what = widgets.Dropdown(
            options=[ADD_TAG, REMOVE_TAG, SET_FIELD, CLEAR_FIELD], layout=_wide()
        )
        self.tag = widgets.Combobox(placeholder="Name of the tag", layout=_wide())
        self.field = widgets.Dropdown(layout=_wide())
        self.value = widgets.Text(placeholder="New value", layout=_wide())
        self.whose = widgets.Dropdown(layout=_wide())
        self.widgets = (
            labelled("What", self.what),
            labelled("Tag", self.tag),
            labelled("Field", self.field),
            labelled("Value", self.value),
            labelled("Whose", self.whose),
        )
        self.refresh()
        self._fit()
        self.what.observe(lambda _: self._fit(), "value")
        for control in (self.what, self.tag, self.field, self.value, self.whose):
            control.observe(changed, "value")

    def refresh(self) -> None:
        """Read tags and fields anew, and fit the choice of whom."""
        catalog, shown = self.desk.session.workbench.catalog, self.desk.shown
        tags = tuple(tag.value for tag in catalog.tags)
        if tuple(self.tag.options) != tags:
            self.tag.options = tags
        fields = tuple((field.label or field.name, field.name) for field in catalog.fields)
        if tuple(self.field.options) != fields:
            before = self.field.value
            self.field.options = fields
            self._keep(self.field, before, None)
        whose = [
            (f"Selected ({contacts(len(shown.selected))})", SELECTED),
            ("All on the list", ALL),
        ]
        if self.key:
            whose.append((f"The contact {plain(self.key)[:_SHOWN]}", ONE))
        if list(self.whose.options) != whose:
            before = self.whose.value
            self.whose.options = whose
            self._keep(self.whose, before, SELECTED)

    def set(self, what: str, name: str) -> None:
        """Say what is to be done to the tag or field of that name, of the contact on the card."""
        self.what.value = what
        if what in (ADD_TAG, REMOVE_TAG):
            self.tag.value = name
        else:
            self.field.value = self.desk.session.workbench.catalog.field(name).name
        self.whose.value = ONE

    def change(self) -> dict[str, Any]:
        """The change, as a preview takes it; `EditError` says what is missing."""
        what, tag = self.what.value, self.tag.value.strip()
        if what in (ADD_TAG, REMOVE_TAG):
            if not tag:
                raise EditError("Name the tag first.")
            return {"add" if what == ADD_TAG else "remove": [tag]}
        name, text = self.field.value, self.value.value
        if name is None:
            raise EditError("Choose a field first.")
        if what == CLEAR_FIELD:
            return {"values": {name: None}}
        if not text.strip():
            raise EditError("Give the new value first, or choose “Clear a field”.")
        return {"values": {name: self.desk.session.workbench.book.typed(name, text)}}

    def whom(self) -> Whom:
        """Whose tags or fields are edited; `EditError` where nobody is selected."""
        if self.whose.value == ALL:
            return self.desk.counted()
        if self.whose.value == ONE:
            return [self.key]
        if not self.desk.shown.selected:
            raise EditError("Select contacts in the table first, or choose “All on the list”.")
        return sorted(self.desk.shown.selected)

    def subject(self) -> Hashable:
        """What a preview depends on beside the controls: the data, the list and the selection."""
        snapshot = self.desk.session.workbench.engine.snapshot.id
        if self.whose.value == ALL:
            return snapshot, self.desk.counted()
        return snapshot, self.desk.shown.selected if self.whose.value == SELECTED else self.key

    def _fit(self) -> None:
        tags = self.what.value in (ADD_TAG, REMOVE_TAG)
        shown = {self.tag: tags, self.field: not tags, self.value: self.what.value == SET_FIELD}
        for control, on in shown.items():
            control.layout.display = None if on else "none"

    @staticmethod
    def _keep(control: widgets.Dropdown, before: object, otherwise: object) -> None:
        """Choose what was chosen before, where that is still offered: new options choose none."""
        known = [value for _, value in control.options]
        control.value = before if before in known else otherwise


def _wide() -> widgets.Layout:
    """A layout of a control's own: one that is shared would hide all where it hides one."""
    return widgets.Layout(width="200px")
