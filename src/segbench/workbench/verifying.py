"""Whether an export is what it says: its files, and the same contacts from the same data."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segbench.audience.export import verify_export
from segbench.audience.manifest import NAME, read_manifest
from segbench.errors import ExportError, FormatError, NotSaved, RuleError, SegbenchError
from segbench.model.campaign import ExportRecord
from segbench.workbench.cited import CitedWorkbench, Expired
from segbench.workbench.rewriting import differing_files, promise_again, written_with_others
from segbench.workbench.workbench import Workbench


@dataclass(frozen=True)
class Verification:
    """What was found, what was checked and what could not be, in sentences.

    `record` is the export as a campaign has it, None where no campaign has.
    """

    folder: Path
    record: ExportRecord | None
    problems: tuple[str, ...]
    checked: tuple[str, ...]
    unchecked: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with what could be checked."""
        return not self.problems


class _Findings:
    def __init__(self) -> None:
        self.problems: list[str] = []
        self.checked: list[str] = []
        self.unchecked: list[str] = []


def verify(
    workbench: Workbench, what: str, progress: Callable[[str], None] = lambda _: None
) -> Verification:
    """Verify the export in a folder, or the one of that id.

    The checksums of its files, the rows in them and the rules are compared with its manifest, the
    manifest with what the campaign recorded, and then everything is done again on the snapshot that
    it cites, where the lake still has it: the same contacts, the same files byte for byte.
    """
    folder, record = _find(workbench, what)
    found = _Findings()
    progress("Reading the files")
    found.problems += verify_export(folder, record.manifest_sha256 if record else None)
    if not found.problems:
        manifest = read_manifest(folder)
        files = len(manifest["files"])
        found.checked.append(
            f"{files} file{'s'[: files > 1]}: the bytes, rows and SHA-256 of {NAME}; "
            "the rules have their SHA-256."
        )
        if record is not None:
            found.checked.append(f"{NAME} is the one that the campaign recorded.")
        progress("Evaluating the rules again")
        _again(workbench, folder, manifest, found)
    if record is None:
        found.unchecked.append(
            f"No campaign of this workspace records the export: {NAME} was compared with nothing."
        )
    return Verification(
        folder, record, tuple(found.problems), tuple(found.checked), tuple(found.unchecked)
    )


def find_export(workbench: Workbench, what: str) -> tuple[str, ExportRecord]:
    """The campaign and the record of an export, by its id or the name of its folder; `NotSaved`."""
    ids = []
    for campaign in workbench.library.campaigns():
        for record in campaign.exports:
            if what in (record.id, record.folder):
                return campaign.name, record
            ids.append(record.id)
    raise NotSaved("export", what, ids)


def _find(workbench: Workbench, what: str) -> tuple[Path, ExportRecord | None]:
    path = Path(what).expanduser()
    if path.is_dir():
        ours = path.resolve().parent == workbench.workspace.exports.resolve()
        try:
            return path, find_export(workbench, path.resolve().name)[1] if ours else None
        except NotSaved:
            return path, None
    record = find_export(workbench, what)[1]
    return workbench.workspace.exports / record.folder, record


def _again(workbench: Workbench, folder: Path, manifest: dict[str, Any], found: _Findings) -> None:
    """Evaluate the rules on the cited snapshot, and write the files once more."""
    try:
        cited = CitedWorkbench(workbench, manifest)
    except Expired as error:
        found.unchecked.append(
            f"Who was in cannot be evaluated again. {error} The files are complete as written."
        )
        return
    except (LookupError, TypeError, ValueError, RuleError):
        found.problems.append(f"{NAME} does not say which data, clock and settings it is of.")
        return
    with cited:
        try:
            promise = promise_again(cited, manifest)
        except (FormatError, LookupError, TypeError, AttributeError):
            found.problems.append(f"{NAME} does not say whole whom it was for.")
            return
        except SegbenchError as error:
            found.problems.append(f"The rules cannot be evaluated on the data of then: {error}")
            return
        counts, snapshot = manifest["counts"], manifest["snapshot"]["id"]
        if len(promise.members) != counts["exported"]:
            found.problems.append(
                f"On snapshot {snapshot} the rules give {len(promise.members):,} recipients, not "
                f"{counts['exported']:,}."
            )
            return
        _compare(cited, folder, manifest, promise, found)


def _compare(
    cited: CitedWorkbench, folder: Path, manifest: dict[str, Any], promise: Any, found: _Findings
) -> None:
    snapshot = manifest["snapshot"]["id"]
    with tempfile.TemporaryDirectory(prefix="segbench-verify-") as scratch:
        try:
            differ = differing_files(cited, folder, manifest, promise, Path(scratch) / "again")
        except ExportError as error:
            found.problems.append(f"The files cannot be written again: {error}")
            return
    others = written_with_others(manifest)
    if not differ:
        found.checked.append(
            f"On snapshot {snapshot} the rules give the same {len(promise.members):,} recipients, "
            "and the same files byte for byte."
        )
    elif others:
        found.checked.append(
            f"On snapshot {snapshot} the rules give {len(promise.members):,} recipients again."
        )
        found.unchecked.append(
            f"{', '.join(differ)} cannot be compared byte for byte: written with {others}."
        )
    else:
        found.problems += [
            f"{name} is not what its rules give on snapshot {snapshot}." for name in differ
        ]
