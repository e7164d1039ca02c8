"""The command line: `segbench demo | import | count | describe | overlap | export | serve`."""

from __future__ import annotations

from segbench.cli.main import main

__all__ = ["main"]
