"""Activity and orders of two sides are those of their contacts, counted one by one."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from population import AS_OF, CONTACTS, ZONE, batch

from segbench.engine.cache import CacheSizes
from segbench.engine.membership import Membership
from segbench.errors import RuleError, UnknownName
from segbench.lake.lake import Lake
from segbench.lake.tables import Notes
from segbench.model.ask import did, field
from segbench.workbench.happened import ENGAGEMENT, Every, activity_of, event_names, sales_of
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Settings, Workspace


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    place = Workspace(tmp_path_factory.mktemp("active"))
    place.write(Settings(time_zone=str(ZONE), as_of=AS_OF, week_start="sunday"))
    with Lake.create(place.lake) as lake:
        lake.load([batch(CONTACTS)], Notes())
    with Workbench.open(place.root) as workbench:
        yield workbench


@pytest.mark.parametrize("every", ["week", "month"])
@pytest.mark.parametrize("event", ["page_visited", "email_opened"])
def test_a_period_has_those_who_did_the_event_in_it(
    awkward: Workbench, event: str, every: Every
) -> None:
    here = awkward.members(field("age").at_least(18))
    there = Membership.everyone(awkward.contacts_total)
    found = activity_of(awkward, here, there, event, every)
    for point in found.points:
        rule = did(event).during(point.period.start, point.period.end)
        held = awkward.members(rule)
        assert (point.here, point.there) == (len(here & held), len(held))
    assert any(point.there for point in found.points)
    days = [(point.period.start, point.period.end) for point in found.points]
    assert all(end + dt.timedelta(days=1) == start for (_, end), (start, _) in pairwise(days))
    assert [point.period.whole for point in found.points].count(False) <= 1
    if every == "week":
        assert {start.weekday() for start, _ in days} == {6}


def test_engagement_leaves_out_opens_by_machines(awkward: Workbench) -> None:
    there = Membership.everyone(awkward.contacts_total)
    found = activity_of(awkward, there, there, ENGAGEMENT, "month")
    words, zone = awkward.settings.words, ZoneInfo(str(ZONE))
    last = found.points[-1]

    def counts(name: str, at: dt.datetime, machine: object) -> bool:
        day = at.replace(tzinfo=dt.UTC).astimezone(zone).date()
        inside = last.period.start <= day <= last.period.end and at <= AS_OF
        return inside and name in words.engagement and not (name == words.opened and machine)

    active = sum(
        any(counts(e.name, e.at, e.properties.get(words.machine_open)) for e in contact.events)
        for contact in CONTACTS
    )
    assert last.here == last.there == active
    here, there_mean = found.means()
    assert here == pytest.approx(there_mean)
    whole = [point.here for point in found.points if point.period.whole]
    assert here == pytest.approx(sum(whole) / len(whole) / len(CONTACTS))


def test_orders_count_up_to_now_and_their_amounts_where_they_have_one(awkward: Workbench) -> None:
    members = awkward.members(field("age").at_least(18))
    found = sales_of(awkward, members)
    orders = {
        at: [e for e in contact.events if e.name == "order_placed" and e.at <= AS_OF]
        for at, contact in enumerate(CONTACTS)
        if at in set(members.ids().tolist())
    }
    amounts = [e.properties.get("amount") for each in orders.values() for e in each]
    known = [a for a in amounts if a is not None and abs(a) < float("inf") and a == a]
    assert found is not None
    assert found.contacts == len(members)
    assert found.buyers == sum(bool(each) for each in orders.values())
    assert found.orders == len(amounts)
    assert found.valued == len(known)
    assert found.revenue == pytest.approx(sum(known))
    assert found.average == pytest.approx(sum(known) / len(known))
    assert found.orders_each == pytest.approx(len(amounts) / len(members))
    assert found.revenue_each == pytest.approx(sum(known) / len(members))


def test_what_is_kept_of_events_is_bounded_like_sets_of_contacts(
    awkward: Workbench, tmp_path: Path
) -> None:
    place, crowd = Workspace(tmp_path), CONTACTS[:-7]
    place.write(replace(awkward.settings, cache_mb=CacheSizes(sets=0)))
    with Lake.create(place.lake) as lake:
        lake.load([batch(crowd)], Notes())
    with Workbench.open(place.root) as workbench:
        everyone = Membership.everyone(len(crowd))
        for event in event_names(workbench):
            found = activity_of(workbench, everyone, everyone, event)
            assert sales_of(workbench, everyone) is not None
            assert activity_of(workbench, everyone, everyone, event) == found
        gc.collect()
        kept = [x for x in gc.get_objects() if isinstance(x, Membership)]
        assert sum(x.contacts == len(crowd) for x in kept) < 2 * len(found.points)


def test_nobody_orders_nothing(awkward: Workbench) -> None:
    found = sales_of(awkward, Membership.nobody(awkward.contacts_total))
    assert found is not None
    assert (found.buyers, found.orders, found.revenue) == (0, 0, 0)
    assert (found.orders_each, found.revenue_each, found.average) == (None, None, None)


def test_events_of_the_vocabulary_come_first(shared: Workbench) -> None:
    names = event_names(shared)
    assert set(names) == {event.name for event in shared.catalog.events}
    words = shared.settings.words
    assert names[: len(words.engagement)] == words.engagement


def test_an_unknown_event_or_period_is_refused(shared: Workbench) -> None:
    everyone = Membership.everyone(shared.contacts_total)
    with pytest.raises(UnknownName, match="page_visit"):
        activity_of(shared, everyone, everyone, "page_visit")
    with pytest.raises(RuleError, match="'week' or 'month'"):
        activity_of(shared, everyone, everyone, ENGAGEMENT, "year")  # type: ignore[arg-type]
