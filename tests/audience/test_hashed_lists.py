"""Meta's and Google's rules of normalisation: a vector for each line of their published tables."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from audience.rows import written
from segbench.audience.hashed_lists import google, meta
from segbench.audience.hashed_lists.hashing import sha256_hex
from segbench.errors import ExportError


def test_the_hash_is_lower_case_hex_of_utf_8() -> None:
    # The example of the services' own help pages, for test@example.com.
    assert sha256_hex("test@example.com") == (
        "973dfe463ec85785f5f95af5ba3906eedb2d931c24e69824a89ea65dba4e813b"
    )
    assert sha256_hex("zoë") == hashlib.sha256(b"zo\xc3\xab").hexdigest()


META = [
    (meta.email, "  Dana@Example.COM ", "dana@example.com"),
    (meta.email, "no address", None),
    (meta.name, "Mary-Ann", "maryann"),
    (meta.name, "O'Brien", "obrien"),
    (meta.name, "Zoë", "zoë"),  # The SDK drops the letter: "zo".
    (meta.name, "Иван", "иван"),
    (meta.name, "Zoe\u0308", "zoë"),
    (meta.name, "123", None),
    (meta.initial, "Élodie", "e"),
    (meta.initial, " Dana", "d"),
    (meta.initial, "Иван", None),
    (meta.city, "São Paulo", "saopaulo"),  # The SDK: "sopaulo".
    (meta.city, "St. John's", "stjohns"),
    (meta.city, "Москва", None),
    (meta.country, "us", "us"),
    (meta.country, "Germany", "de"),
    (meta.country, "UK", "gb"),
    (meta.country, "Nowhere", None),
    (meta.gender, " Female", "f"),
    (meta.gender, "M", "m"),
    (meta.gender, "unknown", None),
    (meta.madid, " AB1234CD-E123-12FG-J123 ", "ab1234cd-e123-12fg-j123"),
]


@pytest.mark.parametrize(("rule", "text", "normal"), META)
def test_meta_normalises_by_its_table(
    rule: Callable[[str], str | None], text: str, normal: str | None
) -> None:
    assert rule(text) == normal


@pytest.mark.parametrize(
    ("text", "region", "normal"),
    [
        ("+1 (650) 555-1212", "", "16505551212"),
        ("(650) 555-1212", "US", "16505551212"),
        ("0044 20 7946 0958", "US", "442079460958"),  # The SDK keeps the zeros.
        ("020 7946 0958", "GB", "442079460958"),
        ("tel: 030 123456", "DE", "4930123456"),
        ("030 123456 ext. 12", "DE", "4930123456"),
        ("650-555-1212", "", None),
        ("12", "US", None),
    ],
)
def test_meta_phone_numbers_are_digits_with_the_country_code_first(
    text: str, region: str, normal: str | None
) -> None:
    assert meta.phone(text, region) == normal


@pytest.mark.parametrize(
    ("text", "country", "normal"),
    [
        ("CA", "US", "ca"),
        ("New York", "US", "ny"),
        ("D.C.", "US", "dc"),
        ("Nowhere", "US", None),
        ("Bayern", "DE", "bayern"),
        ("Île-de-France", "FR", "iledefrance"),
        ("California", "", "ca"),
    ],
)
def test_meta_states_are_codes_in_the_usa_and_plain_names_elsewhere(
    text: str, country: str, normal: str | None
) -> None:
    assert meta.state(text, country) == normal


@pytest.mark.parametrize(
    ("text", "country", "normal"),
    [
        ("94035-1234", "US", "94035"),
        ("9403", "US", None),
        ("SW1A 1AA", "GB", "sw1a1"),  # The SDK keeps the space.
        ("m1 1ae", "GB", "m11"),
        ("1012 AB", "NL", "1012ab"),
        ("10115", "DE", "10115"),
    ],
)
def test_meta_postal_codes_are_short_in_the_usa_and_the_uk(
    text: str, country: str, normal: str | None
) -> None:
    assert meta.zip_code(text, country) == normal


def test_meta_dates_of_birth_are_three_values() -> None:
    day = dt.date(1990, 9, 5)
    assert (meta.year(day), meta.month(day), meta.month_day(day)) == ("1990", "09", "05")
    assert meta.year(dt.date(1899, 12, 31)) is None


GOOGLE = [
    (google.email, " Dana @ Example.com ", "dana@example.com"),  # The sample keeps the capitals.
    (google.email, "Da.na+x@Gmail.com", "dana+x@gmail.com"),
    (google.email, "d.a.n.a@googlemail.com", "dana@googlemail.com"),
    (google.email, "d.ana@example.com", "d.ana@example.com"),
    (google.email, "dana", None),
    (google.given_name, " Mrs. Dana ", "dana"),
    (google.given_name, "Mary  Ann", "mary ann"),
    (google.given_name, "Dr", "dr"),
    (google.family_name, "O'Brien Jr.", "obrien"),
    (google.family_name, "Müller", "müller"),
    (google.region_code, "us", "US"),
    (google.region_code, "Germany", "DE"),
]


@pytest.mark.parametrize(("rule", "text", "normal"), GOOGLE)
def test_google_normalises_by_its_documentation(
    rule: Callable[[str], str | None], text: str, normal: str | None
) -> None:
    assert rule(text) == normal


@pytest.mark.parametrize(
    ("text", "country", "normal"),
    [
        ("12345", "US", "12345"),
        ("12345-6789", "US", "12345-6789"),
        ("1234", "US", None),
        (" SW1A  1AA ", "GB", "SW1A 1AA"),
    ],
)
def test_google_postal_codes_of_the_usa_are_5_or_9_digits(
    text: str, country: str, normal: str | None
) -> None:
    assert google.postal_code(text, country) == normal


def test_google_phone_numbers_are_in_e164() -> None:
    assert google.phone("(800)555-0100", "US") == "+18005550100"
    assert google.phone("(800)555-0100", "") is None


WHO = {
    "key": ["a", "b", "c"],
    "email": ["Ann@Example.com", None, "nope"],
    "email_2": ["ann@work.example", None, None],
    "phone": ["(800) 555-0100", None, None],
    "first_name": ["Ann", "Bo", None],
    "last_name": ["Lee", "Hu", None],
    "country": ["US", "US", None],
    "zip": ["12345-6789", "1234", None],
    "birthday": [dt.date(1990, 9, 25), None, None],
    "device": ["ABC-1", None, None],
}


def test_a_meta_list_has_hashes_under_the_keys_of_the_api(tmp_path: Path) -> None:
    roles = {"email": ["email", "email_2"], "madid": ["device"], "external_id": ["key"]}
    found = written(tmp_path / "x", WHO, "meta", roles=roles, region="US")
    header, ann, bo, third = found.lines("meta.csv")
    assert header == [
        "email",
        "email",
        "phone",
        "fn",
        "fi",
        "ln",
        "zip",
        "country",
        *("doby", "dobm", "dobd", "madid", "extern_id"),
    ]
    plain = ["ann@example.com", "ann@work.example", "18005550100", "ann", "a", "lee", "12345"]
    assert ann[:11] == [sha256_hex(text) for text in (*plain, "us", "1990", "09", "25")]
    # Two keys are not hashed; the SDK hashes the first all the same.
    assert ann[11:] == ["abc-1", "a"]
    assert bo[0] == bo[1] == bo[2] == ""
    assert third == [""] * 12 + ["c"]
    assert found.counted("meta").blank == {"e-mail address": 1, "postal code": 1}


def test_a_google_list_has_its_headers_exactly_and_places_in_the_clear(tmp_path: Path) -> None:
    found = written(tmp_path / "x", WHO, "google", region="US")
    header, ann = found.lines("google.csv")
    assert header == ["Email", "Phone", "First Name", "Last Name", "Country", "Zip"]
    hashed = [sha256_hex(t) for t in ("ann@example.com", "+18005550100", "ann", "lee")]
    assert ann == [*hashed, "US", "12345-6789"]
    counted = found.counted("google")
    assert counted.left_out == {"without an e-mail address, a phone number or a whole address": 2}
    # An address counts only where all four parts are there.
    assert counted.blank == {"address that is not whole": 1, "e-mail address": 1}


def test_several_addresses_of_one_person_are_columns_of_one_name(tmp_path: Path) -> None:
    roles = {"email": ["email", "email_2"]}
    found = written(tmp_path / "x", WHO, "google", roles=roles, region="US")
    assert found.lines("google.csv")[0][:3] == ["Email", "Email", "Phone"]


def test_no_name_address_or_number_is_in_the_clear(tmp_path: Path) -> None:
    found = written(tmp_path / "x", WHO, "meta", "google", region="US")
    for name in ("meta.csv", "google.csv"):
        cells = {cell.lower() for row in found.lines(name)[1:] for cell in row}
        assert any(len(cell) == 64 for cell in cells)
        clear = ("ann@example.com", "ann", "lee", "+18005550100", "18005550100", "1990")
        assert cells.isdisjoint(clear)


@pytest.mark.parametrize("name", ["meta", "google"])
def test_a_list_that_could_hold_nobody_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError, match=r"no field is known to hold one\. .*email=FIELD"):
        written(tmp_path / "x", {"key": ["a"], "city": ["Berlin"]}, name)
    assert list(tmp_path.iterdir()) == []
