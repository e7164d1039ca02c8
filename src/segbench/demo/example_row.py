"""What an example of a rule is: the words of a notebook, kept as their source text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from segbench.model.ask import (
    all_tags,
    did,
    did_not,
    engaged,
    field,
    in_order,
    in_segment,
    measure,
    not_followed,
    prebuilt,
    sample,
    tag,
)
from segbench.model.operators import operator
from segbench.model.prebuilt import PREBUILT
from segbench.model.rules import Group, PrebuiltRule, RuleOrGroup, as_group
from segbench.model.text import parse
from segbench.model.windows import Ago, Calendar, Since, Until

WORDS: Mapping[str, Any] = {
    "Ago": Ago,
    "Calendar": Calendar,
    "Since": Since,
    "Until": Until,
    "all_tags": all_tags,
    "did": did,
    "did_not": did_not,
    "engaged": engaged,
    "field": field,
    "in_order": in_order,
    "in_segment": in_segment,
    "measure": measure,
    "not_followed": not_followed,
    "parse": parse,
    "prebuilt": prebuilt,
    "sample": sample,
    "tag": tag,
}
"""The words that examples are written in: those that `from segbench import …` gives."""


@dataclass(frozen=True, slots=True)
class Example:
    """One rule as it is typed in a notebook; `title` says what it shows, by default its operator.

    `words` are evaluated whenever the rule is asked for, so what is shown is what is meant.
    """

    words: str
    title: str = ""

    @property
    def rule(self) -> RuleOrGroup:
        """The rule or group that the words make."""
        found = eval(self.words, {"__builtins__": {}}, dict(WORDS))
        return cast("RuleOrGroup", found)

    @property
    def group(self) -> Group:
        """The rule as the root of a segment."""
        return as_group(self.rule)

    @property
    def name(self) -> str:
        """What it shows: its title, else its pre-built segment or its operator as in the menu."""
        if self.title:
            return self.title
        (only,) = self.group.rules
        if isinstance(only, PrebuiltRule):
            return PREBUILT[only.prebuilt].label
        assert not isinstance(only, Group)
        return operator(only.kind, only.op).label


@dataclass(frozen=True, slots=True)
class Chapter:
    """Examples of one subject, with what a marketer needs to know of it (Markdown)."""

    title: str
    introduction: str
    examples: tuple[Example, ...]
