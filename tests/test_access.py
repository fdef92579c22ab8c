"""Who may ask and who may change documents, and what the gate lets through."""

import asyncio
import base64
import hmac
import json
import logging
import re
import socket
import threading
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlencode, urljoin, urlsplit

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from assistant.web.gate import access as access_module
from assistant.web.gate import limits, login, origin, sessions
from assistant.web.gate.access import Access
from assistant.web.gate.gate import Gate
from assistant.web.gate.limits import Limits
from assistant.web.spoken import Speaking
from corpus.errors import InputError

OPEN = Access.of({})
LOCKED = Access.of({"张三": "密:码"})
VARIABLES = [f"ASSISTANT_{name}{end}" for name in ("AUTH", "EDITORS") for end in ("", "_FILE")] + ["ASSISTANT_HOSTS"]


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


# -- accounts


def _from(monkeypatch, *, host="127.0.0.1", knows=False, read_only=False, notes=None, **variables):
    for name, value in variables.items():
        monkeypatch.setenv("ASSISTANT_" + name, str(value))
    note = (notes if notes is not None else []).append
    return Access.from_environment(host=host, knows=knows, read_only=read_only, note=note)


def _file(folder, text, mode=0o600):
    file = folder / "accounts.txt"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(mode)
    return file


def test_an_account_is_known_by_its_name_and_its_whole_password(monkeypatch):
    access = _from(monkeypatch, AUTH=" 张三 :密:码 ")
    assert access.asks_password
    assert access.account("张三", "密:码 ") == "张三"
    for name, password in [
        ("张三", "密:码"),
        ("张三", "密"),
        ("张三", ""),
        ("", "密:码 "),
        ("张三:密", "码 "),
        ("李四", "密:码 "),
    ]:
        assert access.account(name, password) is None


def test_a_file_holds_one_account_a_line_besides_comments_and_blank_lines(monkeypatch, tmp_path):
    file = _file(tmp_path, "\ufeff# 名单: 前端组\r\n\r\nann:a b#c\r\n  \nbo:2\n")
    access = _from(monkeypatch, AUTH_FILE=file, AUTH="cy:3")
    assert [access.account(*pair) for pair in (("ann", "a b#c"), ("bo", "2"), ("cy", "3"))] == ["ann", "bo", "cy"]
    assert access.account("ann", "a b#c\r") is None


def test_the_same_letters_composed_otherwise_are_the_same_account(monkeypatch):
    access = _from(monkeypatch, AUTH="Jose\u0301:cafe\u0301")
    assert access.account("Jos\u00e9", "caf\u00e9") == "Jos\u00e9"


@pytest.mark.parametrize("given", ["nocolon", ":secret", "name:", " :secret", "a\tb:secret", "a\x1b[0m:secret"])
def test_a_malformed_account_is_told_by_its_place_and_never_shown(monkeypatch, tmp_path, given):
    with pytest.raises(InputError) as from_variable:
        _from(monkeypatch, AUTH=given)
    assert from_variable.value.key == "auth-wrong"
    assert str(from_variable.value) == "ASSISTANT_AUTH 要写成 用户名:密码。"
    monkeypatch.delenv("ASSISTANT_AUTH")
    file = _file(tmp_path, f"ok:fine\n{given}\n")
    with pytest.raises(InputError) as from_file:
        _from(monkeypatch, EDITORS_FILE=file)
    assert str(from_file.value) == f"{file} 第 2 行 要写成 用户名:密码。"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "access-file-empty"),
        (b"# nobody\n\n", "access-file-empty"),
        (b"\xff\xfe:x", "access-file-unreadable"),
        (b"a:b\n" * (1 << 19), "access-file-unreadable"),
        (None, "access-file-unreadable"),
    ],
)
def test_a_password_file_that_holds_no_account_does_not_open_the_server(monkeypatch, tmp_path, content, key):
    file = tmp_path / "missing" if content is None else _file(tmp_path, content)
    with pytest.raises(InputError) as raised:
        _from(monkeypatch, AUTH_FILE=file)
    assert raised.value.key == key
    assert str(file) in str(raised.value)


@pytest.mark.parametrize(("mode", "warned"), [(0o600, 0), (0o400, 0), (0o640, 1), (0o604, 1)])
def test_a_password_file_that_others_may_read_is_warned_about(monkeypatch, tmp_path, mode, warned):
    notes = []
    file = _file(tmp_path, "a:b", mode)
    _from(monkeypatch, AUTH_FILE=file, notes=notes)
    assert len(notes) == warned
    assert all(str(file) in told and "chmod 600" in told for told in notes)


def test_one_name_with_two_passwords_is_refused(monkeypatch, tmp_path):
    for variables in ({"AUTH": "a:1", "EDITORS": "a:2"}, {"AUTH": "a:1", "AUTH_FILE": _file(tmp_path, "a:2")}):
        with pytest.raises(InputError) as raised:
            _from(monkeypatch, **variables)
        assert raised.value.key == "access-twice" and raised.value.values == {"name": "a"}
        monkeypatch.delenv("ASSISTANT_EDITORS", raising=False)
    monkeypatch.delenv("ASSISTANT_AUTH_FILE")
    assert _from(monkeypatch, AUTH="a:1", EDITORS="a:1").may_change("a")


def test_whoever_may_ask_may_change_until_editors_are_named(monkeypatch):
    assert _from(monkeypatch, AUTH="a:1").may_change("a")
    access = _from(monkeypatch, EDITORS="e:2")
    assert (access.may_change("a"), access.may_change("e"), access.may_change("")) == (False, True, False)
    assert access.account("a", "1") == "a" and access.account("e", "2") == "e"
    access = _from(monkeypatch, read_only=True)
    assert not any(map(access.may_change, ("a", "e", "", None)))


