"""What makes the demo CRM untidy: missing and blank values, and values that break careless code."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Columns = dict[str, pa.Array]

MISSING = {
    "first_name": 0.04, "last_name": 0.07, "phone": 0.45, "company": 0.52, "country": 0.05,
    "city": 0.17, "time_zone": 0.12, "language": 0.1, "plan": 0.02, "lifecycle_stage": 0.01,
    "lead_score": 0.08, "birthday": 0.55, "do_not_disturb": 0.03,
}  # fmt: skip
"""Shares without a value, besides the gaps that have a meaning (e-mail, consents)."""

SURPRISES = {
    "first_name": (
        '=HYPERLINK("https://evil.example","Anna")', "+Max", "-Lee", "@dmin", "Zoë 🌻", "محمد",
        "נועה", "Robert'); DROP TABLE contacts;--", 'Bob "Bobby"', "Ünal, Jr.", "晓明",
    ),
    "last_name": (
        "Null", "N/A", "D'Arcy", "O’Neil", "Müller-Lüdenscheidt", "van 't Hof", "العربي",
        "Δημητρίου", "<script>alert(1)</script>", "Smith\tJones",
    ),
    "company": (
        "<b>Acme</b> & Sons", "=cmd|' /C calc'!A1", "株式会社テスト", "شركة المثال",
        'Ö&Ä "Quality" GmbH', "100% Natural", "C:\\temp\\new", "🚀 Labs",
        "line\nbreak Ltd", "{{ company }}",
    ),
}  # fmt: skip


def with_surprises(rng: np.random.Generator, columns: Columns) -> Columns:
    """The same columns with about 0.4% of names hostile but plausible."""
    found = dict(columns)
    for name, texts in SURPRISES.items():
        other = pa.array(texts).take(pa.array(rng.integers(0, len(texts), len(found[name]))))
        found[name] = pc.if_else(pa.array(rng.random(len(other)) < 0.004), other, found[name])
    return found


def with_blanks(rng: np.random.Generator, columns: Columns) -> Columns:
    """The same columns with about 0.5% of cities and companies blank: empty or spaces."""
    found = dict(columns)
    for name in ("city", "company"):
        chosen = rng.random(len(found[name]))
        blank = pc.if_else(pa.array(chosen < 0.003), "", "  ")
        found[name] = pc.if_else(pa.array(chosen < 0.005), blank, found[name])
    return found


def with_gaps(rng: np.random.Generator, columns: Columns) -> Columns:
    """The same columns with the shares of `MISSING` set to null."""
    found = dict(columns)
    for name, share in MISSING.items():
        found[name] = pc.if_else(pa.array(rng.random(len(found[name])) < share), None, found[name])
    return found
