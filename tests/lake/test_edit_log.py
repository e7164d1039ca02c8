"""Edits are on record in the lake, and can be taken back exactly."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from lake.conftest import make_batch
from lake.kills import content, copied, killed_after, moments
from segbench.errors import LakeError
from segbench.lake.chosen import Ordinals
from segbench.lake.deleting import delete_contacts
from segbench.lake.edit_log import By, edits_of, one_edit, read_edits, undone_by
from segbench.lake.editing import edit_contacts, edit_fields, edit_tags
from segbench.lake.lake import Lake
from segbench.lake.maintenance import maintain
from segbench.lake.retention import Retention
from segbench.lake.tables import Notes
from segbench.lake.undoing import undo_edit

NOW = dt.datetime(2026, 11, 3, 12, tzinfo=dt.UTC)
AT = NOW.replace(tzinfo=None)
ANA = By("Ana", "Contacts where n is at least 2.", '{"group": {}}')
KEYS = list("abcdefgh")
KILLS = 40 if os.environ.get("SEGBENCH_SOAK") else 4
VALUES: dict[str, list[Any]] = {
    "city": ["Bonn", "Köln", 'a"b\\c', "x\0y", None],
    "n": [0, -1, 2**62, None],
    "x": [0.1, 1e300, -0.0, None],
    "vip": [True, False, None],
    "born": [dt.date(1999, 12, 31), dt.date(1, 1, 1), None],
    "seen": [dt.datetime(2024, 5, 1, 3, 4, 5, 678901), None],
    "likes": [["a"], ['q"', "],", "ä"], None],
}


@pytest.fixture
def filled(lake: Lake) -> Lake:
    drawn = random.Random(3)
    types = {"city": pa.string(), "n": pa.int64(), "x": pa.float64(), "vip": pa.bool_()}
    types |= {"born": pa.date32(), "seen": pa.timestamp("us"), "likes": pa.list_(pa.string())}
    contacts: dict[str, Any] = {"key": KEYS}
    for name, values in VALUES.items():
        contacts[name] = pa.array([drawn.choice(values) for _ in KEYS], types[name])
    lake.load([make_batch(contacts, [("a", "x"), ("b", "x"), ("b", "y")])], Notes())
    return lake


def read(lake: Lake) -> dict[str, dict[str, Any]]:
    """Every contact's fields, and its tags with their times."""
    with lake.snapshot() as snapshot:
        names = [row[0] for row in snapshot.rows("DESCRIBE contacts")]
        rows = snapshot.rows("FROM contacts")
        tags = snapshot.rows('SELECT key, tag, t."at" FROM tags t JOIN contacts USING (ordinal)')
    found = {row[1]: dict(zip(names[2:], row[2:], strict=True)) for row in rows}
    for key, tag, at in tags:
        found[key][f"tag {tag}"] = at
    return found


def test_an_edit_is_on_record_with_who_when_what_and_how_many(filled: Lake) -> None:
    report = edit_contacts(
        filled, ["a", "b"], now=NOW, add=["vip"], remove=["y"], values={"n": 7}, by=ANA
    )
    with filled.snapshot() as snapshot:
        (edit,) = read_edits(snapshot)
        assert one_edit(snapshot, 1) == edit
        parts = [(part, name) for _, part, name in edits_of(snapshot, "b")]
    said = "tagged 2 contacts with vip; took y from 1 contact; set n to 7 for 2 contacts"
    assert (edit.id, edit.at, edit.author, edit.contacts) == (1, AT, "Ana", 2)
    assert (edit.said, edit.chosen, edit.rules) == (said, ANA.chosen, ANA.rules)
    assert (report.contacts, report.edit, edit.undoes) == (2, 1, None)
    assert parts == [("field", "n"), ("tag", "vip"), ("tag", "y")]


def test_an_edit_that_changes_nothing_leaves_no_record(filled: Lake) -> None:
    before = len(filled.snapshots())
    assert edit_tags(filled, ["a"], now=NOW, add=["x"]).edit is None
    assert len(filled.snapshots()) == before
    with filled.snapshot() as snapshot:
        assert read_edits(snapshot) == []
        assert undone_by(snapshot, [1]) == {}
        with pytest.raises(LakeError, match="no edit 1: no contact was ever edited"):
            one_edit(snapshot, 1)


def test_the_record_survives_a_maintenance_that_expires_everything(filled: Lake) -> None:
    before = read(filled)
    edit_contacts(filled, ["a", "b"], now=NOW, add=["vip"], values={"n": 7}, by=ANA)
    edit_tags(filled, ["c"], now=NOW, add=["later"])
    policy = Retention(all_days=1, daily_days=0, months=0, file_hours=0)
    done = maintain(filled, policy, now=dt.datetime.now(dt.UTC) + dt.timedelta(days=9))
    assert done.expired
    with filled.snapshot() as snapshot:
        assert [edit.author for edit in read_edits(snapshot)] == ["", "Ana"]
    undo_edit(filled, 1, now=NOW)
    undo_edit(filled, 2, now=NOW)
    assert read(filled) == before


