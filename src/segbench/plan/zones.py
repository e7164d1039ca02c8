"""Rules that mean each contact's own time zone: one part for each zone that occurs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from segbench.errors import RuleError
from segbench.model.catalog import Field
from segbench.model.moments import zone_of
from segbench.plan.atoms import Atom, TextIs, comparable
from segbench.plan.logic import Leaf, Logic, all_of, any_of, complement
from segbench.plan.values import Moment


def by_contact_zone(
    field: Field, make: Callable[[Moment], Logic[Atom]], workspace: Moment
) -> Logic[Atom]:
    """The contacts that `make` holds in their own zone, which `field` names.

    Contacts without a zone, or with a name that is none, are judged in the workspace's.
    """
    zones = zones_of(field)
    texts: dict[Logic[Atom], list[str]] = {}
    for text, zone in zones.items():
        texts.setdefault(make(replace(workspace, zone=zone)), []).append(text)
    at_home = make(workspace)
    # Zones with the same answer share a part, and those that agree with the workspace need none.
    texts.pop(at_home, None)
    if not texts:
        return at_home
    parts = {logic: Leaf(_among(field, names)) for logic, names in texts.items()}
    elsewhere = _among(field, [name for names in texts.values() for name in names])
    return any_of(
        (
            *(all_of((part, logic)) for logic, part in parts.items()),
            all_of((complement(Leaf(elsewhere)), at_home)),
        )
    )


def zones_of(field: Field) -> dict[str, ZoneInfo]:
    """The time zones that occur in a field, by the text that names each."""
    if field.known and not field.choices:
        raise RuleError(
            f"Field {field.name!r} has too many different values to hold contacts' time zones."
        )
    found: dict[str, ZoneInfo] = {}
    for choice in field.choices:
        try:
            found.setdefault(comparable(choice.value, match_case=False), zone_of(choice.value))
        except RuleError:
            continue
    return found


def _among(field: Field, names: list[str]) -> TextIs:
    return TextIs(field.name, tuple(sorted(names)))
