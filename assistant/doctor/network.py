"""Whether a network was needed."""

from __future__ import annotations

import functools
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from assistant.doctor.finding import Finding, State, listed
from corpus.messages import message


@contextmanager
def connections() -> Iterator[list[str]]:
    """Note what Python code of this process connects to, or looks up, meanwhile; sockets within the machine's file
    system are left out.
    """
    seen: list[str] = []
    _listen()
    _listeners.append(seen)
    try:
        yield seen
    finally:
        _listeners[:] = [one for one in _listeners if one is not seen]


_listeners: list[list[str]] = []


@functools.cache
def _listen() -> None:
    sys.addaudithook(_hear)  # once: a hook stays as long as the process


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _listeners or event not in {"socket.connect", "socket.getaddrinfo"}:
        return
    if event == "socket.connect":
        connecting, address = arguments
        if connecting.family == getattr(socket, "AF_UNIX", None):
            return
    else:
        address = arguments[:2]
    shown = ":".join(map(str, address[:2])) if isinstance(address, tuple) else str(address)
    for seen in _listeners:
        seen.append(shown)


def offline(addresses: Sequence[str]) -> Finding:
    """Tell whether anything was connected to."""
    if not addresses:
        return Finding("offline", State.OK, message("doctor-offline-found"))
    found = message("doctor-online", addresses=", ".join(listed(list(dict.fromkeys(addresses)))))
    return Finding("offline", State.WARNING, found, message("doctor-online-mend"))
