"""Hypothesis strategies for atoms over the contacts of `population`, all near each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st
from population import AS_OF, CATALOG, MONTH, TICK, ZONE

from segbench.engine.memory import Contact, Event, holds
from segbench.model.moments import Bounds
from segbench.plan.atoms import (
    After,
    Compared,
    Events,
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
    Sequence,
    TextHas,
    TextIs,
    TextLength,
    TextMatches,
    Truth,
    Within,
)
from segbench.plan.logic import AllOf, AnyOf, Everyone, Leaf, Logic, all_of, any_of, complement
from segbench.plan.witness import Witness

pick = st.sampled_from
flags = st.booleans()
TEXTS = ("DE", "de", "dE", "i", "I", "İ", "d", "D", "Σ", "σ", "17", "DE17", "🎈", "de İ")
NUMBERS = (-1.5, 0, 0.1, 0.1 + 1e-9, 0.2, 1, 1.0, 2, 3, 17, 18, 2**53)
DAYS = tuple(AS_OF.date() + dt.timedelta(n) for n in (-400, -31, -30, -7, -1, 0, 1, 2))
TIMES = tuple(
    AS_OF + length + n * TICK
    for length in (-MONTH, -dt.timedelta(days=7), -dt.timedelta(hours=12), dt.timedelta())
    for n in (-1, 0, 1)
)


def bounds(values: tuple[Any, ...]) -> st.SearchStrategy[Bounds]:
    some = st.none() | pick(values)
    return st.builds(Bounds, some, some, flags, flags)


def folded(texts: tuple[str, ...]) -> tuple[str, ...]:
    from segbench.plan.atoms import fold_case

    return tuple(dict.fromkeys(map(fold_case, texts)))


@st.composite
def cased(draw: st.DrawFn, make: Any) -> Any:
    match_case = draw(flags)
    return draw(make(TEXTS if match_case else folded(TEXTS), match_case))


def some(values: tuple[Any, ...], most: int = 4) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(pick(values), min_size=1, max_size=most, unique=True).map(
        lambda found: tuple(sorted(found))
    )


def texts(field: str) -> st.SearchStrategy[Any]:
    sizes = st.builds(TextLength, st.just(field), bounds((0, 1, 2, 3, 5)))
    patterns = st.builds(TextMatches, st.just(field), pick(("^D", "[^d]", "17$", "i")), flags)
    return st.one_of(
        cased(lambda known, case: some(known).map(lambda values: TextIs(field, values, case))),
        cased(
            lambda known, case: st.tuples(pick(("anywhere", "start", "end")), pick(known)).map(
                lambda part: TextHas(field, *part, case)  # type: ignore[arg-type]
            )
        ),
        sizes,
        patterns,
        st.just(Known(field, "text")),
    )


def lists(field: str) -> st.SearchStrategy[Any]:
    return st.one_of(
        cased(lambda known, case: some(known).map(lambda values: ItemIs(field, values, case))),
        cased(lambda known, case: pick(known).map(lambda part: ItemHas(field, part, case))),
        st.builds(Items, st.just(field), bounds((0, 1, 2, 3))),
    )


def within(field: str, kind: str) -> st.SearchStrategy[Any]:
    values: Any = {"number": NUMBERS, "date": DAYS, "datetime": TIMES}[kind]
    return st.builds(Within, st.just(field), st.just(kind), bounds(values))


def dated(field: str, kind: str) -> st.SearchStrategy[Any]:
    zone = ZONE.key if kind == "datetime" else ""
    parts: dict[str, tuple[int, ...]] = {
        "weekday": (0, 1, 5, 6),
        "month": (2, 9, 10, 11),
        "month_day": (229, 301, 926, 1026, 1027),
    }
    if kind == "datetime":
        parts["hour"] = (0, 2, 11, 23)
    part = pick(tuple(parts)).flatmap(
        lambda name: some(parts[name]).map(
            lambda values: PartIn(field, kind, name, values, zone)  # type: ignore[arg-type]
        )
    )
    return part | within(field, kind)


@st.composite
def compared(draw: st.DrawFn) -> Compared:
    one, other, kind = draw(
        pick(
            (
                ("age", "score", "number"),
                ("score", "age", "number"),
                ("birthday", "last_seen", "date"),
                ("name", "country", "text"),
                ("name", "name", "text"),
                ("age", "age", "number"),
            )
        )
    )
    if kind == "text":
        how = draw(pick(("is", "contains", "starts", "ends")))
        return Compared(one, "text", how, other, "text", draw(flags), "")
    how = draw(pick(("<", "<=", ">", ">=", "=", "on")))
    if kind == "date":
        return Compared(one, "date", how, other, "datetime", False, ZONE.key)
    return Compared(one, kind, how, other, kind, False, "")  # type: ignore[arg-type]


values: st.SearchStrategy[Any] = st.one_of(
    texts("name"),
    lists("likes"),
    within("age", "number"),
    dated("birthday", "date"),
    dated("last_seen", "datetime"),
    st.builds(Truth, st.just("subscribed"), flags),
    compared(),
)
"""Atoms about the fields of a contact."""
properties: st.SearchStrategy[Any] = (
    within("amount", "number") | texts("page") | st.builds(Truth, st.just("gift"), flags)
)


def logic_of(atoms: st.SearchStrategy[Any], most: int = 8) -> st.SearchStrategy[Logic[Any]]:
    """Logic over the atoms, simplified as it is built."""
    return st.recursive(
        atoms.map(Leaf),
        lambda inner: st.one_of(
            inner.map(complement),
            st.lists(inner, min_size=2, max_size=3).map(all_of),
            st.lists(inner, min_size=2, max_size=3).map(any_of),
        ),
        max_leaves=most,
    )


NAMES = ("order_placed", "page_visited")
events = st.builds(Events, some(NAMES, 2), st.just(Everyone()) | logic_of(properties, 2))
stretches = bounds(TIMES)
after = st.none() | st.builds(
    After, st.lists(events, min_size=1, max_size=2).map(tuple), pick(TIMES)
)
happened = st.builds(Happened, events, st.integers(1, 3), stretches, after)


@st.composite
def measured(draw: st.DrawFn) -> Measured:
    measure = draw(
        pick(("sum", "average", "smallest", "last_value", "distinct", "share", "active_days"))
        | pick(("first_time", "last_time", "active_weeks"))
    )
    kind, prop, part, zone = "number", "", None, ""
    if measure in ("first_time", "last_time"):
        kind = "datetime"
    if measure.startswith("active"):
        zone = ZONE.key
    if measure in ("sum", "average", "smallest", "last_value", "distinct"):
        prop = "amount"
    if measure == "share":
        part = draw(logic_of(properties, 2))
    test = dated("", "datetime") if kind == "datetime" else within("", "number")
    known: Any = st.just(Known("", kind))  # type: ignore[arg-type]
    some_events = draw(pick(SOME_EVENTS))
    return Measured(
        some_events, measure, prop, kind, draw(test | known),  # type: ignore[arg-type]
        draw(pick(SOME_BOUNDS)), None, zone, 0, part,
    )  # fmt: skip


SOME_EVENTS = (Events(("order_placed",), Everyone()), Events(NAMES, Everyone()))
SOME_BOUNDS = (Bounds(), Bounds(AS_OF - MONTH, AS_OF, low_open=True))
sequences = st.builds(
    Sequence,
    st.lists(events, min_size=1, max_size=3).map(tuple),
    pick(SOME_BOUNDS),
    st.none() | pick((dt.timedelta(days=1), dt.timedelta(days=7))),
    st.none() | events,
    st.just(AS_OF),
)
tags = st.builds(HasTag, some(("VIP", "vip", "🎈", "a"), 3), st.none() | stretches)
samples = st.builds(
    Sampled,
    pick(("", "salt")),
    pick(("00000000", "40000000", "80000000")),
    pick(("80000000", "c0000000", "")),
)
shares = st.builds(
    InShare, pick(("age", "score")), pick((1, 100_000, 500_000, 900_000, 1_000_000)), flags
)
atoms: st.SearchStrategy[Any] = st.one_of(
    values, values, happened, measured(), sequences, tags, samples, shares
)
"""Any atom."""


@st.composite
def contact(draw: st.DrawFn, key: str = "") -> Contact:
    """A contact whose values lie on the edges that the atoms ask about."""
    spaced = pick(TEXTS).map(lambda text: f" {text} ")
    pools: dict[str, Any] = {
        "name": pick(TEXTS) | spaced,
        "country": pick(TEXTS),
        "likes": st.lists(pick(TEXTS), max_size=3),
        "age": pick(NUMBERS),
        "score": pick(NUMBERS),
        "subscribed": flags,
        "birthday": pick(DAYS),
        "last_seen": pick(TIMES),
    }
    fields = {name: draw(st.none() | pool) for name, pool in pools.items()}
    seen = []
    for _ in range(draw(st.integers(0, 4))):
        known = {"amount": pick(NUMBERS), "page": pick(TEXTS), "gift": flags}
        has = {name: draw(st.none() | pool) for name, pool in known.items()}
        seen.append(Event(draw(pick(NAMES)), draw(pick(TIMES)), has))
    given = frozenset(draw(st.lists(pick(("VIP", "vip", "🎈")), max_size=3)))
    tagged = {tag: at for tag in sorted(given) if (at := draw(st.none() | pick(TIMES)))}
    return Contact(key or draw(pick("abcdef")), fields, given, tuple(seen), tagged)


def judge(logic: Logic[Any], witness: Witness) -> bool:
    """What the reference engine says of a made-up contact that is all alone."""
    made_up = Contact(witness.key, witness.fields, witness.tags, (), witness.tagged)
    return holds(logic, made_up, (made_up,))


def leaves(logic: Logic[Any]) -> int:
    """How many atoms there are, repeats counted."""
    match logic:
        case Leaf():
            return 1
        case AllOf(parts) | AnyOf(parts):
            return sum(map(leaves, parts))
        case _:
            return leaves(logic.inner) if hasattr(logic, "inner") else 0


__all__ = ["CATALOG", "atoms", "contact", "judge", "leaves", "logic_of", "values"]
