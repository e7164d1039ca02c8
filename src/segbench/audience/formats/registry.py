"""Every format that an export can be written in."""

from __future__ import annotations

from types import MappingProxyType

from segbench.audience.formats import (
    csv_format,
    excel,
    google,
    highlevel,
    hubspot,
    klaviyo,
    mailchimp,
    meta,
    parquet_format,
)
from segbench.audience.formats.job import ExportOptions, Format
from segbench.audience.formats.phones import phone_region
from segbench.errors import ExportError, near_names, offer

FORMATS = MappingProxyType(
    {
        each.name: each
        for each in (
            csv_format.FORMAT,
            parquet_format.FORMAT,
            excel.FORMAT,
            mailchimp.FORMAT,
            klaviyo.FORMAT,
            hubspot.FORMAT,
            highlevel.FORMAT,
            meta.FORMAT,
            google.FORMAT,
        )
    }
)
"""The formats by name, in the order in which they are offered."""


def find_format(name: str) -> Format:
    """The format of that name; `ExportError` with near names."""
    if name not in FORMATS:
        near = near_names(name, FORMATS)
        told = offer(near) if near else f"; there are {', '.join(FORMATS)}."
        raise ExportError(f"There is no format {name!r}{told}")
    return FORMATS[name]


def require_sound(options: ExportOptions) -> None:
    """`ExportError` where options ask for nothing, or for what there is not."""
    if not options.formats:
        raise ExportError(f"Choose at least one format: {', '.join(FORMATS)}.")
    for name in options.formats:
        find_format(name)
    twice = [name for name in options.formats if options.formats.count(name) > 1]
    if twice:
        raise ExportError(f"The format {twice[0]!r} is chosen twice.")
    if options.shard_rows is not None and options.shard_rows < 1:
        raise ExportError(f"A file needs at least 1 row, not {options.shard_rows:,}.")
    phone_region(options.region)
