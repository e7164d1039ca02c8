"""What HubSpot's filters about e-mails, forms, pages and buttons mean here: events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from segbench.interchange.hubspot_times import count_of, window_of
from segbench.interchange.ledger import require_known
from segbench.interchange.report import NoMeaning
from segbench.interchange.untrusted import at, entry_text
from segbench.model.rules import EventRule, FieldRule, Group, RuleOrGroup

_REFINED = frozenset({"filterType", "operator", "pruningRefineBy", "coalescingRefineBy"})
_PROPERTIES = {
    "FORM_SUBMISSION": ("formId",),
    "FORM_SUBMISSION_ON_PAGE": ("formId", "pageId"),
    "PAGE_VIEW": ("pageUrl",),
    "CTA": ("ctaName",),
    "EVENT": ("eventId",),
}
"""The entries that say which event is meant: conditions on properties of the same names."""
_DONE = {
    "FILLED_OUT": True,
    "NOT_FILLED_OUT": False,
    "HAS_PAGEVIEW_EQUAL": True,
    "HAS_NOT_PAGEVIEW_EQUAL": False,
    "HAS_PAGEVIEW_CONTAINS": True,
    "HAS_NOT_PAGEVIEW_CONTAINS": False,
    "HAS_CLICKED_CTA": True,
    "HAS_NOT_CLICKED_CTA": False,
    "HAS_EVENT": True,
    "HAS_NOT_EVENT": False,
}
_EMAILS = {
    *("BOUNCED", "LINK_CLICKED", "MARKED_SPAM", "OPENED", "RECEIVED", "REPLIED", "SENT"),
    "UNSUBSCRIBED",
}
_BUT = {
    "OPENED_BUT_LINK_NOT_CLICKED": ("OPENED", "LINK_CLICKED"),
    "OPENED_BUT_NOT_REPLIED": ("OPENED", "REPLIED"),
    "RECEIVED_BUT_NOT_OPENED": ("RECEIVED", "OPENED"),
    "SENT_BUT_LINK_NOT_CLICKED": ("SENT", "LINK_CLICKED"),
    "SENT_BUT_NOT_RECEIVED": ("SENT", "RECEIVED"),
}
_IGNORED = "The level and the app of an e-mail are not asked for here, only its id."


def event_meaning(
    kind: str,
    node: Mapping[str, Any],
    place: str,
    name: Callable[[str], str],
    remarks: list[str],
) -> RuleOrGroup:
    """The meaning of a filter about something that happened; `name` translates its event.

    The event is called as the filter is, and one about an e-mail as its operator.
    """
    if kind == "EMAIL_EVENT":
        return _email(node, place, name, remarks)
    if kind not in _PROPERTIES:
        raise NoMeaning(f"A filter of the kind {kind[:40]!r} has no meaning here.")
    require_known(node, _REFINED | set(_PROPERTIES[kind]) | {"enableTracking"})
    op = entry_text(node, "operator", place)
    if op not in _DONE:
        raise NoMeaning(f"The operator {op[:40]!r} has no meaning here.")
    how = "contains" if op.endswith("_CONTAINS") else "is"
    given = [key for key in _PROPERTIES[kind] if node.get(key) is not None]
    where = tuple(_is(key, node, place, name, how) for key in given)
    times = count_of(node.get("coalescingRefineBy"), at(place, "coalescingRefineBy"))
    window = window_of(node.get("pruningRefineBy"), at(place, "pruningRefineBy"))
    rule = EventRule(name(kind), *times, window, where)
    if _DONE[op]:
        return rule
    return EventRule(name(kind), "did_not", (), window, where) if times[0] == "did" else ~rule


def _email(
    node: Mapping[str, Any], place: str, name: Callable[[str], str], remarks: list[str]
) -> RuleOrGroup:
    known = {"emailId", "clickUrl", "appId", "level", "filterType", "operator", "pruningRefineBy"}
    require_known(node, known)
    op = entry_text(node, "operator", place)
    window = window_of(node.get("pruningRefineBy"), at(place, "pruningRefineBy"))
    where = tuple(
        _is(key, node, place, name, "is")
        for key in ("emailId", "clickUrl")
        if node.get(key) is not None
    )
    did, missing = _BUT.get(op, (op, ""))
    if did not in _EMAILS:
        raise NoMeaning(f"The operator {op[:40]!r} has no meaning here.")
    if missing and (window is not None or "clickUrl" in node):
        raise NoMeaning("It is not said which of the two events the period or address is about.")
    if node.get("level") is not None or node.get("appId") is not None:
        remarks.append(_IGNORED)
    rule = EventRule(name(did), "did", (), window, where)
    if not missing:
        return rule
    return Group("and", (rule, EventRule(name(missing), "did_not", where=where)))


def _is(
    key: str, node: Mapping[str, Any], place: str, name: Callable[[str], str], how: str
) -> FieldRule:
    value = entry_text(node, key, place)
    if not value.strip():
        raise NoMeaning(f"{key} is empty.")
    return FieldRule(name(key), how, (value,))
