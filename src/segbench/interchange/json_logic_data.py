"""The values of a contact as exported JsonLogic reads them."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from segbench.model.catalog import BLANKS, ValueType

FOLDED = "folded"
"""Under this name stand the texts for rules that ignore case."""
TAGS = "tags"


def json_logic_data(
    values: Mapping[str, Any], types: Mapping[str, ValueType], tags: Iterable[str] = ()
) -> dict[str, Any]:
    """A contact's values as data for exported JsonLogic.

    Texts are trimmed and in Unicode normal form C, blank ones are null, dates ISO text. `tags` has
    the tags, and `folded` each text once more, without regard to case.
    """
    plain = {name: _plain(values.get(name), kind) for name, kind in types.items()}
    texts = {name: value for name, value in plain.items() if types[name] in ("text", "list")}
    folded = {name: _folded(value) for name, value in texts.items()}
    return {**plain, TAGS: sorted({trimmed(tag) for tag in tags}), FOLDED: folded}


def _plain(value: Any, kind: ValueType) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if kind == "list":
        return [text for item in value if item is not None and (text := trimmed(item))] or None
    if isinstance(value, str):
        return trimmed(value) or None
    return value.isoformat() if isinstance(value, dt.date) else value


def _folded(value: Any) -> Any:
    return [folded(item) for item in value] if isinstance(value, list) else folded(value or "")


def trimmed(text: str) -> str:
    """Text without white space around it, in Unicode normal form C."""
    return unicodedata.normalize("NFC", text.strip(BLANKS))


def folded(text: str) -> str | None:
    """Text in lower case by single characters, as the engines compare it; None where blank."""
    lower = text.lower()
    found = lower if lower.isascii() else "".join(char.lower()[0] for char in text)
    return found or None
