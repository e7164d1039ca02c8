"""Which columns an export has: personal ones only where they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from segbench.audience.formats.job import ExportOptions
from segbench.audience.formats.registry import FORMATS, require_sound
from segbench.audience.formats.roles import ALIASES, is_personal, settled_roles


@dataclass(frozen=True)
class Picked:
    """The columns of an export, and those that were `left_out` since they are personal.

    `options` name the column of every role that the formats write.
    """

    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    options: ExportOptions


def pick_columns(
    there: Sequence[str], chosen: Sequence[str] | None, options: ExportOptions, *, personal: bool
) -> Picked:
    """The columns that were `chosen`, or all of those that are there but the personal ones.

    A column that is chosen by its name was asked for, and so were those that a chosen format needs:
    the e-mail address for a list of e-mail addresses. `personal` asks for all of them.
    """
    require_sound(options)
    wanted = {role for name in options.formats for role in FORMATS[name].roles}
    if wanted:
        known = settled_roles(there, options.roles)
        # Each role, also one without a column: nothing is guessed from the chosen columns alone.
        # In one order, since equal options are told by what they look like.
        named = {role: known.get(role, ()) for role in ALIASES if role in wanted}
        options = replace(options, roles={**dict(options.roles), **named})
    if chosen is not None:
        return Picked(tuple(dict.fromkeys(chosen)), (), options)
    if all(FORMATS[name].exclusive for name in options.formats):
        return Picked(tuple(there[:1]), (), options)
    held_back = () if personal else tuple(name for name in there if is_personal(name))
    return Picked(tuple(n for n in there if n not in held_back), held_back, options)
