"""Whom a campaign goes to, as it is asked: what is included, what excluded, and how it is split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from segbench.errors import CampaignError
from segbench.model.campaign_split import Split
from segbench.model.rules import Group, PrebuiltRule
from segbench.model.segment import LONGEST_NAME
from segbench.model.send_settings import Channel, Keep

Role = Literal["include", "exclude"]
SourceKind = Literal["segment", "list", "rules"]
MOST_SOURCES = 50
"""The most recipient sources in one role."""
KIND_WORDS = {"segment": "segment", "list": "smart list", "rules": "built here"}


@dataclass(frozen=True, slots=True)
class RecipientSource:
    """One entry of Recipient (To): a saved segment or smart list by name, or rules of its own.

    A pre-built segment is a group of that one rule. What is saved is followed live; `rules` are the
    campaign's own, and `name` is what they are called there.
    """

    kind: SourceKind
    name: str
    rules: Group | None = None

    def __post_init__(self) -> None:
        if self.kind not in KIND_WORDS:
            raise CampaignError(f"A recipient source is one of {', '.join(KIND_WORDS)}.")
        clean = " ".join(self.name.split())
        if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
            raise CampaignError(
                f"A recipient source needs a name of 1 to {LONGEST_NAME} printable characters."
            )
        object.__setattr__(self, "name", clean)
        if (self.rules is not None) != (self.kind == "rules"):
            raise CampaignError("Rules belong to what is built here; what is saved has its own.")

    @property
    def words(self) -> str:
        """What kind of source it is, in words."""
        return "pre-built" if self.is_prebuilt else KIND_WORDS[self.kind]

    @property
    def is_prebuilt(self) -> bool:
        """Whether it is a pre-built segment and nothing else."""
        return (
            self.rules is not None
            and len(self.rules.rules) == 1
            and isinstance(self.rules.rules[0], PrebuiltRule)
        )


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides who the final recipients are, the data and the time apart.

    The order of `include` is the priority: each contact is claimed by the first that holds it.
    `without` names fields that recipients must have.
    """

    include: tuple[RecipientSource, ...] = ()
    exclude: tuple[RecipientSource, ...] = ()
    channel: Channel = "email"
    keep: Keep = "first"
    without: tuple[str, ...] = ()
    split: Split | None = None


def segment_source(name: str) -> RecipientSource:
    """A saved segment as a recipient source."""
    return RecipientSource("segment", name)


def list_source(name: str) -> RecipientSource:
    """A smart list as a recipient source."""
    return RecipientSource("list", name)


def rules_source(name: str, rules: Group) -> RecipientSource:
    """Rules of the campaign's own as a recipient source."""
    return RecipientSource("rules", name, rules)


def require_sources(sources: tuple[RecipientSource, ...]) -> None:
    """`CampaignError` where there are too many, or one twice."""
    if len(sources) > MOST_SOURCES:
        raise CampaignError(f"A campaign includes, and excludes, at most {MOST_SOURCES} sources.")
    seen: set[tuple[str, str]] = set()
    for source in sources:
        place = (source.kind, source.name.casefold())
        if place in seen:
            raise CampaignError(f"{source.name!r} ({source.words}) is chosen twice.")
        seen.add(place)


def moved(sources: tuple[RecipientSource, ...], at: int, by: int) -> tuple[RecipientSource, ...]:
    """The sources with the one at a place moved up (-1) or down (1); unchanged at the ends."""
    to = at + by
    if not (0 <= at < len(sources) and 0 <= to < len(sources)):
        return sources
    order = list(sources)
    order.insert(to, order.pop(at))
    return tuple(order)
