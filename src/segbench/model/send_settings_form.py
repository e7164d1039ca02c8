"""Send settings as JSON values and as the texts of a form or command line, and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from segbench.errors import CampaignError, near_names, offer
from segbench.model.campaign_split import Split
from segbench.model.send_settings import SendSettings

WALL_TIME = "%Y-%m-%d %H:%M"
"""How a time of sending is written: 2026-11-30 09:00, in the campaign's time zone."""
_NAMES = tuple(field.name for field in fields(SendSettings))


def settings_data(settings: SendSettings) -> dict[str, Any]:
    """The settings as plain JSON values; what is at its default is left out."""
    usual = SendSettings()
    return {
        name: _plain(value)
        for name in _NAMES
        if (value := getattr(settings, name)) != getattr(usual, name)
    }


def settings_from_data(data: object) -> SendSettings:
    """The settings that JSON values describe; `CampaignError` says what is wrong."""
    if not isinstance(data, Mapping):
        raise CampaignError("Send settings are an object of names and values.")
    given = {_known(str(name)): value for name, value in data.items()}
    if isinstance(when := given.get("send_at"), str):
        given["send_at"] = _when(when)
    if isinstance(split := given.get("split"), Mapping):
        given["split"] = split_from_data(split)
    try:
        return SendSettings(**given)
    except TypeError as error:
        raise CampaignError(f"These send settings cannot be read: {error}.") from None


def with_texts(settings: SendSettings, texts: Mapping[str, str]) -> SendSettings:
    """The settings with some as somebody typed them; an empty text takes a setting away.

    Fallbacks are written `first_name=friend, city=your town`, required fields `phone, city`, and
    a split `A=45, B=45, hold-out=10`.
    """
    given: dict[str, Any] = {}
    for name, text in texts.items():
        match _known(name):
            case "send_at":
                given["send_at"] = _when(text) if text.strip() else None
            case "fallbacks":
                given["fallbacks"] = tuple(_pair(part) for part in _parts(text))
            case "without" | "columns" as known:
                given[known] = tuple(_parts(text))
            case "formats":
                given["formats"] = tuple(_parts(text)) or SendSettings().formats
            case "personal":
                given["personal"] = _yes(text)
            case "split":
                given["split"] = split_from_text(text, settings.split) if text.strip() else None
            case known:
                given[known] = text or getattr(SendSettings(), known)
    return replace(settings, **given)


def split_from_text(text: str, before: Split | None = None) -> Split:
    """The split of `A=45, B=45, hold-out=10`; everything else about it as `before`."""
    shares = []
    for part in _parts(text):
        name, share = _pair(part)
        try:
            shares.append((name, float(share.rstrip("% "))))
        except ValueError:
            raise CampaignError(
                f"The share of {name!r} is a number of per cent, not {share!r}."
            ) from None
    return replace(before, shares=tuple(shares)) if before else Split(tuple(shares))


def split_text(split: Split | None) -> str:
    """The shares of a split as they are typed; "" for none."""
    return ", ".join(f"{name}={share:g}" for name, share in split.shares) if split else ""


def split_data(split: Split) -> dict[str, Any]:
    """The split as plain JSON values."""
    data = {field.name: getattr(split, field.name) for field in fields(Split)}
    return data | {"shares": [list(pair) for pair in split.shares]}


def split_from_data(data: Mapping[str, Any]) -> Split:
    """The split that JSON values describe; `CampaignError` says what is wrong."""
    try:
        return Split(**data)
    except TypeError as error:
        raise CampaignError(f"This split cannot be read: {error}.") from None


def changed_settings(before: SendSettings, after: SendSettings) -> tuple[str, ...]:
    """The names of the settings in which two differ, in the order of a form."""
    return tuple(name for name in _NAMES if getattr(before, name) != getattr(after, name))


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime):
        return value.strftime(WALL_TIME)
    if isinstance(value, Split):
        return split_data(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _known(name: str) -> str:
    if name not in _NAMES:
        raise CampaignError(
            f"A campaign has no setting {name!r}{offer(near_names(name, _NAMES))} "
            f"Settings: {', '.join(_NAMES)}."
        )
    return name


def _yes(text: str) -> bool:
    word = text.strip().casefold()
    if word not in ("yes", "true", "no", "false", ""):
        raise CampaignError(
            f"Personal fields are exported, or they are not: yes or no, not {text!r}."
        )
    return word in ("yes", "true")


def _when(text: str) -> dt.datetime:
    match = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:00)?", text.strip())
    try:
        if match:
            return dt.datetime.strptime(f"{match[1]} {match[2]}", WALL_TIME)
    except ValueError:
        pass
    raise CampaignError(
        f"The time of sending is written like 2026-11-30 09:00, in the campaign's time zone; "
        f"not {text[:40]!r}."
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _pair(part: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise CampaignError(
            f"{part!r} lacks its other half: write NAME=VALUE, with commas between."
        )
    return name.strip(), value.strip()
