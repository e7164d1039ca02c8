"""The builder in a browser without a kernel: its server, its catalogue and its trees."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from segbench.ui.builder import SCRIPT, STYLE
from segbench.ui.builder_menus import menus

HERE = Path(__file__).parent
TAGS = ("vip", "newsletter", "trade-fair 2026", "<b>bold</b>", "beta", "churn-risk")
COUNTRIES = (("DE", 21043), ("AT", 6120), ("CH", 5977), ("FR", 4803), ("NL", 2911), ("PL", 2204))
Json = dict[str, Any]


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        pages = {
            "/": ("text/html", (HERE / "harness.html").read_text()),
            "/harness.js": ("text/javascript", (HERE / "harness.js").read_text()),
            "/builder.mjs": ("text/javascript", f"{SCRIPT}\nexport {{ underOperator }};\n"),
            "/builder.css": ("text/css", STYLE),
        }
        kind, text = pages.get(self.path, ("", ""))
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", f"{kind or 'text/plain'}; charset=utf-8")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[str]:
    """The address of the harness, while it is served on this machine alone."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _field(name: str, label: str, kind: str, known: int, **more: Any) -> Json:
    base = {"name": name, "label": label, "type": kind, "known": known, "choices": []}
    return {"description": "", **base, **more}


def catalog(**changes: Any) -> Json:
    """A catalogue with something of every kind, and HTML where data may bring it."""
    cities = [[f"City {number:04d}", 5000 - number] for number in range(5000)]
    order = [
        {"name": "amount", "label": "Amount", "type": "number", "choices": []},
        {
            "name": "channel",
            "label": "Channel",
            "type": "text",
            "choices": [["web", 9000], ["shop", 2]],
        },
    ]
    return {
        "contacts": 50000,
        "fields": [
            _field(
                "country",
                "Country",
                "text",
                49203,
                description="Where the contact lives, as in the last order",
                choices=[list(pair) for pair in COUNTRIES],
            ),
            _field("city", "City", "text", 47110, choices=cities),
            _field("email", "E-mail address", "text", 50000),
            _field("age", "Age", "number", 38801, description="In years, from the date of birth"),
            _field("consent", "Marketing consent", "boolean", 50000),
            _field("birthday", "Birthday", "date", 38801),
            _field("created", "Created at", "datetime", 50000),
            _field("last_order", "Last order", "datetime", 31220),
            _field("shipping_city", "Shipping city", "text", 30111, choices=cities[:3]),
            _field("interests", "Interests", "list", 20100, choices=[["wine", 900], ["tea", 80]]),
        ],
        "tags": [[name, 9000 - 1400 * index] for index, name in enumerate(TAGS)],
        "events": [
            {
                "name": "order_placed",
                "label": "Order placed",
                "description": "An order in the shop or online",
                "events": 88123,
                "contacts": 31220,
                "properties": order,
            },
            {
                "name": "email_opened",
                "label": "E-mail opened",
                "description": "",
                "events": 301002,
                "contacts": 40121,
                "properties": [
                    {"name": "machine_open", "label": "By a machine", "type": "boolean"}
                    | {"choices": []}
                ],
            },
            {
                "name": "cart_updated",
                "label": "Cart updated",
                "description": "",
                "events": 12002,
                "contacts": 8012,
                "properties": [],
            },
        ],
        "segments": [{"name": "Win-back", "description": "Ordered once, silent since"}],
        "tag_times": True,
        "contact_zone": "time_zone",
        **menus(),
        **changes,
    }


def group(*rules: Json, **more: Any) -> Json:
    """A group as JSON."""
    return {"kind": "group", **more, "rules": list(rules)}


def field(name: str, op: str, *values: Any, **more: Any) -> Json:
    """A field row as JSON."""
    return {"kind": "field", "field": name, "op": op, "values": list(values), **more}


def _subjects() -> list[str]:
    """Everything that the picker lists before anybody searches."""
    known = catalog()
    lists = ("fields", "events", "prebuilt", "segments")
    found = [str(each.get("key", each.get("name"))) for name in lists for each in known[name]]
    return [*found, "tags", "sequence", "sample"]


