from __future__ import annotations

import datetime as dt
import itertools
import tracemalloc

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from segbench.demo.crm import CHUNK, NOTES, generate
from segbench.demo.interests import INTERESTS
from segbench.demo.people import COUNTRIES
from segbench.demo.tags import MOST, TAGS, UNDATED
from segbench.lake.tables import RESERVED, Batch

UNTIL = dt.datetime(2026, 3, 15, 9, 30)
TYPES = {
    pa.string(),
    pa.int64(),
    pa.float64(),
    pa.bool_(),
    pa.date32(),
    pa.timestamp("us"),
    pa.list_(pa.string()),
}
OF_EVENT = {
    "email_sent": {"campaign"},
    "email_delivered": {"campaign"},
    "email_opened": {"campaign", "machine_open"},
    "email_clicked": {"campaign", "link"},
    "email_replied": {"campaign"},
    "email_bounced": {"campaign", "bounce_type"},
    "email_unsubscribed": {"campaign"},
    "email_complained": {"campaign"},
    "page_visited": {"page"},
    "form_submitted": {"form"},
    "order_placed": {"amount", "product"},
    "cart_updated": {"amount", "product"},
    "checkout_started": {"amount", "product"},
}


@pytest.fixture(scope="module")
def batches() -> list[Batch]:
    return list(generate(30_000, seed=7, until=UNTIL))


@pytest.fixture(scope="module")
def contacts(batches: list[Batch]) -> pd.DataFrame:
    return pa.concat_tables([b.contacts for b in batches]).to_pandas().set_index("key")


@pytest.fixture(scope="module")
def events(batches: list[Batch]) -> pd.DataFrame:
    return pa.concat_tables([b.events for b in batches]).to_pandas()


def counts(events: pd.DataFrame, contacts: pd.DataFrame, event: str) -> pd.Series:
    found = events.loc[events["event"] == event, "key"].value_counts()
    return found.reindex(contacts.index, fill_value=0)


def same(a: list[Batch], b: list[Batch]) -> bool:
    return len(a) == len(b) and all(
        x.contacts.equals(y.contacts) and x.tags.equals(y.tags) and x.events.equals(y.events)
        for x, y in zip(a, b, strict=True)
    )


def test_the_same_arguments_give_the_same_data(batches):
    assert same(batches, list(generate(30_000, seed=7, until=UNTIL)))


def test_another_seed_and_another_moment_give_other_data():
    first = list(generate(500, seed=1, until=UNTIL))
    assert not same(first, list(generate(500, seed=2, until=UNTIL)))
    assert not same(first, list(generate(500, seed=1, until=UNTIL - dt.timedelta(days=1))))


def test_a_full_chunk_does_not_depend_on_the_number_of_contacts(batches):
    assert same(batches[:1], list(itertools.islice(generate(CHUNK, seed=7, until=UNTIL), 1)))


def test_contacts_come_in_chunks(batches):
    assert [len(b.contacts) for b in batches] == [CHUNK, 30_000 - CHUNK]


def test_every_contact_has_a_key_of_its_own_in_order(contacts):
    assert list(contacts.index[[0, 1, -1]]) == ["c0000001", "c0000002", "c0030000"]
    assert contacts.index.is_unique


def test_ten_million_contacts_stream_one_chunk_at_a_time():
    stream = generate(10_000_000, seed=1, until=UNTIL)
    tracemalloc.start()
    try:
        assert len(next(stream).contacts) == CHUNK
        assert tracemalloc.get_traced_memory()[1] < 500e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("contacts", [0, 1, 2, 12, 1_000])
def test_any_number_of_contacts_can_be_had(contacts):
    found = list(generate(contacts, seed=3, until=UNTIL))
    assert sum(len(b.contacts) for b in found) == contacts


def test_wrong_arguments_are_refused_at_once():
    with pytest.raises(ValueError, match="negative"):
        generate(-1, seed=1, until=UNTIL)
    with pytest.raises(ValueError, match="negative"):
        generate(1, seed=-1, until=UNTIL)
    with pytest.raises(ValueError, match="time zone"):
        generate(1, seed=1, until=UNTIL.replace(tzinfo=dt.UTC))


def test_every_batch_keeps_the_contract(batches):
    tiny = next(generate(1, seed=3, until=UNTIL))
    for part in ("contacts", "tags", "events"):
        schemas = [getattr(batch, part).schema for batch in (*batches, tiny)]
        assert all(schema.equals(schemas[0]) for schema in schemas)
        assert set(schemas[0].types) <= TYPES
        assert schemas[0].names[0] == "key"
    assert tiny.tags.column_names == ["key", "tag", "at"]
    assert pa.list_(pa.string()) not in tiny.events.schema.types
    assert tiny.events.column_names[:3] == ["key", "event", "at"]
    assert tiny.events.schema.field("at").type == pa.timestamp("us")
    assert not RESERVED & set(tiny.contacts.column_names[1:] + tiny.events.column_names[3:])


