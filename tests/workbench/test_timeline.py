"""One contact over time: when it entered a segment and left it, and by what."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

import pytest
import trees
from population import AS_OF, order
from stories import DAY, SHORT, Story, changed, opened, population, standard

from segbench.audience.history import History, Passage
from segbench.engine.memory import Contact
from segbench.errors import RuleError, UnknownName
from segbench.model.ask import did, field, tag
from segbench.model.rules import as_group
from segbench.model.segment import Segment

FIRST, SECOND, EDIT = AS_OF - 20 * DAY, AS_OF - 6 * DAY, AS_OF - 2 * DAY
ORDERED = AS_OF - 12 * DAY - dt.timedelta(hours=3, minutes=7)
ANNA = Contact("anna", {"country": "FR", "age": 20}, events=(order(ORDERED),))
MOVED = Contact("anna", {"country": "DE", "age": 20}, frozenset({"vip"}), ANNA.events)
BERT = Contact("bert", {"country": "DE"})
RULES = did("order_placed").within(days=5) | field("country").is_("DE")
STORY = Story(
    ((FIRST, (ANNA,)), (SECOND, (BERT, MOVED))),
    standard(((FIRST, Segment("S", RULES)), (EDIT, Segment("S", as_group(field("age") > 30))))),
)


def test_each_passage_has_its_moment_and_its_cause(tmp_path: Path) -> None:
    with opened(STORY, tmp_path / "w") as workbench:
        timeline = workbench.timeline("anna", "S")
        assert [(p.entered, p.cause) for p in timeline.passages] == [
            (True, "data"),
            (False, "clock"),
            (True, "data"),
            (False, "rules"),
        ]
        entered, left, again, edited = (passage.at for passage in timeline.passages)
        assert (entered, again, edited) == (ORDERED, SECOND, EDIT)
        assert abs(left - (ORDERED + 5 * DAY)) <= dt.timedelta(seconds=1)
        assert not timeline.held
        assert timeline.held_at(SECOND)
        assert not timeline.held_at(SECOND - dt.timedelta(seconds=1))
        with pytest.raises(RuleError, match="This timeline is from"):
            timeline.held_at(AS_OF + DAY)


def test_nobody_is_in_before_it_was_a_contact(tmp_path: Path) -> None:
    with opened(STORY, tmp_path / "w") as workbench:
        timeline = workbench.timeline("bert", field("country").is_("DE"))
        assert timeline.passages == (Passage(SECOND, True, "data"),)
        with pytest.raises(UnknownName, match="contact with the key 'berta'; did you mean 'bert'"):
            workbench.timeline("berta", tag("vip"))


def watched(history: History, others: list[str]) -> set[str]:
    """Some who move, if any do, and others."""
    steps = range(1, len(history.points))
    moved = [key for n in steps for key in (*history.entered(n), *history.left(n))]
    return {*moved[:2], *others}


def test_a_timeline_is_in_where_the_history_counts_it(tmp_path: Path) -> None:
    chance = random.Random(8)
    pool = [*SHORT, *(trees.random_rule(chance) for _ in range(10))]
    loads = [population(chance)]
    loads.append(changed(chance, loads[0]))
    story = Story(((FIRST, loads[0]), (SECOND, loads[1])), standard())
    with opened(story, tmp_path / "w") as workbench:
        passages = 0
        drawn = [trees.any_group(chance.choice, lambda pick: pick(pool), 1) for _ in range(3)]
        for root in (*map(as_group, SHORT), *drawn):
            history = workbench.history(root, since=AS_OF - 8 * DAY)
            for key in watched(history, [contact.key for contact in chance.sample(loads[1], 2)]):
                timeline = workbench.timeline(key, root, since=AS_OF - 8 * DAY)
                passages += len(timeline.passages)
                for before, point in zip(history.points, history.points[1:], strict=False):
                    moved = (timeline.held_at(before.at), timeline.held_at(point.at))
                    assert (moved == (False, True)) == (key in history.entered(point))
                    assert (moved == (True, False)) == (key in history.left(point))
        assert passages > 5
