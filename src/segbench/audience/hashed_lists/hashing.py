"""SHA-256 as advertising services want it."""

from __future__ import annotations

import hashlib


def sha256_hex(text: str) -> str:
    """SHA-256 of the text in UTF-8, in lower-case hex."""
    return hashlib.sha256(text.encode()).hexdigest()
