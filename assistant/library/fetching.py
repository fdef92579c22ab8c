"""One address that a user gives -> what lies there, and a name for its file. Nothing else in the product fetches.

No proxy of the environment is used: a proxy looks names up by itself, so that it could not be known where it connects.
"""

from __future__ import annotations

import base64
import codecs
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote_to_bytes

import certifi
import httpcore
import httpx

from assistant.library.naming import safe_path
from corpus.encoding import decode
from corpus.errors import InputError
from corpus.formats.kind import SUFFIXES, Format, kind_of

REDIRECTS = 5
LARGEST = 50 << 20  # bytes
SECONDS = 30.0  # for all of it, redirects included
_CONNECTING = 10.0  # seconds for one of a host's addresses
_HEADERS = (
    (b"User-Agent", b"yinju"),
    (b"Accept", b"text/html,application/xhtml+xml,text/*;q=0.9,*/*;q=0.8"),
    (b"Accept-Language", b"zh-CN,zh;q=0.9,en;q=0.5"),
    (b"Accept-Encoding", b"gzip"),
    (b"Connection", b"close"),
)
_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "multipart/related": ".mhtml",
    "message/rfc822": ".mhtml",
    "application/x-mimearchive": ".mhtml",
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_UNTOLD = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/force-download"})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # IPv4 addresses as a network of IPv6 alone knows them
_SPECIAL = [  # for protocols, relays of 6to4 and examples; some versions of Python take them for public
    ipaddress.ip_network(network) for network in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")
]
_GZIP = 16 + zlib.MAX_WBITS  # zlib's name for it
_LOCATED = frozenset({301, 302, 303, 307, 308})
_UNMEANT = frozenset({"iso8859-1", "cp1252", "ascii"})  # what servers say of every page
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}  # what is meant by the names, as in browsers
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}\?>[ \t]*\r?\n?")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lay at an address."""

    url: str  # where it lay at last, without user and password
    name: str  # its host and path as those of a file: the same address gives the same name again
    data: bytes


def fetch(url: str, *, private: bool = True, seconds: float = SECONDS, largest: int = LARGEST) -> Fetched:
    """Fetch what lies at an http or https address; InputError where it cannot be had.

    Without `private` the address itself must be a public one. Redirects to others are never followed, except to the
    service that the user named. Every connection goes to the very address that was checked.
    """
    at = first = _address(url)
    door = _Door(url, seconds=seconds, private=private)
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())  # besides the system's own, which an intranet may need
    try:
        for _ in range(REDIRECTS + 1):
            with httpcore.ConnectionPool(ssl_context=context, network_backend=door) as pool:
                headers = [(b"Host", at.netloc), *_HEADERS, *_credentials(at, first)]
                target = httpcore.URL(scheme=at.raw_scheme, host=at.raw_host, port=at.port, target=at.raw_path)
                with pool.stream("GET", target, headers=headers) as response:
                    told = _headers(response)
                    if response.status not in _LOCATED or "Location" not in told:
                        return _fetched(at, response, told, largest=largest)
                    at = _address(_text(told["Location"]), at)
                    door.redirected = True
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, zlib.error) as error:
        if door.is_late or isinstance(error, httpcore.TimeoutException):
            raise InputError("fetch-slow", url=url, seconds=round(seconds)) from error
        raise InputError("fetch-failed", url=url, reason=error or type(error).__name__) from error
    raise InputError("fetch-redirects", url=url, most=REDIRECTS)


def _address(url: str, base: httpx.URL | None = None) -> httpx.URL:
    try:
        at = base.join(url) if base else httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        raise InputError("fetch-address", url=url) from error
    if at.scheme not in {"http", "https"} or not at.raw_host.strip(b".") or not 0 < (at.port or 80) < 1 << 16:
        raise InputError("fetch-address", url=url)
    return at


def _credentials(at: httpx.URL, first: httpx.URL) -> list[tuple[bytes, bytes]]:
    """Return the header with the user and password of the address that was given, for its own service alone."""
    if not first.userinfo or (at.scheme, at.netloc) != (first.scheme, first.netloc):
        return []
    return [(b"Authorization", b"Basic " + base64.b64encode(f"{first.username}:{first.password}".encode()))]


# -- where it connects


