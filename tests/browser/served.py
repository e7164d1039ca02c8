"""The server's value, where tests can import it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """A running dashboard: its address and the folder of its workspace."""

    address: str
    workspace: Path