def test_editors_alone_close_the_server_to_others(monkeypatch):
    access = _from(monkeypatch, EDITORS="e:2", host="0.0.0.0")
    assert access.asks_password
    assert access.account("e", "2") == "e"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "::1"])
def test_on_this_machine_everybody_may_do_everything_without_a_password(monkeypatch, host):
    access = _from(monkeypatch, host=host)
    assert (access.asks_password, access.may_change(""), access.may_change(None)) == (False, True, True)
    assert access.hosts == {"localhost", "127.0.0.1", "::1", host.lower()}
    assert not _from(monkeypatch, host=host, read_only=True).may_change("")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "", "chat.example.org", "localhost.example.org"])
def test_another_host_without_a_password_is_refused_unless_it_is_meant_and_then_read_only(monkeypatch, host):
    with pytest.raises(InputError) as raised:
        _from(monkeypatch, host=host)
    assert raised.value.key == "access-open"
    for told in ("ASSISTANT_AUTH", "ASSISTANT_AUTH_FILE", "--i-know"):
        assert told in str(raised.value)
    notes = []
    access = _from(monkeypatch, host=host, knows=True, notes=notes)
    assert (access.asks_password, access.may_change(""), access.hosts) == (False, False, None)
    assert len(notes) == 1
    assert _from(monkeypatch, host=host, AUTH="a:1").may_change("a")


def test_named_hosts_are_read_as_browsers_send_them(monkeypatch):
    access = _from(monkeypatch, HOSTS=" Chat.Example.org, 例子.中国 ,,[0:0::1]")
    assert access.hosts == {"localhost", "127.0.0.1", "::1", "chat.example.org", "xn--fsqu00a.xn--fiqs8s"}
    for wrong in ("http://chat.example.org", "a b", "a/b", "*"):
        with pytest.raises(InputError) as raised:
            _from(monkeypatch, HOSTS=wrong)
        assert raised.value.key == "access-hosts-wrong"


def test_an_unknown_name_and_a_wrong_password_are_compared_as_often_and_as_long(monkeypatch):
    compared = []

    def compare(one, other):
        compared.append((len(one), len(other)))
        return hmac.compare_digest(one, other)

    access = Access.of({"a": "1", "b": "22", "c": "x" * 500})
    monkeypatch.setattr(access_module, "hmac", SimpleNamespace(compare_digest=compare, digest=hmac.digest))
    for name, password in [("a", "1"), ("a", "2"), ("nobody", "1"), ("", ""), ("c", "x" * 499), ("c", "y" * 9999)]:
        access.account(name, password)
        assert compared == [(32, 32)] * 3
        compared.clear()


def test_no_password_shows_in_what_is_printed(monkeypatch):
    access = _from(monkeypatch, AUTH="ann:geheim", EDITORS="bo:streng")
    for shown in (repr(access), str(access), repr(access.accounts)):
        assert "geheim" not in shown and "streng" not in shown


# -- hosts and origins

_LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
_NAME = st.lists(_LABEL, min_size=1, max_size=3).map(".".join)


@given(_NAME, st.none() | st.integers(1, 65535))
def test_a_host_is_split_into_name_and_port(name, port):
    written = name.upper() + (f":{port}" if port else "")
    assert origin.split_host(written) == (name, port)


@given(st.text(max_size=12), _NAME)
def test_a_host_with_anything_else_in_it_is_none_or_another_name(junk, name):
    for written in (
        f"{junk}@{name}",
        f"{name}/{junk}",
        f"{name}#{junk}",
        f"{name}\\{junk}",
        f"{name} {junk}",
        f"{name}?{junk}",
    ):
        assert origin.split_host(written) is None


@pytest.mark.parametrize(
    ("written", "split"),
    [
        ("[::1]:7860", ("::1", 7860)),
        ("[0:0:0:0:0:0:0:1]", ("::1", None)),
        ("localhost.", ("localhost", None)),
        ("[::1", None),
        ("::1", None),
        ("[1.2.3.4]", None),
        ("", None),
        (":80", None),
        ("a:", None),
        ("a:b", None),
        ("a\n", None),
        ("a:１", None),
        (".", None),
    ],
)
def test_unusual_hosts(written, split):
    assert origin.split_host(written) == split


def _foreign(**headers):
    return origin.is_foreign(Headers({name.replace("_", "-"): value for name, value in headers.items()}))


@given(_NAME, st.none() | st.integers(1, 65535), st.sampled_from(["http", "https"]))
def test_a_page_of_the_server_itself_is_not_foreign_and_one_of_another_name_or_port_is(name, port, scheme):
    host = name + (f":{port}" if port else "")
    assert not _foreign(host=host, origin=f"{scheme}://{host}")
    assert _foreign(host=host, origin=f"{scheme}://x{host}")
    assert _foreign(host=host, origin=f"{scheme}://{host}.evil.org")
    usual = {"http": 80, "https": 443}[scheme]
    assert _foreign(host=f"{name}:{usual}", origin=f"{scheme}://{name}:{usual + 1}")
    assert not _foreign(host=f"{name}:{usual}", origin=f"{scheme}://{name}")


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),
        ({"origin": "null"}, True),
        ({"origin": ""}, True),
        ({"origin": "file://a"}, True),
        ({"origin": "http://a/x"}, True),
        ({"origin": "http://u@a"}, True),
        ({"origin": "http://a", "sec_fetch_site": "same-origin"}, False),
        ({"origin": "http://a", "sec_fetch_site": "cross-site"}, True),
        ({"sec_fetch_site": "same-origin"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"sec_fetch_site": "same-site"}, True),
        ({"sec_fetch_site": "cross-site"}, True),
        ({"sec_fetch_site": "nonsense"}, True),
        ({"origin": "http://evil", "sec_fetch_site": "same-origin"}, True),
    ],
)
def test_what_a_browser_says_of_the_sending_page(headers, foreign):
    assert _foreign(host="a", **headers) is foreign


