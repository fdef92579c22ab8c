import gzip
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from assistant.library.fetching import Fetched, fetch, is_public
from assistant.library.folder import Folder
from corpus.encoding import decode
from corpus.errors import InputError
from tests.conftest import Invoke

HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = "<!DOCTYPE html><meta charset=utf-8><title>海</title><p>鲸鱼住在大海。"
Reply = tuple[int, dict[str, str], bytes] | Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A real server of its own; `pages` says what it answers, `asked` keeps what it was asked."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                reply = site.pages.get(self.path, (404, {}, b""))
                if callable(reply):
                    return reply(self)
                status, headers, body = reply
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
                return None

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def served(site: Site, path: str, body: bytes, **headers: str) -> Fetched:
    site.pages[path] = (200, {name.replace("_", "-"): value for name, value in headers.items()}, body)
    return fetch(site.url(path))


def fault(url: str, **options: object) -> str:
    with pytest.raises(InputError) as raised:
        fetch(url, **options)  # type: ignore[arg-type]
    assert url.partition("@")[2] or url in str(raised.value)
    return raised.value.key


# -- what comes back


def test_a_page_is_kept_as_browsers_keep_it_with_its_address_in_the_first_line(site: Site) -> None:
    found = served(site, "/docs/whale.html", PAGE.encode(), Content_Type="text/html; charset=utf-8")
    url = site.url("/docs/whale.html")
    assert found.data == f"<!-- saved from url=({len(url):04}){url} -->\n".encode() + PAGE.encode()
    assert (found.url, found.name) == (url, f"127.0.0.1_{site.port}/docs/whale.html")


def test_the_first_line_stands_behind_a_byte_order_mark_and_in_its_encoding(site: Site) -> None:
    url = site.url("/a")
    for encoding in ("utf-8-sig", "utf-16"):
        found = served(site, "/a", PAGE.encode(encoding), Content_Type="text/html")
        assert found.data.decode(encoding) == f"<!-- saved from url=({len(url):04}){url} -->\n{PAGE}"
    xhtml = b'<?xml version="1.0"?>\n<html>'
    first, second, third = served(site, "/a", xhtml, Content_Type="application/xhtml+xml").data.split(b"\n")
    assert (first, third) == (b'<?xml version="1.0"?>', b"<html>")
    assert second.startswith(b"<!-- saved")


def test_an_address_cannot_end_the_comment_that_holds_it(site: Site) -> None:
    first = served(site, "/a--%3Eb", PAGE.encode(), Content_Type="text/html").data.split(b"\n")[0]
    assert first.count(b"--") == 2
    assert b"/a%2D%2D%3E" in first
    assert int(first[21:25]) == len(first[26:-4])


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("text/html; charset=gb2312", "<title>海</title>鲸鱼䶮".encode("gb18030")),
        ("text/html; charset=Big5", "<title>海</title>鯨魚".encode("big5")),
        ("text/html; charset=gbk", "<meta charset=utf-8><title>海</title>鲸鱼".encode("gbk")),  # the header is right
        ("text/plain; charset=utf-16le", "鲸鱼住在大海。".encode("utf-16-le")),
        ("text/plain; charset=euc-kr", "고래".encode("euc-kr")),
    ],
)
def test_an_encoding_that_the_header_alone_tells_is_kept_by_writing_utf_8(site: Site, header: str, body: bytes) -> None:
    encoding = header.partition("=")[2]
    found = served(site, "/a", body, Content_Type=header).data
    assert found.startswith(b"\xef\xbb\xbf")
    wanted = body.decode({"gb2312": "gb18030"}.get(encoding, encoding))
    assert found.decode("utf-8-sig").rpartition(" -->\n")[2] == wanted


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("text/html; charset=gb2312", '<meta http-equiv=x content="text/html; charset=gb2312">鲸鱼'.encode("gbk")),
        ("text/html; charset=iso-8859-1", "<meta charset=gbk>鲸鱼".encode("gbk")),  # what servers say of every page
        ("text/html; charset=utf-8", "<meta charset=gbk>鲸鱼".encode("gbk")),  # the header is wrong
        ("text/html; charset=nonsense", "鲸鱼".encode("gbk")),
        ("text/html; charset=rot13", "鲸鱼".encode()),
        ("text/html", "鲸鱼".encode("gbk")),
    ],
)
def test_the_bytes_of_a_page_stay_where_the_header_tells_nothing_more(site: Site, header: str, body: bytes) -> None:
    assert served(site, "/a", body, Content_Type=header).data.partition(b" -->\n")[2] == body


