"""Asking servers that may be slow, large, moved, or not what they seem."""

import json
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from allmende.forum import fetching
from allmende.forum.fetching import Fetcher, FetchError
from allmende.portal.outgoing import is_public


class Council(BaseHTTPRequestHandler):
    """A council information system with moods."""

    def do_GET(self) -> None:
        getattr(self, f"answer_{self.path.strip('/').split('?')[0]}")()

    def send(self, body: bytes, *, kind: str = "application/json", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_paper(self) -> None:
        self.send(json.dumps({"name": "Städtebau", "host": self.headers["Host"]}).encode())

    def answer_page(self) -> None:
        self.send(b"<html>", kind="text/html")

    def answer_broken(self) -> None:
        self.send(b"{")

    def answer_deep(self) -> None:
        self.send(b"[" * 100_000)

    def answer_list(self) -> None:
        self.send(b"[]")

    def answer_gone(self) -> None:
        self.send(b"{}", status=404)

    def answer_large(self) -> None:
        self.send(b'"' + b"x" * fetching.MOST_BYTES + b'"')

    def answer_cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"{}")

    def answer_moved(self) -> None:
        self.send_response(302)
        self.send_header("Location", "http://10.0.0.1/")
        self.end_headers()

    def answer_drip(self) -> None:
        """One byte after the other, each well within any timeout of a socket."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def answer_silence(self) -> None:
        self.rfile.read(1)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def council() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Council)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def fetcher() -> Fetcher:
    return Fetcher(["127.0.0.1"], loopback=True)


def test_a_listed_server_is_asked(council: str) -> None:
    assert fetcher()(f"{council}/paper?x=1") == {
        "name": "Städtebau",
        "host": council.removeprefix("http://"),
    }


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("page", "kein JSON"),
        ("broken", "kein gültiges JSON"),
        ("deep", "kein gültiges JSON"),
        ("list", "kein Eintrag nach OParl"),
        ("gone", "Fehler 404"),
        ("large", "größer als 1 MB"),
        ("cut", "nicht richtig|unvollständig"),
        ("moved", "leitet weiter"),
    ],
)
def test_what_is_wrong_is_said_in_german(council: str, path: str, said: str) -> None:
    with pytest.raises(FetchError, match=said):
        fetcher()(f"{council}/{path}")


@pytest.mark.parametrize("path", ["drip", "silence"])
def test_nobody_waits_longer_than_allowed(
    council: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.3)
    begun = time.monotonic()
    with pytest.raises(FetchError, match="nicht innerhalb"):
        fetcher()(f"{council}/{path}")
    assert time.monotonic() - begun < 2


def test_time_and_size_are_those_of_all_documents_together(
    council: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 100)
    asked = fetcher()
    asked(f"{council}/paper")
    with pytest.raises(FetchError, match="größer"):
        asked(f"{council}/paper")
    asked.until = time.monotonic()
    with pytest.raises(FetchError, match="nicht innerhalb"):
        asked(f"{council}/paper")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://anderswo.example/paper", "steht nicht auf der Liste"),
        ("https://rat.example.org.angreifer.example/", "steht nicht auf der Liste"),
        ("http://rat.example.org/", "https://"),
        ("ftp://rat.example.org/", "https://"),
        ("file:///etc/passwd", "https://"),
        ("https://rat.example.org:8443/", "Port"),
        ("https://rat.example.org:x/", "keine vollständige Adresse"),
        ("https://name:wort@rat.example.org/", "keine vollständige Adresse"),
        ("https://rat.example.org/\r\nHost: x", "keine vollständige Adresse"),
        ("https://[::1", "keine vollständige Adresse"),
        ("", "https://"),
    ],
)
def test_other_addresses_are_not_asked_at_all(address: str, said: str) -> None:
    with pytest.raises(FetchError, match=said):
        Fetcher(["rat.example.org"])(address)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "10.0.0.1", "[::ffff:10.0.0.1]"]
)
def test_a_listed_name_that_leads_inside_is_not_asked(host: str) -> None:
    with pytest.raises(FetchError, match="privaten Netz"):
        Fetcher([host.strip("[]")])(f"https://{host}/")


def test_a_name_that_changes_its_meaning_is_looked_up_once(
    council: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the name service is played: the first answer is public, all later ones are our own network."""
    answers = iter([["9.9.9.9", "10.0.0.1"], ["9.9.9.9"], ["127.0.0.1"]])
    connected: list[object] = []

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in next(answers)]

    def connect(where: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(where)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchError, match="privaten Netz"):
        Fetcher(["rat.example.org"])("https://rat.example.org/")
    assert connected == []
    with pytest.raises(FetchError, match="antwortet nicht"):
        Fetcher(["rat.example.org"])("https://rat.example.org/")
    assert connected == [("9.9.9.9", 443)]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "255.255.255.255", "224.0.0.1", "192.0.2.1", "240.0.0.1", "::1", "fe80::1",
        "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:9.9.9.9%x", "2002:7f00:1::",
        "64:ff9b::a00:1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert is_public(address) == address.startswith("::ffff:9.9.9.9")


def test_addresses_outside_are_public() -> None:
    assert is_public("9.9.9.9")
    assert is_public("2620:fe::fe")
