"""Names, values and lengths as the text form writes them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping

from segbench.errors import FormatError
from segbench.model.rules import Scalar

RESERVED = frozenset(
    {
        *("and", "or", "not", "disabled", "no", "json"),
        *("tag", "tags", "segment", "prebuilt", "sample"),
    }
)
"""The words with which a rule may start: a field or an event of that name stands in backticks."""
NAME = re.compile(r"[^\W\d]\w*(?:[.-]\w+)*")
"""A name that needs no backticks, unless it is reserved."""
# What nobody can see in a diff is written out: controls, odd blanks, marks that turn the writing
# around. The joiners U+200C and U+200D stay, since emoji and some scripts are made with them.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\xa0\xad\u061c\u115f\u1160\u1680\u180e\u2000-\u200b\u200e\u200f"
    "\u2028-\u202f\u205f-\u206f\u3000\u3164\ufeff\uffa0\ufff0-\uffff]"
)
_HALF = re.compile("[\ud800-\udfff]")


def quoted(text: str) -> str:
    """A text in double quotes, as JSON has it."""
    return seen(json.dumps(_whole(text), ensure_ascii=False))


def named(name: str, reserved: Collection[str] = RESERVED) -> str:
    """A name as it is, or in backticks where it could be read as something else."""
    if NAME.fullmatch(name) and name.lower() not in reserved:
        return name
    inner = json.dumps(_whole(name), ensure_ascii=False)[1:-1]
    return f"`{seen(inner).replace(chr(92) + chr(34), chr(34)).replace('`', chr(92) + '`')}`"


def scalar(value: Scalar) -> str:
    """A value: a text in quotes, a number, `true` or `false`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(value) if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """A number with every digit; `FormatError` where it is none that a text can hold."""
    if isinstance(value, float) and math.isfinite(value):
        return repr(float(value))
    if isinstance(value, bool) or not isinstance(value, int):
        raise FormatError(f"{value!r} is no value that a rule can hold.")
    try:
        return str(int(value))
    except ValueError:
        raise FormatError("A number has more digits than a text can hold.") from None


def percent(value: float) -> str:
    """An edge of a sample: a number without the `.0`, and the sign."""
    text = number(value)
    return f"{text if text == '-0.0' else text.removesuffix('.0')}%"


def length(amount: int, unit: str) -> str:
    """A length of time: `30 days`, `1 day`."""
    return f"{number(amount)} {unit.removesuffix('s') if amount == 1 else unit}"


def written_json(data: Mapping[str, object]) -> str:
    """JSON values on one line, keys sorted."""
    try:
        text = json.dumps(data, ensure_ascii=False, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise FormatError(f"A rule holds what JSON cannot: {error}.") from None
    return seen(_whole(text))


def seen(text: str) -> str:
    """The inside of JSON texts with everything written out that the eye would miss."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _whole(text: str) -> str:
    if not isinstance(text, str):
        raise FormatError(f"{text!r} is no text.")
    if _HALF.search(text):
        raise FormatError("A text has half a character (a lone surrogate) in it.")
    return text
