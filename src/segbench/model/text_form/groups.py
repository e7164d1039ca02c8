"""Reading groups: `and`, `or`, brackets and the limits of a segment."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from segbench.model.codec import DEEPEST, MOST_RULES
from segbench.model.rules import Group, RuleOrGroup, as_group
from segbench.model.text_form.clauses import (
    SAID,
    WORDS,
    flagged,
    next_clause,
    read_clauses,
    read_flags,
)
from segbench.model.text_form.cursor import Cursor
from segbench.model.text_form.misplaced import misplaced
from segbench.model.text_form.rules import read_rule
from segbench.model.tree import walk
from segbench.model.values import Combinator

TOO_MANY = f"a segment holds at most {MOST_RULES:,} rules and groups."
TOO_DEEP = f"groups can be nested at most {DEEPEST} deep."


def read_root(cursor: Cursor) -> Group:
    """Reads the whole text as a group."""
    if cursor.peek().kind == "end":
        cursor.misses("a rule, or () where there is none yet")
    root = as_group(_chain(cursor)[0])
    if cursor.peek().kind != "end":
        cursor.misses("“and”", "“or”", "the end of the text", words=WORDS)
    problem = limit_problem(root)
    if problem:
        cursor.refuses(problem)
    return root


def limit_problem(root: Group) -> str:
    """Why a tree is deeper or larger than a segment can be; empty where it is not."""
    for count, (path, node) in enumerate(walk(root)):
        if count > MOST_RULES:
            return TOO_MANY
        if isinstance(node, Group) and len(path) >= DEEPEST:
            return TOO_DEEP
    return ""


def _chain(cursor: Cursor) -> tuple[RuleOrGroup, bool]:
    """Reads members and what joins them; whether that made a group without brackets."""
    parts = [_joined(cursor)]
    while cursor.accepts("or"):
        parts.append(_joined(cursor))
    if len(parts) == 1:
        return parts[0]
    return Group("or", tuple(node for node, _ in parts)), True


def _joined(cursor: Cursor) -> tuple[RuleOrGroup, bool]:
    members = [_member(cursor)]
    while cursor.accepts("and"):
        members.append(_member(cursor))
    return (members[0], False) if len(members) == 1 else (Group("and", tuple(members)), True)


def _member(cursor: Cursor) -> RuleOrGroup:
    flags = read_flags(cursor)
    if cursor.sees("(") and not _names_events(cursor):
        return flagged(_bracket(cursor), flags)
    cursor.rules += 1
    if cursor.rules > MOST_RULES:
        cursor.refuses(TOO_MANY)
    rule = read_rule(cursor)
    if clause := next_clause(cursor):
        cursor.refuses(misplaced(rule, clause))
    return flagged(rule, flags)


def _names_events(cursor: Cursor) -> bool:
    """Whether the bracket holds events, such as `(page_visited or email_clicked)`, and no rules."""
    if cursor.sees("(", "and", ":") or cursor.sees("(", "or", ":"):
        return False
    named = cursor.peek(1).kind in ("word", "name")
    return named and cursor.peek(2).word in ("or", ")")


def _bracket(cursor: Cursor) -> RuleOrGroup:
    if cursor.depth >= DEEPEST:
        cursor.refuses(TOO_DEEP)
    cursor.depth += 1
    cursor.needs("(")
    node = _inside(cursor)
    cursor.depth -= 1
    token = cursor.peek()
    said = read_clauses(cursor, SAID)
    if said.get("note") and node.note:
        cursor.refuses("a second note where only one can stand.", token)
    return replace(node, **said) if said else node


def _inside(cursor: Cursor) -> RuleOrGroup:
    """Reads what is in brackets, and the closing one."""
    said = cursor.peek().word if cursor.peek(1).word == ":" else ""
    combinator = cast("Combinator", said) if said in ("and", "or") else None
    if combinator:
        cursor.needs(combinator, ":")
    if cursor.accepts(")"):
        return Group(combinator or "and")
    node, bare = _chain(cursor)
    if not cursor.accepts(")"):
        cursor.misses("“and”", "“or”", "“)”", words=WORDS)
    if combinator is None:
        return node
    whole = bare and isinstance(node, Group) and node.combinator == combinator
    return node if whole else Group(combinator, (node,))
