"""A catalogue as JSON, so that a snapshot needs to be counted through once only."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from segbench.model.catalog import Catalog, Choice, EventType, Field, Property

NAME = "catalog.json"


def write_catalog(catalog: Catalog) -> bytes:
    """The catalogue as JSON in UTF-8."""
    # Half a character cannot be in a lake; should one be, it is escaped.
    return json.dumps(asdict(catalog)).encode("utf-8")


def read_catalog(content: bytes) -> Catalog | None:
    """What `write_catalog` wrote; None where it has another shape, as of another version."""
    try:
        data = json.loads(content)
        return Catalog(
            data["contacts"],
            tuple(_with_choices(Field, each) for each in data["fields"]),
            _choices(data["tags"]),
            tuple(_event(each) for each in data["events"]),
            data["tag_times"],
        )
    except (ValueError, KeyError, TypeError):
        return None


def _event(data: dict[str, Any]) -> EventType:
    properties = tuple(_with_choices(Property, each) for each in data.pop("properties"))
    return EventType(properties=properties, **data)


def _with_choices(kind: type[Any], data: dict[str, Any]) -> Any:
    return kind(choices=_choices(data.pop("choices")), **data)


def _choices(data: list[dict[str, Any]]) -> tuple[Choice, ...]:
    return tuple(Choice(**each) for each in data)
