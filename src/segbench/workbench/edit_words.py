"""What an edit would do, and did, in sentences; plain texts, to be escaped where they are shown."""

from __future__ import annotations

import datetime as dt

from segbench.workbench.consequences import Change, Effect
from segbench.workbench.contact_edits import Preview


def change_words(change: Change) -> str:
    """What a change does to each contact: 'tag “vip”'."""
    parts = []
    if change.add:
        parts.append(f"tag {_listed(change.add)}")
    if change.remove:
        parts.append(f"take the tag {_listed(change.remove)} away")
    for name, value in change.values.items():
        parts.append(f"clear {name}" if value is None else f"set {name} to {_value(value)}")
    return ", ".join(parts)


def preview_words(preview: Preview) -> str:
    """How many would change, how many are so already, and which segments would grow or shrink."""
    does = change_words(preview.change)
    said = [
        f"{does[:1].upper()}{does[1:]}: {preview.would_change:,} of {preview.matching:,} "
        f"contacts would change, {preview.already:,} are so already."
    ]
    said += [effect_words(effect) for effect in preview.effects]
    if preview.later:
        names = ", ".join(f"“{name}”" for name in preview.later)
        said.append(f"Known only afterwards: {names}.")
    elif not preview.effects:
        said.append("No saved segment would change.")
    return " ".join(said)


def effect_words(effect: Effect) -> str:
    """From how many to how many a segment goes: '“VIPs”: 12 → 212 (+200).'"""
    moves = [f"+{effect.entered:,}"] if effect.entered else []
    moves += [f"−{effect.left:,}"] if effect.left else []
    return f"“{effect.segment}”: {effect.before:,} → {effect.after:,} ({', '.join(moves)})."


def _listed(tags: tuple[str, ...]) -> str:
    return ", ".join(f"“{tag}”" for tag in tags)


def _value(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M} UTC"
    return f"“{value}”" if isinstance(value, str) else str(value)
