"""Keeping beside a lake what the first questions about its contacts need."""

from __future__ import annotations

from segbench.engine.columns import FEW
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace


def prepare_workspace(place: Workspace) -> int:
    """Make the catalogue and the fields' arrays of the newest snapshot; how many fields have one.

    They are made at need anyway: then somebody waits for the first question about each field.
    """
    with Workbench(place) as workbench:
        fields = workbench.catalog.fields
        if workbench.contacts_total < FEW:
            return 0
        columns = workbench.engine.columns
        return sum(columns.prepare(field.name) for field in fields)
