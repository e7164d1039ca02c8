"""Filing and restoring saved segments in the name of who is at work."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from segbench.library.saved import SavedSegment
from segbench.model.filing import Filing

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


def describe_saved(
    workbench: Workbench, seen: SavedSegment, filing: Filing, description: str
) -> SavedSegment:
    """A saved segment with another filing and description; its rules stay.

    `ChangedMeanwhile` where it is not the revision that was seen. Where nothing is new there is no
    new version.
    """
    library, name = workbench.library, seen.segment.name
    saved = library.segment(name)
    if saved.segment.description == description:
        return library.file(name, filing, workbench.clock(), workbench.author, seen=seen.revision)
    return library.save(
        replace(saved.segment, description=description),
        now=workbench.clock(),
        replace=True,
        seen=seen.revision,
        author=workbench.author,
        note="Filed and described" if saved.filing != filing else "Described",
        filing=filing,
    )


def restore_saved(workbench: Workbench, seen: SavedSegment, revision: int) -> SavedSegment:
    """An earlier version saved anew; `ChangedMeanwhile` where it is not the one that was seen."""
    library, name = workbench.library, seen.segment.name
    return library.restore(
        name, revision, now=workbench.clock(), author=workbench.author, seen=seen.revision
    )


def rename_saved(workbench: Workbench, seen: SavedSegment, name: str) -> SavedSegment:
    """A saved segment under another name; `ChangedMeanwhile` where it is not the one seen."""
    return workbench.library.rename(
        seen.segment.name, name, workbench.clock(), workbench.author, seen=seen.revision
    )
