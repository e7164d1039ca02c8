"""A contact's key as a button that opens the contact in the view "Contact"."""

from __future__ import annotations

import html

from segbench.ui.chart_links import LONGEST
from segbench.ui.wording import plain

LOOK = "look"
"""What the page says when a contact is to be looked up."""


def key_button(key: str) -> str:
    """The key, to be clicked; as text alone where the page could not send it."""
    shown = html.escape(plain(key))
    if len(key) > LONGEST:
        return shown
    return (
        f'<button type="button" class="sbp-act" data-act="{LOOK}" data-name="{html.escape(key)}"'
        f' aria-label="Look up {shown}">{shown}</button>'
    )
