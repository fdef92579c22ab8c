"""By which name a request calls the server, and whether a page of the server sent it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping

from starlette.datastructures import Headers

_HOST = re.compile(r"(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9._-]{1,253}))(?::([0-9]{1,5}))?")
_ORIGIN = re.compile(r"(https?)://(.*)")
_PORTS = {"http": 80, "https": 443}
_BROWSERS = ("origin", "referer", "cookie")  # what programs do not send by themselves


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def split_host(host: str) -> tuple[str, int | None] | None:
    """Return the name, in small letters, and the port of a Host header; None where it is none."""
    if not (found := _HOST.fullmatch(host)):
        return None
    name, port = found[2], found[3]
    if name is None:
        try:
            name = ipaddress.IPv6Address(found[1]).compressed
        except ValueError:
            return None
    name = name.lower().removesuffix(".")
    return (name, int(port) if port else None) if name else None


def is_foreign(headers: Headers) -> bool:
    """Tell whether the headers say that a page of another site, or of none, sent the request.

    The scheme is not compared: behind a proxy that does TLS the server sees http where the browser sees https.
    """
    site = headers.get("sec-fetch-site", "same-origin")
    origins, hosts = headers.getlist("origin"), headers.getlist("host")
    if site not in {"same-origin", "none"}:
        return True
    return bool(origins) and not (len(origins) == len(hosts) == 1 and _same(origins[0], hosts[0]))


def is_told(headers: Headers) -> bool:
    """Tell whether the headers say which site the sending page is of."""
    return "origin" in headers or "sec-fetch-site" in headers


def is_browsers(headers: Mapping[str, str]) -> bool:
    """Tell whether a browser rather than a program seems to have sent the request."""
    return any(name in _BROWSERS or name.startswith("sec-fetch-") for name in headers)


def _same(origin: str, host: str) -> bool:
    found = _ORIGIN.fullmatch(origin)
    page, server = found and split_host(found[2]), split_host(host)
    if not found or not page or not server:
        return False  # "null" is one of these
    usual = _PORTS[found[1]]
    return (page[0], page[1] or usual) == (server[0], server[1] or usual)
