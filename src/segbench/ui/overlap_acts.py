"""What a click in the overlap charts and tables does: select, make a segment, open, compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from segbench.errors import RuleError
from segbench.model.rules import RuleOrGroup, SegmentRule
from segbench.model.segment import Segment
from segbench.ui.overlap_choices import ON_SCREEN, Key, SegmentChoices
from segbench.ui.panel import Message
from segbench.ui.partition_part import ACT as MAKE_PART
from segbench.ui.partition_part import PartitionPart
from segbench.ui.picks import Pick, picked
from segbench.ui.region_words import part_name, part_rules, require_known
from segbench.ui.session import Session
from segbench.ui.state import State
from segbench.ui.wording import contacts


class OverlapActs:
    """The picked part, and what is done with parts; `redraw` is told when another one is picked.

    `drawn` are the segments of the chart on screen, whose positions the browser's picks mean.
    """

    def __init__(
        self,
        session: Session,
        message: Message,
        choices: SegmentChoices,
        partition: PartitionPart,
        propose: Callable[[str], None],
        redraw: Callable[[], None],
    ) -> None:
        self.session, self.message, self.choices = session, message, choices
        self.partition, self.propose, self._redraw = partition, propose, redraw
        self.drawn: tuple[Key, ...] = ()
        self.picked: Pick | None = None
        self._asked: Pick | None = None

    def act(self, act: str, what: str) -> None:
        """Do what the browser says was clicked; its texts are untrusted."""
        self.message.clear()
        if act == "clear":
            return self.select(None)
        if act == "compare":
            return self._compare(what)
        pick = picked(what)
        if pick is None:
            raise RuleError("That part of the chart is not known.")
        if pick.kind == "segment":
            return self._open(pick)
        require_known(pick, len(self.drawn))
        match act:
            case "pick":
                self.select(None if pick == self.picked else pick)
            case "make":
                self.make(pick)
            case _ if act == MAKE_PART:
                self.make(pick, self.partition.rule)
            case _:
                raise RuleError("Nothing can be done like that.")

    def select(self, pick: Pick | None) -> None:
        """Select a part, or none."""
        self.picked = pick
        self._redraw()

    def make_picked(self) -> None:
        """Make a segment of the selected part."""
        if self.picked is None:
            raise RuleError("Click a part of the chart first.")
        self.make(self.picked)

    def make(self, pick: Pick, base: RuleOrGroup | None = None) -> None:
        """Put a part on screen as a segment of its own: rules, which stay live."""
        state, workbench = self.session.state, self.session.workbench
        rules = part_rules(pick, segment_rules(self.drawn, state), base)
        name = part_name(pick, [key or ON_SCREEN for key in self.drawn])
        count = self.session.steadily(lambda: workbench.count(rules))
        self.session.show(rules)
        self.propose(name)
        self.message.say(
            f"In the builder: “{name}”, {contacts(count)}. Save keeps it; Undo brings the last "
            "one back."
        )

    def _open(self, pick: Pick) -> None:
        if len(pick.at) != 1 or pick.at[0] >= len(self.drawn):
            raise RuleError("That segment is not in the chart any more.")
        name = self.drawn[pick.at[0]]
        if name is None:
            self.message.say("This is the segment in the builder.")
            return
        state = self.session.state
        if state.tree.rules and not state.saved and self._asked != pick:
            self._asked = pick
            self.message.warn(
                f"There are unsaved changes. Click “{name}” again to let them go; Undo brings "
                "them back."
            )
            return
        self._asked = None
        saved = self.session.workbench.library.segment(name)
        self.session.show(saved.segment.group, saved)
        self.message.say(f"Opened “{saved.segment.name}” in the builder.")

    def _compare(self, name: str) -> None:
        if name not in self.choices.lines:
            raise RuleError("That segment is not saved any more.")
        self.choices.tick(None, name)


def compared(keys: Sequence[Key], state: State) -> list[str | Segment]:
    """What the workbench compares: names of saved segments, the rules of the one on screen."""
    return [_on_screen(state) if key is None else key for key in keys]


def segment_rules(keys: Sequence[Key], state: State) -> list[RuleOrGroup]:
    """A rule for each segment: saved ones are followed live."""
    return [_on_screen(state).group if key is None else SegmentRule(key) for key in keys]


def _on_screen(state: State) -> Segment:
    return Segment(ON_SCREEN, state.answer.tree if state.answer else state.counts)
