"""An export on its way: what is sent, and how far it got."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

MOST_REJECTS = 200
"""How many rejected contacts are remembered by their keys; the others are counted."""
MOST_REASONS = 50
OTHER_REASONS = "other reasons"
LONGEST_REASON = 200

Takes = Literal["files", "recipients"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One contact of an export: its key, cleaned `values` by role (`email`, `phone` in E.164,
    `first_name`, ...), and the `others` of its columns as plain JSON values."""

    key: str
    values: Mapping[str, str]
    others: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShippedFile:
    """A file of the export, with what its manifest says of it."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Shipment:
    """What a destination is given. `key` stays the same however often it is tried.

    `files` end with the manifest: where that has arrived, all has. `recipients` gives the contacts
    from the n-th on, in batches of a size, always in the same order.
    """

    key: str
    export: str
    campaign: str
    folder: Path
    files: tuple[ShippedFile, ...]
    count: int
    recipients: Callable[[int, int], Iterator[list[Recipient]]]


@dataclass(frozen=True)
class Standing:
    """How far a delivery got: `done` recipients were taken or refused, from the first on.

    `detail` is plain JSON: what a destination wants to know when it goes on, the `reasons` of
    rejects with their counts, and the first `rejects` as pairs of key and reason.
    """

    done: int = 0
    accepted: int = 0
    rejected: int = 0
    detail: Mapping[str, Any] = field(default_factory=dict)

    def after(self, sent: int, rejects: Iterable[tuple[str, str]] = (), **detail: Any) -> Standing:
        """The standing after `sent` more recipients, some of which were rejected."""
        refused = [(key, reason[:LONGEST_REASON]) for key, reason in rejects]
        reasons = dict(self.detail.get("reasons", {}))
        for _, reason in refused:
            counted = reason if reason in reasons or len(reasons) < MOST_REASONS else OTHER_REASONS
            reasons[counted] = reasons.get(counted, 0) + 1
        kept = [*self.detail.get("rejects", ()), *map(list, refused)][:MOST_REJECTS]
        told = {**self.detail, **({"reasons": reasons, "rejects": kept} if refused else {})}
        return Standing(
            self.done + sent,
            self.accepted + sent - len(refused),
            self.rejected + len(refused),
            told | detail,
        )

    def noted(self, **detail: Any) -> Standing:
        """The same standing with more to know; None takes something away."""
        told = {**self.detail, **detail}
        return dataclasses.replace(
            self, detail={name: value for name, value in told.items() if value is not None}
        )


class Destination(Protocol):
    """Takes exports: their files, or their recipients one batch after the other.

    `name` is what it is called in the workspace.
    """

    name: str
    takes: Takes

    def send(self, shipment: Shipment, standing: Standing) -> Iterator[Standing]:
        """Go on from a standing; yields the new one after each step that must not be done twice.

        Whoever drives it keeps each standing before it asks for the next. A step that was done but
        not kept is done again, which changes nothing at the destination. `DeliveryError` where it
        cannot go on; it may be tried again later.
        """


def told(reason: str, recipient: Recipient) -> str:
    """A service's reason without the address and the number of the contact that it speaks of."""
    for role in ("email", "phone"):
        value = recipient.values.get(role)
        if value:
            for shape in {value, value.lower(), value.removeprefix("+")}:
                reason = reason.replace(shape, "…")
    return " ".join(reason.split()) or "no reason given"
