"""The library as a folder of files: pulled, pushed, merged; all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import workbenches

from segbench.errors import ChangedMeanwhile, FormatError, InUse, RuleError
from segbench.files import read, write
from segbench.files.expectations import Example, Expectations
from segbench.files.library_folder import STATE, read_state
from segbench.library.library import Library
from segbench.model.ask import did, field, in_segment, tag
from segbench.model.filing import Filing
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.workbench import exchanging
from segbench.workbench.exchanging import Exchange, pull, push
from segbench.workbench.workbench import Workbench

GERMAN, FRENCH = field("country").is_any_of("DE"), field("country").is_any_of("FR")
VIP, BUYER = tag("VIP"), did("order_placed")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder = workbenches.copied(tmp_path_factory.mktemp("exchange"))
    with Workbench.open(folder, clock=lambda: workbenches.NOW) as workbench:
        yield workbench


@pytest.fixture
def workbench(opened: Workbench, tmp_path: Path) -> Iterator[Workbench]:
    """A workbench with an empty library of the test's own."""
    before = opened.library
    with Library.open(tmp_path / "own.sqlite") as library:
        opened.library, opened.author = library, "Anna"
        yield opened
    opened.library = before


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "shelf"


def save(workbench: Workbench, name: str, *rules: object, **how: object) -> None:
    segment = Segment(name, Group(rules=rules))  # type: ignore[arg-type]
    workbench.save(segment, replace_saved=True, **how)  # type: ignore[arg-type]


def rewrite(path: Path, *rules: object, **told: object) -> None:
    """Change the file as somebody with an editor would."""
    file = read(path)
    group = Group(rules=rules) if rules else file.segment.group  # type: ignore[arg-type]
    segment = replace(file.segment, group=group, **told)  # type: ignore[arg-type]
    write(replace(file, segment=segment), path)


def acts(found: Exchange) -> dict[str, str]:
    return {step.name: step.act for step in found.steps if step.act != "none"}


def rules(workbench: Workbench, name: str) -> tuple[object, ...]:
    return workbench.library.segment(name).segment.group.rules


def files(shelf: Path) -> dict[str, bytes]:
    return {
        path.relative_to(shelf).as_posix(): path.read_bytes()
        for path in shelf.rglob("*")
        if path.is_file()
    }


def test_a_library_is_pulled_into_folders_and_a_second_pull_changes_nothing(
    workbench: Workbench, shelf: Path
) -> None:
    save(workbench, "VIP", VIP, filing=Filing("Lifecycle/Welcome", ("a",), "Ben", "draft"))
    save(workbench, "Buyers", BUYER, in_segment("VIP"))
    assert acts(pull(workbench.library, shelf)) == {"VIP": "write", "Buyers": "write"}
    before = files(shelf)
    assert set(before) == {STATE, "Buyers.yaml", "Lifecycle/Welcome/VIP.yaml"}
    assert read(shelf / "Lifecycle/Welcome/VIP.yaml").filing == Filing("", ("a",), "Ben", "draft")
    assert acts(pull(workbench.library, shelf)) == {}
    assert acts(push(workbench, shelf)) == {}
    assert files(shelf) == before


def test_a_folder_is_pushed_into_an_empty_library_as_it_was(
    workbench: Workbench, shelf: Path, tmp_path: Path
) -> None:
    save(workbench, "VIP", VIP, filing=Filing("Lifecycle", ("a",), "Ben", "archived"))
    save(workbench, "Buyers", BUYER, in_segment("VIP"))
    pull(workbench.library, shelf)
    saved = workbench.library.segments()
    (shelf / STATE).unlink()
    with Library.open(tmp_path / "other.sqlite") as other:
        workbench.library = other
        assert acts(push(workbench, shelf, note="Moved")) == {"VIP": "save", "Buyers": "save"}
        again = other.segments()
        assert [(s.segment, s.filing) for s in again] == [(s.segment, s.filing) for s in saved]
        assert {(s.author, s.note) for s in again} == {("Anna", "Moved")}
        assert acts(push(workbench, shelf)) == acts(pull(other, shelf)) == {}


