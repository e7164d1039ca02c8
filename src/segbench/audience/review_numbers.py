"""What a review says of the numbers of an audience: its size, its ladder, its split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from segbench.audience.recipients import Audience
from segbench.audience.review_words import ReviewIssue, contacts, times
from segbench.audience.sizing import Weakest, needed, weakest
from segbench.model.campaign_split import HOLD_OUT, Split
from segbench.model.sending_policy import SendingPolicy

ALL_TOLD = "no_address"


def audience_issues(
    audience: Audience, policy: SendingPolicy, before: tuple[str, int] | None
) -> Iterator[ReviewIssue]:
    """What is wrong or odd about who the recipients are, and how many."""
    if not audience.recipe.include:
        message = "Choose at least one segment or smart list as Recipient (To)."
        yield ReviewIssue("error", "no-recipients", message, "include")
        return
    yield from _ladder(audience)
    if not audience.count:
        yield ReviewIssue("error", "empty-audience", _why_empty(audience), "include")
        return
    yield from _idle(audience)
    yield from _size(audience, policy, before)
    yield from _groups(audience, policy)


def _ladder(audience: Audience) -> Iterator[ReviewIssue]:
    for rung in audience.ladder.rungs:
        if rung.alone is None and rung.key == ALL_TOLD:
            message = f"Nobody can be reached on this channel: {rung.why}"
            yield ReviewIssue("error", "no-address-field", message, "settings.channel")
        elif rung.alone is None and rung.key == "frequency_capped":
            message = f"Nobody is left out for having been written to often: {rung.why}"
            yield ReviewIssue("note", "no-cap", message.rstrip(".") + ".", "policy")


def _why_empty(audience: Audience) -> str:
    chosen, ladder = audience.chosen, audience.ladder
    if not len(chosen.matching):
        return "Nobody is in the chosen segments and smart lists."
    if not len(chosen.targeted):
        return f"All {contacts(len(chosen.matching))} that match are excluded."
    if not len(audience.final):
        most = max(ladder.rungs, key=lambda rung: rung.taken)
        return (
            f"None of the {contacts(ladder.targeted)} can be reached: {most.taken:,} of them "
            f"because of “{most.label}”."
        )
    return "Everybody who could be sent to is held out."


def _idle(audience: Audience) -> Iterator[ReviewIssue]:
    for at, claim in enumerate(audience.chosen.include):
        if not claim.alone:
            message = f"Nobody is in “{claim.source.name}” now."
            yield ReviewIssue("warning", "idle-source", message, f"include.{at}")
        elif not claim.count:
            message = f"Everybody in “{claim.source.name}” is in a source above it already."
            yield ReviewIssue("note", "idle-source", message, f"include.{at}")
    for at, claim in enumerate(audience.chosen.exclude):
        if not claim.count:
            message = f"Excluding “{claim.source.name}” takes nobody out."
            yield ReviewIssue("note", "idle-source", message, f"exclude.{at}")


def _size(
    audience: Audience, policy: SendingPolicy, before: tuple[str, int] | None
) -> Iterator[ReviewIssue]:
    count = audience.count
    if count < policy.smallest_group:
        yield ReviewIssue(
            "warning",
            "small-audience",
            f"There are only {contacts(count)}, fewer than the {policy.smallest_group} that this "
            "workspace sends to at least.",
            "include",
        )
    if before is None or not before[1]:
        return
    name, last = before
    if count >= policy.jump * last:
        message = f"That is {times(count, last)} × the last campaign, “{name}” with {last:,}."
        yield ReviewIssue("warning", "size-jump", message, "include")
    elif last >= policy.jump * count:
        message = f"The last campaign, “{name}”, had {times(last, count)} × as many: {last:,}."
        yield ReviewIssue("warning", "size-jump", message, "include")


def _groups(audience: Audience, policy: SendingPolicy) -> Iterator[ReviewIssue]:
    split = audience.recipe.split
    if split is None:
        return
    for name in split.names:
        if audience.sizes[name] < policy.smallest_group:
            yield ReviewIssue(
                "warning",
                "small-group",
                f"The group “{name}” has only {contacts(audience.sizes[name])}.",
                "split",
            )
    if not split.seed:
        yield ReviewIssue(
            "warning",
            "no-seed",
            "The split has no seed, so each campaign without one draws the same contacts into its "
            "groups and its hold-out.",
            "split",
        )
    yield from _detects(split, audience)


def _detects(split: Split, audience: Audience) -> Iterator[ReviewIssue]:
    found = weakest(split, audience.sizes)
    if found is None or found.shows(split.difference):
        return
    wanted = needed(
        split.baseline, split.difference, power=split.power, significance=split.significance
    )
    what = "hold-out" if HOLD_OUT in (found.first, found.second) else "split"
    yield ReviewIssue(
        "warning",
        "weak-split",
        f"The {what} is too small to show a rise from {split.baseline:.2%} by "
        f"{split.difference:.2%}: {weakest_words(found, audience.sizes)}. Two groups of "
        f"{wanted:,} would do.",
        "split",
    )


def weakest_words(found: Weakest, sizes: Mapping[str, int]) -> str:
    """What two groups show, in words."""
    shows = f"a rise of {found.rise:.2%}" if found.rise is not None else "no rise at all"
    first, second = (f"“{name}” with {sizes[name]:,}" for name in (found.first, found.second))
    return f"{first} against {second} shows {shows}"