def test_tags_and_events_belong_to_contacts_of_their_batch(batches):
    for batch in batches:
        for part in (batch.tags, batch.events):
            assert pc.all(pc.is_in(part["key"], batch.contacts["key"])).as_py()


def test_every_field_event_and_property_has_a_label_and_a_description(batches):
    assert set(NOTES.fields) == set(batches[0].contacts.column_names) - {"key"}
    assert set(NOTES.events) == set(OF_EVENT)
    assert set(NOTES.properties) == set(batches[0].events.column_names) - {"key", "event", "at"}
    for note in (*NOTES.fields.values(), *NOTES.events.values(), *NOTES.properties.values()):
        assert note.label
        assert note.description


def test_each_event_has_its_own_properties_and_no_others(events):
    properties = events.columns[3:]
    for event, rows in events.groupby("event"):
        known = {name for name in properties if rows[name].notna().any()}
        assert known == OF_EVENT[event]
        assert rows[list(known)].notna().all(axis=None)
    assert set(events["event"]) == set(OF_EVENT)


def test_there_are_25_to_40_events_a_contact_within_one_year(events):
    assert 25 <= len(events) / 30_000 <= 40
    assert events["at"].min() > UNTIL - dt.timedelta(days=365)
    assert events["at"].max() <= UNTIL


@pytest.mark.parametrize("until", [dt.datetime(2024, 2, 29), dt.datetime(2025, 12, 31, 23, 59)])
def test_nothing_is_later_than_the_given_moment(until):
    batch = next(generate(3_000, seed=5, until=until))
    assert pc.max(batch.events["at"]).as_py() <= until
    assert pc.max(batch.contacts["created_at"]).as_py() <= until
    assert pc.max(batch.contacts["birthday"]).as_py() < until.date()


def test_nothing_happens_before_the_contact_was_created(events, contacts):
    assert (events["at"].to_numpy() >= contacts["created_at"][events["key"]].to_numpy()).all()


def test_contacts_were_created_within_three_years_more_of_them_later(contacts):
    created = contacts["created_at"]
    assert created.min() >= UNTIL - dt.timedelta(days=3 * 365)
    years = np.histogram((UNTIL - created).dt.days, [0, 365, 730, 1096])[0]
    assert years[0] > 1.3 * years[1] > 1.3 * years[2]


def test_nothing_is_sent_after_a_final_event(events):
    final = events["event"].isin(["email_unsubscribed", "email_complained"])
    ends = events[final | (events["bounce_type"] == "hard")]
    assert len(ends) > 500
    assert ends["key"].is_unique
    sends = events[events["event"] == "email_sent"]
    ended = sends["key"].map(ends.set_index("key")["at"])
    assert not (sends["at"] > ended).any()


def test_the_email_status_fits_the_events(events, contacts):
    status = contacts["email_status"]
    for event, said in {
        "email_unsubscribed": "unsubscribed",
        "email_complained": "complained",
    }.items():
        assert (status[events.loc[events["event"] == event, "key"]] == said).all()
    assert (status[events.loc[events["bounce_type"] == "hard", "key"]] == "bounced").all()
    silent = contacts[status.isin(["invalid"]) | contacts["email"].isna()].index
    assert not events.loc[events["event"].str.startswith("email_"), "key"].isin(silent).any()
    assert status.isna().equals(contacts["email"].isna())


def test_only_consenting_contacts_are_mailed(events, contacts):
    sent = contacts.loc[events.loc[events["event"] == "email_sent", "key"].unique()]
    withdrawn = sent["email_status"] == "unsubscribed"
    assert (sent.loc[~withdrawn, "email_consent"] == True).all()  # noqa: E712
    assert not (sent["do_not_disturb"] == True).any()  # noqa: E712


def test_each_email_is_delivered_after_it_is_sent_and_opened_after_that(events):
    mail = events[events["event"].str.startswith("email_")]
    first = mail.groupby(["key", "campaign", "event"])["at"].min().unstack()
    delivered = first.dropna(subset="email_delivered")
    assert (delivered["email_delivered"] > delivered["email_sent"]).all()
    waited = (delivered["email_delivered"] - delivered["email_sent"]).dt.total_seconds()
    assert waited.max() < 300
    opened = first.dropna(subset="email_opened")
    assert (opened["email_opened"] > opened["email_delivered"]).all()
    clicked = first.dropna(subset="email_clicked")
    assert (clicked["email_clicked"] > clicked["email_delivered"]).all()
    assert 0.7 < (clicked["email_opened"] < clicked["email_clicked"]).mean() < 1


