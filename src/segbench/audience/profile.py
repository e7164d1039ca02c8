"""What tells a segment from other contacts: the shares of each field's values, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segbench.audience.significance import Sides, may_be_chance
from segbench.errors import UnknownName
from segbench.model.rules import RuleOrGroup

if TYPE_CHECKING:
    import pandas as pd

NO_VALUE = "no value"
OTHER = "any other value"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a field, or several of them: how many contacts have it on each side.

    `rule` holds exactly those contacts. `chance` says that the difference may be chance.
    """

    words: str
    rule: RuleOrGroup
    here: int
    there: int
    sides: Sides
    chance: bool = True

    @property
    def share_here(self) -> float:
        """The share of the segment that has it, 0 to 1."""
        return self.here / self.sides.here if self.sides.here else 0.0

    @property
    def share_there(self) -> float:
        """The share of the others that have it, 0 to 1."""
        return self.there / self.sides.there if self.sides.there else 0.0

    @property
    def difference(self) -> float:
        """By how much more of the segment has it, -1 to 1."""
        return self.share_here - self.share_there

    @property
    def index(self) -> float | None:
        """100 where both shares are the same, 200 where that of the segment is twice the other."""
        if not self.there or not self.sides.here:
            return None
        return 100 * self.here * self.sides.there / (self.there * self.sides.here)


@dataclass(frozen=True, slots=True)
class FieldProfile:
    """A field and its values; of `several` a contact may have more than one, as of tags.

    No other field of a profile has its `name`. The `label` is what it is called on screen.
    `distance`, 0 to 1, says how much the field tells the two sides apart. Of a field with one value
    a contact it is the total variation distance: the share of the segment that would need another
    value for both sides to look the same. Of several values it is that of the value that differs
    most, had or not had. `chance` says that drawing contacts at random may give such a distance.
    """

    name: str
    label: str
    values: tuple[Value, ...]
    several: bool
    distance: float
    chance: bool


@dataclass(frozen=True)
class Profile:
    """All fields, those that tell most first; those that may do so by chance come last."""

    sides: Sides
    fields: tuple[FieldProfile, ...]

    @property
    def telling(self) -> tuple[FieldProfile, ...]:
        """The fields that tell the two sides apart by more than chance."""
        return tuple(field for field in self.fields if not field.chance)

    def field(self, name: str) -> FieldProfile:
        """The field of that name or label; `UnknownName` with near labels where there is none."""
        named = {each.label: each for each in self.fields} | {
            each.name: each for each in self.fields
        }
        if name not in named:
            raise UnknownName("field of the profile named", name, (x.label for x in self.fields))
        return named[name]

    def to_frame(self) -> pd.DataFrame:
        """One row per value, as the fields are ranked."""
        import pandas as pd

        rows = [
            (
                field.label,
                value.words,
                value.here,
                value.share_here,
                value.there,
                value.share_there,
                value.index,
                value.chance,
                field.distance,
                field.chance,
            )
            for field in self.fields
            for value in field.values
        ]
        heads = ["field", "value", "here", "share_here", "there", "share_there", "index"]
        more = ["may_be_chance", "field_distance", "field_may_be_chance"]
        return pd.DataFrame(rows, columns=[*heads, *more])


def field_profile(
    name: str, values: Iterable[Value], sides: Sides, *, several: bool = False, label: str = ""
) -> FieldProfile | None:
    """The field of those values; None where nobody has any, or everybody the same.

    Without a label it is called by its name.
    Unless there may be `several`, the values must be exclusive and cover every contact.
    """
    used = [value for value in values if value.here or value.there]
    if len(used) < (1 if several else 2):
        return None
    label = label or name
    judged = tuple(_judged(value, 1) for value in used)
    if several:
        gaps = [abs(value.difference) for value in judged]
        chance = all(_judged(value, len(used)).chance for value in used)
        return FieldProfile(name, label, judged, True, max(gaps), chance)
    distance = sum(abs(value.difference) for value in judged) / 2
    counts = [value.here for value in used], [value.there for value in used]
    return FieldProfile(name, label, judged, False, distance, may_be_chance(*counts, sides))


def ranked(fields: Iterable[FieldProfile], sides: Sides) -> Profile:
    """The fields in the order of a profile."""
    order = sorted(fields, key=lambda field: (field.chance, -field.distance, field.label))
    return Profile(sides, tuple(order))


def most_telling(
    found: Profile, most: int, *, of_field: int = 2
) -> tuple[tuple[FieldProfile, Value], ...]:
    """The values that differ most, field by field as they are ranked, `of_field` of each at most.

    Of two values that say the same, such as yes and no, the one that the segment has more of; the
    rest of a field is no value.
    """
    picked: list[tuple[FieldProfile, Value]] = []
    for field in found.telling:
        values = list(_apart(field))
        picked += [(field, value) for value in values[:of_field]]
    return tuple(picked[:most])


def _apart(field: FieldProfile) -> Iterator[Value]:
    """The values of a field that differ by more than chance, the largest difference first."""
    values: Sequence[Value] = sorted(field.values, key=lambda value: -abs(value.difference))
    if not field.several and len(values) == 2:
        values = [max(values, key=lambda value: value.difference)]
    yield from (value for value in values if not value.chance and value.words != OTHER)


def _judged(value: Value, of: int) -> Value:
    sides = value.sides
    here, there = [value.here, sides.here - value.here], [value.there, sides.there - value.there]
    chance = may_be_chance(here, there, sides, of=of)
    return Value(value.words, value.rule, value.here, value.there, sides, chance)
