"""Every error that segbench raises on purpose.

Each message says what is wrong, where, and what exists instead::

    SegbenchError
    ├── RuleError              a rule, group or segment that cannot be asked
    │   ├── UnknownName        a field, tag, event, operator or segment that does not exist here
    │   ├── ReferenceCycle     segments that refer to each other in a loop
    │   └── Uncountable        a saved segment that could be counted once, and cannot any more
    ├── EditError              an edit that does not fit the tree, or a message that is no edit
    ├── FormatError            a file or JSON text that is not what it claims to be
    │   └── TextError          a rule text that cannot be read (model.text_form.errors)
    ├── LakeError              the contact data cannot be opened, read or written
    │   ├── LakeMissing        nothing there, or not a lake
    │   ├── LakeLocked         another process holds the catalogue
    │   ├── ExtensionMissing   DuckDB cannot load what a lake needs
    │   └── ImportRefused      an import that was refused as a whole; nothing was written
    ├── LibraryError           saved segments and campaigns
    │   ├── NotSaved           no such segment or campaign
    │   ├── NameTaken          the name is in use
    │   ├── ChangedMeanwhile   somebody changed the segment that was to be saved; says what
    │   └── InUse              something else refers to it
    ├── CampaignError          a campaign's settings, or a step that it cannot take
    └── ExportError            recipients cannot be written
        └── DeliveryError      an export cannot be handed to a destination
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SegbenchError(Exception):
    """The root: catch this to catch everything that segbench raises on purpose."""


class RuleError(SegbenchError):
    """A rule, group or segment that cannot be asked of the contacts."""


class UnknownName(RuleError):
    """A name that does not exist here; the message offers near names, or what it is."""

    def __init__(
        self, what: str, name: str, existing: Iterable[str] = (), instead: str = ""
    ) -> None:
        self.what, self.name = what, name
        self.near = () if instead else near_names(name, existing)
        told = f": {instead}." if instead else offer(self.near)
        super().__init__(f"There is no {what} {name!r}{told}")


class ReferenceCycle(RuleError):
    """Segments that refer to each other in a loop; the message names the loop."""

    def __init__(self, loop: tuple[str, ...]) -> None:
        self.loop = loop
        super().__init__("Segments refer to each other in a loop: " + " → ".join(map(repr, loop)))


class Uncountable(RuleError):
    """A saved segment that cannot be evaluated any more.

    `why` says what is wrong, `last` is what it counted when it still could
    (`library.saved.LastCount`); the message says both.
    """

    def __init__(self, message: str, why: str, last: object) -> None:
        self.why, self.last = why, last
        super().__init__(message)


class EditError(SegbenchError):
    """An edit that does not fit the tree, or a message that is no edit."""


class FormatError(SegbenchError):
    """A file or text that is not what it claims to be; says where."""


class LakeError(SegbenchError):
    """The contact data cannot be opened, read or written."""


class LakeMissing(LakeError):
    """There is no lake at that place."""


class LakeLocked(LakeError):
    """Another process holds the catalogue and did not let go in time."""


class ExtensionMissing(LakeError):
    """DuckDB cannot load an extension that a lake needs."""


class ImportRefused(LakeError):
    """An import that was refused as a whole; nothing was written."""


class LibraryError(SegbenchError):
    """Saved segments and campaigns."""


class NotSaved(LibraryError, UnknownName):
    """No saved segment or campaign has that name."""


class NameTaken(LibraryError):
    """Something is already saved under that name."""


class ChangedMeanwhile(LibraryError):
    """Somebody changed the segment since the revision that was seen; nothing was overwritten.

    `theirs` is the segment as it is saved now (`library.saved.SavedSegment`), `difference` what
    changed from the revision that was seen (`library.differences.Difference`), None where that is
    not known.
    """

    def __init__(self, message: str, theirs: object, difference: object = None) -> None:
        self.theirs, self.difference = theirs, difference
        super().__init__(message)


class InUse(LibraryError):
    """Something else refers to it, so it cannot go."""


class CampaignError(SegbenchError):
    """A campaign's settings that cannot be, or a step that it cannot take now."""


class ExportError(SegbenchError):
    """Recipients cannot be written."""


class DeliveryError(ExportError):
    """An export cannot be handed to a destination, or not all of it; it may be tried again."""


def near_names(name: str, existing: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The up to `most` existing names that look most like `name`, best first."""
    by_fold: dict[str, str] = {}
    for known in existing:
        by_fold.setdefault(known.casefold(), known)
    found = difflib.get_close_matches(name.casefold(), by_fold, n=most, cutoff=0.5)
    return tuple(by_fold[fold] for fold in found)


def offer(near: tuple[str, ...]) -> str:
    """The end of an error sentence: the near names, or just a full stop."""
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else "."
