"""What is so between atoms whoever the contact is, as clauses; sound, and whole where it can be."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any, assert_never

from segbench.model.moments import Bounds
from segbench.plan.atoms import (
    MILLION,
    Atom,
    Compared,
    Happened,
    HasTag,
    InShare,
    ItemHas,
    ItemIs,
    Items,
    Known,
    Measured,
    PartIn,
    Sampled,
    TextHas,
    TextIs,
    TextLength,
    TextMatches,
    Truth,
    ValueAtom,
    Within,
)
from segbench.plan.atoms import Sequence as InOrder
from segbench.plan.calendar_parts import part_facts
from segbench.plan.lines import Clause, Line, anywhere, by_day, by_tick, line_facts
from segbench.plan.occurrences import Implies, occurrence_facts
from segbench.plan.relations import relation_facts
from segbench.plan.sets import item_facts, tag_facts
from segbench.plan.texts import text_facts

_PLACES: dict[str, Any] = {"number": anywhere, "date": by_day, "datetime": by_tick}


def facts(atoms: Iterable[Atom], implies: Implies) -> tuple[Clause, ...]:
    """Clauses that hold for every contact there can be, about these atoms and some others.

    Taken together they are complete for numbers, dates and instants compared with fixed values,
    for booleans, for texts compared with whole values, for parts of dates, tags and samples; for
    the rest they say what one atom says about another. `implies` judges conditions on properties.
    """
    distinct = dict.fromkeys(atoms)
    values: list[ValueAtom] = []
    tags: list[HasTag] = []
    events: list[Happened | Measured | InOrder] = []
    shares: list[InShare] = []
    samples: list[Sampled] = []
    for atom in distinct:
        match atom:
            case HasTag():
                tags.append(atom)
            case Happened() | Measured() | InOrder():
                events.append(atom)
            case InShare():
                shares.append(atom)
            case Sampled():
                samples.append(atom)
            case _:
                values.append(atom)
    found = [*value_facts(values), *_share_facts(shares), *_sample_facts(samples)]
    if tags:
        found += tag_facts(tags)
    if events:
        found += occurrence_facts(events, implies, value_facts)
    return tuple(dict.fromkeys(found))


def value_facts(atoms: Iterable[ValueAtom]) -> Iterator[Clause]:
    """The clauses about the values of a contact, or of an event."""
    texts: dict[str, list[TextIs | TextHas | TextLength | TextMatches]] = {}
    items: dict[str, list[ItemIs | ItemHas | Items]] = {}
    spans: dict[tuple[str, str], list[Within]] = {}
    parts: dict[tuple[str, str], list[PartIn]] = {}
    truths: dict[str, None] = {}
    relations: list[Compared] = []
    for atom in dict.fromkeys(atoms):
        match atom:
            case TextIs() | TextHas() | TextLength() | TextMatches():
                texts.setdefault(atom.field, []).append(atom)
            case ItemIs() | ItemHas() | Items():
                items.setdefault(atom.field, []).append(atom)
            case Within():
                spans.setdefault((atom.field, atom.type), []).append(atom)
            case PartIn():
                parts.setdefault((atom.field, atom.type), []).append(atom)
            case Truth():
                truths[atom.field] = None
            case Compared():
                relations.append(atom)
            case Known():
                continue
            case _:
                assert_never(atom)
    for field, of_text in texts.items():
        yield from text_facts(field, of_text)
    for field, of_items in items.items():
        yield from item_facts(field, of_items)
    for key, of_spans in spans.items():
        yield from _span_facts(of_spans)
        parts.setdefault(key, [])
    for key, of_parts in parts.items():
        if of_parts:
            yield from part_facts(of_parts, spans.get(key, ()))
    for field in truths:
        yield from _truth_facts(field)
    yield from relation_facts(relations)


def _span_facts(atoms: list[Within]) -> Iterator[Clause]:
    field, kind = atoms[0].field, atoms[0].type
    line = Line(lambda bounds: Within(field, kind, bounds), Known(field, kind), _PLACES[kind])
    return line_facts(line, [(atom, atom.bounds) for atom in atoms])


def _truth_facts(field: str) -> Iterator[Clause]:
    yes, no, known = Truth(field, True), Truth(field, False), Known(field, "boolean")
    yield (yes, False), (no, False)
    yield (yes, False), (known, True)
    yield (no, False), (known, True)
    yield (known, False), (yes, True), (no, True)


def _sample_facts(atoms: list[Sampled]) -> Iterator[Clause]:
    salts: dict[str, list[tuple[Atom, Bounds]]] = {}
    for atom in atoms:
        high = int(atom.high, 16) if atom.high else None
        bounds = Bounds(int(atom.low, 16), high, high_open=True)
        salts.setdefault(atom.salt, []).append((atom, bounds))
    for salt, spans in salts.items():

        def make(bounds: Bounds, salt: str = salt) -> Atom:
            return Sampled(salt, f"{bounds.low:08x}", "")

        yield from line_facts(Line(make, None, anywhere, least=0), spans)


def _share_facts(atoms: list[InShare]) -> Iterator[Clause]:
    """A larger share has all that a smaller one has; two that make up all leave nobody out."""
    fields: dict[str, tuple[list[InShare], list[InShare]]] = {}
    for atom in atoms:
        fields.setdefault(atom.field, ([], []))[atom.largest].append(atom)
    for field, sides in fields.items():
        known = Known(field, "number")
        for side in sides:
            side.sort(key=lambda atom: atom.share)
            for less, more in itertools.pairwise(side):
                yield (less, False), (more, True)
            for atom in side:
                yield (atom, False), (known, True)
                if atom.share >= MILLION:
                    yield (known, False), (atom, True)
        smallest, largest = sides
        for top in largest:
            for bottom in smallest:
                if top.share + bottom.share >= MILLION:
                    yield (known, False), (top, True), (bottom, True)
                    break
