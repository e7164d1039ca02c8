"""How files are read: rows, types, times, columns."""

from __future__ import annotations

import csv
from datetime import date, datetime

import pyarrow as pa
import pytest
from pyarrow import csv as csv_of_arrow

from segbench.errors import FormatError, ImportRefused
from segbench.lake.importing import import_files
from segbench.lake.lake import Lake
from segbench.lake.mapping import read_mapping, snake
from segbench.lake.rejects import write_rejects
from segbench.model.spreadsheet import FORMULA_STARTS


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """An empty lake for the tests that write nothing."""
    with Lake.create(tmp_path_factory.mktemp("shared") / "lake") as made:
        yield made
        assert len(made.snapshots()) == 1


def rows(lake, sql="FROM contacts ORDER BY ordinal"):
    with lake.snapshot() as snapshot:
        return snapshot.rows(sql)


def typed(lake, write, values, **more):
    lines = "".join(f'k{n},"{value}"\n' for n, value in enumerate(values))
    report = import_files(lake, contacts=write("c.csv", f"id,x\n{lines}"), dry_run=True, **more)
    return report.types["contacts"]["x"], [reject.reason for reject in report.rejected]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-2", "+3"][:2], "number"),
        (["1.5", "2e3", ".5", ""], "number"),
        (["1", "nan", "NaN"], "number"),
        (["01067", "80331"], "text"),
        (["0", "0.5"], "number"),
        (["+4930123", "+4930124"], "text"),
        (["12345678901234567890"], "text"),
        (["1e999"], "text"),
        (["inf", "1"], "text"),
        (["true", "FALSE", "yes"], "boolean"),
        (["0", "1"], "number"),
        (["2024-02-29", "1999-1-5"], "date"),
        (["31.12.2024"], "date"),
        (["2024/12/31"], "date"),
        (["01/02/2024"], "text"),
        (["2024-02-29", "2024-02-29 10:00"], "datetime"),
        (["2024-02-29T10:00:00Z"], "datetime"),
        (["31.12.2024 10:00"], "datetime"),
        (["1", "x"], "text"),
        (["today", "infinity"], "text"),
        (["", " "], "text"),
    ],
)
def test_types_are_inferred_from_the_values(untouched, write, values, kind):
    assert typed(untouched, write, values) == (kind, [])


def test_a_few_bad_values_in_a_typed_column_are_rejected(untouched, write):
    good = [f"{1 + n % 28:02d}.01.2020" for n in range(19)]
    kind, reasons = typed(untouched, write, [*good, "31.02.2020"])
    assert (kind, reasons) == ("date", ["x: '31.02.2020' is not a date"])
    assert typed(untouched, write, [*good[:18], "31.02.2020"]) == ("text", [])


def test_a_type_that_was_told_always_holds(untouched, write):
    told = {"types": {"x": "date"}}
    kind, reasons = typed(untouched, write, ["2020-01-01", "?", "soon"], mapping=told)
    assert kind == "date"
    assert reasons == ["x: '?' is not a date", "x: 'soon' is not a date"]
    assert typed(untouched, write, ["007"], mapping={"types": {"x": "number"}}) == ("number", [])
    assert typed(untouched, write, ["1", "n"], mapping={"types": {"x": "boolean"}}) == (
        "boolean",
        [],
    )
    assert typed(untouched, write, ["5", "6"], mapping={"types": {"x": "text"}}) == ("text", [])


