"""The command line `segbench`: data in, questions, segment files, exports, the dashboard."""

from __future__ import annotations

from segbench.cli.main import main

__all__ = ["main"]
