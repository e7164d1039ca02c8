"""A contact's values by role, cleaned as every ready-made format wants them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from segbench.audience.formats.countries import country_code
from segbench.audience.formats.phones import e164
from segbench.audience.formats.roles import Roles
from segbench.model.spreadsheet import FORMULA_STARTS

NORMALISATION = 1
"""The number of the rules in `formats` and `hashed_lists`; it grows with every change of them."""

_EMAIL = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s,;<>()\".]+")
_SLASHED = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
# No name of a function, no reference to another program.
_HARMLESS = re.compile(r"[+-][\w.+-]+@[\w.-]+")
LONGEST_EMAIL = 254


def email_address(text: str) -> str | None:
    """The address without white space around it; None where it cannot be one.

    Nor where a spreadsheet would take it for a formula: an apostrophe would make another address.
    """
    address = text.strip()
    if len(address) > LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        return None
    risky = address.startswith(FORMULA_STARTS) and not _HARMLESS.fullmatch(address)
    return None if risky else address


def day_of(value: object) -> dt.date | None:
    """The day of a date, a time, or a text that begins with the year, such as 1990-09-25."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    found = _SLASHED.fullmatch(str(value).strip())
    if not found:
        return None
    try:
        return dt.date(*map(int, found.groups()))
    except ValueError:
        return None


def plain(value: object) -> str:
    """A value as the text of a cell: lists with commas, times in UTC with Z, true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        naive = value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
        return naive.isoformat() + "Z"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    return str(value)


def texts(row: Mapping[str, Any], roles: Roles, role: str) -> list[str]:
    """What the columns of a role hold, trimmed; blank ones are left out."""
    found = (plain(row[column]).strip() for column in roles.get(role, ()))
    return [text for text in found if text]


def home(row: Mapping[str, Any], roles: Roles, default: str) -> str:
    """The country of a contact by its code; `default` where it has none that is known."""
    place = next(iter(texts(row, roles, "country")), "")
    return (country_code(place) if place else None) or default


def emails(row: Mapping[str, Any], roles: Roles) -> tuple[list[str], int]:
    """The e-mail addresses of a contact, and how many texts cannot be one."""
    written = texts(row, roles, "email")
    found = [address for text in written if (address := email_address(text)) is not None]
    return found, len(written) - len(found)


def phones(
    row: Mapping[str, Any], roles: Roles, region: str, role: str = "phone"
) -> tuple[list[str], int]:
    """The phone numbers of a contact in E.164, and how many texts cannot be one."""
    written = texts(row, roles, role)
    found = [number for text in written if (number := e164(text, region)) is not None]
    return found, len(written) - len(found)
