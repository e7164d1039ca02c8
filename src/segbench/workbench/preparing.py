"""Keeping beside a lake what the first questions about its contacts need."""

from __future__ import annotations

from segbench.engine.columns import FEW
from segbench.model.rules import TagRule
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace

MOST_TAGS = 64
"""The most frequent tags are prepared: a set takes a bit a contact, and as long as its question."""


def prepare_workspace(place: Workspace) -> int:
    """Make the catalogue, the fields' arrays and the tags' sets of the newest snapshot.

    How many fields have an array. All of it is made at need anyway: then somebody waits for the
    first question about each.
    """
    with Workbench(place) as workbench:
        fields = workbench.catalog.fields
        if workbench.contacts_total < FEW:
            return 0
        for tag in workbench.catalog.tags[:MOST_TAGS]:
            workbench.members(TagRule("has_any_of", (tag.value,)), {})
        columns = workbench.engine.columns
        return sum(columns.prepare(field.name) for field in fields)
