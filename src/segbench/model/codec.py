"""Rules as JSON and back. The values know nothing of it; pydantic reads them by their types."""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from segbench.errors import FormatError, SegbenchError
from segbench.model.rules import Group, RuleOrGroup
from segbench.model.segment import Segment

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FORMAT = 2
"""The number of the JSON format that this version writes."""
READABLE = (1, 2)
"""The formats that it reads. Format 2 added kinds of rules and changed none: 1 reads as it is."""
DEEPEST = 32
"""The most groups inside one another, the root counted."""
MOST_RULES = 1_000
_MOST_WRITTEN = 2 * DEEPEST
SILENT = ("note", "locked")
"""What a rule or group says without asking anything."""


def to_data(node: RuleOrGroup) -> dict[str, Any]:
    """The node as plain JSON values; what is at its default is left out, except `kind`."""
    if deeper_than(_MOST_WRITTEN, node):
        raise FormatError(f"Groups can be nested at most {DEEPEST} deep.")
    data: dict[str, Any] = _plain(node)
    return data


def deeper_than(most: int, node: RuleOrGroup) -> bool:
    """Whether more groups than that lie inside one another; looks no further down."""
    level = [node]
    for _ in range(most):
        level = [rule for part in level if isinstance(part, Group) for rule in part.rules]
    return any(isinstance(part, Group) for part in level)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: value[name] for name in sorted(value)}
    if not is_dataclass(value):
        return value
    found = {"kind": value.kind} if hasattr(value, "kind") else {}
    for part in fields(value):
        held = getattr(value, part.name)
        default = part.default if part.default_factory is MISSING else part.default_factory()
        if part.name != "kind" and held != default:
            found[part.name] = _plain(held)
    return found


def from_data(data: object) -> RuleOrGroup:
    """The node that plain JSON values describe; `FormatError` says what is wrong and where."""
    from pydantic import ValidationError

    _refuse_monsters(data)
    try:
        # Strict reading knows lists as tuples only in JSON mode, so the values go through text.
        return _adapter().validate_json(json.dumps(data))
    except ValidationError as error:
        raise FormatError(_first_problem(error)) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise FormatError(f"These are no JSON values: {error}.") from None


def group_from_data(data: object) -> Group:
    """The group that plain JSON values describe; a bare rule is refused."""
    node = from_data(data)
    if not isinstance(node, Group):
        raise FormatError(f"The outermost node must be a group, not a {node.kind} rule.")
    return node


def to_json(segment: Segment) -> str:
    """The segment as a JSON text, keys sorted: equal segments give equal texts."""
    return json.dumps(
        {
            "segbench": "segment",
            "format": FORMAT,
            "name": segment.name,
            "description": segment.description,
            "group": to_data(segment.group),
        },
        ensure_ascii=False,
        indent=2,
        sort_keys=True,
    )


def from_json(text: str | bytes) -> Segment:
    """The segment in a JSON text; `FormatError` says what is wrong and where."""
    try:
        data = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"This is not JSON: {str(error) or 'nested too deep'}.") from None
    if not isinstance(data, dict) or data.get("segbench") != "segment":
        raise FormatError('This JSON is no segment: it lacks "segbench": "segment".')
    if type(data.get("format")) is not int or data["format"] not in READABLE:
        known = " and ".join(map(str, READABLE))
        raise FormatError(f"Segment format {data.get('format')!r} is not readable; {known} are.")
    name, description = data.get("name"), data.get("description", "")
    if not isinstance(name, str) or not isinstance(description, str):
        raise FormatError("A segment's name and description must be text.")
    unknown = set(data) - {"segbench", "format", "name", "description", "group"}
    if unknown:
        raise FormatError(f"A segment has no entry {sorted(unknown)[0]!r}.")
    try:
        return Segment(name, group_from_data(data.get("group")), description)
    except SegbenchError as error:
        raise error if isinstance(error, FormatError) else FormatError(str(error)) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise FormatError(f"The entry {name!r} is there twice in one object.")
        found[name] = value
    return found


def fingerprint(group: Group) -> str:
    """SHA-256 (hex) of the rules as canonical JSON: equal rules, equal fingerprint.

    Notes and locks are left out: they ask nothing.
    """
    text = json.dumps(
        _asking(to_data(group)),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        default=repr,
    )
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _asking(data: Any) -> Any:
    if isinstance(data, list):
        return [_asking(item) for item in data]
    if isinstance(data, dict):
        # Parameters are values, whatever they are called; nodes are known by their kind.
        ours = "kind" in data or "event" in data
        return {k: _asking(v) for k, v in data.items() if not (ours and k in SILENT)}
    if isinstance(data, int) and data.bit_length() > 10_000:
        # Python writes no whole number of thousands of digits.
        return hex(data)
    return data


@cache
def _adapter() -> TypeAdapter[RuleOrGroup]:
    from pydantic import ConfigDict, TypeAdapter

    config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    for kind in _value_classes():
        kind.__pydantic_config__ = config
    return TypeAdapter(RuleOrGroup)


def _value_classes() -> tuple[Any, ...]:
    from segbench.model import rules, windows

    parts = (rules.Step, rules.Comparison, rules.Group)
    return (*rules.RULES, *parts, *get_args(get_args(windows.Window)[0]))


def _refuse_monsters(data: object) -> None:
    """Depth and size limits, without recursion: deep input must not reach a recursive reader."""
    level, rules = [data], 0
    for _ in range(DEEPEST):
        below: list[object] = []
        for node in level:
            members = node.get("rules") if isinstance(node, dict) else None
            if isinstance(members, (list, tuple)):
                below.extend(members)
        rules += len(below)
        if rules > MOST_RULES:
            raise FormatError(f"A segment holds at most {MOST_RULES:,} rules and groups.")
        level = below
    if any(isinstance(n, dict) and ("rules" in n or n.get("kind") == "group") for n in level):
        raise FormatError(f"Groups can be nested at most {DEEPEST} deep.")


def _first_problem(error: Any) -> str:
    problem = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in problem["loc"]) or "the outermost node"
    more = error.error_count() - 1
    return f"At {place}: {problem['msg']}" + (f" (and {more} more problems)." if more else ".")