def test_machines_open_within_minutes_for_under_half_of_the_contacts(events):
    opens = events[events["event"] == "email_opened"]
    machine = opens[opens["machine_open"] == True]  # noqa: E712
    received = events[events["event"] == "email_delivered"]
    assert 0.35 < machine["key"].nunique() / received["key"].nunique() < 0.5
    both = machine.merge(received, on=["key", "campaign"], suffixes=("", "_delivered"))
    assert len(both) == len(machine)
    assert (both["at"] - both["at_delivered"]).max() < dt.timedelta(minutes=15)


def test_engagement_has_a_heavy_tail_and_some_do_nothing(events, contacts):
    visits = counts(events, contacts, "page_visited").sort_values(ascending=False)
    assert visits.head(3_000).sum() > 0.4 * visits.sum()
    assert (visits == 0).mean() > 0.2


def test_contacts_who_click_visit_more_order_more_and_score_higher(events, contacts):
    clicks = counts(events, contacts, "email_clicked") > 0
    orders = counts(events, contacts, "order_placed")
    visits = counts(events, contacts, "page_visited")
    assert orders[clicks].mean() > 2 * orders[~clicks].mean()
    assert visits[clicks].mean() > 2 * visits[~clicks].mean()
    score = contacts["lead_score"]
    assert score.between(0, 100)[score.notna()].all()
    assert score[clicks].mean() > 20 + score[~clicks].mean()
    machine = events.loc[events["machine_open"] == True, "key"].unique()  # noqa: E712
    others = contacts.index.difference(machine)
    assert abs(score[machine].mean() - score[others].mean()) < 10


def test_orders_have_whole_cents_and_many_carts_are_left(events, contacts):
    amount = events["amount"].dropna()
    assert (amount > 0).all()
    assert np.allclose(amount * 100, (amount * 100).round())
    carts = counts(events, contacts, "cart_updated") > 0
    orders = counts(events, contacts, "order_placed") > 0
    assert 0.2 < (~orders[carts]).mean() < 0.7
    bought = contacts.loc[orders, "lifecycle_stage"].isin(["customer", "evangelist"])
    assert bought.mean() > 0.85


def test_visits_follow_the_local_day_and_mailings_set_days(events, contacts):
    visits = events[events["event"] == "page_visited"].copy()
    visits["zone"] = visits["key"].map(contacts["time_zone"])
    for zone in ("Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata"):
        at = visits.loc[visits["zone"] == zone, "at"].dt.tz_localize("UTC").dt.tz_convert(zone)
        assert at.dt.hour.between(2, 5).mean() < 0.06
        assert (at.dt.day_of_week < 5).mean() > 0.72
    sends = events[(events["event"] == "email_sent") & (events["campaign"] != "Welcome")]
    assert sends["at"].dt.date.nunique() < 80
    weekly = sends[sends["campaign"].str.startswith("Newsletter")]
    assert set(weekly["at"].dt.day_of_week) == {1}


def test_contact_data_has_gaps_of_different_sizes(contacts):
    gaps = contacts.isna().mean()
    assert gaps["created_at"] == 0
    for field, share in {"email": 0.03, "city": 0.17, "phone": 0.45, "birthday": 0.55}.items():
        assert gaps[field] == pytest.approx(share, abs=0.02)
    assert (gaps > 0).sum() >= 15
    assert contacts["company"].dropna().str.strip().eq("").any()


def test_some_addresses_are_shared_in_other_spellings_and_some_are_bad(contacts):
    typed = contacts["email"].dropna()
    plain = typed.str.strip().str.lower()
    shared = plain.duplicated(keep=False)
    assert shared.mean() == pytest.approx(0.015, abs=0.002)
    assert (plain.value_counts() <= 2).all()
    assert (typed != plain)[shared].any()
    assert typed[shared].duplicated().any()
    bad = ~plain.str.fullmatch(r"[a-z.]+\d+@[a-z]+\.(example|com|net|org)")
    assert bad.mean() == pytest.approx(0.01, abs=0.003)
    assert (contacts.loc[typed[bad].index, "email_status"] == "invalid").all()


def test_place_phone_and_time_zone_fit_the_country(contacts):
    for country in COUNTRIES:
        here = contacts[contacts["country"] == country.code]
        cities = [city.split("|") for city in country.cities.split(",")]
        assert set(here["city"].dropna().str.strip()) <= {name for name, _ in cities} | {""}
        assert set(here["time_zone"].dropna()) <= {zone for _, zone in cities}
        assert here["phone"].dropna().str.startswith(f"+{country.prefix}").all()
        home = set(country.languages.split())
        assert 0.85 < here["language"].dropna().isin(home).mean() < 1


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("first_name", r"^="),
        ("first_name", r"[\u0590-\u06ff]"),
        ("first_name", "🌻"),
        ("first_name", '"'),
        ("last_name", "ü"),
        ("company", r"^<b>"),
        ("company", "\n"),
    ],
)
def test_some_values_break_careless_code(contacts, field, text):
    assert contacts[field].str.contains(text, na=False).any()


