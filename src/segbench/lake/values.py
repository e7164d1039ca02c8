"""Reading values out of text: which type a column has, and the SQL that parses it.

A parse is an SQL expression over a trimmed text that is NULL where the text is no such value.
"""

from __future__ import annotations

from segbench.lake.connection import text
from segbench.lake.lists import read_array
from segbench.lake.stage import Stage
from segbench.model.catalog import ValueType

SHARE = 0.95
"""A column has a type where at least this share of its values parses; the others are rejected."""

INFERRED: tuple[ValueType, ...] = ("boolean", "number", "date", "datetime", "list")
_SAMPLE, _SAMPLE_SHARE = 20_000, 0.6

EXACT = 2**53
"""Up to here a float is every whole number."""

_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
# Phone numbers, postcodes and long identifiers are digits, not numbers.
_DIGITS = r"[+]\d.*|-?0\d+|-?\d{19,}"
_OFFSET = r":\d\d(\.\d+)? ?(Z|UTC|[+-]\d\d(:?\d\d)?)$"

_TRUE, _FALSE = ("true", "yes"), ("false", "no")
_TRUE_TOLD, _FALSE_TOLD = ("1", "t", "y", "on"), ("0", "f", "n", "off")


def parse(kind: ValueType, value: str, zone: str, *, told: bool = False) -> str:
    """The expression that reads `value` as `kind`; `told` types also take looser spellings."""
    if kind == "boolean":
        return _boolean(value, told)
    if kind == "number":
        return (
            f"CASE WHEN regexp_full_match({value}, {text(_NUMBER)}) "
            f"AND isfinite(TRY_CAST({value} AS DOUBLE)) THEN TRY_CAST({value} AS DOUBLE) END"
        )
    if kind == "date":
        return (
            f"CASE WHEN substr({value}, 5, 1) = '-' AND length({value}) <= 10 "
            f"THEN TRY_CAST({value} AS DATE) "
            f"WHEN length({value}) BETWEEN 8 AND 10 THEN "
            f"CAST(try_strptime({value}, ['%d.%m.%Y', '%Y/%m/%d']) AS DATE) END"
        )
    if kind == "datetime":
        return _datetime(value, zone)
    if kind == "list":
        return read_array(value)
    return value


def _boolean(value: str, told: bool) -> str:
    yes, no = (_TRUE + _TRUE_TOLD, _FALSE + _FALSE_TOLD) if told else (_TRUE, _FALSE)
    return (
        f"CASE WHEN lower({value}) IN ({', '.join(map(text, yes))}) THEN true "
        f"WHEN lower({value}) IN ({', '.join(map(text, no))}) THEN false END"
    )


def _datetime(value: str, zone: str) -> str:
    seconds = f"regexp_replace({value}, '([T ]\\d\\d:\\d\\d) ?(Z|UTC|[+-])', '\\1:00\\2')"
    formats = ["%d.%m.%Y", "%Y/%m/%d"]
    times = ["", " %H:%M", " %H:%M:%S"]
    spellings = ", ".join(text(day + time) for day in formats for time in times)
    return (
        f"CASE WHEN substr({value}, 5, 1) = '-' THEN "
        f"CASE WHEN regexp_matches({value}, {text(_OFFSET)}) "
        f"THEN timezone('UTC', TRY_CAST({seconds} AS TIMESTAMPTZ)) "
        f"ELSE {in_utc(f'TRY_CAST({value} AS TIMESTAMP)', zone)} END "
        f"WHEN ord({value}) BETWEEN 48 AND 57 AND length({value}) >= 8 "
        f"THEN {in_utc(f'try_strptime({value}, [{spellings}])', zone)} END"
    )


def in_utc(local: str, zone: str) -> str:
    """The expression that turns a naive time of a zone into naive UTC.

    A time that a change of clocks skips or repeats is read with the offset of winter time.
    """
    return local if zone == "UTC" else f"timezone('UTC', timezone({text(zone)}, {local}))"


