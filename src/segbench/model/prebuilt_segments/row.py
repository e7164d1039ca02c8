"""What a pre-built segment is: a row with parameters that expands to ordinary rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from segbench.model.catalog import Catalog
from segbench.model.prebuilt_segments.names import Names
from segbench.model.rules import Group, Params, Scalar
from segbench.model.vocabulary import Vocabulary

LONGEST_DAYS = 3_650
LONGEST_MONTHS = 120
MOST_TIMES = 10_000


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a pre-built segment.

    A `whole` or `number` lies between `least` and `most`; a `choice` is one of `choices`; a
    `field` is the name of a contact field. `words` say what each of the choices adds to the
    sentence, where the phrase itself does not.
    """

    name: str
    label: str
    default: Scalar
    least: float = 0
    most: float = 0
    kind: Literal["whole", "number", "choice", "field"] = "whole"
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prebuilt:
    """A parametrised segment that ships with segbench.

    `phrase` is its sentence with parameters to fill in, `origin` says whose definition it is,
    `rules` makes its rules from all its parameters and the names of a workspace.
    """

    key: str
    label: str
    description: str
    phrase: str
    params: tuple[Param, ...]
    origin: str
    rules: Callable[[Params, Names], Group]

    def expand(self, params: Params, catalog: Catalog, vocabulary: Vocabulary) -> Group:
        """Its ordinary rules here; `RuleError` where the data lacks what it needs."""
        return self.rules(self.filled(params), Names(catalog, vocabulary))

    def filled(self, params: Mapping[str, Scalar]) -> Params:
        """All its parameters, those not given at their defaults."""
        return Params({param.name: params.get(param.name, param.default) for param in self.params})

    def sentence(self, params: Mapping[str, Scalar]) -> str:
        """What it says of a contact, with all that the parameters change."""
        filled = self.filled(params)
        added = (
            dict(zip(param.choices, param.words, strict=True)).get(str(filled[param.name]), "")
            for param in self.params
            if param.words
        )
        return self.phrase.format(**filled) + "".join(added)


def days(default: int, name: str = "days", label: str = "days") -> Param:
    """A parameter that is a number of days."""
    return Param(name, label, default, least=1, most=LONGEST_DAYS)


def months(default: int, name: str = "months", label: str = "months") -> Param:
    """A parameter that is a number of months of the calendar."""
    return Param(name, label, default, least=1, most=LONGEST_MONTHS)


def times(name: str, label: str, default: int) -> Param:
    """A parameter that is how often something happened."""
    return Param(name, label, default, least=1, most=MOST_TIMES)
