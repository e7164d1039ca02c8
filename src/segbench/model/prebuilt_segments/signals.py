"""What shows interest: the engagement events, and opens, which may be a machine's."""

from __future__ import annotations

from collections.abc import Iterable

from segbench.errors import RuleError
from segbench.model.catalog import EventType
from segbench.model.prebuilt_segments.names import Names, listed
from segbench.model.prebuilt_segments.row import Param
from segbench.model.rules import EventRule, FieldRule, Group, Step
from segbench.model.windows import Window

OPENS = Param(
    "opens",
    "opens",
    "human",
    kind="choice",
    choices=("human", "all", "none"),
    words=("", " (machine opens count)", " (opens do not count)"),
)
"""Which opens count: those that no machine made, all of them, or none."""


def engagement(names: Names, opens: str) -> tuple[Step, ...]:
    """The engagement events that happened here; `RuleError` where none did."""
    wanted = names.vocabulary.engagement
    if opens == "none":
        wanted = tuple(name for name in wanted if not _is_open(name, names))
    found = _steps(wanted, names, opens)
    if not found:
        raise RuleError(_no_engagement(wanted, names, opens))
    return found


def responses(names: Names, opens: str) -> tuple[Step, ...]:
    """What answers an e-mail: clicks, replies and opens, those that happened here."""
    parts = ("clicked", "replied") if opens == "none" else ("clicked", "replied", "opened")
    return _steps(names.events(*parts), names, opens)


def human_signals(names: Names) -> tuple[Step, ...]:
    """Every sign of a person: the engagement events, clicks, replies, orders and human opens."""
    parts = ("clicked", "replied", "order", "opened")
    wanted = (*names.vocabulary.engagement, *map(names.called, parts))
    return _steps(dict.fromkeys(wanted), names, "human")


def any_of(steps: Iterable[Step], window: Window | None = None) -> Group:
    """Any of the steps happened in the window, or ever."""
    rules = (EventRule(step.event, window=window, where=step.where) for step in steps)
    return Group("or", tuple(rules))


def _steps(events: Iterable[str], names: Names, opens: str) -> tuple[Step, ...]:
    known = (found for name in events if (found := names.event_type(name)))
    return tuple(Step(event.name, _no_machine(event, names, opens)) for event in known)


def _no_machine(event: EventType, names: Names, opens: str) -> tuple[FieldRule, ...]:
    if opens == "all":
        return ()
    machine = names.property_here(event.name, "machine_open", "boolean")
    if machine is None:
        return ()
    return (FieldRule(machine, "is_true", negated=True),)


def _is_open(name: str, names: Names) -> bool:
    return name == names.called("opened") or names.property_here(name, "machine_open") is not None


def _no_engagement(events: tuple[str, ...], names: Names, opens: str) -> str:
    but = " other than opens" if opens == "none" else ""
    problem = (
        f"None of the workspace's engagement events{but} ({listed(events, 3)}) happened here"
        if events
        else f"The workspace names no engagement events{but}"
    )
    there = listed(event.name for event in names.catalog.events)
    return f"{problem}; set engagement_events in workspace.json. Events here: {there}."
