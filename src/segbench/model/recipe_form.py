"""A recipe as plain JSON values, with the rules that its sources had, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from segbench.errors import FormatError, SegbenchError
from segbench.model import codec
from segbench.model.recipe import Recipe, RecipientSource
from segbench.model.rules import Group
from segbench.model.send_settings_form import split_data, split_from_data


def recipe_data(recipe: Recipe, rules: Mapping[RecipientSource, Group]) -> dict[str, Any]:
    """The recipe, each source with the rules that it stands for."""
    return {
        "include": [_source_data(source, rules[source]) for source in recipe.include],
        "exclude": [_source_data(source, rules[source]) for source in recipe.exclude],
        "channel": recipe.channel,
        "keep": recipe.keep,
        "without": list(recipe.without),
        "split": split_data(recipe.split) if recipe.split is not None else None,
    }


def recipe_from_data(data: object) -> tuple[Recipe, dict[RecipientSource, Group]]:
    """The recipe in JSON values, and the rules of its sources; `FormatError` where it is none."""
    if not isinstance(data, Mapping):
        raise FormatError("A recipe is an object of include, exclude and how they are sent to.")
    try:
        rules: dict[RecipientSource, Group] = {}
        split = data.get("split")
        recipe = Recipe(
            tuple(_source(each, rules) for each in data["include"]),
            tuple(_source(each, rules) for each in data["exclude"]),
            data["channel"],
            data["keep"],
            tuple(data["without"]),
            split_from_data(split) if split is not None else None,
        )
    except (LookupError, TypeError, AttributeError, SegbenchError) as error:
        raise FormatError(f"This recipe cannot be read: {error}") from None
    return recipe, rules


def _source_data(source: RecipientSource, rules: Group) -> dict[str, Any]:
    return {"kind": source.kind, "name": source.name, "rules": codec.to_data(rules)}


def _source(data: Mapping[str, Any], rules: dict[RecipientSource, Group]) -> RecipientSource:
    group = codec.group_from_data(data["rules"])
    own = group if data["kind"] == "rules" else None
    source = RecipientSource(data["kind"], data["name"], own)
    rules[source] = group
    return source
