"""Services that take recipients: the requests, limits, rejects, and going on after a failure."""

from __future__ import annotations

import base64
import gzip
import json
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import pytest

from destinations.certificates import tls_serving, write_certificate
from destinations.services import (
    SECRET,
    Answer,
    HighLevelLocation,
    KlaviyoAccount,
    MailchimpAccount,
    Request,
    Service,
    WebhookReceiver,
    serving,
)
from destinations.shipments import person, sent, sent_until_it_breaks, shipment
from segbench.destinations import calls, klaviyo_batch
from segbench.destinations.calls import TRIES
from segbench.destinations.highlevel import HighLevel
from segbench.destinations.klaviyo import Klaviyo
from segbench.destinations.mailchimp import Mailchimp
from segbench.destinations.shipment import (
    MOST_REASONS,
    MOST_REJECTS,
    Destination,
    Standing,
)
from segbench.destinations.webhook import Webhook
from segbench.errors import DeliveryError

NOW = datetime(2026, 10, 23, 9, 30, tzinfo=UTC)
FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts" / "api"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", SECRET)


@pytest.fixture
def waits() -> list[float]:
    """How long was waited."""
    return []


@pytest.fixture
def hook() -> Iterator[Service]:
    with serving(WebhookReceiver()) as service:
        yield service


def webhook(url: str, waits: list[float], **more: Any) -> Webhook:
    return Webhook("hook", url, "env:A_KEY", lambda: NOW, private=True, pause=waits.append, **more)


def mailchimp(url: str, waits: list[float], **more: Any) -> Mailchimp:
    more |= {"endpoint": url, "private": True, "pause": waits.append}
    return Mailchimp("mc", "us6", "abc123", "env:A_KEY", **more)


def klaviyo_at(url: str, waits: list[float], **more: Any) -> Klaviyo:
    return Klaviyo("kl", "env:A_KEY", endpoint=url, private=True, pause=waits.append, **more)


def highlevel(url: str, waits: list[float], **more: Any) -> HighLevel:
    more |= {"endpoint": url, "private": True, "pause": waits.append}
    return HighLevel("hl", "loc1", "env:A_KEY", **more)


def test_a_webhook_gets_signed_batches_with_a_key_each(
    hook: Service, tmp_path: Path, waits: list[float]
) -> None:
    people = [person(n) for n in range(7)]
    done = sent(webhook(f"{hook.url}/in?x=1", waits, batch=3), shipment(tmp_path / "e", people))
    assert (done.done, done.accepted, done.rejected) == (7, 7, 0)
    assert [r.headers["idempotency-key"] for r in hook.requests] == [
        f"e1-there-1-{start}" for start in (0, 3, 6)
    ]
    assert hook.requests[0].query == {"x": "1"}
    receiver = hook.respond
    assert isinstance(receiver, WebhookReceiver)
    assert receiver.recipients[1] == {
        "key": "c1",
        "email": "p1@example.com",
        "first_name": "P1",
        "score": 1,
        "plan": "pro",
    }
    assert hook.requests[0].headers["x-segbench-timestamp"] == str(int(NOW.timestamp()))


def test_what_a_webhook_rejects_is_kept_with_its_reason(
    hook: Service, tmp_path: Path, waits: list[float]
) -> None:
    receiver = hook.respond
    assert isinstance(receiver, WebhookReceiver)
    receiver.rejects = {"c1": "p1@example.com is blocked", "c2": "", "nobody": "x"}
    done = sent(webhook(hook.url, waits), shipment(tmp_path / "e", [person(n) for n in range(4)]))
    assert (done.done, done.accepted, done.rejected) == (4, 2, 2)
    # Not the address: what is kept of a reject is its key.
    assert done.detail["rejects"] == [["c1", "… is blocked"], ["c2", "no reason given"]]
    assert done.detail["reasons"] == {"… is blocked": 1, "no reason given": 1}


def test_however_many_are_rejected_what_is_kept_of_them_is_bounded() -> None:
    standing = Standing()
    for batch in range(5):
        rejects = [(f"c{batch}-{n}", f"reason {batch}-{n} " + "x" * 1_000) for n in range(100)]
        standing = standing.after(150, rejects)
    assert (standing.done, standing.accepted, standing.rejected) == (750, 250, 500)
    assert len(standing.detail["rejects"]) == MOST_REJECTS
    assert len(standing.detail["reasons"]) == MOST_REASONS + 1
    assert sum(standing.detail["reasons"].values()) == 500
    assert len(json.dumps(standing.detail)) < 100_000


