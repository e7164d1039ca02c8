"""The versions of a saved segment as a table: who saved each, when, why, and what changed."""

from __future__ import annotations

import html
from collections.abc import Sequence

from segbench.library.differences import difference
from segbench.library.saved import SavedSegment
from segbench.library.uses import Users
from segbench.ui.wording import plain
from segbench.workbench.workbench import Workbench

MOST = 20
"""So many versions are listed, the newest."""
_HEADS = ("Version", "When", "Who", "Why", "What changed")


def versions_html(lineage: Sequence[SavedSegment], users: Users, workbench: Workbench) -> str:
    """Who uses a segment, and its versions, oldest first in `lineage` and newest first here."""
    steps = list(zip([None, *lineage], lineage, strict=False))[-MOST:]
    rows = "".join(_row(old, new, workbench) for old, new in reversed(steps))
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    used = f"Used by {users.words}." if users else "Nothing uses it."
    return (
        f'<p class="sbp-note">{html.escape(plain(used))}</p><div class="sbp-wide" tabindex="0">'
        f'<table class="sbp-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        "</div>"
    )


def version_choices(
    lineage: Sequence[SavedSegment], now: SavedSegment, workbench: Workbench
) -> list[tuple[str, int]]:
    """The earlier versions as entries of a list, newest first: a label, and the revision."""
    return [
        (f"{old.revision:,} of {_when(old, workbench)}{_by(old)}", old.revision)
        for old in reversed(lineage)
        if old.revision != now.revision
    ]


def _row(old: SavedSegment | None, new: SavedSegment, workbench: Workbench) -> str:
    changed = difference(old, new, workbench.wording).sentence if old else "saved first"
    texts = (_when(new, workbench), new.author, new.note, changed)
    cells = "".join(f"<td>{html.escape(plain(text)) if text else ''}</td>" for text in texts)
    return f'<tr><td class="sbp-number">{new.revision:,}</td>{cells}</tr>'


def _when(saved: SavedSegment, workbench: Workbench) -> str:
    return f"{saved.updated.astimezone(workbench.zone):%d %b %Y, %H:%M}"


def _by(saved: SavedSegment) -> str:
    return f", {plain(saved.author)}" if saved.author else ""
