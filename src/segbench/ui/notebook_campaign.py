"""A campaign in a notebook: its review and its ladder as tables, and its exports verified."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from segbench.workbench.open_campaign import OpenCampaign
from segbench.workbench.verifying import Verification, verify

if TYPE_CHECKING:
    import pandas as pd


class NotebookCampaign(OpenCampaign):
    """A saved campaign that shows itself."""

    def issues(self) -> pd.DataFrame:
        """What `review` finds, wrong or odd, and where it is mended: an issue a row."""
        import pandas as pd

        rows = [(issue.level, issue.message, issue.place) for issue in self.review().issues]
        return pd.DataFrame(rows, columns=["level", "message", "place"])

    def ladder(self) -> pd.DataFrame:
        """From all who match to the final recipients, a step a row."""
        import pandas as pd

        found = self.audience()
        matching, targeted = len(found.chosen.matching), len(found.chosen.targeted)
        rows = [("matching", matching, matching), ("excluded", targeted - matching, targeted)]
        rows += [(rung.label, -rung.taken, rung.left) for rung in found.ladder.rungs]
        return pd.DataFrame(rows, columns=["step", "change", "left"])

    def verify(self) -> tuple[Verification, ...]:
        """Whether each of its exports is what it says, and comes out the same from its data."""
        return tuple(verify(self.workbench, record.id) for record in self.reload().campaign.exports)

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self).strip('<>'))}</p>"