def test_what_one_side_changed_is_brought_to_the_other(workbench: Workbench, shelf: Path) -> None:
    save(workbench, "VIP", VIP)
    save(workbench, "Buyers", BUYER)
    pull(workbench.library, shelf)
    save(workbench, "VIP", VIP, GERMAN)
    rewrite(shelf / "Buyers.yaml", BUYER, FRENCH)
    pulled = pull(workbench.library, shelf)
    assert acts(pulled) == {"VIP": "write", "Buyers": "wait"}
    assert [s.words for s in pulled.steps if s.name == "VIP"] == ["Row 2 is new: country is “DE”"]
    assert read(shelf / "VIP.yaml").segment.group.rules == (VIP, GERMAN)
    assert acts(push(workbench, shelf)) == {"Buyers": "save"}
    assert rules(workbench, "Buyers") == (BUYER, FRENCH)
    assert workbench.library.segment("Buyers").note == "Pushed from shelf"
    assert acts(pull(workbench.library, shelf)) == {}


def test_other_rows_of_one_segment_are_merged_by_a_pull_and_then_pushed(
    workbench: Workbench, shelf: Path
) -> None:
    save(workbench, "VIP", VIP, filing=Filing(tags=("a", "b")))
    pull(workbench.library, shelf)
    save(workbench, "VIP", VIP, GERMAN, filing=Filing(tags=("b", "c"), status="draft"))
    path = shelf / "VIP.yaml"
    rewrite(path, VIP, BUYER, description="Why.")
    write(replace(read(path), filing=Filing(tags=("a", "b", "d"))), path)
    assert push(workbench, shelf).conflicts[0].words == "changed on both sides: pull first"
    assert acts(pull(workbench.library, shelf)) == {"VIP": "merge"}
    merged = read(path)
    assert merged.segment == Segment("VIP", Group(rules=(VIP, BUYER, GERMAN)), "Why.")
    assert merged.filing == Filing(tags=("b", "c", "d"), status="draft")
    assert acts(push(workbench, shelf)) == {"VIP": "save"}
    assert workbench.library.segment("VIP").segment == merged.segment
    assert acts(pull(workbench.library, shelf)) == {}


def test_a_conflict_is_told_with_both_sides_and_nothing_is_written(
    workbench: Workbench, shelf: Path
) -> None:
    save(workbench, "VIP", GERMAN)
    save(workbench, "Other", VIP)
    pull(workbench.library, shelf)
    save(workbench, "VIP", FRENCH)
    save(workbench, "Other", BUYER)
    rewrite(shelf / "VIP.yaml", field("country").is_any_of("NL"))
    before, saved = files(shelf), workbench.library.segments()
    for found in (pull(workbench.library, shelf), push(workbench, shelf)):
        assert [step.name for step in found.conflicts] == ["VIP"]
        assert not found.done
    words = pull(workbench.library, shelf).conflicts[0].words
    assert words == "Row 1: yours is country is “NL”; theirs is country is “FR”"
    assert files(shelf) == before
    assert workbench.library.segments() == saved


@pytest.mark.parametrize("prefer", ["folder", "library"])
def test_a_conflict_is_settled_by_saying_whose_to_take(
    prefer: str, workbench: Workbench, shelf: Path
) -> None:
    save(workbench, "VIP", GERMAN)
    pull(workbench.library, shelf)
    save(workbench, "VIP", FRENCH)
    rewrite(shelf / "VIP.yaml", VIP)
    assert pull(workbench.library, shelf, prefer=prefer).done  # type: ignore[arg-type]
    wanted = (VIP,) if prefer == "folder" else (FRENCH,)
    assert read(shelf / "VIP.yaml").segment.group.rules == wanted
    assert push(workbench, shelf).done
    assert rules(workbench, "VIP") == wanted


def test_a_push_may_take_the_folders_side(workbench: Workbench, shelf: Path) -> None:
    save(workbench, "VIP", GERMAN)
    pull(workbench.library, shelf)
    save(workbench, "VIP", FRENCH)
    rewrite(shelf / "VIP.yaml", VIP)
    assert acts(push(workbench, shelf, prefer="library")) == {"VIP": "wait"}
    assert rules(workbench, "VIP") == (FRENCH,)
    assert acts(push(workbench, shelf, prefer="folder")) == {"VIP": "save"}
    assert rules(workbench, "VIP") == (VIP,)


