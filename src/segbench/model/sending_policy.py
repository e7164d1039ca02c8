"""What a workspace holds campaigns to: how often one contact is written to, and what is odd."""

from __future__ import annotations

from dataclasses import dataclass, fields

_LEAST = {"most_messages": 0, "in_days": 1, "stale_days": 1, "smallest_group": 1, "jump": 2}


@dataclass(frozen=True, slots=True)
class SendingPolicy:
    """The numbers that the ladder and the review of a campaign go by.

    A contact who was sent `most_messages` in the last `in_days` days gets no more; 0 is no cap.
    The review warns of data older than `stale_days`, of recipients or groups of a split of fewer
    than `smallest_group` contacts, and of `jump` times as many, or as few, as the campaign before.
    """

    most_messages: int = 0
    in_days: int = 7
    stale_days: int = 7
    smallest_group: int = 10
    jump: int = 3

    def __post_init__(self) -> None:
        for field in fields(self):
            number, lowest = getattr(self, field.name), _LEAST[field.name]
            if type(number) is not int or not lowest <= number <= 100_000:
                raise ValueError(
                    f"sending {field.name} is {number!r}; give a whole number from {lowest} on"
                )
