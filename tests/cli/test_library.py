"""`segbench library`: saved segments from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from segbench.library.library import Library
from segbench.model.ask import field, in_segment, tag
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.workbench.identity import VARIABLE
from segbench.workbench.workbench import utc_now

GERMAN = field("country").is_any_of("DE")


@pytest.fixture
def shelf(own: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of the test's own, with a segment of two versions."""
    monkeypatch.setenv(VARIABLE, "Anna")
    with Library.open(own / "library.sqlite") as library:
        for rules in ((GERMAN,), (GERMAN, tag("VIP"))):
            segment = Segment("Best", Group(rules=rules), "The best.")
            library.save(segment, now=utc_now(), author="Ben", note="agreed", replace=True)
    return own


@pytest.fixture
def say(run: Any, shelf: Path) -> Any:
    """Runs `segbench library` on that workspace, which must do it; what it prints."""

    def told(*words: object, code: int = 0) -> str:
        result = run("library", *words, "-w", shelf)
        assert result.exit_code == code, result.output
        return str(result.stdout)

    return told


@pytest.fixture
def data(say: Any) -> Any:
    def told(*words: object, code: int = 0) -> Any:
        return json.loads(say(*words, "--json", code=code))

    return told


def test_segments_are_listed_and_searched(say: Any, data: Any) -> None:
    say("file", "Best", "--folder", "Lifecycle/Welcome", "--tag", "spring")
    names = [each["segment"] for each in data("list")]
    assert names == sorted(names, key=str.casefold)
    assert "Best" in names
    assert len(names) > 3
    (found,) = data("list", "--folder", "lifecycle")
    assert (found["segment"], found["tags"], found["owner"]) == ("Best", ["spring"], "Ben")
    assert [each["segment"] for each in data("search", "COUNTRY", "vip", "spring")] == ["Best"]
    lines = say("list", "--tag", "spring").splitlines()
    assert lines[0].split() == ["segment", "folder", "status", "owner", "tags", "last", "count"]
    assert lines[1].split()[:3] == ["Best", "Lifecycle/Welcome", "published"]
    assert say("search", "nothing", "like", "it") == "No saved segment is like that.\n"


def test_a_segment_is_shown_with_who_uses_it(say: Any, data: Any, shelf: Path) -> None:
    with Library.open(shelf / "library.sqlite") as library:
        user = Segment("User", Group(rules=(in_segment("Best"),)))
        library.save(user, now=utc_now())
    told = say("show", "best")
    assert "name         Best\ndescription  The best.\n" in told
    assert "used by      the segment 'User'\n" in told
    found = data("show", "Best")
    assert found["used_by"] == {"segments": ["User"], "lists": [], "campaigns": []}
    assert (found["revision"], found["author"], found["note"]) == (2, "Ben", "agreed")
    assert found["rules"]["rules"][1]["tags"] == ["VIP"]


def test_filing_changes_only_what_is_named(say: Any, data: Any) -> None:
    say("file", "Best", "--folder", "A", "--tag", "x", "--tag", "y", "--owner", "Cem")
    say("file", "Best", "--untag", "X", "--status", "draft")
    found = data("show", "Best")
    assert (found["folder"], found["tags"], found["owner"]) == ("A", ["y"], "Cem")
    assert (found["status"], found["author"], found["revision"]) == ("draft", "Anna", 4)
    assert say("file", "Best", "--status", "draft") == "Nothing to change in 'Best' (revision 4).\n"


def test_history_and_differences_are_told_in_words_and_data(say: Any, data: Any) -> None:
    lines = say("history", "Best").splitlines()
    assert lines[0].split()[0] == "revision"
    assert lines[1].endswith("Ben  agreed  Row 2 is new: tag is “VIP”")
    assert lines[2].endswith("saved first")
    first, second = data("history", "Best")
    assert (first["changes"], second["changes"]["rules"][0]["kind"]) == (None, "added")
    assert say("diff", "Best") == "From revision 1 to 2:\n- Row 2 is new: tag is “VIP”\n"
    assert data("diff", "Best", 2, 1)["rules"][0]["kind"] == "removed"
    assert say("diff", "Best", 2, 2).endswith("- nothing changed\n")


def test_an_earlier_version_comes_back_also_of_a_deleted_segment(say: Any, data: Any) -> None:
    assert say("restore", "Best", 1) == "Restored revision 1 of 'Best' (revision 3).\n"
    assert data("show", "Best")["author"] == "Anna"
    say("delete", "Best")
    assert "Best" not in [each["segment"] for each in data("list")]
    assert len(data("history", "Best")) == 3
    assert data("restore", "Best", 2)["revision"] == 4