def test_every_rejected_row_has_its_number_and_reason(lake, write, tmp_path):
    contacts = (
        "\ufeffid,name,age\r\nk1,Ann,1\r\n"
        + "".join(f"n{n},x,{n}\r\n" for n in range(40))
        + 'k2,"two\r\nlines",2\r\n\r\n'
        + ",nobody,3\r\n=k1,Again,4\r\nk1,Again,4\r\nk3,Old,many\r\nk4,short\r\nk5,a,b,c\r\n"
        + 'k6,"bad "quote,1\r\nk7,Last,9\r\n'
    )
    events = (
        "key,event,at\nk1,open,2024-01-01\nk1,,2024-01-01\nk1,open,\n"
        "k1,open,soon\nzz,x,2024-01-01\n"
    )
    report = import_files(
        lake,
        contacts=write("c.csv", contacts),
        tags=write("t.csv", "key,tag\nk1,a\nk1,\nzz,b\n,c\n"),
        events=write("e.csv", events),
    )
    found = [(r.file, r.row, r.key, r.code) for r in report.rejected]
    assert found == [
        ("c.csv", 43, None, "missing key"),
        ("c.csv", 45, "k1", "repeated key"),
        ("c.csv", 46, "k3", "age is not a number"),
        ("c.csv", 47, "k4", "malformed line"),
        ("c.csv", 48, "k5", "malformed line"),
        ("c.csv", 49, None, "malformed line"),
        ("t.csv", 2, "k1", "missing tag"),
        ("t.csv", 3, "zz", "no such contact"),
        ("t.csv", 4, None, "missing key"),
        ("e.csv", 2, "k1", "missing event"),
        ("e.csv", 3, "k1", "missing time"),
        ("e.csv", 4, "k1", "not a time"),
        ("e.csv", 5, "zz", "no such contact"),
    ]
    assert report.rejected[1].reason == "key 'k1' is already on row 1"
    assert report.reasons["malformed line"] == 3
    assert [row[1] for row in rows(lake)][-3:] == ["k2", "=k1", "k7"]
    assert rows(lake, "SELECT name FROM contacts WHERE key = 'k2'") == [("two\r\nlines",)]


def test_rejects_are_written_safe_for_spreadsheets(lake, write, tmp_path):
    path = write("c.csv", "id,x\n=1+1,a\n=1+1,b\n@x,c\n@x,d\n＝1,e\n＝1,f\n")
    report = import_files(lake, contacts=path)
    report.write_rejects(tmp_path / "r.csv")
    with open(tmp_path / "r.csv", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["key"] for row in found] == ["'=1+1", "'@x", "'＝1"]
    assert [row["row"] for row in found] == ["2", "4", "6"]


@pytest.mark.parametrize("start", [*FORMULA_STARTS, " =", "\n+"])
def test_a_reject_that_starts_like_a_formula_gets_an_apostrophe(start, tmp_path):
    cells = pa.table({"key": [f"{start}x", "x", f"x{start}", None]})
    write_rejects(cells, tmp_path / "r.csv")
    found = csv_of_arrow.read_csv(
        tmp_path / "r.csv", parse_options=csv_of_arrow.ParseOptions(newlines_in_values=True)
    )
    assert found["key"].to_pylist()[:3] == [f"'{start}x", "x", f"x{start}"]


