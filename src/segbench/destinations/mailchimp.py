"""Mailchimp: batches of members added to an audience, or brought up to date in it."""

from __future__ import annotations

import json
import re
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from segbench.destinations.calls import Calls, Pause, part
from segbench.destinations.secret import Secret, find_secret, require_place
from segbench.destinations.shipment import Recipient, Shipment, Standing, Takes, told
from segbench.errors import DeliveryError

MOST = 500
"""The most members of one call."""
STATUSES = ("subscribed", "unsubscribed", "cleaned", "pending", "transactional")
NO_ADDRESS = "without an e-mail address"
TWICE = "the same e-mail address as another in its batch"


@dataclass(frozen=True)
class Mailchimp:
    """An audience. Members that are in it are brought up to date, so that a batch may come twice.

    `merge_fields` says which column goes into which merge tag, beside FNAME, LNAME, PHONE, BIRTHDAY
    and ADDRESS. `status` is what members get; "pending" makes Mailchimp ask them first.
    """

    name: str
    server: str
    audience: str
    secret: str
    status: Literal["subscribed", "unsubscribed", "cleaned", "pending", "transactional"] = (
        "subscribed"
    )
    tags: tuple[str, ...] = ()
    merge_fields: Mapping[str, str] = field(default_factory=dict)
    endpoint: str = ""
    private: bool = False
    pause: Pause = time.sleep
    takes: Takes = "recipients"

    def __post_init__(self) -> None:
        require_place(self.secret)
        if not re.fullmatch(r"[a-z]+\d+", self.server):
            raise DeliveryError(f"A Mailchimp server is like us6, not {self.server!r}.")
        if not re.fullmatch(r"\w+", self.audience):
            raise DeliveryError(f"A Mailchimp audience is an id, not {self.audience!r}.")
        if self.status not in STATUSES:
            raise DeliveryError(f"status is one of {', '.join(STATUSES)}.")

    def send(self, shipment: Shipment, standing: Standing) -> Iterator[Standing]:
        """Add batch after batch; yields after each."""
        secret = find_secret(self.secret)
        login = b64encode(f"segbench:{secret.value}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
        base = self.endpoint or f"https://{self.server}.api.mailchimp.com"
        with Calls(
            base, headers, secrets=[secret, Secret(login)], private=self.private, pause=self.pause
        ) as calls:
            for batch in shipment.recipients(standing.done, MOST):
                sent, rejects = _sendable(batch)
                if sent:
                    rejects += self._add(calls, sent)
                standing = standing.after(len(batch), rejects)
                yield standing

    def _add(self, calls: Calls, sent: Mapping[str, Recipient]) -> list[tuple[str, str]]:
        """Add these members; the keys and reasons of those that were not taken."""
        members = [self._member(address, one) for address, one in sent.items()]
        body = {"members": members, "update_existing": True, "sync_tags": False}
        answer = calls.call(
            "POST",
            f"/3.0/lists/{self.audience}",
            body=json.dumps(body, ensure_ascii=False).encode(),
            params={"skip_merge_validation": "true", "skip_duplicate_check": "false"},
        )
        refused = calls.read(answer).get("errors")
        rejects = []
        for entry in refused if isinstance(refused, list) else []:
            recipient = sent.get(str(part(entry, "email_address")).lower())
            if recipient is not None:
                rejects.append((recipient.key, told(str(part(entry, "error") or ""), recipient)))
        return rejects

    def _member(self, address: str, recipient: Recipient) -> dict[str, Any]:
        member: dict[str, Any] = {
            "email_address": address,
            "email_type": "html",
            "status": self.status,
            "merge_fields": self._merged(recipient),
        }
        return {**member, "tags": list(self.tags)} if self.tags else member

    def _merged(self, recipient: Recipient) -> dict[str, Any]:
        values = recipient.values
        own = {"FNAME": "first_name", "LNAME": "last_name", "PHONE": "phone"}
        merged: dict[str, Any] = {tag: values[role] for tag, role in own.items() if role in values}
        if day := values.get("birthday"):
            merged["BIRTHDAY"] = f"{day[5:7]}/{day[8:10]}"
        parts = {"addr1": "address", "city": "city", "state": "state", "zip": "postal_code"}
        # Mailchimp takes an address only whole.
        if all(role in values for role in parts.values()):
            address = {part: values[role] for part, role in parts.items()}
            place = {"country": values["country"]} if "country" in values else {}
            merged["ADDRESS"] = address | place
        for tag, column in self.merge_fields.items():
            value = recipient.others.get(column, values.get(column))
            if value is not None:
                merged[tag] = value if isinstance(value, int | float | str) else json.dumps(value)
        return merged


def _sendable(batch: list[Recipient]) -> tuple[dict[str, Recipient], list[tuple[str, str]]]:
    """The recipients by address, and those that cannot be sent, with the reason."""
    sent: dict[str, Recipient] = {}
    rejects = []
    for recipient in batch:
        address = recipient.values.get("email", "").lower()
        if not address:
            rejects.append((recipient.key, NO_ADDRESS))
        elif address in sent:
            rejects.append((recipient.key, TWICE))
        else:
            sent[address] = recipient
    return sent, rejects
