"""HighLevel's import: a name, an e-mail address or a phone number; files up to 30 MB."""

from __future__ import annotations

from segbench.audience.formats.import_file import Layout, import_format, us_day
from segbench.audience.formats.ready_made import MEGABYTE

LARGEST = 30 * MEGABYTE
"""The most bytes of a file."""

FORMAT = import_format(
    Layout(
        name="highlevel",
        label="HighLevel",
        about="Contacts with an e-mail address, a phone number or a name; files up to 30 MB.",
        headers={
            "first_name": "First Name",
            "last_name": "Last Name",
            "email": "Email",
            "phone": "Phone",
            "company": "Company",
            "address": "Address",
            "city": "City",
            "state": "State",
            "postal_code": "Postal Code",
            "country": "Country",
            "birthday": "Date of Birth",
            "tags": "Tags",
        },
        needs=("email", "phone", "first_name", "last_name"),
        missing="an e-mail address, a phone number or a name",
        day=us_day,
        largest=LARGEST,
    )
)
