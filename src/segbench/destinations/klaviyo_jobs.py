"""The import jobs of Klaviyo: begun, asked after until complete, and what failed in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx

from segbench.destinations.calls import Calls, Refused, part
from segbench.destinations.klaviyo_batch import Batch, identity_of
from segbench.destinations.shipment import told
from segbench.errors import DeliveryError

PATIENCE = 180
"""How often a job is asked after before it is left for a later try."""

_PATH = "/api/profile-bulk-import-jobs"
_NAMELESS = "Klaviyo does not say which profile failed"


class JobGone(DeliveryError):
    """A job that will never be complete: what is in it must be sent in another one."""


def begin_job(calls: Calls, body: bytes) -> str:
    """The id of a new job."""
    job = part(calls.read(calls.call("POST", _PATH, body=body)), "data", "id")
    if not isinstance(job, str) or not re.fullmatch(r"[\w-]+", job):
        raise DeliveryError("Klaviyo answers without the id of a job.")
    return job


def failed_in(calls: Calls, job: str, batch: Batch) -> list[tuple[str, str]]:
    """The keys and reasons of what a job could not import, once it is complete."""
    failed = _complete(calls, job).get("failed_count")
    if not isinstance(failed, int) or not failed:
        return []
    rejects: dict[str, str] = {}
    params: dict[str, str] | None = {"page[size]": "100"}
    while params is not None:
        page = calls.read(calls.call("GET", f"{_PATH}/{job}/import-errors", params=params))
        entries = page.get("data")
        for entry in entries if isinstance(entries, list) else ():
            sent = part(entry, "attributes", "original_payload")
            own = part(sent, "attributes") or sent
            known = {"email": part(own, "email"), "phone": part(own, "phone_number")}
            recipient = batch.who.get(identity_of(known))
            if recipient is not None:
                error = part(entry, "attributes")
                reason = str(part(error, "detail") or part(error, "title") or "")
                rejects.setdefault(recipient.key, told(reason, recipient))
        params = _next_page(page, params)
    # Errors that name nobody are counted all the same: each is a profile that was not imported.
    missing = min(failed, len(batch.who)) - len(rejects)
    return [*rejects.items(), *[("", _NAMELESS)] * missing]


def _complete(calls: Calls, job: str) -> Mapping[str, Any]:
    for asked in range(PATIENCE):
        try:
            answer = calls.read(calls.call("GET", f"{_PATH}/{job}"))
        except Refused as error:
            if error.status not in (404, 410):
                raise
            raise JobGone(f"Klaviyo does not know the import job {job} any more.") from None
        attributes = part(answer, "data", "attributes")
        if part(attributes, "status") == "complete":
            return dict(attributes)
        if part(attributes, "status") == "cancelled":
            raise JobGone(f"The import job {job} was cancelled in Klaviyo.")
        calls.pause(min(1.0 + asked, 10.0))
    raise DeliveryError(
        f"The import job {job} is not complete in Klaviyo yet; deliver again to look after it."
    )


def _next_page(page: Mapping[str, Any], before: Mapping[str, str]) -> dict[str, str] | None:
    """The query of the next page. Only the query: nothing is sent to where an answer points."""
    link = part(page, "links", "next")
    if not isinstance(link, str) or not link:
        return None
    following = dict(httpx.URL(link).params)
    return following if following != before else None
