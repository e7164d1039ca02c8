"""What a comparison of two segments says in sentences."""

from __future__ import annotations

from segbench.plan.proof import Verdict
from segbench.ui.theme import LONGEST
from segbench.ui.wording import contacts, number, short
from segbench.workbench.comparing import Comparison
from segbench.workbench.reasoning import Sameness

SCREEN = "the segment on screen"


def quoted_name(name: str) -> str:
    """A name as sentences have it; that of the segment on screen stands without quotes."""
    return name if name == SCREEN else f"“{short(name, LONGEST)}”"


def comparison_finding(found: Comparison) -> str:
    """Whether both hold the same contacts, and if not, how many each has alone."""
    same = found.sameness
    assert same is not None
    first, second = (_capital(quoted_name(found.first)), quoted_name(found.second))
    if same.proof.proven:
        return f"The same contacts, whatever the data: both hold {number(same.both)}"
    if same.same_here:
        return f"The same {contacts(same.both)} now, though the rules differ"
    if not same.both:
        return (
            f"Nobody is in both: {contacts(same.only_first)} in {first[:1].lower()}{first[1:]}, "
            f"{contacts(same.only_second)} in {second}"
        )
    if not same.only_second:
        return (
            f"{first} holds all {contacts(same.both)} of {second} "
            f"and {number(same.only_first)} more"
        )
    if not same.only_first:
        return (
            f"{_capital(second)} holds all {contacts(same.both)} of "
            f"{quoted_name(found.first)} and {number(same.only_second)} more"
        )
    return (
        f"They differ: {number(same.only_first)} only in {quoted_name(found.first)}, "
        f"{number(same.only_second)} only in {second}, {number(same.both)} in both"
    )


def comparison_remark(found: Comparison) -> str:
    """How certain it is, and how many rows differ."""
    same = found.sameness
    assert same is not None
    rows = [line for line in found.lines if line.state != "same"]
    if not rows:
        return "The rules are equal."
    differ = "1 row differs" if len(rows) == 1 else f"{len(rows):,} rows differ"
    return f"{differ}. {_proof(same)}"


def side_title(found: Comparison, side: int) -> str:
    """What one of the three parts is called."""
    first, second = quoted_name(found.first), quoted_name(found.second)
    return (f"Only in {first}", f"In {first} and in {second}", f"Only in {second}")[side]


def segment_name(found: Comparison, side: int) -> str:
    """A name for a segment made of a part."""
    first, second = (_capital(name) for name in (found.first, found.second))
    return (f"{first}, not {second}", f"{first} and {second}", f"{second}, not {first}")[side]


def comparison_summary(found: Comparison) -> str:
    """The whole comparison in words."""
    same = found.sameness
    if same is None:
        return found.problem
    parts = [
        f"{side_title(found, side)}: {contacts(count)}."
        for side, count in enumerate(side_counts(same))
    ]
    told = {"first": found.first, "second": found.second}
    rows = []
    for line in found.lines:
        if line.state == "changed":
            rows.append(f"Changed: {line.first}; {line.second}.")
        elif line.state != "same":
            rows.append(f"Only in {quoted_name(told[line.state])}: {line.first or line.second}.")
    return " ".join([f"{comparison_finding(found)}.", comparison_remark(found), *parts, *rows])


def side_counts(same: Sameness) -> tuple[int, int, int]:
    """Only in the first, in both, only in the second."""
    return same.only_first, same.both, same.only_second


def _proof(same: Sameness) -> str:
    if same.proof.proven:
        return "It follows from the rules that they mean the same."
    if same.same_here and same.proof.verdict is Verdict.REFUTED:
        return "There can be a contact that only one of them holds."
    if same.same_here:
        return "It is not proven that other data gives the same."
    return "The counts are exact."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
