"""The people of ``exercise.py`` as their browsers do it, and the exercise that they play."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

ROLES, EACH, EVERY, PICTURE_EVERY, SPEED = 20, 10, 1.5, 10.0, 120
MUNICIPALITIES = [f"Gemeinde {number}" for number in range(1, ROLES + 1)]
WITH_PICTURE = 2  # of each ten, so many have the situation open beside
OBSERVERS = 2
TOKEN = "t" * 32
STAND = re.compile(rb"\?stand=([^\"]*)\"")
NUMBERED = re.compile(rb"Meldung Nr\. (\d+)")
CAME = re.compile(rb'id="einlage-(\d+)"')
PICTURE = re.compile(rb"bild=([0-9a-f]+)")
TASK = re.compile(rb'action="(/krise/uebungen/einlagen/(\d+)/beobachtet/)')
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
FINE = (b"HTTP/1.1 200", b"HTTP/1.1 204", b"HTTP/1.1 303")


def script() -> dict[str, Any]:
    """The blackout, with a staff of one role in each of 20 municipalities."""
    import allmende.crisis.scripts

    path = Path(allmende.crisis.scripts.__file__).parent / "stromausfall.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    played = [role for role in document["roles"] if not role.get("simulated")]
    of_team: dict[str, list[str]] = {}
    for role in played:
        of_team.setdefault(role["team"], []).append(role["key"])
    more = [{**twin, "key": f"{twin['key']}-2"} for twin in played[: ROLES - len(played)]]
    twins = {role["key"].removesuffix("-2"): role["key"] for role in more}

    def meant(keys: list[str]) -> list[str]:
        each = [role for key in keys for role in of_team.get(key, [key])]
        return list(dict.fromkeys([*each, *(twins[key] for key in each if key in twins)]))

    teams = []
    for number, (role, place) in enumerate(
        zip([*played, *more], MUNICIPALITIES, strict=True), start=1
    ):
        role |= {"team": f"stab-{number}", "name": f"Leitung des Krisenstabs, {place}"}
        teams.append({"key": role["team"], "name": f"Krisenstab {place}", "municipality": place})
    for inject in document["injects"]:
        inject["to"] = meant(inject["to"])
    for facility, place in zip(document["model"]["facilities"], cycle(MUNICIPALITIES)):
        facility.pop("shares", None)
        facility["municipality"] = place
    for decision in document["decisions"]:
        for act in (act for option in decision["options"] for act in option.get("acts", ())):
            if "municipality" in act:
                act["municipality"] = MUNICIPALITIES[0]
    document["announce"]["to"] = [
        {"audience": audience, "roles": meant(roles)}
        for audience, roles in (
            ("operator", ["f-s4", "l-s4"]),
            ("public", ["f-s5", "l-s3"]),
            ("situation", ["f-s2", "l-s3", "k-s2", "k-s4"]),
        )
    ]
    roles = [*document["roles"], *more]
    return {**document, "name": "Zweihundert", "teams": teams, "roles": roles, "speed": SPEED}


class Browser:
    """One connection that stays, and the page behind it."""

    def __init__(self, port: int, told: dict[str, Any]) -> None:
        self.port, self.told = port, told
        self.address: str = told["address"]
        self.stand = b""
        self.seen: dict[int, float] = {}  # message → when it was on the page
        self.came: dict[int, float] = {}  # inject → the same, on the clock on the wall
        self.took: list[float] = []  # seconds that pictures of the situation took
        self.errors: list[str] = []
        self.busy = asyncio.Lock()
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, form: dict[str, Any] | None = None, *, htmx: bool = True
    ) -> bytes:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        body = urlencode(form or {})
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"{'HX-Request: true' if htmx else 'Accept: text/html'}\r\n"
            f"Cookie: sessionid={self.told['session']}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        page = await reader.readexactly(int(length[1])) if length else b""
        if not head.startswith(FINE):
            self.errors.append(head[:100].decode())
        return head + page

    def drop(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
        self.streams = None

    async def watch(self, until: float, then: Callable[[bool], Any]) -> None:
        """Ask for the clock as a page does, and say each time if it told news; go on when the server is gone."""
        await asyncio.sleep(EVERY * (hash(self.told["session"]) % 1000) / 1000)
        while time.monotonic() < until:
            begun = time.monotonic()
            try:
                answer = await self.ask("GET", f"{self.address}uhr/?stand={self.stand.decode()}")
                if found := STAND.search(answer):
                    self.stand = found[1]
                await then(b"neues" in answer.partition(b"\r\n\r\n")[0])
            except (OSError, asyncio.IncompleteReadError):
                self.drop()
            await asyncio.sleep(max(0.0, begun + EVERY - time.monotonic()))

    async def look(self, until: float) -> None:
        """Look at what comes."""

        async def then(news: bool) -> None:
            if not news:
                return
            page = await self.ask("GET", f"{self.address}neues/")
            now, wall = time.monotonic(), time.time()
            for number in map(int, NUMBERED.findall(page)):
                self.seen.setdefault(number, now)
            for number in map(int, CAME.findall(page)):
                self.came.setdefault(number, wall)

        await self.watch(until, then)

    async def look_at_the_situation(self, until: float) -> None:
        """Look at the picture, which asks whether there is another when something is new and every ten seconds."""
        picture, asked = b"", 0.0

        async def then(news: bool) -> None:
            nonlocal picture, asked
            if not news and time.monotonic() < asked + PICTURE_EVERY:
                return
            asked = time.monotonic()
            page = await self.ask("GET", f"{self.address}lage/?bild={picture.decode()}")
            self.took.append(time.monotonic() - asked)
            if found := PICTURE.search(page):
                picture = found[1]

        await self.watch(until, then)

    async def send(self, path: str, form: dict[str, Any], *, htmx: bool = False) -> int:
        """Send a form; who gets no answer sends it again, under the same key. Returns how often."""
        tries = 0
        async with self.busy:
            while True:
                tries += 1
                try:
                    answer = await self.ask("POST", path, form, htmx=htmx)
                except (OSError, asyncio.IncompleteReadError):
                    self.drop()
                    await asyncio.sleep(0.2)
                    continue
                # Without htmx, what was kept sends somewhere else; a form that was not is shown once more.
                if not htmx and not answer.startswith(b"HTTP/1.1 303"):
                    self.errors.append(f"refused: {path}")
                return tries

    async def write(self, number: int, recipient: str) -> int:
        """Send one message, and stay on the page."""
        form = {"key": str(uuid4()), "recipient": recipient, "text": f"Meldung Nr. {number}"}
        return await self.send(f"{self.address}schreiben/", form, htmx=True)


async def decide(
    browsers: dict[str, Browser], decisions: list[Any], until: float
) -> dict[str, str]:
    """One decision after the other, all that are open in turn, once with each option; by the key of each what
    was chosen.
    """
    confirmed = {}
    turns: Iterator[tuple[int, Any]] = (
        (round_, row) for round_ in range(10_000) for row in decisions
    )
    for round_, row in turns:
        if time.monotonic() > until:
            break
        option = row["options"][round_ % len(row["options"])]["key"]
        key, browser = str(uuid4()), browsers[row["role"]]
        address = f"{browser.address}entscheiden/{row['key']}/"
        try:
            async with browser.busy:
                page = await browser.ask("GET", f"{browser.address}neues/")
            is_open = address.encode() in page
        except (OSError, asyncio.IncompleteReadError):
            browser.drop()
            is_open = False
        if not is_open:  # nobody has asked for it yet
            await asyncio.sleep(0.3)
            continue
        await browser.send(address, {"key": key, "option": option})
        confirmed[key] = option
        await asyncio.sleep(2.5)
    return confirmed


async def observe(browser: Browser, until: float) -> dict[str, str]:
    """Notes and marks by turns: by the key of each note what it says, by the delivery how it was marked."""
    confirmed = {}
    for number in range(10_000):
        if time.monotonic() > until:
            break
        address = f"{browser.address}beobachten/"
        try:
            tasks = TASK.findall(await browser.ask("GET", address)) if number % 2 else []
        except (OSError, asyncio.IncompleteReadError):
            browser.drop()
            tasks = []
        if tasks:
            path, delivery = tasks[number % len(tasks)]
            await browser.send(path.decode(), {"mark": "teilweise"})
            confirmed[delivery.decode()] = "teilweise"
        else:
            key, text = str(uuid4()), f"Beobachtung {number}"
            await browser.send(address, {"key": key, "text": text})
            confirmed[key] = text
        await asyncio.sleep(2)
    return confirmed


async def turn_the_clock(browser: Browser, until: float) -> list[int]:
    """Every few seconds another speed, each its own; in thousandths."""
    confirmed = []
    for number in range(10_000):
        if time.monotonic() > until:
            break
        form = {"change": "speed", "speed": f"{SPEED},{number + 1:03}"}
        await browser.send(f"{browser.address}stellen/", form)
        confirmed.append(SPEED * 1_000 + number + 1)
        await asyncio.sleep(4)
    return confirmed
