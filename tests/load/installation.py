"""An installation as in service: web server and a worker as processes of their own, and people as HTTP."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

from allmende.accounts.models import User
from allmende.commands.serve import server_arguments
from tests.commands.test_cli import COMMAND, free_port, new_installation, wait_for
from tests.conftest import ROOT

CSRF = "c" * 32  # cookie and form have to say the same
Fields = Mapping[str, str | int | Sequence[str | int]]


class Installation:
    """A server and a worker on the database of the tests."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self.environment = new_installation(directory) | {
            "ALLMENDE_SECRET_KEY": settings.SECRET_KEY,
            "ALLMENDE_TEST_DATABASE": str(connection.settings_dict["NAME"]),
            "DJANGO_SETTINGS_MODULE": "tests.load.settings",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }
        if address := os.environ.get("ALLMENDE_DATABASE_URL"):
            self.environment["ALLMENDE_DATABASE_URL"] = address
        self.log = directory / "log"
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start_server(self, *, wait: bool = True) -> None:
        """Start the web server as ``allmende serve`` does, and wait until it answers."""
        self._start("server", server_arguments(port=self.port))
        if wait:
            self.wait_until_it_answers()

    def wait_until_it_answers(self) -> None:
        wait_for(f"http://127.0.0.1:{self.port}/gesund/")

    def start_worker(self) -> None:
        self._start("worker", [*COMMAND, "worker"])

    def _start(self, name: str, arguments: list[str]) -> None:
        with self.log.open("ab") as log:
            self.running[name] = subprocess.Popen(
                arguments,
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """SIGKILL to a program and all its processes."""
        program = self.running.pop(name)
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()

    def web_processes(self) -> list[int]:
        """Those that answer; the first process of the server looks after them."""
        return children_of(self.running["server"].pid)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the command line, to its end."""
        return subprocess.run(
            [*COMMAND, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            cwd="/",
        )

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)


def children_of(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = stat.read_text().rpartition(")")[2].split()[1]
        except OSError:  # it has just ended
            continue
        if int(parent) == pid:
            found.append(int(stat.parent.name))
    return sorted(found)


class Browser:
    """A person who is signed in, one request at a time."""

    def __init__(self, port: int, user: User) -> None:
        self.port, self.user = port, user
        client = Client()
        client.force_login(user)
        self.cookies = f"csrftoken={CSRF}; sessionid={client.cookies['sessionid'].value}"

    def get(self, path: str) -> tuple[int, str]:
        """Status and page; raises ``OSError`` or ``HTTPException`` where no answer comes."""
        return self._ask("GET", path, "")

    def post(self, path: str, fields: Fields) -> tuple[int, str]:
        """The same for a form."""
        body = urlencode({**fields, "csrfmiddlewaretoken": CSRF}, doseq=True)
        return self._ask("POST", path, body)

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str]:
        http = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            http.request(
                method,
                path,
                body,
                {"Cookie": self.cookies, "Content-Type": "application/x-www-form-urlencoded"},
            )
            answer = http.getresponse()
            return answer.status, answer.read().decode()
        finally:
            http.close()


def message_ids(directory: Path) -> list[str]:
    """The Message-ID of every mail that was delivered, as often as it was."""
    mails = (path.read_text(errors="replace") for path in directory.glob("*.log"))
    return [found for mail in mails for found in re.findall(r"^Message-ID: (<.*>)$", mail, re.M)]


def pause(seconds: float) -> None:
    """A moment; unlike a sleep before a check, the right length does not matter."""
    Event().wait(seconds)


def wait_until(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    """Look again and again; fail if it takes too long."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        pause(0.02)
