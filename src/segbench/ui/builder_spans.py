"""The days that the windows of rows mean at the moment of the count."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from segbench.model.rules import FieldRule, Group, RuleOrGroup
from segbench.model.tree import walk
from segbench.model.wording import Wording, known_field, window_dates


def spans(tree: Group, wording: Wording, as_of: dt.datetime) -> dict[str, str]:
    """For each row with a moving window, by its place ("1.0"): "since 23 Oct 2026"."""
    now = replace(wording, as_of=as_of)
    texts = {".".join(map(str, path)): _span(node, now) for path, node in walk(tree)}
    return {place: text for place, text in texts.items() if text}


def _span(node: RuleOrGroup, wording: Wording) -> str:
    kind = known_field(node.field, wording)[1] if isinstance(node, FieldRule) else "datetime"
    return window_dates(getattr(node, "window", None), wording, kind)