def test_two_origins_or_two_hosts_are_foreign():
    own = (b"origin", b"http://a"), (b"host", b"a")
    assert not origin.is_foreign(Headers(raw=list(own)))
    assert origin.is_foreign(Headers(raw=[*own, (b"origin", b"http://evil")]))
    assert origin.is_foreign(Headers(raw=[*own, (b"host", b"evil")]))


# -- where a login leads to


def _leads_to_another_host(address):
    """Tell what a browser would make of it: tabs and line ends go, a backslash is a slash."""
    seen = re.sub("[\t\n\r]", "", address).strip("".join(map(chr, range(33)))).replace("\\", "/")
    return urlsplit(urljoin("http://server.example/login", seen)).netloc != "server.example"


_TRICKY = st.lists(
    st.sampled_from(
        [
            "/",
            "\\",
            "//",
            "%2f",
            "%5C",
            "%09",
            "%0a",
            "\t",
            "\n",
            " ",
            ":",
            "https:",
            "evil.org",
            "@",
            "?",
            "#",
            ".",
            "a",
            "é",
        ]
    ),
    max_size=8,
).map("".join)


@given(_TRICKY | st.text(max_size=20))
def test_a_login_never_leads_to_another_host(wanted):
    taken = login.local(wanted)
    assert taken in {"", wanted}
    assert not taken or taken.startswith("/")
    assert not _leads_to_another_host(taken)
    assert not _leads_to_another_host(unquote(taken))


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.org",
        "/\\evil.org",
        "\\\\evil.org",
        "https:evil.org",
        "https://evil.org",
        "/%2fevil.org",
        "/%5cevil.org",
        "/\t/evil.org",
        "/%09/evil.org",
        "javascript:alert(1)",
        " /read",
        "read",
        "/read\r\nset-cookie:a=b",
        "/" + "a" * 4000,
    ],
)
def test_addresses_that_are_not_taken(wanted):
    assert login.local(wanted) == ""


@pytest.mark.parametrize("wanted", ["/", "/read/a%20%23.md?at=1-2&is=x", "/read/%E6%A1%A5.md", "/read/a//b"])
def test_addresses_that_are_taken(wanted):
    assert login.local(wanted) == wanted


# -- sessions and slowing


class _Clock:
    now = 1000.0

    def __call__(self):
        return self.now


def test_a_session_lasts_thirty_days_and_ends_when_it_is_ended():
    clock = _Clock()
    kept = sessions.Sessions(clock=clock)
    token, other = kept.begin("a"), kept.begin("b")
    assert len(token) >= 43 and token != other
    assert (kept.account(token), kept.account(other), kept.account(""), kept.account(token[:-1])) == (
        "a",
        "b",
        None,
        None,
    )
    kept.end(other)
    assert kept.account(other) is None
    clock.now += 30 * 24 * 3600 - 1
    assert kept.account(token) == "a"
    clock.now += 1
    assert kept.account(token) is None


def test_an_account_has_a_hundred_sessions_at_most_and_takes_none_of_another():
    kept = sessions.Sessions(clock=_Clock())
    other = kept.begin("b")
    tokens = [kept.begin("a") for _ in range(103)]
    assert [kept.account(token) for token in tokens] == [None] * 3 + ["a"] * 100
    assert kept.account(other) == "b"


def _fail(failures, times, address="10.0.0.1", name="ann"):
    for _ in range(times):
        failures.failed(address, name)


def test_after_five_wrong_passwords_each_costs_twice_the_wait_up_to_a_minute():
    clock = _Clock()
    failures = sessions.Failures(clock=clock)
    waits = []
    for _ in range(14):
        failures.failed("10.0.0.1", "ann")
        waits.append(failures.wait("10.0.0.1", "ann"))
        clock.now += waits[-1]
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert failures.wait("10.0.0.1", "ann") == 0


def test_failures_are_forgotten_after_a_quarter_of_an_hour():
    clock = _Clock()
    failures = sessions.Failures(clock=clock)
    _fail(failures, 9)
    clock.now += 900
    _fail(failures, 4)
    assert failures.wait("10.0.0.1", "ann") == 0


def test_many_names_from_one_address_and_one_name_from_many_addresses_wait_too():
    names = sessions.Failures(clock=_Clock())
    for number in range(20):
        assert names.wait("10.0.0.1", "new") == 0
        names.failed("10.0.0.1", f"name {number}")
    assert (names.wait("10.0.0.1", "new"), names.wait("10.0.0.2", "new")) == (1, 0)
    addresses = sessions.Failures(clock=_Clock())
    for number in range(20):
        addresses.failed(f"10.0.0.{number}", "ann")
    assert (addresses.wait("10.9.9.9", "ann"), addresses.wait("10.9.9.9", "bo")) == (1, 0)


def test_strangers_do_not_shut_out_an_account_from_where_it_is_used():
    failures = sessions.Failures(clock=_Clock())
    failures.proved("10.0.0.1", "ann")
    for number in range(2, 60):
        _fail(failures, 3, f"10.0.0.{number}")
    _fail(failures, 30, "10.0.0.1", "bo")
    assert failures.wait("10.0.0.1", "ann") == 0
    assert failures.wait("10.0.0.99", "ann") == 60
    _fail(failures, 5)
    assert failures.wait("10.0.0.1", "ann") == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.2", False),
        ("", "", True),
        ("nonsense", "other", False),
    ],
)
def test_the_addresses_of_one_network_wait_together(one, other, same):
    failures = sessions.Failures(clock=_Clock())
    _fail(failures, 5, one)
    assert bool(failures.wait(other, "ann")) is same


