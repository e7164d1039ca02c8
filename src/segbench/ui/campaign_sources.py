"""The card "Recipient (To)": what the campaign includes, in order, and what it excludes."""

from __future__ import annotations

import functools
import html
from collections.abc import Callable

import ipywidgets as widgets

from segbench.audience.recipients import Claim
from segbench.model.recipe import RecipientSource, Role, moved, require_sources
from segbench.ui.campaign_adding import AddSource
from segbench.ui.campaign_building import BuildSegments
from segbench.ui.campaign_draft import CampaignDraft
from segbench.ui.panel import Message, button, card, drop, row
from segbench.ui.session import Session
from segbench.ui.wording import contacts, plain

ROLES: tuple[Role, ...] = ("include", "exclude")
TITLES = {
    "include": "Send to, the most important first",
    "exclude": "Do not send to",
}
NOTHING = {"include": "Nobody yet: add a segment or smart list.", "exclude": "Nobody is excluded."}


class CampaignSources:
    """The picked sources of both roles, and the ways to add one."""

    def __init__(self, draft: CampaignDraft, session: Session) -> None:
        self.draft = draft
        self.message = Message()
        self.building = BuildSegments(draft, session, self.take)
        self.adding = AddSource(draft, self.add, self._build)
        self.lists = {role: SourceRows(role, self._act, self.message) for role in ROLES}
        columns = [
            widgets.VBox(
                [widgets.HTML(f"<h3>{TITLES[role]}</h3>"), self.lists[role].box],
                layout=widgets.Layout(flex="1 1 380px", min_width="0"),
            )
            for role in ROLES
        ]
        wide = widgets.Layout(flex_flow="row wrap", width="100%", grid_gap="4px 24px")
        self.box = card(
            "Recipient (To)",
            [
                widgets.HBox(columns, layout=wide),
                self.adding.box,
                self.building.box,
                self.message,
            ],
            note="Each contact is claimed by the first source that has it. What is saved is "
            "followed live.",
        )
        draft.listen(self.draw)
        self.draw(draft)

    def draw(self, draft: CampaignDraft) -> None:
        """Show the sources with their numbers."""
        here = draft.campaign
        self.box.layout.display = None if here is not None else "none"
        if here is None:
            return
        audience = draft.reviewed.audience if draft.reviewed is not None else None
        for role in ROLES:
            claims = getattr(audience.chosen, role) if audience is not None else ()
            self.lists[role].show(getattr(here, role), claims, draft.editable)
        self.adding.box.layout.display = None if draft.editable else "none"
        if not draft.editable:
            self.building.hide()

    def widget(self, role: Role, at: int | None) -> widgets.Widget:
        """The control of a source, or of adding one."""
        found = self.lists[role].first_control(at) if at is not None else None
        return found or self.adding.kind

    def add(self, role: Role, source: RecipientSource) -> None:
        """Add a source behind those of its role."""
        here = self.draft.campaign
        before = getattr(here, role) if here is not None else ()
        self._put(role, (*before, source))
        to = "Recipient (To)" if role == "include" else "the excluded"
        self.message.say(f"Added “{source.name}” to {to}.")

    def take(self, role: Role, source: RecipientSource, instead: int | None) -> None:
        """Take what was built: a new source, or rules that were opened again."""
        if instead is None:
            self.add(role, source)
            return
        sources = list(getattr(self.draft.campaign, role))
        sources[instead] = source
        self._put(role, tuple(sources))
        self.message.say(f"“{source.name}” has its new rules.")

    def close(self) -> None:
        """Drop the widgets."""
        for each in self.lists.values():
            each.close()

    def _put(self, role: Role, sources: tuple[RecipientSource, ...]) -> None:
        require_sources(sources)
        self.draft.change(**{role: sources})

    def _build(self) -> None:
        self.building.begin()

    def _act(self, role: Role, at: int, act: str) -> None:
        sources: tuple[RecipientSource, ...] = getattr(self.draft.campaign, role)
        self.message.clear()
        match act:
            case "up" | "down":
                self._put(role, moved(sources, at, -1 if act == "up" else 1))
            case "remove":
                self._put(role, sources[:at] + sources[at + 1 :])
                self.message.say(f"Removed “{sources[at].name}”.")
            case "edit":
                self.building.open(role, sources[at], at)


class SourceRows:
    """The rows of one role; they are made anew only where the sources are others."""

    def __init__(self, role: Role, act: Callable[[Role, int, str], None], message: Message) -> None:
        self.role, self._act, self._message = role, act, message
        self.box = widgets.VBox(layout=widgets.Layout(min_width="0"))
        self._sources: tuple[RecipientSource, ...] | None = None
        self._editable = True
        self._words: list[widgets.HTML] = []
        self._buttons: list[list[widgets.Button]] = []

    def show(
        self,
        sources: tuple[RecipientSource, ...],
        claims: tuple[Claim, ...],
        editable: bool,
    ) -> None:
        """Show the sources; numbers only where the claims are theirs."""
        if (sources, editable) != (self._sources, self._editable):
            self._sources, self._editable = sources, editable
            self._rebuild()
        theirs = claims if tuple(claim.source for claim in claims) == sources else ()
        for at, (source, words) in enumerate(zip(sources, self._words, strict=True)):
            value = _row_html(self.role, at, source, theirs[at] if theirs else None)
            if words.value != value:
                words.value = value

    def first_control(self, at: int) -> widgets.Widget | None:
        """The first button of a row, where there is one."""
        return self._buttons[at][0] if at < len(self._buttons) and self._buttons[at] else None

    def close(self) -> None:
        """Drop the widgets."""
        old, self.box.children = self.box.children, ()
        for each in old:
            drop(each)

    def _rebuild(self) -> None:
        self.close()
        sources = self._sources or ()
        self._words = [widgets.HTML() for _ in sources]
        self._buttons = [
            self._row_buttons(at, source) if self._editable else []
            for at, source in enumerate(sources)
        ]
        rows = [
            row(words, *buttons) for words, buttons in zip(self._words, self._buttons, strict=True)
        ]
        for each in rows:
            each.layout.align_items = "center"
            each.add_class("sbp-source")
        nothing = f'<span class="sbp-note">{NOTHING[self.role]}</span>'
        self.box.children = rows or (widgets.HTML(nothing),)

    def _row_buttons(self, at: int, source: RecipientSource) -> list[widgets.Button]:
        acts = ["up"] * (at > 0) + ["down"] * (at + 1 < len(self._sources or ()))
        acts += ["edit"] * (source.kind == "rules") + ["remove"]
        return [
            button(
                act.capitalize(),
                functools.partial(self._act, self.role, at, act),
                self._message,
                title=f"{act.capitalize()}: {source.name}",
            )
            for act in acts
        ]


def _row_html(role: Role, at: int, source: RecipientSource, claim: Claim | None) -> str:
    place = f"{at + 1}. " if role == "include" else ""
    words = f"<b>{place}{html.escape(plain(source.name))}</b> "
    told = source.words
    if claim is not None:
        verb = "claims" if role == "include" else "takes out"
        told += f" · {contacts(claim.alone)} · {verb} {claim.count:,}"
    return f'{words}<span class="sbp-note">{html.escape(told)}</span>'
