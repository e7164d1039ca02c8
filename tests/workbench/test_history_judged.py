"""Histories of random rules over random data, held against the reference engine."""

from __future__ import annotations

import datetime as dt
import os
import random
from itertools import pairwise
from pathlib import Path

import pytest
import trees
from population import AS_OF
from stories import DAY, SHORT, Judge, Story, changed, opened, population, standard

from segbench.audience.history import CAUSES
from segbench.model.ask import field, tag
from segbench.model.rules import Group, as_group
from segbench.model.segment import Segment

SOAK = bool(os.environ.get("SEGBENCH_SOAK"))
STORIES, TREES = (4, 15) if SOAK else (2, 12)


def random_story(chance: random.Random, first: Group, second: Group) -> Story:
    """Three loads, an edit of the segment, and one of a segment that others refer to."""
    loads = [population(chance)]
    for _ in range(2):
        loads.append(changed(chance, loads[-1]))
    times = sorted(AS_OF - chance.random() * 9 * DAY for _ in loads)
    saves = standard(
        (
            (AS_OF - 8 * DAY, Segment("S", first)),
            (AS_OF - 4 * DAY, Segment("Germans", as_group(field("age") > 30))),
            (AS_OF - 2 * DAY, Segment("S", second)),
        )
    )
    return Story(tuple(zip(times, loads, strict=True)), saves)


@pytest.mark.parametrize("seed", range(STORIES))
def test_points_and_parts_are_what_the_judge_says(seed: int, tmp_path: Path) -> None:
    """Each point, and by each cause who entered and left, over random data and rules."""
    chance = random.Random(seed)
    pool = [trees.random_rule(chance) for _ in range(60)]
    windowed = [rule for rule in pool if getattr(rule, "window", None) is not None]
    windowed += SHORT
    moved = dict.fromkeys(CAUSES, 0)
    first = trees.random_group(chance, pool) | tag("vip")
    second = trees.random_group(chance, windowed) | tag("newsletter")
    story = random_story(chance, first, second)
    judge = Judge(story)
    with opened(story, tmp_path / "w") as workbench:
        for number in range(TREES):
            rules = (pool, windowed, SHORT)[number % 3]
            given = "S" if number == 0 else trees.any_group(chance.choice, chance_of(rules), 1)
            history = workbench.history(given, since=AS_OF - chance.choice((6, 10)) * DAY)
            root = None if given == "S" else given
            check(judge, history, root)
            for point in history.points[1:]:
                for cause in CAUSES:
                    moved[cause] += point.causes[cause].entered + point.causes[cause].left
    assert all(moved.values()), moved


def chance_of(rules: list) -> trees.Maker:
    return lambda pick: pick(rules)


def check(judge: Judge, history, root: Group | None) -> None:
    """Everything in the history against the judge, from the story alone."""

    def state(at: dt.datetime) -> tuple:
        rules = judge.rules_at(at, "S")
        return (rules["S"] if root is None else root, rules, judge.load_at(at))

    for number, (before, after) in enumerate(pairwise(history.points), 1):
        (old, old_rules, old_load), (new, rules, load) = state(before.at), state(after.at)
        held = [
            judge.keys(old, old_rules, old_load, before.at),
            judge.keys(old, old_rules, old_load, after.at, before.at),
            judge.keys(old, old_rules, load, after.at),
            judge.keys(new, rules, load, after.at),
        ]
        assert (before.count, after.count) == (len(held[0]), len(held[3]))
        for cause, (one, other) in zip(CAUSES, pairwise(held), strict=True):
            assert set(history.entered(number, cause)) == other - one, (cause, after.at)
            assert set(history.left(number, cause)) == one - other, (cause, after.at)
            flow = after.causes[cause]
            assert (flow.entered, flow.left) == (len(other - one), len(one - other))
        assert set(history.entered(after)) == held[3] - held[0]
        assert set(history.left(after)) == held[0] - held[3]
        assert sum(flow.net for flow in after.causes.values()) == after.count - before.count
        assert after.flow.net == after.count - before.count
