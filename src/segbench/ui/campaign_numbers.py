"""The card "Recipients": matching, excluded, the reachability ladder, and who is left."""

from __future__ import annotations

import html

import ipywidgets as widgets

from segbench.audience.ladder import Ladder, Rung
from segbench.audience.recipients import Audience
from segbench.ui.campaign_draft import CampaignDraft
from segbench.ui.panel import Message, card
from segbench.ui.wording import number, percent

WAITING = '<p class="sbp-note">Counting …</p>'


class CampaignNumbers:
    """Tiles, the ladder as a table with bars, and the matrix of reasons."""

    def __init__(self, draft: CampaignDraft) -> None:
        self.message = Message()
        self.tiles = widgets.HTML()
        self.ladder = widgets.HTML()
        self.matrix = widgets.HTML()
        folded = widgets.Accordion([self.matrix], titles=["Several reasons at once"])
        folded.selected_index = None
        self.box = card(
            "Recipients",
            [self.tiles, self.ladder, folded, self.message],
            note="One reason each, the first that applies; duplicates are found by address.",
        )
        draft.listen(self.draw)
        self.draw(draft)

    def draw(self, draft: CampaignDraft) -> None:
        """Show the numbers; greyed while newer ones are counted."""
        self.box.layout.display = None if draft.campaign is not None else "none"
        (self.box.add_class if draft.counting else self.box.remove_class)("sbp-stale")
        if draft.counting and draft.reviewed is None:
            self._show(WAITING, "", "")
            return
        audience = draft.reviewed.audience if draft.reviewed is not None else None
        if draft.problem:
            self.message.warn(draft.problem)
        elif draft.saved is not None and draft.saved.state == "handed_off":
            self.message.say("Handed off: these are the numbers of now, the export is frozen.")
        elif not draft.counting:
            self.message.clear()
        if audience is None:
            said = "The sources cannot be evaluated: the review says why."
            self._show(f'<p class="sbp-note">{said}</p>', "", "")
            return
        self._show(tiles_html(audience), ladder_html(audience), matrix_html(audience.ladder))

    def _show(self, *values: str) -> None:
        for widget, value in zip((self.tiles, self.ladder, self.matrix), values, strict=True):
            if widget.value != value:
                widget.value = value


def tiles_html(audience: Audience) -> str:
    """The four numbers, and the groups where the recipients are split."""
    chosen = audience.chosen
    matching, excluded = len(chosen.matching), len(chosen.excluded)
    targeted, unreachable = len(chosen.targeted), audience.ladder.unreachable
    tiles = [
        _tile("Matching", matching, "in the included sources"),
        _tile("Excluded", excluded, _of(excluded, matching)),
        _tile("Unreachable", unreachable, _of(unreachable, targeted)),
        _tile("Final recipients", len(audience.final), _of(len(audience.final), matching)),
    ]
    tiles += [
        _tile(f"Group {name}", size, _of(size, len(audience.final)))
        for name, size in audience.sizes.items()
    ]
    return f'<dl class="sbp-tiles">{"".join(tiles)}</dl>'


def ladder_html(audience: Audience) -> str:
    """The way from what matches to the final recipients, a row each step."""
    chosen, ladder = audience.chosen, audience.ladder
    whole = len(chosen.matching)
    targeted = len(chosen.targeted)
    rows = [
        _step("Matching", "", None, whole, whole),
        _step("Excluded", _lost(len(chosen.excluded)), None, targeted, whole),
        *(_rung(rung, whole) for rung in ladder.rungs),
        _step("<b>Final recipients</b>", "", None, len(audience.final), whole),
    ]
    heads = "".join(
        f'<th scope="col"{extra}>{head}</th>'
        for head, extra in (
            ("Step", ""),
            ("Taken out", ' class="sbp-number"'),
            ("Applies to", ' class="sbp-number"'),
            ("Left", ' class="sbp-number"'),
            ('<span class="sbp-spoken">Share left</span>', ""),
        )
    )
    return (
        '<div class="sbp-scroll"><table class="sbp-table sbp-ladder">'
        "<caption>From matching to final recipients</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def matrix_html(ladder: Ladder) -> str:
    """How many contacts two reasons apply to at once; each beside itself is all to whom it does."""
    known = [rung for rung in ladder.rungs if rung.alone]
    if not known:
        return '<p class="sbp-note">No reason applies to anybody.</p>'
    heads = "".join(f'<th scope="col">{html.escape(rung.label)}</th>' for rung in known)
    rows = "".join(
        f'<tr><th scope="row">{html.escape(one.label)}</th>'
        + "".join(
            f'<td class="sbp-number">{number(ladder.both(one.key, other.key))}</td>'
            for other in known
        )
        + "</tr>"
        for one in known
    )
    return (
        '<div class="sbp-scroll"><table class="sbp-table"><caption>Contacts to whom both reasons '
        f"apply</caption><thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _rung(rung: Rung, whole: int) -> str:
    label = html.escape(rung.label.capitalize())
    if rung.alone is None:
        why = html.escape(rung.why)
        return (
            f'<tr><th scope="row">{label}</th><td colspan="4" class="sbp-note">'
            f"not checked: {why}</td></tr>"
        )
    return _step(label, _lost(rung.taken), rung.alone, rung.left, whole)


def _step(label: str, lost: str, alone: int | None, left: int, whole: int) -> str:
    share = 100 * left / whole if whole else 0
    applies = "" if alone is None else number(alone)
    return (
        f'<tr><th scope="row">{label}</th><td class="sbp-number">{lost}</td>'
        f'<td class="sbp-number">{applies}</td><td class="sbp-number">{number(left)}</td>'
        f'<td><div class="sbp-bar" style="width:{share:.1f}%"></div></td></tr>'
    )


def _lost(count: int) -> str:
    return f"\N{MINUS SIGN}{count:,}" if count else "0"


def _of(part: int, whole: int) -> str:
    return f"{percent(part, whole)} of {whole:,}"


def _tile(title: str, count: int, note: str) -> str:
    return (
        f'<div class="sbp-tile"><dt>{html.escape(title)}</dt><dd><span class="sbp-count">'
        f'{number(count)}</span><span class="sbp-note">{html.escape(note)}</span></dd></div>'
    )
