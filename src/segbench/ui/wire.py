"""What goes down to the builder, as plain JSON values; docs/builder-protocol.md is the contract."""

from __future__ import annotations

import math
from typing import Any

from segbench.model.catalog import Catalog, Choice, Field, ValueType
from segbench.model.codec import DEEPEST, MOST_RULES, to_data
from segbench.model.describe import day, describe
from segbench.model.operators import Operator, Subject, operators_for
from segbench.model.rules import Path
from segbench.model.segment import PREBUILT, Segment
from segbench.model.windows import local_day
from segbench.ui.state import State
from segbench.workbench.workbench import Workbench

TYPES: tuple[ValueType, ...] = ("text", "number", "boolean", "date", "datetime")
SUBJECTS: tuple[Subject, ...] = ("tag", "event", "segment", "prebuilt")


def catalog_data(catalog: Catalog, segments: tuple[Segment, ...]) -> dict[str, Any]:
    """Everything that rows may name, with operators, units and limits."""
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
        "prebuilt": _prebuilt_data(),
        "segments": [{"name": s.name, "description": s.description} for s in segments],
        "operators": {
            "field": {kind: _operators("field", kind) for kind in TYPES},
            **{subject: _operators(subject) for subject in SUBJECTS},
        },
        "units": ["minutes", "hours", "days", "weeks"],
        "limits": {"deepest": DEEPEST, "rules": MOST_RULES},
    }


def state_data(state: State, workbench: Workbench) -> dict[str, Any]:
    """The state as the builder draws it."""
    answer = state.answer
    nodes = answer.evaluation.nodes if answer else {}
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
        "contacts": workbench.contacts_total,
        "status": state.status,
        "message": state.message,
        "sentence": describe(state.counts, workbench.wording),
        "as_of": as_of_text(workbench),
        "issues": [
            {"path": list(i.path), "level": i.level, "code": i.code, "message": i.message}
            for i in state.issues
        ],
        "can_undo": state.can_undo,
        "can_redo": state.can_redo,
    }


def key(path: Path) -> str:
    """A path as the builder's key: "" for the root, "1.0" for the first child of the second."""
    return ".".join(map(str, path))


def as_of_text(workbench: Workbench) -> str:
    """The moment of evaluation in words, in the workspace's time zone."""
    import datetime as dt

    local = workbench.as_of.replace(tzinfo=dt.UTC).astimezone(workbench.zone)
    return f"{day(local_day(workbench.as_of, workbench.zone))}, {local:%H:%M} ({workbench.zone})"


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


def _prebuilt_data() -> list[dict[str, Any]]:
    return [
        {
            "key": row.key,
            "label": row.label,
            "description": row.description,
            "params": [
                {
                    "name": param.name,
                    "label": param.label,
                    "default": param.default,
                    "least": param.least,
                    "most": param.most,
                }
                for param in row.params
            ],
        }
        for row in PREBUILT.values()
    ]


def _choices(choices: tuple[Choice, ...]) -> list[list[Any]]:
    return [[choice.value, choice.count] for choice in choices]


def _operators(subject: Subject, kind: ValueType | None = None) -> list[dict[str, Any]]:
    return [_operator_data(row) for row in operators_for(subject, kind)]


def _operator_data(row: Operator) -> dict[str, Any]:
    negative = row.negates is not None
    return {"key": row.key, "label": row.label, "shape": row.shape, "negative": negative}
