"""Facts about what a contact has several of: the items of a list, and tags."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from segbench.model.moments import Bounds
from segbench.plan.atoms import HasTag, ItemHas, ItemIs, Items, Known, fold_case
from segbench.plan.lines import Clause, Line, by_one, line_facts
from segbench.plan.parts import classes, members, union_of

MOST_PAIRS = 40_000


def item_facts(field: str, atoms: Sequence[ItemIs | ItemHas | Items]) -> Iterator[Clause]:
    """What is so for the list of one field, whatever it holds."""
    known = Known(field, "list")
    for atom in atoms:
        yield (atom, False), (known, True)
    parts = [atom for atom in atoms if isinstance(atom, ItemHas)]
    yield from _item_parts(parts)
    named: list[dict[ItemIs, list[str]]] = []
    for match_case in (False, True):
        asked = [a for a in atoms if isinstance(a, ItemIs) and a.match_case is match_case]
        found = {
            ItemIs(field, tuple(sorted(values)), match_case): (signature, values)
            for signature, values in classes(members([a.values for a in asked])).items()
        }
        for number, atom in enumerate(asked if found else ()):
            yield from union_of(
                atom, (one for one, (within, _) in found.items() if number in within)
            )
        named.append({one: values for one, (_, values) in found.items()})
    loose, strict = named
    yield from _spelled(loose, strict)
    for item, values in [*loose.items(), *strict.items()]:
        for part in parts:
            if part.match_case <= item.match_case and all(
                part.part in (value if part.match_case else fold_case(value)) for value in values
            ):
                yield (item, False), (part, True)
    sizes = [(atom, atom.bounds) for atom in atoms if isinstance(atom, Items)]
    line = Line(lambda bounds: Items(field, bounds), known, by_one, least=1)
    yield from line_facts(line, sizes)


def _item_parts(parts: Sequence[ItemHas]) -> Iterator[Clause]:
    if len(parts) ** 2 > MOST_PAIRS:
        return
    for one, other in itertools.permutations(parts, 2):
        if other.match_case <= one.match_case:
            mine = one.part if other.match_case else fold_case(one.part)
            if other.part in mine:
                yield (one, False), (other, True)


def _spelled(loose: dict[ItemIs, list[str]], strict: dict[ItemIs, list[str]]) -> Iterator[Clause]:
    """An item that is exactly a value is that value in any spelling."""
    # By place, since an atom of many values is slow to hash.
    several = tuple(loose)
    folded = {value: place for place, atom in enumerate(several) for value in loose[atom]}
    for atom, values in strict.items():
        meant = dict.fromkeys(folded.get(fold_case(value)) for value in values)
        if None not in meant:
            yield (
                (atom, False),
                *((several[place], True) for place in meant if place is not None),
            )


def tag_facts(atoms: Sequence[HasTag]) -> Iterator[Clause]:
    """What is so for the tags of a contact, whatever they are and whenever they were given."""
    found = classes(members([atom.tags for atom in atoms]))
    given: dict[Bounds | None, dict[tuple[str, ...], None]] = {}
    for number, atom in enumerate(atoms if found else ()):
        parts = [tuple(sorted(tags)) for within, tags in found.items() if number in within]
        given.setdefault(atom.bounds, {}).update(dict.fromkeys(parts))
        yield from union_of(atom, (HasTag(tags, atom.bounds) for tags in parts))
    if len(given) ** 2 * len(found) > MOST_PAIRS:
        return
    for narrow, wide in itertools.permutations(given, 2):
        if includes(wide, narrow):
            for tags in given[narrow]:
                if tags in given[wide]:
                    yield (HasTag(tags, narrow), False), (HasTag(tags, wide), True)


def includes(wide: Bounds | None, narrow: Bounds | None) -> bool:
    """Whether what lies within the narrow bounds lies within the wide ones; None is at any time,
    known or not."""
    if wide is None or narrow is None:
        return wide is None
    return _from(wide, narrow) and _until(wide, narrow)


def _from(wide: Bounds, narrow: Bounds) -> bool:
    if wide.low is None or narrow.low is None:
        return wide.low is None
    return (wide.low, wide.low_open) <= (narrow.low, narrow.low_open)


def _until(wide: Bounds, narrow: Bounds) -> bool:
    if wide.high is None or narrow.high is None:
        return wide.high is None
    return (wide.high, not wide.high_open) >= (narrow.high, not narrow.high_open)
