"""Tags of the demo CRM: a few on most contacts, many on few."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyarrow as pa

from segbench.demo.timeline import Flags, Ints

Trait = Literal["anyone", "consents", "active", "customer", "new", "dach"]

TAGS: dict[str, Trait] = {
    "compliant": "consents", "newsletter": "consents", "imported": "anyone", "web sign-up": "new",
    "webinar": "active", "customer": "customer", "trade fair": "dach", "app user": "active",
    "partner list": "anyone", "loyalty programme": "customer", "beta tester": "active",
    "gift buyer": "customer", "student": "anyone", "VIP": "customer", "reseller": "anyone",
    "survey 1": "active", "Black week": "customer", "family": "anyone", "outdoor": "active",
    "running": "active", "press": "anyone", "referral": "new", "store visitor": "dach",
    "returns often": "customer", "churn risk": "anyone", "job applicant": "anyone",
    "B2B": "anyone", "Café & Co": "dach", "supplier": "anyone", "ambassador": "active",
    "wholesale": "customer", "warranty": "customer", "complaint": "customer", "event: Köln": "dach",
    "event: Wien": "dach", "speaker": "active", "investor": "anyone", "do not call": "anyone",
    "test": "anyone", "<legacy> import": "anyone",
}  # fmt: skip
"""Every tag, from the most common on, and which contacts have it more often than others."""
MOST = 8
"""Tags a contact has at most."""
AT_ONCE = frozenset({"imported", "web sign-up"})
"""Tags that contacts got when they were added."""
UNDATED = frozenset({"partner list", "<legacy> import"})
"""Tags from before it was noted when one was given."""


def draw_tags(rng: np.random.Generator, traits: dict[Trait, Flags]) -> tuple[Ints, Ints]:
    """Who (position in the chunk) has which tag (in `TAGS`); shares fall off like 1/rank."""
    n = len(next(iter(traits.values())))
    shares = [0.6] + [0.52 / rank for rank in range(2, len(TAGS) + 1)]
    given = np.empty((n, len(TAGS)), np.bool_)
    for column, (trait, share) in enumerate(zip(TAGS.values(), shares, strict=True)):
        has = traits.get(trait, np.ones(n, np.bool_))
        tilt = (0.3 + 0.7 * has) / (0.3 + 0.7 * has.mean())
        given[:, column] = rng.random(n, np.float32) < np.minimum(share * tilt, 0.95)
    given &= np.cumsum(given, axis=1, dtype=np.int8) <= MOST
    who, tag = np.nonzero(given)
    return who, tag


def tags_table(
    rng: np.random.Generator, keys: pa.Array, who: Ints, tag: Ints, created: Ints, until: int
) -> pa.Table:
    """The tags in the contract of `Batch`, most with a time from when the contact was added on."""
    names = list(TAGS)
    at = created[who] + (rng.random(len(who)) * (until - created[who])).astype(np.int64)
    at = np.where(np.isin(tag, _positions(AT_ONCE)), created[who], at)
    unknown = (rng.random(len(who)) < 0.08) | np.isin(tag, _positions(UNDATED))
    return pa.table(
        {
            "key": keys.take(pa.array(who)),
            "tag": pa.array(names, pa.string()).take(pa.array(tag)),
            "at": pa.array(at, pa.timestamp("us"), mask=unknown),
        }
    )


def _positions(names: frozenset[str]) -> list[int]:
    return [place for place, name in enumerate(TAGS) if name in names]
