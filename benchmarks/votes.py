"""Votes a second through a real server: 32 people at once, each votes on what she is shown.

``make bench`` runs it on SQLite, and with ``bin/postgres-for`` on PostgreSQL, which then does not
wait for the disk. The web server answers with three processes, a worker computes results meanwhile, and a process of
its own plays the people (``voters.py``). Afterwards every vote that was accepted must be there. The bars: 100
votes a second on SQLite, 300 on PostgreSQL, no error, 150 MB a web process.

Whoever else uses the machine takes from the votes a second, and less from the CPU time of a vote. So it also
tells what two cores could do if nobody else used them: two seconds by the CPU time of all processes for a vote.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from people import ROOT, family_of, memory_of, new_database

PEOPLE, SECONDS, WARM_UP = 32, 30.0, 5.0
BARS = {"sqlite": 100.0, "postgresql": 300.0}
MOST_MB = 150.0
CORES = 2


def cpu_of(pid: int) -> float:
    """CPU seconds of a process and its children, those that have ended included."""
    total = 0
    for each in family_of(pid):
        with suppress(OSError):  # it has just ended
            spent = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11:15]
            total += sum(int(ticks) for ticks in (spent if each == pid else spent[:2]))
    return total / os.sysconf("SC_CLK_TCK")


def database_server() -> int | None:
    """The process of PostgreSQL whose children answer; none with SQLite, which is in ours."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    return int(backend.read_text().rpartition(")")[2].split()[1])


@contextmanager
def serving() -> Iterator[tuple[int, dict[str, int]]]:
    """Web server and worker while it lasts: the port, and the processes whose CPU time counts."""
    from allmende.commands.serve import server_arguments

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(server_arguments(port=port), start_new_session=True)
    worker = subprocess.Popen(
        [sys.executable, "-m", "allmende.cli", "worker"],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                http.client.HTTPConnection("127.0.0.1", port).request("GET", "/")
                break
            except OSError:
                time.sleep(0.1)
        yield port, {"web": server.pid, "worker": worker.pid}
    finally:
        for process in (server, worker):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def measure_here() -> dict[str, Any]:
    """Fill the database that the environment names, serve it and let people vote."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from allmende.commands.serve import collect_static_files
    from allmende.forum.models import Ballot, Concern, Vote
    from allmende.registry.models import Mandate
    from population import Size, fill

    collect_static_files()
    call_command("migrate", verbosity=0)
    fill(
        Size(accounts=2_000, mandates=600, concerns=40, statements=60, voters=100, attempts=10), 300
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    addresses = [
        reverse("forum:vote", args=[slug])
        for slug in Concern.objects.order_by("pk").values_list("slug", flat=True)
    ]
    voting = Mandate.objects.filter(may_vote=True, may_release=False).select_related("user")
    heads = {mandate.organisation_id: mandate for mandate in voting.order_by("-pk")}
    people = []
    for mandate in list(heads.values())[:PEOPLE]:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(mandate.user, backend="allmende.accounts.backends.AuthenticationBackend")
        people.append({"session": client.cookies["sessionid"].value, "addresses": addresses})
    assert len(people) == PEOPLE  # noqa: S101
    before, database = Ballot.objects.count(), database_server()
    connection.close()
    with serving() as (port, busy):
        if database is not None:
            busy["PostgreSQL"] = database
        started = {who: cpu_of(pid) for who, pid in busy.items()}
        played = subprocess.run(
            [sys.executable, Path(__file__).with_name("voters.py")],
            input=json.dumps(
                {"port": port, "people": people, "warm_up": WARM_UP, "seconds": SECONDS}
            ),
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(played.stdout)
        spent = {who: cpu_of(pid) - started[who] for who, pid in busy.items()}
        found["cpu"] = spent | {"people": found["seconds"]}
        found["memory"] = max(memory_of(pid) for pid in family_of(busy["web"])[1:])
    found["vendor"] = connection.vendor
    found["stored"] = Ballot.objects.count() - before
    found["twice"] = (
        Vote.objects.count() - Vote.objects.values("participant", "statement").distinct().count()
    )
    return found


def main() -> int:
    """Measure in a new database; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--into", type=Path, help="measure here; where the figures go")
    options = parser.parse_args()
    if options.into:
        options.into.write_text(json.dumps(measure_here()))
        return 0
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as directory:
        environment = os.environ | {
            "ALLMENDE_DATA_DIR": directory,
            "DJANGO_SETTINGS_MODULE": "allmende.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        if address := os.environ.get("ALLMENDE_DATABASE_URL"):
            environment["ALLMENDE_DATABASE_URL"] = new_database(address, "votes")
        into = Path(directory, "found.json")
        subprocess.run([sys.executable, __file__, "--into", str(into)], env=environment, check=True)
        found = json.loads(into.read_text())
    return report(found)


def report(found: dict[str, Any]) -> int:
    """Print what was found; 1 if a bar is missed."""
    bar = BARS[found["vendor"]]
    each = {who: 1000 * cpu / found["accepted"] for who, cpu in found["cpu"].items()}
    alone = 1000 * CORES / sum(each.values())
    print(
        f"\n{found['vendor']}, load of the machine {os.getloadavg()[0]:.1f}: "
        f"{found['per_second']:.0f} votes a second for {SECONDS:.0f} s, {PEOPLE} people; "
        f"median {found['median']:.0f} ms, p95 {found['p95']:.0f} ms; {len(found['errors'])} errors; "
        f"{found['accepted']} accepted, {found['stored']} stored, {found['twice']} twice. CPU a vote: "
        + ", ".join(f"{who} {cpu:.1f} ms" for who, cpu in each.items())
        + f", by which {CORES} cores do {alone:.0f} a second. {found['memory']:.0f} MB a web process.\n"
    )
    for error in found["errors"][:3]:
        print(error)
    bars = {
        "no error, every accepted vote stored, none twice": not found["errors"]
        and found["accepted"] == found["stored"]
        and not found["twice"],
        f"at least {bar:.0f} votes a second": found["per_second"] >= bar,
        f"at most {MOST_MB:.0f} MB a web process": found["memory"] <= MOST_MB,
    }
    for what, holds in bars.items():
        print(f"- {'holds' if holds else 'MISSED'}: {what}")
    return 0 if all(bars.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
