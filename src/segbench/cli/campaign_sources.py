"""How recipient sources are written on the command line: `VIP`, `list:`, `prebuilt:`, a file."""

from __future__ import annotations

from collections.abc import Iterable

from segbench.errors import CampaignError, NotSaved
from segbench.files.reading import read
from segbench.files.segment_file import names_a_file
from segbench.model.prebuilt import prebuilt
from segbench.model.prebuilt_segments.row import Param
from segbench.model.recipe import RecipientSource, list_source, rules_source, segment_source
from segbench.model.rules import Group, Params, PrebuiltRule, Scalar
from segbench.workbench.workbench import Workbench

HELP = (
    "A SOURCE is the name of a saved segment, list:NAME for a smart list, prebuilt:KEY or "
    "prebuilt:KEY?days=30 for a pre-built segment, or a JSON, YAML or text file with rules."
)


def read_source(workbench: Workbench, given: str) -> RecipientSource:
    """The recipient source that was written; `NotSaved`, `FormatError` or `RuleError`."""
    kind, colon, rest = given.partition(":")
    if colon and kind == "list":
        return list_source(workbench.library.lists.one(rest).smart_list.name)
    if colon and kind == "prebuilt":
        return _prebuilt(rest)
    if names_a_file(given):
        segment = read(given).segment
        return rules_source(segment.name, segment.group)
    return segment_source(workbench.library.segment(given).segment.name)


def without(
    before: tuple[RecipientSource, ...], names: Iterable[str]
) -> tuple[RecipientSource, ...]:
    """The sources but those of these names; `NotSaved` where one is not among them."""
    left = list(before)
    for name in names:
        wanted = name.partition(":")[2] if name.startswith("list:") else name
        gone = next((s for s in left if s.name.casefold() == wanted.casefold()), None)
        if gone is None:
            raise NotSaved("recipient source of that campaign", wanted, (s.name for s in left))
        left.remove(gone)
    return tuple(left)


def _prebuilt(given: str) -> RecipientSource:
    key, _, query = given.partition("?")
    found = prebuilt(key)
    known = {param.name: param for param in found.params}
    values: dict[str, Scalar] = {}
    for part in filter(None, query.split("&")):
        name, equals, text = part.partition("=")
        if name not in known or not equals:
            raise CampaignError(
                f"The pre-built segment {key!r} has no parameter {name!r}; it has "
                f"{', '.join(known) or 'none'}."
            )
        values[name] = _value(known[name], text)
    rule = PrebuiltRule(key, Params(values))
    told = ", ".join(f"{name} {value}" for name, value in values.items())
    return rules_source(f"{found.label} ({told})" if told else found.label, Group(rules=(rule,)))


def _value(param: Param, text: str) -> Scalar:
    try:
        if param.kind == "whole":
            return int(text)
        return float(text) if param.kind == "number" else text
    except ValueError:
        raise CampaignError(f"The parameter {param.name} is a number, not {text!r}.") from None
