"""`destinations.json` of a workspace: where exports may go, without any secret."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_type_hints

from segbench.destinations.calls import Pause
from segbench.destinations.folder import Folder
from segbench.destinations.highlevel import HighLevel
from segbench.destinations.klaviyo import Klaviyo
from segbench.destinations.mailchimp import Mailchimp
from segbench.destinations.s3 import S3
from segbench.destinations.sftp import Sftp
from segbench.destinations.shipment import Destination
from segbench.destinations.webhook import Webhook
from segbench.errors import DeliveryError, near_names, offer

FORMAT = 1
FILE = "destinations.json"
KINDS: Mapping[str, type[Any]] = MappingProxyType(
    {
        "folder": Folder,
        "s3": S3,
        "sftp": Sftp,
        "webhook": Webhook,
        "mailchimp": Mailchimp,
        "klaviyo": Klaviyo,
        "highlevel": HighLevel,
    }
)
_GIVEN = frozenset({"name", "takes", "pause", "clock"})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")

Entries = dict[str, dict[str, Any]]


def read_destinations(folder: Path) -> Entries:
    """The settings of every destination by name; none where there is no file."""
    path = folder / FILE
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']!r} is not {FORMAT}")
        entries = data["destinations"]
        if not all(isinstance(entry, dict) for entry in entries.values()):
            raise TypeError("a destination is no table of settings")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise DeliveryError(f"{FILE} in {str(folder)!r} is damaged: {error}.") from None
    return dict(entries)


def write_destinations(folder: Path, entries: Entries) -> None:
    """Store the settings, whole or not at all; `DeliveryError` where one of them is wrong."""
    for name, entry in entries.items():
        destination(name, entry, clock=lambda: dt.datetime.min)
    data = {"format": FORMAT, "destinations": entries}
    fresh = (folder / FILE).with_suffix(".new")
    fresh.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")
    os.replace(fresh, folder / FILE)


def destination(
    name: str,
    entry: Mapping[str, Any],
    *,
    clock: Callable[[], dt.datetime],
    pause: Pause = time.sleep,
) -> Destination:
    """The destination of that name with these settings; `DeliveryError` says what is wrong.

    `clock` gives an aware time; `pause` waits for some seconds.
    """
    if not _NAME.fullmatch(name):
        raise DeliveryError(
            f"A destination is called by 1 to 40 letters, digits, dots or hyphens, not {name!r}."
        )
    kind = str(entry.get("kind"))
    if kind not in KINDS:
        raise DeliveryError(f"{name}: kind is one of {', '.join(KINDS)}, not {kind!r}.")
    made = KINDS[kind]
    given = {key: value for key, value in entry.items() if key != "kind"}
    known = {field.name: field for field in dataclasses.fields(made) if field.name not in _GIVEN}
    for key in given:
        if key not in known:
            raise DeliveryError(f"{name}: {kind} has no setting {key!r}{_instead(key, known)}")
    missing = dataclasses.MISSING
    for key, field in known.items():
        needed = field.default is missing and field.default_factory is missing
        if needed and key not in given:
            raise DeliveryError(f"{name}: {kind} needs the setting {key!r}.")
    values = {key: _typed(name, key, value, made) for key, value in given.items()}
    means = {"pause": pause, "clock": clock}
    fields = {field.name for field in dataclasses.fields(made)}
    try:
        found: Destination = made(
            name=name, **values, **{key: each for key, each in means.items() if key in fields}
        )
    except DeliveryError as error:
        raise DeliveryError(f"{name}: {error}") from None
    return found


def find_entry(entries: Entries, name: str) -> dict[str, Any]:
    """The settings of the destination of that name; `DeliveryError` with near names."""
    if name not in entries:
        near = near_names(name, entries)
        told = offer(near) if near else f"; there are {', '.join(entries) or 'none yet'}."
        raise DeliveryError(f"There is no destination {name!r}{told}")
    return entries[name]


def setting_names(kind: str) -> tuple[str, ...]:
    """The settings of a kind."""
    fields = dataclasses.fields(KINDS[kind])
    return tuple(field.name for field in fields if field.name not in _GIVEN)


def _instead(key: str, known: Mapping[str, object]) -> str:
    if re.search(r"(?i)key|token|password|secret", key):
        return ": a secret is never written down; `secret` names the place it comes from."
    return (
        offer(near_names(key, known)) if near_names(key, known) else f"; it has {', '.join(known)}."
    )


def _typed(name: str, key: str, value: Any, made: type[Any]) -> Any:
    """The value in the type of its setting; it is not repeated where it is wrong."""
    kind = get_type_hints(made)[key]
    if kind is bool and isinstance(value, bool):
        return value
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind == tuple[str, ...] and isinstance(value, list) and _all_text(value):
        return tuple(value)
    if kind == Mapping[str, str] and isinstance(value, dict) and _all_text(value.values()):
        return dict(value)
    if kind not in (bool, int, tuple[str, ...], Mapping[str, str]) and isinstance(value, str):
        return value
    raise DeliveryError(f"{name}: the setting {key!r} has a value of the wrong type.")


def _all_text(values: Any) -> bool:
    return all(isinstance(value, str) for value in values)
