"""The card in which segments are opened, saved, filed, merged and restored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import workbenches

from segbench.errors import RuleError
from segbench.library.library import Library
from segbench.model.ask import field, in_segment, tag
from segbench.model.filing import Filing
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.ui.library_panel import LibraryPanel
from segbench.ui.session import Session
from segbench.workbench.workbench import Workbench

GERMAN, FRENCH = field("country").is_any_of("DE"), field("country").is_any_of("FR")
VIP, COMPLIANT = tag("VIP"), tag("compliant")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session over the shared data, with a library of the test's own."""
    with Workbench.open(workbenches.filled(), clock=lambda: workbenches.NOW) as workbench:
        workbench.library.close()
        workbench.author = "Anna"
        with Library.open(tmp_path / "own.sqlite") as library:
            workbench.library = library
            session = Session(workbench)
            yield session
            session.close()


@pytest.fixture
def panel(session: Session) -> LibraryPanel:
    """The card, with the segment "Best" of two rows open."""
    session.show(Group(rules=(GERMAN, VIP)))
    session.save("Best")
    return LibraryPanel(session, lambda: None)


def by_somebody_else(panel: LibraryPanel, *rules: object) -> None:
    segment = Segment("Best", Group(rules=rules))  # type: ignore[arg-type]
    library = panel.session.workbench.library
    library.save(segment, now=workbenches.NOW, replace=True, author="Ben")


def on_screen(panel: LibraryPanel) -> tuple[object, ...]:
    return panel.session.state.tree.rules


def saved(panel: LibraryPanel, name: str = "Best") -> tuple[object, ...]:
    return panel.session.workbench.library.segment(name).segment.group.rules


def clash(panel: LibraryPanel) -> None:
    """Both change "Best": I the country, Ben adds a row; and I save second."""
    panel.session.show(Group(rules=(FRENCH, VIP)), panel.session.page.saved)
    by_somebody_else(panel, GERMAN, VIP, COMPLIANT)
    panel.save()


def test_who_saves_second_is_shown_what_changed_and_nothing_is_overwritten(
    panel: LibraryPanel,
) -> None:
    clash(panel)
    assert panel.clash.box.layout.display == ""
    assert "“Best” was changed by Ben since you opened it" in panel.clash.words.value
    assert "<li>Row 3 is new: tag is “compliant”</li>" in panel.clash.words.value
    assert saved(panel) == (GERMAN, VIP, COMPLIANT)
    assert on_screen(panel) == (FRENCH, VIP)


def test_two_changes_are_merged_on_screen_and_then_saved(panel: LibraryPanel) -> None:
    clash(panel)
    panel.clash.merge.click()
    assert on_screen(panel) == (FRENCH, VIP, COMPLIANT)
    assert saved(panel) == (GERMAN, VIP, COMPLIANT)
    assert "not saved yet" in panel.message.value
    assert panel.clash.box.layout.display == "none"
    panel.session.undo()
    assert on_screen(panel) == (FRENCH, VIP)
    panel.session.redo()
    panel.save()
    assert saved(panel) == (FRENCH, VIP, COMPLIANT)


def test_what_both_changed_is_told_and_mine_is_on_screen(panel: LibraryPanel) -> None:
    panel.session.show(Group(rules=(FRENCH, VIP)), panel.session.page.saved)
    by_somebody_else(panel, VIP, COMPLIANT)
    panel.save()
    panel.clash.merge.click()
    assert on_screen(panel) == (FRENCH, VIP, COMPLIANT)
    assert "yours is Country is “FR”; theirs is removed" in panel.message.value


def test_mine_is_saved_as_another_segment(panel: LibraryPanel) -> None:
    clash(panel)
    panel.clash.other.click()
    assert saved(panel) == (GERMAN, VIP, COMPLIANT)
    assert saved(panel, "Best (2)") == (FRENCH, VIP)
    assert panel.choice.value == panel.session.state.name == "Best (2)"


def test_theirs_is_taken_and_undo_brings_mine_back(panel: LibraryPanel) -> None:
    clash(panel)
    panel.clash.theirs.click()
    assert on_screen(panel) == (GERMAN, VIP, COMPLIANT)
    assert panel.session.state.saved
    panel.session.undo()
    assert on_screen(panel) == (FRENCH, VIP)


def test_what_was_deleted_meanwhile_can_only_be_saved_as_another(panel: LibraryPanel) -> None:
    panel.session.workbench.library.delete("Best")
    panel.save()
    assert "was deleted or renamed meanwhile; nothing was saved." in panel.clash.words.value
    assert panel.clash.merge.disabled
    assert panel.clash.theirs.disabled
    panel.clash.other.click()
    assert saved(panel, "Best (2)") == (GERMAN, VIP)


