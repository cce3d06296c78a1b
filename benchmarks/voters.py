"""People who vote over HTTP, all at once, in one process that leaves the processor to the server.

From standard input it reads who they are: the port, and of each person her session and the addresses where she
votes. Each has a connection that stays, reads the next statement out of every answer, and votes on it at once. In
the end it prints what came of it. One loop instead of a thread each: a vote costs it a tenth of a millisecond.
"""

import json
import re
import selectors
import socket
import statistics
import sys
import time
from typing import Any
from urllib.parse import urlencode

TOKEN = "t" * 32
STATEMENT = re.compile(rb'name="statement" value="(\d+)"')
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
PATIENCE = 30.0  # seconds that nobody waits longer for an answer


class Voter:
    """A person at her browser."""

    def __init__(self, port: int, session: str, addresses: list[str]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = (
            f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: sessionid={session}; csrftoken={TOKEN}\r\n"
            f"X-CSRFToken: {TOKEN}\r\nHX-Request: true\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
        )
        self.addresses = iter(addresses)
        self.accepted = 0
        self.took: list[tuple[float, float]] = []  # of each vote: when it was sent, and seconds
        self.error = ""
        self.votes = False  # whether what she waits for is the answer to a vote
        self.open_next()

    def send(self, method: str, body: str = "") -> None:
        self.answer = b""
        self.sent = time.monotonic()
        self.socket.sendall(f"{method} {self.address}{self.head}{len(body)}\r\n\r\n{body}".encode())

    def open_next(self) -> bool:
        """Open the next concern; False if there is none."""
        self.votes = False
        self.address = next(self.addresses, "")
        if self.address:
            self.send("GET")
        return bool(self.address)

    def read(self, *, until: float) -> bool:
        """Read what has come and go on; False when she is through, or it is ``until``."""
        received = self.socket.recv(65_536)
        self.answer += received
        head, _, page = self.answer.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if received and not (length and len(page) >= int(length[1])):
            return True  # there is more to come
        if not received or not head.startswith(b"HTTP/1.1 200") or b'role="alert"' in page:
            self.error = self.answer[:300].decode(errors="replace") or "no answer"
            return False
        now = time.monotonic()
        if self.votes:
            self.accepted += 1
            self.took.append((self.sent, now - self.sent))
        if now > until:
            return False
        if not (found := STATEMENT.search(page)):
            return self.open_next()
        self.votes = True
        stand = self.accepted % 3 - 1
        self.send("POST", urlencode({"statement": found[1].decode(), "stand": stand}))
        return True


def play(
    *, port: int, people: list[dict[str, Any]], warm_up: float, seconds: float
) -> dict[str, Any]:
    """Let everybody vote at once for a while; what is measured begins after the warm-up."""
    begin = time.monotonic() + warm_up
    until = begin + seconds
    selector = selectors.DefaultSelector()
    voters = [Voter(port, **person) for person in people]
    for voter in voters:
        selector.register(voter.socket, selectors.EVENT_READ, voter)
    while selector.get_map():
        ready = selector.select(PATIENCE)
        if not ready:
            break
        for key, _ in ready:
            if not key.data.read(until=until):
                selector.unregister(key.fileobj)
    waiting = [key.data for key in selector.get_map().values()]
    took = [lasted for voter in voters for sent, lasted in voter.took if begin <= sent < until]
    return {
        "votes_per_second": len(took) / seconds,
        "median": 1000 * statistics.median(took),
        "p95": 1000 * statistics.quantiles(took, n=20)[-1],
        "errors": [v.error for v in voters if v.error] + ["no answer in time" for _ in waiting],
        "accepted": sum(voter.accepted for voter in voters),
    }


if __name__ == "__main__":
    print(json.dumps(play(**json.load(sys.stdin))))
