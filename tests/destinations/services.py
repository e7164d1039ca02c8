"""Local servers that behave as destinations do, and check what they are sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema

from destinations import schemas

SECRET = "s3cr3t/for+tests=only"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Respond = Callable[[Request], Answer]


@dataclass
class Service:
    """A server; `requests` are those that it got, `before` may answer in its place."""

    respond: Respond
    url: str = ""
    requests: list[Request] = field(default_factory=list)
    before: Callable[[Request, int], Answer | None] = lambda _request, _number: None

    def handle(self, request: Request) -> Answer:
        self.requests.append(request)
        early = self.before(request, len(self.requests))
        return early if early is not None else self.respond(request)


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Whoever asked may be dead by the time of the answer."""


@contextmanager
def serving(respond: Respond) -> Iterator[Service]:
    """A server on this machine that answers as `respond` says."""
    service = Service(respond)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Else each answer waits 40 ms for the acknowledgement of its headers.
        disable_nagle_algorithm = True

        def _any(self) -> None:
            parts = urlsplit(self.path)
            request = Request(
                self.command,
                parts.path,
                dict(parse_qsl(parts.query, keep_blank_values=True)),
                {name.lower(): value for name, value in self.headers.items()},
                self._body(),
            )
            answer = service.handle(request)
            body = answer.body if isinstance(answer.body, bytes) else b""
            if answer.body is not None and not body and not isinstance(answer.body, bytes):
                body = json.dumps(answer.body).encode()
            # Without a Server and a Date of its own.
            self.send_response_only(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found = b""
            while size := int(self.rfile.readline().strip() or b"0", 16):
                found += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return found

        def log_message(self, *_: object) -> None:
            pass

    for method in ("GET", "POST", "PUT", "HEAD", "DELETE"):
        setattr(Handler, f"do_{method}", Handler._any)
    server = Quiet(("127.0.0.1", 0), Handler)
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class WebhookReceiver:
    """Takes each batch once, by its key, where its signature is right."""

    def __init__(self) -> None:
        self.batches: dict[str, bytes] = {}
        self.rejects: dict[str, str] = {}

    def __call__(self, request: Request) -> Answer:
        stamp = request.headers["x-segbench-timestamp"]
        signed = hmac.new(SECRET.encode(), f"{stamp}.".encode() + request.body, hashlib.sha256)
        if request.headers["x-segbench-signature"] != f"sha256={signed.hexdigest()}":
            return Answer(401)
        jsonschema.validate(request.data, schemas.WEBHOOK)
        key = request.headers["idempotency-key"]
        # A key stands for one body, however often it comes.
        assert self.batches.setdefault(key, request.body) == request.body
        sent = [each["key"] for each in request.data["recipients"]]
        listed = [{"key": k, "reason": self.rejects[k]} for k in sent if k in self.rejects]
        return Answer(200, {"rejected": listed} if listed else None)

    @property
    def recipients(self) -> list[dict[str, Any]]:
        return [each for body in self.batches.values() for each in json.loads(body)["recipients"]]


class MailchimpAccount:
    """An audience: members by address; `bad` ones are refused with a reason."""

    def __init__(self) -> None:
        self.members: dict[str, dict[str, Any]] = {}
        self.bad: dict[str, str] = {}

    def __call__(self, request: Request) -> Answer:
        login = base64.b64decode(request.headers["authorization"].removeprefix("Basic "))
        if login.decode().partition(":")[2] != SECRET:
            return Answer(401, {"title": "API Key Invalid", "status": 401})
        assert (request.method, request.path) == ("POST", "/3.0/lists/abc123")
        assert request.query == {"skip_merge_validation": "true", "skip_duplicate_check": "false"}
        jsonschema.validate(request.data, schemas.MAILCHIMP)
        errors, new, updated = [], [], []
        for member in request.data["members"]:
            address = member["email_address"]
            if address in self.bad:
                error = {"email_address": address, "error": self.bad[address]}
                errors.append({**error, "error_code": "ERROR_GENERIC"})
                continue
            (updated if address in self.members else new).append({"email_address": address})
            self.members[address] = member
        return Answer(
            200,
            {
                "new_members": new,
                "updated_members": updated,
                "errors": errors,
                "total_created": len(new),
                "total_updated": len(updated),
                "error_count": len(errors),
            },
        )


class KlaviyoAccount:
    """Import jobs: complete once they were asked after `slow` times; `bad` profiles fail."""

    def __init__(self) -> None:
        self.jobs: dict[str, list[dict[str, Any]]] = {}
        self.lists: list[str] = []
        self.asked: dict[str, int] = {}
        self.bad: dict[str, str] = {}
        self.slow = 0
        self.status = "complete"

    def __call__(self, request: Request) -> Answer:
        headers = request.headers
        if headers["authorization"] != f"Klaviyo-API-Key {SECRET}":
            return Answer(401, {"errors": []})
        assert headers["revision"] == "2026-07-15"
        parts = request.path.removeprefix("/api/profile-bulk-import-jobs").strip("/").split("/")
        if request.method == "POST":
            assert headers["content-type"] == "application/vnd.api+json"
            return self._begin(request)
        job = parts[0]
        return self._errors(job, request) if len(parts) == 2 else self._job(job)

    def profiles(self) -> dict[str, dict[str, Any]]:
        """What the account holds in the end: a profile for each address."""
        sent = [profile["attributes"] for job in self.jobs.values() for profile in job]
        good = [each for each in sent if each.get("email") not in self.bad]
        return {each.get("email") or each["phone_number"]: each for each in good}

    def _begin(self, request: Request) -> Answer:
        jsonschema.validate(request.data, schemas.KLAVIYO)
        assert len(request.body) <= 5_000_000
        data = request.data["data"]
        profiles = data["attributes"]["profiles"]["data"]
        assert 1 <= len(profiles) <= 10_000
        job = f"JOB{len(self.jobs) + 1}"
        self.jobs[job] = profiles
        lists = data.get("relationships", {}).get("lists", {}).get("data", [])
        self.lists += [each["id"] for each in lists]
        return Answer(202, {"data": self._data(job, "queued")})

    def _job(self, job: str) -> Answer:
        self.asked[job] = self.asked.get(job, 0) + 1
        ready = self.asked[job] > self.slow
        return Answer(200, {"data": self._data(job, self.status if ready else "processing")})

    def _data(self, job: str, status: str) -> dict[str, Any]:
        failed = sum(p["attributes"].get("email") in self.bad for p in self.jobs[job])
        attributes = {"status": status, "total_count": len(self.jobs[job]), "failed_count": failed}
        return {"type": "profile-bulk-import-job", "id": job, "attributes": attributes}

    def _errors(self, job: str, request: Request) -> Answer:
        assert request.path.endswith("/import-errors")
        bad = [p for p in self.jobs[job] if p["attributes"].get("email") in self.bad]
        start = int(request.query.get("page[cursor]", "0"))
        shown = bad[start : start + 1]
        entries = [
            {
                "type": "import-error",
                "id": str(n),
                "attributes": {
                    "code": "invalid",
                    "title": "Invalid input",
                    "detail": self.bad[profile["attributes"]["email"]],
                    "source": {"pointer": "/data"},
                    "original_payload": profile["attributes"],
                },
            }
            for n, profile in enumerate(shown)
        ]
        # As a hostile answer would: the next page is said to be elsewhere.
        more = f"https://evil.example/?page%5Bcursor%5D={start + 1}&page%5Bsize%5D=100"
        links = {"self": "x", "next": more if start + 1 < len(bad) else None}
        return Answer(200, {"data": entries, "links": links})


class HighLevelLocation:
    """Contacts by their address or number; `bad` addresses are refused."""

    def __init__(self) -> None:
        self.contacts: dict[str, dict[str, Any]] = {}
        self.tagged: dict[str, set[str]] = {}
        self.bad: dict[str, int] = {}
        self.left = 100

    def __call__(self, request: Request) -> Answer:
        if request.headers["authorization"] != f"Bearer {SECRET}":
            return Answer(401, {"message": "Invalid JWT"})
        assert request.headers["version"] == "2021-07-28"
        if request.path == "/contacts/bulk/tags/update/add":
            jsonschema.validate(request.data, schemas.HIGHLEVEL_TAGS)
            for id in request.data["contacts"]:
                self.tagged.setdefault(id, set()).update(request.data["tags"])
            return Answer(201, {"succeded": True, "errorCount": 0, "responses": []})
        assert (request.method, request.path) == ("POST", "/contacts/upsert")
        jsonschema.validate(request.data, schemas.HIGHLEVEL)
        who = request.data.get("email") or request.data["phone"]
        if who in self.bad:
            return Answer(self.bad[who], {"message": [f"email {who} must be an email"]})
        new = who not in self.contacts
        self.contacts[who] = request.data
        self.left -= 1
        headers = {
            "X-RateLimit-Remaining": str(max(0, self.left)),
            "X-RateLimit-Interval-Milliseconds": "10000",
        }
        body = {"new": new, "contact": {"id": f"id-{who}"}, "traceId": "t"}
        return Answer(200, body, headers)
