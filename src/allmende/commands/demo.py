"""``allmende demo``: everything at once, with example data, on one's own machine."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

import click
import django
from django.db import connections

from .migrate import bring_up_to_date
from .serve import (
    ADDRESS,
    collect_static_files,
    die_with_parent,
    port_option,
    require_free_port,
    server_arguments,
)

# Without a sender nobody could try the letters.
SENDER = "Kontaktstelle Allmende (Beispiel) | Musterstraße 1 | 10115 Berlin | Telefon 030 12345-0"


@click.command()
@click.option("--no-serve", is_flag=True, help="Füllt nur ein und startet nichts.")
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    metavar="ZAHL",
    help="Andere Zahl, andere erfundene Daten; gilt beim ersten Start.",
)
@port_option
def demo(no_serve: bool, seed: int, port: int) -> None:
    """Füllt Beispieldaten ein und startet Webserver und Hintergrundarbeit.

    Beim nächsten Start ist alles noch da. Strg-C beendet beides.

    \b
    Beispiele:
        allmende demo
        allmende demo --port 8080
        allmende demo --no-serve
    """
    os.environ["ALLMENDE_DEMO"] = "1"  # the page that asks for a code tells it, too
    os.environ.setdefault("ALLMENDE_SENDER", SENDER)
    if not no_serve:
        require_free_port(port, make="demo")
        # The pages' own address, for links in mails; unless the operator has named another one.
        os.environ.setdefault("ALLMENDE_ORIGIN", f"http://{ADDRESS}:{port}")
    notes = fill(seed)
    if no_serve:
        click.echo("\n".join(["Die Beispieldaten sind da.", *notes]))
        return
    collect_static_files()
    run(port=port, notes=notes)


def fill(seed: int) -> list[str]:
    """Bring the database up to date, let every app add its example data, and return what to print."""
    django.setup()
    from allmende.accounts.models import User
    from allmende.audit.services import audited
    from allmende.portal.offers import all_offers
    from allmende.portal.search import index

    click.echo("Die Beispieldaten werden vorbereitet.", err=True)
    bring_up_to_date()
    _require_no_real_people()
    is_first = not User.objects.exists()
    if is_first:
        click.echo("Beim ersten Mal dauert das eine Weile.", err=True)
    notes: list[str] = []
    for offer in all_offers():
        with audited():
            notes += offer.demo(seed)
    if is_first:  # much of what is invented comes without deeds
        index.rebuild()
    connections.close_all()
    return notes + _where_mails_are()


def _where_mails_are() -> list[str]:
    from django.conf import settings

    if getattr(settings, "EMAIL_FILE_PATH", None) is None:
        return []
    return [f"Mails liegen als Dateien in {settings.EMAIL_FILE_PATH}."]


def _require_no_real_people() -> None:
    """Sign-ins with a password that everybody knows do not belong beside people's own."""
    from allmende.accounts.models import User
    from allmende.forum.models import Concern

    if User.objects.exists() and not Concern.objects.filter(is_example=True).exists():
        raise click.ClickException(
            "In dieser Datenbank haben schon Menschen ein Konto. Beispieldaten bringen Anmeldungen mit "
            "bekanntem Passwort mit; sie gehören in eine eigene Datenbank, zum Beispiel mit "
            "ALLMENDE_DATA_DIR=var-demo."
        )


def run(*, port: int, notes: list[str]) -> None:
    """Start both programs, say where to go, and stop both when one ends or somebody asks for it."""
    with _children(
        server_arguments(port=port, processes=2),
        [sys.executable, "-m", "allmende.cli", "worker"],
        [sys.executable, "-m", "allmende.cli", "tick", "--every", "60"],
    ) as children:
        url = f"http://{ADDRESS}:{port}/"
        while not _answers(url) and all(child.poll() is None for child in children):
            time.sleep(0.05)
        if all(child.poll() is None for child in children):
            click.echo("\n".join([f"\nDie Allmende läuft: {url}", *notes, "Strg-C beendet sie.\n"]))
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
    if any(child.returncode not in {0, -signal.SIGTERM} for child in children):
        raise click.ClickException("Die Allmende hat sich unerwartet beendet; siehe oben.")


@contextmanager
def _children(*commands: list[str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Programs that end with this one, in whatever way it ends; Ctrl-C and SIGTERM end quietly."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    # Also where a shell started us in the background, which ignores Ctrl-C otherwise.
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    start = partial(die_with_parent, os.getpid())
    # A session of their own: Ctrl-C reaches only us, and each is told to stop exactly once.
    children = [
        subprocess.Popen(command, start_new_session=True, preexec_fn=start)  # noqa: S603, PLW1509
        for command in commands
    ]
    try:
        yield children
    except KeyboardInterrupt:
        click.echo("\nDie Allmende wird beendet …")
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _answers(url: str) -> bool:
    try:
        with urlopen(f"{url}gesund/", timeout=5) as response:  # noqa: S310 our own address
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
