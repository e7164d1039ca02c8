"""The tests of segment files, run: example contacts by the reference engine, sizes on data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from segbench.audience.why import why
from segbench.cli.named import reached
from segbench.engine.memory import Contact, Event, true_of
from segbench.errors import FormatError, SegbenchError
from segbench.files.clocks import Clock, clock_of, shares
from segbench.files.expectations import Example, Expectations, Given, Size
from segbench.files.inference import inferred_catalog
from segbench.files.segment_file import SegmentFile
from segbench.model.catalog import Catalog, ValueType
from segbench.model.check import require_sound
from segbench.model.rules import Group
from segbench.model.segment import Segment
from segbench.model.wording import Wording
from segbench.plan.lower import Context
from segbench.workbench.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test of a segment: whether it passed and, where it did not, what came out and why."""

    name: str
    passed: bool
    said: str = ""
    why: str = ""


def contact_outcomes(file: SegmentFile, groups: Mapping[str, Group]) -> tuple[Outcome, ...]:
    """Whether the segment holds the example contacts that it must, and no other one."""
    if file.tests is None or not file.tests.contacts:
        return ()
    group, tests = file.segment.group, file.tests
    context = _context(group, tests, groups)
    require_sound(group, context.catalog, context.segments, contact_zone=context.contact_zone)
    clock = clock_of(tests)
    contacts = [_contact(example, context.catalog, clock) for example in tests.contacts]
    return tuple(
        _outcome(example, contact, contacts, group, context)
        for example, contact in zip(tests.contacts, contacts, strict=True)
    )


def size_outcome(
    segment: Segment, size: Size, workbench: Workbench, groups: Mapping[str, Group]
) -> Outcome:
    """Whether the segment holds as many of the workspace's contacts as it should."""
    segments = {**workbench.library.groups(), **groups}
    count = workbench.engine.count(workbench.plan(segment.group, segments).root)
    total = workbench.contacts_total
    low, high = shares(size)
    wanted = []
    if size.least is not None and count < size.least:
        wanted.append(f"at least {size.least:,}")
    if size.most is not None and count > size.most:
        wanted.append(f"at most {size.most:,}")
    share = Fraction(count, total) if total else Fraction(0)
    if not low <= share <= high:
        wanted.append(size.share)
    found = f"{count:,} of {total:,} contacts ({float(share) * 100:.4g} %)"
    said = f"expected {' and '.join(wanted)}, found {found}" if wanted else found
    return Outcome("size", not wanted, said)


def _context(group: Group, tests: Expectations, groups: Mapping[str, Group]) -> Context:
    clock = clock_of(tests)
    segments = reached(group, groups)
    catalog = inferred_catalog([group, *segments.values()], tests)
    return Context(
        clock.as_of,
        clock.zone,
        catalog,
        segments,
        week_start=clock.week_start,
        contact_zone=tests.contact_time_zone,
    )


def _outcome(
    example: Example, contact: Contact, among: list[Contact], group: Group, context: Context
) -> Outcome:
    wording = Wording(context.catalog, context.as_of, context.zone, context.week_start)
    found = why(contact, group, context, lambda atom: true_of(atom, contact, among), wording)
    is_in = "in" if found.held else "out"
    if is_in == example.expect:
        return Outcome(example.name, True)
    return Outcome(example.name, False, f"expected {example.expect}, is {is_in}", found.text)


def _contact(example: Example, catalog: Catalog, clock: Clock) -> Contact:
    def read(given: Given, kind: ValueType, where: str) -> object:
        try:
            return clock.value(given, kind)
        except SegbenchError as error:
            raise FormatError(f"Contact {example.name!r}, {where}: {error}") from None

    fields = {
        name: read(given, catalog.field(name).type, name) for name, given in example.fields.items()
    }
    events = tuple(
        Event(
            happening.event,
            _moment(read(happening.at, "datetime", happening.event)),
            {
                name: read(given, catalog.event(happening.event).property(name).type, name)
                for name, given in happening.properties.items()
            },
        )
        for happening in example.events
    )
    times = example.tags if isinstance(example.tags, dict) else dict.fromkeys(example.tags)
    tagged = {tag.strip(): _moment(read(at, "datetime", tag)) for tag, at in times.items() if at}
    tags = frozenset(tag.strip() for tag in times)
    return Contact(example.name, fields, tags, events, tagged)


def _moment(value: object) -> dt.datetime:
    assert isinstance(value, dt.datetime)
    return value
