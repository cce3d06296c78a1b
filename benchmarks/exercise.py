"""An exercise with 200 players: how soon everybody sees what came, and whether any message is lost.

20 roles of ten people each look at their pages as browsers do: each asks for the clock every 1.5 seconds and,
when it says so, for what is new. Meanwhile four messages a second go from role to role. The web server
answers as ``allmende serve`` has it. Then the server is killed in the middle, started anew, and every message that was confirmed must
be there, once. The bars (issue on crises): what is new is on the pages within two seconds (95th percentile),
four messages a second without loss.

``python benchmarks/exercise.py``, with ``bin/postgres-for`` on PostgreSQL.
"""

import asyncio
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from people import ROOT, new_database

ROLES, EACH, EVERY = 20, 10, 1.5
MESSAGES, SECONDS = 4, 40.0
TOKEN = "t" * 32
STAND = re.compile(rb"\?stand=([^\"]*)\"")
NUMBERED = re.compile(rb"Meldung Nr\. (\d+)")
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
BAR_SECONDS = 2.0


def script() -> dict[str, Any]:
    """Roles, and nothing that comes by itself but a line an hour for everybody."""
    roles = [{"key": f"r{number}", "name": f"Rolle {number}"} for number in range(ROLES)]
    return {
        "format": "allmende-exercise/1",
        "name": "Zweihundert",
        "duration_minutes": 6_000,
        "speed": 48,
        "roles": roles,
        "injects": [
            {
                "key": f"i{hour}",
                "at": 60 * hour,
                "title": f"Stunde {hour}",
                "to": [role["key"] for role in roles],
            }
            for hour in range(90)
        ],
    }