def test_a_delivery_goes_on_where_it_was(hook: Service, tmp_path: Path, waits: list[float]) -> None:
    what = shipment(tmp_path / "e", [person(n) for n in range(5)])
    done = sent(webhook(hook.url, waits, batch=2), what, Standing(2, 1, 1, {"a": 1}))
    assert (done.done, done.accepted, done.rejected, done.detail) == (5, 4, 1, {"a": 1})
    receiver = hook.respond
    assert isinstance(receiver, WebhookReceiver)
    assert [each["key"] for each in receiver.recipients] == ["c2", "c3", "c4"]


def test_a_service_that_stumbles_is_tried_again_with_the_same_key(
    hook: Service, tmp_path: Path, waits: list[float]
) -> None:
    answers = {1: 503, 2: 500, 4: 429}
    hook.before = lambda _, number: Answer(answers[number]) if number in answers else None
    done = sent(
        webhook(hook.url, waits, batch=2), shipment(tmp_path / "e", [person(n) for n in range(4)])
    )
    assert done.accepted == 4
    assert waits == [1.0, 2.0, 1.0]
    keys = [request.headers["idempotency-key"][-1] for request in hook.requests]
    assert keys == ["0", "0", "0", "2", "2"]


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry-After": "7"}, 7.0),
        (
            {
                "Retry-After": "Fri, 23 Oct 2026 09:31:00 GMT",
                "Date": "Fri, 23 Oct 2026 09:30:30 GMT",
            },
            30.0,
        ),
        ({"Retry-After": "soon"}, 1.0),
        ({}, 1.0),
    ],
)
def test_a_service_says_how_long_to_wait(
    headers: dict[str, str], waited: float, hook: Service, tmp_path: Path, waits: list[float]
) -> None:
    hook.before = lambda _, number: Answer(429, None, headers) if number == 1 else None
    sent(webhook(hook.url, waits), shipment(tmp_path / "e", [person(1)]))
    assert waits == [waited]


def test_a_service_that_asks_for_too_long_is_left_for_later(
    hook: Service, tmp_path: Path, waits: list[float]
) -> None:
    hook.before = lambda _, __: Answer(429, None, {"Retry-After": "86400"})
    with pytest.raises(DeliveryError, match="asks to wait 86,400 s; deliver again then"):
        sent(webhook(hook.url, waits), shipment(tmp_path / "e", [person(1)]))
    assert waits == []


def test_a_service_that_never_answers_well_is_given_up(
    hook: Service, tmp_path: Path, waits: list[float]
) -> None:
    hook.before = lambda _, __: Answer(502)
    with pytest.raises(DeliveryError, match=r"answers 502, 6 times\. Deliver again to go on"):
        sent(webhook(hook.url, waits), shipment(tmp_path / "e", [person(1)]))
    assert len(hook.requests) == TRIES
    assert waits == [1, 2, 4, 8, 16]


def test_an_answer_without_end_is_not_read_to_its_end(
    hook: Service, tmp_path: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "LARGEST", 1 << 20)
    packed = gzip.compress(b" " * (8 << 20))
    assert len(packed) < 20_000
    hook.before = lambda _, __: Answer(200, packed, {"Content-Encoding": "gzip"})
    with pytest.raises(DeliveryError, match="answers with more than 1 MB"):
        sent(webhook(hook.url, waits), shipment(tmp_path / "e", [person(1)]))


