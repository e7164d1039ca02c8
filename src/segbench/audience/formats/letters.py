"""Text in plain letters."""

from __future__ import annotations

import unicodedata

# Letters that Unicode does not take apart into a plain one and a mark.
_WRITTEN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


def plain_letters(text: str) -> str:
    """The text in lower case with a to z only: marks are dropped, everything else goes away."""
    apart = unicodedata.normalize("NFKD", text.lower().translate(_WRITTEN))
    return "".join(c for c in apart if "a" <= c <= "z")


def letters(text: str) -> str:
    """The text in lower case with the letters and marks of any script, and nothing else."""
    whole = unicodedata.normalize("NFC", text).lower()
    return "".join(c for c in whole if unicodedata.category(c)[0] in "LM")
