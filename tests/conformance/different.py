"""Cases whose answer here is another one on purpose, by suite and name, each with the reason."""

from __future__ import annotations

QUERIES = {
    "f2f <": (
        "Texts have no order here, so one text field cannot be less than another: "
        "the importer reports the row and switches it off."
    ),
    "preserveValueOrder": (
        "Bounds the wrong way round are never a segment of nobody: the importer puts them in "
        "order, and a rule that has them is refused."
    ),
}

DATES = dict.fromkeys(
    ("relativeBetween", "relativeBetweenMixed"),
    "A period that moves with the clock is whole: “up to and including the first day of this "
    "year” cannot be said, and the importer reports it instead of leaving a day out.",
)

_LOCKED = (
    "No row is locked: a row that is switched off can be edited, moved, filled and removed like "
    "any other."
)
_LEVELS = "How deep groups may be nested is one limit for all segments, not an option of an edit."
EDITS = {
    "remove root is refused": (
        "Taking away the outermost group leaves an empty segment, which holds nobody."
    ),
    "nested groups approaching maxLevels": _LEVELS,
    "maxLevels exactly at the boundary": _LEVELS,
    **dict.fromkeys(
        (
            "edit a disabled rule",
            "edit a descendant of a disabled group",
            "disable a rule, then try to edit it",
            "add to a disabled group",
            "remove a disabled rule",
            "move a disabled rule",
            "group starting from a disabled rule",
            "mutations against a root-disabled query",
            "disabledPaths: edit a path-disabled rule",
            "disabledPaths: edit a descendant of a path-disabled group",
            "disabledPaths: add to a path-disabled group",
            "disabledPaths: remove and move a path-disabled rule",
            "disabledPaths: targeting by id resolves to the disabled path",
            "disabledPaths: root path disables everything",
            "disabledPaths: unaffected siblings still mutate",
        ),
        _LOCKED,
    ),
}

_SECONDS = (
    "The shortest length of a window is a minute, so “within 5 seconds” cannot be said. With a "
    "minute for each second, waits included, the answers are theirs."
)
SECONDS = (
    "computes an AND segment with a mixture of trait and windowed performed nodes",
    "when a performed segment is updated with a within condition",
)
SCENARIOS = {
    **dict.fromkeys(SECONDS, _SECONDS),
    "when the performed segment property condition has a syntax error, it ignores that property": (
        "A condition on a property that does not exist is an error that names what exists; "
        "it is never ignored."
    ),
}

DIFFERENT: dict[str, dict[str, str]] = {
    "react-querybuilder, queries": QUERIES,
    "react-querybuilder, match modes": {},
    "react-querybuilder, dates": DATES,
    "react-querybuilder, tree edits": EDITS,
    "Dittofeed, scenarios": SCENARIOS,
    "Unomi, property assertions": {},
}
"""All of them, by the suite's name; a suite without any differs nowhere."""
