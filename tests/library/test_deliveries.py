"""Deliveries in the library: begun once, held by one, gone on with where they were."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from segbench.errors import DeliveryError, InUse, NotSaved
from segbench.library.library import Library
from segbench.model.campaign import ExportRecord

NOW = dt.datetime(2026, 10, 23, 9, 30, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
SUM = "a" * 64


@pytest.fixture
def exported(library: Library) -> Library:
    """A library with a campaign and two exports of it."""
    library.create_campaign("Spring", now=NOW)
    for id in ("e1", "e2"):
        record = ExportRecord(id, NOW, f"folder-{id}", "Customers", 10, SUM, SUM, 1)
        library.record_export("Spring", record, now=NOW)
    return library


def begin(library: Library, export: str = "e1", to: str = "Share", **more: Any) -> Any:
    values = {"holder": "me", "now": NOW} | more
    return library.deliveries.begin(export, to, **values)


def advance(library: Library, key: str, done: int, holder: str = "me", **detail: Any) -> None:
    library.deliveries.advance(
        key, holder=holder, done=done, accepted=done - 1, rejected=1, detail=detail, now=LATER
    )


def test_a_delivery_begins_with_a_key_of_its_own(exported: Library) -> None:
    first, other = begin(exported), begin(exported, to="Mail Ü")
    assert (first.export, first.destination, first.key) == ("e1", "Share", "e1:Share:1")
    assert (first.state, first.done, first.begun) == ("running", 0, NOW)
    assert other.key == "e1:Mail Ü:1"
    assert exported.deliveries.of_export("e1") == (first, other)
    assert exported.deliveries.of_export("e2") == ()


def test_how_far_it_got_is_kept(exported: Library) -> None:
    key = begin(exported).key
    advance(exported, key, 4, job="J1")
    (found,) = exported.deliveries.all()
    assert (found.done, found.accepted, found.rejected) == (4, 3, 1)
    assert (found.detail, found.updated, found.begun) == ({"job": "J1"}, LATER, NOW)


def test_one_that_was_broken_off_goes_on_where_it_was_with_the_same_key(exported: Library) -> None:
    first = begin(exported)
    advance(exported, first.key, 4, job="J1")
    again = begin(exported, holder="other", now=LATER)
    assert (again.key, again.done, again.detail) == (first.key, 4, {"job": "J1"})
    failed = exported.deliveries.end(
        first.key, holder="other", state="failed", error="no answer", now=LATER
    )
    assert (failed.state, failed.error) == ("failed", "no answer")
    third = begin(exported, holder="third")
    assert (third.key, third.state, third.done, third.error) == (first.key, "running", 4, "")
    assert len(exported.deliveries.all()) == 1


def test_who_lost_it_to_another_cannot_move_it_on(exported: Library) -> None:
    key = begin(exported).key
    begin(exported, holder="other")
    with pytest.raises(DeliveryError, match="Another process took up the delivery"):
        advance(exported, key, 9)
    with pytest.raises(DeliveryError, match="Another process took up the delivery"):
        exported.deliveries.end(key, holder="me", state="done", now=NOW)
    advance(exported, key, 2, holder="other")
    assert exported.deliveries.all()[0].done == 2


def test_one_that_is_done_is_done_again_only_if_it_is_meant(exported: Library) -> None:
    key = begin(exported).key
    exported.deliveries.end(key, holder="me", state="done", now=NOW)
    with pytest.raises(DeliveryError, match="'e1' was delivered to 'Share' on 2026-10-23 09:30"):
        begin(exported)
    again = begin(exported, again=True)
    assert (again.key, again.done) == ("e1:Share:2", 0)
    # Asked for again while that one is under way, it goes on with it.
    assert begin(exported, again=True).key == "e1:Share:2"


def test_an_export_that_does_not_exist_is_not_delivered(exported: Library) -> None:
    with pytest.raises(NotSaved, match="'e3'; did you mean"):
        begin(exported, export="e3")
    assert exported.deliveries.all() == ()


def test_a_campaign_with_deliveries_stays_as_their_record(exported: Library) -> None:
    begin(exported)
    with pytest.raises(InUse, match="2 exports"):
        exported.delete_campaign("Spring")
    assert len(exported.deliveries.all()) == 1