def test_a_search_narrows_the_list_down(panel: LibraryPanel) -> None:
    library = panel.session.workbench.library
    filing = Filing("Lifecycle", status="archived")
    rest = Segment("Rest", Group(rules=(COMPLIANT,)))
    library.save(rest, now=workbenches.NOW, filing=filing)
    panel.refresh()
    assert panel.choice.names == ("Best", "Rest")
    assert [label for label, _ in panel.choice.list.options][2] == "Rest (Lifecycle, archived)"
    panel.choice.find.value = "COMPLIANT"
    assert panel.choice.names == ("Rest",)
    assert "1 found" in panel.choice.note.value
    panel.choice.find.value = "nothing of the kind"
    assert "Nothing is like that" in panel.choice.note.value
    panel.choice.value = "Best"
    assert (panel.choice.find.value, panel.choice.chosen()) == ("", "Best")


def test_a_segment_is_filed_without_what_is_in_the_builder(panel: LibraryPanel) -> None:
    panel.details.box.selected_index = 0
    assert panel.details.owner.value == "Anna"
    panel.session.show(Group(rules=(FRENCH,)), panel.session.page.saved)
    panel.details.folder.value, panel.details.tags.value = "Lifecycle", "spring, vip"
    panel.details.status.value, panel.details.description.value = "draft", "Why <b>."
    panel.details.save()
    kept = panel.session.workbench.library.segment("Best")
    assert kept.filing == Filing("Lifecycle", ("spring", "vip"), "Anna", "draft")
    assert (kept.segment.description, kept.segment.group.rules) == ("Why <b>.", (GERMAN, VIP))
    assert on_screen(panel) == (FRENCH,)
    assert not panel.session.state.saved
    panel.save()
    kept = panel.session.workbench.library.segment("Best")
    assert (kept.segment.description, kept.segment.group.rules) == ("Why <b>.", (FRENCH,))
    assert "The description none became “Why &lt;b&gt;.”" in panel.details.words.value


def test_filing_what_somebody_changed_meanwhile_shows_the_change(panel: LibraryPanel) -> None:
    panel.details.box.selected_index = 0
    by_somebody_else(panel, COMPLIANT)
    panel.details.folder.value = "Lifecycle"
    panel.details.save()
    assert panel.clash.box.layout.display == ""
    assert panel.session.workbench.library.segment("Best").filing.folder == ""


def test_what_is_being_typed_stays_while_the_segment_is_saved(panel: LibraryPanel) -> None:
    panel.details.box.selected_index = 0
    panel.details.folder.value = "Half ty"
    panel.session.show(Group(rules=(FRENCH,)), panel.session.page.saved)
    panel.save()
    assert panel.details.folder.value == "Half ty"
    assert "Row 1: Country is “DE” became Country is “FR”" in panel.details.words.value


def test_an_earlier_version_is_restored_after_asking(panel: LibraryPanel) -> None:
    panel.session.show(Group(rules=(FRENCH,)), panel.session.page.saved)
    panel.save()
    panel.details.box.selected_index = 0
    assert [revision for _, revision in panel.details.versions.options] == [0, 1]
    panel.session.show(Group(rules=(COMPLIANT,)), panel.session.page.saved)
    panel.details.versions.value = 1
    panel.details.restore()
    assert "There are unsaved changes" in panel.message.value
    assert saved(panel) == (FRENCH,)
    panel.details.restore()
    assert saved(panel) == on_screen(panel) == (GERMAN, VIP)
    assert "as in version 1 again, and that is version 3 now" in panel.message.value


def test_who_uses_the_segment_is_shown(panel: LibraryPanel) -> None:
    library = panel.session.workbench.library
    user = Segment("User", Group(rules=(in_segment("Best"),)))
    library.save(user, now=workbenches.NOW)
    panel.details.box.selected_index = 0
    assert "Used by the segment &#x27;User&#x27;." in panel.details.words.value
    panel.new()
    assert "Open or save a segment first." in panel.details.words.value
    assert panel.details.owner.value == ""


def test_a_segment_is_renamed_where_it_is_used_and_what_is_on_screen_stays(
    panel: LibraryPanel,
) -> None:
    library = panel.session.workbench.library
    library.save(Segment("User", Group(rules=(in_segment("Best"),))), now=workbenches.NOW)
    panel.session.show(Group(rules=(FRENCH,)), panel.session.page.saved)
    panel.details.box.selected_index = 0
    with pytest.raises(RuleError, match="Write another name for “Best” at Name first"):
        panel.details.rename()
    panel.name.value = "Better"
    panel.details.rename()
    assert saved(panel, "User") == (in_segment("Better"),)
    assert (panel.session.state.name, panel.session.state.saved) == ("Better", False)
    assert on_screen(panel) == (FRENCH,)
    panel.session.undo()
    assert (panel.session.state.name, panel.session.state.saved) == ("Better", True)
    panel.session.redo()
    panel.save()
    assert saved(panel, "Better") == (FRENCH,)
    panel.name.value = "Best of all"
    library.save(Segment("Better", Group(rules=(VIP,))), now=workbenches.NOW, replace=True)
    panel.details.rename()
    assert "“Better” was changed" in panel.clash.words.value
    assert "Best of all" not in library.statuses()
