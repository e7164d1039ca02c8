"""What a click on a chart means: each mark carries a short text that says what it stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast, get_args

Kind = Literal[
    "region",
    "all",
    "many",
    "beside",
    "segment",
    "pair",
    "row",
    "step",
    "clock",
    "data",
    "rules",
    "day",
    "value",
    "field",
    "side",
]
_WRITTEN = re.compile(rf"({'|'.join(get_args(Kind))}):(\d{{1,4}}(?:,\d{{1,4}}){{0,63}})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing in a chart that can be picked.

    `at` are positions of segments: all those of an exclusive region (`region`; none of them is "in
    no segment") or of an inclusive one (`all`), both of a pair, the one of a segment; `many` stands
    for two or more segments and `beside` for those outside a base; both have none. Of a `row` it is
    the path of a rule in the builder. Of a `step` it is the number of a point of a history, and so
    of what one cause did in it (`clock`, `data`, `rules`); of a `day` one of a forecast. A
    `value` or a `field` of a profile has the number of the drawing and its own; of a `side` of a
    comparison it is 0 to 2. A mark's `customdata` is its `str`.
    """

    kind: Kind
    at: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.kind}:{','.join(map(str, self.at))}"


def picked(customdata: object) -> Pick | None:
    """The pick that a mark's customdata stands for; nothing for marks that stand for none."""
    found = _WRITTEN.fullmatch(customdata) if isinstance(customdata, str) else None
    if found is None:
        return None
    kind, at = found.groups()
    return Pick(cast("Kind", kind), tuple(int(part) for part in at.split(",")) if at else ())
