"""A library as a folder: where files lie, what they hold, and what was synced."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files.drawn import NAMES
from segbench.errors import FormatError
from segbench.files.library_folder import (
    STATE,
    Synced,
    content,
    place_of,
    read_folder,
    read_state,
    write_changes,
)
from segbench.files.segment_file import SegmentFile
from segbench.model.ask import tag
from segbench.model.filing import Filing
from segbench.model.rules import as_group
from segbench.model.segment import Segment

WELCOME = Filing("Lifecycle/Welcome", ("a",), "Anna", "draft")


def file(name: str = "VIP", filing: Filing | None = WELCOME) -> SegmentFile:
    return SegmentFile(Segment(name, as_group(tag("vip"))), None, filing)


def synced(name: str = "VIP") -> Synced:
    return Synced(name, f"{name}.yaml", 3, "0" * 64)


def test_what_is_written_is_read_back_with_its_folder(tmp_path: Path) -> None:
    place = place_of("VIP", WELCOME, tmp_path)
    assert place == "Lifecycle/Welcome/VIP.yaml"
    write_changes(tmp_path, {place: content(file())}, (), [synced()])
    (found,) = read_folder(tmp_path)
    assert (found.path, found.folder) == (place, "Lifecycle/Welcome")
    assert found.file.segment == file().segment
    assert found.file.filing == Filing("", ("a",), "Anna", "draft")
    assert read_state(tmp_path) == (synced(),)
    write_changes(tmp_path, {}, [place], [])
    assert [path.name for path in tmp_path.rglob("*")] == [STATE]


@given(name=NAMES, folder=st.lists(NAMES, max_size=3))
def test_every_name_has_a_file_that_every_system_takes(name: str, folder: list[str]) -> None:
    filing = Filing("/".join(each.replace("/", "") for each in folder if each.strip("/.")))
    path = place_of(name, filing, Path("nowhere"))
    for part in path.split("/"):
        assert len(part.encode()) <= 255
        assert not set(part) & set('<>:"\\|?*')
        assert part[0] not in ". "
        assert part[-1] not in ". "


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a/b: 100%", "a%2Fb%3A 100%25.yaml"),
        (".hidden", "%2Ehidden.yaml"),
        ("con", "%63on.yaml"),
        ("etc.", "etc%2E.yaml"),
    ],
)
def test_signs_that_paths_do_not_take_are_written_as_in_urls(name: str, path: str) -> None:
    assert place_of(name, Filing(), Path("nowhere")) == path


def test_a_long_name_is_cut_and_stays_its_own(tmp_path: Path) -> None:
    names = ["é" * 120, "é" * 119 + "a", "😀" * 120, "😀" * 119 + "a"]
    paths = [place_of(name, Filing(), tmp_path) for name in names]
    assert len(set(paths)) == 4
    assert all(len(path.encode()) <= 250 for path in paths)


def test_a_file_of_something_else_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "VIP.yaml").write_text("other: thing\n")
    assert place_of("VIP", Filing(), tmp_path) == "VIP (2).yaml"
    assert place_of("Rest", Filing(), tmp_path, ["rest.yaml"]) == "Rest (2).yaml"
    assert read_folder(tmp_path) == ()


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read_folder(tmp_path / "none") == ()
    assert read_state(tmp_path / "none") == ()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"segbench": "library folder", "format": 2}'])
def test_a_state_that_cannot_be_read_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / STATE).write_text(text)
    with pytest.raises(FormatError, match=STATE):
        read_state(tmp_path)


def test_a_file_that_is_wrong_and_a_name_used_twice_are_named(tmp_path: Path) -> None:
    write_changes(tmp_path, {"a/VIP.yaml": content(file()), "b/vip.yaml": content(file())}, (), [])
    with pytest.raises(FormatError, match=r"^b/vip\.yaml: a/VIP\.yaml has a segment of the same"):
        read_folder(tmp_path)
    (tmp_path / "b/vip.yaml").write_text("segbench: segment\nformat: 2\nname: x\ngroup: ?\n")
    with pytest.raises(FormatError, match=r"^b/vip\.yaml: "):
        read_folder(tmp_path)


def test_a_write_that_fails_leaves_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_changes(tmp_path, {"VIP.yaml": b"before"}, (), [synced()])

    def full(self: Path, data: bytes) -> int:
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_changes(tmp_path, {"VIP.yaml": b"after"}, (), [])
    monkeypatch.undo()
    assert (tmp_path / "VIP.yaml").read_bytes() == b"before"
    assert read_state(tmp_path) == (synced(),)
    assert sorted(path.name for path in tmp_path.iterdir()) == [STATE, "VIP.yaml"]
