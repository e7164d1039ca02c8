"""Lists of texts: stored, read out of files, and counted by item."""

from __future__ import annotations

import json

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbench.errors import ImportRefused, LakeError
from segbench.lake.columns import filled
from segbench.lake.columns import trimmed as clean_text
from segbench.lake.importing import import_files
from segbench.lake.lists import read_items
from segbench.lake.tables import Batch, Notes
from segbench.model.catalog import Choice
from segbench.plan.atoms import trimmed

AS_LIST = {"types": {"x": "list"}}
NO_TAGS = pa.table({name: pa.array([], pa.string()) for name in ("key", "tag")})
NO_EVENTS = pa.table(
    {
        "key": pa.array([], pa.string()),
        "event": pa.array([], pa.string()),
        "at": pa.array([], pa.timestamp("us")),
    }
)


@pytest.fixture(scope="module")
def database():
    """A database to try expressions in."""
    with duckdb.connect() as connection:
        yield connection


def rows(lake, sql="SELECT x FROM contacts ORDER BY ordinal"):
    with lake.snapshot() as snapshot:
        return snapshot.rows(sql)


def stored(lake, values):
    contacts = pa.table({"key": [f"k{n}" for n in range(len(values))], "x": values})
    lake.load([Batch(contacts, NO_TAGS, NO_EVENTS)], Notes())
    return [row[0] for row in rows(lake)]


def told(lake, write, cells, **more):
    """What the cells of a column that is told to be a list are read as, and the rejected rows."""
    lines = "".join(f"k{n},{json_cell(cell)}\n" for n, cell in enumerate(cells))
    more = {"mapping": AS_LIST} | more
    report = import_files(lake, contacts=write("c.csv", f"id,x\n{lines}"), **more)
    return [row[0] for row in rows(lake)], [reject.reason for reject in report.rejected]


def json_cell(cell):
    return '"' + cell.replace('"', '""') + '"'


def test_items_are_trimmed_and_blank_ones_dropped_and_nothing_left_is_no_value(lake):
    items = [[" a", "b\t", "a"], ["", None, "\n "], [], None, ["c", None]]
    found = stored(lake, pa.array(items, pa.list_(pa.string())))
    assert found == [["a", "b", "a"], None, None, None, ["c"]]


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.string()),
        pa.large_list(pa.string()),
        pa.list_(pa.large_string()),
        pa.list_(pa.dictionary(pa.int8(), pa.string())),
        pa.list_view(pa.string()),
    ],
    ids=str,
)
def test_every_arrow_list_of_texts_is_a_list(lake, kind):
    assert stored(lake, pa.array([["a", "b"], [], None], kind)) == [["a", "b"], None, None]


def test_lists_of_a_set_size_and_lists_of_nothing_are_lists(lake):
    pairs = pa.array([["a", "b"], None], pa.list_(pa.string(), 2))
    assert stored(lake, pairs) == [["a", "b"], None]
    assert stored(lake, pa.array([[], None], pa.list_(pa.null()))) == [None, None]
    assert lake.snapshot().field_types() == {"x": "list"}


@pytest.mark.parametrize(
    "kind",
    [pa.list_(pa.int64()), pa.list_(pa.list_(pa.string())), pa.list_(pa.decimal128(5, 2))],
    ids=str,
)
def test_lists_of_anything_but_texts_are_refused(lake, kind):
    with pytest.raises(LakeError, match=r"lists of texts\.$"):
        stored(lake, pa.array([[], None], kind))
    assert len(lake.snapshots()) == 1


def test_events_have_no_lists(lake):
    events = pa.table(
        {
            "key": ["k"],
            "event": ["open"],
            "at": pa.array([0], pa.timestamp("us")),
            "x": pa.array([["a"]], pa.list_(pa.string())),
        }
    )
    with pytest.raises(LakeError, match="'x' of events holds lists"):
        lake.load([Batch(pa.table({"key": ["k"]}), NO_TAGS, events)], Notes())


@given(st.lists(st.none() | st.lists(st.none() | st.text(max_size=6), max_size=4), max_size=8))
def test_a_list_has_the_items_that_rules_compare(database, items):
    query = f"SELECT {filled('x')} FROM (SELECT unnest(?::VARCHAR[][]) AS x)"
    found = [row[0] for row in database.execute(query, [items]).fetchall()]
    kept = [[trimmed(item) for item in each or () if item and trimmed(item)] for each in items]
    assert found == [each or None for each in kept]


def test_a_list_comes_from_parquet(lake, tmp_path):
    contacts = pa.table(
        {
            "id": ["a", "b", "c"],
            "x": pa.array([["one ", ""], [], None], pa.list_(pa.string())),
            "y": ["1;2", None, " "],
        }
    )
    pq.write_table(contacts, tmp_path / "c.parquet")
    mapping = {"types": {"y": "list"}}
    report = import_files(lake, contacts=tmp_path / "c.parquet", mapping=mapping)
    assert report.types["contacts"] == {"x": "list", "y": "list"}
    assert rows(lake, "SELECT x, y FROM contacts ORDER BY ordinal") == [
        (["one"], ["1", "2"]),
        (None, None),
        (None, None),
    ]
    again = import_files(lake, contacts=tmp_path / "c.parquet", mapping=mapping)
    assert (again.unchanged, again.snapshot) == (3, None)


def test_parquet_with_lists_of_numbers_is_refused_with_the_way_out(lake, tmp_path):
    pq.write_table(pa.table({"id": ["a"], "x": [[1]]}), tmp_path / "c.parquet")
    with pytest.raises(ImportRefused, match=r"'x' has type BIGINT\[\].*Skip it in the mapping"):
        import_files(lake, contacts=tmp_path / "c.parquet")


