"""Boolean combinations of atoms, simplified as they are built, and folded over anything with
`&`, `|` and `~`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Generic, TypeVar, assert_never

A = TypeVar("A")
A_co = TypeVar("A_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Everyone:
    """Holds every contact."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Holds no contact."""


@dataclass(frozen=True, slots=True)
class Leaf(Generic[A_co]):
    """Holds the contacts for which the atom is true."""

    atom: A_co


@dataclass(frozen=True, slots=True)
class Not(Generic[A_co]):
    """Holds the contacts that the inner logic does not: set complement, never SQL's NOT."""

    inner: Logic[A_co]


@dataclass(frozen=True, slots=True)
class AllOf(Generic[A_co]):
    """Holds the contacts that all parts hold; two or more distinct parts."""

    parts: tuple[Logic[A_co], ...]


@dataclass(frozen=True, slots=True)
class AnyOf(Generic[A_co]):
    """Holds the contacts that any part holds; two or more distinct parts."""

    parts: tuple[Logic[A_co], ...]


Logic = Everyone | Nothing | Leaf[A_co] | Not[A_co] | AllOf[A_co] | AnyOf[A_co]


def complement(logic: Logic[A]) -> Logic[A]:
    """The contacts that `logic` does not hold."""
    match logic:
        case Everyone():
            return Nothing()
        case Nothing():
            return Everyone()
        case Not(inner):
            return inner
        case _:
            return Not(logic)


def all_of(parts: Iterable[Logic[A]]) -> Logic[A]:
    """The contacts that all parts hold; everyone where there are no parts."""
    flat = _distinct(parts, AllOf, Everyone())
    if any(isinstance(part, Nothing) for part in flat) or _contradicts(flat):
        return Nothing()
    return flat[0] if len(flat) == 1 else AllOf(flat) if flat else Everyone()


def any_of(parts: Iterable[Logic[A]]) -> Logic[A]:
    """The contacts that any part holds; nobody where there are no parts."""
    flat = _distinct(parts, AnyOf, Nothing())
    if any(isinstance(part, Everyone) for part in flat) or _contradicts(flat):
        return Everyone()
    return flat[0] if len(flat) == 1 else AnyOf(flat) if flat else Nothing()


def atoms(logic: Logic[A]) -> tuple[A, ...]:
    """The distinct atoms, in the order in which they first occur."""
    return tuple(dict.fromkeys(_leaves(logic)))


def fold(logic: Logic[A], value: Callable[[A], Any], everyone: Callable[[], Any]) -> Any:
    """The logic over values that know `&`, `|` and `~`, each atom's value taken by `value`."""
    match logic:
        case Everyone():
            return everyone()
        case Nothing():
            return ~everyone()
        case Leaf(atom):
            return value(atom)
        case Not(inner):
            return ~fold(inner, value, everyone)
        case AllOf(parts):
            return reduce(and_, (fold(part, value, everyone) for part in parts))
        case AnyOf(parts):
            return reduce(or_, (fold(part, value, everyone) for part in parts))
        case _:
            assert_never(logic)


def _leaves(logic: Logic[A]) -> Iterator[A]:
    match logic:
        case Leaf(atom):
            yield atom
        case Not(inner):
            yield from _leaves(inner)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _leaves(part)
        case Everyone() | Nothing():
            return
        case _:
            assert_never(logic)


def _distinct(
    parts: Iterable[Logic[A]], same: type[AllOf[Any]] | type[AnyOf[Any]], neutral: object
) -> tuple[Logic[A], ...]:
    """The parts without repeats and neutral ones, members of the same kind taken in."""
    flat: dict[Logic[A], None] = {}
    for part in parts:
        for member in part.parts if isinstance(part, same) else (part,):
            if member != neutral:
                flat[member] = None
    return tuple(flat)


def _contradicts(parts: tuple[Logic[A], ...]) -> bool:
    """Whether some part is the complement of another."""
    present = set(parts)
    return any(isinstance(part, Not) and part.inner in present for part in parts)