def test_a_packed_answer_is_unpacked(site: Site) -> None:
    found = served(site, "/a.txt", gzip.compress("鲸鱼。".encode()), Content_Type="text/plain", Content_Encoding="gzip")
    assert found.data.decode() == "鲸鱼。"
    assert site.asked[0][1]["Accept-Encoding"] == "gzip"
    first, second = gzip.compress("鲸鱼。".encode()), gzip.compress("苹果。".encode())
    for cut in (first[:-9], first + second[:-9], first + b"\x1fnonsense"):
        site.pages["/cut"] = (200, {"Content-Encoding": "gzip"}, cut)
        assert fault(site.url("/cut")) == "fetch-failed"
    site.pages["/odd"] = (200, {"Content-Encoding": "br"}, b"x")
    assert fault(site.url("/odd")) == "fetch-failed"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_all_members_of_a_packed_answer_are_unpacked_and_what_is_none_is_passed_over(site: Site, size: int) -> None:
    first, second = gzip.compress("鲸鱼。".encode()), gzip.compress("苹果。".encode())
    bodies = {
        "/two": first + second,
        "/padded": first + b"\0" * 9 + second + b"\0",
        "/more": first + b"\r\n" + second,
    }

    def in_pieces(handler: BaseHTTPRequestHandler) -> None:
        body = bodies[handler.path]
        told = "Content-Type: text/plain\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked"
        handler.wfile.write(f"HTTP/1.1 200 OK\r\n{told}\r\n\r\n".encode())
        for at in range(0, len(body), size):
            piece = body[at : at + size]
            handler.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    site.pages = dict.fromkeys(bodies, in_pieces)
    found = [fetch(site.url(path)).data.decode() for path in bodies]
    assert found == ["鲸鱼。苹果。", "鲸鱼。苹果。", "鲸鱼。"]


# -- its name


@pytest.mark.parametrize(
    ("path", "headers", "name"),
    [
        ("/", {}, "index.html"),
        ("/文档/深度学习", {}, "文档/深度学习.html"),
        ("/docs/", {}, "docs/index.html"),
        ("/a.php?id=3&x=/y", {}, "a.php_id=3&x=_y.html"),
        ("/a.html?id=3", {}, "a_id=3.html"),
        ("/%2e%2e/%2e%2e%2fetc/passwd", {}, "_._etc/passwd.html"),
        ("/README.md", {"Content-Type": "text/plain"}, "README.md"),
        ("/README.md", {"Content-Type": "text/html"}, "README.md.html"),
        ("/notes", {"Content-Type": "text/plain"}, "notes.txt"),
        ("/main.rs", {"Content-Type": "text/x-rust"}, "main.rs.txt"),
        ("/x.pdf", {"Content-Type": "application/octet-stream"}, "x.pdf"),
        ("/x", {"Content-Type": "application/pdf"}, "x.pdf"),
        ("/rows.jsonl", {"Content-Type": "application/json"}, "rows.jsonl"),
        (
            "/get?id=1",
            {"Content-Disposition": "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.html"},
            "get/报告_id=1.html",
        ),
        ("/get?id=1", {"Content-Disposition": 'attachment; filename="%E6%8A%A5%E5%91%8A.html"'}, "get/报告_id=1.html"),
        ("/get", {"Content-Disposition": 'attachment; filename="../../../etc/cron.d/x.html"'}, "get/x.html"),
        ("/get", {"Content-Disposition": r'attachment; filename="..\..\x.html"'}, "get/x.html"),
        ("/x.html?a=/../b", {"Content-Disposition": "attachment; filename=x.html"}, "x_a=_.._b.html"),
        ("/x", {"Content-Disposition": "attachment; filename=x.html"}, "x.html"),
        ("/get", {"Content-Disposition": "attachment; filename=.."}, "get.html"),
        ("/get", {"Content-Disposition": "attachment; filename=.bashrc"}, "get/bashrc.html"),
        ("/get", {"Content-Disposition": "inline"}, "get.html"),
        (
            "/get",
            {"Content-Disposition": 'attachment; filename="报告.html"'.encode().decode("latin-1")},
            "get/报告.html",
        ),
        (
            "/get",
            {"Content-Disposition": 'attachment; filename="报告.html"'.encode("gbk").decode("latin-1")},
            "get/报告.html",
        ),
    ],
)
def test_a_file_is_named_by_its_host_and_path_or_by_what_the_server_says(
    site: Site, path: str, headers: dict[str, str], name: str
) -> None:
    site.pages[quote(path, safe="/%?=&")] = (200, {**HTML, **headers}, PAGE.encode())
    found = fetch(site.url(path)).name
    assert found.removeprefix(f"127.0.0.1_{site.port}/") == name
    assert found == fetch(site.url(path)).name


