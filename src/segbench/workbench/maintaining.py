"""Maintenance of a workspace: its lake, and what the campaigns in its library cite."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from segbench.audience.manifest import read_manifest
from segbench.errors import ExportError
from segbench.lake.lake import Lake
from segbench.lake.maintenance import Maintenance, maintain
from segbench.lake.retention import Retention
from segbench.library.library import Library
from segbench.model.moments import zone_of
from segbench.workbench.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Maintained:
    """What was done to the lake, and the campaigns whose exports cite a snapshot that expired."""

    lake: Maintenance
    marked: tuple[str, ...]


def maintain_workspace(
    workspace: Workspace,
    policy: Retention | None = None,
    *,
    now: dt.datetime,
    drop_cited: bool = False,
    dry_run: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Maintained:
    """Maintain a workspace's lake by a policy, or that of its settings; `now` is aware.

    Snapshots that exports cite stay, unless `drop_cited`; then the exports are marked. With
    `dry_run` the lake stays as it is, and no export is marked.
    """
    settings = workspace.settings()
    with Lake.open(workspace.lake) as lake, Library.open(workspace.library) as library:
        cited = citations(workspace, library)
        done = maintain(
            lake,
            policy or settings.retention,
            now=now,
            zone=zone_of(settings.time_zone),
            cited={} if drop_cited else cited,
            dry_run=dry_run,
            progress=progress,
        )
        present = {entry.id for entry in lake.snapshots()}
        if dry_run:
            present -= {entry.id for entry in done.expired}
        # Not only those that expired just now: a run that was killed may have left some unmarked.
        gone = {snapshot: names for snapshot, names in cited.items() if snapshot not in present}
        if gone and not dry_run:
            library.mark_expired(gone, now=now)
    marked = dict.fromkeys(name for _, names in sorted(gone.items()) for name in names)
    return Maintained(done, tuple(marked))


def citations(workspace: Workspace, library: Library) -> dict[int, tuple[str, ...]]:
    """The snapshots that exports cite, with the campaigns by name.

    The library of an earlier version does not know them; then the manifests of the exports say.
    """
    for campaign in library.campaigns():
        for export in campaign.exports:
            if export.snapshot is None:
                with contextlib.suppress(ExportError, KeyError, TypeError, ValueError):
                    manifest = read_manifest(workspace.exports / export.folder)
                    library.cite_snapshot(export.id, int(manifest["snapshot"]["id"]))
    return library.cited_snapshots()
