"""A store that speaks the protocol of Amazon S3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from segbench.destinations.addresses import checked_url
from segbench.destinations.folder import arrived
from segbench.destinations.secret import find_secret, require_place, without
from segbench.destinations.shipment import Shipment, ShippedFile, Standing, Takes
from segbench.errors import DeliveryError

PIECE = 8 << 20
"""Bytes that are read at a time."""
TIMEOUT = 30


@dataclass(frozen=True)
class S3:
    """A bucket, and the folder in it that gets one folder for each export.

    `endpoint` is the URL where a store other than Amazon's answers. An object appears when all of
    it has arrived.
    """

    name: str
    bucket: str
    access_key: str
    secret: str
    region: str = "us-east-1"
    prefix: str = ""
    endpoint: str = ""
    private: bool = False
    takes: Takes = "files"

    def __post_init__(self) -> None:
        require_place(self.secret)
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", self.bucket):
            raise DeliveryError(f"{self.bucket!r} cannot be the name of a bucket.")
        if self.endpoint:
            checked_url(self.endpoint, private=self.private)
        if not self.access_key:
            raise DeliveryError("access_key is the id of the key, which is not secret.")

    def send(self, shipment: Shipment, standing: Standing) -> Iterator[Standing]:
        """Put file after file, the manifest last; yields after each."""
        secret = find_secret(self.secret)
        place = "/".join(filter(None, (self.bucket, self.prefix.strip("/"), shipment.folder.name)))
        try:
            store = self._store(secret.value)
            for file in shipment.files:
                if file.name not in standing.detail.get("files", ()):
                    _put(store, shipment, file, f"{place}/{file.name}")
                    standing = arrived(standing, file, shipment)
                    yield standing
        except (OSError, pa.ArrowException) as error:
            text = without(str(error), [secret]).splitlines()[0]
            raise DeliveryError(f"The bucket {self.bucket} cannot be written: {text}") from None

    def _store(self, secret: str) -> Any:
        from pyarrow import fs

        scheme, _, host = self.endpoint.rpartition("://")
        return fs.S3FileSystem(
            access_key=self.access_key,
            secret_key=secret,
            region=self.region,
            endpoint_override=host or None,
            scheme=scheme or "https",
            connect_timeout=TIMEOUT,
            request_timeout=TIMEOUT,
            background_writes=False,
            retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=5),
        )


def _put(store: Any, shipment: Shipment, file: ShippedFile, place: str) -> None:
    with (
        (shipment.folder / file.name).open("rb") as source,
        store.open_output_stream(place) as sink,
    ):
        while piece := source.read(PIECE):
            sink.write(piece)
    there = store.get_file_info(place).size
    if there != file.bytes:
        raise DeliveryError(f"{place} has {there} bytes there, not {file.bytes:,}.")