def test_files_of_many_addresses_that_a_server_gives_one_name_stay_apart(site: Site) -> None:
    given = {**HTML, "Content-Disposition": 'attachment; filename="report.html"'}
    paths = ["/dl?id=1", "/dl?id=2", "/dl", "/files/1", "/files/2", "/files/", "/report.html"]
    for path in paths:
        site.pages[path] = (200, given, PAGE.encode())
    assert len({fetch(site.url(path)).name for path in paths}) == len(paths)


def test_a_file_without_a_type_is_told_by_its_content(site: Site) -> None:
    for body, suffix in ((b"%PDF-1.7 x", ".pdf"), (PAGE.encode(), ".html"), ("鲸鱼。".encode("gbk"), ".txt")):
        assert served(site, "/x", body, Content_Type="application/octet-stream").name.endswith(f"/x{suffix}")


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/json", "text/css", "application/octet-stream"])
def test_what_is_no_document_is_refused(site: Site, kind: str) -> None:
    site.pages["/x"] = (200, {"Content-Type": kind}, b"\x89PNG\r\n\x1a\n\0\0")
    assert fault(site.url("/x")) == "fetch-kind"


# -- where it goes


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.8.8.8",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
        ),
        *(
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "192.0.0.8",
            "192.0.0.9",
            "192.88.99.1",
            "2002:c058:6301::",
            "3fff::1",
            "198.18.0.1",
            "::",
            "::1",
            "fe80::1",
            "fe80::1%eth0",
        ),
        *(
            "fc00::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
            "2001:db8::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
        ),
        *("64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001::1"),
    ],
)
def test_an_address_of_no_public_network_is_told_as_such(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "64:ff9b::808:808", "::ffff:8.8.8.8", "2002:808:808::"]
)
def test_an_address_of_the_public_network_is_told_as_such(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_a_redirect_into_the_own_network_is_not_followed_however_it_is_written(site: Site, host: str) -> None:
    secret = Site()
    secret.pages["/admin"] = (200, HTML, b"secret")
    site.pages["/go"] = (302, {"Location": secret.url("/admin", host)}, b"")
    try:
        assert fault(site.url("/go")) == "fetch-private"
        assert secret.asked == []
    finally:
        secret.close()


def test_the_address_that_was_checked_is_the_one_that_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    real, looked_up = socket.getaddrinfo, []
    hosts = {"first.test": ["127.0.0.1"], "mixed.test": ["8.8.8.8", "10.0.0.1"]}

    def look_up(host: str, port: int, *more: object, **named: object) -> list:
        if host not in hosts:
            return real(host, port, *more, **named)  # type: ignore[arg-type]
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in hosts[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    site.pages["/"] = (200, HTML, PAGE.encode())
    fetch(site.url("/", "first.test"))
    assert looked_up == ["first.test"]
    assert site.asked[0][1]["Host"] == f"first.test:{site.port}"
    assert fault("http://mixed.test/", private=False) == "fetch-private-first"
    site.pages["/"] = (302, {"Location": site.url("/", "second.test")}, b"")
    hosts["second.test"] = ["127.0.0.2"]
    assert fault(site.url("/", "first.test")) == "fetch-private"
    assert len(site.asked) == 2


def test_a_redirect_within_the_service_that_the_user_named_is_followed(site: Site) -> None:
    site.pages["/wiki"] = (301, {"Location": "/wiki/首页".encode().decode("latin-1")}, b"")
    site.pages["/wiki/" + quote("首页")] = (200, HTML, PAGE.encode())
    found = fetch(site.url("/wiki"))
    assert found.url == site.url("/wiki/" + quote("首页"))
    assert found.name == f"127.0.0.1_{site.port}/wiki/首页.html"


def test_a_private_address_is_refused_where_it_is_not_allowed(site: Site) -> None:
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert fault(site.url("/", host), private=False) == "fetch-private-first"
    assert site.asked == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "//:0/"])
