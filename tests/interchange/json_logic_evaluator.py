"""JsonLogic evaluated as json-logic-js does, null comparisons and truthiness included."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any


class UnknownOperation(Exception):
    """An operation that no evaluator knows."""


def truthy(value: Any) -> bool:
    return bool(value)


def number(value: Any) -> float | int:
    """JavaScript's `Number(value)`."""
    if value is None:
        return 0
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    try:
        return float(value) if str(value).strip() else 0
    except (TypeError, ValueError):
        return math.nan


def same(one: Any, other: Any) -> bool:
    """JavaScript's `==`."""
    if one is None or other is None:
        return one is None and other is None
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return number(one) == number(other)


def less(one: Any, other: Any) -> bool:
    """JavaScript's `<`: null is 0, and texts compare as texts only with each other."""
    if isinstance(one, str) and isinstance(other, str):
        return one < other
    return number(one) < number(other)


def contained(part: Any, whole: Any) -> bool:
    return isinstance(whole, (str, list)) and part is not None and part in whole


def substring(text: Any, start: int, *length: int) -> str:
    text = "null" if text is None else str(text)
    start = max(start + len(text), 0) if start < 0 else start
    return text[start : start + length[0]] if length else text[start:]


EAGER: dict[str, Callable[..., Any]] = {
    "==": same,
    "!=": lambda one, other: not same(one, other),
    "<": less,
    ">": lambda one, other: less(other, one),
    "<=": lambda one, other: less(one, other) or same_number(one, other),
    ">=": lambda one, other: less(other, one) or same_number(one, other),
    "!": lambda value: not truthy(value),
    "!!": truthy,
    "in": contained,
    "substr": substring,
    "+": lambda *values: sum(map(number, values)),
}


def same_number(one: Any, other: Any) -> bool:
    """The `=` of `<=`: null is 0 here."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return number(one) == number(other)


def evaluated(logic: Any, data: Any) -> Any:
    if isinstance(logic, list):
        return [evaluated(each, data) for each in logic]
    if not isinstance(logic, dict):
        return logic
    ((operation, given),) = logic.items()
    values = given if isinstance(given, list) else [given]
    match operation:
        case "var":
            return looked_up(values[0], data)
        case "and" | "or":
            found = None
            for each in values:
                found = evaluated(each, data)
                if truthy(found) == (operation == "or"):
                    break
            return found
        case "some":
            items = evaluated(values[0], data)
            found = [truthy(evaluated(values[1], item)) for item in items or []]
            return any(found)
        case "reduce":
            total = evaluated(values[2], data)
            for item in evaluated(values[0], data) or []:
                total = evaluated(values[1], {"current": item, "accumulator": total})
            return total
    if operation not in EAGER:
        raise UnknownOperation(operation)
    return EAGER[operation](*[evaluated(each, data) for each in values])


def looked_up(path: str, data: Any) -> Any:
    if path == "":
        return data
    for name in path.split("."):
        data = data.get(name) if isinstance(data, dict) else None
    return data
