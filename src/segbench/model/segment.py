"""Segments, and the pre-built ones that ship with segbench."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from segbench.errors import RuleError, UnknownName
from segbench.model.catalog import Catalog
from segbench.model.rules import EventRule, FieldRule, Group, Params, PrebuiltRule
from segbench.model.windows import Last

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Segment:
    """A named group that chooses campaign recipients: rules only, never a list of people."""

    name: str
    group: Group
    description: str = ""

    def __post_init__(self) -> None:
        clean = " ".join(self.name.split())
        if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
            raise RuleError(
                f"A segment needs a name of 1 to {LONGEST_NAME} printable characters, "
                f"not {self.name[:LONGEST_NAME]!r}."
            )
        object.__setattr__(self, "name", clean)


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a pre-built segment, a whole number within bounds."""

    name: str
    label: str
    default: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Prebuilt:
    """A parametrised segment that ships with segbench.

    `phrase` is its sentence with parameters to fill in; `expand` gives its rules for a catalogue
    and the workspace's engagement events.
    """

    key: str
    label: str
    description: str
    phrase: str
    params: tuple[Param, ...]
    expand: Callable[[Params, Catalog, tuple[str, ...]], Group]


ENGAGEMENT_EVENTS = (
    "email_clicked",
    "email_replied",
    "page_visited",
    "form_submitted",
    "order_placed",
    "email_opened",
)
"""What counts as engagement unless the workspace says otherwise."""


def _engaged(params: Params, catalog: Catalog, events: tuple[str, ...]) -> Group:
    """Any engagement event in the window; an open counts unless a machine made it."""
    known = {event.name: event for event in catalog.events}
    window = Last(params["days"])
    rules: list[EventRule] = []
    for name in events:
        if name not in known:
            continue
        machine = any(prop.name == "machine_open" for prop in known[name].properties)
        human = (FieldRule("machine_open", "is_true", negated=True),) if machine else ()
        rules.append(EventRule(name, window=window, where=human))
    if not rules:
        raise RuleError(_no_engagement(events, tuple(known)))
    return Group("or", tuple(rules))


def _no_engagement(events: tuple[str, ...], known: tuple[str, ...]) -> str:
    problem = (
        f"None of the workspace's engagement events ({_first(3, events)}) happened here"
        if events
        else "The workspace names no engagement events"
    )
    there = _first(8, known) or "none"
    return f"{problem}; set engagement_events in workspace.json. Events here: {there}."


def _first(most: int, names: tuple[str, ...]) -> str:
    return ", ".join((*names[:most], "…") if len(names) > most else names)


PREBUILT: dict[str, Prebuilt] = {
    row.key: row
    for row in (
        Prebuilt(
            key="engaged",
            label="Engaged in the last … days",
            description="Clicked, replied, visited, submitted a form or ordered in the window, "
            "or opened an e-mail without a machine having done it (mail privacy proxies).",
            phrase="is engaged in the last {days} days",
            params=(Param("days", "days", default=30, least=1, most=3650),),
            expand=_engaged,
        ),
    )
}
"""The pre-built segments by key."""


def prebuilt(key: str) -> Prebuilt:
    """The pre-built segment of that key; `UnknownName` with near names where there is none."""
    found = PREBUILT.get(key)
    if found is None:
        raise UnknownName("pre-built segment", key, PREBUILT)
    return found


def with_defaults(rule: PrebuiltRule) -> Params:
    """The rule's parameters, those it leaves out at their defaults."""
    known = prebuilt(rule.prebuilt).params
    return Params({param.name: rule.params.get(param.name, param.default) for param in known})
