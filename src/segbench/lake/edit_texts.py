"""Values of fields and times of tags as the texts in which the record of edits keeps them."""

from __future__ import annotations

TAG_TIME = "coalesce(epoch_us({at})::VARCHAR, '')"
"""When a tag was given, in microseconds; "" where that is not known."""


def as_text(value: str, stored: str) -> str:
    """The SQL expression that writes a value of a stored type; NULL stays NULL."""
    if stored == "TIMESTAMP":
        return f"epoch_us({value})::VARCHAR"
    if stored == "VARCHAR[]":
        return f"to_json({value})::VARCHAR"
    return f"{value}::VARCHAR"


def from_text(written: str, stored: str) -> str:
    """The SQL expression that reads it back; NULL also where it is of another type by now."""
    if stored == "TIMESTAMP":
        return f"make_timestamp(TRY_CAST({written} AS BIGINT))"
    if stored == "VARCHAR[]":
        return f"""TRY(from_json({written}, '["VARCHAR"]'))"""
    return f"TRY_CAST({written} AS {stored})"


def tag_time(written: str) -> str:
    """The SQL expression of the time that `TAG_TIME` wrote."""
    return f"make_timestamp(nullif({written}, '')::BIGINT)"
