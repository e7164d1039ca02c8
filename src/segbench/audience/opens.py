"""A row about opens with its opens counted in each of the three ways."""

from __future__ import annotations

from dataclasses import replace

from segbench.model.prebuilt import with_defaults
from segbench.model.prebuilt_segments.names import Names
from segbench.model.rules import EventRule, FieldRule, Params, PrebuiltRule, Rule

ALL, HUMAN, NONE = "all opens", "no machine opens", "clicks only"
ENGAGED = {"all": ALL, "human": HUMAN, "none": "no opens"}
"""How the opens of `engaged` are counted, by its parameter."""


def ways_to_count_opens(row: Rule, names: Names) -> dict[str, Rule]:
    """The row with all opens, without those of machines, and without any; empty for other rows.

    Without opens a row asks for the other events that it counts or, where it counts none, for
    clicks. A way for which the data here lacks something is left out.
    """
    if isinstance(row, PrebuiltRule) and row.prebuilt == "engaged":
        return _engaged(row, names)
    opened = names.event_here("opened")
    if not isinstance(row, EventRule) or opened is None or opened not in (row.event, *row.also):
        return {}
    machine = names.property_here(opened, "machine_open", "boolean")
    if machine is None:
        return {}
    beside = tuple(rule for rule in row.where if rule.field != machine)
    human = FieldRule(machine, "is_true", negated=True)
    found: dict[str, Rule] = {
        ALL: replace(row, where=beside),
        HUMAN: replace(row, where=(*beside, human)),
    }
    others = tuple(name for name in (row.event, *row.also) if name != opened)
    clicked = others or tuple(filter(None, [names.event_here("clicked")]))
    known = {p.name for name in clicked if (e := names.event_type(name)) for p in e.properties}
    if clicked and known.issuperset(rule.field for rule in beside):
        called = NONE if not others else ENGAGED["none"]
        found[called] = replace(row, event=clicked[0], also=clicked[1:], where=beside)
    return found


def _engaged(row: PrebuiltRule, names: Names) -> dict[str, Rule]:
    if names.event_here("opened") not in names.vocabulary.engagement:
        return {}
    params = with_defaults(row)
    wanted = ("all", "human", "none")
    return {
        ENGAGED[opens]: replace(row, params=Params({**params, "opens": opens})) for opens in wanted
    }