def test_failures_take_no_more_memory_however_many_there_are(monkeypatch):
    monkeypatch.setattr(sessions, "MOST_KEPT", 50)
    failures = sessions.Failures(clock=_Clock())
    for number in range(200):
        failures.failed(f"10.0.{number}.1", "x" * 10_000 + str(number))
        failures.proved(f"10.0.{number}.1", str(number))
    tables = [*failures._failed.values(), failures._proven]
    assert [len(table._entries) for table in tables] == [50] * 4
    assert all(len(key) < 100 for table in tables[1:3] for key in table._entries)


# -- the gate


@dataclass
class Reply:
    status: int = 0
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    events: list = field(default_factory=list)

    @property
    def text(self):
        return self.body.decode()

    @property
    def error(self):
        return json.loads(self.body)["error"]

    @property
    def cookie(self):
        return self.headers["set-cookie"].partition(";")[0]


class Echo:
    """An application that tells which account asks and how much came; it says so also where it is not asked."""

    def __init__(self):
        self.asked = []

    async def __call__(self, scope, receive, send):
        self.asked.append(scope["path"])
        came, gone = 0, False
        while True:
            event = await receive()
            gone = event["type"] == "http.disconnect"
            came += len(event.get("body", b""))
            if gone or not event.get("more_body"):
                break
        said = json.dumps({"account": scope["state"]["account"], "came": came, "gone": gone}).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-echo", b"1")]})
        await send({"type": "http.response.body", "body": said})


async def _ask(
    app, method, path, *, body=b"", chunks=None, host="localhost:7860", client="10.0.0.1", secure=False, **headers
):
    given = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    given += [(b"host", host.encode())] if host is not None else []
    way, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https" if secure else "http",
        "path": unquote(way),
        "raw_path": way.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": given,
        "client": (client, 5),
        "server": ("127.0.0.1", 7860),
    }
    parts = iter(chunks if chunks is not None else [body])
    waiting = [next(parts, b"")]

    async def receive():
        if not waiting:
            return {"type": "http.disconnect"}
        part = waiting.pop()
        waiting.extend(item for item in [next(parts, None)] if item is not None)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    reply = Reply()

    async def send(event):
        reply.events.append(event)
        if event["type"] == "http.response.start":
            assert not reply.status, "an answer began twice"
            reply.status, reply.headers = event["status"], Headers(raw=event["headers"])
        else:
            reply.body += event.get("body", b"")

    await app(scope, receive, send)
    return reply


def ask(app, method, path, **given):
    return asyncio.run(_ask(app, method, path, **given))


def gated(access=OPEN, app=None, clock=time.monotonic):
    return Speaking(Gate(app or Echo(), access=access, clock=clock))


def basic(name="张三", password="密:码"):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def form(**fields):
    return {"body": urlencode(fields).encode(), "content_type": "application/x-www-form-urlencoded"}


def log_in(app, **more):
    return ask(app, "POST", "/login", **form(username="张三", password="密:码"), **more)


def test_without_a_password_everybody_passes_as_no_account():
    reply = ask(gated(), "GET", "/read/a.md")
    assert (reply.status, json.loads(reply.body)["account"]) == (200, "")
    assert reply.headers["x-echo"] == "1"


def test_without_a_login_pages_lead_to_the_login_and_programs_are_told():
    echo = Echo()
    app = gated(LOCKED, echo)
    reply = ask(app, "GET", "/read/桥%20%23.md?at=1-2&is=x")
    assert (reply.status, reply.body) == (303, b"")
    where = urlsplit(reply.headers["location"])
    assert (where.netloc, where.path) == ("", "/login")
    assert parse_qs(where.query) == {"next": ["/read/%E6%A1%A5%20%23.md?at=1-2&is=x"]}
    assert "www-authenticate" not in reply.headers
    for path in ("/api/v1/ask", "/api", "/mcp", "/mcp/x", "/gradio_api/info", "/metrics", "/config", "/chat/hello"):
        told = ask(app, "GET", path)
        assert (told.status, told.error) == (401, {"code": "access-login", "message": "请先登录。"}), path
        assert told.headers["www-authenticate"] == 'Basic realm="Yinju", charset="UTF-8"'
    page = ask(app, "POST", "/read/a.md")
    assert (page.status, "www-authenticate" in page.headers) == (401, False)
    assert "请先登录" in page.text
    assert echo.asked == []


@pytest.mark.parametrize("mark", ["cookie", "referer", "origin", "sec_fetch_site"])
def test_a_browser_is_not_made_to_open_its_own_dialog(mark):
    value = {"origin": "http://localhost:7860", "sec_fetch_site": "same-origin"}.get(mark, "x=y")
    reply = ask(gated(LOCKED), "GET", "/gradio_api/queue/data", **{mark: value})
    assert (reply.status, "www-authenticate" in reply.headers) == (401, False)


def test_a_program_shows_its_password_with_each_request_to_any_path():
    app = gated(LOCKED)
    for path in ("/api/v1/ask", "/mcp", "/", "/read/a.md"):
        reply = ask(app, "POST", path, authorization=basic())
        assert (reply.status, json.loads(reply.body)["account"]) == (200, "张三")
    for wrong in (
        basic(password="密"),
        basic("李四"),
        "Basic !!",
        "Basic",
        "Basic " + base64.b64encode(b"\xff:x").decode(),
    ):
        reply = ask(app, "GET", "/api/v1/ask", authorization=wrong)
        assert (reply.status, reply.error["code"]) == (401, "access-wrong")
    assert ask(app, "GET", "/api/v1/ask", authorization="Bearer " + basic()).error["code"] == "access-login"


def test_health_and_login_are_open_and_nothing_that_is_named_alike():
    app = gated(LOCKED)
    assert ask(app, "GET", "/manifest.json").status == 200
    assert json.loads(ask(app, "GET", "/api/v1/health").body)["account"] == ""
    assert ask(app, "GET", "/login").status == 200
    for path in (
        "/api/v1/health/x",
        "/api/v1/healthy",
        "/API/v1/health",
        "/login/x",
        "//login",
        "/login%0a",
        "/x/../login",
    ):
        assert ask(app, "GET", path).status in {303, 401, 404}, path


