"""HighLevel: contacts of a location, created or brought up to date one by one."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from segbench.destinations.calls import Calls, Pause, Refused, Reply, part
from segbench.destinations.secret import find_secret, require_place
from segbench.destinations.shipment import Recipient, Shipment, Standing, Takes, told
from segbench.errors import DeliveryError

VERSION = "2021-07-28"
STEP = 50
"""Contacts between two standings; a batch that was broken off is sent again."""
NO_IDENTITY = "without an e-mail address or a phone number"

_OWN = {
    "firstName": "first_name",
    "lastName": "last_name",
    "email": "email",
    "phone": "phone",
    "companyName": "company",
    "address1": "address",
    "city": "city",
    "state": "state",
    "postalCode": "postal_code",
    "country": "country",
}


@dataclass(frozen=True)
class HighLevel:
    """A location. `custom_fields` says which column goes into the custom field of which id.

    `tags` are added to what a contact has: sent with the contact, they would replace it.
    """

    name: str
    location: str
    secret: str
    tags: tuple[str, ...] = ()
    custom_fields: Mapping[str, str] = field(default_factory=dict)
    endpoint: str = "https://services.leadconnectorhq.com"
    private: bool = False
    pause: Pause = time.sleep
    takes: Takes = "recipients"

    def __post_init__(self) -> None:
        require_place(self.secret)
        if not re.fullmatch(r"\w+", self.location):
            raise DeliveryError(f"A HighLevel location is an id, not {self.location!r}.")

    def send(self, shipment: Shipment, standing: Standing) -> Iterator[Standing]:
        """Upsert contact after contact; yields after each step of them."""
        secret = find_secret(self.secret)
        headers = {
            "Authorization": f"Bearer {secret.value}",
            "Version": VERSION,
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        with Calls(
            self.endpoint, headers, secrets=[secret], private=self.private, pause=self.pause
        ) as calls:
            for batch in shipment.recipients(standing.done, STEP):
                ids, rejects = [], []
                for recipient in batch:
                    try:
                        ids.append(self._upsert(calls, recipient))
                    except Refused as error:
                        if error.status not in (400, 422):
                            raise
                        rejects.append((recipient.key, told(_reason(error), recipient)))
                if self.tags and ids:
                    self._tag(calls, ids)
                standing = standing.after(len(batch), rejects)
                yield standing

    def _upsert(self, calls: Calls, recipient: Recipient) -> str:
        """Create the contact or bring it up to date; its id."""
        values = recipient.values
        if not (values.get("email") or values.get("phone")):
            raise Refused(NO_IDENTITY, 422, NO_IDENTITY)
        body: dict[str, Any] = {name: values[role] for name, role in _OWN.items() if role in values}
        body["locationId"] = self.location
        custom = [
            {"id": id, "field_value": value if isinstance(value, str) else json.dumps(value)}
            for column, id in self.custom_fields.items()
            if (value := recipient.others.get(column, values.get(column))) is not None
        ]
        if custom:
            body["customFields"] = custom
        answer = calls.call("POST", "/contacts/upsert", body=_text(body))
        _keep_pace(calls, answer)
        id = part(calls.read(answer), "contact", "id")
        if not isinstance(id, str):
            raise DeliveryError("HighLevel answers without the id of a contact.")
        return id

    def _tag(self, calls: Calls, ids: list[str]) -> None:
        body = {"contacts": ids, "tags": list(self.tags), "locationId": self.location}
        _keep_pace(calls, calls.call("POST", "/contacts/bulk/tags/update/add", body=_text(body)))


def _text(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _keep_pace(calls: Calls, answer: Reply) -> None:
    """Wait for the next interval where this one's requests are used up."""
    interval = answer.headers.get("X-RateLimit-Interval-Milliseconds", "")
    if answer.headers.get("X-RateLimit-Remaining") == "0" and interval.isdigit():
        calls.pause(int(interval) / 1000)


def _reason(error: Refused) -> str:
    try:
        message = json.loads(error.text).get("message", error.text)
    except (ValueError, AttributeError):
        return error.text
    return ", ".join(map(str, message)) if isinstance(message, list) else str(message)
