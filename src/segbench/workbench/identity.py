"""Who is at work: the name that saved versions, edits and campaigns keep."""

from __future__ import annotations

import getpass
import os

from segbench.model.segment import LONGEST_NAME

VARIABLE = "SEGBENCH_USER"


def current_user() -> str:
    """The name in SEGBENCH_USER, else that of the system's user; empty where there is neither."""
    name = os.environ.get(VARIABLE)
    if name is None:
        try:
            name = getpass.getuser()
        except (KeyError, OSError):
            # A container may run under a number that has no name.
            return ""
    clean = "".join(each for each in " ".join(name.split()) if each.isprintable())
    return clean[:LONGEST_NAME]