class _Form(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.fields, self.labels, self.attributes, self.alert, self._alert = [], {}, set(), {}, "", False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.tags.append(tag)
        self.attributes[tag] = named
        self._alert = named.get("role") == "alert"
        if tag == "input":
            self.fields[named["name"]] = named
        if tag == "label":
            self.labels.add(named["for"])

    def handle_data(self, data):
        self.alert += data if self._alert else ""

    def handle_endtag(self, tag):
        self._alert = False


def test_the_login_page_is_a_labelled_form_without_scripts_in_the_browsers_language():
    reply = ask(gated(LOCKED), "GET", "/login?next=/read/a.md%3Fat%3D1-2")
    page = _Form(reply.text)
    assert page.labels == {page.fields["username"]["id"], page.fields["password"]["id"]}
    assert page.fields["username"]["autocomplete"] == "username"
    assert (page.fields["password"]["autocomplete"], page.fields["password"]["type"]) == (
        "current-password",
        "password",
    )
    assert page.fields["next"]["value"] == "/read/a.md?at=1-2"
    assert page.attributes["form"] == {"method": "post", "action": "/login"}
    assert page.attributes["html"]["lang"] == "zh-CN"
    assert "script" not in page.tags and "http" not in re.sub("http://www.w3.org", "", reply.text)
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "form-action 'self'" in policy and "script" not in policy
    english = _Form(ask(gated(LOCKED), "GET", "/login", accept_language="en-GB,zh;q=0.5").text)
    assert english.attributes["html"]["lang"] == "en"
    assert "next" not in english.fields


def test_a_right_password_opens_a_session_whose_cookie_no_script_reads():
    app = gated(LOCKED)
    reply = log_in(app)
    assert (reply.status, reply.headers["location"]) == (303, "/")
    name, *rest = reply.headers["set-cookie"].split("; ")
    assert name.startswith("yinju-session-7860=")
    assert sorted(rest) == ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=lax"]
    assert json.loads(ask(app, "GET", "/read/a.md", cookie=reply.cookie).body)["account"] == "张三"
    assert ask(app, "GET", "/read/a.md", cookie=reply.cookie[:-1]).status == 303
    assert "Secure" in log_in(app, secure=True).headers["set-cookie"].split("; ")


def test_a_login_leads_to_where_it_was_asked_for_and_only_there():
    app = gated(LOCKED)
    for wanted, where in (("/read/a.md?at=1-2", "/read/a.md?at=1-2"), ("//evil.org", "/"), ("/\\evil.org", "/")):
        fields = form(username=" 张三 ", password="密:码", next=wanted)
        assert ask(app, "POST", "/login", **fields).headers["location"] == where
    cookie = log_in(app).cookie
    assert ask(app, "GET", "/login?next=/read/a.md", cookie=cookie).headers["location"] == "/read/a.md"
    assert ask(app, "GET", "/login?next=//evil.org", cookie=cookie).headers["location"] == "/"


def test_a_wrong_password_is_told_on_the_page_and_neither_shown_nor_logged(caplog):
    caplog.set_level(logging.DEBUG)
    reply = ask(gated(LOCKED), "POST", "/login", **form(username='"><b>王', password="geheim", next="/read/a.md"))
    page = _Form(reply.text)
    assert (reply.status, page.alert) == (400, "用户名或密码不对。")
    assert page.fields["username"]["value"] == '"><b>王' and "b" not in page.tags
    assert page.fields["next"]["value"] == "/read/a.md"
    assert "set-cookie" not in reply.headers
    assert "geheim" not in reply.text + caplog.text and "王" not in caplog.text
    assert "10.0.0.1" in caplog.text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"username=%ff&password=%00", b"&" * 500, b"{}", b"a=b&" * 50])
def test_a_malformed_form_is_a_wrong_password(body):
    assert ask(gated(LOCKED), "POST", "/login", body=body).status == 400


def test_logging_out_asks_first_and_ends_the_session():
    app = gated(LOCKED)
    cookie = log_in(app).cookie
    asked = ask(app, "GET", "/logout", cookie=cookie)
    assert asked.status == 200 and _Form(asked.text).attributes["form"] == {"method": "post", "action": "/logout"}
    assert ask(app, "GET", "/", cookie=cookie).status == 200
    done = ask(app, "POST", "/logout", cookie=cookie, origin="http://localhost:7860")
    assert (done.status, done.headers["location"]) == (303, "/login")
    assert "Max-Age=0" in done.headers["set-cookie"]
    assert ask(app, "GET", "/", cookie=cookie).status == 303
    assert ask(app, "GET", "/logout").headers["location"] == "/login"


def test_login_and_logout_lead_home_where_there_are_no_accounts():
    for path in ("/login", "/logout"):
        assert ask(gated(), "GET", path).headers["location"] == "/"
    assert ask(gated(LOCKED), "PUT", "/login").status == 405


def test_too_many_wrong_logins_wait_and_a_right_password_does_not_show_meanwhile():
    clock = _Clock()
    app = gated(LOCKED, clock=clock)
    wrong = form(username="张三", password="x")
    assert [ask(app, "POST", "/login", **wrong).status for _ in range(6)] == [400] * 5 + [429]
    waiting = log_in(app)
    assert (waiting.status, waiting.headers["retry-after"]) == (429, "1")
    assert "1 秒" in _Form(waiting.text).alert
    told = ask(app, "GET", "/api/v1/ask", authorization=basic())
    assert (told.status, told.error["code"], told.headers["retry-after"]) == (429, "access-wait", "1")
    assert log_in(app, client="10.0.0.2").status == 303
    clock.now += 1
    assert log_in(app).status == 303


