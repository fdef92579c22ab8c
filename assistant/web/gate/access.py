"""Who may ask and who may change documents, as the environment and password files say."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.requests import HTTPConnection

from assistant.web.gate.origin import is_loopback, split_host
from corpus.errors import InputError
from corpus.messages import message

Note = Callable[[str], None]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LARGEST = 1 << 20  # bytes of a password file


@dataclass(frozen=True, slots=True)
class Access:
    """The accounts and their rights; holds keyed digests in the place of passwords."""

    accounts: Mapping[str, bytes] = field(default_factory=dict, repr=False)  # name -> digest of name and password
    editors: frozenset[str] = frozenset()  # who may change documents; "" is everybody where no password is asked for
    hosts: frozenset[str] | None = None  # the names that the server may be called by; None: any
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @classmethod
    def of(
        cls,
        askers: Mapping[str, str],
        editors: Mapping[str, str] | None = None,
        *,
        read_only: bool = False,
        hosts: frozenset[str] | None = None,
    ) -> Access:
        """Make it from names and passwords; without editors whoever may ask may also change documents."""
        key = secrets.token_bytes(32)
        everybody = {name_of(name): password for name, password in {**askers, **(editors or {})}.items()}
        accounts = {name: _digest(key, name, password) for name, password in everybody.items()}
        changing = set() if read_only else {name_of(name) for name in editors or everybody or {""}}
        return cls(accounts, frozenset(changing), hosts, key)

    @classmethod
    def from_environment(
        cls, *, host: str, knows: bool = False, read_only: bool = False, note: Note = lambda _: None
    ) -> Access:
        """Read ASSISTANT_AUTH, ASSISTANT_EDITORS (or the files that ..._FILE names) and ASSISTANT_HOSTS.

        InputError where one of them is malformed, and where a server that others reach has no password, unless the
        person who starts it `knows`; nobody may change documents then.
        """
        askers, editors = (_accounts(variable, note) for variable in ("ASSISTANT_AUTH", "ASSISTANT_EDITORS"))
        for name in askers.keys() & editors.keys():
            if askers[name] != editors[name]:
                raise InputError("access-twice", name=name)
        names = _hosts(os.environ.get("ASSISTANT_HOSTS", ""))
        if askers or editors:
            return cls.of(askers, editors, read_only=read_only, hosts=names | LOOPBACK if names else None)
        if is_loopback(host):
            # only the names that no other site can point here: a page of another site could else ask through a name
            # of its own that leads to this machine (DNS rebinding)
            return cls.of({}, read_only=read_only, hosts=names | LOOPBACK | {host.lower()})
        if not knows:
            raise InputError("access-open", host=host)
        note(message("serve-open", host=host))
        return cls.of({}, read_only=True, hosts=names | LOOPBACK if names else None)

    @property
    def asks_password(self) -> bool:
        """Tell whether there are accounts; without, everybody is the account ""."""
        return bool(self.accounts)

    def may_change(self, account: str | None) -> bool:
        """Tell whether an account may add, delete and rebuild."""
        return (account or "") in self.editors

    @staticmethod
    def account_of(request: HTTPConnection) -> str | None:
        """Return the account that the gate found a request to come from; None where there is none."""
        return request.scope["state"]["account"] or None

    def account(self, name: str, password: str) -> str | None:
        """Return the account that name and password belong to.

        Every account is compared in the same way, so that the time tells neither whether the name exists nor how much
        of the password is right.
        """
        given = _digest(self._key, name_of(name), password)
        found = None
        for known, expected in self.accounts.items():
            if hmac.compare_digest(given, expected):
                found = known
        return found


def name_of(given: str) -> str:
    """Return an account's name as it is kept."""
    return _normal(given).strip()


def _digest(key: bytes, name: str, password: str) -> bytes:
    """Return a digest that is equally long whatever is given; it cannot be told how name and password are joined."""
    parts = (hashlib.sha256(_normal(part).encode("utf-8", "replace")).digest() for part in (name, password))
    return hmac.digest(key, b"".join(parts), "sha256")


def _normal(text: str) -> str:
    """Return the same characters however a keyboard composed them (RFC 8265)."""
    return unicodedata.normalize("NFC", text)


# -- what the environment says


def _accounts(variable: str, note: Note) -> dict[str, str]:
    """Return the passwords by name from a variable and from the file that another one names."""
    found: dict[str, str] = {}
    for place, line in _lines(variable, note):
        name, _, password = line.partition(":")
        name = name_of(name)
        if not name or not password or not name.isprintable():
            raise InputError("auth-wrong", place=place)
        if found.setdefault(name, password) != password:
            raise InputError("access-twice", name=name)
    return found


def _hosts(given: str) -> frozenset[str]:
    """Return the names of a comma list as browsers send them."""
    found = set()
    for name in filter(None, (name.strip() for name in given.split(","))):
        try:
            split = split_host(name if name.isascii() else name.encode("idna").decode())
        except UnicodeError:
            split = None
        if split is None:
            raise InputError("access-hosts-wrong", name=name)
        found.add(split[0])
    return frozenset(found)


def _lines(variable: str, note: Note) -> Iterator[tuple[str, str]]:
    """Give each account as it is written, and where that is."""
    if given := os.environ.get(variable):
        yield variable, given.rstrip("\r\n")
    if not (file := os.environ.get(variable + "_FILE")):
        return
    lines = _read(Path(file), note).splitlines()
    written = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]
    if not written:
        raise InputError("access-file-empty", file=file, variable=variable + "_FILE")  # it was meant to protect
    for number, line in written:
        yield message("access-line", file=file, line=number), line


def _read(file: Path, note: Note) -> str:
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            content = opened.read(_LARGEST + 1)
    except OSError as error:
        raise InputError("access-file-unreadable", file=file, reason=error.strerror or error) from error
    if os.name == "posix" and stat.S_ISREG(mode) and mode & 0o077:
        note(message("access-file-shared", file=file))
    if len(content) > _LARGEST:
        raise InputError("access-file-unreadable", file=file, reason=message("access-file-large"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("access-file-unreadable", file=file, reason=message("access-file-encoding")) from error
