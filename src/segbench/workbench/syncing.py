"""Syncing the contacts of a workspace, and what that means to its saved segments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segbench.lake.sync_report import SyncReport
from segbench.lake.syncing import sync
from segbench.workbench.refreshing_library import remember_counts

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


def sync_workbench(workbench: Workbench, source: object, **options: Any) -> SyncReport:
    """Sync the lake of a workbench and move on to the new snapshot.

    Where columns went or got another type, segments may not be countable any more: what they
    count in the snapshot before is remembered.
    """
    chosen = {"time_zone": workbench.settings.time_zone} | options
    report = sync(workbench.lake, source, now=workbench.clock(), **chosen)
    if report.snapshot is not None:
        if report.dropped or report.retyped:
            remember_counts(workbench)
        workbench.refresh()
    return report
