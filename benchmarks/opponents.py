"""The same work over the same cached booleans, in DuckDB, polars and pandas."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Any

import duckdb
import pandas as pd
import polars as pl
from numpy.typing import NDArray

Flags = dict[str, NDArray[Any]]
Patterns = dict[tuple[bool, ...], int]
Numbers = list[int]
Node = str | tuple[str, tuple["Node", ...]]
"""A column of booleans, or "AND" or "OR" with what it joins."""


def asked(tree: Node) -> list[Node]:
    """What holds the total, then of every row and group: alone, after those before it, without."""
    found = [tree]
    for path in _paths(tree):
        word, members = _at(tree, path[:-1])
        found += [_at(tree, path), (word, members[: path[-1] + 1]), _without(tree, path)]
    return found


def _paths(tree: Node) -> list[tuple[int, ...]]:
    inner = () if isinstance(tree, str) else tree[1]
    return [(place, *path) for place, node in enumerate(inner) for path in ((), *_paths(node))]


def _at(tree: Node, path: tuple[int, ...]) -> Any:
    for place in path:
        tree = tree[1][place]  # type: ignore[assignment]
    return tree


def _without(tree: Node, path: tuple[int, ...]) -> Node:
    word, members = tree
    first, rest = path[0], path[1:]
    inner = (_without(members[first], rest),) if rest else ()  # type: ignore[arg-type]
    return word, (*members[:first], *inner, *members[first + 1 :])


class InPolars:
    """Booleans in a polars frame."""

    def __init__(self, flags: Flags) -> None:
        self.frame, self.names = pl.DataFrame(flags), list(flags)

    def numbers(self, tree: Node) -> Numbers:
        """All numbers of the tree."""
        asks = [self._asked(node).sum().alias(str(n)) for n, node in enumerate(asked(tree))]
        return list(self.frame.select(asks).row(0))

    def _asked(self, node: Node) -> pl.Expr:
        if isinstance(node, str):
            return pl.col(node)
        parts = [self._asked(each) for each in node[1]]
        return pl.all_horizontal(parts) if node[0] == "AND" else pl.any_horizontal(parts)

    def patterns(self) -> Patterns:
        """How many contacts have each pattern."""
        rows = self.frame.group_by(self.names).len().rows()
        return {row[:-1]: row[-1] for row in rows}


class InPandas:
    """Booleans in a pandas frame."""

    def __init__(self, flags: Flags) -> None:
        self.frame = pd.DataFrame(flags)

    def numbers(self, tree: Node) -> Numbers:
        """All numbers of the tree."""
        return [int(self._asked(node).sum()) for node in asked(tree)]

    def _asked(self, node: Node) -> Any:
        if isinstance(node, str):
            return self.frame[node]
        return reduce(and_ if node[0] == "AND" else or_, map(self._asked, node[1]))

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

    def numbers(self, tree: Node) -> Numbers:
        """All numbers of the tree."""
        asks = [f"count_if({self._asked(node)})" for node in asked(tree)]
        found = self.connection.execute(f"SELECT {', '.join(asks)} FROM flags").fetchone()
        return list(found or ())

    def _asked(self, node: Node) -> str:
        return (
            node if isinstance(node, str) else f"({f' {node[0]} '.join(map(self._asked, node[1]))})"
        )

    def patterns(self) -> Patterns:
        """How many contacts have each pattern."""
        sql = f"SELECT {', '.join(self.names)}, count(*) FROM flags GROUP BY ALL"
        return {row[:-1]: row[-1] for row in self.connection.execute(sql).fetchall()}