def test_few_tags_are_common_and_many_are_rare(batches):
    tags = pa.concat_tables([b.tags for b in batches]).to_pandas()
    assert not tags.duplicated().any()
    assert tags["key"].value_counts().max() <= MOST
    shares = tags["tag"].value_counts() / 30_000
    assert set(shares.index) == set(TAGS)
    assert shares.index[0] == "compliant"
    assert shares["compliant"] == pytest.approx(0.6, abs=0.03)
    ranks = np.arange(2, len(shares) + 1)
    slope = np.polyfit(np.log(ranks), np.log(shares.to_numpy()[1:]), 1)[0]
    assert -1.4 < slope < -0.7


@pytest.mark.parametrize("contacts", [1_000, 30_000])
def test_shares_do_not_depend_on_the_size(contacts):
    found = list(generate(contacts, seed=11, until=UNTIL))
    events = sum(len(b.events) for b in found) / contacts
    tags = sum(len(b.tags) for b in found) / contacts
    assert events == pytest.approx(27, rel=0.15)
    assert tags == pytest.approx(2.3, rel=0.15)


def test_most_tags_were_given_at_a_known_time_of_the_contact(batches, contacts):
    tags = pa.concat_tables([b.tags for b in batches]).to_pandas()
    assert tags["at"].isna().mean() == pytest.approx(0.11, abs=0.02)
    undated = tags["tag"].isin(UNDATED)
    assert undated.any()
    assert tags.loc[undated, "at"].isna().all()
    created = tags["key"].map(contacts["created_at"])
    dated = tags["at"].notna()
    assert (tags["at"] >= created)[dated].all()
    assert (tags["at"] <= UNTIL)[dated].all()
    assert (tags["at"] == created)[dated & (tags["tag"] == "imported")].all()
    assert (tags["at"] > UNTIL - dt.timedelta(days=30))[dated].mean() > 0.02


def test_interests_are_lists_some_of_them_empty_or_untidy(contacts):
    lists = contacts["interests"]
    assert lists.isna().mean() == pytest.approx(0.3, abs=0.02)
    known = lists.dropna()
    sizes = known.map(len)
    assert 0.1 < (sizes == 0).mean() < 0.35
    assert sizes.max() >= 5
    items = known.explode().dropna()
    counts = items.value_counts()
    assert set(INTERESTS) < set(items)
    assert counts["Running"] > 2 * counts["Climbing"] > counts["Sustainability"]
    assert {"", " ", "running ", "HIKING"} <= set(items)
    assert "Apre\u0300s-ski" in set(items)


def test_most_orders_are_sent_home_and_the_others_to_the_same_country(contacts):
    city, to = contacts["city"], contacts["shipping_city"]
    assert to.isna().mean() == pytest.approx(0.32, abs=0.02)
    both = contacts[city.notna() & to.notna() & city.str.strip().ne("")]
    same = both["city"].str.lower() == both["shipping_city"].str.lower()
    assert 0.8 < same.mean() < 0.95
    assert (both["city"] != both["shipping_city"])[same].any()
    for country in COUNTRIES:
        here = contacts.loc[contacts["country"] == country.code, "shipping_city"].dropna()
        cities = {city.split("|")[0].lower() for city in country.cities.split(",")}
        assert set(here.str.lower()) <= cities


def test_the_last_order_and_visit_are_those_of_the_events(events, contacts):
    for field, event in {"last_order_at": "order_placed", "last_visit_at": "page_visited"}.items():
        last = events[events["event"] == event].groupby("key")["at"].max()
        found = contacts[field].dropna()
        assert found.equals(last.reindex(found.index).rename(field))
        assert len(found) == len(last)
    later = contacts["last_order_at"] > contacts["last_visit_at"]
    assert later.any()
    assert not later[contacts["last_order_at"].notna()].all()


def test_checkouts_lie_between_cart_and_order_with_the_same_amount(events, contacts):
    of = {event: events[events["event"] == event] for event in OF_EVENT}
    carts, checkouts, orders = (
        of[event][["key", "at", "amount", "product"]]
        for event in ("cart_updated", "checkout_started", "order_placed")
    )
    same = ["key", "amount", "product"]
    both = checkouts.merge(carts, on=same, suffixes=("", "_cart"))
    assert both[both["at_cart"] < both["at"]].groupby([*same, "at"]).ngroups == len(checkouts)
    paid = checkouts.merge(orders, on=same, suffixes=("", "_paid"))
    bought = paid[paid["at"] < paid["at_paid"]].groupby([*same, "at"]).ngroups
    assert 0.6 < bought / len(checkouts) < 0.9
    assert 0.5 < len(checkouts) / len(carts) < 0.8
