"""What goes into one import job of Klaviyo."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from segbench.destinations.shipment import Recipient

MOST = 10_000
"""The most profiles of one job."""
LARGEST = 5_000_000 - 10_000
"""The most bytes of one job's profiles; the rest is for what is around them."""
LARGEST_PROFILE = 100_000
NO_IDENTITY = "without an e-mail address or a phone number"
TWICE = "the same address as another in its batch"
TOO_LARGE = "more than 100 kB of properties"

_OWN = ("first_name", "last_name")
_PLACE = {
    "address1": "address",
    "city": "city",
    "region": "state",
    "zip": "postal_code",
    "country": "country",
}


@dataclass(frozen=True)
class Batch:
    """What fits into one job: `taken` recipients, by what they are known by those that go."""

    taken: int
    who: Mapping[str, Recipient]
    profiles: Mapping[str, str]
    rejects: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, recipients: list[Recipient]) -> Batch:
        """As many of the recipients, from the first on, as one job takes."""
        who: dict[str, Recipient] = {}
        profiles: dict[str, str] = {}
        rejects: list[tuple[str, str]] = []
        size = taken = 0
        for recipient in recipients:
            text = json.dumps(_profile(recipient), ensure_ascii=False)
            weight = len(text.encode()) + 2
            identity = identity_of(recipient.values)
            if not identity:
                rejects.append((recipient.key, NO_IDENTITY))
            elif identity in who:
                rejects.append((recipient.key, TWICE))
            elif weight > LARGEST_PROFILE:
                rejects.append((recipient.key, TOO_LARGE))
            elif size + weight > LARGEST:
                break
            else:
                who[identity], profiles[identity] = recipient, text
                size += weight
            taken += 1
        return cls(taken, who, profiles, tuple(rejects))


def identity_of(values: Mapping[str, Any]) -> str:
    """What a profile is known by: its e-mail address, else its phone number."""
    return str(values.get("email") or values.get("phone") or "").lower()


def _profile(recipient: Recipient) -> dict[str, Any]:
    values = recipient.values
    attributes: dict[str, Any] = {role: values[role] for role in _OWN if role in values}
    renamed = {
        "email": "email",
        "phone_number": "phone",
        "organization": "company",
        "external_id": "external_id",
    }
    attributes |= {name: values[role] for name, role in renamed.items() if role in values}
    place = {name: values[role] for name, role in _PLACE.items() if role in values}
    if place:
        attributes["location"] = place
    more = {name: value for name, value in recipient.others.items() if value is not None}
    if day := values.get("birthday"):
        more["Birthday"] = day
    if more:
        attributes["properties"] = more
    return {"type": "profile", "attributes": attributes}
