"""Normal forms of logic, and the same logic with fewer parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, assert_never

from segbench.errors import RuleError
from segbench.plan.encoding import Encoding
from segbench.plan.logic import (
    AllOf,
    AnyOf,
    Everyone,
    Leaf,
    Logic,
    Not,
    Nothing,
    all_of,
    any_of,
    complement,
)
from segbench.plan.proof import where_implies
from segbench.plan.satisfiability import STEPS

M = TypeVar("M")
MOST_TERMS = 1_000
Term = frozenset[tuple[Any, bool]]


def nnf(logic: Logic[Any], most: int = MOST_TERMS) -> Logic[Any]:
    """The same contacts, complements taken of atoms only."""
    found = _shallow(lambda: _pushed(logic, True))
    if _size(found) > most:
        raise RuleError(f"The negation normal form has more than {most:,} terms.")
    return found


def dnf(logic: Logic[Any], most: int = MOST_TERMS) -> Logic[Any]:
    """The same contacts as any of terms that are all of atoms or complements of atoms.

    `RuleError` where there are more than `most` terms on the way. Terms that cannot be true by
    form, and those that another one takes in, are left out.
    """
    terms = _shallow(lambda: _terms(_pushed(logic, True), most, "disjunctive"))
    return any_of(all_of(map(_signed, term)) for term in terms)


def cnf(logic: Logic[Any], most: int = MOST_TERMS) -> Logic[Any]:
    """The same contacts as all of terms that are any of atoms or complements of atoms."""
    terms = _shallow(lambda: _terms(_pushed(logic, False), most, "conjunctive"))
    return all_of(any_of(complement(_signed(each)) for each in term) for term in terms)


def _shallow(made: Callable[[], M]) -> M:
    """What `made` gives; `RuleError` where the logic is nested too deep for it."""
    try:
        return made()
    except RecursionError:
        raise RuleError("The rules are nested too deep for another form.") from None


def _pushed(logic: Logic[Any], held: bool) -> Logic[Any]:
    """The logic, or its complement, with complements pushed down to the atoms."""
    match logic:
        case Not(inner):
            return _pushed(inner, not held)
        case AllOf(parts):
            return (all_of if held else any_of)(_pushed(part, held) for part in parts)
        case AnyOf(parts):
            return (any_of if held else all_of)(_pushed(part, held) for part in parts)
        case Leaf() | Everyone() | Nothing():
            return logic if held else complement(logic)
        case _:
            assert_never(logic)


def _terms(logic: Logic[Any], most: int, form: str) -> tuple[tuple[tuple[Any, bool], ...], ...]:
    """The terms of logic whose complements are of atoms only; literals in reading order."""
    match logic:
        case AnyOf(parts):
            found = [term for part in parts for term in _terms(part, most, form)]
        case AllOf(parts):
            found = [()]
            for part in parts:
                more = _terms(part, most, form)
                joined = ((*one, *other) for one in found for other in more)
                found = _kept(joined, most, form)
        case Everyone():
            found = [()]
        case Nothing():
            found = []
        case Not(Leaf(atom)):
            found = [((atom, False),)]
        case Leaf(atom):
            found = [((atom, True),)]
        case _:
            raise AssertionError(logic)
    return tuple(_kept(found, most, form))


def _kept(
    terms: Iterable[tuple[tuple[Any, bool], ...]], most: int, form: str
) -> list[tuple[tuple[Any, bool], ...]]:
    """The terms that can be true by form and that no other one takes in."""
    found: dict[Term, tuple[tuple[Any, bool], ...]] = {}
    for term in terms:
        literals = dict.fromkeys(term)
        if any((atom, not true) in literals for atom, true in literals):
            continue
        narrow = frozenset(literals)
        if any(wide <= narrow for wide in found):
            continue
        for wide in [other for other in found if narrow <= other]:
            del found[wide]
        found[narrow] = tuple(literals)
        if len(found) > most:
            raise RuleError(f"The {form} normal form has more than {most:,} terms.")
    return list(found.values())


def _signed(literal: tuple[Any, bool]) -> Logic[Any]:
    atom, true = literal
    return Leaf(atom) if true else Not(Leaf(atom))


def _size(logic: Logic[Any]) -> int:
    match logic:
        case Not(inner):
            return _size(inner)
        case AllOf(parts) | AnyOf(parts):
            return sum(map(_size, parts))
        case Leaf():
            return 1
        case _:
            return 0


def simplified(logic: Logic[Any], steps: int = STEPS) -> Logic[Any]:
    """The same contacts, without parts that the other parts make needless; never larger.

    What can be told by proof is left out: "at least 5 and at least 3" is "at least 5". Where the
    steps run out, or the logic is nested too deep, the rest stays as it is.
    """
    try:
        return _pruned(logic, steps)
    except RecursionError:
        return logic


def _pruned(logic: Logic[Any], steps: int) -> Logic[Any]:
    current = logic
    while steps > 0:
        encoding = Encoding((current,), where_implies, steps)
        shorter = _Pruning(encoding).pruned(current, ())
        if shorter == current:
            break
        current, steps = shorter, encoding.steps
    return current


class _Pruning:
    """One walk over the logic that leaves out what its surroundings settle."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding

    def pruned(self, logic: Logic[Any], given: tuple[Logic[Any], ...]) -> Logic[Any]:
        """The logic without what is needless for contacts that all of `given` hold."""
        given = self._related(logic, given)
        if self._never((*given, logic)):
            return Nothing()
        if self._never((*given, complement(logic))):
            return Everyone()
        match logic:
            case Not(inner):
                return complement(self.pruned(inner, given))
            case AllOf(parts):
                return all_of(self._members(parts, given, complemented=False))
            case AnyOf(parts):
                return any_of(self._members(parts, given, complemented=True))
            case _:
                return logic

    def _related(self, logic: Logic[Any], given: tuple[Logic[Any], ...]) -> tuple[Logic[Any], ...]:
        """Those of `given` that have to do with the logic, or with others that have."""
        about, found, rest = self.encoding.subjects(logic), list[Logic[Any]](), list(given)
        grown = True
        while grown:
            near = [each for each in rest if not about.isdisjoint(self.encoding.subjects(each))]
            rest = [each for each in rest if about.isdisjoint(self.encoding.subjects(each))]
            about = about.union(*map(self.encoding.subjects, near))
            found += near
            grown = bool(near)
        return tuple(found)

    def _members(
        self, parts: tuple[Logic[Any], ...], given: tuple[Logic[Any], ...], *, complemented: bool
    ) -> tuple[Logic[Any], ...]:
        """Each part where the others hold (or, for "any of", where none of them does)."""
        kept = list(parts)
        for place in reversed(range(len(kept))):
            others = [part for each, part in enumerate(kept) if each != place]
            context = [complement(other) if complemented else other for other in others]
            kept[place] = self.pruned(kept[place], (*given, *context))
        return tuple(kept)

    def _never(self, logics: tuple[Logic[Any], ...]) -> bool:
        return self.encoding.possible(logics) is False