SUBJECTS = _subjects()
LAST_MONTH = {"kind": "last", "amount": 30}
COUNTRY = field("country", "is_any_of", "DE", "AT")
AGE = field("age", "between", 25, 40)
TAGGED: Json = {"kind": "tag", "op": "has_any_of", "tags": ["vip", "<b>bold</b>"]}
ORDERED: Json = {
    "kind": "event",
    "event": "order_placed",
    "op": "at_least",
    "values": [2],
    "window": LAST_MONTH,
    "where": [field("amount", "at_least", 50), field("channel", "is_any_of", "web")],
}
OPENED: Json = {"kind": "event", "event": "email_opened", "op": "did_not"}
ENGAGED: Json = {"kind": "prebuilt", "prebuilt": "engaged", "params": {"days": 90}}
SAVED: Json = {"kind": "segment", "segment": "Win-back", "op": "is_not_in"}
CREATED = {"kind": "field", "field": "created", "op": "in_last", "window": LAST_MONTH}
CONSENT = {"kind": "field", "field": "consent", "op": "is_true"}
EMAIL = field("email", "contains", "@example.org")
BIRTHDAY = field("birthday", "before", "1990-01-01")
UNFINISHED: Json = {"kind": "field", "field": "", "op": ""}
GONE = field("shoe_size", "at_least", 42)

LISTED = field("interests", "has_all_of", "wine", "tea")
WEEKDAYS = field("created", "weekday_is", "monday", "friday")
HOURS = field("created", "hour_between", 9, 17, clock="contact")
NEWER = {"kind": "field", "field": "last_order", "op": "after", "other": "created"}
PERIOD: Json = {
    "kind": "field",
    "field": "created",
    "op": "in_period",
    "window": {"kind": "calendar", "period": "quarter", "offset": -3},
}
GIVEN = TAGGED | {"window": {"kind": "ago", "least": 7, "most": 14}}
SPENT: Json = {
    "kind": "measure",
    "event": "order_placed",
    "op": "sum",
    "property": "amount",
    "compare": {"op": "between", "values": [100, 500]},
    "window": LAST_MONTH,
    "also": ["cart_updated"],
    "since": [{"event": "email_opened", "where": [field("machine_open", "is_false")]}],
    "note": "Only what came after the last mail that somebody opened",
}
NO_ORDER: Json = {
    "kind": "sequence",
    "op": "not_followed",
    "steps": [
        {"event": "cart_updated"},
        {"event": "order_placed", "where": [field("amount", "at_least", 50)]},
    ],
    "within": {"kind": "last", "amount": 72, "unit": "hours"},
}
LOYAL: Json = {"kind": "prebuilt", "prebuilt": "rfm", "params": {"group": "Loyal"}}
TENTH: Json = {"kind": "sample", "low": 10, "high": 20, "salt": "autumn"}

EVERY_KIND = (
    *(COUNTRY, AGE, EMAIL, BIRTHDAY, CREATED, CONSENT, TAGGED, ORDERED, ENGAGED, SAVED),
    *(LISTED, WEEKDAYS, HOURS, NEWER, PERIOD, GIVEN, SPENT, NO_ORDER, LOYAL, TENTH),
)
NESTED = group(
    COUNTRY,
    CONSENT | {"negated": True},
    group(
        TAGGED,
        ORDERED,
        group(
            CREATED,
            AGE | {"values": [40, 25]},
            group(EMAIL, group(BIRTHDAY, GONE, negated=True), combinator="or"),
        ),
        combinator="or",
    ),
    group(ENGAGED, SAVED, OPENED, enabled=False),
    EMAIL | {"enabled": False, "match_case": True, "unknown": "include"},
    UNFINISHED,
)
NESTED_ISSUES: list[Json] = [
    {
        "path": [2, 2, 1],
        "level": "error",
        "code": "swapped-bounds",
        "message": "The first value comes after the second: swap them.",
    },
    {
        "path": [2, 2, 2, 1, 1],
        "level": "error",
        "code": "unknown-name",
        "message": "There is no field 'shoe_size'.",
    },
    {
        "path": [2, 0],
        "level": "warning",
        "code": "unused-tag",
        "message": "No contact has the tag '<b>bold</b>'.",
    },
    {"path": [5], "level": "hint", "code": "unfinished", "message": "Choose what to filter on."},
]


def state(tree: Json | None = None, **changes: Any) -> Json:
    """A state as Python sends it; its counts are missing until `window.model` makes some."""
    asks = bool(tree and tree["rules"])
    return {
        "revision": 12,
        "shape": 4,
        "tree": group() if tree is None else tree,
        "nodes": {},
        "counted": 12,
        "total": 8201 if asks else 0,
        "contacts": 50000,
        "status": "ready" if asks else "empty",
        "message": "",
        "sentence": "Contacts whose country is DE or AT.",
        "as_of": "22 Nov 2026, 12:00 (Europe/Berlin)",
        "issues": [],
        "can_undo": True,
        "can_redo": False,
        **changes,
    }
