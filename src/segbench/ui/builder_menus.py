"""The fixed menus of the builder, as plain JSON values: operators, units, pre-built segments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from segbench.model.catalog import ValueType
from segbench.model.checks.events import MOST_STEPS
from segbench.model.checks.values import LONGEST_TEXT
from segbench.model.codec import DEEPEST, MOST_RULES
from segbench.model.operators import (
    HAPPENED_WINDOWS,
    MONTHS,
    WEEKDAYS,
    Operator,
    Subject,
    measured_type,
    operators_for,
    operators_of_measure,
)
from segbench.model.prebuilt import Param, Prebuilt
from segbench.model.prebuilt_segments.engagement import ENGAGED, FADING
from segbench.model.prebuilt_segments.lifecycle import MOMENTS, SIGN_UPS
from segbench.model.prebuilt_segments.orders import BUYERS
from segbench.model.prebuilt_segments.reach import REACH
from segbench.model.prebuilt_segments.rfm import RFM
from segbench.model.windows import PERIODS, UNITS

TYPES: tuple[ValueType, ...] = get_args(ValueType)
SUBJECTS: tuple[Subject, ...] = ("tag", "event", "sequence", "segment", "prebuilt", "sample")
PREBUILT_GROUPS: tuple[tuple[str, tuple[Prebuilt, ...]], ...] = (
    ("Engagement", (*ENGAGED, *FADING)),
    ("Customers and orders", (*BUYERS, *RFM)),
    ("Sign-ups and moments", (*SIGN_UPS, *MOMENTS)),
    ("Reach", REACH),
)
"""The pre-built segments as the picker groups them."""


def menus() -> dict[str, Any]:
    """Everything that is the same for all data."""
    return {
        "prebuilt": [_prebuilt_data(row, group) for group, rows in PREBUILT_GROUPS for row in rows],
        "operators": {
            "field": {kind: _operators("field", kind) for kind in TYPES},
            **{subject: _operators(subject) for subject in SUBJECTS},
            "measure": [_measure_data(row) for row in operators_for("measure")],
        },
        "units": list(UNITS),
        "periods": list(PERIODS),
        "weekdays": list(WEEKDAYS),
        "months": list(MONTHS),
        "happened": list(HAPPENED_WINDOWS),
        "limits": {
            "deepest": DEEPEST,
            "rules": MOST_RULES,
            "steps": MOST_STEPS,
            "text": LONGEST_TEXT,
        },
    }


def _operators(subject: Subject, kind: ValueType | None = None) -> list[dict[str, Any]]:
    return [_operator_data(row) for row in operators_for(subject, kind)]


def _operator_data(row: Operator) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "shape": row.shape,
        "negative": row.negates is not None,
        "takes": row.takes,
        "windows": list(row.windows),
        "by_field": row.by_field,
        "ranked": row.ranked,
    }


def _measure_data(row: Operator) -> dict[str, Any]:
    """A figure: by the type of its property, "" for none, what type it has and what compares it."""
    figures = {
        kind or "": {
            "type": measured_type(row.key, kind),
            "operators": [test.key for test in operators_of_measure(row.key, kind)],
        }
        for kind in _property_types(row)
    }
    return {**_operator_data(row), "figures": figures}


def _property_types(row: Operator) -> Iterator[ValueType | None]:
    if not row.types:
        yield None
    yield from (kind for kind in TYPES if kind in row.types)


def _prebuilt_data(row: Prebuilt, group: str) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "description": row.description,
        "group": group,
        "params": [_param_data(param) for param in row.params],
    }


def _param_data(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "label": param.label,
        "kind": param.kind,
        "default": param.default,
        "least": param.least,
        "most": param.most,
        "choices": list(param.choices),
    }
