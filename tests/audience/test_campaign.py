"""What a campaign may export, and under which folder name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbench.audience.campaign import (
    Confirmation,
    confirmation,
    export_folder_name,
    slug,
)
from segbench.errors import ExportError

NOW = dt.datetime(2026, 10, 23, 9, 30, 5, tzinfo=dt.UTC)


def promise(count: int) -> Confirmation:
    return confirmation(
        campaign="Spring",
        segment="VIP",
        sentence="Contacts where x.",
        count=count,
        members_sha256="ab",
        snapshot=2,
        as_of=NOW.replace(tzinfo=None),
    )


def test_the_confirm_step_says_who_goes_where() -> None:
    assert promise(2).question == "Export 2 contacts of “VIP” to the campaign “Spring”?"
    assert promise(12_345).question.startswith("Export 12,345 contacts of")
    assert promise(1).question.startswith("Export 1 contact of")


def test_a_segment_that_holds_nobody_is_not_exported() -> None:
    with pytest.raises(ExportError, match=r"^The segment 'VIP' has nobody to export\.$"):
        promise(0)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Spring Sale!", "spring-sale"),
        ("../../etc/passwd", "etc-passwd"),
        ("．．／x＼y", "x-y"),
        ("C:\\con", "c-con"),
        ("CON", "con"),
        ("😀 …", "campaign"),
        ("Été à Zürich", "été-à-zürich"),
        ("한국어 판매", "한국어-판매"),
        ("a\u202eb\u200bc\0d", "a-b-c-d"),
        ("x" * 500, "x" * 80),
        ("é" * 500, "é" * 40),
    ],
)
def test_a_slug_keeps_letters_and_nothing_else(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_a_folder_name_starts_with_the_time_in_utc() -> None:
    berlin = NOW.astimezone(dt.timezone(dt.timedelta(hours=2)))
    assert export_folder_name("Spring Sale", berlin, "ab12") == "20261023-093005-spring-sale-ab12"
    with pytest.raises(ValueError, match="Give an aware time"):
        export_folder_name("Spring", NOW.replace(tzinfo=None), "ab12")


@pytest.mark.parametrize("bad", ["", "../x", "a b", "-a", "a" * 65, "é", "a\n"])
def test_an_id_cannot_lead_elsewhere(bad: str) -> None:
    with pytest.raises(ExportError, match="cannot be the id of an export"):
        export_folder_name("Spring", NOW, bad)


@given(st.text(max_size=200))
def test_any_name_gives_one_safe_folder(name: str) -> None:
    folder = export_folder_name(name, NOW, "ab12")
    assert Path(folder).name == folder
    assert Path("exports", folder).parent == Path("exports")
    assert len(folder.encode()) <= 255
    assert folder.isprintable()
    assert not set(folder) & set('<>:"/\\|?*. ')
