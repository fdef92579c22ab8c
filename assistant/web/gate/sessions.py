"""Who has logged in, and how long those who guess passwords have to wait."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Clock = Callable[[], float]  # seconds that only grow

LASTING = 30 * 24 * 3600  # seconds until one has to log in again
MOST_SESSIONS = 100  # of one account; its oldest end first
MOST_KEPT = 4096  # entries of each table of failed logins
REMEMBERED = 900  # seconds without a failure after which failures are forgotten
LONGEST_WAIT = 60  # seconds
FREE_OF_PAIR, FREE = 5, 20  # failures that cost no waiting


Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class _Session:
    account: str
    begun: float


class Sessions:
    """The logins of browsers, kept in memory: a restart ends them."""

    def __init__(self, *, clock: Clock = time.monotonic) -> None:
        """Take the clock, for tests."""
        self._clock = clock
        self._open: dict[bytes, _Session] = {}  # by digest, so that a lookup's time tells nothing about a token

    def begin(self, account: str) -> str:
        """Return the token of a new session."""
        now = self._clock()
        self._open = {key: one for key, one in self._open.items() if now - one.begun < LASTING}
        own = [key for key, one in self._open.items() if one.account == account]
        for key in own[: max(0, len(own) + 1 - MOST_SESSIONS)]:
            del self._open[key]
        token = secrets.token_urlsafe(32)
        self._open[_digest(token)] = _Session(account, now)
        return token

    def account(self, token: str) -> str | None:
        """Return whose session it is; None where it is none, or over."""
        found = self._open.get(_digest(token))
        return found.account if found and self._clock() - found.begun < LASTING else None

    def end(self, token: str) -> None:
        """Forget a session."""
        self._open.pop(_digest(token), None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


@dataclass(frozen=True, slots=True)
class _Failed:
    count: int
    last: float
    until: float  # when the next password is looked at


class Failures:
    """Counts wrong passwords, by address, by account, and by both together; after some of them each costs a wait.

    While one waits no password is looked at, not even a right one: else the answers would tell which one is right. So
    that strangers cannot shut out an account, where it was once used rightly only the count of both together holds.
    """

    def __init__(self, *, clock: Clock = time.monotonic) -> None:
        """Take the clock, for tests."""
        self._clock = clock
        self._failed: dict[str, _Table[_Failed]] = {"pair": _Table(), "address": _Table(), "name": _Table()}
        self._proven: _Table[bool] = _Table()

    def wait(self, address: str, name: str) -> float:
        """Return the seconds until a password from this address for this account is looked at."""
        now = self._clock()
        entries = (self._failed[kind].get(key) for kind, key, _ in self._keys(address, name))
        return max([0.0, *(entry.until - now for entry in entries if entry)])

    def failed(self, address: str, name: str) -> None:
        """Count a wrong password."""
        now = self._clock()
        for kind, key, free in self._keys(address, name):
            former = self._failed[kind].get(key)
            count = 1 + (former.count if former and now - former.last < REMEMBERED else 0)
            pause = min(2.0 ** min(count - free, 10), LONGEST_WAIT) if count >= free else 0.0
            self._failed[kind].put(key, _Failed(count, now, now + pause))

    def proved(self, address: str, name: str) -> None:
        """Note that an account is rightly used from an address."""
        self._proven.put(_pair(address, name), True)

    def _keys(self, address: str, name: str) -> Iterator[tuple[str, Hashable, int]]:
        """Give the tables that count, the entry in each, and the failures that are free there."""
        network, digest = pair = _pair(address, name)
        yield "pair", pair, FREE_OF_PAIR
        if not self._proven.get(pair):
            yield "address", network, FREE
            yield "name", digest, FREE


class _Table(Generic[Kept]):
    """Keeps the entries that were put last."""

    def __init__(self) -> None:
        self._entries: OrderedDict[Hashable, Kept] = OrderedDict()

    def get(self, key: Hashable) -> Kept | None:
        return self._entries.get(key)

    def put(self, key: Hashable, value: Kept) -> None:
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > MOST_KEPT:
            self._entries.popitem(last=False)


def _pair(address: str, name: str) -> tuple[str, bytes]:
    return _network(address), _digest(name)  # a digest, as names are as long as a stranger likes


def _network(address: str) -> str:
    """Return what one person has of addresses: of IPv6 a whole network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)
