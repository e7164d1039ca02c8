"""Plain values from JSON, strictly: nothing twice, no numbers that are none."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from segbench.errors import FormatError
from segbench.files.places import Document
from segbench.files.yaml_values import yaml_document
from segbench.model.text_form.errors import TextError

LONGEST = 8_000_000


def json_document(text: str) -> Document:
    """The value in a JSON text; `FormatError` says what is wrong and where."""
    if len(text) > LONGEST:
        raise FormatError(f"A JSON file has at most {LONGEST:,} characters.")
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise TextError(text, error.pos, f"This is not JSON: {error.msg}.") from None
    except (ValueError, RecursionError) as error:
        raise FormatError(f"This is not JSON: {str(error) or 'nested too deep'}.") from None
    return Document(text, value)


def with_places(document: Document) -> Document:
    """The same document, knowing where its values are, if that can be found out."""
    if document.offsets:
        return document
    try:
        # JSON is YAML, and that reader keeps the places.
        return Document(document.text, document.value, yaml_document(document.text).offsets)
    except FormatError:
        return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise FormatError(f"The entry {key!r} is there twice.")
        found[key] = value
    return found


def _no_number(text: str) -> NoReturn:
    raise FormatError(f"{text} is no JSON: a number must be finite.")
