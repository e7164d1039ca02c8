"""How many contacts of a membership can be reached by e-mail, where that can be told."""

from __future__ import annotations

from dataclasses import dataclass

from segbench.engine.membership import Membership


@dataclass(frozen=True)
class Reach:
    """Whom e-mail reaches: all but those in the pre-built segment `unreachable`.

    `members` is None where that cannot be told here; `why` then says why not, in plain words.
    """

    members: Membership | None
    why: str = ""

    def count(self, members: Membership) -> int | None:
        """How many of these contacts can be reached; None where that cannot be told."""
        return None if self.members is None else len(members & self.members)
