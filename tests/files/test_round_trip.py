"""What is written reads as it was, in every format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from files.drawn import GIVEN, files
from segbench.errors import FormatError
from segbench.files import SegmentFile, read, read_text, write, written
from segbench.files.writing import plain, yaml_lines
from segbench.files.yaml_values import plain_scalar, yaml_document
from segbench.model.ask import tag
from segbench.model.codec import from_json, to_json
from segbench.model.rules import as_group
from segbench.model.segment import Segment

VIPS = SegmentFile(Segment("VIPs", as_group(tag("VIP"))))


@settings(max_examples=60)
@given(file=files, structure=st.booleans())
def test_a_yaml_file_reads_as_it_was_written(file: SegmentFile, structure: bool) -> None:
    text = written(file, "yaml", structure=structure)
    assert read_text(text, "yaml") == file
    assert read_text(text.encode(), "yaml") == file


@settings(max_examples=60)
@given(file=files)
def test_a_json_file_reads_as_it_was_written(file: SegmentFile) -> None:
    assert read_text(written(file, "json"), "json") == file


@settings(max_examples=40)
@given(file=files)
def test_a_text_reads_as_the_rules_that_were_written(file: SegmentFile) -> None:
    read_back = read_text(written(file, "text"), "text", file.segment.name)
    assert read_back.segment.group == file.segment.group


@settings(max_examples=30)
@given(file=files)
def test_json_is_yaml(file: SegmentFile) -> None:
    assert read_text(written(file, "json"), "yaml") == file


@given(
    entries=st.dictionaries(
        st.text(st.characters(exclude_categories=("Cs",)), max_size=9),
        GIVEN | st.lists(GIVEN, max_size=3),
        max_size=4,
    )
)
def test_yaml_says_any_values(entries: dict[str, Any]) -> None:
    values = {key: plain(tuple(v) if isinstance(v, list) else v) for key, v in entries.items()}
    assert yaml_document("\n".join(yaml_lines(values)) or "{}").value == values


@settings(max_examples=30)
@given(file=files)
def test_a_segment_as_the_codec_writes_it_is_a_segment_file(file: SegmentFile) -> None:
    assert read_text(to_json(file.segment), "json").segment == file.segment
    assert from_json(written(SegmentFile(file.segment), "json")) == file.segment


def test_for_git_the_rules_are_text() -> None:
    assert written(VIPS, "yaml") == (
        'segbench: segment\nformat: 2\nname: VIPs\ndescription: ""\ngroup: |\n  tag is "VIP"\n'
    )


@pytest.mark.parametrize("name", ["VIPs.json", "VIPs.yaml", "VIPs.yml", "VIPs.txt", "VIPs.segment"])
def test_the_end_of_the_name_says_the_format(name: str, tmp_path: Path) -> None:
    write(VIPS, tmp_path / name)
    assert read(tmp_path / name) == VIPS


def test_nothing_is_lost_in_a_text_file(tmp_path: Path) -> None:
    told = SegmentFile(Segment("VIPs", VIPS.segment.group, "The best."))
    with pytest.raises(FormatError, match="no room for the description and the name"):
        write(told, tmp_path / "other.txt")
    assert not (tmp_path / "other.txt").exists()


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_half_a_character_is_refused_before_it_is_written(kind: Any) -> None:
    for file in (
        SegmentFile(Segment("a", as_group(tag("\ud800")))),
        SegmentFile(Segment("a", as_group(tag("x")), "\udc00")),
    ):
        with pytest.raises(FormatError, match="half a character"):
            written(file, kind)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("2026-10-23", "2026-10-23"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("true", True),
        ("~", None),
        ("0x1F", 31),
        ("0o17", 15),
        ("1e3", 1000.0),
        ("-.5", -0.5),
    ],
)
def test_values_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    found = plain_scalar(text)
    assert (found, type(found)) == (value, type(value))
