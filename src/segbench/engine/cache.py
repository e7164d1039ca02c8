"""A cache of memberships, bounded in bytes; the least recently used go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from segbench.engine.membership import Membership

DEFAULT_BYTES = 128 * 1024 * 1024


class MembershipCache:
    """Memberships by key, at most `most_bytes` of them together."""

    def __init__(self, most_bytes: int = DEFAULT_BYTES) -> None:
        self.most_bytes = most_bytes
        self._held: OrderedDict[Hashable, Membership] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._held)

    @property
    def nbytes(self) -> int:
        """How many bytes the memberships take."""
        return self._bytes

    def get(self, key: Hashable) -> Membership | None:
        """The membership under that key, now the most recently used, or None."""
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key: Hashable, membership: Membership) -> None:
        """Keep a membership; older ones go until the bound holds again."""
        old = self._held.pop(key, None)
        self._bytes += membership.nbytes - (old.nbytes if old is not None else 0)
        self._held[key] = membership
        while self._bytes > self.most_bytes and len(self._held) > 1:
            _, gone = self._held.popitem(last=False)
            self._bytes -= gone.nbytes

    def items(self) -> tuple[tuple[Hashable, Membership], ...]:
        """What is held, the least recently used first."""
        return tuple(self._held.items())

    def clear(self) -> None:
        """Let go of everything."""
        self._held.clear()
        self._bytes = 0