class Browser:
    """One connection that stays, and the page behind it."""

    def __init__(self, port: int, told: dict[str, Any]) -> None:
        self.port, self.told = port, told
        self.stand = b""
        self.seen: dict[int, float] = {}  # message → when it was on the page
        self.errors: list[str] = []
        self.busy = asyncio.Lock()
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, form: dict[str, Any] | None = None) -> bytes:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        body = urlencode(form or {})
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nHX-Request: true\r\n"
            f"Cookie: sessionid={self.told['session']}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        page = await reader.readexactly(int(length[1])) if length else b""
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 303")):
            self.errors.append(head[:100].decode())
        return head + page

    def drop(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
        self.streams = None

    async def look(self, until: float) -> None:
        """Ask as the page does; go on when the server is gone for a while."""
        address = self.told["address"]
        await asyncio.sleep(EVERY * (hash(self.told["session"]) % 1000) / 1000)
        while time.monotonic() < until:
            begun = time.monotonic()
            try:
                answer = await self.ask("GET", f"{address}uhr/?stand={self.stand.decode()}")
                if found := STAND.search(answer):
                    self.stand = found[1]
                if b"neues" in answer.partition(b"\r\n\r\n")[0]:
                    page = await self.ask("GET", f"{address}neues/")
                    now = time.monotonic()
                    for number in map(int, NUMBERED.findall(page)):
                        self.seen.setdefault(number, now)
            except (OSError, asyncio.IncompleteReadError):
                self.drop()
            await asyncio.sleep(max(0.0, begun + EVERY - time.monotonic()))

    async def write(self, number: int, recipient: str) -> int:
        """Send one message; who gets no answer sends it again, under the same key. Returns how often."""
        form = {"key": str(uuid4()), "recipient": recipient, "text": f"Meldung Nr. {number}"}
        tries = 0
        async with self.busy:
            while True:
                tries += 1
                try:
                    await self.ask("POST", f"{self.told['address']}schreiben/", form)
                except (OSError, asyncio.IncompleteReadError):
                    self.drop()
                    await asyncio.sleep(0.2)
                else:
                    return tries


async def play(port: int, told: list[dict[str, Any]], *, kill: Any) -> dict[str, Any]:
    """Let 200 look and some write; kill the server in the middle of the second half."""
    browsers = [Browser(port, each) for each in told]
    until = time.monotonic() + SECONDS + 8
    lookers = [asyncio.create_task(each.look(until)) for each in browsers]
    await asyncio.sleep(4)
    sent: dict[int, tuple[float, str]] = {}
    writers = [Browser(port, told[role * EACH]) for role in range(ROLES)]
    begin, killed_at = time.monotonic(), 0.0
    writing = []
    for number in range(1, int(MESSAGES * SECONDS) + 1):
        if not killed_at and time.monotonic() > begin + SECONDS * 0.7:
            killed_at = time.monotonic()
            kill()
        recipient = f"r{(number + 7) % ROLES}"
        sent[number] = (time.monotonic(), recipient)
        writing.append(asyncio.create_task(writers[number % ROLES].write(number, recipient)))
        await asyncio.sleep(max(0.0, begin + number / MESSAGES - time.monotonic()))
    tries = sum(await asyncio.gather(*writing))
    await asyncio.gather(*lookers)
    late = []
    for message, (at, recipient) in sent.items():
        if killed_at and at > killed_at - 2:
            continue  # nobody sees anything while there is no server
        for browser in browsers:
            if browser.told["role"] == recipient:
                late.append(browser.seen.get(message, until) - at)
    return {
        "late": late,
        "sent": len(sent),
        "tries": tries,
        "errors": [error for each in (*browsers, *writers) for error in each.errors],
    }


def prepare() -> list[dict[str, Any]]:
    """Fill the database that the environment names, and begin; who plays, and with which session."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from allmende.accounts.models import User
    from allmende.commands.serve import collect_static_files
    from allmende.crisis.services import exercises as serve
    from allmende.formats.exercise_script.document import script_of
    from allmende.registry.models import Organisation, OrganisationKind

    collect_static_files()
    call_command("migrate", verbosity=0)
    User.objects.bulk_create(
        User(email=f"p{number}@example.org", name=f"P {number}")
        for number in range(ROLES * EACH + 1)
    )
    host = Organisation.objects.create(
        kind=OrganisationKind.NETWORK, name="Netz", slug="netz", search_key="netz"
    )
    director, *players = User.objects.order_by("pk")
    exercise = serve.add_exercise(
        actor=director, mandate=None, host=host, script=script_of(script())
    )
    told = []
    for number, user in enumerate(players):
        role = f"r{number // EACH}"
        serve.join(actor=user, exercise=exercise, kind="spiel", role=role)
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user, backend="allmende.accounts.backends.AuthenticationBackend")
        session = client.cookies["sessionid"].value
        told.append({"session": session, "role": role, "address": exercise.get_absolute_url()})
    serve.start_exercise(actor=director, exercise=exercise)
    connection.close()
    return told


class Server:
    """The web server; ``kill`` ends it as a power failure would, and starts it anew."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        from allmende.commands.serve import server_arguments

        arguments = server_arguments(port=self.port)
        self.process = subprocess.Popen(arguments, start_new_session=True)
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.start()

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


def measure_here() -> dict[str, Any]:
    """Prepare it, serve it and let people play."""
    told = prepare()
    server = Server()
    try:
        found = asyncio.run(play(server.port, told, kill=server.kill))
    finally:
        server.stop()
    from django.db import connection

    from allmende.crisis.models import Note

    found["stored"] = Note.objects.count()
    found["different"] = Note.objects.values("text").distinct().count()
    found["vendor"] = connection.vendor
    return found


def main() -> int:
    """Measure in a new database; 1 if a bar is missed."""
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(measure_here()))
        return 0
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as directory:
        environment = os.environ | {
            "ALLMENDE_DATA_DIR": directory,
            "DJANGO_SETTINGS_MODULE": "allmende.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        if address := os.environ.get("ALLMENDE_DATABASE_URL"):
            environment["ALLMENDE_DATABASE_URL"] = new_database(address, "exercise")
        into = Path(directory, "found.json")
        subprocess.run([sys.executable, __file__, str(into)], env=environment, check=True)
        found = json.loads(into.read_text())
    late = found["late"]
    p95 = statistics.quantiles(late, n=20)[-1]
    print(
        f"\n{found['vendor']}, load of the machine {os.getloadavg()[0]:.1f}: {ROLES * EACH} players, "
        f"{found['sent']} messages in {SECONDS:.0f} s; on the pages after {statistics.median(late):.2f} s "
        f"(median), {p95:.2f} s (p95), {max(late):.2f} s (last); {len(found['errors'])} errors; the server "
        f"killed once: {found['stored']} messages stored in {found['tries']} tries.\n"
    )
    bars = {
        f"on the pages within {BAR_SECONDS:.0f} s at the 95th percentile": p95 <= BAR_SECONDS,
        "every confirmed message stored, none twice": found["sent"]
        == found["stored"]
        == found["different"],
        f"{MESSAGES} messages a second": found["sent"] == MESSAGES * SECONDS,
        "no error": not found["errors"],
    }
    for error in found["errors"][:3]:
        print(error)
    for what, holds in bars.items():
        print(f"- {'holds' if holds else 'MISSED'}: {what}")
    return 0 if all(bars.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
