"""Calls of an HTTP API: tried again where that helps, slowed down where it is asked for."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Self

import httpx

from segbench.destinations.addresses import checked_url, pinned
from segbench.destinations.secret import Secret, without
from segbench.errors import DeliveryError

TRIES = 6
LONGEST_WAIT = 300.0
"""A service that asks for a longer pause, in seconds, is left for a later try."""
TIMEOUT = 60.0
LARGEST = 32 << 20
"""The most bytes of an answer, unpacked."""
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_SHOWN = 300

Pause = Callable[[float], None]


@dataclass(frozen=True)
class Reply:
    """What a service answered."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


class Refused(DeliveryError):
    """The service answered that it will not do this; `status` is its HTTP status."""

    def __init__(self, message: str, status: int, text: str) -> None:
        self.status, self.text = status, text
        super().__init__(message)


class Calls:
    """Speaks to one service. Redirects are refused: what is sent goes where it was meant to.

    Neither errors nor logs hold the `secrets`.
    """

    def __init__(
        self,
        base: str,
        headers: Mapping[str, str],
        *,
        secrets: Iterable[Secret],
        private: bool = False,
        pause: Pause = time.sleep,
    ) -> None:
        self._base, self._private = checked_url(base, private=private), private
        self._secrets = tuple(secrets)
        self._pause = pause
        # Proxies of the environment are left out: the address that was checked is the one used.
        self._client = httpx.Client(
            headers=dict(headers), follow_redirects=False, timeout=TIMEOUT, trust_env=False
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def call(
        self,
        method: str,
        path: str = "",
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Reply:
        """The answer, of a status below 300; `Refused` or `DeliveryError` otherwise."""
        for tried in range(1, TRIES + 1):
            wait = min(2.0 ** (tried - 1), 60.0)
            try:
                answer = self._once(method, path, body, headers or {}, params, tried - 1)
            except httpx.TransportError as error:
                if "CERTIFICATE_VERIFY_FAILED" in str(error):
                    raise DeliveryError(
                        f"{self._base.host} shows a certificate that is not trusted; nothing was "
                        "sent."
                    ) from None
                trouble = f"does not answer: {type(error).__name__}"
            else:
                if answer.status not in _AGAIN:
                    return self._sound(answer)
                trouble = f"answers {answer.status}"
                wait = asked_wait(answer, wait)
                if wait > LONGEST_WAIT:
                    raise DeliveryError(
                        f"{self._base.host} asks to wait {wait:,.0f} s; deliver again then."
                    )
            if tried < TRIES:
                self._pause(wait)
        raise DeliveryError(
            f"{self._base.host} {trouble}, {TRIES} times. Deliver again to go on from there."
        )

    def read(self, answer: Reply) -> dict[str, Any]:
        """The JSON object of an answer."""
        try:
            data = json.loads(answer.body)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise DeliveryError(f"{self._base.host} answers with something that is no JSON object.")
        return data

    def pause(self, seconds: float) -> None:
        """Wait, as the service wants it."""
        self._pause(seconds)

    def _once(
        self,
        method: str,
        path: str,
        body: bytes | None,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None,
        turn: int,
    ) -> Reply:
        url = self._base.copy_with(path=self._base.path.rstrip("/") + path) if path else self._base
        target = pinned(url, private=self._private, turn=turn)
        with self._client.stream(
            method,
            target.url,
            content=body,
            params=params,
            headers={**headers, "Host": target.host},
            extensions={"sni_hostname": target.name},
        ) as answer:
            held = bytearray()
            for piece in answer.iter_bytes():
                held += piece
                if len(held) > LARGEST:
                    raise DeliveryError(
                        f"{self._base.host} answers with more than {LARGEST >> 20} MB."
                    )
            return Reply(answer.status_code, answer.headers, bytes(held))

    def _sound(self, answer: Reply) -> Reply:
        status = answer.status
        if status < 300:
            return answer
        if status < 400:
            raise DeliveryError(
                f"{self._base.host} answers with a redirect ({status}); redirects are refused."
            )
        # Hidden first, cut then: half of a secret is one, too.
        text = " ".join(without(answer.text, self._secrets).split())[:_SHOWN]
        if status in (401, 403):
            raise DeliveryError(f"{self._base.host} does not accept the secret ({status}).")
        raise Refused(f"{self._base.host} refuses ({status}): {text}", status, text)


def part(data: object, *keys: str) -> Any:
    """What is at that place in a JSON value; None where there is no such place."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def asked_wait(answer: Reply, usual: float) -> float:
    """How many seconds an answer asks to wait: Retry-After, in seconds or as a date."""
    asked = answer.headers.get("Retry-After", "").strip()
    if asked.isdigit():
        return float(asked)
    if asked:
        try:
            until = parsedate_to_datetime(asked)
            sent = parsedate_to_datetime(answer.headers.get("Date", ""))
        except (TypeError, ValueError):
            return usual
        return max(0.0, (until - sent) / dt.timedelta(seconds=1))
    return usual
