"""Deliveries: exports on their way to destinations, as the library remembers them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

DeliveryState = Literal["running", "failed", "done"]


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One export on its way to one destination; times are aware UTC.

    `key` is the same however often it is tried. `done` recipients, from the first on, were
    `accepted` or `rejected`. `detail` is what the destination needs to go on, and why contacts were
    rejected; `error` says what stopped a failed one. Of a running one that nobody holds any more,
    the process was killed: it goes on where it was.
    """

    export: str
    destination: str
    key: str
    state: DeliveryState
    begun: dt.datetime
    updated: dt.datetime
    done: int
    accepted: int
    rejected: int
    detail: Mapping[str, Any]
    error: str = ""
