"""Values read from a file, with the place of each; and errors that show the place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from segbench.errors import FormatError
from segbench.model.text_form.errors import TextError

Steps = tuple[str | int, ...]
"""Keys and numbers from the outermost value down."""
_PLACE = re.compile(r"At (?P<place>[^:]+): (?P<problem>.*)", re.DOTALL)


@dataclass(frozen=True)
class Document:
    """The values of a file, and where in its text each one starts."""

    text: str
    value: Any
    offsets: Mapping[Steps, int] = field(default_factory=dict)

    def error(self, problem: str, *steps: str | int) -> FormatError:
        """The error that shows the value at those steps, or the nearest around it."""
        while steps and steps not in self.offsets:
            steps = steps[:-1]
        if steps not in self.offsets:
            return FormatError(problem)
        return TextError(self.text, self.offsets[steps], problem)

    def located(self, error: FormatError, *start: str | int) -> FormatError:
        """The error of a reader of plain values below `start`, which names places in dots."""
        found = _PLACE.fullmatch(str(error))
        if found is None:
            return self.error(str(error), *start)
        return self.error(found["problem"], *self.nearest(found["place"].split("."), start))

    def nearest(self, place: Sequence[str | int], start: Steps = ()) -> Steps:
        """The steps that a place takes; words in it that are no keys are passed over."""
        steps = start
        for word in place:
            number = int(word) if isinstance(word, str) and word.isdecimal() else word
            steps = next(
                (deeper for s in (word, number) if (deeper := (*steps, s)) in self.offsets), steps
            )
        return steps
