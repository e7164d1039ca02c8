"""Contacts asked on both engines: in memory, and in a lake that DuckDB reads."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from population import ARROW

from segbench.engine.local import LocalEngine
from segbench.engine.memory import Contact, MemoryEngine
from segbench.lake.lake import Lake
from segbench.lake.tables import Batch
from segbench.model.catalog import Catalog, ValueType
from segbench.model.check import require_sound
from segbench.model.rules import Group
from segbench.plan.lower import Context, lower

Types = Mapping[str, ValueType]


@dataclass(frozen=True)
class Asked:
    """The same contacts in both engines, and the lake's own catalogue of them."""

    contacts: tuple[Contact, ...]
    judge: MemoryEngine
    local: LocalEngine
    catalog: Catalog

    def members(self, root: Group, as_of: dt.datetime) -> list[str]:
        """The keys of the contacts that the segment holds, in order, as both engines say.

        `RuleError` where it cannot be asked.
        """
        require_sound(root, self.catalog)
        logic = lower(root, Context(as_of, ZoneInfo("UTC"), self.catalog)).root
        judged, found = self.judge.members(logic), self.local.members(logic)
        assert found == judged
        return [self.contacts[ordinal].key for ordinal in judged.ids()]


@contextlib.contextmanager
def asked(
    folder: Path, contacts: Sequence[Contact], fields: Types, properties: Types
) -> Iterator[Asked]:
    """Both engines over the contacts; the lake is made in the folder."""
    with Lake.create(folder / "lake") as lake:
        lake.load([_batch(contacts, fields, properties)])
        with lake.snapshot() as snapshot:
            judge, local = MemoryEngine(contacts), LocalEngine(snapshot)
            yield Asked(tuple(contacts), judge, local, snapshot.catalog())


def _batch(contacts: Sequence[Contact], fields: Types, properties: Types) -> Batch:
    events = [(contact.key, event) for contact in contacts for event in contact.events]
    text = pa.string()
    return Batch(
        pa.table(
            {"key": pa.array([contact.key for contact in contacts], text)}
            | _columns(fields, [contact.fields for contact in contacts])
        ),
        pa.table({"key": pa.array([], text), "tag": pa.array([], text)}),
        pa.table(
            {
                "key": pa.array([key for key, _ in events], text),
                "event": pa.array([event.name for _, event in events], text),
                "at": pa.array([event.at for _, event in events], pa.timestamp("us")),
            }
            | _columns(properties, [event.properties for _, event in events])
        ),
    )


def _columns(types: Types, rows: Sequence[Mapping[str, Any]]) -> dict[str, pa.Array]:
    return {
        name: pa.array([row.get(name) for row in rows], ARROW[kind]) for name, kind in types.items()
    }
