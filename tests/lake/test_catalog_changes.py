"""A catalogue that moves on with changed rows is the one that counts everything anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from segbench.lake.catalog import build_catalog
from segbench.lake.catalog_changes import move_on
from segbench.lake.difference import find_difference
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.model.catalog import Catalog

PEOPLE = pd.DataFrame(
    {
        "key": [f"c{n}" for n in range(40)],
        "country": ["DE", "AT", None, "US"] * 10,
        "score": [n if n % 3 else None for n in range(40)],
        "empty": pd.Series([None] * 40, dtype="string"),
    }
)
TAGS = pd.DataFrame({"key": ["c1", "c2", "c3"], "tag": ["vip", "vip", "trial"]})
TIMES = pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-03"])
EVENTS = pd.DataFrame(
    {"key": ["c1", "c1", "c2"], "event": ["a", "a", "b"], "at": TIMES, "how": ["x", "y", None]}
)


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    with Lake.create(tmp_path / "lake") as lake:
        bring(lake, tmp_path, contacts=PEOPLE, tags=TAGS, events=EVENTS)
        yield lake


def bring(lake: Lake, folder: Path, **frames: pd.DataFrame) -> None:
    paths = {name: folder / f"{name}.parquet" for name in frames}
    for name, frame in frames.items():
        frame.to_parquet(paths[name])
    import_files(lake, **paths)  # type: ignore[arg-type]


def moved(lake: Lake, folder: Path, **frames: pd.DataFrame) -> tuple[Catalog | None, Catalog]:
    """The catalogue moved on with what comes, and counted anew."""
    with lake.snapshot() as before:
        known = before.catalog()
        bring(lake, folder, **frames)
        with lake.snapshot() as after:
            difference = find_difference(lake, before.id, after)
            assert difference is not None
            return move_on(known, lake, before, after, difference), build_catalog(after)


@pytest.mark.parametrize(
    "frames",
    [
        {"contacts": pd.DataFrame({"key": ["c1", "c99"], "country": ["FR", "DE"]})},
        {"contacts": pd.DataFrame({"key": ["c0", "c1", "c3"], "country": [None, "US", "US"]})},
        {"contacts": pd.DataFrame({"key": ["c5"], "score": [99], "empty": ["not any more"]})},
        {"tags": pd.DataFrame({"key": ["c3", "c4"], "tag": ["vip", "new"]})},
        {"events": EVENTS.assign(at=TIMES + pd.Timedelta(hours=1), key=["c1", "c5", "c1"])},
        {"events": EVENTS.assign(at=TIMES + pd.Timedelta(hours=1), how=["z", "x", None])},
        {
            "contacts": pd.DataFrame({"key": ["n1"], "country": ["DE"]}),
            "tags": pd.DataFrame({"key": ["n1"], "tag": ["vip"]}),
            "events": pd.DataFrame({"key": ["n1"], "event": ["b"], "at": TIMES[:1]}),
        },
    ],
)
def test_changed_rows_are_enough(
    lake: Lake, tmp_path: Path, frames: dict[str, pd.DataFrame]
) -> None:
    found, anew = moved(lake, tmp_path, **frames)
    assert found == anew


@pytest.mark.parametrize(
    "frames",
    [
        {"contacts": pd.DataFrame({"key": ["c1"], "new_field": ["x"]})},
        {"events": EVENTS.assign(event="never before")},
        {"events": EVENTS.assign(event="b", how="z", at=TIMES + pd.Timedelta(days=1))},
    ],
)
def test_what_rows_alone_cannot_tell_is_counted_anew(
    lake: Lake, tmp_path: Path, frames: dict[str, pd.DataFrame]
) -> None:
    assert moved(lake, tmp_path, **frames)[0] is None
