"""HubSpot's import: an e-mail address or a name, and fewer than 1,000 columns."""

from __future__ import annotations

from segbench.audience.formats.import_file import Layout, import_format, iso_day

MOST_COLUMNS = 999

FORMAT = import_format(
    Layout(
        name="hubspot",
        label="HubSpot",
        about="Contacts with an e-mail address or a name; fewer than 1,000 columns.",
        headers={
            "email": "Email",
            "first_name": "First name",
            "last_name": "Last name",
            "phone": "Phone number",
            "company": "Company name",
            "address": "Street address",
            "city": "City",
            "state": "State/Region",
            "postal_code": "Postal code",
            "country": "Country/Region",
            "birthday": "Date of birth",
        },
        needs=("email", "first_name", "last_name"),
        missing="an e-mail address or a name",
        day=iso_day,
        most_columns=MOST_COLUMNS,
    )
)
