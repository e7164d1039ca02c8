"""Frozen recipients: the cells, the files, the manifest, and what happens when something breaks."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from segbench.audience import whole_folder
from segbench.audience.csv_cells import FORMULA_STARTS
from segbench.audience.export import verify_export, write_export
from segbench.audience.formats.cleaning import NORMALISATION
from segbench.audience.manifest import Manifest, ManifestFacts
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.errors import ExportError
from segbench.model import codec
from segbench.model.rules import FieldRule, Group, SegmentRule
from segbench.model.segment import Segment

NOW = dt.datetime(2026, 10, 23, 9, 30, tzinfo=dt.UTC)
GERMANS = Segment("Germans", Group("and", (FieldRule("country", "is", ("DE",)),)))
VIP = Segment("VIP “ü”", Group("and", (SegmentRule("Germans"),)), "the best")
FACTS = ManifestFacts(
    campaign="Spring",
    segment=VIP,
    sentence="Contacts where is in “Germans”.",
    snapshot_id=7,
    snapshot_time=dt.datetime(2026, 10, 23, 8, 0),
    as_of=NOW.astimezone(dt.timezone(dt.timedelta(hours=2))),
    time_zone="Europe/Berlin",
    matching=90,
    created=NOW,
    refers_to=(GERMANS,),
)


@dataclass
class Rows:
    """An engine that only gives rows, and may break after some."""

    table: pa.Table
    batch: int = 3
    breaks_after: int | None = None
    error: BaseException | None = None

    def rows(self, _members: Membership, columns: Sequence[str]) -> pa.RecordBatchReader:
        chosen = self.table.select(list(columns))
        return pa.RecordBatchReader.from_batches(chosen.schema, self._batches(chosen))

    def _batches(self, table: pa.Table) -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(table.to_batches(self.batch)):
            if number == self.breaks_after and self.error is not None:
                raise self.error
            yield batch


def export(folder: Path, engine: Rows, members: int | None = None, **more: Any) -> Manifest:
    count = len(engine.table) if members is None else members
    return write_export(
        folder=folder,
        engine=engine,
        members=Membership.of(range(count), 100_000),
        columns=more.pop("columns", engine.table.column_names),
        manifest_facts=FACTS,
        **more,
    )


def read_csv(folder: Path) -> list[list[str]]:
    csv.field_size_limit(1 << 30)
    with (folder / "recipients.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def texts(*values: str | None) -> Rows:
    return Rows(pa.table({"key": [str(n) for n in range(len(values))], "name": values}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "exports" / "spring"


def nothing_left(folder: Path) -> bool:
    return not folder.parent.exists() or list(folder.parent.iterdir()) == []


def test_every_type_is_written_as_the_docstring_says(folder: Path) -> None:
    table = pa.table(
        {
            "key": ["a", "b", "c"],
            "whole": pa.array([-5, None, 2**53], pa.int64()),
            "real": pa.array([0.1, -2.5, None]),
            "yes": [True, False, None],
            "day": [dt.date(2026, 10, 23), None, dt.date(1, 1, 1)],
            "time": pa.array(
                [dt.datetime(2026, 10, 23, 9, 30), dt.datetime(1969, 1, 1, 0, 0, 0, 1500), None],
                pa.timestamp("us"),
            ),
            "kind": pa.array(["x", None, "=y"]).dictionary_encode(),
        }
    )
    export(folder, Rows(table))
    assert (folder / "recipients.csv").read_bytes() == (
        b'"key","whole","real","yes","day","time","kind"\r\n'
        b'"a",-5,0.1,true,2026-10-23,"2026-10-23T09:30:00Z","x"\r\n'
        b'"b",,-2.5,false,,"1969-01-01T00:00:00.001500Z",\r\n'
        b'"c",9007199254740992,,,0001-01-01,,"\'=y"\r\n'
    )


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_every_kind_of_text_is_neutralised(folder: Path, kind: pa.DataType) -> None:
    manifest = export(folder, Rows(pa.table({"a": pa.array(["=1", "b", None], kind)})))
    assert read_csv(folder) == [["a"], ["'=1"], ["b"], [""]]
    assert manifest.neutralised == 1


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_text_that_starts_like_a_formula_gets_an_apostrophe(folder: Path, start: str) -> None:
    manifest = export(folder, texts(start + "1+1", start, "a" + start, "", "'" + start, None))
    names = [row[1] for row in read_csv(folder)[1:]]
    assert names == [f"'{start}1+1", f"'{start}", f"a{start}", "", f"'{start}", ""]
    assert manifest.neutralised == 2


def test_telephone_numbers_are_text_and_numbers_are_not(folder: Path) -> None:
    table = pa.table({"phone": ["+49 30 1234", "030"], "change": [-5, 5], "share": [-0.5, 0.5]})
    assert export(folder, Rows(table)).neutralised == 1
    assert read_csv(folder)[1:] == [["'+49 30 1234", "-5", "-0.5"], ["030", "5", "0.5"]]


def test_headers_are_neutralised_too_and_counted(folder: Path) -> None:
    table = pa.table({"=cmd|' /C calc'!A0": ["x"], 'a "b", c\r\n': ["y"]})
    assert export(folder, Rows(table)).neutralised == 1
    assert read_csv(folder) == [["'=cmd|' /C calc'!A0", 'a "b", c\r\n'], ["x", "y"]]
    assert parquet.read_table(folder / "recipients.parquet").column_names == table.column_names


HOSTILE = (
    'say "hi"',
    "a,b;c",
    "line\nbreak\r\nand\rreturn",
    "nul\0inside",
    "\u202eright to left\u202c",
    "😀👩‍👩‍👧‍👦",
    "<script>alert(1)</script>",
    "'; DROP TABLE contacts; --",
    "\ufeffmark",
    "x" * 5_000_000,
    '"',
    "\\",
)


def test_hostile_cells_come_back_as_they_were(folder: Path) -> None:
    manifest = export(folder, texts(*HOSTILE))
    assert [row[1] for row in read_csv(folder)[1:]] == list(HOSTILE)
    assert verify_export(folder, manifest.sha256) == ()


def expected_cell(value: str | None) -> str:
    text = value or ""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


CELLS = st.none() | st.text(
    st.characters(codec="utf-8") | st.sampled_from("=+-@\t\r\n\0\",'＝"), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS), max_size=12),
    header=st.text(st.characters(codec="utf-8"), max_size=6),
)
def test_any_text_survives_both_files(
    rows: list[tuple[str | None, str | None]], header: str
) -> None:
    names = [f"{header}1", "b"]
    columns = [pa.array([row[index] for row in rows], pa.string()) for index in (0, 1)]
    table = pa.table(columns, names=names)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "x"
        manifest = export(folder, Rows(table))
        cells = [[expected_cell(value) for value in row] for row in rows]
        assert read_csv(folder) == [[expected_cell(name) for name in names], *cells]
        written = parquet.read_table(folder / "recipients.parquet")
        assert written.to_pydict() == table.to_pydict()
        changed = sum(cell.startswith("'") for row in cells for cell in row) - sum(
            (value or "").startswith("'") for row in rows for value in row
        )
        assert manifest.neutralised == changed + names[0].startswith(FORMULA_STARTS)
        assert verify_export(folder, manifest.sha256) == ()


def test_parquet_keeps_types_and_values_untouched(folder: Path) -> None:
    table = pa.table(
        {
            "name": ["=1+1", None, "+49"],
            "time": pa.array([NOW.replace(tzinfo=None), None, None], pa.timestamp("us")),
            "yes": [True, None, False],
            "n": [1, 2, 3],
        }
    )
    export(folder, Rows(table, batch=2))
    written = parquet.read_table(folder / "recipients.parquet")
    assert written.equals(table)


def test_a_lone_missing_cell_is_still_a_row(folder: Path) -> None:
    export(folder, texts("a", None, "b"), columns=["name"])
    assert read_csv(folder) == [["name"], ["a"], [""], ["b"]]
    assert verify_export(folder) == ()


def test_a_lone_column_of_numbers_with_gaps_has_all_its_rows(folder: Path) -> None:
    export(folder, Rows(pa.table({"n": pa.array([1, None, 3, None], pa.int64())})))
    assert verify_export(folder) == ()


def test_columns_are_written_in_the_order_asked(folder: Path) -> None:
    manifest = export(folder, texts("a", "b"), columns=["name", "key"])
    assert read_csv(folder)[0] == ["name", "key"]
    assert manifest.columns == ("name", "key")


def test_nobody_gives_files_with_a_header_only(folder: Path) -> None:
    table = pa.table({"key": pa.array([], pa.string()), "n": pa.array([], pa.int64())})
    manifest = export(folder, Rows(table))
    assert read_csv(folder) == [["key", "n"]]
    assert manifest.exported == 0
    assert verify_export(folder) == ()


def counted(name: str, rows: int, neutralised: int = 0) -> dict[str, Any]:
    nothing: dict[str, dict[str, int]] = {"left_out": {}, "blank": {}, "cut": {}}
    return {"name": name, "rows": rows, "neutralised": neutralised, **nothing}


def test_the_manifest_says_what_was_asked_of_which_data(folder: Path) -> None:
    manifest = export(folder, texts("a", "=b"))
    raw = (folder / "manifest.json").read_bytes()
    data = json.loads(raw)
    files = data.pop("files")
    assert data == {
        "segbench": "export",
        "format": 2,
        "version": data["version"],
        "created": "2026-10-23T09:30:00Z",
        "campaign": "Spring",
        "segment": {
            "name": "VIP “ü”",
            "description": "the best",
            "sentence": "Contacts where is in “Germans”.",
            "rules": codec.to_data(VIP.group),
            "rules_format": 2,
            "rules_sha256": codec.fingerprint(VIP.group),
        },
        "refers_to": [
            {
                "name": "Germans",
                "description": "",
                "rules": codec.to_data(GERMANS.group),
                "rules_format": 2,
                "rules_sha256": codec.fingerprint(GERMANS.group),
            }
        ],
        "snapshot": {"id": 7, "time": "2026-10-23T08:00:00Z"},
        "as_of": "2026-10-23T09:30:00Z",
        "time_zone": "Europe/Berlin",
        "counts": {"contacts": 100_000, "matching": 90, "exported": 2},
        "columns": ["key", "name"],
        "personal_columns": ["name"],
        "roles": {},
        "phone_region": "",
        "shard_rows": None,
        "neutralised_cells": 1,
        "formats": [
            counted("csv", rows=2, neutralised=1),
            counted("parquet", rows=2),
        ],
        "normalisation": {"version": NORMALISATION, "phonenumbers": version("phonenumbers")},
        "written_with": {"pyarrow": version("pyarrow"), "xlsxwriter": version("xlsxwriter")},
        "ladder": None,
        "split": None,
        "recipe": None,
        "settings": None,
    }
    for file in files:
        content = (folder / file["name"]).read_bytes()
        assert file["bytes"] == len(content)
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["rows"] == 2
    assert [file["name"] for file in files] == ["recipients.csv", "recipients.parquet"]
    assert [file["format"] for file in files] == ["csv", "parquet"]
    assert manifest.sha256 == hashlib.sha256(raw).hexdigest()
    assert manifest.rules_sha256 == codec.fingerprint(VIP.group)
    sorted_again = json.dumps(json.loads(raw), indent=2, sort_keys=True, ensure_ascii=False)
    assert raw.decode() == sorted_again + "\n"


def test_equal_exports_have_equal_manifests(tmp_path: Path) -> None:
    engine = texts("a", "b")
    assert export(tmp_path / "1", engine).text == export(tmp_path / "2", engine).text


def test_progress_counts_up_to_the_whole(folder: Path) -> None:
    seen: list[int] = []
    export(folder, texts(*"abcdefgh"), progress=seen.append)
    assert seen == [3, 6, 8]


@pytest.mark.parametrize("error", [RuntimeError("gone"), KeyboardInterrupt()])
def test_an_engine_that_breaks_in_the_middle_leaves_nothing(
    folder: Path, error: BaseException
) -> None:
    engine = replace(texts(*"abcdefgh"), breaks_after=2, error=error)
    with pytest.raises(type(error)):
        export(folder, engine)
    assert nothing_left(folder)


def test_a_full_disk_leaves_nothing_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_folder.os, "fsync", full)
    with pytest.raises(ExportError, match=r"cannot be written: .*No space left on device"):
        export(folder, texts("a"))
    assert nothing_left(folder)


def test_a_killed_export_leaves_nothing_that_looks_whole(folder: Path) -> None:
    code = f"""
