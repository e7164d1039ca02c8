"""Facts about texts: values that are named are told apart, and asked what else is true of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from segbench.model.moments import Bounds
from segbench.model.patterns import compiled_pattern
from segbench.plan.atoms import (
    Known,
    TextHas,
    TextIs,
    TextLength,
    TextMatches,
    comparable,
    fold_case,
)
from segbench.plan.lines import Clause, Line, by_one, line_facts
from segbench.plan.parts import Signature, classes, exclusive, members, union_of

TextAtom = TextIs | TextHas | TextLength | TextMatches
Members = dict[str, tuple[int, ...]]
MOST_VARIANTS = 64
MOST_QUESTIONS = 10_000
"""Beyond this many (value, atom) pairs, values are compared with each other only."""
MOST_PARTS = 300
"""With more parts of texts than this, they are not compared with each other."""


def text_facts(field: str, atoms: Sequence[TextAtom]) -> Iterator[Clause]:
    """What is so for the text of one field, whatever it is."""
    known = Known(field, "text")
    named = [atom for atom in atoms if isinstance(atom, TextIs)]
    parts = [atom for atom in atoms if isinstance(atom, TextHas)]
    lengths = [atom for atom in atoms if isinstance(atom, TextLength)]
    for atom in atoms:
        yield (atom, False), (known, True)
    if len(atoms) == 1 and not lengths:
        return
    asked = tuple(atom for atom in atoms if not isinstance(atom, TextIs))
    if len(asked) * sum(len(atom.values) for atom in named) > MOST_QUESTIONS:
        asked = ()
    yield from _named_facts(field, named, asked)
    if len(parts) <= MOST_PARTS:
        yield from _part_facts(parts)
    if lengths:
        spans = [(atom, atom.bounds) for atom in lengths]
        line = Line(lambda bounds: TextLength(field, bounds), known, by_one, least=1)
        for part in parts:
            spans.append((least_length(part), least_length(part).bounds))
            yield (part, False), (least_length(part), True)
        yield from line_facts(line, spans)


def least_length(part: TextHas) -> TextLength:
    """The length that a text has at least where it has the part."""
    return TextLength(part.field, Bounds(low=len(part.part)))


@dataclass(frozen=True, slots=True, eq=False)
class _Class:
    """Values that no atom tells apart: the atom "is one of them", and what else is so of each."""

    atom: TextIs
    values: tuple[str, ...]
    within: tuple[int, ...]
    truths: tuple[bool | None, ...]
    complete: bool = False


def _named_facts(
    field: str, named: Sequence[TextIs], asked: Sequence[TextAtom]
) -> Iterator[Clause]:
    folded = [atom for atom in named if not atom.match_case]
    exact = [atom for atom in named if atom.match_case]
    either = (
        members([atom.values for atom in folded]),
        members([atom.values for atom in exact]),
    )
    loose = _told_apart(field, either, asked, match_case=False)
    strict = _told_apart(field, either, asked, match_case=True)
    for some, atoms in ((loose, folded), (strict, exact)):
        if not some:
            continue
        case = some is strict
        yield from exclusive(
            lambda values, case=case: TextIs(field, tuple(sorted(values)), case),  # type: ignore[misc]
            [list(each.values) for each in some],
        )[1]
        for number, atom in enumerate(atoms):
            yield from union_of(atom, (each.atom for each in some if number in each.within))
        for each in some:
            for question, truth in zip(asked, each.truths, strict=True):
                if truth is not None:
                    yield (each.atom, False), (question, truth)
    yield from _spellings(loose, strict)


def _told_apart(
    field: str,
    either: tuple[Members, Members],
    asked: Sequence[TextAtom],
    *,
    match_case: bool,
) -> tuple[_Class, ...]:
    folded, exact = either
    # Spellings are many: they are only made where something depends on them.
    spelled = any(isinstance(atom, TextMatches) or _is_strict(atom) for atom in asked)
    signatures: dict[str, Signature] = {}
    for value, within in (exact if match_case else folded).items():
        ways = spellings(value) if not match_case and (spelled or value in exact) else (value,)
        truths = tuple(_truth(atom, value, ways) for atom in asked)
        if match_case:
            # Values of one class are then spellings of what no folded atom tells apart.
            signatures[value] = (within, truths, False, folded.get(fold_case(value)))
        else:
            complete = value in exact and bool(ways) and all(way in exact for way in ways)
            signatures[value] = (within, truths, complete, None)
    return tuple(
        _Class(TextIs(field, tuple(sorted(values)), match_case), tuple(values), *signature[:3])  # type: ignore[arg-type]
        for signature, values in classes(signatures).items()
    )


def _is_strict(atom: TextAtom) -> bool:
    return isinstance(atom, TextHas) and atom.match_case


def _spellings(loose: Sequence[_Class], strict: Sequence[_Class]) -> Iterator[Clause]:
    """Which exact values are spellings of which folded ones, and where there are no others."""
    folded = {value: each for each in loose for value in each.values}
    written = {value: each for each in strict for value in each.values}
    for each in strict:
        found = dict.fromkeys(folded.get(fold_case(value)) for value in each.values)
        if None in found:
            for other in loose:
                yield (each.atom, False), (other.atom, False)
        else:
            yield ((each.atom, False), *((one.atom, True) for one in found if one is not None))
    for each in loose:
        if each.complete and strict:
            ways = dict.fromkeys(written[way] for v in each.values for way in spellings(v))
            yield ((each.atom, False), *((one.atom, True) for one in ways))


def spellings(folded: str) -> tuple[str, ...]:
    """All texts that fold to an ASCII text; none where they are many, or the text is not ASCII."""
    if not folded.isascii():
        return ()
    ways = [(c, c.upper(), "İ") if c == "i" else dict.fromkeys((c, c.upper())) for c in folded]
    count = 1
    for each in ways:
        count *= len(each)
        if count > MOST_VARIANTS:
            return ()
    return tuple("".join(letters) for letters in itertools.product(*ways))


def _truth(atom: TextAtom, value: str, variants: tuple[str, ...]) -> bool | None:
    """Whether the atom is true of a text that is the value, in any of these spellings."""
    match atom:
        case TextLength():
            return text_holds(atom, value)
        case TextHas(match_case=False):
            return text_holds(atom, value)
        case TextHas() if fold_case(atom.part) not in fold_case(value):
            return False
        case _:
            found = {text_holds(atom, variant) for variant in variants}
            return found.pop() if len(found) == 1 else None


def text_holds(atom: TextAtom, text: str) -> bool:
    """Whether the atom is true of a trimmed text."""
    match atom:
        case TextIs():
            return comparable(text, atom.match_case) in atom.values
        case TextLength(_, bounds):
            return _within(len(text), bounds)
        case TextMatches(_, pattern, match_case):
            return compiled_pattern(pattern, match_case).search(text) is not None
        case TextHas(_, where, part, match_case):
            seen = text if match_case else fold_case(text)
            if where == "anywhere":
                return part in seen
            return seen.startswith(part) if where == "start" else seen.endswith(part)


def _within(size: int, bounds: Bounds) -> bool:
    low: Any = bounds.low
    high: Any = bounds.high
    if low is not None and size < by_one(low, bounds.low_open)[0]:
        return False
    return high is None or bool(size < by_one(high, not bounds.high_open)[0])


def _part_facts(parts: Sequence[TextHas]) -> Iterator[Clause]:
    """Which parts imply or exclude each other."""
    folded = {part: fold_case(part.part) for part in parts}
    for one, other in itertools.permutations(parts, 2):
        if one.match_case or not other.match_case:
            mine = one.part if one.match_case == other.match_case else folded[one]
            if _contains(one, mine, other):
                yield (one, False), (other, True)
    for one, other in itertools.combinations(parts, 2):
        if one.where == other.where != "anywhere":
            both = one.match_case and other.match_case
            some, more = (one.part, other.part) if both else (folded[one], folded[other])
            if one.where == "end":
                some, more = some[::-1], more[::-1]
            if not some.startswith(more) and not more.startswith(some):
                yield (one, False), (other, False)


def _contains(one: TextHas, mine: str, other: TextHas) -> bool:
    """Whether every text with the one part has the other."""
    if other.where == "anywhere":
        return other.part in mine
    if one.where != other.where:
        return False
    return mine.startswith(other.part) if one.where == "start" else mine.endswith(other.part)
