"""Google's Customer Match list: hashed addresses, phone numbers and names; places in the clear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segbench.audience.formats.cleaning import home, texts
from segbench.audience.formats.job import Format, Job
from segbench.audience.formats.ready_made import Cells, ReadyMade, Refusal, RowReader
from segbench.audience.formats.tally import Tally
from segbench.audience.hashed_lists import google
from segbench.audience.hashed_lists.hashing import sha256_hex
from segbench.errors import ExportError

ADDRESS = ("first_name", "last_name", "country", "postal_code")
"""The parts of an address, which counts only where all four are there."""
ROLES = ("email", "phone", *ADDRESS)


class GoogleRows(RowReader):
    """The rows of the list; its headers must be exactly these, in English."""

    def __init__(self, job: Job, tally: Tally) -> None:
        super().__init__(job, tally)
        self.roles = {role: job.roles[role] for role in ROLES if role in job.roles}
        self._whole = all(role in self.roles for role in ADDRESS)
        identifiers = len(self.roles.get("email", ())) + len(self.roles.get("phone", ()))
        if not identifiers and not self._whole:
            raise ExportError(
                "A Google customer list needs an e-mail address, a phone number, or first name, "
                "last name, country and postal code, and no field is known to hold one. Say which "
                "does: email=FIELD."
            )

    def header(self) -> Cells:
        """The names that Google knows."""
        several = [
            {"email": "Email", "phone": "Phone"}[role]
            for role in ("email", "phone")
            for _ in self.roles.get(role, ())
        ]
        return [*several, *(("First Name", "Last Name", "Country", "Zip") if self._whole else ())]

    def cells(self, row: Mapping[str, Any]) -> Cells | Refusal:
        """The cells of a contact, or why it is left out."""
        where = home(row, self.roles, self.region)
        emails, phones = self._several(row, "email", where), self._several(row, "phone", where)
        address = self._address(row) if self._whole else []
        if not (any(emails) or any(phones) or any(address)):
            return Refusal("without an e-mail address, a phone number or a whole address")
        return [*emails, *phones, *address]

    def _several(self, row: Mapping[str, Any], role: str, where: str) -> list[str]:
        found = []
        for text in texts(row, self.roles, role):
            value = google.email(text) if role == "email" else google.phone(text, where)
            if value is None:
                self.blank("e-mail address" if role == "email" else "phone number")
            else:
                found.append(sha256_hex(value))
        found = list(dict.fromkeys(found))
        return found + [""] * (len(self.roles.get(role, ())) - len(found))

    def _address(self, row: Mapping[str, Any]) -> Cells:
        first, last, country, code = (
            next(iter(texts(row, self.roles, role)), "") for role in ADDRESS
        )
        given, family = google.given_name(first), google.family_name(last)
        region = google.region_code(country) if country else None
        postal = google.postal_code(code, region)
        if given and family and region and postal:
            return [sha256_hex(given), sha256_hex(family), region, postal]
        if first or last or code:
            self.blank("address that is not whole")
        return [""] * 4


FORMAT = Format(
    "google",
    "Google Customer Match",
    "Hashed addresses, phone numbers and names for Google's customer lists.",
    lambda job: ReadyMade(job, "google", GoogleRows),
    ROLES,
    exclusive=True,
    least=100,
)
