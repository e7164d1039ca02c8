"""Which text a spreadsheet takes for a formula."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
"""First characters that make a spreadsheet read text as a formula.

The full-width four are read as their ASCII twins by spreadsheets with East Asian settings (OWASP,
"CSV Injection"); NUL is in OWASP ASVS 1.2.10.
"""
