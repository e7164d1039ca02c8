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
    from segbench.model.ask import all_tags, did, did_not, engaged, field, in_segment, tag
    from segbench.model.rules import Group
    from segbench.model.segment import Segment
    from segbench.ui.notebook import open_workbench as open  # noqa: A004

__version__ = "0.1.0"

__all__ = [
    "Group",
    "RuleError",
    "SegbenchError",
    "Segment",
    "all_tags",
    "did",
    "did_not",
    "engaged",
    "field",
    "in_segment",
    "open",
    "tag",
]

_HOMES = {
    "Group": "segbench.model.rules",
    "RuleError": "segbench.errors",
    "SegbenchError": "segbench.errors",
    "Segment": "segbench.model.segment",
    "all_tags": "segbench.model.ask",
    "did": "segbench.model.ask",
    "did_not": "segbench.model.ask",
    "engaged": "segbench.model.ask",
    "field": "segbench.model.ask",
    "in_segment": "segbench.model.ask",
    "open": "segbench.ui.notebook",
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
