"""What is on screen as a few signs in a page's address, so that reloading brings it back.

They stand behind the `#`, which a browser sends to no server: rules may hold contacts' data.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass, replace

from segbench.errors import FormatError, NotSaved
from segbench.library.library import Library
from segbench.model.codec import group_from_data, to_data
from segbench.model.rules import Group
from segbench.ui.history import Page

LARGEST = 1_000_000
"""The most characters of an address that are read, and the most bytes that they unpack to."""
UNREADABLE = "The address of this page holds no segment that can be read; nothing was opened."


@dataclass(frozen=True, slots=True)
class Kept:
    """A tree, and the name and revision of the saved segment that it was opened from, if any."""

    tree: Group
    name: str = ""
    revision: int = 0


def address_of(page: Page) -> str:
    """The page as letters, digits, `-` and `_`; "" where there is nothing to bring back."""
    if not page.tree.rules and page.saved is None:
        return ""
    data: dict[str, object] = {"group": to_data(page.tree)}
    if page.saved is not None:
        data |= {"name": page.name, "revision": page.saved.revision}
    try:
        plain = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        packed = zlib.compress(plain.encode(), 9)
    except ValueError:
        # A number that JSON does not have, or half a character: such a row is marked as wrong.
        return ""
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def kept_in(address: str) -> Kept:
    """What an address says; `FormatError` where that is nothing that `address_of` has written."""
    try:
        data = json.loads(_unpacked(address))
        kept = Kept(group_from_data(data["group"]), data.get("name", ""), data.get("revision", 0))
    except (ValueError, KeyError, TypeError, RecursionError, zlib.error, FormatError):
        raise FormatError(UNREADABLE) from None
    if not isinstance(kept.name, str) or type(kept.revision) is not int:
        raise FormatError(UNREADABLE)
    return kept


def page_of(kept: Kept, library: Library) -> Page:
    """The page to show: of the saved segment where there still is one of that name.

    It keeps the revision that was seen, so that what others saved since is not overwritten.
    """
    if not kept.name:
        return Page(kept.tree)
    try:
        saved = library.segment(kept.name)
    except NotSaved:
        return Page(kept.tree)
    return Page(kept.tree, replace(saved, revision=kept.revision))


def _unpacked(address: str) -> bytes:
    if not address.isascii() or len(address) > LARGEST:
        raise ValueError
    packed = base64.b64decode(address + "=" * (-len(address) % 4), altchars=b"-_", validate=True)
    opened = zlib.decompressobj()
    plain = opened.decompress(packed, LARGEST)
    if not opened.eof:
        raise ValueError
    return plain
