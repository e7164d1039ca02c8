"""HTTP webhook: batches of recipients as JSON, each signed and with a key of its own."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from segbench.destinations.addresses import checked_url
from segbench.destinations.calls import Calls, Pause
from segbench.destinations.secret import Secret, find_secret, require_place
from segbench.destinations.shipment import Recipient, Shipment, Standing, Takes, told
from segbench.errors import DeliveryError

MOST = 10_000
USUAL = 500
SIGNATURE, TIMESTAMP = "X-Segbench-Signature", "X-Segbench-Timestamp"


@dataclass(frozen=True)
class Webhook:
    """A URL that takes batches.

    A receiver checks `X-Segbench-Signature` (`sha256=` and the HMAC-SHA256 of timestamp, a full
    stop and the body, in hex) and ignores an `Idempotency-Key` that it has had. It may answer with
    `{"rejected": [{"key": ..., "reason": ...}]}`.
    """

    name: str
    url: str
    secret: str
    clock: Callable[[], dt.datetime]
    batch: int = USUAL
    private: bool = False
    pause: Pause = time.sleep
    takes: Takes = "recipients"

    def __post_init__(self) -> None:
        checked_url(self.url, private=self.private)
        require_place(self.secret)
        if not 1 <= self.batch <= MOST:
            raise DeliveryError(f"A batch has 1 to {MOST:,} recipients, not {self.batch:,}.")

    def send(self, shipment: Shipment, standing: Standing) -> Iterator[Standing]:
        """Post batch after batch; yields after each."""
        secret = find_secret(self.secret)
        with Calls(self.url, {}, secrets=[secret], private=self.private, pause=self.pause) as calls:
            for batch in shipment.recipients(standing.done, self.batch):
                body = _body(shipment, standing.done, [_data(each) for each in batch])
                headers = {
                    "Content-Type": "application/json",
                    "Idempotency-Key": f"{shipment.key}-{standing.done}",
                    **self._signed(body, secret),
                }
                answer = calls.call("POST", body=body, headers=headers)
                refused = rejected_in(answer.text)
                known = {each.key: each for each in batch}
                rejects = [
                    (key, told(reason, known[key])) for key, reason in refused if key in known
                ]
                standing = standing.after(len(batch), rejects)
                yield standing

    def _signed(self, body: bytes, secret: Secret) -> dict[str, str]:
        stamp = str(int(self.clock().timestamp()))
        return {TIMESTAMP: stamp, SIGNATURE: signature(secret, stamp, body)}


def signature(secret: Secret, stamp: str, body: bytes) -> str:
    """What a receiver compares: `sha256=` and the HMAC of the timestamp and the body."""
    signed = hmac.new(secret.value.encode(), stamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"


def rejected_in(text: str) -> list[tuple[str, str]]:
    """The keys and reasons that a receiver rejects; none where it says nothing of the kind."""
    try:
        data = json.loads(text)
    except ValueError:
        return []
    listed = data.get("rejected") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        return []
    entries = [entry for entry in listed if isinstance(entry, dict)]
    found = {str(entry.get("key", "")): str(entry.get("reason", "")) for entry in entries}
    return list(found.items())


def _body(shipment: Shipment, start: int, recipients: list[Any]) -> bytes:
    data = {
        "delivery": shipment.key,
        "export": shipment.export,
        "campaign": shipment.campaign,
        "from": start,
        "of": shipment.count,
        "recipients": recipients,
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True).encode()


def _data(recipient: Recipient) -> dict[str, Any]:
    return {"key": recipient.key, **recipient.others, **recipient.values}