def test_a_right_password_with_each_request_never_waits():
    app = gated(LOCKED, clock=_Clock())

    async def often():
        right = [_ask(app, "GET", "/api/v1/ask", authorization=basic()) for _ in range(200)]
        wrong = [_ask(app, "GET", "/api/v1/ask", authorization=basic("李四")) for _ in range(40)]
        return [(await one).status for one in [*right, *wrong, _ask(app, "GET", "/", authorization=basic())]]

    statuses = asyncio.run(often())
    assert statuses[:200] == [200] * 200
    assert statuses[200:240] == [401] * 5 + [429] * 35
    assert statuses[240:] == [200]


# -- names and other sites


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:7860", "[::1]:7860", "localhost.:80", "chat.example.org"]
)
def test_a_server_of_this_machine_answers_to_its_own_names(monkeypatch, host):
    monkeypatch.setenv("ASSISTANT_HOSTS", "chat.example.org")
    assert ask(gated(Access.from_environment(host="127.0.0.1")), "GET", "/", host=host).status == 200


@pytest.mark.parametrize(
    "host", ["evil.org", "evil.org:7860", "localhost.evil.org", "127.0.0.1.evil.org", "", None, "a@localhost", "1"]
)
def test_a_server_of_this_machine_does_not_answer_to_other_names(host):
    echo = Echo()
    app = gated(Access.from_environment(host="127.0.0.1"), echo)
    page, told = ask(app, "GET", "/", host=host), ask(app, "GET", "/api/v1/health", host=host)
    assert (page.status, told.status, told.error["code"]) == (421, 421, "access-host")
    assert "ASSISTANT_HOSTS" in page.text
    assert echo.asked == []


def test_with_a_password_any_name_will_do_unless_names_are_given(monkeypatch):
    monkeypatch.setenv("ASSISTANT_AUTH", "a:1")
    assert ask(gated(Access.from_environment(host="0.0.0.0")), "GET", "/login", host="any.example").status == 200
    monkeypatch.setenv("ASSISTANT_HOSTS", "chat.example.org")
    app = gated(Access.from_environment(host="0.0.0.0"))
    assert [ask(app, "GET", "/login", host=host).status for host in ("chat.example.org", "localhost", "x.org")] == [
        200,
        200,
        421,
    ]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "WHATEVER"])
@pytest.mark.parametrize("mark", [{"origin": "http://evil.org"}, {"origin": "null"}, {"sec_fetch_site": "cross-site"}])
def test_what_a_page_of_another_site_sends_is_not_carried_out(method, mark):
    echo = Echo()
    for access, proof in ((OPEN, {}), (LOCKED, {"authorization": basic()})):
        reply = ask(gated(access, echo), method, "/api/v1/documents", **mark, **proof)
        assert (reply.status, reply.error["code"]) == (403, "access-foreign")
    assert echo.asked == []


def test_reading_is_not_changed_by_where_the_link_stood():
    for method in ("GET", "HEAD", "OPTIONS"):
        assert ask(gated(), method, "/", origin="http://evil.org", sec_fetch_site="cross-site").status == 200


def test_a_session_alone_changes_nothing_a_browser_has_to_say_whose_page_sent_it():
    app = gated(LOCKED)
    cookie = log_in(app).cookie
    own = {"origin": "http://localhost:7860"}
    assert ask(app, "POST", "/chat/turn", cookie=cookie).status == 403
    assert ask(app, "POST", "/chat/turn", cookie=cookie, **own).status == 200
    assert ask(app, "POST", "/chat/turn", cookie=cookie, sec_fetch_site="same-origin").status == 200
    assert ask(app, "POST", "/chat/turn", cookie=cookie, authorization=basic()).status == 200
    assert ask(app, "POST", "/logout", cookie=cookie).status == 403
    assert ask(app, "POST", "/login", **form(username="张三", password="密:码"), origin="http://evil.org").status == 403


def test_without_accounts_a_program_may_post_and_a_browser_has_to_say_whose_page_it_shows():
    assert ask(gated(), "POST", "/api/v1/ask").status == 200
    for mark in ("cookie", "referer", "sec_fetch_mode"):
        assert ask(gated(), "POST", "/api/v1/ask", **{mark: "x"}).status == 403
    assert ask(gated(), "POST", "/api/v1/ask", cookie="x=y", origin="http://localhost:7860").status == 200


def test_behind_a_proxy_that_speaks_https_the_own_page_is_not_foreign():
    assert ask(gated(), "POST", "/chat/turn", host="chat.example.org", origin="https://chat.example.org").status == 200


