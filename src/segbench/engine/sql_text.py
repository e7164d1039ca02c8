"""SQL as text: comments and literals that cannot surprise, local times in each dialect."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import groupby
from typing import Any

from segbench.errors import RuleError

RAW = ("duckdb", "postgres", "trino")
"""Dialects whose texts have no escapes: a control character would stand in them as it is."""
NATIVE = ("duckdb", "postgres")
"""Dialects with SQL's two functions `timezone`, with which local times are written."""


def commented(text: str) -> str:
    """The text as comment lines; nothing in it can end the comment or move the cursor."""
    lines = ("".join(c if c.isprintable() else " " for c in line) for line in text.splitlines())
    return "".join(f"-- {line}\n" for line in lines)


def spelled_out(node: Any, dialect: str) -> Any:
    """A text literal with the characters that cannot be seen written as `CHR(31)`."""
    import sqlglot.expressions as sge

    if dialect not in RAW or not isinstance(node, sge.Literal) or not node.is_string:
        return node
    if node.this.isprintable():
        return node
    parts = [
        sge.Literal.string("".join(run))
        if seen
        else _joined(*(sge.Chr(expressions=[sge.Literal.number(ord(char))]) for char in run))
        for seen, run in groupby(node.this, str.isprintable)
    ]
    return sge.paren(_joined(*parts))


def _joined(*parts: Any) -> Any:
    import sqlglot.expressions as sge

    return reduce(lambda left, right: sge.DPipe(this=left, expression=right, safe=True), parts)


def in_local_time(node: Any, dialect: str) -> Any:
    """`timezone(zone, timezone('UTC', at))` as the dialect says it."""
    import sqlglot.expressions as sge

    if dialect in NATIVE or not isinstance(node, sge.Anonymous) or node.this != "timezone":
        return node
    zone, instant = node.expressions
    if dialect not in _LOCAL:
        raise RuleError(f"Times in the zone {zone.this!r} cannot be said in the SQL of {dialect}.")
    return _LOCAL[dialect](instant.expressions[1], zone)


def _called(name: str, *arguments: Any) -> Any:
    import sqlglot.expressions as sge

    return sge.Anonymous(this=name, expressions=list(arguments))


def _utc() -> Any:
    import sqlglot.expressions as sge

    return sge.Literal.string("UTC")


def _trino(instant: Any, zone: Any) -> Any:
    import sqlglot.expressions as sge

    aware = _called("WITH_TIMEZONE", instant, _utc())
    return sge.cast(_called("AT_TIMEZONE", aware, zone), "timestamp")


def _spark(instant: Any, zone: Any) -> Any:
    return _called("FROM_UTC_TIMESTAMP", instant, zone)


_LOCAL: dict[str, Callable[[Any, Any], Any]] = {
    "bigquery": lambda at, zone: _called("DATETIME", _called("TIMESTAMP", at, _utc()), zone),
    "clickhouse": lambda at, zone: _called("toTimeZone", at, zone),
    "databricks": _spark,
    "pyspark": _spark,
    "snowflake": lambda at, zone: _called("CONVERT_TIMEZONE", _utc(), zone, at),
    "trino": _trino,
}
"""A naive UTC instant as the local time of a zone."""
