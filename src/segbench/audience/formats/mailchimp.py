"""Mailchimp's import: an e-mail column, or an SMS number; texts of at most 255 bytes."""

from __future__ import annotations

from collections.abc import Mapping

from segbench.audience.formats.import_file import Layout, import_format, us_day

LONGEST = 255
"""The most bytes of a text."""


def one_cell(values: Mapping[str, str]) -> str:
    """The address in one cell, its parts two spaces apart, the country last."""
    parts = ("address", "city", "state", "postal_code", "country")
    return "  ".join(text for part in parts if (text := values.get(part, "")))


FORMAT = import_format(
    Layout(
        name="mailchimp",
        label="Mailchimp",
        about="Contacts with an e-mail address or an SMS number; birthdays as MM/DD.",
        headers={
            "email": "Email Address",
            "sms": "SMS Phone Number",
            "first_name": "First Name",
            "last_name": "Last Name",
            "phone": "Phone Number",
            "address": "Address",
            "city": "City",
            "state": "State",
            "postal_code": "Zip Code",
            "country": "Country",
            "company": "Company",
            "birthday": "Birthday",
            "tags": "Tags",
        },
        needs=("email", "sms"),
        missing="an e-mail address",
        day=us_day,
        birthday=lambda day: f"{day.month:02}/{day.day:02}",
        address=one_cell,
        longest=LONGEST,
    )
)
