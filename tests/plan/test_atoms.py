"""How text is compared: trimmed and folded as DuckDB does it."""

from __future__ import annotations

import sys

import duckdb
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from segbench.plan.atoms import BLANKS, comparable, fold_case


def test_folding_is_what_duckdb_makes_of_every_code_point() -> None:
    chars = [chr(code) for code in range(1, sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF]
    source = pa.table({"char": chars, "folded": [fold_case(char) for char in chars]})
    connection = duckdb.connect()
    connection.register("source", source)
    wrong = connection.execute(
        "SELECT char, folded, lower(char) FROM source WHERE folded <> lower(char)"
    ).fetchall()
    assert wrong == []
    assert len(chars) > 1_100_000


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_folding_a_text_is_folding_its_characters(text: str) -> None:
    found = duckdb.execute("SELECT lower(?)", [text]).fetchone()
    assert found == (fold_case(text),)
    assert len(fold_case(text)) == len(text)


def test_capital_letters_that_python_makes_longer_stay_one_letter() -> None:
    assert fold_case("İSTANBUL") == "istanbul"
    assert fold_case("ΟΔΟΣ") == "οδοσ"
    assert fold_case("ẞ") == "ß"
    assert fold_case("\u212a") == "k"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_case(fold_case(text)) == fold_case(text)


def test_white_space_around_text_does_not_count() -> None:
    assert comparable(f"{BLANKS}De {BLANKS}", match_case=False) == "de"
    assert comparable(f"{BLANKS}De {BLANKS}", match_case=True) == "De"
    assert comparable("\u00a0De", match_case=True) == "\u00a0De"
