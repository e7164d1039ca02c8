"""Where the segment on screen is filed, what it was before, and who uses it."""

from __future__ import annotations

import html
from collections.abc import Callable

import ipywidgets as widgets

from segbench.errors import ChangedMeanwhile, RuleError, SegbenchError
from segbench.library.saved import SavedSegment
from segbench.model.filing import STATUSES, Filing
from segbench.ui.library_versions import version_choices, versions_html
from segbench.ui.panel import Message, button, labelled, row
from segbench.ui.session import Session
from segbench.workbench.filing import describe_saved, rename_saved, restore_saved

TITLE = "Folder, versions and use"
NONE = ("(choose)", 0)
NO_NAME = '<p class="sbp-note">Open or save a segment first.</p>'

Clashed = Callable[[ChangedMeanwhile, str], None]


class DetailsPart:
    """Folded; read from the library while it is open and the segment on screen is another one.

    `changed` is told after something was saved, `clashed` where somebody else was first; `name` is
    where another name is written.
    """

    def __init__(
        self,
        session: Session,
        message: Message,
        changed: Callable[[], None],
        clashed: Clashed,
        name: widgets.Text,
    ) -> None:
        self.session, self.message, self.name = session, message, name
        self.changed, self.clashed = changed, clashed
        self.folder = widgets.Combobox(placeholder="Lifecycle/Welcome", layout=_wide("200px"))
        self.tags = widgets.Text(placeholder="With commas between", layout=_wide("200px"))
        self.owner = widgets.Text(layout=_wide("140px"))
        self.status = widgets.Dropdown(options=STATUSES, layout=_wide("120px"))
        self.description = widgets.Text(layout=_wide("300px"))
        self.versions = widgets.Dropdown(options=[NONE], layout=_wide("280px"))
        self.words = widgets.HTML(layout=widgets.Layout(width="100%"))
        inside = widgets.VBox(
            [
                row(
                    labelled("Folder", self.folder),
                    labelled("Tags", self.tags),
                    labelled("Owner", self.owner),
                    labelled("Status", self.status),
                    labelled("Description", self.description),
                    button("Save details", self.save, message, title="Save where it is filed"),
                ),
                self.words,
                row(
                    labelled("Earlier version", self.versions),
                    button("Restore", self.restore, message, title="Save that version anew"),
                    button("Rename", self.rename, message, title="Give it the name written above"),
                ),
            ]
        )
        self.box = widgets.Accordion([inside], titles=[TITLE])
        self.box.selected_index = None
        self._shown: tuple[object, ...] | None = None
        self._filled: tuple[str, ...] = ()
        self._asked = 0
        self.box.observe(lambda _: self.draw(), "selected_index")

    def draw(self) -> None:
        """Show the segment on screen, where this is open and it is another one now."""
        saved = self.session.page.saved
        shown = (saved.segment.name, saved.revision) if saved else ()
        if self.box.selected_index is None or shown == self._shown:
            return
        before, self._shown, self._asked = self._shown, shown, 0
        same = bool(before and shown and before[0] == shown[0])
        try:
            self._show(saved, typed=same and self._values() != self._filled)
        except SegbenchError as error:
            self.words.value = f'<p class="sbp-note">{html.escape(str(error))}</p>'

    def refresh(self) -> None:
        """Read the library anew."""
        if self._shown:
            self._shown = (self._shown[0], None)
        self.draw()

    def save(self) -> None:
        """Save folder, tags, owner, status and description, not what is in the builder."""
        seen = self._seen()
        tags = tuple(tag for tag in self.tags.value.split(",") if tag.strip())
        filing = Filing(self.folder.value, tags, self.owner.value, self.status.value)
        told = self.description.value.strip()
        try:
            saved = describe_saved(self.session.workbench, seen, filing, told)
        except ChangedMeanwhile as clash:
            self.clashed(clash, seen.segment.name)
            return
        self._filled = self._values()
        self.session.note_saved(saved)
        self.changed()
        self.message.say(f"Saved the details of “{saved.segment.name}”.")

    def restore(self) -> None:
        """Save the chosen version anew and show it; asks once before unsaved changes go."""
        seen, revision = self._seen(), int(self.versions.value)
        if not revision:
            raise RuleError("Choose an earlier version first.")
        if not self.session.state.saved and self._asked != revision:
            self._asked = revision
            self.message.warn(
                "There are unsaved changes. Press Restore again to let them go; Undo brings them "
                "back."
            )
            return
        self._asked = 0
        try:
            saved = restore_saved(self.session.workbench, seen, revision)
        except ChangedMeanwhile as clash:
            self.clashed(clash, seen.segment.name)
            return
        self.session.show(saved.segment.group, saved)
        self.changed()
        self.message.say(
            f"“{saved.segment.name}” is as in version {revision:,} again, and that is version "
            f"{saved.revision:,} now."
        )

    def rename(self) -> None:
        """Give the segment the name that is written; what uses it follows."""
        seen, wanted = self._seen(), " ".join(self.name.value.split())
        before, workbench = seen.segment.name, self.session.workbench
        if wanted in ("", before):
            raise RuleError(f"Write another name for “{before}” at Name first.")
        try:
            saved = rename_saved(workbench, seen, wanted)
        except ChangedMeanwhile as clash:
            self.clashed(clash, before)
            return
        self.session.note_saved(saved)
        self.changed()
        self.message.say(f"“{before}” is “{saved.segment.name}” now, also where it is used.")

    def _seen(self) -> SavedSegment:
        saved = self.session.page.saved
        if saved is None:
            raise RuleError("Open or save a segment first.")
        return saved

    def _show(self, seen: SavedSegment | None, *, typed: bool) -> None:
        workbench = self.session.workbench
        library = workbench.library
        if seen is None:
            self._fill(Filing(), "")
            self.versions.options, self.words.value = [NONE], NO_NAME
            return
        name = seen.segment.name
        now, lineage = library.segment(name), library.lineage(name)
        folders = {each.filing.folder for each in library.segments()} - {""}
        self.folder.options = tuple(sorted(folders))
        # What somebody is typing stays while other parts of the page change.
        if not typed:
            self._fill(now.filing, now.segment.description)
        self.versions.options = [NONE, *version_choices(lineage, now, workbench)]
        self.words.value = versions_html(lineage, library.users(name), workbench)

    def _fill(self, filing: Filing, description: str) -> None:
        self.folder.value, self.tags.value = filing.folder, ", ".join(filing.tags)
        self.owner.value, self.status.value = filing.owner, filing.status
        self.description.value = description
        self._filled = self._values()

    def _values(self) -> tuple[str, ...]:
        fields = (self.folder, self.tags, self.owner, self.status, self.description)
        return tuple(field.value for field in fields)


def _wide(width: str) -> widgets.Layout:
    return widgets.Layout(width=width)