def test_edits_and_undos_work_with_either_catalogue(catalogue: str | None, tmp_path: Path) -> None:
    with Lake.create(tmp_path / "own", catalogue=catalogue) as lake:
        lake.load([make_batch({"key": KEYS, "n": list(range(8))})], Notes())
        before = read(lake)
        edit_contacts(lake, ["a", "b"], now=NOW, add=["vip"], values={"n": 7}, by=ANA)
        assert undo_edit(lake, 1, now=NOW).contacts == 2
        assert read(lake) == before
        with lake.snapshot() as snapshot:
            assert [edit.undoes for edit in read_edits(snapshot)] == [1, None]


def test_a_new_load_keeps_the_record(filled: Lake) -> None:
    edit_tags(filled, ["a"], now=NOW, add=["vip"])
    filled.load([make_batch({"key": ["a", "z"]})], Notes())
    with filled.snapshot() as snapshot:
        assert [edit.id for edit in read_edits(snapshot)] == [1]


def test_contacts_are_chosen_by_ordinals_without_their_keys(filled: Lake) -> None:
    with filled.snapshot() as snapshot:
        everybody = Ordinals(snapshot.id, np.arange(len(KEYS)))
        none = Ordinals(snapshot.id, np.empty(0, np.int64))
    assert edit_contacts(filled, none, now=NOW, add=["z"]).contacts == 0
    assert edit_contacts(filled, everybody, now=NOW, add=["x"]).contacts == len(KEYS) - 2
    with pytest.raises(LakeError, match="changed since these contacts were chosen"):
        edit_contacts(filled, everybody, now=NOW, add=["z"])


def test_ordinals_of_a_snapshot_that_only_maintenance_followed_still_hold(filled: Lake) -> None:
    for tag in "pqrs":
        edit_tags(filled, ["a"], now=NOW, add=[tag])
    with filled.snapshot() as snapshot:
        first = Ordinals(snapshot.id, np.arange(3))
    before = len(filled.snapshots())
    maintain(filled, Retention(), now=dt.datetime.now(dt.UTC))
    assert len(filled.snapshots()) > before
    assert edit_contacts(filled, first, now=NOW, add=["z"]).contacts == 3


def test_an_undo_leaves_alone_what_was_changed_again_and_says_of_how_many(filled: Lake) -> None:
    before = read(filled)
    edit_contacts(filled, list("abcd"), now=NOW, add=["vip"], values={"n": 7})
    edit_fields(filled, ["a"], {"n": 8}, now=NOW)
    edit_tags(filled, ["b"], now=NOW, remove=["vip"])
    edit_tags(filled, ["b"], now=NOW + dt.timedelta(days=1), add=["vip"])
    delete_contacts(filled, ["d"])
    report = undo_edit(filled, 1, now=NOW, by=ANA)
    assert (report.contacts, report.left, report.edit) == (3, 3, 5)
    found = read(filled)
    assert found["c"] == before["c"]
    assert (found["a"]["n"], "tag vip" in found["a"]) == (8, False)
    assert (found["b"]["n"], found["b"]["tag vip"]) == (before["b"]["n"], AT + dt.timedelta(days=1))
    with filled.snapshot() as snapshot:
        edit = one_edit(snapshot, 5)
        assert undone_by(snapshot, [1, 2]) == {1: 5}
    assert (edit.undoes, edit.author) == (1, "Ana")
    assert edit.said.startswith("took edit 1 back for 3 contacts (tagged 4 contacts with vip")


def test_what_cannot_be_taken_back_says_why(filled: Lake) -> None:
    edit_fields(filled, ["a"], {"n": 7}, now=NOW)
    with pytest.raises(LakeError, match="no edit 9; there are 1 to 1"):
        undo_edit(filled, 9, now=NOW)
    edit_fields(filled, ["a"], {"n": 8}, now=NOW)
    with pytest.raises(LakeError, match="all of it was changed again since"):
        undo_edit(filled, 1, now=NOW)
    undo_edit(filled, 2, now=NOW)
    with pytest.raises(LakeError, match="taken back already, by edit 3"):
        undo_edit(filled, 2, now=NOW)


def test_a_field_that_is_gone_is_left_alone(filled: Lake) -> None:
    edit_contacts(filled, ["a"], now=NOW, add=["vip"], values={"n": 7})
    filled.write(lambda cursor: cursor.execute("ALTER TABLE lake.contacts DROP COLUMN n"), "drop")
    report = undo_edit(filled, 1, now=NOW)
    assert (report.contacts, report.left) == (1, 1)
    assert "tag vip" not in read(filled)["a"]


