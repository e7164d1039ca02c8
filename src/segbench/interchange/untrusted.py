"""Reading JSON that nobody has checked: plain values of bounded size, and entries by type."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from segbench.errors import FormatError
from segbench.model.checks.values import readable

Source = str | bytes | Mapping[str, Any]
"""What readers take: a JSON text, or the values that one describes."""

LONGEST_SOURCE = 8_000_000
MOST_PARTS = 200_000
DEEPEST_JSON = 100
LARGEST_BITS = 64


def record_of(source: Source) -> dict[str, Any]:
    """The JSON object that the source holds; `FormatError` where it is none, or too large."""
    if isinstance(source, (str, bytes)):
        source = _parsed(source)
    if not isinstance(source, dict):
        raise FormatError(f"The outermost value must be an object, not {kind_of(source)}.")
    _require_plain(source)
    return source


def _parsed(text: str | bytes) -> Any:
    if len(text) > LONGEST_SOURCE:
        raise FormatError(f"This text is longer than {LONGEST_SOURCE:,} characters.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"This is not JSON: {str(error) or 'nested too deep'}.") from None


def _require_plain(root: object) -> None:
    """Refuses what is no JSON value, or too much of it; never recurses."""
    level, parts = [root], 0
    for _ in range(DEEPEST_JSON):
        below: list[object] = []
        for value in level:
            below.extend(_inside(value))
            if parts + len(below) > MOST_PARTS:
                raise FormatError(f"There are more than {MOST_PARTS:,} values.")
        parts += len(below)
        if not below:
            return
        level = below
    raise FormatError(f"The values are nested more than {DEEPEST_JSON} deep.")


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return [*value, *value.values()] if _keys_are_texts(value) else []
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        if not readable(value):
            raise FormatError("A text has a NUL or half a character in it.")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise FormatError("A number must be finite.")
    elif isinstance(value, int):
        if value.bit_length() > LARGEST_BITS:
            raise FormatError("A number is too large.")
    elif value is not None:
        raise FormatError(f"A {type(value).__name__} is no JSON value.")
    return []


def _keys_are_texts(record: dict[Any, Any]) -> bool:
    if wrong := [key for key in record if not isinstance(key, str)]:
        raise FormatError(f"The key {wrong[0]!r} is no text.")
    return True


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"a {type(value).__name__}"


def at(place: str, key: str | int) -> str:
    """The place of an entry, such as `rules.0.value`."""
    return f"{place}.{key}" if place else str(key)


def record(value: object, place: str) -> dict[str, Any]:
    """The value as an object."""
    if not isinstance(value, dict):
        raise _wrong(place, "an object", value)
    return value


def entry_record(node: Mapping[str, Any], key: str, place: str) -> dict[str, Any]:
    """The entry as an object."""
    return record(node.get(key), at(place, key))


def entry_text(node: Mapping[str, Any], key: str, place: str, default: str | None = None) -> str:
    """The entry as a text; the default where there is no entry."""
    value = node.get(key, default)
    if not isinstance(value, str):
        raise _wrong(at(place, key), "a text", value)
    return value


def entry_list(node: Mapping[str, Any], key: str, place: str) -> list[Any]:
    """The entry as a list."""
    value = node.get(key)
    if not isinstance(value, list):
        raise _wrong(at(place, key), "a list", value)
    return value


def entry_texts(node: Mapping[str, Any], key: str, place: str) -> tuple[str, ...]:
    """The entry as a list of texts."""
    values = entry_list(node, key, place)
    for index, value in enumerate(values):
        if not isinstance(value, str):
            raise _wrong(at(at(place, key), index), "a text", value)
    return tuple(values)


def entry_flag(node: Mapping[str, Any], key: str, place: str, default: bool | None = False) -> bool:
    """The entry as true or false; the default where there is no entry."""
    value = node.get(key, default)
    if not isinstance(value, bool):
        raise _wrong(at(place, key), "true or false", value)
    return value


def entry_number(node: Mapping[str, Any], key: str, place: str) -> int | float:
    """The entry as a number."""
    value = node.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _wrong(at(place, key), "a number", value)
    return value


def entry_whole(node: Mapping[str, Any], key: str, place: str, default: int | None = None) -> int:
    """The entry as a whole number; the default where there is no entry."""
    value = node.get(key, default)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is not int:
        raise _wrong(at(place, key), "a whole number", value)
    return value


def _wrong(place: str, wanted: str, value: object) -> FormatError:
    where = place or "the outermost value"
    return FormatError(f"At {where}: {wanted} is needed, not {kind_of(value)}.")
