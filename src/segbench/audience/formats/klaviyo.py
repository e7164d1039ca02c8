"""Klaviyo's import: every row has an e-mail address or a phone number, and no two have the same."""

from __future__ import annotations

from segbench.audience.formats.import_file import Layout, import_format, iso_day
from segbench.audience.formats.ready_made import MEGABYTE

LARGEST = 50 * MEGABYTE
"""The most bytes of a file."""

FORMAT = import_format(
    Layout(
        name="klaviyo",
        label="Klaviyo",
        about="Contacts with an e-mail address or a phone number, each once; files up to 50 MB.",
        # The first one must be one of these two.
        headers={
            "email": "Email Address",
            "phone": "Phone Number",
            "first_name": "First Name",
            "last_name": "Last Name",
            "company": "Organization",
            "address": "Address",
            "city": "City",
            "state": "State/Region",
            "postal_code": "Zip Code",
            "country": "Country",
            "birthday": "Birthday",
        },
        needs=("email", "phone"),
        missing="an e-mail address or a phone number",
        day=iso_day,
        unique=True,
        largest=LARGEST,
    )
)
