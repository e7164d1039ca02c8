"""Shipments of made-up recipients, and driving a destination as a delivery does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from segbench.destinations.shipment import (
    Destination,
    Recipient,
    Shipment,
    ShippedFile,
    Standing,
)
from segbench.errors import DeliveryError


def person(number: int, **values: str) -> Recipient:
    own = {"email": f"p{number}@example.com", "first_name": f"P{number}", **values}
    kept = {role: value for role, value in own.items() if value}
    return Recipient(f"c{number}", kept, {"score": number, "plan": "pro"})


def shipment(folder: Path, people: list[Recipient]) -> Shipment:
    """An export folder with two files and a manifest, and these recipients."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, content in (
        ("recipients.csv", b"key\r\n" + b"x" * 100_000),
        ("recipients.parquet", b"PAR1"),
        ("manifest.json", b"{}"),
    ):
        (folder / name).write_bytes(content)
        files.append(ShippedFile(name, len(content), hashlib.sha256(content).hexdigest()))

    def recipients(start: int, size: int) -> Iterator[list[Recipient]]:
        for at in range(start, len(people), size):
            yield people[at : at + size]

    return Shipment("e1-there-1", "e1", "Spring", folder, tuple(files), len(people), recipients)


def sent_until_it_breaks(place: Destination, what: Shipment) -> Standing:
    """The last standing before the destination could not go on."""
    kept = [Standing()]
    with pytest.raises(DeliveryError):
        kept.extend(place.send(what, kept[0]))
    return kept[-1]


def sent(place: Destination, what: Shipment, standing: Standing | None = None) -> Standing:
    """The standing once the destination has taken all."""
    first = standing or Standing()
    return [first, *place.send(what, first)][-1]
