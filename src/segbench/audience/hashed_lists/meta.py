"""Meta's customer lists: each value normalised by the published table, before it is hashed.

By the table, and not by the service's own SDK, which drops letters with marks ("Zoë" becomes "zo"),
keeps the space in "SW1A 1AA" and the zeros of "0044…", and hashes MADID.
"""

from __future__ import annotations

import datetime as dt
import re

from segbench.audience.formats.cleaning import email_address
from segbench.audience.formats.countries import US_STATES, country_code
from segbench.audience.formats.letters import letters, plain_letters
from segbench.audience.formats.phones import e164

UNHASHED = frozenset({"madid", "extern_id"})
"""The keys that are uploaded as they are."""
MOST = 10_000
"""The most records of one upload."""
FIRST_YEAR = 1900

_EXTENSION = re.compile(r"(?i)\s*(?:\bext|\bextension|x|#|;ext=)[.:\s]*\d+\s*$")
_UK = re.compile(r"([a-z]{1,2}[0-9][a-z0-9]?)([0-9])[a-z]{2}")
_GENDERS = {"m": "m", "male": "m", "man": "m", "f": "f", "female": "f", "woman": "f"}


def email(text: str) -> str | None:
    """Trimmed and in lower case; None where it cannot be an address."""
    address = email_address(text)
    return address.lower() if address else None


def phone(text: str, region: str) -> str | None:
    """Digits only, the country code first: no symbols, no letters, no leading zeros."""
    digits = re.sub(r"[^\d+]", "", _EXTENSION.sub("", text))
    number = e164(digits, region)
    return number.removeprefix("+") if number else None


def name(text: str) -> str | None:
    """First or last name: lower case, letters only; those beyond a to z stay, in UTF-8."""
    return letters(text) or None


def initial(text: str) -> str | None:
    """The first initial of a first name, a to z."""
    return plain_letters(text)[:1] or None


def city(text: str) -> str | None:
    """Lower case, a to z only: no punctuation, no white space, letters without their marks."""
    return plain_letters(text) or None


def state(text: str, country: str) -> str | None:
    """The two-letter code of a state of the USA; elsewhere the name in lower case, a to z only."""
    plain = plain_letters(text)
    if country in ("US", "") and plain in US_STATES:
        return US_STATES[plain]
    if country == "US":
        return plain if plain in US_STATES.values() else None
    return plain or None


def zip_code(text: str, country: str) -> str | None:
    """Lower case without white space; USA: the first 5 digits; UK: area, district and sector."""
    code = re.sub(r"\s", "", text.lower())
    if country == "US":
        found = re.match(r"\d{5}", code)
        return found[0] if found else None
    if country == "GB":
        # Without what else is written in it, such as a full stop.
        whole = _UK.fullmatch(re.sub(r"[^a-z0-9]", "", code))
        return whole[1] + whole[2] if whole else code or None
    return code or None


def country(text: str) -> str | None:
    """The ISO 3166-1 code of two letters in lower case."""
    code = country_code(text)
    return code.lower() if code else None


def gender(text: str) -> str | None:
    """m or f; None for everything else."""
    return _GENDERS.get(text.strip().lower())


def year(day: dt.date) -> str | None:
    """The year of birth as YYYY, 1900 at the earliest."""
    return f"{day.year:04}" if day.year >= FIRST_YEAR else None


def month(day: dt.date) -> str:
    """The month of birth, 01 to 12."""
    return f"{day.month:02}"


def month_day(day: dt.date) -> str:
    """The day of birth, 01 to 31."""
    return f"{day.day:02}"


def madid(text: str) -> str | None:
    """The advertising id of a device, in lower case with its hyphens."""
    return text.strip().lower() or None