import os, sys
from pathlib import Path
import pyarrow as pa
from audience.test_export import Rows, export, texts
export(Path({str(folder)!r}), texts(*"abcdefgh"), progress=lambda n: n > 5 and os._exit(9))
"""
    tests = Path(__file__).parents[1]
    killed = subprocess.run([sys.executable, "-c", code], cwd=tests, check=False)
    assert killed.returncode == 9
    assert not folder.exists()
    (left,) = folder.parent.iterdir()
    assert left.name.startswith(".segbench-")
    assert verify_export(left) == ("manifest.json is missing.",)
    assert verify_export(export(folder, texts("a")) and folder) == ()


@pytest.mark.parametrize(
    ("members", "words"),
    [(3, "more than 3 rows for 3"), (4, "more than 4 rows for 4"), (9, "5 rows for 9")],
)
def test_rows_that_are_not_as_many_as_the_members_are_refused(
    folder: Path, members: int, words: str
) -> None:
    with pytest.raises(ExportError, match=f"The data gave {words} contacts; nothing was exported"):
        export(folder, texts(*"abcde"), members)
    assert nothing_left(folder)


def a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def a_file(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("mine")


def a_broken_link(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.symlink_to("nowhere")


@pytest.mark.parametrize("there", [a_folder, a_file, a_broken_link])
def test_what_exists_is_never_written_over(folder: Path, there: Callable[[Path], None]) -> None:
    there(folder)
    with pytest.raises(ExportError, match="exists already; an export is never written over"):
        export(folder, texts("a"))
    assert list(folder.parent.iterdir()) == [folder]


def test_a_folder_that_appears_meanwhile_is_not_written_over(folder: Path) -> None:
    def intrude(_rows: int) -> None:
        folder.mkdir()
        (folder / "mine").write_text("mine")

    with pytest.raises(ExportError, match="exists already"):
        export(folder, texts("a"), progress=intrude)
    assert [path.name for path in folder.iterdir()] == ["mine"]
    assert list(folder.parent.iterdir()) == [folder]


def test_a_parent_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ExportError, match="cannot be written"):
        export(tmp_path / "file" / "x", texts("a"))


def test_columns_must_be_chosen_once_and_be_what_the_engine_gives(folder: Path) -> None:
    with pytest.raises(ExportError, match=r"^Choose at least one column to export\.$"):
        export(folder, texts("a"), columns=[])
    with pytest.raises(ExportError, match=r"^The column 'key' is chosen twice\.$"):
        export(folder, texts("a"), columns=["key", "name", "key"])

    class Liar(Rows):
        def rows(self, members: Membership, _columns: Sequence[str]) -> pa.RecordBatchReader:
            return super().rows(members, ["name", "key"])

    with pytest.raises(ExportError, match="The data has the columns"):
        export(folder, Liar(texts("a").table), columns=["key", "name"])
    assert nothing_left(folder)


def test_a_column_that_no_cell_can_hold_is_named(folder: Path) -> None:
    with pytest.raises(ExportError, match=r"^Column 'tags' has type list<.*, which a CSV cell"):
        export(folder, Rows(pa.table({"tags": [[1], [2]]})))
    assert nothing_left(folder)


def test_batches_are_streamed_in_bounded_memory(folder: Path) -> None:
    batch = pa.record_batch({"key": ["x" * 1000] * 10_000})
    alive: list[int] = []

    class Many:
        def rows(self, _members: Membership, _columns: Sequence[str]) -> pa.RecordBatchReader:
            def batches() -> Iterator[pa.RecordBatch]:
                for _ in range(10):
                    alive.append(pa.total_allocated_bytes())
                    yield batch

            return pa.RecordBatchReader.from_batches(batch.schema, batches())

    write_export(
        folder=folder,
        engine=Many(),
        members=Membership.everyone(100_000),
        columns=["key"],
        manifest_facts=FACTS,
    )
    assert (folder / "recipients.csv").stat().st_size > 100_000_000
    assert max(alive) - alive[0] < 3 * batch.nbytes


def test_the_rows_of_a_lake_are_exported_in_their_order(
    folder: Path, local_engine: LocalEngine
) -> None:
    names = list(local_engine.snapshot.field_types())
    members = Membership.of(range(1, local_engine.contacts, 2), local_engine.contacts)
    manifest = write_export(
        folder=folder,
        engine=local_engine,
        members=members,
        columns=names,
        manifest_facts=FACTS,
    )
    written = parquet.read_table(folder / "recipients.parquet")
    assert written.equals(local_engine.rows(members, names).read_all())
    assert len(read_csv(folder)) == manifest.exported + 1 == len(members) + 1
    assert verify_export(folder, manifest.sha256) == ()


def tamper(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


def test_a_changed_cell_is_found(folder: Path) -> None:
    export(folder, texts("anna", "bert"))
    tamper(folder / "recipients.csv", b"anna", b"emma")
    assert verify_export(folder) == (
        "recipients.csv was changed: its SHA-256 is not that of the manifest.",
    )


def test_a_missing_and_a_shortened_file_are_found(folder: Path) -> None:
    export(folder, texts("anna", "bert"))
    (folder / "recipients.parquet").unlink()
    tamper(folder / "recipients.csv", b'"1","bert"\r\n', b"")
    assert verify_export(folder) == (
        "recipients.csv has 26 bytes, not the 38 of the manifest.",
        "recipients.parquet is missing.",
    )


def test_a_changed_manifest_is_found(folder: Path) -> None:
    manifest = export(folder, texts("anna", "bert"))
    tamper(folder / "manifest.json", b'"DE"', b'"FR"')
    assert verify_export(folder) == (
        "manifest.json was changed: the rules of 'Germans' do not have their SHA-256.",
    )
    assert verify_export(folder, manifest.sha256)[0] == (
        "manifest.json is not the one that was recorded."
    )


def test_counts_that_do_not_fit_the_rows_are_found(folder: Path) -> None:
    export(folder, texts("anna", "bert"))
    tamper(folder / "manifest.json", b'"exported": 2', b'"exported": 3')
    assert verify_export(folder) == tuple(
        f"The format '{name}' has 2 rows and 0 left out; the manifest says 3 were exported."
        for name in ("csv", "parquet")
    )


def as_format_1(folder: Path) -> None:
    """Rewrite the manifest as the first version of segbench wrote it."""
    data = json.loads((folder / "manifest.json").read_bytes())
    old = ("segbench", "version", "created", "campaign", "segment", "refers_to", "snapshot")
    old += ("as_of", "time_zone", "counts", "columns", "neutralised_cells")
    files = [{key: file[key] for key in file if key != "format"} for file in data["files"]]
    kept = {key: data[key] for key in old} | {"format": 1, "files": files}
    (folder / "manifest.json").write_text(json.dumps(kept))


def test_a_manifest_of_the_first_format_is_still_verified(folder: Path) -> None:
    export(folder, texts("anna", "bert"))
    as_format_1(folder)
    assert verify_export(folder) == ()
    tamper(folder / "manifest.json", b'"exported": 2', b'"exported": 3')
    assert verify_export(folder) == (
        "recipients.csv has 2 rows; the manifest says 3 were exported.",
        "recipients.parquet has 2 rows; the manifest says 3 were exported.",
    )


def test_a_manifest_cannot_name_a_file_elsewhere(folder: Path) -> None:
    manifest = export(folder, texts("anna"))
    (folder.parent / "other.csv").write_text("x")
    data = json.loads(manifest.text)
    data["files"][0]["name"] = "../other.csv"
    (folder / "manifest.json").write_text(json.dumps(data))
    assert "../other.csv is missing." in verify_export(folder)


def test_a_file_whose_checksum_was_forged_is_still_read(folder: Path) -> None:
    manifest = export(folder, texts("anna"))
    (folder / "recipients.parquet").write_bytes(b"no parquet")
    entry = manifest.files[1]
    data = json.loads(manifest.text)
    data["files"][1] |= {"bytes": 10, "sha256": hashlib.sha256(b"no parquet").hexdigest()}
    (folder / "manifest.json").write_text(json.dumps(data))
    (problem,) = verify_export(folder)
    assert problem.startswith(f"{entry.name} cannot be read: ")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{", "manifest.json cannot be read: "),
        (b"\xff", "manifest.json cannot be read: "),
        (b"[" * 100_000, "manifest.json cannot be read: "),
        (b"[]", "manifest.json is no manifest of an export"),
        (
            b'{"segbench": "export", "format": 3}',
            "manifest.json has format 3; 1 and 2 are readable.",
        ),
        (b'{"segbench": "export", "format": 1}', "manifest.json is not whole: "),
        (
            b'{"segbench": "export", "format": 1, "counts": {}, "segment": {}, "files": [1], '
            b'"refers_to": []}',
            "manifest.json is not whole: ",
        ),
    ],
)
def test_a_manifest_that_cannot_be_read_is_one_problem(
    folder: Path, content: bytes, problem: str
) -> None:
    export(folder, texts("a"))
    (folder / "manifest.json").write_bytes(content)
    (found,) = verify_export(folder)
    assert found.startswith(problem)


def test_a_folder_that_is_no_export_says_so(tmp_path: Path) -> None:
    assert verify_export(tmp_path) == ("manifest.json is missing.",)
    assert verify_export(tmp_path / "gone") == ("manifest.json is missing.",)


def test_a_manifest_that_lists_no_files_is_found(folder: Path) -> None:
    manifest = export(folder, texts("a"))
    data = json.loads(manifest.text) | {"files": []}
    (folder / "manifest.json").write_text(json.dumps(data))
    assert verify_export(folder) == (
        "manifest.json lists no file of the format 'csv'.",
        "manifest.json lists no file of the format 'parquet'.",
    )
    as_format_1(folder)
    assert verify_export(folder) == (
        "manifest.json does not list recipients.csv.",
        "manifest.json does not list recipients.parquet.",
    )
