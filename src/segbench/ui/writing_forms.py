"""The segment on screen as it can be written: rule text, JSON, SQL and Python."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Literal, get_args

from segbench.engine.sql import sql_of_plan
from segbench.model.codec import to_json
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.model.text import write
from segbench.ui.state import State
from segbench.workbench.workbench import Workbench

Form = Literal["text", "json", "sql", "python"]
FORMS: tuple[Form, ...] = get_args(Form)
UNNAMED = "Segment"
"""What a segment without a name is called in the forms that need one."""
WIDE = 88
SUFFIXES: dict[Form, str] = {"text": ".txt", "json": ".json", "sql": ".sql", "python": ".py"}
LEFT_OUT = "Rows that are switched off or not finished are left out, as they are on screen."


@dataclass(frozen=True, slots=True)
class Written:
    """The segment in one form; `file` is what a file with it is called."""

    form: Form
    text: str
    file: str


def written(
    form: Form, state: State, workbench: Workbench, *, name: str = "", dialect: str = "duckdb"
) -> Written:
    """The segment on screen in that form; `SegbenchError` where the form cannot say it.

    Rule text and JSON are all of it; an empty segment is no text. SQL and Python give the contacts
    that the screen counts: at the same moment, without the rows that are left out there.
    """
    name = " ".join(name.split()) or UNNAMED
    match form:
        case "text":
            text = f"{write(state.tree)}\n" if state.tree != Group() else ""
        case "json":
            text = f"{to_json(Segment(name, state.tree))}\n"
        case "sql":
            plan = workbench.plan(state.counts)
            said = _said(name, state, workbench)
            text = sql_of_plan(plan, workbench.catalog, dialect, "\n".join(said))
        case "python":
            text = _python(name, state, workbench)
    return Written(form, text, f"{_plain(name)}{SUFFIXES[form]}")


def _said(name: str, state: State, workbench: Workbench) -> list[str]:
    """What goes above a query: which segment, of when, in words; no line longer than the others."""
    lines = [
        f"Segment {name!r}, snapshot {workbench.engine.snapshot.id}, "
        f"as of {workbench.as_of.isoformat(' ', 'seconds')} UTC",
        workbench.describe(state.counts),
    ]
    if state.counts != state.tree:
        lines.append(LEFT_OUT)
    return [part for line in lines for part in textwrap.wrap(line, WIDE + 8)]


def _python(name: str, state: State, workbench: Workbench) -> str:
    comment = "".join(f"# {_visible(line)}\n" for line in _said(name, state, workbench))
    place, moment = str(workbench.workspace.root), workbench.as_of.isoformat()
    return (
        f"{comment}import datetime as dt\n\nimport segbench as sb\n\n"
        f"as_of = dt.datetime.fromisoformat({moment!r})  # UTC\n"
        f"workbench = sb.open({place!r}, as_of=as_of)\n"
        f"segment = workbench.segment({name!r}, {_literal(write(state.counts))})\n"
        "contacts = segment.contacts()  # a pandas DataFrame, one row for each contact\n"
    )


def _literal(text: str) -> str:
    """A Python literal of the text, over several lines where that is how people would write it."""
    plain = all(line.isprintable() for line in text.split("\n"))
    if plain and "\n" in text and "\\" not in text and '"""' not in text:
        return f'"""\n{text}\n"""'
    lines = "".join(f"    {line!r}\n" for line in text.splitlines(keepends=True))
    return f"(\n{lines})" if "\n" in text else repr(text)


def _visible(line: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in line)


def _plain(name: str) -> str:
    """The name as every file system takes it."""
    kept = "".join(sign if sign.isalnum() or sign in "-_" else " " for sign in name)
    return "-".join(kept.split())[:80] or UNNAMED.lower()
