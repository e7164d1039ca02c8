"""Delivering exports: once, whatever is killed in between, with nothing lost and nothing double."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from deliveries import (
    BATCH,
    COLUMNS,
    GERMANS,
    Killer,
    add_hook,
    deliver_there,
    export_there,
    exported,
    opened,
    started,
)
from destinations.services import SECRET, Answer, Service, WebhookReceiver, serving
from postgres import PostgresServer

from segbench.audience.export import verify_export
from segbench.destinations.settings import write_destinations
from segbench.errors import DeliveryError, NotSaved
from segbench.lake.presence import lock
from segbench.model.rules import as_group
from segbench.model.segment import Segment
from segbench.workbench import handing
from segbench.workbench.delivering import LOCKS, deliver
from segbench.workbench.verifying import verify
from segbench.workbench.workbench import Workbench
from segbench.workbench.workspace import Workspace

KILLED = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", SECRET)


@pytest.fixture
def receiver() -> WebhookReceiver:
    return WebhookReceiver()


@pytest.fixture
def hook(receiver: WebhookReceiver) -> Iterator[Service]:
    with serving(receiver) as service:
        yield service


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose library is in a file, or in PostgreSQL."""
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        monkeypatch.setenv("PGPASSWORD", server.password)
        parts = urlsplit(server.fresh_database())
        login = f"{server.user}@{parts.netloc.rpartition('@')[2]}"
        url = urlunsplit(parts._replace(netloc=login)) + "?schema=own"
        workspace = Workspace(folder)
        workspace.write(replace(workspace.settings(), library=url))
    return folder


def test_every_recipient_is_delivered_once_with_cleaned_values(
    own: Workbench, hook: Service, receiver: WebhookReceiver
) -> None:
    record = exported(own)
    add_hook(own, hook.url)
    seen: list[int] = []
    done = deliver(own, record.id, "hook", progress=seen.append)
    assert (done.state, done.accepted, done.rejected) == ("done", record.count, 0)
    assert seen == [*range(BATCH, record.count, BATCH), record.count]
    expected = own.contacts(GERMANS, COLUMNS)
    assert [each["key"] for each in receiver.recipients] == expected["key"].tolist()
    phones = {each["phone"] for each in receiver.recipients if "phone" in each}
    assert phones
    assert all(phone.startswith("+") and phone[1:].isdigit() for phone in phones)
    assert own.library.deliveries.of_export(record.id) == (done,)


def test_an_export_is_delivered_again_only_if_it_is_meant(
    own: Workbench, hook: Service, receiver: WebhookReceiver
) -> None:
    record = exported(own)
    add_hook(own, hook.url)
    first = deliver(own, record.id, "hook")
    with pytest.raises(DeliveryError, match=r"was delivered to 'hook' on .* already"):
        deliver(own, record.id, "hook")
    again = deliver(own, record.folder, "hook", again=True)
    assert (first.key, again.key) == (f"{record.id}:hook:1", f"{record.id}:hook:2")
    assert len(receiver.recipients) == 2 * record.count


def test_a_delivery_that_failed_says_why_and_goes_on(
    own: Workbench, hook: Service, receiver: WebhookReceiver
) -> None:
    record = exported(own)
    add_hook(own, hook.url)
    hook.before = lambda _, number: Answer(418, "tea") if number == 3 else None
    with pytest.raises(DeliveryError, match=r"refuses \(418\): \"tea\""):
        deliver(own, record.id, "hook")
    (failed,) = own.library.deliveries.of_export(record.id)
    assert (failed.state, failed.done, failed.accepted) == ("failed", 2 * BATCH, 2 * BATCH)
    assert "418" in failed.error
    assert deliver(own, record.id, "hook").accepted == record.count
    keys = [each["key"] for each in receiver.recipients]
    assert len(keys) == len(set(keys)) == record.count


def test_two_processes_never_deliver_the_same_at_once(own: Workbench, hook: Service) -> None:
    record = exported(own)
    add_hook(own, hook.url)
    locks = own.workspace.exports / LOCKS
    locks.mkdir(exist_ok=True)
    file = os.open(locks / f"{record.id}-hook", os.O_CREAT | os.O_RDWR)
    try:
        assert lock(file) is not False
        with pytest.raises(DeliveryError, match="Another process is delivering this export"):
            deliver(own, record.id, "hook")
    finally:
        os.close(file)
    assert hook.requests == []
    assert deliver(own, record.id, "hook").state == "done"


