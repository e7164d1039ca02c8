"""Plain values from YAML 1.2: no tags, no anchors, nothing twice, bounded in size and depth."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from segbench.errors import FormatError
from segbench.files.places import Document, Steps
from segbench.model.text_form.errors import TextError

LONGEST = 1_000_000
MOST_NODES = 50_000
DEEPEST = 120
"""A group takes two levels of it."""
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def yaml_document(text: str) -> Document:
    """The one document in a YAML text; `FormatError` says what is wrong and where."""
    if len(text) > LONGEST:
        raise FormatError(f"A YAML file has at most {LONGEST:,} characters.")
    offsets: dict[Steps, int] = {}
    builder = _Builder(text, offsets)
    for event in _events(text):
        builder.take(event)
    return Document(text, builder.root, offsets)


def plain_scalar(text: str) -> Any:
    """What YAML 1.2 reads in a text without quotes; `ValueError` where it is no finite number."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        return int(text[2:] if base != 10 else text, base)
    if _DECIMAL.fullmatch(text) or _ENDLESS.fullmatch(text):
        number = math.inf if _ENDLESS.fullmatch(text) else float(text)
        if not math.isfinite(number):
            raise ValueError("A number must be finite; a text stands in quotes.")
        return number
    return text


def _events(text: str) -> Iterator[Any]:
    from ruamel.yaml.error import MarkedYAMLError, YAMLError
    from ruamel.yaml.reader import ReaderError

    try:
        yield from _reader(text).parse(text)
    except MarkedYAMLError as error:
        problem = f"This is not YAML: {error.problem or error.context}."
        mark = error.problem_mark or error.context_mark
        raise TextError(text, min(mark.index, len(text)) if mark else 0, problem) from None
    except ReaderError as error:
        problem = "A character that YAML does not allow; write it as \\u… in double quotes."
        raise TextError(text, min(error.position, len(text)), problem) from None
    except (YAMLError, ValueError, OverflowError, IndexError, RecursionError) as error:
        raise FormatError(f"This is not YAML: {error}.") from None


def _reader(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.scanner import Scanner

    class Tagless(Scanner):
        """A scanner that stops at a tag, since reading a long one takes it ages."""

        def fetch_tag(self) -> None:
            raise TextError(text, self.reader.index, "Tags (!) are not read.")

    reader = YAML(typ="safe", pure=True)
    reader.Scanner = Tagless
    return reader


class _Builder:
    """Values made from events, without recursion; `open` holds what is not closed yet."""

    def __init__(self, text: str, offsets: dict[Steps, int]) -> None:
        self.text, self.offsets = text, offsets
        self.root: Any = None
        self.documents = 0
        self.open: list[tuple[Any, Steps]] = []
        self.keys: list[str | None] = []

    def take(self, event: Any) -> None:
        from ruamel.yaml import events

        self.refuse_extras(event)
        match event:
            case events.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise self.error(event, "A segment file is one YAML document.")
                if event.version not in (None, (1, 2)):
                    raise self.error(event, "Segment files are YAML 1.2.")
            case events.ScalarEvent():
                self.scalar(event)
            case events.MappingStartEvent():
                self.start(event, {})
            case events.SequenceStartEvent():
                self.start(event, [])
            case events.MappingEndEvent() | events.SequenceEndEvent():
                self.open.pop()
                self.keys.pop()

    def refuse_extras(self, event: Any) -> None:
        from ruamel.yaml.events import AliasEvent

        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise self.error(event, "Anchors and aliases (& and *) are not read.")

    def scalar(self, event: Any) -> None:
        if self.awaits_key:
            self.key(event)
            return
        try:
            value = plain_scalar(event.value) if event.style is None else event.value
        except ValueError as error:
            raise self.error(event, str(error)) from None
        self.add(event, value)

    @property
    def awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1][0], dict) and self.keys[-1] is None

    def key(self, event: Any) -> None:
        mapping, steps = self.open[-1]
        if event.value in mapping:
            raise self.error(event, f"The entry {event.value!r} is there twice.")
        self.keys[-1] = event.value
        # Until its value comes, an error at this entry is at its key.
        self.offsets[(*steps, event.value)] = event.start_mark.index
        mapping[event.value] = None

    def start(self, event: Any, value: Any) -> None:
        if self.awaits_key:
            raise self.error(event, "The name of an entry is a text.")
        steps = self.add(event, value)
        self.open.append((value, steps))
        self.keys.append(None)
        if len(self.open) > DEEPEST:
            raise self.error(event, f"The values are nested more than {DEEPEST} deep.")

    def add(self, event: Any, value: Any) -> Steps:
        """Puts the value where it belongs; the steps that lead to it."""
        steps: Steps = ()
        if not self.open:
            self.root = value
        else:
            parent, around = self.open[-1]
            if isinstance(parent, dict):
                key = self.keys[-1]
                assert key is not None
                steps, parent[key], self.keys[-1] = (*around, key), value, None
            else:
                steps = (*around, len(parent))
                parent.append(value)
        self.offsets[steps] = min(event.start_mark.index, len(self.text))
        if len(self.offsets) > MOST_NODES:
            raise self.error(event, f"There are more than {MOST_NODES:,} values.")
        return steps

    def error(self, event: Any, problem: str) -> TextError:
        return TextError(self.text, min(event.start_mark.index, len(self.text)), problem)
