"""The local engine asks each question of the data once, and survives hostile values."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import trees
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from population import AWKWARD, CATALOG, CONTACTS, HOSTILE, ODD_FIELD

from segbench.engine import asking
from segbench.engine.cache import CacheSizes
from segbench.engine.local import LocalEngine
from segbench.engine.membership import Membership
from segbench.engine.memory import MemoryEngine
from segbench.lake.lake import Lake
from segbench.model.ask import did, field, tag
from segbench.model.check import require_sound
from segbench.model.rules import Group, RuleOrGroup, as_group
from segbench.plan.atoms import BLANKS
from segbench.plan.logic import Everyone, Leaf, Nothing, atoms
from segbench.plan.lower import Context, lower

ROOT = (field("country").is_any_of("DE") | tag("vip")) & ~did("order_placed").within(days=30)


@pytest.fixture
def fresh(lake: Lake) -> Iterator[LocalEngine]:
    with lake.snapshot() as snapshot:
        yield LocalEngine(snapshot)


def keys(members: Membership) -> set[str]:
    return {CONTACTS[ordinal].key for ordinal in members.ids()}


def test_each_atom_is_asked_of_the_data_once(fresh: LocalEngine, context: Context) -> None:
    logic = lower(ROOT, context).root
    assert not fresh.knows(atoms(logic))
    first = fresh.members(logic)
    assert fresh.queries == 3
    assert fresh.knows(atoms(logic))
    for other in (~ROOT, Group("or", tuple(reversed(ROOT.rules))), ROOT):
        fresh.members(lower(other, context).root)
        fresh.count(lower(other, context).root)
    assert fresh.queries == 3
    assert fresh.members(logic) == first


@settings(max_examples=100)
@given(root=trees.groups)
def test_one_bit_a_contact_is_what_the_judge_says(
    root: Group, lake: Lake, context: Context, memory_engine: MemoryEngine
) -> None:
    with pytest.MonkeyPatch.context() as patch, lake.snapshot() as snapshot:
        patch.setattr(asking, "FEW", 0)
        for atom in atoms(lower(root, context).root):
            assert asking.ask(atom, snapshot) == memory_engine.members(Leaf(atom)), atom


def test_a_cache_too_small_for_anything_changes_no_answer(
    lake: Lake, context: Context, memory_engine: MemoryEngine
) -> None:
    logic = lower(ROOT, context).root
    with lake.snapshot() as snapshot:
        engine = LocalEngine(snapshot, CacheSizes(0, 0, 0), keep=True)
        for _ in range(2):
            assert engine.members(logic) == memory_engine.members(logic)
            assert engine.count(logic) == len(memory_engine.members(logic))
        assert engine.queries > 3


def test_everyone_and_nobody_need_no_question(fresh: LocalEngine) -> None:
    assert fresh.count(Everyone()) == len(CONTACTS) == len(fresh.members(Everyone()))
    assert fresh.count(Nothing()) == 0 == len(fresh.members(Nothing()))
    assert fresh.queries == 0


def test_several_threads_get_the_same_answers(
    fresh: LocalEngine, context: Context, memory_engine: MemoryEngine
) -> None:
    logic = lower(ROOT, context).root
    found: list[Membership] = []
    threads = [
        threading.Thread(target=lambda: found.append(fresh.members(logic))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(member == memory_engine.members(logic) for member in found)
    assert fresh.queries == 3


def test_a_lake_without_contacts_answers_with_nobody(tmp_path: Any, context: Context) -> None:
    with Lake.create(tmp_path / "empty") as lake, lake.snapshot() as snapshot:
        engine = LocalEngine(snapshot)
        logic = lower(as_group(tag("vip")), context).root
        assert len(engine.members(logic)) == engine.count(logic) == engine.contacts == 0


HOSTILE_TEXTS = [
    HOSTILE,
    '"; DROP TABLE contacts; --',
    "\\'; DROP TABLE contacts; --",
    "a\\b",
    "\\",
    "'",
    "''",
    '"',
    "$1",
    "?",
    ":name",
    "{0}",
    "E'\\x41'",
    "/* */",
    "\n--",
    "\u2028",
    "\ufeff",
]


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
@pytest.mark.parametrize("word", ["is_any_of", "contains", "starts_with", "ends_with"])
def test_hostile_text_is_only_a_value(
    text: str, word: str, context: Context, local_engine: LocalEngine, memory_engine: MemoryEngine
) -> None:
    for rule in (
        getattr(field("name"), word)(text),
        getattr(field(ODD_FIELD), word)(text),
        did("page_visited").matching(getattr(field("page"), word)(text)),
        tag(text),
    ):
        logic = lower(as_group(rule), context).root
        assert local_engine.members(logic) == memory_engine.members(logic)
    assert local_engine.snapshot.rows("SELECT count(*) FROM contacts") == [(len(CONTACTS),)]


def test_a_hostile_contact_is_found_by_what_it_says(
    context: Context, local_engine: LocalEngine
) -> None:
    for rule in (field("name").is_any_of(HOSTILE.lower()), tag(HOSTILE)):
        assert "hostile text" in keys(local_engine.members(lower(as_group(rule), context).root))


COMPARED: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda value, text: text in value,
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "is_any_of": str.__eq__,
}


@pytest.mark.parametrize("word", COMPARED)
@pytest.mark.parametrize("text", ["%", "_", "ann_a", "50%", "%a%", "a%", "_nn_"])
def test_percent_and_underscore_are_letters_not_wildcards(
    word: str, text: str, context: Context, local_engine: LocalEngine
) -> None:
    logic = lower(as_group(getattr(field("name"), word)(text)), context).root
    expected = {
        contact.key
        for contact in CONTACTS
        if COMPARED[word](str(contact.fields.get("name") or "").strip().lower(), text)
    }
    assert keys(local_engine.members(logic)) == expected
    assert len(expected) < len(CONTACTS) / 2


@settings(max_examples=60)
@given(
    text=st.text(
        alphabet=st.sampled_from("'\"\\%_;-$ aÀ\n\t\u00a0🎈")
        | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        min_size=1,
        max_size=8,
    )
)
def test_any_text_is_compared_alike(
    text: str, context: Context, local_engine: LocalEngine, memory_engine: MemoryEngine
) -> None:
    assume(text.strip())
    rule: RuleOrGroup = field("name").contains(text) | field("country").is_any_of(text)
    root = as_group(rule)
    require_sound(root, CATALOG)
    logic = lower(root, context).root
    assert local_engine.members(logic) == memory_engine.members(logic)


def test_the_rows_of_members_come_in_their_order(
    context: Context, local_engine: LocalEngine
) -> None:
    members = local_engine.members(lower(ROOT, context).root)
    rows = local_engine.rows(members, ["key", "country", "ordinal"]).read_all().to_pydict()
    assert rows["ordinal"] == members.ids().tolist()
    assert rows["key"] == [CONTACTS[ordinal].key for ordinal in members.ids()]
    everyone = local_engine.rows(Membership.everyone(len(CONTACTS)), ["key"]).read_all()
    assert everyone.column("key").to_pylist()[: len(AWKWARD)] == [c.key for c in AWKWARD]
    known = [text.strip(BLANKS) for text in rows["country"] if text is not None]
    assert all(known)
