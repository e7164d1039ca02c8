"""The rules in writing beside the rows: typed, imported, copied; always in step with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from segbench.engine.sql import DIALECTS
from segbench.errors import FormatError, SegbenchError
from segbench.files.reading import read_text
from segbench.files.segment_file import Kind, kind_of
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.model.text import TextError, parse
from segbench.ui.session import Session
from segbench.ui.state import State
from segbench.ui.writing_forms import FORMS, Form, written
from segbench.ui.writing_widget import MOST, WritingEditor

UNSAVED = "There are unsaved changes. Import once more to let them go; Undo brings them back."
TOO_LONG = f"A text has at most {MOST:,} characters."


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed or taken in, while it is not what the rows would be written as.

    `tree` are its rules, None where it has none: then `error` says why, and `revision` is that of
    the rows at that moment.
    """

    form: Form
    text: str
    revision: int
    tree: Group | None = None
    error: str = ""
    offset: int | None = None


class WritingPanel:
    """The editor over a session; `taken` gets every segment that was imported.

    It writes on a thread of its own: SQL takes a moment, and the builder never waits for it.
    """

    def __init__(
        self, session: Session, name: Callable[[], str], taken: Callable[[Segment], None]
    ) -> None:
        self.session, self.name, self.taken = session, name, taken
        self.form: Form = "text"
        self.dialect = "duckdb"
        self.open = False
        self._draft: Draft | None = None
        self._heard = 0
        self._asked = ""
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="segbench-write")
        self.editor = WritingEditor(self._data(session.state), self.receive)
        session.listen(lambda _: self.draw())

    def draw(self) -> None:
        """Write the segment on screen anew, soon; nothing while the editor is folded."""
        if self.open:
            self._writer.submit(self._draw)

    def wait(self) -> None:
        """Return once everything is written; for scripts and tests."""
        self._writer.submit(lambda: None).result()

    def close(self) -> None:
        """Stop writing."""
        self._writer.shutdown(wait=False, cancel_futures=True)

    def receive(self, message: Mapping[str, Any]) -> None:
        """Do what a message from the browser says; what makes no sense is passed over."""
        match message.get("id"):
            case int(number):
                self._heard = number
        match message:
            case {"open": bool(on)}:
                self.open = on
            case {"form": str(form), "dialect": str(dialect)} if form in FORMS:
                self.form, self._draft = form, None
                self.dialect = dialect if dialect in DIALECTS else self.dialect
            case {"write": str(text), "typing": bool(typing)}:
                self._write(text, typing)
            case {"take": str(text), "file": str(file)}:
                self._take(text, file)
            case {"drop": True}:
                self._draft = None
            case {"left": True} if self._draft is not None and self._draft.tree is not None:
                self._draft = None
        # Whatever it was: the browser waits until its number is heard.
        self.draw()

    def _write(self, text: str, typing: bool) -> None:
        """Show the rules of the text that is being typed; without any, those on screen stay."""
        draft = Draft("text", text, 0)
        try:
            if len(text) > MOST:
                raise FormatError(TOO_LONG)
            # No text is no rules: that is how an empty segment is shown here.
            tree = parse(text) if text.strip() else Group()
            # Before the session tells what is new: the text on screen is already that of the tree.
            self._draft = replace(draft, tree=tree)
            self.session.write(tree, typing=typing)
        except SegbenchError as error:
            self._fail(draft, error)

    def _take(self, text: str, file: str) -> None:
        """Import a segment from a file, or what was typed as JSON; asks before changes go."""
        form: Form = "text" if self.form == "text" else "json"
        draft = Draft(form, text, 0)
        try:
            if len(text) > MOST:
                raise FormatError(TOO_LONG)
            kind: Kind = kind_of(Path(file)) if file else "json"
            form = "text" if kind == "text" else "json"
            draft = replace(draft, form=form)
            segment = read_text(text, kind, Path(file).stem if file else "").segment
            self._ask(text)
        except SegbenchError as error:
            self.form = form
            self._fail(draft, error)
            return
        self._draft, self._asked = None, ""
        self.taken(segment)

    def _ask(self, text: str) -> None:
        state = self.session.state
        if state.tree.rules and not state.saved and self._asked != text:
            self._asked = text
            raise FormatError(UNSAVED)

    def _fail(self, draft: Draft, error: SegbenchError) -> None:
        says, offset = str(error), None
        if isinstance(error, TextError):
            # The place is marked in the text itself.
            says = f"Line {error.line}, column {error.column}: {error.problem}"
            offset = error.offset
        revision = self.session.state.revision
        self._draft = replace(draft, revision=revision, tree=None, error=says, offset=offset)

    def _draw(self) -> None:
        data = self._data(self.session.state)
        if data != self.editor.state:
            self.editor.state = data

    def _data(self, state: State) -> dict[str, Any]:
        data = {
            "form": self.form,
            "open": self.open,
            "heard": self._heard,
            "dialect": self.dialect,
            "dialects": sorted(DIALECTS),
            "notes": [],
            **self._shown(state),
        }
        if self.form == "text":
            data["notes"] = [
                f"{_row(issue.path)}: {issue.message}"
                for issue in state.issues
                if issue.level != "warning"
            ]
        return data

    def _shown(self, state: State) -> dict[str, Any]:
        draft = self._draft
        if not self.open:
            return {"text": "", "file": "", "draft": False, "problem": None, "behind": False}
        found, problem = "", None
        file = ""
        try:
            made = written(
                self.form, state, self.session.workbench, name=self.name(), dialect=self.dialect
            )
            found, file = made.text, made.file
        except SegbenchError as error:
            problem = {"message": str(error), "offset": None}
        except Exception as error:
            problem = {"message": f"That failed: {type(error).__name__}: {error}", "offset": None}
        base = {"text": found, "file": file, "draft": False, "problem": problem, "behind": False}
        if draft is None or draft.form != self.form:
            return base
        if draft.tree is None:
            behind = draft.revision != state.revision
            wrong = {"message": draft.error, "offset": draft.offset}
            return base | {"text": draft.text, "draft": True, "problem": wrong, "behind": behind}
        return base | {"text": draft.text} if draft.tree == state.tree else base


def _row(path: tuple[int, ...]) -> str:
    return f"Row {'.'.join(str(index + 1) for index in path)}" if path else "The segment"
