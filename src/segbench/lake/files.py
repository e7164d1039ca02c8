"""The data files of a lake: how many there are, and which a compaction would write anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segbench.lake.lake import Lake

COMPACTED = ("contacts", "tags", "events")
DELETED_SHARE = 0.1
"""A file of which more rows than this share are deleted is written anew."""
LARGE = 512 * 1024 * 1024
"""Bytes from which on a file is large enough; DuckLake's own target."""

# The version of the columns that a file was written under: DuckLake merges only alike ones.
_FILES = """
SELECT t.table_name, f.file_size_bytes, f.record_count, coalesce(d.deleted, 0),
       (SELECT max(v.begin_snapshot) FROM {meta}.ducklake_schema_versions v
        WHERE v.table_id = f.table_id AND v.begin_snapshot <= f.begin_snapshot)
FROM {meta}.ducklake_data_file f
JOIN {meta}.ducklake_table t ON t.table_id = f.table_id AND t.end_snapshot IS NULL
LEFT JOIN (SELECT data_file_id, sum(delete_count) AS deleted FROM {meta}.ducklake_delete_file
           WHERE end_snapshot IS NULL GROUP BY data_file_id) d USING (data_file_id)
WHERE f.end_snapshot IS NULL
"""
_SORTED = """
SELECT t.table_name FROM {meta}.ducklake_sort_info s
JOIN {meta}.ducklake_table t ON t.table_id = s.table_id
WHERE t.end_snapshot IS NULL AND s.end_snapshot IS NULL
"""


@dataclass(frozen=True, slots=True)
class TableFiles:
    """The files of one table's newest snapshot.

    `worn` have many deleted rows, `small` could be merged with others of the same columns.
    """

    files: int = 0
    bytes: int = 0
    worn: int = 0
    small: int = 0


def table_files(lake: Lake) -> dict[str, TableFiles]:
    """The files of each table."""
    rows = lake.catalogue_rows(_FILES)
    return {table: _counted([row[1:] for row in rows if row[0] == table]) for table in COMPACTED}


def unsorted_tables(lake: Lake) -> list[str]:
    """The tables of which DuckLake does not know yet in which order their files are."""
    known = {row[0] for row in lake.catalogue_rows(_SORTED)}
    return [table for table in COMPACTED if table not in known]


def _counted(files: list[tuple[int, int, int, int | None]]) -> TableFiles:
    mergeable: dict[int | None, int] = {}
    for size, _, _, version in files:
        if size < LARGE:
            mergeable[version] = mergeable.get(version, 0) + 1
    return TableFiles(
        len(files),
        sum(size for size, *_ in files),
        sum(deleted > DELETED_SHARE * records for _, records, deleted, _ in files),
        sum(count for count in mergeable.values() if count > 1),
    )
