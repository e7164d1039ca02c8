"""The same work over the same cached booleans, in DuckDB, polars and pandas."""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import polars as pl
from numpy.typing import NDArray

Flags = dict[str, NDArray[Any]]
Patterns = dict[tuple[bool, ...], int]
Numbers = list[int]
"""The total, then of every row: alone, after the rows before it, and the total without it."""


def asked(names: list[str]) -> list[list[str]]:
    """The rows whose AND (or OR) gives each of the numbers."""
    alone, after = [[name] for name in names], [names[: n + 1] for n in range(len(names))]
    without = [[name for name in names if name != gone] for gone in names]
    return [names, *alone, *after, *without]


class InPolars:
    """Booleans in a polars frame."""

    def __init__(self, flags: Flags) -> None:
        self.frame, self.names = pl.DataFrame(flags), list(flags)

    def numbers(self, word: str) -> Numbers:
        """All numbers of the rows joined by the word."""
        every = pl.all_horizontal if word == "AND" else pl.any_horizontal
        asks = [every(names).sum().alias(str(n)) for n, names in enumerate(asked(self.names))]
        return list(self.frame.select(asks).row(0))

    def patterns(self) -> Patterns:
        """How many contacts have each pattern."""
        rows = self.frame.group_by(self.names).len().rows()
        return {row[:-1]: row[-1] for row in rows}


class InPandas:
    """Booleans in a pandas frame."""

    def __init__(self, flags: Flags) -> None:
        self.frame = pd.DataFrame(flags)

    def numbers(self, word: str) -> Numbers:
        """All numbers of the rows joined by the word."""
        found = []
        for names in asked(list(self.frame)):
            part = self.frame[names]
            found.append(int((part.all(axis=1) if word == "AND" else part.any(axis=1)).sum()))
        return found

    def patterns(self) -> Patterns:
        """How many contacts have each pattern."""
        found = self.frame.groupby(list(self.frame)).size()
        return {tuple(map(bool, key)): int(count) for key, count in found.items() if count}


class InDuckDB:
    """Booleans in a DuckDB table in memory."""

    def __init__(self, flags: Flags) -> None:
        self.connection, self.names = duckdb.connect(), list(flags)
        self.connection.register("incoming", pl.DataFrame(flags).to_arrow())
        self.connection.execute("CREATE TABLE flags AS FROM incoming")
        self.connection.unregister("incoming")

    def numbers(self, word: str) -> Numbers:
        """All numbers of the rows joined by the word."""
        asks = [f"count_if({f' {word} '.join(names)})" for names in asked(self.names)]
        found = self.connection.execute(f"SELECT {', '.join(asks)} FROM flags").fetchone()
        return list(found or ())

    def patterns(self) -> Patterns:
        """How many contacts have each pattern."""
        sql = f"SELECT {', '.join(self.names)}, count(*) FROM flags GROUP BY ALL"
        return {row[:-1]: row[-1] for row in self.connection.execute(sql).fetchall()}