def test_nobody_there_is_said_plainly(tmp_path: Path, waits: list[float]) -> None:
    with serving(WebhookReceiver()) as gone:
        url = gone.url
    with pytest.raises(DeliveryError, match="does not answer: ConnectError"):
        sent(webhook(url, waits), shipment(tmp_path / "e", [person(1)]))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_refused(
    status: int, hook: Service, tmp_path: Path, waits: list[float]
) -> None:
    with serving(WebhookReceiver()) as elsewhere:
        hook.before = lambda _, __: Answer(status, None, {"Location": elsewhere.url})
        with pytest.raises(DeliveryError, match=r"answers with a redirect .* are refused"):
            sent(webhook(hook.url, waits), shipment(tmp_path / "e", [person(1)]))
        assert elsewhere.requests == []


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/x", "over HTTPS; plain HTTP is for destinations that are marked"),
        ("https://me:pw@example.com", "no user and password in it"),
        ("ftp://example.com", "That is no URL"),
        ("example.com", "That is no URL"),
    ],
)
def test_a_webhook_is_reached_over_https(url: str, why: str) -> None:
    with pytest.raises(DeliveryError, match=why):
        Webhook("hook", url, "env:A_KEY", lambda: NOW)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"],
)
def test_an_address_of_a_private_network_is_refused_unless_it_is_meant(
    address: str, tmp_path: Path, waits: list[float]
) -> None:
    place = Webhook("hook", f"https://{address}/x", "env:A_KEY", lambda: NOW, pause=waits.append)
    with pytest.raises(DeliveryError, match="at an address of a private network"):
        sent(place, shipment(tmp_path / "e", [person(1)]))


