"""Handing exports to destinations: begun once, gone on with after any failure, never done twice."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from segbench.audience.export import verify_export
from segbench.audience.formats.roles import settled_roles
from segbench.audience.manifest import NAME, read_manifest
from segbench.audience.whole_folder import file_sha256
from segbench.audience.written_rows import WrittenRows, json_value, role_values
from segbench.destinations.calls import Pause
from segbench.destinations.settings import destination, find_entry, read_destinations
from segbench.destinations.shipment import (
    Destination,
    Recipient,
    Shipment,
    ShippedFile,
    Standing,
)
from segbench.errors import DeliveryError
from segbench.lake.presence import lock
from segbench.model.campaign import ExportRecord
from segbench.model.delivery import DeliveryRecord
from segbench.workbench.verifying import find_export
from segbench.workbench.workbench import Workbench

LOCKS = ".deliveries"
"""The folder in `exports` where each delivery that is under way has a locked file."""


def deliver(
    workbench: Workbench,
    export: str,
    to: str,
    *,
    again: bool = False,
    progress: Callable[[int], None] | None = None,
    pause: Pause = time.sleep,
) -> DeliveryRecord:
    """Hand an export, by its id, to the destination of that name, or go on with it.

    `DeliveryError` where it is under way elsewhere, was done already (unless it is to be done
    `again`), or the destination cannot go on; then the delivery is kept as failed, and another call
    goes on where it was. `progress` gets the recipients that are done.
    """
    campaign, record = find_export(workbench, export)
    entry = find_entry(read_destinations(workbench.workspace.root), to)
    place = destination(to, entry, clock=workbench.clock, pause=pause)
    folder = workbench.workspace.exports / record.folder
    if problems := verify_export(folder, record.manifest_sha256):
        raise DeliveryError(f"The export {record.id} is not whole: {problems[0]}")
    require_takeable(place, read_manifest(folder))
    with _alone(workbench.workspace.exports, f"{record.id}-{to}"):
        holder = secrets.token_hex(8)
        begun = workbench.library.deliveries.begin(
            record.id, to, holder=holder, again=again, now=workbench.clock()
        )
        shipment = _shipment(folder, record, campaign, begun.key)
        return _drive(workbench, place, shipment, begun, holder, progress)


def require_takeable(place: Destination, manifest: dict[str, Any]) -> None:
    """`DeliveryError` where a destination that takes recipients finds no file to read them from."""
    if place.takes == "recipients" and not _tables(manifest):
        raise DeliveryError(
            f"{place.name} takes recipients one by one, and the export has no Parquet file to read "
            "them from: export with the format parquet, too."
        )


def _drive(
    workbench: Workbench,
    place: Destination,
    shipment: Shipment,
    begun: DeliveryRecord,
    holder: str,
    progress: Callable[[int], None] | None,
) -> DeliveryRecord:
    """Let the destination go on, and keep each standing before the next step."""
    store, key = workbench.library.deliveries, begun.key
    standing = Standing(begun.done, begun.accepted, begun.rejected, begun.detail)
    steps = place.send(shipment, standing)
    try:
        for standing in steps:
            store.advance(
                key,
                holder=holder,
                done=standing.done,
                accepted=standing.accepted,
                rejected=standing.rejected,
                detail=standing.detail,
                now=workbench.clock(),
            )
            if progress is not None:
                progress(standing.done)
        if standing.done != shipment.count:
            raise DeliveryError(
                f"{place.name} took {standing.done:,} of {shipment.count:,} recipients; deliver "
                "again to go on."
            )
    except DeliveryError as error:
        with contextlib.suppress(DeliveryError):
            store.end(key, holder=holder, state="failed", error=str(error), now=workbench.clock())
        raise
    return store.end(key, holder=holder, state="done", now=workbench.clock())


def _shipment(folder: Path, record: ExportRecord, campaign: str, key: str) -> Shipment:
    manifest = read_manifest(folder)
    listed = [ShippedFile(f["name"], f["bytes"], f["sha256"]) for f in manifest["files"]]
    own = folder / NAME
    listed.append(ShippedFile(NAME, own.stat().st_size, file_sha256(own)))
    rows = WrittenRows([folder / name for name in _tables(manifest)])

    def recipients(start: int, size: int) -> Iterator[list[Recipient]]:
        columns = rows.columns
        known = manifest.get("roles", {}).items()
        chosen = {role: held for role, held in known if set(held) <= set(columns)}
        roles = settled_roles(columns, chosen)
        region = str(manifest.get("phone_region", ""))
        taken = {column for held in roles.values() for column in held}
        for batch in rows.batches(start, size):
            yield [
                Recipient(
                    str(row.get("key", start + at)),
                    role_values(row, roles, region),
                    {
                        name: json_value(value)
                        for name, value in row.items()
                        if name not in taken and name != "key"
                    },
                )
                for at, row in enumerate(batch)
            ]
            start += len(batch)

    return Shipment(key, record.id, campaign, folder, tuple(listed), record.count, recipients)


def _tables(manifest: dict[str, Any]) -> list[str]:
    """The Parquet files of an export, in the order of their rows."""
    return [file["name"] for file in manifest["files"] if str(file["name"]).endswith(".parquet")]


@contextlib.contextmanager
def _alone(exports: Path, name: str) -> Iterator[None]:
    """Keep other processes from the same delivery; the lock goes with the process, however it ends.

    Where files cannot be locked, the library alone holds them apart.
    """
    folder = exports / LOCKS
    folder.mkdir(exist_ok=True)
    file = os.open(folder / name, os.O_CREAT | os.O_RDWR)
    try:
        if lock(file) is False:
            raise DeliveryError("Another process is delivering this export there now.")
        yield
    finally:
        os.close(file)
