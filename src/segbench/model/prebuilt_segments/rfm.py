"""The pre-built RFM segments: buyers by recency, frequency and money, each scored 0 to 3."""

from __future__ import annotations

from segbench.errors import RuleError
from segbench.model.prebuilt_segments.names import Names
from segbench.model.prebuilt_segments.row import Param, Prebuilt, days
from segbench.model.rules import Comparison, EventRule, Group, MeasureRule, Params, RuleOrGroup
from segbench.model.windows import Last

Range = tuple[int, int]
Levels = tuple[RuleOrGroup, RuleOrGroup, RuleOrGroup]
"""Rules for a score of 1, 2 and 3 or more."""

GROUPS: dict[str, tuple[Range, Range, Range]] = {
    "Champions": ((3, 3), (2, 3), (2, 3)),
    "Loyal": ((2, 3), (2, 3), (1, 3)),
    "Potential Loyalists": ((3, 3), (1, 3), (1, 3)),
    "Promising": ((3, 3), (0, 3), (1, 3)),
    "New Customer": ((3, 3), (0, 3), (0, 3)),
    "Needing Attention": ((2, 3), (0, 3), (0, 3)),
    "Cannot lose them": ((0, 1), (2, 3), (2, 3)),
    "At Risk": ((0, 1), (1, 3), (1, 3)),
    "About to Sleep": ((1, 1), (0, 3), (0, 3)),
    "Hibernating": ((0, 0), (0, 2), (0, 3)),
}
"""The scores (R, F, M) of each group; a buyer is in the first one that fits."""
OTHER = "Other"
"""The buyers whom no group holds: R0 F3 M0."""
RFM_GROUPS = (*GROUPS, OTHER)


def _rfm(params: Params, names: Names) -> Group:
    _require_order(params)
    order = names.event("order")
    amount = names.property(order, "amount", "number")
    bought = EventRule(order, window=Last(int(params["days"])))

    def recent(score: int) -> RuleOrGroup:
        return EventRule(order, window=Last(int(params[f"r{score}"])))

    def often(score: int) -> RuleOrGroup:
        return bought.at_least(int(params[f"f{score}"]))

    def much(score: int) -> RuleOrGroup:
        enough = Comparison("at_least", (params[f"m{score}"],))
        return MeasureRule(order, "sum", enough, amount, bought.window)

    levels = [(level(1), level(2), level(3)) for level in (recent, often, much)]
    return Group(rules=(bought, *_only(str(params["group"]), levels)))


def _only(wanted: str, scores: list[Levels]) -> tuple[RuleOrGroup, ...]:
    """In the wanted group and in none before it."""
    if wanted not in RFM_GROUPS:
        raise RuleError(f"There is no RFM group {wanted!r}; there are {', '.join(RFM_GROUPS)}.")
    before: list[RuleOrGroup] = []
    for name, ranges in GROUPS.items():
        parts = tuple(
            rule for score, span in zip(scores, ranges, strict=True) for rule in _in(score, span)
        )
        if name == wanted:
            return (*parts, ~Group("or", tuple(before))) if before else parts
        before.append(Group(rules=parts))
    return (~Group("or", tuple(before)),)


def _in(levels: Levels, span: Range) -> tuple[RuleOrGroup, ...]:
    low, high = span
    reached = (levels[low - 1],) if low > 0 else ()
    not_above = (~levels[high],) if high < 3 else ()
    return (*reached, *not_above)


def _require_order(params: Params) -> None:
    for names in (("r3", "r2", "r1", "days"), ("f1", "f2", "f3"), ("m1", "m2", "m3")):
        values = [float(params[name]) for name in names]
        if values != sorted(values):
            shown = ", ".join(f"{name} {params[name]:,}" for name in names)
            raise RuleError(f"RFM cut points must rise from {names[0]} to {names[-1]}: {shown}.")


def _orders(name: str, label: str, default: int) -> Param:
    return Param(name, label, default, least=1, most=1_000_000)


def _amount(name: str, label: str, default: float) -> Param:
    return Param(name, label, default, least=-(10**12), most=10**12, kind="number")


RFM = (
    Prebuilt(
        key="rfm",
        label="RFM group",
        description="Buyers of the last days by days since the last order (R), number of orders "
        "(F) and sum of their amounts (M), each scored 0 to 3 by the cut points. A buyer is in "
        "the first group that fits, Other where none does; who did not order is in none.",
        phrase="is in the RFM group “{group}” of the last {days} days (R within {r1}, {r2}, {r3} "
        "days; F from {f1}, {f2}, {f3} orders; M from {m1}, {m2}, {m3})",
        params=(
            Param("group", "group", "Champions", kind="choice", choices=RFM_GROUPS),
            days(365),
            days(180, "r1", "days for R1"),
            days(90, "r2", "days for R2"),
            days(30, "r3", "days for R3"),
            _orders("f1", "orders for F1", 2),
            _orders("f2", "orders for F2", 3),
            _orders("f3", "orders for F3", 5),
            _amount("m1", "amount for M1", 50),
            _amount("m2", "amount for M2", 150),
            _amount("m3", "amount for M3", 500),
        ),
        origin="Braze (scores, groups and their order). Ours: the window, the cut points, Other.",
        rules=_rfm,
    ),
)
"""Buyers by recency, frequency and money."""
