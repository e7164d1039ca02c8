"""A process that is killed while it saves: what it was told is saved is there, once and whole."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import quote

import pytest

from library.stories import GERMAN, MONDAY, asking
from segbench.library.library import Library
from segbench.library.wanted import Wanted
from segbench.model.ask import tag
from segbench.model.filing import Filing
from segbench.model.rules import Group
from segbench.model.segment import Segment

KILLS = 60 if os.environ.get("SEGBENCH_SOAK") else 4
AT_ONCE = 3
"""Segments that are saved in one transaction."""
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["segbench.library.segments"])

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def names(at: int) -> list[str]:
    return [f"S{at}-{part}" for part in range(AT_ONCE)]


def keep_saving(place: str, password: str, told: Connection) -> None:
    """Save over and over, telling of each save once it is done: what is killed."""
    # The server of forks was started earlier, with the environment of then.
    os.environ["PGPASSWORD"] = password
    with Library.open(place) as library:
        for at in range(1_000_000):
            saved = library.segment("Base")
            segment = Segment("Base", Group(rules=(GERMAN, tag(f"t{at}"))), f"save {at}")
            library.save(
                segment, now=MONDAY, replace=True, seen=saved.revision, author="A", note=f"n{at}"
            )
            wanted = [Wanted(Segment(name, Group(rules=asking("Base")))) for name in names(at)]  # type: ignore[arg-type]
            library.apply(wanted, now=MONDAY)
            library.file("Base", Filing(f"Folder {at}"), MONDAY)
            told.send(at)


def killed(place: str, seconds: float) -> int:
    """The last save that the process told of before it was killed, so long after the first."""
    here, there = CONTEXT.Pipe()
    process = CONTEXT.Process(
        target=keep_saving, args=(place, os.environ.get("PGPASSWORD", ""), there)
    )
    process.start()
    there.close()
    last = here.recv()
    deadline = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
    while (left := (deadline - dt.datetime.now(dt.UTC)).total_seconds()) > 0 and here.poll(left):
        last = here.recv()
    process.kill()
    process.join()
    while here.poll():
        try:
            last = here.recv()
        except EOFError:
            break
    here.close()
    return int(last)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_killed_save_is_there_whole_or_not_at_all_and_never_twice(
    kind: str, request: pytest.FixtureRequest, path: Path
) -> None:
    drawn = random.Random(5)
    base = request.getfixturevalue("shared") if kind == "postgres" else ""
    for number in range(KILLS):
        place = f"{base}_{quote(str(number))}" if base else str(path.with_name(f"{number}.sqlite"))
        with Library.open(place) as library:
            library.save(Segment("Base", Group(rules=(GERMAN,))), now=MONDAY)
        last = killed(place, 0.4 * drawn.random())
        with Library.open(place) as library:
            check(library, last)
            # Whoever comes next goes on, and counts up from what is there.
            before = library.segment("Base").revision
            after = library.save(Segment("Base", Group()), now=MONDAY, replace=True)
            assert after.revision == before + 1


def check(library: Library, last: int) -> None:
    """All that was told is there; of what came after it at most one step more, and that whole."""
    versions = library.lineage("Base")
    assert [each.revision for each in versions] == list(range(1, len(versions) + 1))
    saves = [each for each in versions if each.note.startswith("n")]
    assert [each.note for each in saves] == [f"n{at}" for at in range(len(saves))]
    assert len(saves) in (last + 1, last + 2)
    for at, each in enumerate(saves):
        assert each.segment == Segment("Base", Group(rules=(GERMAN, tag(f"t{at}"))), f"save {at}")
    together = {saved.segment.name for saved in library.segments()} - {"Base"}
    steps = len(together) // AT_ONCE
    assert together == {name for at in range(steps) for name in names(at)}
    assert last + 1 <= steps <= len(saves)
    for name in together:
        assert len(library.lineage(name)) == 1
        assert library.users("Base").segments == tuple(sorted(together))
