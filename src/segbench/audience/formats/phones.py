"""Phone numbers in E.164: + and the country code, then digits only."""

from __future__ import annotations

from functools import lru_cache

from segbench.errors import ExportError


@lru_cache(maxsize=4096)
def e164(text: str, region: str) -> str | None:
    """The number in E.164, such as +18005550100; None where it cannot be one.

    `region` is where numbers without a country code are from, an ISO 3166-1 code of two letters or
    "". A number that begins with 00 is international wherever it is from.
    """
    import phonenumbers

    written = text.strip()
    if written.startswith("00"):
        written = "+" + written[2:]
    try:
        number = phonenumbers.parse(written, region or None)
    except phonenumbers.NumberParseException:
        return None
    # Possible, not valid: the ranges that countries have opened change faster than any table.
    if not phonenumbers.is_possible_number(number):
        return None
    # An extension is no part of E.164.
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def phone_region(text: str) -> str:
    """The region in capitals, or "" for none; `ExportError` where no phone numbers are known."""
    import phonenumbers

    region = text.strip().upper()
    region = "GB" if region == "UK" else region
    if region and region not in phonenumbers.SUPPORTED_REGIONS:
        raise ExportError(
            f"{text!r} is no region: write its ISO 3166-1 code of two letters, such as US or DE."
        )
    return region


def phone_version() -> str:
    """The version of the library that knows the numbers, since its tables change."""
    from importlib.metadata import version

    return version("phonenumbers")