def test_bytes_that_are_not_utf8_are_rejected_rows(lake, write):
    path = write("c.csv", b"id,name\na,\xff\xfe\nb,M\xc3\xbcller\n")
    report = import_files(lake, contacts=path)
    assert [(r.row, r.key, r.reason) for r in report.rejected] == [
        (1, "a", "malformed line: not UTF-8")
    ]
    assert rows(lake) == [(0, "b", "Müller")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found(lake, write, delimiter):
    lines = ["id", "a name", "x"], ["k", '"a,b;c|d\te"', "ü"]
    write_lines = "\n".join(delimiter.join(line) for line in lines)
    import_files(lake, contacts=write("c.csv", write_lines))
    assert rows(lake) == [(0, "k", "a,b;c|d\te", "ü")]


def test_unicode_names_and_values_survive(lake, write):
    import_files(lake, contacts=write("c.csv", "id,Größe,名前\n☃,groß,太郎\n"))
    assert lake.snapshot().field_types() == {"größe": "text", "名前": "text"}
    assert rows(lake) == [(0, "☃", "groß", "太郎")]


def test_naive_times_are_local_and_offsets_are_kept(lake, write):
    times = [
        "2024-01-15 12:00",
        "2024-07-15 12:00",
        "2024-07-15T12:00:00+05:30",
        "2024-07-15T12:00Z",
    ]
    lines = "".join(f"a,open,{time}\n" for time in times)
    import_files(
        lake,
        contacts=write("c.csv", "id,seen\na,2024-07-01 00:30\n"),
        events=write("e.csv", f"key,event,at\n{lines}"),
        time_zone="Europe/Berlin",
    )
    assert rows(lake, 'SELECT "at" FROM events ORDER BY ALL') == [
        (datetime(2024, 1, 15, 11),),
        (datetime(2024, 7, 15, 6, 30),),
        (datetime(2024, 7, 15, 10),),
        (datetime(2024, 7, 15, 12),),
    ]
    assert rows(lake)[0][2] == datetime(2024, 6, 30, 22, 30)


def test_times_that_the_clocks_skip_or_repeat_have_the_offset_of_winter(lake, write):
    lines = "a,skipped,2024-03-31 02:30\na,repeated,2024-10-27 02:30\n"
    import_files(
        lake,
        contacts=write("c.csv", "id,x\na,1\n"),
        events=write("e.csv", f"key,event,at\n{lines}"),
        time_zone="Europe/Berlin",
    )
    assert rows(lake, "FROM events ORDER BY event DESC") == [
        (0, "skipped", datetime(2024, 3, 31, 1, 30)),
        (0, "repeated", datetime(2024, 10, 27, 1, 30)),
    ]


def test_a_mapping_file_names_skips_and_types(lake, write):
    mapping = read_mapping(
        write(
            "m.toml",
            '[contacts]\nkey = "No"\nskip = ["Secret"]\nfields = {"Born on" = "birthday"}\n'
            '[types]\nbirthday = "date"\n',
        )
    )
    path = write("c.csv", "No,Born on,Secret\n1,2000-01-01,x\n2,never,y\n")
    report = import_files(lake, contacts=path, mapping=mapping)
    assert rows(lake) == [(0, "1", date(2000, 1, 1))]
    assert report.mapping["contacts"]["skip"] == ["Secret"]
    assert report.reasons == {"birthday is not a date": 1}
    assert read_mapping(write("m.json", '{"types": {"x": "text"}}')) == {"types": {"x": "text"}}
    with pytest.raises(FormatError, match="cannot be read"):
        read_mapping(write("bad.json", "{"))


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"contacts": {"key": "Contct"}}, "no column 'Contct'; did you mean 'Contact'"),
        ({"contact": {}}, "no section 'contact'.*did you mean 'contacts'"),
        ({"contacts": {"keys": "x"}}, "no entry 'keys'.*did you mean 'key'"),
        ({"types": {"x": "int"}}, "the types are text, number"),
        ({"types": {"ag": "number"}}, "no field or property in the files; did you mean 'age'"),
        ({"contacts": {"fields": {"age": "Key"}}}, "reserved"),
        ({"contacts": {"fields": {"age": "NAME"}}}, "would both be named"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(untouched, write, mapping, says):
    path = write("c.csv", "Contact,name,age\na,b,1\n")
    with pytest.raises(ImportRefused, match=says):
        import_files(untouched, contacts=path, mapping=mapping)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("a,b\n1,2\n", "looks like the key; its columns are a, b"),
        ("id,x,x\n1,2,3\n", "'x' more than once"),
        ("id,Lead Score,lead_score\n1,2,3\n", "would both be named 'lead_score'"),
        ("id,at\n1,2\n", "reserved"),
        ("id,$$\n1,2\n", "no usable name"),
        ("", "no header"),
        (b"\xff\xfe\x00", "neither Parquet nor CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(untouched, write, content, says):
    with pytest.raises(ImportRefused, match=says):
        import_files(untouched, contacts=write("c.csv", content))


def test_an_email_that_is_the_key_is_a_field_too(lake, write):
    import_files(lake, contacts=write("c.csv", "E-Mail,name\na@x.org,A\n"))
    assert rows(lake) == [(0, "a@x.org", "a@x.org", "A")]


def test_a_file_with_only_a_header_adds_nothing_but_its_fields(lake, write):
    report = import_files(lake, contacts=write("c.csv", "id,city\n"))
    assert report.added == 0
    assert lake.snapshot().field_types() == {"city": "text"}


@pytest.mark.parametrize(
    ("column", "name"),
    [("Lead Score", "lead_score"), ("leadScore", "lead_score"), (" A--b ", "a_b"), ("ÄÖ", "äö")],
)
def test_column_names_become_field_names(column, name):
    assert snake(column) == name
