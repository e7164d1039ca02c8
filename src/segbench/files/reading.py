"""Reading segment files: any bytes give a segment or a `FormatError` that says where."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segbench.errors import FormatError, RuleError, near_names, offer
from segbench.files.clocks import clock_of, shares
from segbench.files.expectations import PARTS, Expectations
from segbench.files.json_values import json_document, with_places
from segbench.files.places import Document
from segbench.files.segment_file import Kind, SegmentFile, kind_of
from segbench.files.yaml_values import yaml_document
from segbench.model.codec import READABLE, group_from_data
from segbench.model.filing import Filing
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.model.text import TextError, parse

if TYPE_CHECKING:
    from pydantic import TypeAdapter

LARGEST = 32_000_000
ENTRIES = ("segbench", "format", "name", "description", "filing", "group", "tests")

FILED = ("tags", "owner", "status")
"""What a file says of where its segment is filed; the folder is the one that it lies in."""


def read(path: str | os.PathLike[str]) -> SegmentFile:
    """The segment in a file; the end of its name says whether it is JSON, YAML or text."""
    place = Path(path)
    kind = kind_of(place)
    if not place.is_file():
        raise FormatError(f"There is no file {str(place)!r}.")
    with place.open("rb") as file:
        return read_text(file.read(LARGEST + 1), kind, place.stem)


def read_text(text: str | bytes, kind: Kind, name: str = "") -> SegmentFile:
    """The segment in a text of that kind; `name` is its name where the text has no place for it."""
    plain = _decoded(text) if isinstance(text, bytes) else text
    if kind == "text":
        return SegmentFile(_segment(Document(plain, plain), name, parse(plain), ""))
    document = json_document(plain) if kind == "json" else yaml_document(plain)
    try:
        return _file(document)
    except FormatError:
        if kind == "yaml":
            raise
        return _file(with_places(document))


def _decoded(text: bytes) -> str:
    if len(text) > LARGEST:
        raise FormatError(f"A segment file has at most {LARGEST:,} bytes.")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"A segment file is UTF-8; byte {error.start + 1} is not.") from None


def _file(document: Document) -> SegmentFile:
    entries = document.value
    if not isinstance(entries, dict) or entries.get("segbench") != "segment":
        raise document.error("This is no segment file: it lacks the entry segbench: segment.")
    if unknown := [key for key in entries if key not in ENTRIES]:
        near = offer(near_names(unknown[0], ENTRIES))
        raise document.error(f"A segment file has no entry {unknown[0]!r}{near}", unknown[0])
    if type(entries.get("format")) is not int or entries["format"] not in READABLE:
        known = " and ".join(map(str, READABLE))
        problem = f"Segment format {entries.get('format')!r} is not readable; {known} are."
        raise document.error(problem, "format")
    for key in ("name", "description"):
        if not isinstance(entries.get(key, "" if key == "description" else None), str):
            raise document.error(f"A segment's {key} must be a text.", key)
    group = _group(document, entries.get("group"))
    segment = _segment(document, entries["name"], group, entries.get("description", ""))
    tests = _tests(document) if "tests" in entries else None
    return SegmentFile(segment, tests, _filing(document) if "filing" in entries else None)


def _segment(document: Document, name: str, group: Group, description: str) -> Segment:
    try:
        return Segment(name, group, description)
    except RuleError as error:
        raise document.error(str(error), "name") from None


def _filing(document: Document) -> Filing:
    data = document.value["filing"]
    if not isinstance(data, dict):
        raise document.error(f"A filing has {', '.join(FILED)}.", "filing")
    if unknown := [key for key in data if key not in FILED]:
        near = offer(near_names(unknown[0], FILED))
        raise document.error(f"A filing has no entry {unknown[0]!r}{near}", "filing", unknown[0])
    tags = data.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise document.error("The tags of a filing are a list of texts.", "filing", "tags")
    for key in ("owner", "status"):
        if not isinstance(data.get(key, ""), str):
            raise document.error(f"The {key} of a filing is a text.", "filing", key)
    try:
        return Filing(tags=tuple(tags), **{k: data[k] for k in ("owner", "status") if k in data})
    except RuleError as error:
        raise document.error(str(error), "filing") from None


def _group(document: Document, data: object) -> Group:
    if isinstance(data, str):
        try:
            return parse(data)
        except TextError as error:
            raise _in_block(document, data, error) from None
    try:
        return group_from_data(data)
    except FormatError as error:
        raise document.located(error, "group") from None


def _in_block(document: Document, words: str, error: TextError) -> FormatError:
    """The error of a rule text at its place in the file, where that has the text line by line."""
    start = document.offsets.get(("group",))
    if start is None:
        return FormatError(f"In the text of the group: {error}")
    lines = document.text.splitlines(keepends=True)
    first = document.text.count("\n", 0, start)
    row = first + error.line
    wanted = words.splitlines()[error.line - 1] if words.splitlines()[error.line - 1 :] else ""
    here = lines[row].rstrip("\r\n") if row < len(lines) else ""
    if not wanted or not here.endswith(wanted):
        return document.error(f"In the text of the group: {error}", "group")
    indent = len(here) - len(wanted)
    offset = sum(map(len, lines[:row])) + indent + error.column - 1
    return TextError(document.text, min(offset, len(document.text)), error.problem)


def _tests(document: Document) -> Expectations:
    from pydantic import ValidationError

    data = document.value["tests"]
    try:
        # Strict reading knows lists as tuples only in JSON mode, so the values go through text.
        tests: Expectations = expectations_adapter().validate_json(json.dumps(data))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)[0]
        place = document.nearest(found["loc"], ("tests",))
        where = ".".join(map(str, ("tests", *found["loc"])))
        raise document.error(f"At {where}: {found['msg']}.", *place) from None
    except (TypeError, ValueError, RecursionError) as error:
        raise document.error(f"These are no tests: {error}.", "tests") from None
    return _sensible(tests, document)


def _sensible(tests: Expectations, document: Document) -> Expectations:
    """The tests, where times, names and the size mean something."""
    names: set[str] = set()
    for number, example in enumerate(tests.contacts):
        if not example.name or example.name in names:
            problem = "Every contact of the tests needs a name of its own."
            raise document.error(problem, "tests", "contacts", number, "name")
        names.add(example.name)
    try:
        if tests.contacts or tests.as_of:
            clock_of(tests)
    except FormatError as error:
        raise document.error(str(error), "tests", "as_of") from None
    try:
        if tests.size is not None:
            shares(tests.size)
    except FormatError as error:
        raise document.error(str(error), "tests", "size", "share") from None
    return tests


@cache
def expectations_adapter() -> TypeAdapter[Any]:
    """What reads the tests, strictly."""
    from pydantic import ConfigDict, TypeAdapter

    config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
    for part in PARTS:
        part.__pydantic_config__ = config
    return TypeAdapter(Expectations)
