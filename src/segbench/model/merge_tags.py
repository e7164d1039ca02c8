"""Merge tags: places in a message where a contact's own values go, such as `{{ first_name }}`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from segbench.errors import CampaignError

_TAG = re.compile(r"\{\{(?P<inside>[^{}]*)\}\}")
_NAME = re.compile(r"[^\s|{}][^|{}]*")


@dataclass(frozen=True, slots=True)
class MergeTag:
    """A field in a message, and the text that stands there where a contact has no value."""

    field: str
    fallback: str = ""


def merge_tags(text: str) -> tuple[MergeTag, ...]:
    """The tags of a text in their order, with repeats; `CampaignError` where one is not whole.

    `{{ field }}` or `{{ field | fallback }}`.
    """
    found = []
    for match in _TAG.finditer(text):
        field, bar, fallback = match["inside"].partition("|")
        if not _NAME.fullmatch(field.strip()) or (bar and not fallback.strip()):
            raise CampaignError(
                f"{match[0][:60]!r} is no merge tag: write {{{{ field }}}} or "
                "{{ field | fallback }}."
            )
        found.append(MergeTag(field.strip(), fallback.strip()))
    rest = _TAG.sub("", text)
    for mark in ("{{", "}}"):
        if mark in rest:
            place = rest.index(mark)
            raise CampaignError(
                f"A merge tag is not whole near {rest[max(0, place - 10) : place + 20]!r}: "
                "write {{ field }} or {{ field | fallback }}."
            )
    return tuple(found)


def open_fields(texts: Iterable[str], fallbacks: Mapping[str, str]) -> dict[str, bool]:
    """The fields that the texts use; True where one is used somewhere without a fallback.

    `fallbacks` hold for every tag of a field that has none of its own.
    """
    found: dict[str, bool] = {}
    for text in texts:
        for tag in merge_tags(text):
            bare = not tag.fallback and not fallbacks.get(tag.field)
            found[tag.field] = found.get(tag.field, False) or bare
    return found
