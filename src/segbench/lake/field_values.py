"""Single values for fields, checked against the type of their field."""

from __future__ import annotations

import datetime as dt
import math

import pyarrow as pa

from segbench.errors import LakeError

_ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "VARCHAR[]": pa.list_(pa.string()),
}
_NAMES = {
    "VARCHAR": "a text",
    "BIGINT": "a whole number of up to 64 bits",
    "DOUBLE": "a number",
    "BOOLEAN": "True or False",
    "DATE": "a date without a time",
    "TIMESTAMP": "a time",
    "VARCHAR[]": "a list of texts",
}


def arrow_value(name: str, value: object, stored: str) -> pa.Array:
    """The value as an Arrow array of the type that its field is stored in; None is no value.

    `LakeError` where the field cannot hold it. Aware times are stored in UTC, naive ones are UTC.
    """
    if value is None:
        return pa.array([None], _ARROW[stored])
    if not _fits(value, stored):
        raise LakeError(f"The field {name!r} holds {_NAMES[stored]}, not {value!r:.80}.")
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        value = value.astimezone(dt.UTC).replace(tzinfo=None)
    if stored == "DOUBLE":
        value = float(value)  # type: ignore[arg-type]
    return pa.array([list(value) if isinstance(value, tuple) else value], _ARROW[stored])


def _fits(value: object, stored: str) -> bool:
    match stored:
        case "VARCHAR":
            return isinstance(value, str)
        case "BOOLEAN":
            return isinstance(value, bool)
        case "DATE":
            return isinstance(value, dt.date) and not isinstance(value, dt.datetime)
        case "TIMESTAMP":
            return isinstance(value, dt.datetime)
        case "VARCHAR[]":
            return isinstance(value, list | tuple) and all(isinstance(v, str) for v in value)
    if isinstance(value, bool):
        return False
    if stored == "BIGINT":
        return isinstance(value, int) and -(2**63) <= value < 2**63
    return isinstance(value, int | float) and math.isfinite(value)
