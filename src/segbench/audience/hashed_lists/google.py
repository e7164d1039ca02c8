"""Google's Customer Match: each value formatted as the Data Manager API says, before it is hashed.

By its documentation, and not by the sample code, which never puts an address in lower case.
"""

from __future__ import annotations

import re
import unicodedata

from segbench.audience.formats.cleaning import email_address
from segbench.audience.formats.countries import country_code
from segbench.audience.formats.phones import e164

MOST_IDENTIFIERS = 10
"""The most identifiers of one person."""

_GMAIL = frozenset({"gmail.com", "googlemail.com"})
_PREFIXES = frozenset(
    ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "rev", "hon", "herr", "frau")
)
_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "phd", "md", "dds", "esq", "cpa"))


def email(text: str) -> str | None:
    """Lower case without any white space; of Gmail addresses without the dots before the @."""
    address = email_address(re.sub(r"\s", "", text).lower())
    if address is None:
        return None
    user, _, domain = address.rpartition("@")
    return f"{user.replace('.', '')}@{domain}" if domain in _GMAIL else address


def phone(text: str, region: str) -> str | None:
    """E.164: + and the country code, digits only."""
    return e164(text, region)


def given_name(text: str) -> str | None:
    """Lower case, trimmed, no punctuation, without a prefix such as Mrs."""
    words = _words(text)
    while len(words) > 1 and words[0] in _PREFIXES:
        words = words[1:]
    return " ".join(words) or None


def family_name(text: str) -> str | None:
    """Lower case, trimmed, no punctuation, without a suffix such as Jr."""
    words = _words(text)
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words = words[:-1]
    return " ".join(words) or None


def region_code(text: str) -> str | None:
    """The ISO 3166-1 code of two capitals; it is not hashed."""
    return country_code(text)


def postal_code(text: str, country: str | None) -> str | None:
    """The postal code as it is written; USA: 5 digits, or 5 and 4. It is not hashed."""
    code = " ".join(text.split())
    if country == "US":
        return code if re.fullmatch(r"\d{5}(-\d{4})?", code) else None
    return code or None


def _words(text: str) -> list[str]:
    whole = unicodedata.normalize("NFC", text).lower()
    kept = "".join(c for c in whole if unicodedata.category(c)[0] in "LMN" or c.isspace())
    return kept.split()
