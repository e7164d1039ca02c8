"""E-mail addresses of the demo CRM: good, missing, bad, and shared by two contacts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segbench.demo.timeline import Flags, Ints

DOMAINS = (
    "mail.example",
    "post.example",
    "example.com",
    "example.org",
    "example.net",
    "web.example",
)
"""Reserved names (RFC 2606, RFC 6761): no address here can reach anybody."""


@dataclass(frozen=True)
class Addresses:
    """A column of addresses as typed in; `missing` and `bad` say which are not usable."""

    typed: pa.Array
    missing: Flags
    bad: Flags


def draw_addresses(
    rng: np.random.Generator, first: pa.Array, last: pa.Array, ordinals: Ints
) -> Addresses:
    """An address for each contact, unique by its ordinal except for about 1.5% that share one."""
    n = len(ordinals)
    local = pc.binary_join_element_wise(_plain(first), _plain(last), ".")
    domain = pa.array(DOMAINS).take((rng.random(n) ** 1.5 * len(DOMAINS)).astype(np.int64))
    number = pc.cast(pa.array(ordinals), pa.string())
    address = pc.binary_join_element_wise(local, number, "@", domain, "")
    kind = rng.random(n)
    missing, bad = kind < 0.03, (kind >= 0.03) & (kind < 0.04)
    address = pc.if_else(pa.array(bad), _spoilt(rng, address), address)
    address = _shared(rng, address, np.flatnonzero(~missing & ~bad))
    return Addresses(pc.if_else(pa.array(missing), None, address), missing, bad)


def _plain(names: pa.Array) -> pa.Array:
    """ASCII letters only, in lower case; accents are dropped."""
    bare = pc.utf8_lower(names)
    for letter, written in {"ß": "ss", "ł": "l", "ø": "o", "ı": "i"}.items():
        bare = pc.replace_substring(bare, letter, written)
    return pc.replace_substring_regex(pc.utf8_normalize(bare, "NFD"), "[^a-z]", "")


def _spoilt(rng: np.random.Generator, address: pa.Array) -> pa.Array:
    ways = (
        pc.replace_substring(address, "@", ""),
        pc.replace_substring(address, ".", " "),
        pc.binary_join_element_wise(address, ".", ""),
        pc.replace_substring(address, "@", "@@"),
    )
    return pc.choose(pa.array(rng.integers(0, len(ways), len(address))), *ways)


def _shared(rng: np.random.Generator, address: pa.Array, usable: Ints) -> pa.Array:
    """The same addresses, but some contacts have another one's, in another spelling."""
    pairs = round(0.0075 * len(address))
    chosen = rng.permutation(usable)[: 2 * pairs]
    pairs = len(chosen) // 2
    source = np.arange(len(address))
    source[chosen[:pairs]] = chosen[pairs : 2 * pairs]
    copy = address.take(pa.array(source))
    ways = (
        copy,
        pc.utf8_upper(copy),
        pc.utf8_capitalize(copy),
        pc.binary_join_element_wise(" ", copy, " ", ""),
    )
    spelling = np.zeros(len(address), np.int64)
    spelling[chosen[:pairs]] = rng.integers(0, len(ways), pairs)
    return pc.choose(pa.array(spelling), *ways)