def is_public(address: str) -> bool:
    """Tell whether an IP address, also one inside another, belongs to the public network."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inside = (
            ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        )
        if inside:
            return is_public(str(inside))
        if ip.is_site_local:
            return False
    if any(ip in network for network in _SPECIAL):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback)


class _Door(httpcore.NetworkBackend):
    """Connects to the addresses of a host that may be asked, within the time for all of it."""

    def __init__(self, url: str, *, seconds: float, private: bool) -> None:
        self.redirected = False
        self._url = url
        self._deadline = time.monotonic() + seconds
        self._private = private
        self._named: set[tuple[str, int]] = set()  # addresses and ports of the service that the user named
        self._backend = httpcore.SyncBackend()

    @property
    def is_late(self) -> bool:
        """Tell whether the time is over."""
        return time.monotonic() >= self._deadline

    def left(self) -> float:
        """Return the seconds that are left; httpcore's exception where there are none."""
        if self.is_late:
            raise httpcore.ReadTimeout
        return self._deadline - time.monotonic()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._resolved(host, port)
        for address in addresses:
            self._check(address, port)
        failed: Exception = httpcore.ConnectError(host)
        for address in addresses:
            try:
                stream = self._backend.connect_tcp(address, port, timeout=min(self.left(), _CONNECTING))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            if not self.redirected:
                self._named |= {(address, port)} | ({(address, 443)} if port == 80 else set())
            return _Stream(stream, self)
        raise failed

    def _check(self, address: str, port: int) -> None:
        if is_public(address) or (address, port) in self._named:
            return
        if self.redirected:
            raise InputError("fetch-private", url=self._url, address=address)
        if not self._private:
            raise InputError("fetch-private-first", url=self._url, address=address)

    def _resolved(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host; in another thread, since the system's look-up knows no time limit."""
        found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

        def look_up() -> None:
            try:
                every = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                found.put(list(dict.fromkeys(str(one[4][0]) for one in every)))
            except (OSError, UnicodeError) as error:
                found.put(OSError(str(error)))

        threading.Thread(target=look_up, daemon=True).start()
        try:
            answer = found.get(timeout=self.left())
        except queue.Empty:
            raise httpcore.ConnectTimeout from None
        if isinstance(answer, OSError):
            raise InputError("fetch-host", url=self._url, host=host) from answer
        return answer


class _Stream(httpcore.NetworkStream):
    """A connection each of whose steps ends within the time that is left for all."""

    def __init__(self, stream: httpcore.NetworkStream, door: _Door) -> None:
        self._stream = stream
        self._door = door

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._door.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._door.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._door.left()), self._door)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own signature
        return self._stream.get_extra_info(info)


# -- what lies there


def _headers(response: httpcore.Response) -> Message:
    told = Message()
    for name, value in response.headers:
        told[name.decode("latin-1")] = value.decode("latin-1")
    return told


def _text(value: str) -> str:
    """Return a header's value in the characters that its bytes mean where a server sends them as they are."""
    return decode(value.encode("latin-1", "replace")) or value


def _fetched(at: httpx.URL, response: httpcore.Response, told: Message, *, largest: int) -> Fetched:
    url = str(at.copy_with(userinfo=b"", fragment=None))
    if not 200 <= response.status < 300:
        raise InputError("fetch-status", url=url, status=response.status)
    data = _body(url, response, told, largest=largest)
    name, kind = _named(at, told, data)
    if kind is Format.HTML:
        data = _with_source(_as_declared(data, told.get_content_charset(""), markup=True), url)
    elif kind in {Format.PLAIN, Format.MARKDOWN, Format.CSV}:
        data = _as_declared(data, told.get_content_charset(""), markup=False)
    return Fetched(url, name, data)


def _body(url: str, response: httpcore.Response, told: Message, *, largest: int) -> bytes:
    coding = told.get("Content-Encoding", "").strip().lower().removeprefix("x-")
    if coding not in {"", "identity", "gzip"}:
        raise InputError("fetch-failed", url=url, reason=f"Content-Encoding: {coding}")
    length = told.get("Content-Length", "")
    large = InputError("fetch-large", url=url, megabytes=round(largest / (1 << 20), 1))
    if re.fullmatch("[0-9]{1,18}", length) and int(length) > largest:
        raise large
    data = bytearray()
    for piece in _unpacked(response.iter_stream(), largest + 1) if coding == "gzip" else response.iter_stream():
        data += piece
        if len(data) > largest:
            raise large
    return bytes(data)