@pytest.mark.parametrize(
    ("cells", "items"),
    [
        (["a;b ; c", "d", ""], [["a", "b", "c"], ["d"], None]),
        (["a|b", "c"], [["a", "b"], ["c"]]),
        (["a;b", "c|d"], [["a", "b"], ["c|d"]]),
        (["a,b"], [["a,b"]]),
        ([";", " ; ;", "[]", '["", null]'], [None, None, None, None]),
        (['["a;b", " c "]', "d|e"], [["a;b", "c"], ["d", "e"]]),
        (['["a", 12345678901234567890, true, null]'], [["a", "12345678901234567890", "true"]]),
        (['["\\u0065\\u0301"]'], [["é"]]),
    ],
)  # fmt: skip
def test_a_column_that_is_told_to_be_a_list_is_split(lake, write, cells, items):
    assert told(lake, write, cells) == (items, [])


def test_another_separator_can_be_told(lake, write):
    assert told(lake, write, ["a,b;c", '["d,e"]'], list_separator=",") == (
        [["a", "b;c"], ["d,e"]],
        [],
    )


@pytest.mark.parametrize(
    "cell", ["['a', 'b']", "[a]; [b]", '[["a"]]', '[{"a": 1}]', "[1.50]", "[" * 2_000 + "]" * 2_000]
)
def test_brackets_around_anything_but_an_array_of_texts_are_rejected(lake, write, cell):
    found, reasons = told(lake, write, ["a;b", cell])
    assert found == [["a", "b"]]
    assert reasons == [f"x: '{cell[:80]}' is not a list"]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["a;b", "c;d"], "text"),
        (["a|b"], "text"),
        (['["a", "b"]', "[]", ""], "list"),
        (['["a"]'] * 19 + ["a;b"], "list"),
        (['["a"]'] * 18 + ["a;b"], "text"),
        (["[draft]", "[final]"], "text"),
        (['{"a": ["b"]}'], "text"),
    ],
)
def test_only_arrays_are_taken_for_lists_without_being_told(lake, write, cells, kind):
    found, reasons = told(lake, write, cells, mapping={})
    assert lake.snapshot().field_types() == {"x": kind}
    assert reasons == []
    assert kind == "list" or found == [(cell or None) for cell in cells]


def test_a_list_in_the_lake_is_updated_from_plain_text(lake, write):
    told(lake, write, ["a;b", "c"])
    report = import_files(lake, contacts=write("d.csv", "id,x\nk0,b;a\nk1,c\nk2,d;e\n"))
    assert (report.added, report.updated, report.unchanged) == (1, 1, 1)
    assert rows(lake) == [(["b", "a"],), (["c"],), (["d", "e"],)]
    import_files(lake, contacts=write("e.csv", "id,x\nk0,\n"))
    assert rows(lake)[0] == (None,)


def test_a_list_and_a_text_of_the_same_name_conflict(lake, write):
    import_files(lake, contacts=write("c.csv", "id,x\na,b;c\n"))
    with pytest.raises(ImportRefused, match=r"'x' .* is list, but 'x' is text in the lake"):
        import_files(lake, contacts=write("d.csv", "id,x\na,b;c\n"), mapping=AS_LIST)
    import_files(lake, contacts=write("e.csv", 'id,x\na,"[""b""]"\n'))
    assert rows(lake) == [('["b"]',)]


def test_an_event_keeps_an_array_as_text_and_is_refused_as_a_list(lake, write):
    files = {
        "contacts": write("c.csv", "id\na\n"),
        "events": write("e.csv", 'key,event,at,x\na,open,2024-01-01,"[""b""]"\n'),
    }
    with pytest.raises(ImportRefused, match=r"'x' of e\.csv is a list, which only contacts have"):
        import_files(lake, **files, mapping=AS_LIST)
    assert len(lake.snapshots()) == 1
    import_files(lake, **files)
    assert rows(lake, "SELECT x FROM events") == [('["b"]',)]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=6))
def test_an_array_keeps_every_item_whatever_it_is(database, items):
    read = filled(read_items(clean_text("x"), ";"))
    query = f"SELECT {read} FROM (SELECT unnest(?) AS x)"
    cells = [json.dumps(items), json.dumps(items, ensure_ascii=False)]
    kept = [item for item in map(trimmed, items) if item] or None
    assert database.execute(query, [cells]).fetchall() == [(kept,), (kept,)]


@given(st.text(st.sampled_from('[]{}",;|\\ \n\x00u0d8ate1.'), max_size=14))
def test_any_cell_is_read_or_rejected(database, cell):
    query = f"SELECT {filled(read_items(clean_text('x'), ';'))} FROM (SELECT ? AS x)"
    ((found,),) = database.execute(query, [cell]).fetchall()
    assert found is None or all(item == trimmed(item) != "" for item in found)


def test_choices_count_the_contacts_that_have_an_item(lake):
    stored(lake, pa.array([["a", "b", "a"], ["b"], None, [" "], ["c", "b"]]))
    field = lake.snapshot().catalog().field("x")
    assert (field.type, field.known) == ("list", 3)
    assert field.choices == (Choice("b", 3), Choice("a", 1), Choice("c", 1))


@pytest.mark.parametrize(("different", "listed"), [(500, 500), (501, 0)])
def test_lists_with_too_many_different_items_list_none(lake, different, listed):
    stored(lake, pa.array([[f"i{n}", f"i{different - n - 1}"] for n in range(different)]))
    assert len(lake.snapshot().catalog().field("x").choices) == listed
