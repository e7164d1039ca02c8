"""What goes down to the builder, as plain JSON values; docs/builder-protocol.md is the contract."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from segbench.model.catalog import Catalog, Choice, Field
from segbench.model.codec import to_data
from segbench.model.describe import describe
from segbench.model.moments import local_day
from segbench.model.rules import Path
from segbench.model.segment import Segment
from segbench.model.wording import day
from segbench.ui.builder_menus import menus
from segbench.ui.builder_spans import spans
from segbench.ui.news import news_data
from segbench.ui.state import State
from segbench.workbench.workbench import Workbench


def catalog_data(
    catalog: Catalog, segments: tuple[Segment, ...], contact_zone: str = ""
) -> dict[str, Any]:
    """Everything that rows may name, with operators, units and limits.

    `contact_zone` is the field with each contact's time zone, "" where none is known.
    """
    return {
        "contacts": catalog.contacts,
        "fields": [_field_data(field) for field in catalog.fields],
        "tags": _choices(catalog.tags),
        "events": [
            {
                "name": event.name,
                "label": event.label or event.name,
                "description": event.description,
                "events": event.events,
                "contacts": event.contacts,
                "properties": [
                    {
                        "name": prop.name,
                        "label": prop.label or prop.name,
                        "type": prop.type,
                        "choices": _choices(prop.choices),
                    }
                    for prop in event.properties
                ],
            }
            for event in catalog.events
        ],
        "segments": [{"name": s.name, "description": s.description} for s in segments],
        "tag_times": catalog.tag_times,
        "contact_zone": contact_zone,
        **menus(),
    }


def state_data(state: State, workbench: Workbench) -> dict[str, Any]:
    """The state as the builder draws it."""
    answer = state.answer
    nodes = answer.evaluation.nodes if answer else {}
    as_of = answer.as_of if answer else workbench.as_of
    return {
        "revision": state.revision,
        "shape": state.shape,
        "tree": _finite(to_data(state.tree)),
        "nodes": {
            key(path): {"alone": counts.alone, "after": counts.after}
            for path, counts in nodes.items()
        },
        "counted": answer.revision if answer else -1,
        "total": answer.evaluation.total if answer else 0,
        "contacts": answer.evaluation.contacts if answer else workbench.contacts_total,
        "status": state.status,
        "message": state.message,
        "sentence": describe(state.counts, workbench.wording),
        "as_of": moment_text(as_of, workbench),
        "spans": spans(state.tree, workbench.wording, as_of),
        "news": news_data(state.news, workbench.zone),
        "issues": [
            {"path": list(i.path), "level": i.level, "code": i.code, "message": i.message}
            for i in state.issues
        ],
        "can_undo": state.can_undo,
        "can_redo": state.can_redo,
        "heard": state.heard,
    }


def key(path: Path) -> str:
    """A path as the builder's key: "" for the root, "1.0" for the first child of the second."""
    return ".".join(map(str, path))


def moment_text(moment: dt.datetime, workbench: Workbench) -> str:
    """A moment (naive UTC) in words, in the workspace's time zone."""
    local = moment.replace(tzinfo=dt.UTC).astimezone(workbench.zone)
    return f"{day(local_day(moment, workbench.zone))}, {local:%H:%M} ({workbench.zone})"


def _finite(data: Any) -> Any:
    """The data with numbers that JSON does not have (NaN, infinity) as text: rows are marked."""
    if isinstance(data, dict):
        return {name: _finite(value) for name, value in data.items()}
    if isinstance(data, list):
        return [_finite(value) for value in data]
    return str(data) if isinstance(data, float) and not math.isfinite(data) else data


def _field_data(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label or field.name,
        "type": field.type,
        "description": field.description,
        "known": field.known,
        "choices": _choices(field.choices),
    }


def _choices(choices: tuple[Choice, ...]) -> list[list[Any]]:
    return [[choice.value, choice.count] for choice in choices]
