"""Which addresses of the network a destination may be at."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

import httpx

from segbench.errors import DeliveryError


@dataclass(frozen=True)
class Target:
    """Where a request goes: a URL whose host is an address, and the name to speak to it by."""

    url: httpx.URL
    host: str
    name: str


def checked_url(text: str, *, private: bool) -> httpx.URL:
    """The URL; `DeliveryError` where it is not HTTPS, or has a password in it.

    Plain HTTP is for private networks only.
    """
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError):
        raise DeliveryError("That is no URL, such as https://example.com/hook.") from None
    if url.userinfo:
        raise DeliveryError("A URL has no user and password in it: name the place of a secret.")
    if not url.host or url.scheme not in ("https", "http"):
        raise DeliveryError("That is no URL, such as https://example.com/hook.")
    if url.scheme == "http" and not private:
        raise DeliveryError(
            f"{url.host} is to be reached over HTTPS; plain HTTP is for destinations that are "
            "marked private."
        )
    return url


def pinned(url: httpx.URL, *, private: bool, turn: int = 0) -> Target:
    """The URL with its host's address, looked up once: nobody can move the name in between.

    Of several addresses each `turn` gives the next, since not every one may be reached from here.
    `DeliveryError` where an address is not public, unless the destination is marked `private`.
    """
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise DeliveryError(f"{url.host} is not known to the name service.") from None
    addresses = [_plain(str(entry[4][0])) for entry in found]
    if not private and not all(address.is_global for address in addresses):
        raise DeliveryError(
            f"{url.host} is at an address of a private network; mark the destination private if "
            "that is meant."
        )
    name = url.host if url.port is None else f"{url.host}:{url.port}"
    return Target(url.copy_with(host=str(addresses[turn % len(addresses)])), name, url.host)


def _plain(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