def _unpacked(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Yield what all members of a gzip file hold, at most so many bytes at once; zlib.error where one is cut."""
    inflater = zlib.decompressobj(_GZIP)
    for piece in pieces:
        while piece:
            if inflater.eof:
                if not (piece := piece.lstrip(b"\0")):
                    break  # padding
                if not piece.startswith(b"\x1f"):
                    return  # no member: passed over, as in browsers
                inflater = zlib.decompressobj(_GZIP)
            yield inflater.decompress(piece, most)
            piece = inflater.unused_data
    if not inflater.eof:
        raise zlib.error("gzip")


def _named(at: httpx.URL, told: Message, data: bytes) -> tuple[str, Format | None]:
    """Return the name for the file and its format; InputError where it is none that is read."""
    *folders, last = [_part(part) for part in at.raw_path.partition(b"?")[0].split(b"/")]
    path = PurePosixPath(_given_name(told) or last or "index.html")
    if last not in {path.name, path.stem}:
        folders.append(last)  # a server may give the files of many addresses one name
    kind = told.get_content_type() if "Content-Type" in told else ""
    suffix = _suffix(path.suffix.lower(), kind, data)
    if suffix is None:
        raise InputError("fetch-kind", url=at.copy_with(userinfo=b"", fragment=None), kind=kind or "?")
    stem = path.stem if suffix == path.suffix.lower() else path.name
    asked = f"?{_part(at.query)}" if at.query else ""
    host = at.host if at.port is None else f"{at.host}_{at.port}"
    return safe_path("/".join((host, *folders, stem + asked + suffix))), SUFFIXES[suffix]


def _part(quoted: bytes) -> str:
    """Return a part of an address as it is read; old servers mean GB18030."""
    data = unquote_to_bytes(quoted)
    return (decode(data) or data.decode("utf-8", "replace")).replace("/", "_")


def _given_name(told: Message) -> str:
    """Return the file name that a server gives, without folders."""
    if "Content-Disposition" not in told:
        return ""
    name = told.get_filename("")
    if not told["Content-Disposition"].isascii():
        name = _text(name)
    return re.split(r"[/\\]", _part(name.encode("utf-8", "replace")) if "%" in name else name)[-1].strip(" .")


def _suffix(named: str, kind: str, data: bytes) -> str | None:
    """Return the suffix for a file of this kind: the one that it is named with, where the two agree."""
    told = _KINDS.get(kind)
    if kind.partition("/")[0] in {"image", "audio", "video", "font"}:
        return None
    if named in SUFFIXES and (told is None or SUFFIXES[named] is SUFFIXES[told]):
        return named
    if told:
        return told
    if kind in _UNTOLD:
        found = kind_of(data, "")
        told = next((suffix for suffix, format in SUFFIXES.items() if format is found), None)
        return told or (".txt" if found is None and decode(data) is not None and b"\0" not in data else None)
    return ".txt" if kind.startswith("text/") and kind not in {"text/css", "text/javascript", "text/xml"} else None


def _as_declared(data: bytes, charset: str, *, markup: bool) -> bytes:
    """Return a text in UTF-8 where only the header told its encoding: a file has no header.

    A header goes before what the page says of itself, as in browsers, unless it is what servers say of every page.
    """
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return data
    meta = _META.search(data[:4096]) if markup else None
    is_told = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if name in _UNMEANT or is_told or (meta and _same(meta[1], name)):
        return data
    try:
        return codecs.BOM_UTF8 + data.decode(_WIDER.get(name, name)).encode()
    except (UnicodeError, LookupError):
        return data  # the header is wrong


def _same(declared: bytes, name: str) -> bool:
    try:
        return codecs.lookup(declared.decode("ascii", "replace")).name == name
    except LookupError:
        return False


def _with_source(data: bytes, url: str) -> bytes:
    """Return a page with the comment by which browsers tell where a saved page comes from, as its first line."""
    url = url.replace("--", "%2D%2D")  # ends a comment
    line = f"<!-- saved from url=({len(url):04}){url} -->\n"
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(mark):
            return mark + line.encode(encoding) + data.removeprefix(mark)
    begin = found.end() if (found := _DECLARATION.match(data)) else 0  # XML wants its declaration first
    return data[:begin] + line.encode() + data[begin:]