def test_a_name_is_looked_up_once_a_call_and_cannot_move_in_between(
    hook: Service, tmp_path: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    real = socket.getaddrinfo

    def moving(host: Any, *words: Any, **more: Any) -> Any:
        if host == "hook.example":
            asked.append(host)
            host = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return real(host, *words, **more)

    monkeypatch.setattr(socket, "getaddrinfo", moving)
    url = hook.url.replace("127.0.0.1", "hook.example")
    sent(webhook(url, waits), shipment(tmp_path / "e", [person(1)]))
    assert asked == ["hook.example"]
    assert hook.requests[0].headers["host"] == url.removeprefix("http://")
    place = Webhook("hook", "https://hook.example", "env:A_KEY", lambda: NOW)
    with pytest.raises(DeliveryError, match="at an address of a private network"):
        sent(place, shipment(tmp_path / "e", [person(1)]))


@pytest.mark.parametrize("host", ["hook.example", "other.example"])
def test_the_certificate_must_be_for_the_name_although_an_address_is_called(
    host: str, tmp_path: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = tmp_path / "hook.pem"
    write_certificate(certificate, "hook.example")
    real, usual = socket.getaddrinfo, httpx.Client
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, *words, **more: real("127.0.0.1", *words, **more)
    )
    trusts = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(httpx, "Client", lambda **more: usual(verify=trusts, **more))
    with tls_serving(certificate) as (port, hosts):
        place = webhook(f"https://{host}:{port}", waits)
        what = shipment(tmp_path / "e", [person(1)])
        if host == "hook.example":
            assert sent(place, what).accepted == 1
        else:
            with pytest.raises(DeliveryError, match="certificate that is not trusted"):
                sent(place, what)
    assert hosts == [f"hook.example:{port}"] * (host == "hook.example")
    assert waits == []


def test_mailchimp_gets_members_in_batches_of_at_most_500(
    tmp_path: Path, waits: list[float]
) -> None:
    account = MailchimpAccount()
    with serving(account) as service:
        place = mailchimp(service.url, waits, tags=("spring",), merge_fields={"SCORE": "score"})
        done = sent(place, shipment(tmp_path / "e", [person(n) for n in range(1_201)]))
    assert [len(r.data["members"]) for r in service.requests] == [500, 500, 201]
    assert (done.accepted, len(account.members)) == (1_201, 1_201)
    assert account.members["p3@example.com"] == {
        "email_address": "p3@example.com",
        "email_type": "html",
        "status": "subscribed",
        "merge_fields": {"FNAME": "P3", "SCORE": 3},
        "tags": ["spring"],
    }
    assert all(request.data["update_existing"] for request in service.requests)


def test_mailchimp_gets_birthdays_and_whole_addresses_only(
    tmp_path: Path, waits: list[float]
) -> None:
    account, place = MailchimpAccount(), {"address": "1 Main St", "city": "Rome", "state": "GA"}
    whole = person(1, **place, postal_code="30161", country="US", birthday="1990-09-05")
    with serving(account) as service:
        people = [whole, person(2, **place)]
        sent(mailchimp(service.url, waits), shipment(tmp_path / "e", people))
    merged = account.members["p1@example.com"]["merge_fields"]
    assert merged["BIRTHDAY"] == "09/05"
    parts = {"addr1": "1 Main St", "city": "Rome", "state": "GA", "zip": "30161", "country": "US"}
    assert merged["ADDRESS"] == parts
    assert "ADDRESS" not in account.members["p2@example.com"]["merge_fields"]


def test_what_mailchimp_does_not_take_is_told_with_its_reason(
    tmp_path: Path, waits: list[float]
) -> None:
    account = MailchimpAccount()
    account.bad = {"p1@example.com": "p1@example.com looks fake or invalid"}
    people = [person(0), person(1), person(2, email=""), person(3, email="P0@example.com")]
    with serving(account) as service:
        done = sent(mailchimp(service.url, waits), shipment(tmp_path / "e", people))
    assert (done.done, done.accepted, done.rejected) == (4, 1, 3)
    assert dict(map(tuple, done.detail["rejects"])) == {
        "c1": "… looks fake or invalid",
        "c2": "without an e-mail address",
        "c3": "the same e-mail address as another in its batch",
    }


def test_a_batch_of_nobody_calls_nobody(tmp_path: Path, waits: list[float]) -> None:
    with serving(MailchimpAccount()) as service:
        people = [person(n, email="") for n in range(3)]
        done = sent(mailchimp(service.url, waits), shipment(tmp_path / "e", people))
    assert (done.done, done.rejected, service.requests) == (3, 3, [])


def test_klaviyo_gets_jobs_and_is_asked_until_they_are_complete(
    tmp_path: Path, waits: list[float]
) -> None:
    account = KlaviyoAccount()
    account.slow = 3
    with serving(account) as service:
        people = [person(1, phone="+491701234567", city="Berlin", birthday="1990-09-05")]
        done = sent(klaviyo_at(service.url, waits, list="L1"), shipment(tmp_path / "e", people))
    assert (done.accepted, account.lists, waits) == (1, ["L1"], [1.0, 2.0, 3.0])
    assert "job" not in done.detail
    assert account.profiles()["p1@example.com"] == {
        "email": "p1@example.com",
        "phone_number": "+491701234567",
        "first_name": "P1",
        "location": {"city": "Berlin"},
        "properties": {"score": 1, "plan": "pro", "Birthday": "1990-09-05"},
    }


def test_klaviyo_jobs_stay_below_the_most_profiles_and_bytes(
    tmp_path: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (klaviyo_batch.MOST, klaviyo_batch.LARGEST < 5_000_000) == (10_000, True)
    monkeypatch.setattr(klaviyo_batch, "MOST", 4)
    monkeypatch.setattr(klaviyo_batch, "LARGEST", 400)
    account = KlaviyoAccount()
    with serving(account) as service:
        people = [person(n) for n in range(10)]
        done = sent(klaviyo_at(service.url, waits), shipment(tmp_path / "e", people))
    assert done.accepted == len(account.profiles()) == 10
    sizes = [len(job) for job in account.jobs.values()]
    assert sum(sizes) == 10
    assert max(sizes) < 4


def test_what_klaviyo_cannot_import_is_told_page_after_page_from_klaviyo_alone(
    tmp_path: Path, waits: list[float]
) -> None:
    account = KlaviyoAccount()
    account.bad = {f"p{n}@example.com": f"p{n}@example.com is not valid" for n in (1, 3)}
    more = person(4, email=""), person(5, email="p0@example.com")
    people = [*(person(n) for n in range(4)), *more]
    with serving(account) as service:
        done = sent(klaviyo_at(service.url, waits), shipment(tmp_path / "e", people))
    assert (done.accepted, done.rejected) == (2, 4)
    assert dict(map(tuple, done.detail["rejects"])) == {
        "c4": "without an e-mail address or a phone number",
        "c5": "the same address as another in its batch",
        "c1": "… is not valid",
        "c3": "… is not valid",
    }
    pages = [r.query for r in service.requests if r.path.endswith("import-errors")]
    assert pages == [{"page[size]": "100"}, {"page[cursor]": "1", "page[size]": "100"}]


def test_a_klaviyo_job_that_was_begun_is_looked_after_and_not_begun_again(
    tmp_path: Path, waits: list[float]
) -> None:
    account = KlaviyoAccount()
    what = shipment(tmp_path / "e", [person(n) for n in range(3)])
    with serving(account) as service:
        place = klaviyo_at(service.url, waits)
        begun = next(place.send(what, Standing()))
        assert (begun.done, begun.detail) == (0, {"job": "JOB1"})
        done = sent(place, what, begun)
    assert (done.done, done.accepted, list(account.jobs)) == (3, 3, ["JOB1"])


def test_a_klaviyo_job_that_is_gone_is_begun_anew_the_next_time(
    tmp_path: Path, waits: list[float]
) -> None:
    account = KlaviyoAccount()
    account.status = "cancelled"
    what = shipment(tmp_path / "e", [person(1)])
    with serving(account) as service:
        place = klaviyo_at(service.url, waits)
        left = sent_until_it_breaks(place, what)
        assert (left.done, left.detail) == (0, {})
        account.status = "complete"
        assert sent(place, what, left).accepted == 1
    assert list(account.jobs) == ["JOB1", "JOB2"]


def test_a_klaviyo_job_that_is_not_known_any_more_is_gone(
    tmp_path: Path, waits: list[float]
) -> None:
    account = KlaviyoAccount()
    what = shipment(tmp_path / "e", [person(1)])
    with serving(account) as service:
        service.before = lambda request, _: Answer(404) if request.method == "GET" else None
        place = klaviyo_at(service.url, waits)
        with pytest.raises(DeliveryError, match="does not know the import job JOB1 any more"):
            sent(place, what)
        assert sent_until_it_breaks(place, what).detail == {}


def test_a_klaviyo_job_that_takes_too_long_is_looked_after_later(
    tmp_path: Path, waits: list[float]
) -> None:
    account = KlaviyoAccount()
    account.slow = 10_000
    what = shipment(tmp_path / "e", [person(1)])
    with serving(account) as service:
        place = klaviyo_at(service.url, waits)
        left = sent_until_it_breaks(place, what)
        assert (left.done, left.detail) == (0, {"job": "JOB1"})
        account.slow = 0
        assert sent(place, what, left).accepted == 1
    assert list(account.jobs) == ["JOB1"]
    assert 20 * 60 < sum(waits) < 60 * 60


@pytest.mark.parametrize("body", [[], {}, {"data": []}, {"data": {"id": 5}}, "text", None])
@pytest.mark.parametrize("name", ["klaviyo", "highlevel"])
def test_an_answer_of_another_shape_is_an_error_in_words(
    name: str, body: Any, tmp_path: Path, waits: list[float]
) -> None:
    with serving(lambda _: Answer(200, body)) as service:
        place = reached(name, service.url, waits)
        with pytest.raises(DeliveryError, match=r"answers with(out)? "):
            sent(place, shipment(tmp_path / "e", [person(1)]))


def test_highlevel_gets_each_contact_and_its_tags_beside_those_it_has(
    tmp_path: Path, waits: list[float]
) -> None:
    location = HighLevelLocation()
    with serving(location) as service:
        place = highlevel(service.url, waits, tags=("spring",), custom_fields={"plan": "F1"})
        people = [person(1, phone="+491701234567", company="ACME", postal_code="10115"), person(2)]
        done = sent(place, shipment(tmp_path / "e", people))
    assert (done.accepted, len(service.requests)) == (2, 3)
    assert location.contacts["p1@example.com"] == {
        "email": "p1@example.com",
        "firstName": "P1",
        "phone": "+491701234567",
        "companyName": "ACME",
        "postalCode": "10115",
        "locationId": "loc1",
        "customFields": [{"id": "F1", "field_value": "pro"}],
    }
    assert location.tagged == {f"id-p{n}@example.com": {"spring"} for n in (1, 2)}


def test_highlevel_is_waited_for_when_its_interval_is_used_up(
    tmp_path: Path, waits: list[float]
) -> None:
    location = HighLevelLocation()
    location.left = 2
    with serving(location) as service:
        sent(highlevel(service.url, waits), shipment(tmp_path / "e", [person(1), person(2)]))
    assert waits == [10.0]


def test_what_highlevel_does_not_take_does_not_stop_the_others(
    tmp_path: Path, waits: list[float]
) -> None:
    location = HighLevelLocation()
    location.bad = {"p1@example.com": 400, "p2@example.com": 422}
    with serving(location) as service:
        people = [person(n) for n in range(4)] + [person(4, email="")]
        done = sent(highlevel(service.url, waits), shipment(tmp_path / "e", people))
    assert (done.accepted, done.rejected) == (2, 3)
    assert done.detail["reasons"] == {
        "email … must be an email": 2,
        "without an e-mail address or a phone number": 1,
    }


SERVICES = {
    "webhook": (webhook, WebhookReceiver),
    "mailchimp": (mailchimp, MailchimpAccount),
    "klaviyo": (klaviyo_at, KlaviyoAccount),
    "highlevel": (highlevel, HighLevelLocation),
}


def reached(name: str, url: str, waits: list[float]) -> Destination:
    place: Destination = SERVICES[name][0](url, waits)
    return place


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("status", [401, 404])
def test_a_refusal_never_tells_the_secret(
    name: str, status: int, tmp_path: Path, waits: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    login = base64.b64encode(f"segbench:{SECRET}".encode()).decode()

    def tattling(request: Request, _: int) -> Answer:
        # As a service that repeats what it was sent.
        return Answer(status, {"error": f"bad key {SECRET} in {dict(request.headers)}"})

    caplog.set_level("DEBUG")
    with serving(SERVICES[name][1]()) as service:
        service.before = tattling
        with pytest.raises(DeliveryError) as caught:
            sent(reached(name, service.url, waits), shipment(tmp_path / "e", [person(1)]))
    sent_headers = " ".join(service.requests[0].headers.values())
    assert (SECRET in sent_headers or login in sent_headers) == (name != "webhook")
    for told in (str(caught.value), repr(caught.value.__dict__), caplog.text):
        assert SECRET not in told
        assert login not in told
    assert SECRET not in repr(reached(name, service.url, waits))


@pytest.mark.parametrize("name", SERVICES)
def test_a_batch_that_comes_twice_changes_nothing_the_second_time(
    name: str, tmp_path: Path, waits: list[float]
) -> None:
    """As after a kill between the answer and the note of it."""
    what = shipment(tmp_path / "e", [person(n) for n in range(3)])
    held = SERVICES[name][1]()
    with serving(held) as service:
        place = reached(name, service.url, waits)
        sent(place, what)
        before = json.dumps(state(held), sort_keys=True)
        done = sent(place, what)
    assert done.accepted == 3
    assert json.dumps(state(held), sort_keys=True) == before


def state(held: Any) -> Any:
    """What a service holds in the end."""
    match held:
        case WebhookReceiver():
            return held.recipients
        case MailchimpAccount():
            return held.members
        case KlaviyoAccount():
            return held.profiles()
    return held.contacts


def vendors_schema(file: str, component: str) -> dict[str, Any]:
    document = json.loads((FACTS / file).read_text("utf-8"))
    return {
        "$ref": f"#/components/schemas/{component}",
        "components": document["components"],
    }


@pytest.mark.skipif(not FACTS.is_dir(), reason="the vendors' documents are not beside the project")
@pytest.mark.parametrize(
    ("name", "file", "component"),
    [
        ("klaviyo", "klaviyo-bulk_import_profiles.json", "ProfileImportJobCreateQuery"),
        ("highlevel", "highlevel-contacts.json", "UpsertContactDto"),
    ],
)
def test_the_requests_are_what_the_vendors_own_documents_take(
    name: str, file: str, component: str, tmp_path: Path, waits: list[float]
) -> None:
    values = {"phone": "+491701234567", "last_name": "L", "company": "ACME", "address": "1 Main St"}
    values |= {"city": "Rome", "state": "GA", "postal_code": "30161", "country": "US"}
    schema = vendors_schema(file, component)
    with serving(SERVICES[name][1]()) as service:
        place: Any = reached(name, service.url, waits)
        place = replace(place, **({"list": "L1"} if name == "klaviyo" else {"tags": ("a",)}))
        sent(place, shipment(tmp_path / "e", [person(1, **values)]))
    first = service.requests[0].data
    jsonschema.validate(first, schema)
    known = schema["components"]["schemas"]
    if name == "highlevel":
        assert set(first) <= set(known[component]["properties"])
        jsonschema.validate(service.requests[1].data, vendors_schema(file, "UpdateTagsDTO"))
    else:
        attributes = first["data"]["attributes"]["profiles"]["data"][0]["attributes"]
        shape = known["ProfileUpsertQueryResourceObject"]["properties"]["attributes"]["properties"]
        assert set(attributes) <= set(shape)
        assert set(attributes["location"]) <= set(known["ProfileLocation"]["properties"])
