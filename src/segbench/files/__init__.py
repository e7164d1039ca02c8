"""Segment files: rules that live in git, as JSON, YAML or plain text, with tests of their own."""

from __future__ import annotations

from segbench.files.reading import read, read_text
from segbench.files.schema import schema
from segbench.files.segment_file import Kind, SegmentFile
from segbench.files.writing import write, written

__all__ = ["Kind", "SegmentFile", "read", "read_text", "schema", "write", "written"]
