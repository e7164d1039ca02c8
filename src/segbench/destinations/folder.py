"""A folder, such as one of another machine that is mounted here."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from segbench.destinations.shipment import Shipment, ShippedFile, Standing, Takes
from segbench.errors import DeliveryError


@dataclass(frozen=True)
class Folder:
    """A folder that gets one folder for each export; each file appears whole or not at all."""

    name: str
    path: str
    takes: Takes = "files"

    def __post_init__(self) -> None:
        if not Path(self.path).expanduser().is_absolute():
            raise DeliveryError(f"Name the whole path of a folder, not {self.path!r}.")

    def send(self, shipment: Shipment, standing: Standing) -> Iterator[Standing]:
        """Copy file after file, the manifest last; yields after each."""
        root = Path(self.path).expanduser()
        if not root.is_dir():
            raise DeliveryError(f"There is no folder {root}.")
        target = root / shipment.folder.name
        try:
            target.mkdir(exist_ok=True)
            for file in shipment.files:
                _copy(shipment.folder / file.name, target / file.name, file)
                standing = arrived(standing, file, shipment)
                yield standing
        except OSError as error:
            raise DeliveryError(f"The folder {target} cannot be written: {error}.") from error


def arrived(standing: Standing, file: ShippedFile, shipment: Shipment) -> Standing:
    """The standing after one more file; with the last one all recipients have arrived."""
    files = list(dict.fromkeys((*standing.detail.get("files", ()), file.name)))
    if file == shipment.files[-1] and not standing.done:
        return standing.after(shipment.count, files=files)
    return standing.noted(files=files)


def _copy(source: Path, target: Path, file: ShippedFile) -> None:
    if target.exists():
        if _sha256(target) == file.sha256:
            return
        raise DeliveryError(f"{target} exists with other content; it is not written over.")
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, part)
    if _sha256(part) != file.sha256:
        part.unlink()
        raise DeliveryError(f"{source} is not what its manifest says; it was not delivered.")
    with part.open("rb") as copied:
        os.fsync(copied.fileno())
    os.replace(part, target)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
