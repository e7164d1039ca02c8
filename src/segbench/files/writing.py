"""Writing segment files: equal segments give equal files, and reading gives the same again."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from segbench.errors import FormatError
from segbench.files.segment_file import Kind, SegmentFile, kind_of
from segbench.files.yaml_values import plain_scalar
from segbench.model.codec import FORMAT, to_data
from segbench.model.text import write as rule_text

_PLAIN = re.compile(r"[A-Za-z_][\w./-]*( [\w./-]+)*|-\d+ [a-z]+", re.ASCII)
_HALF = re.compile("[\ud800-\udfff]")


def write(file: SegmentFile, path: str | os.PathLike[str], *, structure: bool = False) -> None:
    """Writes a segment file; the end of its name says whether it is JSON, YAML or text."""
    place = Path(path)
    kind = kind_of(place)
    if kind == "text" and (lost := [*lost_in_text(file), *_lost_name(file, place)]):
        raise FormatError(f"A text file has no room for the {' and the '.join(lost)}.")
    place.write_text(written(file, kind, structure=structure), "utf-8", newline="\n")


def written(file: SegmentFile, kind: Kind, *, structure: bool = False) -> str:
    """The segment as a text of that kind.

    YAML has the rules as text, or as values with `structure`; a text has the rules alone.
    """
    segment = file.segment
    if kind == "text":
        text = rule_text(segment.group) + "\n"
    else:
        as_values = structure or kind == "json"
        entries: dict[str, Any] = {
            "segbench": "segment",
            "format": FORMAT,
            "name": segment.name,
            "description": segment.description,
            **_filed(file),
            "group": to_data(segment.group) if as_values else Block(rule_text(segment.group)),
        }
        if file.tests is not None:
            entries["tests"] = plain(file.tests)
        if _HALF.search(json.dumps(entries, ensure_ascii=False)):
            raise FormatError("A file cannot hold half a character (a lone surrogate).")
        text = _json(entries) if kind == "json" else "\n".join(yaml_lines(entries)) + "\n"
    return text


def _filed(file: SegmentFile) -> dict[str, Any]:
    """The filing without its folder, which is the one that the file lies in."""
    return {} if file.filing is None else {"filing": plain(replace(file.filing, folder=""))}


def lost_in_text(file: SegmentFile) -> list[str]:
    """What a text of the rules alone has no place for."""
    return [
        *(["description"] if file.segment.description else []),
        *(["filing"] if file.filing is not None else []),
        *(["tests"] if file.tests is not None else []),
    ]


def plain(value: Any) -> Any:
    """The value as plain JSON values; what is at its default is left out."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(held) for name, held in value.items()}
    if not is_dataclass(value):
        return value
    found = {}
    for part in fields(value):
        held = getattr(value, part.name)
        default = part.default if part.default_factory is MISSING else part.default_factory()
        if held != default:
            found[part.name] = plain(held)
    return found


class Block(str):
    """A text that YAML shows line by line."""


def _lost_name(file: SegmentFile, place: Path) -> list[str]:
    return [] if file.segment.name == " ".join(place.stem.split()) else ["name"]


def _json(entries: dict[str, Any]) -> str:
    text = json.dumps(entries, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    # Beyond 0xffff JSON escapes halves of characters, which is no YAML.
    return "".join(c if c.isprintable() or c == "\n" or c > "\uffff" else _escaped(c) for c in text)


def yaml_lines(entries: dict[str, Any]) -> Iterator[str]:
    """A mapping as lines, in block style."""
    for key, value in entries.items():
        yield from _entry(f"{_text(key)}:", value)


def _entry(head: str, value: Any) -> Iterator[str]:
    if isinstance(value, Block):
        yield f"{head} |"
        yield from (f"  {line}" for line in value.split("\n"))
    elif isinstance(value, dict) and value:
        yield head
        yield from (f"  {line}" for line in yaml_lines(value))
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        yield head
        for item in value:
            yield from (f"  {line}" for line in _item(item))
    else:
        yield f"{head} {_flow(value)}"


def _item(value: Any) -> Iterator[str]:
    lines = list(yaml_lines(value)) if isinstance(value, dict) and value else [_flow(value)]
    yield f"- {lines[0]}"
    yield from (f"  {line}" for line in lines[1:])


def _flow(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {_flow(held)}" for key, held in value.items()) + "}"
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value)


def _text(value: str) -> str:
    """A text without quotes where it reads as itself, else in double quotes as in JSON."""
    if _PLAIN.fullmatch(value) and plain_scalar(value) == value:
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escaped(c) for c in quoted)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
