"""Where history begins, in words, for the rules that it matters to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from segbench.model.moments import local_day
from segbench.plan.atoms import HasTag, Sampled
from segbench.plan.logic import Logic, atoms, fold
from segbench.plan.seen import event_names


def notes_on(asked: Iterable[Logic[Any]], begins: dt.datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """What is assumed before `begins` (naive UTC) by these questions of earlier moments.

    Nothing for events, which carry their times, unless the answer also holds contacts of which
    nothing is known: who is a contact at all is known from then on, too.
    """
    logics = list(asked)
    found = {atom for logic in logics for atom in atoms(logic)}
    tags = any(isinstance(atom, HasTag) for atom in found)
    fields = any(not isinstance(atom, HasTag | Sampled) and not event_names(atom) for atom in found)
    day = day_in_words(begins, zone)
    if fields:
        what = "Fields and tags" if tags else "Fields"
        return (f"{what} are known from {day} on; earlier counts use their values of that day.",)
    if tags:
        return (f"Tags are known from {day} on; earlier counts use those of that day.",)
    if any(isinstance(atom, Sampled) for atom in found) or any(map(_holds_blank, logics)):
        return (f"Contacts are known from {day} on; earlier counts are of those of that day.",)
    return ()


def rules_note(begins: dt.datetime, zone: ZoneInfo) -> str:
    """That earlier than its first save a segment has its first rules."""
    day = day_in_words(begins, zone)
    return f"The rules are known from {day} on; earlier counts use the first ones."


def day_in_words(moment: dt.datetime, zone: ZoneInfo) -> str:
    """The local day of an instant: 3 Nov 2026."""
    day = local_day(moment, zone)
    return f"{day.day} {day:%b %Y}"


def _holds_blank(logic: Logic[Any]) -> bool:
    return bool(fold(logic, lambda _: np.False_, lambda: np.True_))
