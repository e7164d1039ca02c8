"""Rules as a text that people type, read and compare line by line; `docs/rule-text.md` shows it.

Reading needs no catalogue. What is written is canonical: equal rules give equal texts, and
`parse(write(group)) == group` for every group that a segment can hold.
"""

from __future__ import annotations

from segbench.errors import FormatError
from segbench.model.rules import Group
from segbench.model.text_form.cursor import Cursor, Missed
from segbench.model.text_form.errors import TextError as TextError
from segbench.model.text_form.groups import limit_problem, read_root
from segbench.model.text_form.layout import laid_out
from segbench.model.text_form.writing import root_words


def write(group: Group, *, width: int = 88) -> str:
    """The canonical text of a group, in lines of up to `width` characters where it can be broken.

    `FormatError` where it is deeper or larger than a segment can be, or holds what is no value.
    """
    problem = limit_problem(group)
    if problem:
        raise FormatError(problem[0].upper() + problem[1:])
    return laid_out(root_words(group), width)


def parse(text: str) -> Group:
    """The group that a text describes; `TextError` says what is wrong and shows where."""
    cursor = Cursor(text)
    try:
        return read_root(cursor)
    except Missed as missed:
        raise cursor.error(missed) from None