def test_what_one_side_deleted_goes_only_when_told(workbench: Workbench, shelf: Path) -> None:
    for name in ("Kept", "Gone here", "Gone there"):
        save(workbench, name, VIP, filing=Filing("Folder"))
    pull(workbench.library, shelf)
    workbench.library.delete("Gone there")
    (shelf / "Folder/Gone here.yaml").unlink()
    assert acts(pull(workbench.library, shelf)) == {"Gone there": "wait", "Gone here": "wait"}
    assert acts(push(workbench, shelf)) == {"Gone there": "wait", "Gone here": "wait"}
    assert acts(pull(workbench.library, shelf, delete=True))["Gone there"] == "remove"
    assert acts(push(workbench, shelf, delete=True)) == {"Gone here": "delete"}
    assert [saved.segment.name for saved in workbench.library.segments()] == ["Kept"]
    assert [path.name for path in (shelf / "Folder").iterdir()] == ["Kept.yaml"]
    assert [each.name for each in read_state(shelf)] == ["Kept"]


def test_a_segment_in_use_does_not_go_and_nothing_else_is_pushed(
    workbench: Workbench, shelf: Path
) -> None:
    save(workbench, "VIP", VIP)
    save(workbench, "Buyers", BUYER, in_segment("VIP"))
    pull(workbench.library, shelf)
    (shelf / "VIP.yaml").unlink()
    write(
        replace(read(shelf / "Buyers.yaml"), segment=Segment("New", Group(rules=(BUYER,)))),
        shelf / "New.yaml",
    )
    with pytest.raises(InUse, match="used by the segment 'Buyers'"):
        push(workbench, shelf, delete=True)
    assert [saved.segment.name for saved in workbench.library.segments()] == ["Buyers", "VIP"]


def test_a_segment_renamed_in_the_library_takes_its_file_along(
    workbench: Workbench, shelf: Path
) -> None:
    save(workbench, "VIP", VIP)
    save(workbench, "Buyers", BUYER, in_segment("VIP"))
    pull(workbench.library, shelf)
    rewrite(shelf / "VIP.yaml", VIP, GERMAN)
    workbench.library.rename("VIP", "Best", workbench.clock())
    assert acts(pull(workbench.library, shelf)) == {"Best": "merge", "Buyers": "write"}
    assert set(files(shelf)) == {STATE, "Best.yaml", "Buyers.yaml"}
    assert read(shelf / "Best.yaml").segment.group.rules == (VIP, GERMAN)
    assert acts(push(workbench, shelf)) == {"Best": "save"}


def test_a_name_changed_in_its_file_renames_the_segment_where_it_is_used(
    workbench: Workbench, shelf: Path
) -> None:
    save(workbench, "VIP", VIP)
    save(workbench, "Buyers", BUYER, in_segment("VIP"))
    pull(workbench.library, shelf)
    rewrite(shelf / "VIP.yaml", VIP, GERMAN, name="Best")
    rewrite(shelf / "Buyers.yaml", BUYER, in_segment("Best"), FRENCH)
    assert push(workbench, shelf).done
    assert set(workbench.library.statuses()) == {"Best", "Buyers"}
    assert rules(workbench, "Best") == (VIP, GERMAN)
    assert rules(workbench, "Buyers") == (BUYER, in_segment("Best"), FRENCH)
    assert workbench.library.lineage("Best")[0].segment.name == "VIP"
    assert acts(push(workbench, shelf)) == acts(pull(workbench.library, shelf)) == {}


def test_moving_a_file_files_the_segment_elsewhere(workbench: Workbench, shelf: Path) -> None:
    save(workbench, "VIP", VIP, filing=Filing(owner="Ben"))
    pull(workbench.library, shelf)
    (shelf / "Lifecycle").mkdir()
    (shelf / "VIP.yaml").rename(shelf / "Lifecycle/any name.yaml")
    assert push(workbench, shelf).done
    assert workbench.library.segment("VIP").filing == Filing("Lifecycle", owner="Ben")
    workbench.library.file("VIP", Filing("Else"), workbench.clock())
    pull(workbench.library, shelf)
    assert set(files(shelf)) == {STATE, "Else/VIP.yaml"}


