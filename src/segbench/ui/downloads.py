"""Links by which a browser saves an export, without a server that hands out files."""

from __future__ import annotations

import base64
import html
import io
import zipfile
from pathlib import Path

LARGEST = 16 * 1024 * 1024
"""The most bytes, packed, that a page carries inside a link."""


def download_link(folder: Path) -> str:
    """HTML: a link that saves the folder as a ZIP file; where that is too large, its place."""
    place = f"<code>{html.escape(folder.name)}</code>"
    if not folder.is_dir():
        return f"{place} (gone)"
    if sum(path.stat().st_size for path in folder.iterdir()) > 8 * LARGEST:
        return place
    packed = _packed(folder)
    if len(packed) > LARGEST:
        return place
    data = base64.b64encode(packed).decode()
    name = html.escape(f"{folder.name}.zip", quote=True)
    return (
        f'<a download="{name}" href="data:application/zip;base64,{data}">Download ZIP</a> '
        f'<span class="sbp-note">{place}</span>'
    )


def _packed(folder: Path) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            packed.write(path, path.name)
    return held.getvalue()
