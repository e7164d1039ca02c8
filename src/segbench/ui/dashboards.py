"""The dashboards that `segbench serve` shows; each is one call in a notebook of `dashboards/`."""

from __future__ import annotations

import html
from collections.abc import Callable

import ipywidgets as widgets

from segbench.errors import RuleError, SegbenchError
from segbench.ui.audience import AudienceApp, page_style
from segbench.ui.campaign_app import CampaignApp
from segbench.ui.contacts.app import ContactsApp
from segbench.ui.follow import EVERY
from segbench.workbench.workbench import Workbench

FIRST_COMPARED = 3
"""How many saved segments are compared at first: as many as circles can show."""


def show_audience(*, follow: bool = True, every: float = EVERY) -> widgets.Widget:
    """The audience dashboard over the workspace that SEGBENCH_WORKSPACE names, else the demo's.

    Where that cannot be opened, a page that says why: Voilà itself would not.
    """
    return _shown(lambda workbench: AudienceApp(workbench, follow=follow, every=every))


def show_overlap(*, follow: bool = True, every: float = EVERY) -> widgets.Widget:
    """The same with the overlap of the largest saved segments first, and the builder below."""
    return _shown(lambda workbench: _overlap_first(workbench, follow, every))


def show_contacts(*, follow: bool = True, every: float = EVERY) -> widgets.Widget:
    """The contacts of the workspace: smart lists, pages, one contact's card, edits and undo."""
    return _shown(lambda workbench: ContactsApp(workbench, follow=follow, every=every))


def show_campaign(*, follow: bool = True, every: float = EVERY) -> widgets.Widget:
    """The campaign dashboard over the workspace of `show_audience`."""
    return _shown(lambda workbench: CampaignApp(workbench, follow=follow, every=every))


def _overlap_first(workbench: Workbench, follow: bool, every: float) -> AudienceApp:
    app = AudienceApp(workbench, follow=follow, every=every)
    app.put_first(app.overlap.box)
    app.overlap.choices.tick(*largest_segments(workbench))
    return app


def largest_segments(workbench: Workbench, most: int = FIRST_COMPARED) -> tuple[str, ...]:
    """The names of the largest saved segments that can be counted, the largest first."""
    found = []
    for saved in workbench.library.segments():
        try:
            found.append((-workbench.count(saved.segment.group), saved.segment.name))
        except RuleError:
            continue
    return tuple(name for _, name in sorted(found)[:most])


def _shown(make: Callable[[Workbench], widgets.Widget]) -> widgets.Widget:
    try:
        return make(Workbench.open())
    except SegbenchError as error:
        return widgets.HTML(failure_html(str(error)))


def failure_html(reason: str) -> str:
    """The page of a dashboard that cannot be opened."""
    return (
        f"<style>{page_style()}</style><main class='sbp-page'>"
        "<header class='sbp-head'><h1>This dashboard cannot be opened</h1></header>"
        f"<div class='sbp-message sbp-wrong' role='alert'>{html.escape(reason)}</div>"
        "<p class='sbp-note'>Put that right and load the page again.</p></main>"
    )
