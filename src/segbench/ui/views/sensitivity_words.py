"""What a curve says in words: the title of its chart, and what is read aloud for it."""

from __future__ import annotations

from segbench.audience.curve import Curve
from segbench.audience.dial import Dial, Number
from segbench.model.describe import label
from segbench.model.rules import Group
from segbench.model.tree import node_at
from segbench.model.wording import PLAIN, Wording, known_field
from segbench.ui.wording import SPACE, change, number, percent, plain, short

_WHAT = {"window": "window length", "times": "how many times", "bound": "bound"}
_BOUNDS = {
    "at_least": "at least",
    "greater_than": "more than",
    "at_most": "at most",
    "less_than": "less than",
}
_LONGEST = 44


def dial_words(root: Group, dial: Dial, wording: Wording) -> str:
    """Which row it turns and what of it: `Row 2: opened … · window length`."""
    places = ".".join(str(at + 1) for at in dial.path)
    row = short(label(node_at(root, dial.path), wording), _LONGEST)
    return f"Row {places}: {row} · {_WHAT[dial.what]}"


def axis_words(dial: Dial, wording: Wording = PLAIN) -> str:
    """What the numbers are."""
    if dial.what == "window":
        return f"Length of the window in {dial.unit}"
    if dial.what == "times":
        return f"{'At least' if dial.op in ('did', 'at_least') else 'At most'} so many times"
    return f"{plain(known_field(dial.unit, wording)[0])}: {_BOUNDS[dial.op]}"


def place(dial: Dial, at: Number) -> str:
    """A number with what it is: `30 days`, `at least 3 times`, `at most 18`."""
    if dial.what == "window":
        return f"{at:,}{SPACE}{dial.unit[:-1] if at == 1 else dial.unit}"
    if dial.what == "times":
        least = "at least" if dial.op in ("did", "at_least") else "at most"
        return f"{least} {at:,}{SPACE}time{'' if at == 1 else 's'}"
    return f"{_BOUNDS[dial.op]} {at:,}"


def curve_finding(curve: Curve) -> str:
    """What matches now, and what another number would change."""
    dial, now = curve.dial, curve.now
    total, other = curve.totals[now], curve.totals[curve.beside]
    start = f"At {place(dial, dial.now)}"
    if dial.what != "window":
        start = f"With {place(dial, dial.now)},"
    many = f"{number(total) if total else 'nobody'} match{'es' if total in (0, 1) else ''}"
    said = f"{start} {many}"
    if curve.beside == now:
        return f"{said}; there is no other number to compare with."
    there = place(dial, curve.numbers[curve.beside])
    if other == total:
        return f"{said}; {there} would change nothing."
    by = number(abs(other - total))
    verb = f"add {by}" if other > total else f"take {by} away"
    return f"{said}; {there} would {verb}{_share(other - total, total)}."


def curve_remark(curve: Curve) -> str:
    """Whom e-mail reaches of them, and where the number matters most."""
    return f"{_reached(curve)} {_steepest(curve)}"


def curve_summary(curve: Curve) -> str:
    """The curve in plain sentences, for a screen reader; exact counts."""
    dial, last = curve.dial, len(curve.numbers) - 1
    parts = [curve_finding(curve), _reached(curve), _steepest(curve)]
    for at in dict.fromkeys((0, last)):
        who = place(dial, curve.numbers[at])
        parts.append(f"{who[0].upper()}{who[1:]}: {number(curve.totals[at])} match.")
    for name, totals in curve.otherwise.items():
        parts.append(f"With {name} {number(totals[curve.now])} match now.")
    return " ".join(parts)


def _reached(curve: Curve) -> str:
    if curve.reachable is None:
        return f"Who can be reached by e-mail cannot be told: {curve.why.rstrip('.')}."
    return f"{number(curve.reachable[curve.now])} of them can be reached by e-mail."


def _steepest(curve: Curve) -> str:
    at = curve.steepest
    if at is None:
        return "No number changes the count."
    low, high = (place(curve.dial, curve.numbers[each]) for each in (at, at + 1))
    return f"Steepest from {low} to {high}: {change(curve.totals[at + 1] - curve.totals[at])}."


def _share(by: int, total: int) -> str:
    """The change as a share of what matches now; nothing where nobody does."""
    if not total:
        return ""
    sign = "+" if by > 0 else "\N{MINUS SIGN}"
    return f" ({sign}{percent(abs(by), total)})"
