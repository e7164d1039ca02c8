"""Klaviyo: bulk import jobs that create profiles or bring them up to date, and add them to a list.

A job goes on after it was accepted, so it is asked until it is complete. Its id is kept before
that: a delivery that was broken off asks after the job that it began.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from segbench.destinations import klaviyo_batch
from segbench.destinations.calls import Calls, Pause
from segbench.destinations.klaviyo_batch import Batch
from segbench.destinations.klaviyo_jobs import JobGone, begin_job, failed_in
from segbench.destinations.secret import find_secret, require_place
from segbench.destinations.shipment import Shipment, Standing, Takes
from segbench.errors import DeliveryError

REVISION = "2026-07-15"


@dataclass(frozen=True)
class Klaviyo:
    """An account, and the list that its profiles are added to, if any."""

    name: str
    secret: str
    list: str = ""
    endpoint: str = "https://a.klaviyo.com"
    private: bool = False
    pause: Pause = time.sleep
    takes: Takes = "recipients"

    def __post_init__(self) -> None:
        require_place(self.secret)
        if self.list and not re.fullmatch(r"\w+", self.list):
            raise DeliveryError(f"A Klaviyo list is an id such as Y6nRLr, not {self.list!r}.")

    def send(self, shipment: Shipment, standing: Standing) -> Iterator[Standing]:
        """Import batch after batch; yields when a job was accepted, and when it is complete."""
        secret = find_secret(self.secret)
        headers = {
            "Authorization": f"Klaviyo-API-Key {secret.value}",
            "revision": REVISION,
            "Accept": "application/vnd.api+json",
            "Content-Type": "application/vnd.api+json",
        }
        with Calls(
            self.endpoint, headers, secrets=[secret], private=self.private, pause=self.pause
        ) as calls:
            while standing.done < shipment.count:
                batch = Batch.of(next(shipment.recipients(standing.done, klaviyo_batch.MOST)))
                if batch.profiles and "job" not in standing.detail:
                    standing = standing.noted(job=begin_job(calls, self._body(batch)))
                    yield standing
                rejects = [*batch.rejects]
                if job := standing.detail.get("job"):
                    try:
                        rejects += failed_in(calls, str(job), batch)
                    except JobGone:
                        # The next try must not ask after it again.
                        yield standing.noted(job=None)
                        raise
                standing = standing.after(batch.taken, rejects).noted(job=None)
                yield standing

    def _body(self, batch: Batch) -> bytes:
        profiles = [json.loads(text) for text in batch.profiles.values()]
        data: dict[str, Any] = {
            "type": "profile-bulk-import-job",
            "attributes": {"profiles": {"data": profiles}},
        }
        if self.list:
            data["relationships"] = {"lists": {"data": [{"type": "list", "id": self.list}]}}
        return json.dumps({"data": data}, ensure_ascii=False).encode()
