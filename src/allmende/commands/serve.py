"""``allmende serve``: the web server."""

import ctypes
import hashlib
import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

import click
import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DatabaseError

ADDRESS = "127.0.0.1"
PROCESSES = 3
PR_SET_PDEATHSIG = 1


def port_option(command: click.decorators.FC) -> click.decorators.FC:
    """The same choice of port for every command that serves."""
    return click.option(
        "--port",
        type=click.IntRange(1, 65535),
        default=8000,
        show_default=True,
        metavar="ZAHL",
        help="Unter welchem Anschluss die Seiten zu erreichen sind.",
    )(command)


@click.command()
@port_option
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=PROCESSES,
    show_default=True,
    metavar="ZAHL",
    help="Wie viele Prozesse antworten; einer mehr als Prozessorkerne ist ein guter Anfang.",
)
def serve(port: int, processes: int) -> None:
    """Startet den Webserver für den Betrieb hinter einem Proxy.

    \b
    Beispiel:
        allmende migrate && allmende serve --port 8000
    """
    require_free_port(port)
    collect_static_files()
    require_safety()
    arguments = server_arguments(port=port, processes=processes)
    os.execv(arguments[0], arguments)  # noqa: S606 the server takes this process's place


def server_arguments(*, port: int, processes: int = PROCESSES) -> list[str]:
    """How the web server is called, in a process of its own (``allmende/server.py``)."""
    return [sys.executable, "-m", "allmende.server", str(port), str(processes)]


def die_with_parent(parent: int, *, by: signal.Signals = signal.SIGTERM) -> None:
    """In a process that has just been started: have it end when the one with this number, which started it, is killed.

    Linux tells it; elsewhere only an orderly end is passed on.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)
        if os.getppid() != parent:  # it has been killed already
            os.kill(os.getpid(), by)


def require_safety() -> None:
    """Do not let people in where their passwords or data would not be safe."""
    from .production import faults, is_in_service

    if not is_in_service():
        return
    unsafe: list[str] = []
    with suppress(DatabaseError):  # without it, no page is answered, and ``allmende check`` says so
        for fault in faults():
            if fault.unsafe:
                unsafe.append(str(fault))
    if unsafe:
        raise click.ClickException("\n  ".join(["So ist der Betrieb nicht sicher:", *unsafe]))


def require_free_port(port: int, *, make: str = "") -> None:
    """Say so before anything is started if another program listens there.

    ``make`` is the target of the Makefile that starts it, too, if there is one.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            other = port % 65535 + 1
            by_make = f" (oder: make {make} PORT={other})" if make else ""
            raise click.ClickException(
                f"Der Anschluss {port} ist belegt. Läuft die Allmende schon? "
                f"Sonst hilft ein anderer Anschluss: --port {other}{by_make}"
            ) from error


def collect_static_files() -> None:
    """Bring style sheets, scripts and fonts to where they are served from, if any has changed."""
    django.setup()
    digest = hashlib.sha256()
    count = 0
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
            count += 1
    stamp = Path(settings.STATIC_ROOT) / "collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(digest.hexdigest())
