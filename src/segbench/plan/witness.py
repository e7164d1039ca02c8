"""Contacts made up to show that something can be so; whether they do is for a judge to say."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from segbench.plan.atoms import (
    Atom,
    HasTag,
    ItemHas,
    ItemIs,
    Items,
    Known,
    PartIn,
    Sampled,
    TextHas,
    TextIs,
    TextLength,
    TextMatches,
    Truth,
    Within,
)
from segbench.plan.candidates import bounds_hold, items, numbers, texts, times

MOST_KEYS = 500


@dataclass(frozen=True, slots=True)
class Witness:
    """A made-up contact that did nothing: its key, its fields, its tags and when it got them."""

    key: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    tagged: Mapping[str, dt.datetime] = field(default_factory=dict)


def witnesses(model: Mapping[Atom, bool]) -> Iterator[Witness]:
    """Contacts for which the atoms may be as the model says."""
    about: dict[str, dict[Any, bool]] = {}
    tags: dict[HasTag, bool] = {}
    samples: dict[Sampled, bool] = {}
    for atom, wanted in model.items():
        match atom:
            case HasTag():
                tags[atom] = wanted
            case Sampled():
                samples[atom] = wanted
            case _ if hasattr(atom, "field"):
                about.setdefault(atom.field, {})[atom] = wanted
    fields = {name: value for name, of in about.items() if (value := _value(of)) is not None}
    tagged = _tags(tags)
    given = {tag: at for tag, at in tagged.items() if at is not None}
    key = _key(samples)
    if key is not None:
        yield Witness(key, fields, frozenset(tagged), given)


def _value(model: Mapping[Any, bool]) -> Any:
    """A value of one field, or none."""
    known = [atom for atom in model if isinstance(atom, Known)]
    if not any(model[atom] for atom in known):
        return None
    match known[0].type:
        case "text":
            kinds = (TextIs, TextHas, TextLength, TextMatches)
            return texts({atom: on for atom, on in model.items() if isinstance(atom, kinds)})
        case "boolean":
            return not any(
                on != atom.value for atom, on in model.items() if isinstance(atom, Truth)
            )
        case "list":
            several = (ItemIs, ItemHas, Items)
            return items({atom: on for atom, on in model.items() if isinstance(atom, several)})
        case "number":
            return numbers({atom: on for atom, on in model.items() if isinstance(atom, Within)})
        case _:
            dated = (Within, PartIn)
            asked = {atom: on for atom, on in model.items() if isinstance(atom, dated)}
            return times(asked, known[0].type)


def _tags(model: Mapping[HasTag, bool]) -> dict[str, dt.datetime | None]:
    """Tags, each with a time where one is asked for, that are in no atom that must not be."""
    found: dict[str, dt.datetime | None] = {}
    edges = [
        at + dt.timedelta(microseconds=step)
        for atom in model
        if atom.bounds is not None
        for at in (atom.bounds.low, atom.bounds.high)
        if isinstance(at, dt.datetime)
        for step in (-1, 0, 1)
    ]
    wanted = [atom for atom, on in model.items() if on]
    # Times first: a tag that was given then is also there at all.
    for atom in sorted(wanted, key=lambda atom: atom.bounds is None):
        if any(_has(found, atom, tag) for tag in found):
            continue
        for tag, at in ((tag, at) for tag in atom.tags for at in (None, *edges)):
            more = {**found, tag: at}
            unwanted = any(_has(more, other, tag) for other, on in model.items() if not on)
            if tag not in found and _has(more, atom, tag) and not unwanted:
                found = more
                break
    return found


def _has(tags: Mapping[str, dt.datetime | None], atom: HasTag, tag: str) -> bool:
    if tag not in atom.tags:
        return False
    at = tags[tag]
    return atom.bounds is None or (at is not None and bounds_hold(atom.bounds, at))


def _key(model: Mapping[Sampled, bool]) -> str | None:
    """A key whose hashes lie where they should; none where that would take too long."""
    for number in range(MOST_KEYS if model else 1):
        key = f"made up {number}"
        if all(_is_sampled(atom, key) is wanted for atom, wanted in model.items()):
            return key
    return None


def _is_sampled(atom: Sampled, key: str) -> bool:
    found = hashlib.md5(f"{atom.salt}\x1f{key}".encode()).hexdigest()[:8]
    return atom.low <= found and (not atom.high or found < atom.high)
