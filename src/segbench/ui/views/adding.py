"""A row added to the rules on screen, so that what they hold gets no larger."""

from __future__ import annotations

from segbench.model import edit
from segbench.model.rules import Group, RuleOrGroup


def with_row(tree: Group, rule: RuleOrGroup) -> Group:
    """The contacts of the tree for whom the rule is true as well.

    Rows that are joined by OR, or negated, become a group of their own; a row that is there already
    is not added again.
    """
    if not tree.rules:
        return Group(rules=(rule,))
    if tree.combinator == "and" and not tree.negated and not tree.locked:
        if rule in tree.rules:
            return tree
        return edit.insert(tree, (), len(tree.rules), rule)
    return Group(rules=(tree, rule))
