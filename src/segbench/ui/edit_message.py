"""The parts of an edit's message, read as untrusted input; `EditError` says what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard, cast

from segbench.errors import EditError
from segbench.model.checks.values import UNREADABLE, readable
from segbench.model.codec import DEEPEST, MOST_RULES
from segbench.model.rules import Combinator, Path


def path_of(message: Mapping[str, Any], name: str = "path") -> Path:
    """The path of a node."""
    found = message.get(name, [] if name == "path" else None)
    whole = isinstance(found, list) and len(found) <= DEEPEST + 1
    if not whole or not all(map(_is_child_number, found)):
        raise EditError(f"An edit's {name} is a list of child numbers, not {found!r:.60}.")
    return tuple(found)


def index_of(message: Mapping[str, Any]) -> int:
    """A place among the members of a group."""
    found = message.get("index")
    if not _is_child_number(found):
        raise EditError(f"An edit's index is a child number, not {found!r:.60}.")
    return found


def rows_of(message: Mapping[str, Any]) -> tuple[int, ...]:
    """Some of the members of a group."""
    found = message.get("rows")
    if not isinstance(found, list) or not 0 < len(found) <= MOST_RULES:
        raise EditError(f"An edit's rows are a list of child numbers, not {found!r:.60}.")
    if not all(map(_is_child_number, found)):
        raise EditError(f"An edit's rows are a list of child numbers, not {found!r:.60}.")
    return tuple(found)


def _is_child_number(value: object) -> TypeGuard[int]:
    # Not `isinstance`: true and false are whole numbers to Python.
    return type(value) is int and 0 <= value <= MOST_RULES


def text_of(message: Mapping[str, Any], name: str, most: int = 1_000) -> str:
    """A text of up to `most` characters."""
    found = message.get(name)
    if not isinstance(found, str) or len(found) > most:
        raise EditError(f"An edit's {name} is a short text, not {found!r:.60}.")
    if not readable(found):
        raise EditError(UNREADABLE)
    return found


def typing_of(message: Mapping[str, Any], path: Path) -> Path | None:
    """The path of the row that is being typed in, if any."""
    return path if message.get("typing") is True else None


def combinator_of(message: Mapping[str, Any]) -> Combinator:
    """AND or OR."""
    found = message.get("combinator")
    if found not in ("and", "or"):
        raise EditError(f"A combinator is 'and' or 'or', not {found!r:.60}.")
    return cast("Combinator", found)


def on_of(message: Mapping[str, Any]) -> bool:
    """Whether something is switched on."""
    found = message.get("on")
    if not isinstance(found, bool):
        raise EditError(f"An edit's on is true or false, not {found!r:.60}.")
    return found
