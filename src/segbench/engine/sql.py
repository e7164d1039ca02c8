"""A segment as one readable SQL query, for people and for other engines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from segbench.engine.relational import ordinals_of
from segbench.engine.relational_values import predicate
from segbench.engine.sql_text import commented, in_local_time, spelled_out
from segbench.errors import RuleError, UnknownName
from segbench.model.catalog import Catalog, ValueType
from segbench.plan.atoms import Atom, Sampled, ValueAtom
from segbench.plan.logic import Logic, fold
from segbench.plan.lower import Plan

if TYPE_CHECKING:
    import ibis

DIALECTS: dict[str, tuple[str, str]] = {
    "bigquery": ("bigquery", "bigquery"),
    "clickhouse": ("clickhouse", "clickhouse"),
    "databricks": ("databricks", "databricks"),
    "duckdb": ("duckdb", "duckdb"),
    "postgres": ("postgres", "postgres"),
    # Ibis's own compiler for Spark asks a running session; Databricks is Spark and asks nobody.
    "pyspark": ("databricks", "spark"),
    "snowflake": ("snowflake", "snowflake"),
    "trino": ("trino", "trino"),
}
"""Each dialect with its compiler in Ibis and its writer in SQLGlot."""

COLUMN_TYPES: dict[ValueType, str] = {
    "text": "string",
    "number": "float64",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp",
    "list": "array<string>",
}
_MD5 = {
    "bigquery": ("md5", "to_hex"),
    "clickhouse": ("MD5", "hex", "lower"),
    "postgres": ("md5",),
    "snowflake": ("md5",),
    "trino": ("to_utf8", "md5", "to_hex", "lower"),
}
"""The functions that give an MD5 in lower hex digits, where Ibis does not know them."""


@dataclass(frozen=True)
class UnboundTables:
    """The tables `contacts`, `tags` and `events` as a catalogue describes them, without data."""

    catalog: Catalog

    def table(self, name: str) -> ibis.Table:
        """The Ibis table of that name."""
        import ibis

        return ibis.table(self._columns(name), name=name)

    def _columns(self, name: str) -> dict[str, str]:
        if name == "contacts":
            fields = {field.name: COLUMN_TYPES[field.type] for field in self.catalog.fields}
            return {"ordinal": "!int64", "key": "!string", **fields}
        if name == "tags":
            return {"ordinal": "!int64", "tag": "!string", "at": "timestamp"}
        properties = {
            prop.name: COLUMN_TYPES[prop.type]
            for event in self.catalog.events
            for prop in event.properties
        }
        return {"ordinal": "!int64", "event": "!string", "at": "!timestamp", **properties}


def sql_of(logic: Logic[Atom], catalog: Catalog, dialect: str = "duckdb", comment: str = "") -> str:
    """The query for the keys of the contacts that the logic holds, the comment above it.

    `UnknownName` where there is no such dialect, `RuleError` where it cannot say what is asked.
    """
    if dialect not in DIALECTS:
        raise UnknownName("SQL dialect", dialect, DIALECTS)
    query = _query(logic, UnboundTables(catalog), dialect)
    text: str = query.sql(dialect=DIALECTS[dialect][1], pretty=True)
    return f"{commented(comment)}{text}\n"


def sql_of_plan(plan: Plan, catalog: Catalog, dialect: str = "duckdb", comment: str = "") -> str:
    """The query for the keys of a segment; the `RuleError` of a row says which row it is."""
    try:
        return sql_of(plan.root, catalog, dialect, comment)
    except UnknownName:
        raise
    except RuleError:
        for path in sorted(filter(None, plan.nodes), key=len, reverse=True):
            try:
                sql_of(plan.nodes[path], catalog, dialect)
            except RuleError as error:
                row = ".".join(str(index + 1) for index in path)
                raise RuleError(f"Row {row}: {error}") from None
        raise


def _query(logic: Logic[Atom], tables: UnboundTables, dialect: str) -> Any:
    import ibis
    import sqlglot.expressions as sge
    from ibis.backends.sql import compilers
    from ibis.common.exceptions import IbisError

    contacts = tables.table("contacts")
    test = fold(logic, lambda a: _test(a, contacts, tables, dialect), lambda: ibis.literal(True))
    try:
        compiler = getattr(compilers, DIALECTS[dialect][0]).compiler
        query = compiler.to_sqlglot(contacts.filter(test))
    except (IbisError, NotImplementedError) as error:
        raise RuleError(f"This cannot be said in the SQL of {dialect}: {error}") from error
    key = sge.column("key", table=query.find(sge.Table).alias or None, quoted=True)
    query = query.select(key, append=False)
    query = query.transform(lambda node: in_local_time(node, dialect))
    return query.transform(lambda node: spelled_out(node, dialect))


def _test(atom: Atom, contacts: ibis.Table, tables: UnboundTables, dialect: str) -> Any:
    """Whether the atom is true of each contact; never null."""
    if isinstance(atom, Sampled):
        return _sampled(atom, contacts["key"], dialect)
    if isinstance(atom, get_args(ValueAtom)):
        return predicate(atom, contacts)
    return contacts["ordinal"].isin(ordinals_of(atom, tables)["ordinal"])


def _sampled(atom: Sampled, key: Any, dialect: str) -> Any:
    """Whether each key's hash lies in the share."""
    import ibis

    digits: Any = ibis.literal(f"{atom.salt}\x1f") + key
    for name in _MD5.get(dialect, ()):
        digits = _function(name)(digits)
    if dialect not in _MD5:
        digits = digits.hexdigest("md5")
    digits = digits.left(8)
    return digits >= atom.low if not atom.high else (digits >= atom.low) & (digits < atom.high)


@cache
def _function(name: str) -> Any:
    import ibis

    @ibis.udf.scalar.builtin(name=name, signature=(("string",), "string"))
    def called(text): ...  # type: ignore[no-untyped-def]

    return called
