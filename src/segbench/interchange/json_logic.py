"""A group written as JsonLogic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from segbench.interchange.json_logic_data import FOLDED, TAGS, trimmed
from segbench.interchange.json_logic_values import comparison_logic
from segbench.interchange.react_querybuilder_out import require_shallow
from segbench.interchange.report import Exported, NoMeaning, Unmapped
from segbench.interchange.untrusted import at
from segbench.model.catalog import ValueType
from segbench.model.codec import to_data
from segbench.model.rules import FieldRule, Group, Rule, RuleOrGroup, TagRule

OURS = "segbench"
"""The operation that stands for a rule which JsonLogic cannot say: evaluators refuse it."""
_FOLDED = "Rules that ignore case read `folded.…`, the texts as `json_logic_data` folds them."


def to_json_logic(group: Group, types: Mapping[str, ValueType]) -> Exported:
    """The group as JsonLogic over data as `json_logic_data` makes it.

    A rule that JsonLogic cannot say exactly becomes the unknown operation `segbench` with our JSON,
    so that evaluators fail on it and never answer wrongly.
    """
    require_shallow(group)
    writing = _Writing(types)
    logic = writing.group(group, "")
    if writing.folds:
        writing.report.insert(0, Unmapped("", FOLDED, _FOLDED))
    logic = False if logic is None else logic
    return Exported({"!": [logic]} if group.negated and logic else logic, tuple(writing.report))


@dataclass
class _Writing:
    types: Mapping[str, ValueType]
    report: list[Unmapped] = field(default_factory=list)
    folds: bool = False

    def node(self, node: RuleOrGroup, place: str) -> Any:
        """The logic of a node; None where it is ignored."""
        if not node.enabled:
            return None
        logic = self.group(node, place) if isinstance(node, Group) else self.rule(node, place)
        return {"!": [logic]} if node.negated and logic is not None else logic

    def group(self, group: Group, place: str) -> Any:
        """The logic of a group, its negation left out; None where no member counts."""
        whole = at(place, "rules")
        found = [self.node(rule, at(whole, index)) for index, rule in enumerate(group.rules)]
        members = [logic for logic in found if logic is not None]
        if not members:
            return None
        return members[0] if len(members) == 1 else {group.combinator: members}

    def rule(self, rule: Rule, place: str) -> Any:
        """The logic of a rule, its negation left out."""
        try:
            return self._said(rule)
        except NoMeaning as reason:
            self.report.append(Unmapped(place, f"{rule.kind}: {rule.op}", str(reason)))
            data = {key: value for key, value in to_data(rule).items() if key != "negated"}
            return {OURS: [data]}

    def _said(self, rule: Rule) -> Any:
        match rule:
            case FieldRule():
                logic = comparison_logic(rule, self.types)
                texts = self.types[rule.field] in ("text", "list")
                compares = bool(rule.values or rule.other) and not rule.op.startswith("size_")
                self.folds = self.folds or (texts and compares and not rule.match_case)
                return logic
            case TagRule():
                return _tag_logic(rule)
            case _:
                raise NoMeaning(f"JsonLogic knows nothing of a {rule.kind} rule.")


def _tag_logic(rule: TagRule) -> Any:
    if rule.window is not None:
        raise NoMeaning("JsonLogic knows no clock.")
    tags = [tag for name in rule.tags if (tag := trimmed(name))]
    if not tags:
        raise NoMeaning("Choose at least one tag.")
    each = [{"in": [tag, {"var": TAGS}]} for tag in tags]
    match rule.op:
        case "has_any_of":
            return {"or": each}
        case "has_all_of":
            return {"and": each}
        case "has_none_of":
            return {"!": [{"or": each}]}
        case _:
            raise NoMeaning(f"There is no tag operator {rule.op[:40]!r}.")
