"""Regular expressions: RE2, the dialect that every engine of segbench can promise."""

from __future__ import annotations

from typing import Any


def pattern_problem(pattern: str) -> str:
    """What keeps a text from being an RE2 pattern, in a few words; empty where it is one."""
    import re2

    try:
        compiled_pattern(pattern, match_case=True)
    except re2.error as error:
        said = error.args[0] if error.args else "not understood"
        return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return ""


def compiled_pattern(pattern: str, match_case: bool) -> Any:
    """The pattern, ready to search texts; `.` matches line ends too."""
    import re2

    options = re2.Options()
    options.dot_nl = True
    options.case_sensitive = match_case
    options.log_errors = False
    return re2.compile(pattern, options)
