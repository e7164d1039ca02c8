"""The JSON Schema of segment files, for editors and other tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from segbench.files.expectations import Expectations
from segbench.files.reading import expectations_adapter
from segbench.model.codec import from_data
from segbench.model.filing import Status
from segbench.model.rules import Group
from segbench.model.segment import LONGEST_NAME

DRAFT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Filed:
    """Who keeps a segment, and how it is found."""

    tags: tuple[str, ...] = ()
    owner: str = ""
    status: Status = "published"


@dataclass(frozen=True)
class _Entries:
    segbench: Literal["segment"]
    format: Literal[1, 2]
    name: str
    group: Group | str
    description: str = ""
    filing: Filed | None = None
    tests: Expectations | None = None


def schema() -> dict[str, Any]:
    """The JSON Schema of a segment file in JSON or YAML.

    It knows the shape; `segbench check` also knows what the rules mean.
    """
    from pydantic import ConfigDict, TypeAdapter

    # Reading anything once makes the classes as strict in the schema as they are in reading.
    from_data({"kind": "group"})
    expectations_adapter()
    parts: tuple[Any, ...] = (_Entries, Filed)
    for part in parts:
        part.__pydantic_config__ = ConfigDict(extra="forbid")
    found = TypeAdapter(_Entries).json_schema()
    _require_kinds(found)
    properties = found["properties"]
    properties["name"] |= {"minLength": 1}
    properties["group"]["description"] = "The rules: a group, or their text form."
    properties["tests"] = {"$ref": "#/$defs/Expectations"}
    properties["filing"] = {"$ref": "#/$defs/Filed"}
    return {
        "$schema": DRAFT,
        **found,
        "title": "segbench segment file",
        "description": (
            "A named group of rules that chooses contacts, with tests of its own where wanted. "
            f"A name has up to {LONGEST_NAME} characters."
        ),
    }


def _require_kinds(found: Any) -> None:
    """A node says what it is: without `kind` it could be several things."""
    for shape in found["$defs"].values():
        if "const" in shape.get("properties", {}).get("kind", {}):
            shape["required"] = ["kind", *shape.get("required", [])]
