"""Files for the imports of e-mail services: their headers, who is left out, and what is counted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pytest

from audience.rows import written
from segbench.audience import export
from segbench.audience.formats import klaviyo
from segbench.audience.formats.import_file import Layout, import_format, iso_day
from segbench.audience.formats.registry import FORMATS
from segbench.errors import ExportError

WHEN = dt.datetime(2026, 10, 23, 9, 30)
PEOPLE = {
    "key": ["a", "b", "c", "d"],
    "email": [" Ann@Example.com ", "ann@example.COM", None, "not an address"],
    "phone": ["(800) 555-0100", None, "0170 1234567", "12"],
    "first_name": ["Ann", "=Anna", "Cem", None],
    "last_name": ["Lee", "Lee", "Öz", None],
    "country": ["US", "US", "Germany", None],
    "birthday": [dt.date(1990, 9, 5), None, dt.date(2000, 2, 29), None],
    "score": [5, 7, None, 1],
    "seen": pa.array([WHEN, None, None, None], pa.timestamp("us")),
    "likes": [["tea", "ink"], None, [], None],
}


SMALL = Layout(
    name="klaviyo",
    label="Klaviyo",
    about="",
    headers={"email": "Email Address"},
    needs=("email",),
    missing="an e-mail address",
    day=iso_day,
    largest=160,
)


def test_mailchimp_wants_an_address_and_birthdays_without_a_year(tmp_path: Path) -> None:
    found = written(tmp_path / "x", PEOPLE, "mailchimp", region="US")
    assert found.lines("mailchimp.csv") == [
        [
            "Email Address",
            "First Name",
            "Last Name",
            "Phone Number",
            "Country",
            "Birthday",
            "key",
            "score",
            "seen",
            "likes",
        ],
        [
            "Ann@Example.com",
            "Ann",
            "Lee",
            "+18005550100",
            "US",
            "09/05",
            "a",
            "5",
            "10/23/2026 09:30:00",
            "tea, ink",
        ],
        ["ann@example.COM", "'=Anna", "Lee", "", "US", "", "b", "7", "", ""],
    ]
    counted = found.counted("mailchimp")
    assert (counted.rows, counted.left_out) == (2, {"without an e-mail address": 2})
    assert counted.blank == {"e-mail address": 1, "phone number": 1}
    assert counted.neutralised == 1


def test_mailchimp_gets_an_address_in_one_cell_with_the_country(tmp_path: Path) -> None:
    people = {
        "email": ["a@example.com", "b@example.com"],
        "street": ["1 Main St", None],
        "city": ["Dolomite", "Paris"],
        "state": ["AL", None],
        "zip": ["35061", None],
        "country": ["US", "FR"],
    }
    found = written(tmp_path / "x", people, "mailchimp")
    assert found.dicts("mailchimp.csv") == [
        {"Email Address": "a@example.com", "Address": "1 Main St  Dolomite  AL  35061  US"},
        {"Email Address": "b@example.com", "Address": "Paris  FR"},
    ]


def test_mailchimp_texts_are_cut_to_255_bytes_and_counted(tmp_path: Path) -> None:
    people = {"email": ["a@example.com"], "note": ["ü" * 200]}
    found = written(tmp_path / "x", people, "mailchimp")
    assert found.dicts("mailchimp.csv")[0]["note"] == "ü" * 127
    assert found.counted("mailchimp").cut == {"text of more than 255 bytes": 1}


def test_mailchimp_takes_contacts_with_an_sms_number_alone(tmp_path: Path) -> None:
    people = {"email": [None, None], "sms": ["+491701234567", None]}
    found = written(tmp_path / "x", people, "mailchimp", roles={"sms": ["sms"]})
    assert found.lines("mailchimp.csv")[1:] == [["", "+491701234567"]]


def test_no_cell_of_an_import_file_is_a_formula_but_numbers_keep_their_plus(tmp_path: Path) -> None:
    people = {
        "email": ["=cmd|'/c'!A1@x.co", "+cmd|'/c'!A1@x.co", "-ok.tag@x.co", "a@b.co"],
        "phone": ["+491701234567", None, None, "=1+1"],
        "=note": ["@x", "-1", "+1", "fine"],
    }
    found = written(tmp_path / "x", people, "highlevel")
    assert found.lines("highlevel.csv") == [
        ["Email", "Phone", "'=note"],
        ["", "+491701234567", "'@x"],
        ["-ok.tag@x.co", "", "'+1"],
        ["a@b.co", "", "fine"],
    ]
    counted = found.counted("highlevel")
    assert counted.blank == {"e-mail address": 2, "phone number": 1}
    assert counted.neutralised == 3


def test_klaviyo_begins_with_an_identity_and_has_each_once(tmp_path: Path) -> None:
    found = written(tmp_path / "x", PEOPLE, "klaviyo", region="US")
    header, *rows = found.lines("klaviyo.csv")
    assert header[:4] == ["Email Address", "Phone Number", "First Name", "Last Name"]
    # A number without country code is of the contact's own country first.
    assert [row[:2] for row in rows] == [["Ann@Example.com", "+18005550100"], ["", "+491701234567"]]
    assert rows[0][5] == "1990-09-05"
    assert rows[0][header.index("seen")] == "2026-10-23 09:30:00"
    assert found.counted("klaviyo").left_out == {
        "with the same address as another": 1,
        "without an e-mail address or a phone number": 1,
    }


def test_klaviyo_may_begin_with_the_phone_number(tmp_path: Path) -> None:
    found = written(tmp_path / "x", {"name": ["A"], "mobile": ["+491701234567"]}, "klaviyo")
    assert found.lines("klaviyo.csv") == [["Phone Number", "name"], ["+491701234567", "A"]]


def test_klaviyo_files_stay_below_their_largest_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert klaviyo.LARGEST == 50_000_000
    people = {"email": [f"{n}@example.com" for n in range(5)], "note": ["x" * 50] * 5}
    monkeypatch.setattr(export, "FORMATS", {"klaviyo": import_format(SMALL)})
    found = written(tmp_path / "x", people, "klaviyo")
    assert found.files == {
        "klaviyo-00001.csv": 2,
        "klaviyo-00002.csv": 2,
        "klaviyo-00003.csv": 1,
    }
    for name in found.files:
        assert (found.folder / name).stat().st_size <= 160
        assert found.lines(name)[0] == ["Email Address", "note"]


def test_hubspot_takes_a_name_in_place_of_an_address(tmp_path: Path) -> None:
    found = written(tmp_path / "x", PEOPLE, "hubspot")
    header, *rows = found.lines("hubspot.csv")
    assert header[:4] == ["Email", "First name", "Last name", "Phone number"]
    assert [row[1] for row in rows] == ["Ann", "'=Anna", "Cem"]
    assert found.counted("hubspot").left_out == {"without an e-mail address or a name": 1}


def test_hubspot_takes_fewer_than_1000_columns(tmp_path: Path) -> None:
    few = {"email": ["a@b.co"]} | {f"c{n}": [n] for n in range(998)}
    assert written(tmp_path / "x", few, "hubspot").files == {"hubspot.csv": 1}
    with pytest.raises(ExportError, match="HubSpot takes at most 999 columns, not 1,000"):
        written(tmp_path / "y", few | {"more": [1]}, "hubspot")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_highlevel_takes_a_name_an_address_or_a_number(tmp_path: Path) -> None:
    people = PEOPLE | {"tags": [["vip", "new"], None, None, None]}
    found = written(tmp_path / "x", people, "highlevel", region="US")
    header, *rows = found.lines("highlevel.csv")
    assert header[:7] == [
        "First Name",
        "Last Name",
        "Email",
        "Phone",
        "Country",
        *("Date of Birth", "Tags"),
    ]
    assert rows[0][5:7] == ["09/05/1990", "vip, new"]
    assert len(rows) == 3


@pytest.mark.parametrize("name", ["mailchimp", "klaviyo", "hubspot", "highlevel"])
def test_a_format_without_a_field_for_what_it_needs_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=r"no field is known to hold one\. Say which does"):
        written(tmp_path / "x", {"key": ["a"], "country": ["DE"]}, name)
    assert list(tmp_path.iterdir()) == []


def test_a_field_is_said_to_be_a_role_where_its_name_does_not(tmp_path: Path) -> None:
    people = {"kontakt": ["a@b.co"], "email": ["x@y.zz"]}
    found = written(
        tmp_path / "x", people, "mailchimp", chosen=["email"], roles={"email": ["kontakt"]}
    )
    # The other column stays under its own name.
    assert found.lines("mailchimp.csv") == [["Email Address", "email"], ["a@b.co", "x@y.zz"]]
    assert found.manifest.roles == {"email": ("kontakt",)}


def test_every_row_is_a_file_and_counted_together_with_what_is_left_out(tmp_path: Path) -> None:
    found = written(tmp_path / "x", PEOPLE, *FORMATS, region="US")
    for each in found.manifest.formats:
        assert each.rows + sum(each.left_out.values()) == 4, each.name
    assert {file.format for file in found.manifest.files} == set(FORMATS)
