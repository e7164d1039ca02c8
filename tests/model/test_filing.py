"""Where something saved is found."""

from __future__ import annotations

import pytest

from segbench.errors import RuleError
from segbench.model.filing import UNFILED, Filing


def test_a_filing_is_tidied() -> None:
    filing = Filing(" Lifecycle / Welcome  series //", ("vip", " Spring  26 ", "VIP"), " Anna  B ")
    assert filing.folder == "Lifecycle/Welcome series"
    assert filing.tags == ("Spring 26", "vip")
    assert filing.owner == "Anna B"
    assert (filing.status, filing.is_archived) == ("published", False)
    assert Filing() == UNFILED == Filing("/")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"folder": "a/../b"}, "a path of names"),
        ({"folder": "x" * 61}, "up to 60 characters"),
        ({"folder": "/".join("x" * 50 for _ in range(9))}, "up to 400 printable"),
        ({"folder": "a\x00b"}, "printable"),
        ({"tags": ("a,b",)}, "no comma"),
        ({"tags": ("",)}, "1 to 60"),
        ({"tags": tuple(map(str, range(31)))}, "at most 30 tags, not 31"),
        ({"owner": "x" * 121}, "up to 120"),
        ({"status": "hidden"}, "one of draft, published, archived, not 'hidden'"),
    ],
)
def test_a_filing_that_cannot_be_is_refused(told: dict[str, object], why: str) -> None:
    with pytest.raises(RuleError, match=why):
        Filing(**told)  # type: ignore[arg-type]
