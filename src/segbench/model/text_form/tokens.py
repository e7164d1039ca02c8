"""The words, names, values and signs of a rule text, one after another."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from segbench.model.text_form.errors import TextError, clean
from segbench.model.text_form.quotes import NAME

Kind = Literal["word", "name", "text", "number", "sign", "object", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text. `word` is the keyword or sign it may be; `value` what it stands for."""

    kind: Kind
    start: int
    end: int
    word: str = ""
    value: Any = None


class BareDay(str):
    """A day without quotes: `is 2026-10-23` is about a date, `is "2026-10-23"` about a text."""

    __slots__ = ()


_SKIPPED = re.compile(r"[\s\ufeff]+|#[^\r\n]*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w-])")
_NUMBER = re.compile(r"[+-]?[0-9]+(?P<part>\.[0-9]+)?(?P<power>[eE][+-]?[0-9]+)?")
_SIGN = re.compile(r"<=|>=|!=|<>|==|[=<>≤≥≠(),:%]")
_SAME = {"≤": "<=", "≥": ">=", "≠": "!=", "<>": "!=", "==": "="}
_CLOSING = {'"': '"', "'": "'", "`": "`", "“": "”", "„": "“”", "‘": "’", "‚": "‘’"}
_INSIDE = {
    opening: re.compile(rf"[^\\\r\n{closing}]*(?:\\[^\r\n][^\\\r\n{closing}]*)*")
    for opening, closing in _CLOSING.items()
}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_ESCAPES = {
    **{"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"},
    **{char: char for char in "\\/\"'`“”„‘’‚"},
}
_CONTROL = re.compile("[\x00-\x1f]")
_HALF = re.compile("[\ud800-\udfff]")


def tokens(text: str) -> Iterator[Token]:
    """Every token in turn, the end as the last; `TextError` at what is none."""
    place = 0
    while True:
        while skipped := _SKIPPED.match(text, place):
            place = skipped.end()
        if place == len(text):
            yield Token("end", place, place)
            return
        token = _token(text, place)
        yield token
        place = token.end


def _token(text: str, start: int) -> Token:
    if text[start] in _CLOSING:
        return _quoted(text, start)
    if text[start] == "{":
        return _object(text, start)
    if found := NAME.match(text, start):
        return Token("word", start, found.end(), found[0].lower(), found[0])
    if found := _DAY.match(text, start):
        return Token("text", start, found.end(), value=BareDay(found[0]))
    if found := _NUMBER.match(text, start):
        return Token("number", start, found.end(), value=_number(text, found))
    if found := _SIGN.match(text, start):
        return Token("sign", start, found.end(), _SAME.get(found[0], found[0]))
    raise TextError(text, start, f"the character {clean(text[start])} has no meaning here.")


def _number(text: str, found: re.Match[str]) -> int | float:
    if found["part"] is None and found["power"] is None:
        try:
            return int(found[0])
        except ValueError:
            raise TextError(text, found.start(), "this number has too many digits.") from None
    value = float(found[0])
    if not math.isfinite(value):
        raise TextError(text, found.start(), "this number is too large.")
    return value


def _quoted(text: str, start: int) -> Token:
    opening = text[start]
    inside = _INSIDE[opening].match(text, start + 1)
    assert inside is not None
    end = inside.end()
    what = "name" if opening == "`" else "text"
    if text[end : end + 1] not in tuple(_CLOSING[opening]):
        problem = f"this {what} is not closed on its line: {_CLOSING[opening][-1]} is missing."
        raise TextError(text, start, problem)
    if control := _CONTROL.search(text, start + 1, end):
        problem = f"write this character as \\u{ord(control[0]):04x}."
        raise TextError(text, control.start(), problem)
    return Token("name" if what == "name" else "text", start, end + 1, value=_plain(text, inside))


def _plain(text: str, inside: re.Match[str]) -> str:
    """What a quoted piece says, its escapes resolved."""

    def resolved(escape: re.Match[str]) -> str:
        code = escape[1]
        if len(code) > 1:
            return chr(int(code[1:], 16))
        if code not in _ESCAPES:
            place = inside.start() + escape.start()
            problem = f"\\{clean(code)} is no escape; write \\\\ for a backslash."
            raise TextError(text, place, problem)
        return _ESCAPES[code]

    plain = _ESCAPE.sub(resolved, inside[0]) if "\\" in inside[0] else inside[0]
    if not _HALF.search(plain):
        return plain
    try:
        return plain.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        problem = "this has half a character (a lone surrogate) in it."
        raise TextError(text, inside.start(), problem) from None


def _object(text: str, start: int) -> Token:
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise TextError(text, error.pos, f"this is not JSON: {error.msg}.") from None
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, ValueError) else "nested too deep"
        raise TextError(text, start, f"this is not JSON: {clean(why, 80)}.") from None
    return Token("object", start, end, value=value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_refused)
