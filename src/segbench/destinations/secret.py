"""Secrets of destinations: from the environment or a keyring, and nowhere else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from segbench.errors import DeliveryError

HIDDEN = "•••"
SHORTEST = 4
"""A shorter secret cannot be taken out of a text without taking the text apart."""

_PLACE = re.compile(r"env:(?P<name>[A-Za-z_]\w*)|keyring:(?P<service>[^/]+)/(?P<user>.+)")


@dataclass(frozen=True)
class Secret:
    """A secret; only `value` says it, no text of the object does."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return HIDDEN


def require_place(text: object) -> str:
    """The text where it names a place of a secret; `DeliveryError`, which does not repeat it."""
    if not isinstance(text, str) or not _PLACE.fullmatch(text):
        raise DeliveryError(
            "A secret is never written down: name the place it comes from, such as "
            "env:MAILCHIMP_KEY or keyring:mailchimp/me."
        )
    return text


def find_secret(place: str) -> Secret:
    """The secret in a place: `env:NAME`, or `keyring:SERVICE/USER`."""
    found = _PLACE.fullmatch(require_place(place))
    assert found is not None
    if name := found["name"]:
        value = os.environ.get(name)
        missing = f"the environment variable {name} is not set"
    else:
        value = _in_keyring(found["service"], found["user"])
        missing = f"the keyring has nothing for {found['user']!r} of {found['service']!r}"
    if not value:
        raise DeliveryError(f"The secret {place} is missing: {missing}.")
    if len(value) < SHORTEST or not value.strip():
        raise DeliveryError(f"The secret {place} is too short to be one.")
    return Secret(value)


def without(text: str, secrets: Iterable[Secret]) -> str:
    """The text with every secret hidden, also where it was escaped for a URL or for JSON."""
    import json
    from urllib.parse import quote, quote_plus

    for secret in secrets:
        value = secret.value
        shapes = {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]}
        for shape in sorted(shapes, key=len, reverse=True):
            text = text.replace(shape, HIDDEN)
    return text


def _in_keyring(service: str, user: str) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ModuleNotFoundError:
        raise DeliveryError(
            "Secrets in a keyring need the package keyring: install segbench[destinations]."
        ) from None
    try:
        return keyring.get_password(service, user)
    except KeyringError as error:
        raise DeliveryError(f"The keyring does not answer: {error}.") from None
