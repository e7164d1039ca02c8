"""A segment as SQL: DuckDB answers it as the judge does; every dialect can read it."""

from __future__ import annotations

import os
import random
from typing import Any

import duckdb
import pytest
import sqlglot
import sqlglot.expressions as sge
import trees
from hypothesis import given, settings
from hypothesis import strategies as st
from population import CATALOG, CONTACTS, HOSTILE, ODD_FIELD, tables

from segbench.engine.memory import MemoryEngine
from segbench.engine.sql import DIALECTS, sql_of, sql_of_plan
from segbench.errors import RuleError, UnknownName
from segbench.model.ask import did, field, sample, tag
from segbench.model.operators import OPERATORS
from segbench.model.rules import Group, as_group
from segbench.plan.logic import Everyone, Logic, Nothing
from segbench.plan.lower import Context, lower

CI, SOAK = bool(os.environ.get("CI")), bool(os.environ.get("SEGBENCH_SOAK"))


@pytest.fixture(scope="module")
def data() -> Any:
    """A plain DuckDB with the three tables, as somebody else would have them."""
    connection = duckdb.connect()
    for name, arrow in tables(CONTACTS, "ordinal").items():
        connection.register("incoming", arrow)
        connection.execute(f"CREATE TABLE {name} AS FROM incoming")
        connection.unregister("incoming")
    return connection


def keys(data: Any, query: str) -> set[str]:
    return {key for (key,) in data.execute(query).fetchall()}


def judged(logic: Logic[Any], judge: MemoryEngine) -> set[str]:
    return {CONTACTS[ordinal].key for ordinal in judge.members(logic).ids()}


@pytest.mark.parametrize("key", OPERATORS, ids=".".join)
def test_duckdb_answers_the_query_of_every_operator_as_the_judge_does(
    key: Any, context: Context, memory_engine: MemoryEngine, data: Any
) -> None:
    @settings(max_examples=20 if SOAK else 8 if CI else 5)
    @given(rule=trees.RULES[key])
    def agree(rule: Any) -> None:
        logic = lower(Group(rules=(rule,)), context).root
        assert keys(data, sql_of(logic, CATALOG)) == judged(logic, memory_engine)

    agree()


@settings(max_examples=200 if SOAK else 80 if CI else 25)
@given(root=trees.groups)
def test_duckdb_answers_the_query_of_a_tree_as_the_judge_does(
    root: Group, context: Context, memory_engine: MemoryEngine, data: Any
) -> None:
    logic = lower(root, context).root
    assert keys(data, sql_of(logic, CATALOG)) == judged(logic, memory_engine)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_can_read_the_query_of_every_operator(dialect: str, context: Context) -> None:
    chance = random.Random(20_261_123)
    for make in trees.MAKERS.values():
        for _ in range(10 if CI else 2):
            logic = lower(Group(rules=(make(chance.choice),)), context).root
            query = sql_of(logic, CATALOG, dialect)
            parsed = sqlglot.parse_one(query, dialect=DIALECTS[dialect][1])
            assert isinstance(parsed, sge.Select), query


def test_everybody_and_nobody_are_queries_too(data: Any) -> None:
    assert len(keys(data, sql_of(Everyone(), CATALOG))) == len(CONTACTS)
    assert keys(data, sql_of(Nothing(), CATALOG)) == set()


def test_a_query_can_be_read(context: Context) -> None:
    logic = lower(as_group(tag("vip") & ~did("order_placed")), context).root
    query = sql_of(logic, CATALOG, comment="Contacts where …")
    lines = query.splitlines()
    assert lines[:3] == ["-- Contacts where …", "SELECT", '  "t0"."key"']
    assert '"t0"."ordinal" IN (' in query
    assert max(map(len, lines)) < 120


@pytest.mark.parametrize("dialect", DIALECTS)
@given(
    text=st.text(min_size=1, max_size=20) | st.sampled_from((HOSTILE, "\\' OR 1=1 --", "a\x1bb"))
)
def test_no_text_can_leave_its_literal(dialect: str, text: str, context: Context) -> None:
    rule = field(ODD_FIELD, match_case=True).contains(text)
    if not text.strip() or "\0" in text:
        return
    query = sql_of(lower(as_group(rule), context).root, CATALOG, dialect)
    parsed = sqlglot.parse(query, dialect=DIALECTS[dialect][1])
    plain = sql_of(
        lower(as_group(field(ODD_FIELD, match_case=True).contains("x")), context).root,
        CATALOG,
        dialect,
    )
    assert len(parsed) == 1
    wanted = sqlglot.parse_one(plain, dialect=DIALECTS[dialect][1])
    assert columns(parsed[0]) == columns(wanted)


def columns(query: Any) -> list[str]:
    return sorted(column.sql() for column in query.find_all(sge.Column))


@given(comment=st.text(max_size=60), end=st.sampled_from("\n\r\x0b\x0c\x1c\x85\u2028"))
def test_no_comment_can_become_a_statement(comment: str, end: str) -> None:
    query = sql_of(Everyone(), CATALOG, comment=f"{comment}{end}DROP TABLE contacts; {comment}")
    head, _, rest = query.partition("SELECT\n")
    assert all(line.startswith("-- ") for line in head.split("\n")[:-1])
    assert "DROP" not in rest
    assert all(char.isprintable() or char == "\n" for char in query)


def test_what_cannot_be_seen_is_written_as_its_number(context: Context, data: Any) -> None:
    query = sql_of(lower(as_group(sample(0, 50)), context).root, CATALOG)
    assert "CHR(31)" in query
    assert query.replace("\n", "").isprintable()
    assert 0 < len(keys(data, query)) < len(CONTACTS)


@pytest.mark.parametrize("dialect", sorted(set(DIALECTS) - {"duckdb", "postgres"}))
def test_local_times_are_said_in_the_dialects_own_words(dialect: str, context: Context) -> None:
    logic = lower(as_group(field("last_seen").weekday_is("monday")), context).root
    query = sql_of(logic, CATALOG, dialect)
    assert "Europe/Berlin" in query
    assert "TIMEZONE('Europe/Berlin', TIMEZONE('UTC'" not in query


def test_an_unknown_dialect_has_near_names() -> None:
    with pytest.raises(UnknownName, match=r"'postgres'"):
        sql_of(Everyone(), CATALOG, "postgress")


def test_a_row_that_a_dialect_cannot_say_is_named(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DIALECTS, "sqlite", ("sqlite", "sqlite"))
    rules = tag("vip") & (tag("VIP") | field("interests").has_any_of("ski"))
    with pytest.raises(RuleError, match=r"^Row 2\.2: This cannot be said in the SQL of sqlite"):
        sql_of_plan(lower(as_group(rules), context), CATALOG, "sqlite")
    hours = as_group(field("last_seen").weekday_is("monday"))
    with pytest.raises(RuleError, match=r"^Row 1: "):
        sql_of_plan(lower(hours, context), CATALOG, "sqlite")
