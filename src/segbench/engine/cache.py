"""How much is kept, and a cache of memberships whose least recently used ones go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, fields
from typing import Generic, Protocol, TypeVar

from segbench.engine.membership import Membership


@dataclass(frozen=True, slots=True)
class CacheSizes:
    """What may be kept of answers, in MB: `sets` of contacts and `timelines` of events in memory,
    `files` beside the lake. With 0 of one, nothing of its kind outlives its question.
    """

    sets: int = 128
    timelines: int = 160
    files: int = 1024

    def __post_init__(self) -> None:
        for field in fields(self):
            number = getattr(self, field.name)
            if type(number) is not int or not 0 <= number <= 1_000_000:
                raise ValueError(
                    f"cache_mb {field.name} is {number!r}; give a whole number from 0 on"
                )


DEFAULT = CacheSizes()


class Sized(Protocol):
    """What takes a number of bytes."""

    @property
    def nbytes(self) -> int:
        """How many bytes it takes."""
        ...


Held = TypeVar("Held", bound=Sized)


class SizedCache(Generic[Held]):
    """Values by key, at most `most_bytes` of them together, or the newest alone."""

    def __init__(self, most_bytes: int = DEFAULT.sets << 20) -> None:
        self.most_bytes = most_bytes
        self._held: OrderedDict[Hashable, Held] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._held)

    @property
    def nbytes(self) -> int:
        """How many bytes the values take."""
        return self._bytes

    def get(self, key: Hashable) -> Held | None:
        """The value under that key, now the most recently used, or None."""
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key: Hashable, value: Held) -> None:
        """Keep a value; older ones go until the bound holds again."""
        old = self._held.pop(key, None)
        self._bytes += value.nbytes - (old.nbytes if old is not None else 0)
        self._held[key] = value
        while self._bytes > self.most_bytes and len(self._held) > 1:
            _, gone = self._held.popitem(last=False)
            self._bytes -= gone.nbytes

    def items(self) -> tuple[tuple[Hashable, Held], ...]:
        """What is held, the least recently used first."""
        return tuple(self._held.items())

    def clear(self) -> None:
        """Let go of everything."""
        self._held.clear()
        self._bytes = 0


MembershipCache = SizedCache[Membership]
