"""The plain values that rules hold."""

from __future__ import annotations

from operator import index as as_index
from typing import Any, Literal, NoReturn, SupportsIndex

Scalar = bool | int | float | str
"""A value as typed: text, number or truth; dates are ISO text (`2026-10-23`)."""
Combinator = Literal["and", "or"]
Unknown = Literal["default", "include", "exclude"]
Clock = Literal["workspace", "contact"]
"""Whose local time a rule means: the workspace's, or each contact's own."""
Path = tuple[int, ...]
"""Where a node is: child numbers from the root group down; the root is `()`."""


class Params(dict[str, Scalar]):
    """Parameters of a pre-built segment, by name: a mapping that never changes."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("Params never change; make new ones.")

    __setitem__ = __delitem__ = _refuse
    update = pop = popitem = clear = setdefault = __ior__ = _refuse

    def __reduce__(self) -> tuple[type[Params], tuple[dict[str, Scalar]]]:
        # Copies and pickles of a dict are filled key by key, which is refused here.
        return Params, (dict(self),)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(cls, handler(dict[str, Scalar]))


def whole_number(value: object, usage: str) -> int:
    """The value as a plain `int`, numpy's too; else `TypeError` with what to write instead."""
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise TypeError(f"{usage}; not {value!r}.")
    return as_index(value)