def test_a_file_that_says_nothing_of_its_filing_leaves_it_as_it_is(
    workbench: Workbench, shelf: Path
) -> None:
    save(workbench, "VIP", VIP, filing=Filing("", ("a",), "Ben", "draft"))
    shelf.mkdir()
    text = "segbench: segment\nformat: 2\nname: {}\ngroup: |\n  tag is {}\n"
    (shelf / "VIP.yaml").write_text(text.format("VIP", '"VIP"'))
    (shelf / "New.yaml").write_text(text.format("New", '"VIP"'))
    assert acts(push(workbench, shelf)) == {"New": "save"}
    assert workbench.library.segment("VIP").filing == Filing("", ("a",), "Ben", "draft")
    assert workbench.library.segment("New").filing == Filing(owner="Anna")
    assert acts(push(workbench, shelf)) == {}


def test_the_tests_in_a_file_stay_when_the_library_changes_it(
    workbench: Workbench, shelf: Path
) -> None:
    save(workbench, "VIP", VIP)
    pull(workbench.library, shelf)
    path = shelf / "VIP.yaml"
    tests = Expectations("2026-10-23", contacts=(Example("Ada", "in", tags=("VIP",)),))
    write(replace(read(path), tests=tests), path)
    save(workbench, "VIP", VIP, GERMAN)
    assert acts(pull(workbench.library, shelf)) == {"VIP": "write"}
    assert read(path).tests == tests


def test_a_dry_run_says_the_same_and_changes_nothing(workbench: Workbench, shelf: Path) -> None:
    save(workbench, "VIP", VIP)
    found = pull(workbench.library, shelf, dry_run=True)
    assert (acts(found), found.done, shelf.exists()) == ({"VIP": "write"}, False, False)
    pull(workbench.library, shelf)
    rewrite(shelf / "VIP.yaml", GERMAN)
    before, saved = files(shelf), workbench.library.segments()
    assert acts(push(workbench, shelf, dry_run=True)) == {"VIP": "save"}
    assert (files(shelf), workbench.library.segments()) == (before, saved)


def test_rules_that_cannot_be_asked_here_are_refused_with_all_their_names(
    workbench: Workbench, shelf: Path
) -> None:
    save(workbench, "One", VIP)
    save(workbench, "Other", VIP)
    save(workbench, "Third", VIP)
    pull(workbench.library, shelf)
    rewrite(shelf / "One.yaml", field("contry").is_any_of("DE"))
    rewrite(shelf / "Other.yaml", in_segment("never"))
    rewrite(shelf / "Third.yaml", GERMAN)
    saved = workbench.library.segments()
    with pytest.raises(RuleError, match=r"Nothing was pushed.*'One': .*contry.*'Other': .*never"):
        push(workbench, shelf)
    assert workbench.library.segments() == saved


def test_who_saves_during_a_push_is_not_overwritten(
    workbench: Workbench, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(workbench, "VIP", VIP)
    pull(workbench.library, shelf)
    rewrite(shelf / "VIP.yaml", GERMAN)
    sound = exchanging._require_sound

    def slowly(*given: object) -> None:
        save(workbench, "VIP", BUYER)
        sound(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(exchanging, "_require_sound", slowly)
    with pytest.raises(ChangedMeanwhile):
        push(workbench, shelf)
    assert rules(workbench, "VIP") == (BUYER,)


def test_a_pull_that_was_cut_off_is_taken_up(
    workbench: Workbench, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("One", "Other"):
        save(workbench, name, VIP)
    pull(workbench.library, shelf)
    for name in ("One", "Other"):
        save(workbench, name, VIP, GERMAN)
    replaced = Path.replace

    def cut_off(self: Path, target: Path) -> Path:
        if target.name == "Other.yaml":
            raise OSError("cut off")
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", cut_off)
    with pytest.raises(OSError, match="cut off"):
        pull(workbench.library, shelf)
    monkeypatch.undo()
    assert acts(pull(workbench.library, shelf)) == {"Other": "write"}
    assert acts(push(workbench, shelf)) == {}


def test_a_folder_that_is_not_there_is_not_pushed(workbench: Workbench, shelf: Path) -> None:
    save(workbench, "VIP", VIP)
    with pytest.raises(FormatError, match="There is no folder"):
        push(workbench, shelf, delete=True)
    assert set(workbench.library.statuses()) == {"VIP"}
