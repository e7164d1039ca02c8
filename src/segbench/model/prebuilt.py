"""Pre-built segments: parametrised rules that ship with segbench."""

from __future__ import annotations

from segbench.errors import UnknownName
from segbench.model.prebuilt_segments.engagement import ENGAGED, FADING
from segbench.model.prebuilt_segments.lifecycle import MOMENTS, SIGN_UPS
from segbench.model.prebuilt_segments.orders import BUYERS
from segbench.model.prebuilt_segments.reach import REACH
from segbench.model.prebuilt_segments.rfm import RFM
from segbench.model.prebuilt_segments.row import Param as Param
from segbench.model.prebuilt_segments.row import Prebuilt as Prebuilt
from segbench.model.rules import Params, PrebuiltRule

PREBUILT: dict[str, Prebuilt] = {
    row.key: row for row in (*ENGAGED, *SIGN_UPS, *BUYERS, *FADING, *MOMENTS, *REACH, *RFM)
}
"""The pre-built segments by key, in menu order."""


def prebuilt(key: str) -> Prebuilt:
    """The pre-built segment of that key; `UnknownName` with near names where there is none."""
    found = PREBUILT.get(key)
    if found is None:
        raise UnknownName("pre-built segment", key, PREBUILT)
    return found


def with_defaults(rule: PrebuiltRule) -> Params:
    """The rule's parameters, those it leaves out at their defaults."""
    return prebuilt(rule.prebuilt).filled(rule.params)


def sentence(rule: PrebuiltRule) -> str:
    """What the rule's segment says of a contact, without the rule's own NOT."""
    return prebuilt(rule.prebuilt).sentence(rule.params)
