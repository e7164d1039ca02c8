"""segbench: an audience workbench for Jupyter.

import segbench as sb
from segbench import did, field, tag

workbench = sb.open("demo-workspace")
segment = workbench.segment(
    "Engaged in DACH",
    field("country").is_any_of("DE", "AT", "CH")
    & tag("compliant")
    & did("email_opened").at_least(3).within(days=30),
)
segment.count()
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segbench.errors import RuleError, SegbenchError
    from segbench.model.ask import (
        all_tags,
        did,
        did_not,
        engaged,
        field,
        in_order,
        in_segment,
        measure,
        not_followed,
        prebuilt,
        sample,
        tag,
    )
    from segbench.model.filing import Filing
    from segbench.model.rules import Group
    from segbench.model.segment import Segment
    from segbench.model.smart_list import SmartList
    from segbench.model.text import parse
    from segbench.model.windows import Ago, Calendar, Since, Until
    from segbench.ui.notebook import open_workbench as open  # noqa: A004

__version__ = "0.1.0"

__all__ = [
    "Ago",
    "Calendar",
    "Filing",
    "Group",
    "RuleError",
    "SegbenchError",
    "Segment",
    "Since",
    "SmartList",
    "Until",
    "all_tags",
    "did",
    "did_not",
    "engaged",
    "field",
    "in_order",
    "in_segment",
    "measure",
    "not_followed",
    "open",
    "parse",
    "prebuilt",
    "sample",
    "tag",
]

_HOMES = {
    "Ago": "segbench.model.windows",
    "Calendar": "segbench.model.windows",
    "Filing": "segbench.model.filing",
    "Group": "segbench.model.rules",
    "RuleError": "segbench.errors",
    "SegbenchError": "segbench.errors",
    "Segment": "segbench.model.segment",
    "Since": "segbench.model.windows",
    "SmartList": "segbench.model.smart_list",
    "Until": "segbench.model.windows",
    "all_tags": "segbench.model.ask",
    "did": "segbench.model.ask",
    "did_not": "segbench.model.ask",
    "engaged": "segbench.model.ask",
    "field": "segbench.model.ask",
    "in_order": "segbench.model.ask",
    "in_segment": "segbench.model.ask",
    "measure": "segbench.model.ask",
    "not_followed": "segbench.model.ask",
    "open": "segbench.ui.notebook",
    "parse": "segbench.model.text",
    "prebuilt": "segbench.model.ask",
    "sample": "segbench.model.ask",
    "tag": "segbench.model.ask",
}


def __getattr__(name: str) -> Any:
    # Loaded on first use: importing segbench must stay quick, and most of it needs no widgets.
    if name not in _HOMES:
        raise AttributeError(f"module 'segbench' has no attribute {name!r}")
    home = importlib.import_module(_HOMES[name])
    found = getattr(home, "open_workbench" if name == "open" else name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
