"""People who vote over HTTP, all at once, in one process that leaves the processor to the server.

From standard input it reads who they are: the port, and of each person her session and the addresses where she
votes. In the end it prints what came of it. One loop instead of a thread each: a vote costs it little.
"""

import json
import re
import selectors
import socket
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

TOKEN = "t" * 32
STATEMENT = re.compile(rb'name="statement" value="(\d+)"')
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
CLOSE = re.compile(rb"\r\nconnection: close", re.IGNORECASE)
PATIENCE = 30.0  # seconds that nobody waits longer for an answer


class Person:
    """Somebody at her browser: asks, reads the whole answer, goes on; as a proxy does, over a connection that
    stays as long as the server lets it.
    """

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self.port = port
        self.connect()
        said = {
            "Host": f"127.0.0.1:{port}",
            "X-CSRFToken": TOKEN,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in (said | headers).items())
        self.head = f" HTTP/1.1\r\n{lines}Content-Length: "
        self.accepted = 0
        self.took: list[tuple[float, float]] = []  # of each write: when it was sent, and seconds
        self.error = ""

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, method: str, address: str, form: dict[str, Any] | None = None) -> None:
        body = urlencode(form or {})
        self.method, self.answer = method, b""
        self.sent = time.monotonic()
        self.socket.sendall(f"{method} {address}{self.head}{len(body)}\r\n\r\n{body}".encode())

    def read(self, *, until: float) -> bool:
        """Read what has come and go on; False when she is through, or it is ``until``."""
        received = self.socket.recv(65_536)
        self.answer += received
        head, _, page = self.answer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if received and not (length and len(page) >= int(length[1])):
            return True  # there is more to come
        if not received or not self.is_right(head, page):
            self.error = self.answer[:300].decode(errors="replace") or "no answer"
            return False
        if CLOSE.search(head):
            self.socket.close()
            self.connect()
        now = time.monotonic()
        if self.method == "POST":
            self.accepted += 1
            self.took.append((self.sent, now - self.sent))
        return now <= until and self.go_on(head, page)

    def is_right(self, head: bytes, page: bytes) -> bool:
        """Whether the answer is as it should be."""
        raise NotImplementedError

    def go_on(self, head: bytes, page: bytes) -> bool:
        """Send the next request; False if there is nothing left to do."""
        raise NotImplementedError


class Voter(Person):
    """Votes at once on what an answer shows, one concern after the other."""

    def __init__(self, port: int, session: str, addresses: list[str]) -> None:
        cookies = f"sessionid={session}; csrftoken={TOKEN}"
        super().__init__(port, {"Cookie": cookies, "HX-Request": "true"})
        self.addresses = iter(addresses)
        self.open_next()

    def open_next(self) -> bool:
        self.address = next(self.addresses, "")
        if self.address:
            self.send("GET", self.address)
        return bool(self.address)

    def is_right(self, head: bytes, page: bytes) -> bool:
        return head.startswith(b"HTTP/1.1 200") and b'role="alert"' not in page

    def go_on(self, head: bytes, page: bytes) -> bool:
        if not (found := STATEMENT.search(page)):
            return self.open_next()
        stand = self.accepted % 3 - 1
        self.send("POST", self.address, {"statement": found[1].decode(), "stand": stand})
        return True


def play(people: Sequence[Person], *, warm_up: float, seconds: float) -> dict[str, Any]:
    """Let everybody go on at once for a while; what is measured begins after the warm-up."""
    begin = time.monotonic() + warm_up
    until = begin + seconds
    selector = selectors.DefaultSelector()
    for person in people:
        selector.register(person.socket, selectors.EVENT_READ, person)
    while selector.get_map() and (ready := selector.select(PATIENCE)):
        for key, _ in ready:
            selector.unregister(key.fileobj)
            if key.data.read(until=until):
                selector.register(key.data.socket, selectors.EVENT_READ, key.data)
    errors = [person.error for person in people if person.error]
    errors += ["no answer in time"] * len(selector.get_map())
    took = [lasted for person in people for sent, lasted in person.took if begin <= sent < until]
    return {
        "per_second": len(took) / seconds,
        "median": 1000 * statistics.median(took),
        "p95": 1000 * statistics.quantiles(took, n=20)[-1],
        "errors": errors,
        "accepted": sum(person.accepted for person in people),
        "seconds": time.process_time(),  # of the processor, since it began
    }


def main() -> None:
    """Play the people that standard input names."""
    told = json.load(sys.stdin)
    people = [Voter(told["port"], **person) for person in told["people"]]
    print(json.dumps(play(people, warm_up=told["warm_up"], seconds=told["seconds"])))


if __name__ == "__main__":
    main()
