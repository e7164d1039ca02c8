"""The words in which a notebook writes rules: `field("country").is_any_of("DE")`, `tag`, `did`."""

from __future__ import annotations

from dataclasses import replace

from segbench.model.ask_fields import FieldAsk, Texts, texts
from segbench.model.ask_fields import field as field
from segbench.model.rules import (
    Comparison,
    EventRule,
    FieldRule,
    MeasureRule,
    Params,
    PrebuiltRule,
    SampleRule,
    Scalar,
    SegmentRule,
    SequenceRule,
    Step,
    TagRule,
    Unknown,
    as_step,
    last,
    length_of_time,
)
from segbench.model.windows import Last


def tag(*names: Texts) -> TagRule:
    """Has the tag, or any of several, given one by one or as one list."""
    return TagRule("has_any_of", texts("tag", names, "'VIP', 'trial'"))


def all_tags(*names: Texts) -> TagRule:
    """Has every one of the tags, given one by one or as one list."""
    return TagRule("has_all_of", texts("all_tags", names, "'VIP', 'trial'"))


def did(event: str) -> EventRule:
    """The event happened to the contact; narrow it with `at_least`, `within`, `matching`."""
    return EventRule(event)


def did_not(event: str) -> EventRule:
    """The event did not happen to the contact; contacts without any event are in."""
    return EventRule(event, "did_not")


def in_segment(name: str) -> SegmentRule:
    """Is in the saved segment of that name."""
    return SegmentRule(name)


def engaged(*, days: int = 30) -> PrebuiltRule:
    """Is in the pre-built segment "engaged in the last N days"."""
    return PrebuiltRule("engaged", Params(days=length_of_time("days", days)))


def prebuilt(name: str, **params: Scalar) -> PrebuiltRule:
    """Is in the pre-built segment of that name: `prebuilt("lapsed", days=120)`."""
    return PrebuiltRule(name, Params(params))


def sample(low: float, high: float, *, salt: str = "") -> SampleRule:
    """A fixed share of all contacts: `sample(0, 10)` is a tenth, `sample(10, 20)` another one."""
    return SampleRule(low, high, salt)


def measure(
    figure: str,
    event: EventRule | str,
    of: str = "",
    *,
    match_case: bool = False,
    unknown: Unknown = "default",
) -> FieldAsk[MeasureRule]:
    """A figure of events, to be compared: `measure("sum", did("order_placed"), "amount") >= 100`.

    The event may say which of them count: `did("order_placed").within(days=90)`.
    """
    events = did(event) if isinstance(event, str) else event
    if replace(events, op="did", values=()) != events:
        raise TypeError("Give the events of a figure without a count, such as did('order_placed').")

    def made(rule: FieldRule) -> MeasureRule:
        if rule.other:
            raise TypeError("A figure is compared with values, not with a field.")
        compare = Comparison(rule.op, rule.values, rule.window, rule.match_case, rule.unknown)
        return MeasureRule(
            events.event,
            figure,
            compare,
            of,
            events.window,
            events.where,
            also=events.also,
            since=events.since,
            clock=events.clock,
        )

    return FieldAsk(FieldRule("", "", match_case=match_case, unknown=unknown), made)


def in_order(*steps: Step | EventRule, **length: int) -> SequenceRule:
    """The events happened one after another, the last within `days=` or so of the first."""
    return SequenceRule(tuple(map(as_step, steps)), "in_order", _within(length))


def not_followed(*steps: Step | EventRule, **length: int) -> SequenceRule:
    """All events but the last happened in this order; the last did not follow within `hours=`."""
    return SequenceRule(tuple(map(as_step, steps)), "not_followed", _within(length))


def _within(length: dict[str, int]) -> Last | None:
    return last(**length) if length else None
