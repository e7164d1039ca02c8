"""Which columns and formats the files of a campaign have, and what a review says of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from segbench.audience.export import ExportOptions
from segbench.audience.formats.picking import Picked, pick_columns
from segbench.audience.review_words import ReviewIssue
from segbench.errors import ExportError, RuleError
from segbench.model.send_settings import SendSettings

if TYPE_CHECKING:
    from segbench.workbench.workbench import Workbench


def picked_files(workbench: Workbench, settings: SendSettings) -> Picked:
    """The columns and formats of the files; `RuleError` or `ExportError` for what there is not."""
    chosen = workbench.columns(settings.columns) if settings.columns else None
    options = ExportOptions(settings.formats, region=settings.region)
    return pick_columns(workbench.columns(), chosen, options, personal=settings.personal)


def file_issues(workbench: Workbench, settings: SendSettings) -> Iterator[ReviewIssue]:
    """What cannot be written, and what the files lack that the message needs."""
    try:
        picked = picked_files(workbench, settings)
    except (RuleError, ExportError) as error:
        yield ReviewIssue("error", "files", str(error), "settings.columns")
        return
    words = workbench.settings.words
    address = words.email if settings.channel == "email" else words.phone
    written = {*picked.columns, *(name for each in picked.options.roles.values() for name in each)}
    if address in workbench.columns() and address not in written:
        why = ", since it is personal" if address in picked.left_out else ""
        yield ReviewIssue(
            "warning",
            "no-address-in-files",
            f"The files have no {address}{why}: choose it as an exported field.",
            "settings.columns",
        )
    elif picked.left_out:
        listed = ", ".join(picked.left_out)
        message = f"Left out of the files, since they are personal: {listed}."
        yield ReviewIssue("note", "personal-fields", message, "settings.personal")