def test_renaming_and_archiving_are_told_where_it_is_used(
    say: Any, data: Any, run: Any, shelf: Path
) -> None:
    with Library.open(shelf / "library.sqlite") as library:
        library.save(Segment("User", Group(rules=(in_segment("Best"),))), now=utc_now())
    say("rename", "Best", "Better")
    assert data("show", "User")["sentence"] == "Contacts where segment is “Better”."
    told = say("archive", "Better")
    assert told == "Archived 'Better' (revision 4).\nIt is used by the segment 'User'.\n"
    assert say("archive", "Better", "--undo") == "Published 'Better' (revision 5).\n"
    result = run("library", "delete", "Better", "-w", shelf)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "is used by the segment 'User'" in result.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("show", "Bast"), "did you mean 'Best'?"),
        (("history", "Bast"), "did you mean 'Best'?"),
        (("diff", "Best", 7), "'Best' has no revision 7; it has 1, 2."),
        (("restore", "Best", 7), "has no revision 7; it has 1, 2."),
        (("file", "Best", "--folder", "a/.."), "A folder is a path of names"),
        (("push", "nowhere"), "There is no folder 'nowhere'."),
        (("watch", "remove", 9), "There is no watch 9; there is none."),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    words: tuple[object, ...], why: str, refused: Any, shelf: Path
) -> None:
    assert why in refused("library", *words, "-w", shelf)


def test_the_library_goes_to_a_folder_and_back(say: Any, data: Any, here: Path) -> None:
    told = say("pull", "folder")
    assert "written   Best: new in the library\n" in told
    assert say("pull", "folder") == "The folder has all of the library.\n"
    path = here / "folder" / "Best.yaml"
    path.write_text(path.read_text("utf-8") + '  and country is "AT"\n', "utf-8")
    assert say("push", "folder", "--dry-run").endswith("Dry run: nothing was changed.\n")
    assert say("push", "folder", "--note", "From git") == (
        "saved     Best: Row 3 is new: country is “AT”\n"
    )
    assert data("show", "Best")["note"] == "From git"
    assert data("push", "folder") == {"done": True, "steps": []}


def test_a_conflict_has_exit_code_1_and_writes_nothing(say: Any, data: Any, here: Path) -> None:
    say("pull", "folder")
    path = here / "folder" / "Best.yaml"
    path.write_text(path.read_text("utf-8").replace("The best.", "Other."), "utf-8")
    say("restore", "Best", 1)
    path.write_text(path.read_text("utf-8").replace('"VIP"', '"compliant"'), "utf-8")
    before = path.read_bytes()
    assert "CONFLICT  Best: changed on both sides: pull first" in say("push", "folder", code=1)
    found = data("pull", "folder", code=1)
    assert (found["done"], found["steps"][0]["act"]) == (False, "conflict")
    assert "yours is tag is “compliant”; theirs is removed" in found["steps"][0]["words"]
    assert path.read_bytes() == before
    say("pull", "folder", "--prefer", "library")
    assert path.read_bytes() != before


def test_all_segments_are_counted_together(say: Any, data: Any, run: Any, shelf: Path) -> None:
    found = {each["segment"]: each for each in data("counts")}
    for name in ("Best", "Customers"):
        count = json.loads(run("count", name, "-w", shelf, "--json").stdout)["count"]
        assert found[name]["count"] == count
    assert data("show", "Best")["last_count"] == found["Best"]["count"]
    with Library.open(shelf / "library.sqlite") as library:
        broken = Segment("Best", Group(rules=(field("gone").is_any_of("x"),)))
        library.save(broken, now=utc_now(), replace=True)
    line = next(line for line in say("counts").splitlines() if line.startswith("Best"))
    assert "There is no field 'gone'" in line


def test_watches_are_for_cron(say: Any, data: Any, run: Any, shelf: Path) -> None:
    assert say("watch", "add", "Best", "--at-least", 1) == "Watch 1: 'Best' has at least 1.\n"
    assert data("watch", "add", "Best", "--moves", 10)["kind"] == "moves"
    assert say("watch", "check").splitlines()[0].startswith("ok   Best: holds ")
    say("watch", "add", "Best", "--at-most", 0)
    told = say("watch", "check", code=1)
    assert "NOT  Best: holds" in told
    listed = data("watch", "list")
    assert [each["last"]["holds"] for each in listed] == [True, True, False]
    assert say("watch", "remove", 3) == "Watch 3 is gone.\n"
    assert say("watch", "check", "best").count("ok ") == 2
    result = run("library", "watch", "add", "Best", "-w", shelf)
    assert (result.exit_code, "Give one of --moves" in result.stderr) == (2, True)


def test_a_check_without_a_watch_says_so(run: Any, shelf: Path) -> None:
    result = run("library", "watch", "check", "-w", shelf)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "There is no watch" in result.stderr
