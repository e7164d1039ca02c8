"""Formats that hold every chosen field, files in parts, and which fields are chosen."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from audience.rows import written
from segbench.audience.export import ExportOptions, verify_export
from segbench.audience.formats import excel
from segbench.audience.formats.phones import e164
from segbench.audience.formats.picking import pick_columns
from segbench.audience.formats.registry import FORMATS
from segbench.audience.formats.roles import guess_roles, is_personal, settled_roles
from segbench.errors import ExportError

COLUMNS = {
    "key": ["a", "=b", "c"],
    "name": ["<b>&", "=1+1", "https://x.example"],
    "n": pa.array([1, 2**60, None], pa.int64()),
    "real": [0.5, float("nan"), -1.0],
    "yes": [True, None, False],
    "day": [dt.date(2026, 10, 23), dt.date(1850, 1, 1), None],
    "at": pa.array([dt.datetime(2026, 10, 23, 9, 30), None, None], pa.timestamp("us")),
    "likes": [["a", "b"], None, ["c"]],
}


def sheet(path: Path, number: int = 1) -> list[list[tuple[str, str]]]:
    """The cells of a sheet: their types (`inlineStr`, `n`, `b`) and what they hold."""
    with zipfile.ZipFile(path) as book:
        text = book.read(f"xl/worksheets/sheet{number}.xml").decode()
    assert "<f>" not in text
    rows = []
    for row in re.findall(r"<row [^>]*?(?:/>|>(.*?)</row>)", text, re.DOTALL):
        cells = re.findall(r"<c ([^>]*)>(?:<is><t[^>]*>(.*?)</t></is>|<v>(.*?)</v>)</c>", row)
        rows.append(
            [
                (kind[1] if (kind := re.search(r't="(\w+)"', head)) else "n", inline or value)
                for head, inline, value in cells
            ]
        )
    return rows


def test_excel_writes_text_as_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    found = written(tmp_path / "x", COLUMNS, "xlsx")
    header, first, second, third = sheet(found.folder / "recipients.xlsx")
    assert [value for _, value in header] == list(COLUMNS)
    assert first[:2] == [("inlineStr", "a"), ("inlineStr", "&lt;b&gt;&amp;")]
    assert first[2:5] == [("n", "1"), ("n", "0.5"), ("b", "1")]
    # Days and times are numbers to Excel, shown as dates; those before 1900 are text.
    assert first[5:] == [("n", "46318"), ("n", "46318.39583333334"), ("inlineStr", "a;b")]
    assert second == [
        ("inlineStr", "=b"),
        ("inlineStr", "=1+1"),
        ("inlineStr", str(2**60)),
        ("inlineStr", "nan"),
        ("inlineStr", "1850-01-01"),
    ]
    assert third[1] == ("inlineStr", "https://x.example")
    assert verify_export(found.folder, found.manifest.sha256) == ()


def test_excel_goes_on_in_another_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert excel.SHEET_ROWS == 1_048_576
    monkeypatch.setattr(excel, "SHEET_ROWS", 3)
    found = written(tmp_path / "x", {"n": list(range(5))}, "xlsx")
    path = found.folder / "recipients.xlsx"
    assert [row[0][1] for row in sheet(path, 1)] == ["n", "0", "1"]
    assert [row[0][1] for row in sheet(path, 3)] == ["n", "4"]
    assert verify_export(found.folder) == ()


def test_excel_cells_are_cut_to_what_excel_holds(tmp_path: Path) -> None:
    found = written(tmp_path / "x", {"a": ["😀" * 20_000]}, "xlsx")
    ((_, cell),) = sheet(found.folder / "recipients.xlsx")[1]
    assert cell == "😀" * 16_383
    assert found.counted("xlsx").cut == {"text of more than 32,767 characters": 1}


def test_equal_rows_make_equal_files_whatever_batches_they_come_in(tmp_path: Path) -> None:
    one = written(tmp_path / "1", COLUMNS, *("csv", "parquet", "xlsx"), batch=1)
    other = written(tmp_path / "2", COLUMNS, *("csv", "parquet", "xlsx"), batch=3)
    assert one.manifest.text == other.manifest.text


@pytest.mark.parametrize("name", ["csv", "parquet", "xlsx", "mailchimp"])
def test_no_file_has_more_rows_than_a_shard(tmp_path: Path, name: str) -> None:
    people = {"email": [f"{n}@b.co" for n in range(7)]}
    found = written(tmp_path / "x", people, name, shard_rows=3, batch=5)
    stem = "recipients" if name in ("csv", "parquet", "xlsx") else name
    suffix = name if stem == "recipients" else "csv"
    assert found.files == {f"{stem}-0000{n}.{suffix}": rows for n, rows in ((1, 3), (2, 3), (3, 1))}
    assert verify_export(found.folder) == ()


def test_one_shard_has_no_number(tmp_path: Path) -> None:
    assert written(tmp_path / "x", {"a": [1, 2]}, "csv", shard_rows=2).files == {
        "recipients.csv": 2
    }


def test_the_shards_together_hold_every_recipient_in_order(tmp_path: Path) -> None:
    found = written(tmp_path / "x", {"n": list(range(100))}, "parquet", shard_rows=7, batch=9)
    tables = [parquet.read_table(found.folder / name) for name in found.files]
    assert pa.concat_tables(tables)["n"].to_pylist() == list(range(100))


def test_a_missing_shard_is_found(tmp_path: Path) -> None:
    found = written(tmp_path / "x", {"n": [1, 2, 3]}, "csv", shard_rows=1)
    (found.folder / "recipients-00002.csv").unlink()
    assert verify_export(found.folder) == ("recipients-00002.csv is missing.",)


@pytest.mark.parametrize(
    ("formats", "options", "why"),
    [
        ((), {}, "Choose at least one format"),
        (("cvs",), {}, "There is no format 'cvs'; did you mean 'csv'"),
        (("csv", "csv"), {}, "The format 'csv' is chosen twice"),
        (("csv",), {"shard_rows": 0}, "A file needs at least 1 row"),
        (("csv",), {"region": "Germany"}, "'Germany' is no region: write its ISO 3166-1 code"),
        (("mailchimp",), {"roles": {"mail": ["a"]}}, "There is no role 'mail'"),
        (("mailchimp",), {"roles": {"email": ["x"]}}, "x"),
        (("mailchimp",), {"roles": {"email": ["a"] * 4}}, "at most 3 fields, not 4"),
    ],
)
def test_options_that_cannot_be_are_refused_before_anything_is_written(
    formats: tuple[str, ...], options: Any, why: str, tmp_path: Path
) -> None:
    with pytest.raises((ExportError, KeyError), match=why):
        written(tmp_path / "x", {"a": ["a@b.co"]}, *formats, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "column",
    [
        "email",
        "Email Address",
        "workEmail",
        "phone2",
        "mobile",
        "last_name",
        "dateOfBirth",
        "billing_address",
        "zip",
        "name",
        "full_name",
        "ip_address",
        "home-phone",
    ],
)
def test_a_field_that_tells_who_somebody_is_is_personal(column: str) -> None:
    assert is_personal(column)


@pytest.mark.parametrize(
    "column",
    [
        "key",
        "email_status",
        "email_consent",
        "phone_verified",
        "company_name",
        "plan_name",
        "country",
        "city",
        "lead_score",
        "last_order_at",
        "time_zone",
        "street_team_mail",
    ],
)
def test_a_field_about_something_else_is_not_personal(column: str) -> None:
    assert not is_personal(column)


def test_roles_are_guessed_from_names_and_may_be_said(tmp_path: Path) -> None:
    columns = ("E-Mail", "Vorname", "givenName", "Zip Code", "mobile_phone", "email")
    assert guess_roles(columns) == {
        "email": ("E-Mail",),
        "first_name": ("givenName",),
        "postal_code": ("Zip Code",),
        "phone": ("mobile_phone",),
    }
    said = settled_roles(columns, {"first_name": ["Vorname"], "phone": [], "email": ["email"]})
    assert said == {"email": ("email",), "first_name": ("Vorname",), "postal_code": ("Zip Code",)}


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("+49 (0)30 123456", "", "+4930123456"),
        ("030 123456", "DE", "+4930123456"),
        ("0044 20 7946 0958", "US", "+442079460958"),
        ("011 44 20 7946 0958", "US", "+442079460958"),
        ("06 698 12345", "IT", "+390669812345"),
        ("(800)555-0100 x5", "US", "+18005550100"),
        ("call me", "US", None),
        ("", "US", None),
        ("030 123456", "", None),
        ("+49 1", "", None),
    ],
)
def test_phone_numbers_come_out_in_e164_or_not_at_all(
    text: str, region: str, number: str | None
) -> None:
    assert e164(text, region) == number


THERE = ("key", "email", "first_name", "country", "zip", "score")


def test_personal_fields_come_only_when_they_are_asked_for() -> None:
    usual = pick_columns(THERE, None, ExportOptions(), personal=False)
    assert usual.columns == ("key", "country", "score")
    assert usual.left_out == ("email", "first_name", "zip")
    everything = pick_columns(THERE, None, ExportOptions(), personal=True)
    assert (everything.columns, everything.left_out) == (THERE, ())
    by_name = pick_columns(THERE, ["email", "score"], ExportOptions(), personal=False)
    assert (by_name.columns, by_name.left_out) == (("email", "score"), ())


def test_a_ready_made_format_asks_for_what_it_writes() -> None:
    picked = pick_columns(THERE, None, ExportOptions(("mailchimp",)), personal=False)
    assert picked.columns == ("key", "country", "score")
    assert picked.options.roles["email"] == ("email",)
    assert picked.options.roles["postal_code"] == ("zip",)
    assert picked.options.roles["phone"] == ()


def test_a_hashed_list_reads_nothing_else() -> None:
    picked = pick_columns(THERE, None, ExportOptions(("meta",)), personal=False)
    assert picked.columns == ("key",)


def test_a_choice_of_columns_is_a_choice_against_the_others(tmp_path: Path) -> None:
    people = {"key": ["a"], "email": ["a@b.co"], "first_name": ["Ann"]}
    roles = {"email": ["email"]}
    found = written(tmp_path / "x", people, "csv", "mailchimp", chosen=["key"], roles=roles)
    assert found.lines("recipients.csv") == [["key"], ["a"]]
    assert found.lines("mailchimp.csv") == [["Email Address", "key"], ["a@b.co", "a"]]
    assert found.manifest.to_data()["personal_columns"] == ["email"]


def test_every_format_says_what_it_is() -> None:
    assert len(FORMATS) == 9
    assert all(each.label and each.about.endswith(".") for each in FORMATS.values())