def no_value(kind: ValueType, value: str) -> str:
    """Whether a text stands for no value in a column of that type: blank, or a number's NaN."""
    return (
        f"({value} IS NULL OR lower({value}) = 'nan')" if kind == "number" else f"{value} IS NULL"
    )


def infer(
    stage: Stage, table: str, values: dict[str, str], zone: str
) -> dict[str, ValueType | None]:
    """The type of each column of texts, from all of its values; None where it has none.

    `values` holds the trimmed expression of each column. A column is a list only where its values
    are JSON arrays: whether `a;b` is one text or two is not for a machine to say.
    """
    if not values:
        return {}
    rows = stage.value(f"SELECT count(*) FROM {table}")
    step = max(1, rows // _SAMPLE)
    everything: dict[str, tuple[ValueType, ...]] = dict.fromkeys(values, INFERRED)
    # A spread sample only saves looking at types that cannot hold; all values decide.
    sample = f"(FROM {table} WHERE row % {step} = 0)" if step > 1 else table
    likely = _fitting(stage, sample, values, everything, zone, _SAMPLE_SHARE)
    fitting = _fitting(stage, table, values, likely, zone, SHARE)
    filled = _counts(stage, table, [f"count({value})" for value in values.values()])
    return {
        name: (fitting[name] or ("text",))[0] if count else None
        for name, count in zip(values, filled, strict=True)
    }


def _fitting(
    stage: Stage,
    source: str,
    values: dict[str, str],
    candidates: dict[str, tuple[ValueType, ...]],
    zone: str,
    share: float,
) -> dict[str, tuple[ValueType, ...]]:
    asked = [(name, kind) for name, kinds in candidates.items() for kind in kinds]
    counts = []
    for name, kind in asked:
        value = values[name]
        counts.append(f"count({parse(kind, value, zone)})")
        counts.append(f"count({value}) - count_if({value} IS NOT NULL AND {no_value(kind, value)})")
        digits = f"count_if(regexp_full_match({value}, {text(_DIGITS)}))"
        counts.append(digits if kind == "number" else "0")
    found = _counts(stage, source, counts)
    fitting: dict[str, list[ValueType]] = {name: [] for name in candidates}
    for (name, kind), parsed, known, other in zip(
        asked, found[::3], found[1::3], found[2::3], strict=True
    ):
        if known and parsed >= share * known and not other:
            fitting[name].append(kind)
    return {name: tuple(kinds) for name, kinds in fitting.items()}


def _counts(stage: Stage, source: str, counts: list[str]) -> list[int]:
    if not counts:
        return []
    found = stage.connection.execute(f"SELECT {', '.join(counts)} FROM {source}").fetchone()
    return [int(count or 0) for count in found or ()]


def fit_share(stage: Stage, table: str, value: str, kind: ValueType, zone: str) -> float:
    """The share of a column's values that parse as a type; 1 where it has no values."""
    parsed, filled = _counts(
        stage,
        table,
        [f"count({parse(kind, value, zone)})", f"count_if(NOT {no_value(kind, value)})"],
    )
    return parsed / filled if filled else 1.0


def all_whole(stage: Stage, table: str, value: str) -> bool:
    """Whether every number of a column is whole and fits in 64 bits."""
    other = f"count_if({parse('number', value, 'UTC')} IS NOT NULL AND {whole(value)} IS NULL)"
    return not _counts(stage, table, [other])[0]


def all_whole_floats(stage: Stage, table: str, value: str) -> bool:
    """Whether every value of a column of numbers is whole and exact as a float."""
    exact = f"trunc({value}) = {value} AND abs({value}) <= {EXACT}"
    other = f"count_if({value} IS NOT NULL AND NOT isnan({value}::DOUBLE) AND NOT ({exact}))"
    return not _counts(stage, table, [other])[0]


def whole(value: str) -> str:
    """The expression that reads a whole number exactly, where a float would round it."""
    return f"CASE WHEN regexp_full_match({value}, '[+-]?\\d+') THEN TRY_CAST({value} AS BIGINT) END"
