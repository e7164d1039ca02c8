"""The audience of a campaign in a workbench: its sources as rules, who is in them, who is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from segbench.audience.ladder import climb_down
from segbench.audience.recipients import Audience, choose
from segbench.audience.split import split_keys, split_sizes
from segbench.engine.membership import Membership
from segbench.errors import NotSaved, RuleError, SegbenchError
from segbench.model.campaign_split import Split
from segbench.model.recipe import Recipe, RecipientSource
from segbench.model.rules import Group
from segbench.model.segment import LONGEST_NAME
from segbench.workbench.ladders import find_ladder

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


@dataclass(frozen=True)
class ResolvedRecipe:
    """A recipe with the rules that its sources have now, and the saved segments they refer to."""

    recipe: Recipe
    rules: Mapping[RecipientSource, Group]
    saved: Mapping[str, Group]

    @property
    def group(self) -> Group:
        """Who is included and not excluded, as one group of rules."""
        return whole_group(
            [self.rules[source] for source in self.recipe.include],
            [self.rules[source] for source in self.recipe.exclude],
        )


def resolve(workbench: Workbench, recipe: Recipe) -> ResolvedRecipe:
    """The recipe with the rules of its sources; `RuleError` or `NotSaved` names one without."""
    saved = workbench.library.groups()
    rules = {
        source: _rules(workbench, source, saved) for source in (*recipe.include, *recipe.exclude)
    }
    return ResolvedRecipe(recipe, rules, saved)


def rules_of(workbench: Workbench, source: RecipientSource) -> Group:
    """The rules that a source has now."""
    return _rules(workbench, source, workbench.library.groups())


def find_audience(
    workbench: Workbench, recipe: Recipe, resolved: ResolvedRecipe | None = None
) -> Audience:
    """Who is in the sources of a recipe, who of them is reached, and how many each group gets.

    `RuleError` names the source that cannot be evaluated. Nobody matches where nothing is included.
    """
    known = resolved if resolved is not None else resolve(workbench, recipe)
    total = workbench.contacts_total
    found = {
        source: _members(workbench, source, group, known.saved)
        for source, group in known.rules.items()
    }
    chosen = choose(
        [(source, found[source]) for source in recipe.include],
        [(source, found[source]) for source in recipe.exclude],
        total,
    )
    ladder = find_ladder(workbench, chosen.targeted, recipe)
    return Audience(recipe, chosen, ladder, _sizes(recipe.split, len(ladder.final)))


def split_audience(workbench: Workbench, audience: Audience) -> dict[str, Membership]:
    """The final recipients by the group that each is drawn into; empty where they are not split."""
    split = audience.recipe.split
    if split is None:
        return {}
    ordinals = audience.final.ids()
    return split_keys(
        ordinals,
        _keys(workbench, audience.final),
        dict(split.shares),
        audience.final.contacts,
        salt=split.seed,
    )


def nobody(workbench: Workbench, recipe: Recipe) -> Audience:
    """The audience of no source at all."""
    chosen = choose([], [], workbench.contacts_total)
    return Audience(recipe, chosen, climb_down(chosen.targeted, ()), {})


def sources_label(recipe: Recipe) -> str:
    """The included sources in a few words: `VIP`, or `VIP + 2 more`."""
    names = [source.name for source in recipe.include]
    if not names:
        return "nobody"
    more = f" + {len(names) - 1} more" if len(names) > 1 else ""
    return f"{names[0][: LONGEST_NAME - len(more)]}{more}"


def recipe_sentence(workbench: Workbench, resolved: ResolvedRecipe) -> str:
    """Who is asked for, in words: each source by its name and rules."""
    recipe = resolved.recipe
    parts = [_listed("To", recipe.include, workbench, resolved)]
    if recipe.exclude:
        parts.append(_listed("Not to", recipe.exclude, workbench, resolved))
    return " ".join(parts)


def whole_group(include: list[Group], exclude: list[Group]) -> Group:
    """Groups that are included and excluded as one group."""
    included = Group("or", tuple(include))
    if not exclude:
        return include[0] if len(include) == 1 else included
    return Group("and", (included, Group("or", tuple(exclude), negated=True)))


def _rules(workbench: Workbench, source: RecipientSource, saved: Mapping[str, Group]) -> Group:
    if source.rules is not None:
        return source.rules
    if source.kind == "list":
        return workbench.library.lists.one(source.name).smart_list.as_segment().group
    if source.name not in saved:
        raise NotSaved("saved segment", source.name, saved)
    return saved[source.name]


def _members(
    workbench: Workbench, source: RecipientSource, group: Group, saved: Mapping[str, Group]
) -> Membership:
    try:
        return workbench.members(group, saved)
    except RuleError as error:
        raise RuleError(
            f"The {source.words} {source.name!r} cannot be evaluated. {error}"
        ) from error


def _sizes(split: Split | None, total: int) -> dict[str, int]:
    if split is None:
        return {}
    return split_sizes(total, dict(split.shares), salt=split.seed)


def _keys(workbench: Workbench, members: Membership) -> Iterator[str]:
    with workbench.engine.rows(members, ["key"]) as batches:
        for batch in batches:
            yield from batch.column(0).to_pylist()


def _listed(
    role: str,
    sources: tuple[RecipientSource, ...],
    workbench: Workbench,
    resolved: ResolvedRecipe,
) -> str:
    told = []
    for source in sources:
        try:
            words = workbench.describe(resolved.rules[source]).removesuffix(".")
        except SegbenchError as error:
            words = str(error)
        told.append(f"“{source.name}” ({words[0].lower()}{words[1:]})")
    return f"{role} {'; '.join(told)}."
