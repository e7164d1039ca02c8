"""The page docs/rules.md: every rule with an example, its sentence and its count on the demo CRM.

`python -m segbench.demo.rule_page docs/rules.md` writes it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from segbench.demo.event_examples import EVENT_CHAPTERS
from segbench.demo.example_row import Chapter, Example
from segbench.demo.field_examples import FIELD_CHAPTERS
from segbench.demo.segment_examples import SEGMENT_CHAPTERS
from segbench.demo.tour import UNTIL, tour_workspace
from segbench.model.text import write
from segbench.workbench.workbench import Workbench

CONTACTS = 1_000
CHAPTERS: tuple[Chapter, ...] = (*FIELD_CHAPTERS, *EVENT_CHAPTERS, *SEGMENT_CHAPTERS)
"""Every chapter of the page, in reading order."""

_ONE_LINE = 1_000_000
_HEADING = f"""\
# Every rule, with an example

Each example is given three times: in the words of a notebook, as a text, and as the sentence that
segbench says. Beside it stands how many of the {CONTACTS:,} contacts of the demo CRM it holds.
`make rules` writes this page, and a test fails where it is not what segbench says.

The demo CRM is `segbench demo --contacts {CONTACTS} --until {UNTIL:%Y-%m-%d}`: nobody in it exists,
and its clock stands at {UNTIL:%H:%M} UTC on {UNTIL.day} {UNTIL:%B %Y}.
The words come from `segbench`:

```python
import segbench as sb
from segbench import did, field, in_order, measure, parse, prebuilt, tag

workbench = sb.open("demo-workspace")
workbench.segment("Near", field("country").is_any_of("DE", "AT", "CH")).count()
```

`parse` reads the text form ([docs/rule-text.md](rule-text.md)); it stands here where a notebook has
no shorter word, and `workbench.segment` takes such a text as well. What exactly each rule means,
with the test of each line, is in [docs/semantics.md](semantics.md).
"""


def page(workbench: Workbench) -> str:
    """The whole page (Markdown), its counts and dates those of the workbench."""
    contents = "\n".join(f"- [{each.title}](#{anchor(each.title)})" for each in CHAPTERS)
    chapters = (_chapter(each, workbench) for each in CHAPTERS)
    return "\n".join((_HEADING, contents, "", "\n\n".join(chapters), ""))


def page_of_demo(folder: Path) -> str:
    """The page over a new demo workspace inside `folder`."""
    with Workbench.open(tour_workspace(folder, CONTACTS)) as workbench:
        return page(workbench)


def anchor(title: str) -> str:
    """The name that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def text_of(example: Example) -> str:
    """The example in the text form, on one line."""
    return write(example.group, width=_ONE_LINE)


def _chapter(chapter: Chapter, workbench: Workbench) -> str:
    rows = "\n".join(_row(example, workbench) for example in chapter.examples)
    return (
        f"## {chapter.title}\n\n{chapter.introduction}\n\n"
        f"| Rule | Example, text, sentence | Contacts |\n|---|---|--:|\n{rows}"
    )


def _row(example: Example, workbench: Workbench) -> str:
    count = workbench.count(example.rule)
    shown = (
        _code(example.words),
        _code(text_of(example)),
        _prose(workbench.describe(example.rule)),
    )
    return f"| {_prose(example.name)} | {'<br>'.join(shown)} | {count:,} |"


def _code(text: str) -> str:
    # In a table a bar ends the cell, also within code.
    return f"`{text.replace('|', chr(92) + '|')}`"


def _prose(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|#~])", r"\\\1", text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        Path(sys.argv[1]).write_text(page_of_demo(Path(scratch)), "utf-8")
