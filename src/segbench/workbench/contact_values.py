"""Values of fields as people type them, and as the lake stores them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from segbench.errors import RuleError
from segbench.lake.field_values import arrow_value
from segbench.lake.intake import own_columns
from segbench.model.catalog import BLANKS
from segbench.model.moments import parse_day, parse_moment, to_utc
from segbench.plan.atoms import trimmed

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench

YES, NO = ("yes", "true", "1"), ("no", "false", "0")
_WRITTEN = {
    "number": "a number, such as 12 or 3.5",
    "boolean": "yes or no",
    "date": "a date, such as 2026-10-23",
    "datetime": "a time, such as 2026-10-23T09:30",
}


def typed_value(workbench: Workbench, name: str, text: str) -> Any:
    """The value of a field that a text stands for; None for a blank one, which clears the field.

    Times without an offset are in the workspace's time zone, lists have commas between. `RuleError`
    where the field cannot hold it.
    """
    kind, written = workbench.catalog.field(name).type, text.strip()
    if not written:
        return None
    if kind == "text":
        return written
    if kind == "list":
        return [part.strip() for part in written.split(",") if part.strip()] or None
    try:
        return _parsed(workbench, kind, written)
    except (ValueError, OverflowError, RuleError):
        raise RuleError(
            f"The field {name!r} takes {_WRITTEN[kind]}, not {written[:80]!r}."
        ) from None


def _parsed(workbench: Workbench, kind: str, written: str) -> Any:
    if kind == "number":
        return int(written) if written.lstrip("+-").isdigit() else float(written)
    if kind == "boolean":
        if written.casefold() not in (*YES, *NO):
            raise ValueError
        return written.casefold() in YES
    if kind == "date":
        return parse_day(written)
    moment = parse_moment(written, workbench.zone)
    if not isinstance(moment, dt.datetime):
        moment = parse_moment(f"{written}T00:00", workbench.zone)
    return moment


def stored_values(workbench: Workbench, values: Mapping[str, object]) -> dict[str, Any]:
    """The values as the lake would hold them; `UnknownName`, or `LakeError` for another type."""
    types = own_columns(workbench.engine.snapshot, "contacts")
    found = {}
    for name, value in values.items():
        workbench.catalog.field(name)
        (held,) = arrow_value(name, value, types[name]).to_pylist()
        found[name] = _tidy(held)
    return found


def _tidy(value: Any) -> Any:
    """Texts as an import stores them: trimmed, in normal form C, nothing for blank ones."""
    match value:
        case str():
            return trimmed(value) or None
        case list():
            return [text for item in value if (text := trimmed(item))] or None
        case dt.datetime():
            return to_utc(value) if value.tzinfo else value
    return value


def stored_tag(tag: str) -> str:
    """A tag as the lake would hold it, "" for a blank one."""
    return unicodedata.normalize("NFC", tag.strip(BLANKS))
