"""A workbench over the snapshot that an export cites, at its clock and with its settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from segbench.engine.local import LocalEngine
from segbench.errors import LakeError
from segbench.model.moments import to_utc, zone_of
from segbench.model.sending_policy import SendingPolicy
from segbench.workbench.past_data import CACHES
from segbench.workbench.workbench import Workbench


class Expired(LakeError):
    """The lake does not have the snapshot that an export cites."""


class CitedWorkbench(Workbench):
    """Answers as the workbench did that wrote an export; it borrows the lake and the library.

    `Expired` where the lake does not have that snapshot, or another one under its number.
    """

    def __init__(self, now: Workbench, manifest: Mapping[str, Any]) -> None:
        self.workspace, self.clock, self.author = now.workspace, now.clock, now.author
        self.lake, self.library = now.lake, now.library
        self.settings = replace(now.settings, **_settings(manifest.get("settings")))
        self.zone = zone_of(str(manifest["time_zone"]))
        self.as_of = _moment(manifest["as_of"])
        self._given_as_of, self._past_data = self.as_of, None
        self._engine = None
        cited, written = int(manifest["snapshot"]["id"]), _moment(manifest["snapshot"]["time"])
        if cited not in {entry.id for entry in self.lake.snapshots()}:
            raise Expired(f"Snapshot {cited} has expired: the lake does not have it any more.")
        snapshot = self.lake.snapshot(cited)
        if _naive(snapshot.committed) != written:
            snapshot.close()
            raise Expired(f"Snapshot {cited} of this lake is of another time: it is other data.")
        self._engine = LocalEngine(snapshot, CACHES)

    def close(self) -> None:
        """Let go of the snapshot; lake and library stay open."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.snapshot.close()


def _settings(noted: Mapping[str, Any] | None) -> dict[str, Any]:
    """The settings that were noted; those of the workspace hold for what was not."""
    if noted is None:
        return {}
    return {
        "engagement_events": tuple(noted["engagement_events"]),
        "week_start": str(noted["week_start"]),
        "contact_time_zone": str(noted["contact_time_zone"]),
        "vocabulary": dict(noted["vocabulary"]),
        "sending": SendingPolicy(**noted["sending"]),
    }


def _moment(text: Any) -> dt.datetime:
    return _naive(dt.datetime.fromisoformat(str(text).replace("Z", "+00:00")))


def _naive(moment: dt.datetime) -> dt.datetime:
    return to_utc(moment) if moment.tzinfo else moment