def test_a_redirect_to_anything_but_http_is_not_followed(site: Site, target: str) -> None:
    site.pages["/go"] = (302, {"Location": target}, b"")
    with pytest.raises(InputError) as raised:
        fetch(site.url("/go"))
    assert raised.value.key == "fetch-address"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://h/x", "http://", "http:///x", "https://..", "http://[::1", "http://h:99999/"]
)
def test_what_is_no_address_is_told(url: str) -> None:
    assert fault(url) == "fetch-address"


def test_redirects_without_an_end_are_given_up(site: Site) -> None:
    site.pages["/go"] = (302, {"Location": "/go"}, b"")
    assert fault(site.url("/go")) == "fetch-redirects"
    assert len(site.asked) == 6


def test_password_and_cookies_go_to_no_other_address(site: Site) -> None:
    site.pages["/a"] = (302, {"Location": "/b", "Set-Cookie": "id=1"}, b"")
    site.pages["/b"] = (302, {"Location": site.url("/c", "localhost"), "Set-Cookie": "id=1"}, b"")
    site.pages["/c"] = (200, HTML, PAGE.encode())
    found = fetch(site.url("/a", "me:p%40ss@127.0.0.1"))
    sent = [headers.get("Authorization") for _, headers in site.asked]
    assert sent == ["Basic bWU6cEBzcw==", "Basic bWU6cEBzcw==", None]
    assert not any("Cookie" in headers for _, headers in site.asked)
    direct = served(site, "/a", PAGE.encode(), Content_Type="text/html")
    for one in (found, direct, fetch(site.url("/a", "me:p%40ss@127.0.0.1"))):
        assert "me" not in one.url + one.name
        assert b"p%40ss" not in one.data


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert served(site, "/a", PAGE.encode(), Content_Type="text/html").data


# -- limits and faults


def test_what_is_too_large_is_given_up_early_also_when_it_was_packed(site: Site) -> None:
    site.pages["/told"] = (200, {**HTML, "Content-Length": "2000"}, b"x" * 2000)
    site.pages["/bomb"] = (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(b"\0" * 30_000_000))
    site.pages["/fits"] = (200, HTML, b"x" * 1000)
    site.pages["/bombs"] = (200, {**HTML, "Content-Encoding": "gzip"}, gzip.compress(b"x" * 400) * 3)
    for path in ("/told", "/bomb", "/bombs"):
        assert fault(site.url(path), largest=1000) == "fetch-large"
    assert fetch(site.url("/fits"), largest=1000).data.endswith(b"x" * 1000)

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with pytest.raises(OSError):
            while True:
                handler.wfile.write(b"x" * 10_000)

    site.pages["/endless"] = endless
    assert fault(site.url("/endless"), largest=1_000_000) == "fetch-large"


