"""A clicked part of an overlap in words and rules: its name, its count, the segment it would be."""

from __future__ import annotations

from collections.abc import Sequence

from segbench.audience.overlap import Overlap
from segbench.audience.region_rules import all_rules, exactly_rules, many_rules, within_base
from segbench.errors import RuleError
from segbench.model.rules import Group, RuleOrGroup
from segbench.model.segment import LONGEST_NAME
from segbench.ui.picks import Pick
from segbench.ui.wording import plain, short


def require_known(pick: Pick, segments: int) -> None:
    """`RuleError` where the pick, which a browser sent, names positions that there are not."""
    wanted = {"region": True, "all": bool(pick.at), "pair": len(pick.at) == 2}
    known = wanted.get(pick.kind, not pick.at)
    if not known or len(set(pick.at)) != len(pick.at) or any(at >= segments for at in pick.at):
        raise RuleError("That part of the chart is not there any more.")


def part_rules(
    pick: Pick, segments: Sequence[RuleOrGroup], base: RuleOrGroup | None = None
) -> Group:
    """The rules that hold just the contacts of a part, within the base where there is one."""
    match pick.kind:
        case "region":
            found = exactly_rules(segments, pick.at)
        case "all" | "pair":
            found = all_rules(segments, pick.at)
        case "many":
            found = many_rules(segments)
        case "beside" if base is not None:
            anywhere = Group("or", tuple(segments))
            return Group(rules=(anywhere, ~base))
        case _:
            raise RuleError("No segment can be made of that.")
    return within_base(found, base)


def part_count(pick: Pick, overlap: Overlap) -> int:
    """How many contacts a part has, exactly."""
    match pick.kind:
        case "region" if not pick.at:
            return overlap.outside
        case "region":
            return overlap.exactly(*pick.at)
        case "all" | "pair":
            return overlap.within(*pick.at)
        case "many":
            return sum(region.count for region in overlap.regions if len(region.inside) > 1)
        case _:
            raise RuleError("That is no part of an overlap.")


def part_name(pick: Pick, names: Sequence[str]) -> str:
    """A name for the segment that a part would be."""
    inside = [plain(names[at]) for at in sorted(pick.at)]
    match pick.kind:
        case "region" if not inside:
            text = "In none of " + ", ".join(map(plain, names))
        case "region":
            out = [plain(name) for at, name in enumerate(names) if at not in pick.at]
            text = " and ".join(inside) + (f", not {' or '.join(out)}" if out else "")
        case "many":
            text = "In two or more of " + ", ".join(map(plain, names))
        case "beside":
            text = "Outside of the base in " + ", ".join(map(plain, names))
        case _:
            text = " and ".join(inside)
    return short(text, LONGEST_NAME)