def test_what_is_not_whole_is_not_delivered(own: Workbench, hook: Service) -> None:
    record = exported(own)
    add_hook(own, hook.url)
    path = handing.folder_of(own, record) / "recipients.csv"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(DeliveryError, match=r"is not whole: recipients\.csv has"):
        deliver(own, record.id, "hook")
    assert hook.requests == []
    assert own.library.deliveries.of_export(record.id) == ()


def test_recipients_are_read_from_a_parquet_file(own: Workbench, hook: Service) -> None:
    record = exported(own, "csv")
    add_hook(own, hook.url)
    with pytest.raises(DeliveryError, match="has no Parquet file to read them from"):
        deliver(own, record.id, "hook")


def test_what_there_is_not_is_said_before_anything_is_sent(own: Workbench, hook: Service) -> None:
    record = exported(own)
    add_hook(own, hook.url)
    with pytest.raises(DeliveryError, match="There is no destination 'hok'; did you mean 'hook'"):
        deliver(own, record.id, "hok")
    with pytest.raises(NotSaved, match="There is no export"):
        deliver(own, "nothing", "hook")
    assert hook.requests == []


def test_a_folder_takes_the_whole_export(own: Workbench, tmp_path: Path) -> None:
    record = exported(own, "csv", "xlsx")
    write_destinations(own.workspace.root, {"share": {"kind": "folder", "path": str(tmp_path)}})
    assert deliver(own, record.id, "share").accepted == record.count
    assert verify_export(tmp_path / record.folder, record.manifest_sha256) == ()


def test_no_secret_is_in_any_file_of_the_workspace(own: Workbench, hook: Service) -> None:
    record = exported(own)
    add_hook(own, hook.url)
    hook.before = lambda _, number: Answer(400, {"key": SECRET}) if number == 2 else None
    with pytest.raises(DeliveryError):
        deliver(own, record.id, "hook")
    own.library.close()
    secret = SECRET.encode()
    files = [path for path in own.workspace.root.rglob("*") if path.is_file()]
    assert any(path.name == "destinations.json" for path in files)
    assert [path for path in files if secret in path.read_bytes()] == []


@KILLED
def test_a_killed_delivery_loses_nobody_and_sends_nobody_twice(
    place: Path, hook: Service, receiver: WebhookReceiver
) -> None:
    with opened(place) as workbench:
        record = exported(workbench)
        add_hook(workbench, hook.url)
        # Killed before the service took a batch, and after it did, but before that was noted.
        for dies_at, took_it in ((3, False), (6, True)):
            hook.before = killer = Killer(receiver, dies_at, took_it)
            killer.kill(started(deliver_there, place, record.id))
            (left,) = workbench.library.deliveries.of_export(record.id)
            assert left.state == "running"
            assert left.done < record.count
        hook.before = lambda _, __: None
        done = deliver(workbench, record.id, "hook")
        assert (done.state, done.done, done.accepted) == ("done", record.count, record.count)
        expected = workbench.contacts(GERMANS, ["key"])["key"].tolist()
    # By its key each batch counts once, however often it came.
    assert [each["key"] for each in receiver.recipients] == expected
    assert len(hook.requests) == len(receiver.batches) + 2
    assert {json.loads(body)["delivery"] for body in receiver.batches.values()} == {done.key}


@KILLED
def test_a_killed_export_is_whole_and_recorded_or_can_be_made_again(folder: Path) -> None:
    with opened(folder) as workbench:
        workbench.save(Segment("Germans", as_group(GERMANS)))
        for dies_at in ("while it writes", "before it is recorded", "after it is recorded"):
            process = started(export_there, folder, dies_at)
            process.join()
            assert process.exitcode == -9
            records = [e for c in workbench.library.campaigns() for e in c.exports]
            assert len(records) == (dies_at == "after it is recorded")
            # What was written whole, but never recorded, is no export of a campaign; nothing is
            # half.
            for each in workbench.workspace.exports.iterdir():
                assert each.name.startswith(".") or verify_export(each) == ()
        made = exported(workbench)
        for id in (records[0].id, made.id):
            assert verify(workbench, id).problems == ()
