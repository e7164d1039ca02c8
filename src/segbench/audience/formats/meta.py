"""Meta's customer list: hashed values under the keys of its API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segbench.audience.formats.cleaning import day_of, home, texts
from segbench.audience.formats.job import Format, Job
from segbench.audience.formats.ready_made import Cells, ReadyMade, Refusal, RowReader
from segbench.audience.formats.tally import Tally
from segbench.audience.hashed_lists import meta
from segbench.audience.hashed_lists.hashing import sha256_hex
from segbench.errors import ExportError

_KEYS = {
    "first_name": ("fn", "fi"),
    "last_name": ("ln",),
    "city": ("ct",),
    "state": ("st",),
    "postal_code": ("zip",),
    "country": ("country",),
    "gender": ("gen",),
    "birthday": ("doby", "dobm", "dobd"),
    "madid": ("madid",),
    "external_id": ("extern_id",),
}
ROLES = ("email", "phone", *_KEYS)
NEEDS = ("email", "phone", "madid", "external_id")
"""One of these, or a whole name with a place, says who somebody is."""


class MetaRows(RowReader):
    """The rows of the list: email and phone up to three times each, then the other keys."""

    def __init__(self, job: Job, tally: Tally) -> None:
        super().__init__(job, tally)
        self.roles = {role: job.roles[role] for role in ROLES if role in job.roles}
        if not any(role in self.roles for role in NEEDS):
            raise ExportError(
                "A Meta customer list needs an e-mail address, a phone number, a mobile advertiser "
                "id or an external id, and no field is known to hold one. Say which does: "
                "email=FIELD."
            )
        self._keys = [key for role, keys in _KEYS.items() if role in self.roles for key in keys]

    def header(self) -> Cells:
        """The keys in lower case."""
        several = [role for role in ("email", "phone") for _ in self.roles.get(role, ())]
        return [*several, *self._keys]

    def cells(self, row: Mapping[str, Any]) -> Cells | Refusal:
        """The hashed cells of a contact, or why it is left out."""
        where = home(row, self.roles, self.region)
        values = self._values(row, where)
        found = self._several(row, "email", where), self._several(row, "phone", where)
        if not (any(found[0]) or any(found[1]) or values.get("madid") or values.get("extern_id")):
            return Refusal("without an e-mail address, a phone number or an id")
        cells = [*found[0], *found[1]]
        for key in self._keys:
            value = values.get(key) or ""
            cells.append(value if key in meta.UNHASHED or not value else sha256_hex(value))
        return cells

    def _several(self, row: Mapping[str, Any], role: str, where: str) -> list[str]:
        """One cell a column of the role, hashed; those without a value last."""
        found = []
        for text in texts(row, self.roles, role):
            value = meta.email(text) if role == "email" else meta.phone(text, where)
            if value is None:
                self.blank("e-mail address" if role == "email" else "phone number")
            else:
                found.append(sha256_hex(value))
        found = list(dict.fromkeys(found))
        return found + [""] * (len(self.roles.get(role, ())) - len(found))

    def _values(self, row: Mapping[str, Any], where: str) -> dict[str, str | None]:
        """The values of all other keys, not hashed yet."""
        values: dict[str, str | None] = {}
        for role in _KEYS:
            text = next(iter(texts(row, self.roles, role)), "")
            if text:
                found = self._keyed(role, text, row, where)
                self.blank(role.replace("_", " "), sum(value is None for value in found.values()))
                values |= found
        return values

    def _keyed(
        self, role: str, text: str, row: Mapping[str, Any], where: str
    ) -> dict[str, str | None]:
        match role:
            case "first_name":
                return {"fn": meta.name(text), "fi": meta.initial(text)}
            case "last_name":
                return {"ln": meta.name(text)}
            case "city":
                return {"ct": meta.city(text)}
            case "state":
                return {"st": meta.state(text, where)}
            case "postal_code":
                return {"zip": meta.zip_code(text, where)}
            case "country":
                return {"country": meta.country(text)}
            case "gender":
                return {"gen": meta.gender(text)}
            case "madid":
                return {"madid": meta.madid(text)}
            case "external_id":
                return {"extern_id": text}
        day = day_of(row[self.roles["birthday"][0]])
        if day is None or meta.year(day) is None:
            return {"doby": None}
        return {"doby": meta.year(day), "dobm": meta.month(day), "dobd": meta.month_day(day)}


FORMAT = Format(
    "meta",
    "Meta customer list",
    "Hashed addresses, phone numbers, names and places for Meta's custom audiences.",
    lambda job: ReadyMade(job, "meta", MetaRows),
    ROLES,
    exclusive=True,
    least=100,
)