@pytest.mark.parametrize("part", ["nothing", "head", "body"])
def test_a_server_that_takes_its_time_is_given_up_when_the_time_for_all_is_over(site: Site, part: str) -> None:
    done = threading.Event()

    def slow(handler: BaseHTTPRequestHandler) -> None:
        drop = {"nothing": b"", "head": b"X-A: 1\r\n", "body": b"x"}[part]
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if part == "body" else b""))
        try:
            while not done.wait(0.05):
                handler.wfile.write(drop)
        except OSError:
            pass

    site.pages["/slow"] = slow
    started = time.monotonic()
    assert fault(site.url("/slow"), seconds=0.4) == "fetch-slow"
    assert time.monotonic() - started < 3
    done.set()


def test_the_servers_faults_and_a_broken_connection_are_told(site: Site) -> None:
    for status in (403, 404, 500, 304):
        site.pages["/x"] = (status, {}, b"")
        assert fault(site.url("/x")) == "fetch-status"
    site.pages["/cut"] = (200, {"Content-Length": "100"}, b"half")

    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\0\1nonsense\r\n\r\n")

    site.pages["/cut"] = lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    site.pages["/broken"] = broken
    for path in ("/cut", "/broken"):
        assert fault(site.url(path)) == "fetch-failed"
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert fault(f"http://127.0.0.1:{port}/") == "fetch-failed"
    assert fault("http://no-such-host.invalid/") == "fetch-host"


def test_a_certificate_must_be_vouched_for_and_name_the_host(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if (tool := shutil.which("openssl")) is None:
        pytest.skip("needs openssl, to make a certificate")
    options = "req -x509 -newkey rsa:2048 -nodes -subj /CN=x -addext subjectAltName=DNS:localhost -days 2"
    subprocess.run(
        [tool, *options.split(), "-keyout", "key", "-out", "pem"], cwd=tmp_path, check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pem", tmp_path / "key")
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    site.pages["/"] = (200, HTML, PAGE.encode())
    secure = site.url("/", "localhost").replace("http:", "https:")
    assert fault(secure) == "fetch-failed"
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "pem"))
    assert fetch(secure).data.endswith(PAGE.encode())
    assert fault(secure.replace("localhost", "127.0.0.1")) == "fetch-failed"
    assert len(site.asked) == 1


# -- through the command line


def test_an_address_is_added_fetched_again_and_removed(invoke: Invoke, site: Site, tmp_path: Path) -> None:
    index = tmp_path / "i"
    text = {"Content-Type": "text/plain; charset=gbk"}
    site.pages["/" + quote("鲸.txt")] = (200, text, "鲸鱼住在大海。".encode("gbk"))
    site.pages["/b"] = (200, text, "苹果很甜。".encode("gbk"))
    result = invoke("add", site.url("/鲸.txt"), site.url("/b"), "--index", index, "--json")
    whale = f"127.0.0.1_{site.port}/鲸.txt"
    assert json.loads(result.stdout)["added"] == [f"127.0.0.1_{site.port}/b.txt", whale]
    assert result.stderr.splitlines()[0] == f"正在下载 {site.url('/鲸.txt')} ……"
    assert invoke("show", whale, "--index", index).stdout.strip() == "鲸鱼住在大海。"
    site.pages["/" + quote("鲸.txt")] = (200, text, "鲸鱼很大。".encode("gbk"))
    again = invoke("add", site.url("/鲸.txt"), "--index", index, "--json")
    assert json.loads(again.stdout)["changed"] == [whale]
    assert json.loads(invoke("remove", "鲸", "--index", index, "--json").stdout)["removed"] == [whale]
    assert Folder(index).names() == [f"127.0.0.1_{site.port}/b.txt"]


def test_an_address_that_fails_adds_nothing_of_what_was_given(invoke: Invoke, site: Site, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("鲸鱼。")
    result = invoke("add", tmp_path / "a.md", site.url("/gone"), "--index", tmp_path / "i")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"错误：{site.url('/gone')} 下载不了：服务器回答 404" in result.stderr
    assert not (tmp_path / "i").exists()


def test_a_fetched_page_in_an_old_encoding_is_read_as_it_was_meant(site: Site) -> None:
    found = served(site, "/a", "<title>海</title>鯨魚".encode("big5"), Content_Type="text/html; charset=big5")
    assert (decode(found.data) or "").endswith("<title>海</title>鯨魚")