def test_no_site_may_read_what_is_answered_to_another():
    async def generous(scope, receive, send):
        headers = [(b"Access-Control-Allow-Origin", b"http://evil.org"), (b"access-control-allow-credentials", b"true")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body"})

    reply = ask(gated(OPEN, generous), "GET", "/config", origin="http://evil.org")
    assert not [name for name in reply.headers if name.startswith("access-control")]


# -- what of Gradio is served


CLOSED = [
    "file=/etc/passwd",
    "file=https://example.org/",
    "file/etc/passwd",
    "proxy=https://x.hf.space/",
    "stream/a",
    "stream/a/b/1/playlist.m3u8",
    "component_server",
    "call/a",
    "call/v2/a",
    "call/a/b",
    "run/predict",
    "api/predict",
    "process_recording",
    "deep_link",
    "dev/reload",
    "custom_component/a/client/b/c",
    "run-history/connect",
    "runs",
    "openapi.json",
    "vibe-edit",
    "vibe-code",
    "undo-vibe-edit",
    "profiling/traces",
    "mcp",
    "mcp/schema",
    "token",
    "user",
    "login_check",
    "upload/",
    "upload%0a",
    "uploads",
    "queue/join/x",
    "heartbeat/",
    "heartbeat/../file=",
    "queue//join",
    "UPLOAD",
    "../config",
]


@pytest.mark.parametrize("access", [OPEN, LOCKED])
def test_what_of_gradio_the_page_does_not_need_is_not_there(access):
    echo = Echo()
    app = gated(access, echo)
    paths = [f"/gradio_api/{name}" for name in CLOSED] + [
        "/gradio_api",
        "/gradio_api/",
        "/monitoring",
        "/monitoring/summary",
    ]
    for path in paths:
        for method in ("GET", "POST"):
            assert ask(app, method, path, authorization=basic()).status == 404, path
    assert ask(app, "GET", "/gradio_api/%66ile=/etc/passwd", authorization=basic()).error["code"] == "access-not-found"
    assert echo.asked == []


def test_what_of_gradio_the_page_needs_is_there():
    for path in (
        "info",
        "queue/join",
        "queue/data?session_hash=x",
        "cancel",
        "reset",
        "upload",
        "upload_progress",
        "heartbeat/a1-_Z",
    ):
        assert ask(gated(), "POST", f"/gradio_api/{path}").status == 200, path


def test_files_are_taken_only_from_who_may_change_documents():
    access = Access.of({"ann": "1"}, {"bo": "2"})
    for method in ("POST", "GET", "PUT"):
        reply = ask(gated(access), method, "/gradio_api/upload", authorization=basic("ann", "1"))
        assert (reply.status, reply.error["code"]) == (403, "access-no-right")
    assert ask(gated(access), "POST", "/gradio_api/upload", authorization=basic("bo", "2")).status == 200
    assert ask(gated(Access.of({}, read_only=True)), "POST", "/gradio_api/upload").status == 403


# -- limits


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(limits, "USUAL", Limits(10, 60))


def test_a_body_that_announces_too_much_is_not_read(small):
    echo = Echo()
    reply = ask(gated(OPEN, echo), "POST", "/api/v1/ask", body=b"x" * 11, content_length="11")
    assert (reply.status, reply.error["code"]) == (413, "access-too-large")
    assert echo.asked == []
    assert ask(gated(), "POST", "/api/v1/ask", body=b"x" * 10, content_length="10").status == 200
    assert ask(gated(), "POST", "/api/v1/ask", content_length="9" * 5000).status == 413


def test_a_body_that_turns_out_too_large_is_cut_off_and_the_application_hears_of_a_client_that_left(small):
    heard = []

    async def listening(scope, receive, send):
        while (event := await receive())["type"] == "http.request" and event["more_body"]:
            heard.append(event["body"])
        heard.append(event["type"])
        heard.append((await receive())["type"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"late"})
        raise RuntimeError("the client left")

    reply = ask(gated(OPEN, listening), "POST", "/read/x", chunks=[b"x" * 6, b"y" * 4, b"z", b"never read"])
    assert reply.status == 413 and "late" not in reply.text and "text/html" in reply.headers["content-type"]
    assert heard == [b"x" * 6, b"y" * 4, "http.disconnect", "http.disconnect"]


def test_fastapi_tells_413_for_a_body_that_turns_out_too_large(small):
    app = FastAPI()

    @app.post("/api/v1/ask")
    async def answer(body: dict):
        return body

    assert ask(gated(OPEN, app), "POST", "/api/v1/ask", chunks=[b'{"a":', b'"bbbbbbbbbb"}']).status == 413
    assert (
        ask(gated(OPEN, app), "POST", "/api/v1/ask", chunks=[b'{"a":', b"1}"], content_type="application/json").body
        == b'{"a":1}'
    )


def _limit(path, content_type=""):
    scope = {"type": "http", "path": path, "headers": [(b"content-type", content_type.encode())]}
    return limits.limits_of(scope)


def test_uploads_may_be_larger_than_what_is_held_in_memory():
    files = "multipart/form-data; boundary=x"
    assert _limit("/api/v1/documents", files) == _limit("/gradio_api/upload", files) == Limits(256 << 20, 600)
    assert _limit("/api/v1/documents", "application/json") == Limits(16 << 20, 600)
    assert _limit("/api/v1/ask", files) == _limit("/", files) == Limits(1 << 20, 60)
    assert _limit("/login", files).body == 16 << 10
    assert _limit("/api/v1/rebuild").seconds is None


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(limits, "USUAL", Limits(1000, 0.05))


def test_what_does_not_begin_to_answer_in_time_is_given_up(hasty):
    ended = []

    async def slow(scope, receive, send):
        try:
            await asyncio.sleep(30)
        finally:
            ended.append(True)
            await send({"type": "http.response.start", "status": 200, "headers": []})

    reply = ask(gated(OPEN, slow), "POST", "/api/v1/ask")
    assert (reply.status, reply.error["code"], ended) == (504, "access-too-slow", [True])
    assert len(reply.events) == 2


def test_a_function_that_blocks_a_thread_does_not_hold_up_its_504(hasty):
    app, free = FastAPI(), threading.Event()

    @app.get("/api/v1/ask")
    def answer():
        free.wait(10)

    async def watched():
        begun = time.monotonic()
        reply = await _ask(gated(OPEN, app), "GET", "/api/v1/ask")
        took = time.monotonic() - begun
        free.set()
        return reply, took

    reply, took = asyncio.run(watched())
    assert (reply.status, took < 5) == (504, True)


def test_an_answer_that_has_begun_may_take_its_time(hasty):
    async def streaming(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        for part in (b"a", b"b", b"c"):
            await asyncio.sleep(0.04)
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body"})

    reply = ask(gated(OPEN, streaming), "GET", "/gradio_api/queue/data")
    assert (reply.status, reply.body) == (200, b"abc")
    assert [event.get("body") for event in reply.events] == [None, b"a", b"b", b"c", None]


def test_a_fault_of_the_application_and_its_own_timeout_pass_through():
    for fault in (ValueError("broken"), TimeoutError("its own")):

        async def broken(scope, receive, send, fault=fault):
            raise fault

        with pytest.raises(type(fault), match=str(fault)):
            ask(gated(OPEN, broken), "GET", "/")


# -- what answers carry


def test_every_answer_carries_the_headers_that_keep_a_page_in_its_place():
    for reply in (
        ask(gated(), "GET", "/"),
        ask(gated(LOCKED), "GET", "/login"),
        ask(gated(LOCKED), "GET", "/api/v1/ask"),
    ):
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["x-frame-options"] == "SAMEORIGIN"
        assert reply.headers["referrer-policy"] == "same-origin"
        assert reply.headers["cache-control"] == "no-store"
        policy = reply.headers["content-security-policy"]
        assert "frame-ancestors 'self'" in policy and "form-action 'self'" in policy
        assert not re.search(r"https?:|\*", policy)


def test_an_answer_keeps_its_own_policy_and_files_of_the_page_may_be_kept():
    async def own(scope, receive, send):
        headers = [(b"content-security-policy", b"default-src 'none'"), (b"cache-control", b"max-age=9")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body"})

    reply = ask(gated(OPEN, own), "GET", "/api/v1/ask")
    assert reply.headers.getlist("content-security-policy") == ["default-src 'none'"]
    assert reply.headers.getlist("cache-control") == ["max-age=9"]
    assert "cache-control" not in ask(gated(), "GET", "/assets/index.js").headers
    assert ask(gated(), "GET", "/config").headers["cache-control"] == "no-store"


def test_refusals_are_told_in_the_language_of_whom_is_refused():
    assert ask(gated(LOCKED), "GET", "/api/v1/ask", accept_language="en").error["message"] == "Please log in first."
    page = ask(gated(), "GET", "/monitoring", accept_language="en")
    assert _Form(page.text).alert == "There is no such address."
    assert '<html lang="en">' in page.text
    cookie = ask(gated(LOCKED), "GET", "/api/v1/ask", accept_language="en", cookie="yinju_lang=zh")
    assert cookie.error["message"] == "请先登录。"


def test_below_another_path_logins_and_cookies_stay_below_it():
    gate = Gate(Echo(), access=LOCKED)

    def below(method, path, **given):
        async def moved(scope, receive, send):
            await gate({**scope, "root_path": "/wiki", "path": "/wiki" + scope["path"]}, receive, send)

        return ask(moved, method, path, **given)

    sent = below("GET", "/read/a.md?at=1-2")
    assert sent.headers["location"] == "/wiki/login?next=%2Fwiki%2Fread%2Fa.md%3Fat%3D1-2"
    assert _Form(below("GET", "/login").text).attributes["form"]["action"] == "/wiki/login"
    reply = below("POST", "/login", **form(username="张三", password="密:码"))
    assert reply.headers["location"] == "/wiki/" and "Path=/wiki;" in reply.headers["set-cookie"]
    assert below("GET", "/gradio_api/file=/etc/passwd", authorization=basic()).status == 404


# -- web sockets


async def _socket(app, **headers):
    given = [
        (name.replace("_", "-").encode(), value.encode()) for name, value in {"host": "localhost", **headers}.items()
    ]
    scope = {"type": "websocket", "path": "/x", "headers": given, "query_string": b"", "client": ("10.0.0.1", 5)}
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(event):
        sent.append(event)

    await app(scope, receive, send)
    return sent


def test_web_sockets_are_opened_for_accounts_and_never_for_other_sites():
    accounts = []

    async def accept(scope, receive, send):
        accounts.append(scope["state"]["account"])
        await send({"type": "websocket.accept"})

    def opened(access, **headers):
        return [event["type"] for event in asyncio.run(_socket(gated(access, accept), **headers))] == [
            "websocket.accept"
        ]

    assert opened(OPEN) and opened(OPEN, origin="http://localhost")
    assert not opened(OPEN, origin="http://evil.org") and not opened(OPEN, cookie="a=b")
    assert opened(LOCKED, authorization=basic()) is True
    assert not opened(LOCKED) and not opened(LOCKED, origin="http://localhost")
    assert accounts == ["", "", "张三"]


def test_what_is_no_request_passes_the_gate():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope)

    asyncio.run(Gate(app, access=LOCKED)({"type": "lifespan"}, None, None))
    assert seen == [{"type": "lifespan"}]


def test_gradio_gets_the_account_or_none():
    assert Access.account_of(HTTPConnection({"type": "http", "headers": [], "state": {"account": "ann"}})) == "ann"
    assert Access.account_of(HTTPConnection({"type": "http", "headers": [], "state": {"account": ""}})) is None


# -- a real server


@pytest.fixture
def served(monkeypatch):
    """A gate in front of a stream of events, on a free port."""
    monkeypatch.setattr(limits, "USUAL", Limits(1 << 16, 0.2))

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            return
        if scope["method"] == "POST":
            while (await receive()).get("more_body"):
                pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        for number in range(3):
            await send({"type": "http.response.body", "body": b"data: %d\n\n" % number, "more_body": True})
            await asyncio.sleep(0.15)
        await send({"type": "http.response.body"})

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(gated(OPEN, app), log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def test_events_stream_through_a_real_server_past_the_time_limit_and_large_bodies_do_not(served):
    with httpx.Client(base_url=served, timeout=10) as client:
        with client.stream("GET", "/gradio_api/queue/data") as stream:
            begun = time.monotonic()
            arrived = [(part, time.monotonic() - begun) for part in stream.iter_bytes()]
        assert b"".join(part for part, _ in arrived) == b"data: 0\n\ndata: 1\n\ndata: 2\n\n"
        assert arrived[-1][1] - arrived[0][1] > 0.2
        assert client.post("/api/v1/ask", content=b"x" * 300_000).status_code == 413
        assert client.post("/api/v1/ask", content=iter([b"x" * 30_000] * 10)).status_code == 413
        assert client.post("/api/v1/ask", content=b"x").status_code == 200