@dataclass
class Book:
    """The reference: contacts as dicts, and each edit as what was there before and after."""

    people: dict[str, dict[str, Any]]
    edits: list[dict[tuple[str, str], tuple[Any, Any]]] = field(default_factory=list)

    def write(self, changes: dict[tuple[str, str], Any]) -> int:
        """Write what differs, as an edit; how many contacts that changed."""
        done = {}
        for (key, name), new in changes.items():
            old = self.people[key].get(name, "absent")
            if not _same(old, new):
                done[key, name] = (old, new)
                if new == "absent":
                    del self.people[key][name]
                else:
                    self.people[key][name] = new
        if done:
            self.edits.append(done)
        return len({key for key, _ in done})

    def undo(self, number: int) -> int:
        """Put back what is still as the edit left it."""
        back = {}
        for (key, name), (old, new) in self.edits[number].items():
            if _same(self.people[key].get(name, "absent"), new):
                back[key, name] = old
        return self.write(back)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def test_any_edits_and_undos_leave_what_the_reference_has(filled: Lake) -> None:
    drawn, book, undone = random.Random(11), Book(read(filled)), 0
    for step in range(10):
        keys = drawn.sample(KEYS, drawn.randint(1, 5))
        now = NOW + dt.timedelta(hours=step)
        if book.edits and drawn.random() < 0.4:
            number = drawn.randrange(len(book.edits))
            wanted = book.undo(number)
            try:
                found = undo_edit(filled, number + 1, now=now).contacts
                undone += 1
            except LakeError:
                found = 0
        else:
            add, remove = drawn.sample(["x", "y", "new", "ä, b"], 2)
            name = drawn.choice(list(VALUES))
            value = drawn.choice(VALUES[name])
            at = now.replace(tzinfo=None)
            changes: dict[tuple[str, str], Any] = {}
            for key in keys:
                changes[key, f"tag {add}"] = book.people[key].get(f"tag {add}", at)
                changes[key, f"tag {remove}"] = "absent"
                changes[key, name] = value
            wanted = book.write(changes)
            given = {"add": [add], "remove": [remove], "values": {name: value}}
            found = edit_contacts(filled, keys, now=now, **given).contacts
        assert found == wanted
        assert read(filled) == book.people
    assert undone > 1


@dataclass(frozen=True)
class EditWork:
    """What a killed process does: tag everybody and set a field, or take that back."""

    undo: bool

    def do(self, lake: Lake) -> int | None:
        """Do it; returns the snapshot that it made."""
        if self.undo:
            return undo_edit(lake, 1, now=NOW).snapshot
        with lake.snapshot() as snapshot:
            everybody = Ordinals(snapshot.id, np.arange(snapshot.contacts))
        made = edit_contacts(lake, everybody, now=NOW, add=["vip"], values={"city": "Bonn"}, by=ANA)
        return made.snapshot


def record(lake: Lake) -> list[tuple[object, ...]]:
    """The record of edits, whole."""
    with lake.snapshot() as snapshot:
        if not read_edits(snapshot):
            return []
        changes = snapshot.rows("FROM edit_changes ORDER BY ALL")
        return [*snapshot.rows("SELECT id, contacts, undoes FROM edits ORDER BY id"), *changes]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("undo", [False, True])
def test_a_killed_edit_leaves_all_of_it_with_its_record_or_nothing(
    undo: bool, tmp_path: Path
) -> None:
    work, start = EditWork(undo), tmp_path / "start"
    keys = [f"k{number}" for number in range(1_000)]
    with Lake.create(start) as lake:
        lake.load([make_batch({"key": keys, "city": ["Köln"] * len(keys)})], Notes())
        if undo:
            EditWork(False).do(lake)
        old, written = content(lake), record(lake)
    whole = killed_after(work, copied(start, tmp_path / "whole"), None)
    with Lake.open(tmp_path / "whole") as lake:
        new, noted = content(lake), record(lake)
    assert new != old
    ends = set()
    for number, moment in enumerate(moments(7, KILLS // 2, whole)):
        folder = copied(start, tmp_path / f"killed-{number}")
        killed_after(work, folder, moment)
        with Lake.open(folder) as lake:
            done = record(lake) != written
            assert content(lake) == (new if done else old)
            assert record(lake) == (noted if done else written)
        ends.add(done)
        shutil.rmtree(folder)
    assert False in ends, "no process was killed before it had written"


def test_two_who_edit_at_once_both_end_on_record(filled: Lake) -> None:
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda tag: _tag_apart(filled.path, tag), ("one", "two")))
    with filled.snapshot() as snapshot:
        assert sorted(edit.said for edit in read_edits(snapshot)) == [
            "tagged 8 contacts with one",
            "tagged 8 contacts with two",
        ]
        assert sorted(edit.id for edit in read_edits(snapshot)) == [1, 2]


def _tag_apart(path: Path, tag: str) -> None:
    with Lake.open(path) as lake:
        for _ in range(50):
            try:
                edit_tags(lake, KEYS, now=NOW, add=[tag])
                return
            except LakeError as error:
                if "try again" not in str(error):
                    raise
