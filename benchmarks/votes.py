"""Votes a second through a real server: 32 people at once, each votes on what she is shown.

``make bench`` runs it on SQLite, and with ``bin/postgres-for`` on PostgreSQL. Gunicorn answers with two
processes, a worker computes results meanwhile, and a process of its own plays the people, each over a
connection that stays. Every answer holds the next statement, as in the browser. Afterwards every vote
that was accepted must be there. The bars: 100 votes a second on SQLite, 300 on PostgreSQL, no error.
"""

import argparse
import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from people import ROOT, family_of, memory_of, new_database

PEOPLE, SECONDS, WARM_UP = 32, 30.0, 5.0
BARS = {"sqlite": 100.0, "postgresql": 300.0}
TOKEN = "t" * 32
STATEMENT = re.compile(rb'name="statement" value="(\d+)"')


def play(port: int, people: list[dict[str, Any]]) -> dict[str, Any]:
    """Let everybody vote at once for a while; what came of it. Runs in a process of its own."""
    stop = time.monotonic() + WARM_UP + SECONDS
    begin = stop - SECONDS
    took: list[float] = []
    errors: list[str] = []
    accepted = [0] * len(people)

    def vote(number: int) -> None:
        person = people[number]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {
            "Cookie": f"sessionid={person['session']}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        for address in person["addresses"]:
            connection.request("GET", address, headers=headers)
            page = connection.getresponse().read()
            while found := STATEMENT.search(page):
                stand = accepted[number] % 3 - 1
                form = urlencode({"statement": found[1].decode(), "stand": stand})
                started = time.monotonic()
                if started > stop:
                    return
                connection.request("POST", address, body=form, headers=headers)
                answer = connection.getresponse()
                page = answer.read()
                if answer.status != 200 or b'role="alert"' in page:
                    errors.append(f"{answer.status} {page[:200]!r}")
                    return
                accepted[number] += 1
                if started >= begin:
                    took.append(time.monotonic() - started)

    threads = [threading.Thread(target=vote, args=(n,)) for n in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "votes_per_second": len(took) / SECONDS,
        "median": 1000 * statistics.median(took),
        "p95": 1000 * statistics.quantiles(took, n=20)[-1],
        "errors": errors,
        "accepted": sum(accepted),
        "cpu": time.process_time(),
    }


def cpu_of(pid: int) -> float:
    """CPU seconds of a process and its children."""
    total = 0
    for each in family_of(pid):
        user, system = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[11:13]
        total += int(user) + int(system)
    return total / os.sysconf("SC_CLK_TCK")


def measure_here() -> dict[str, Any]:
    """Fill the database that the environment names, serve it and let people vote."""
    import socket

    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from allmende.commands.serve import collect_static_files, server_arguments
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
    before = Ballot.objects.count()
    connection.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(server_arguments(port=port, processes=2), start_new_session=True)
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
        played = subprocess.run(
            [sys.executable, __file__, "--play", str(port)],
            input=json.dumps(people),
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, Any] = json.loads(played.stdout)
        found["server_cpu"], found["worker_cpu"] = cpu_of(server.pid), cpu_of(worker.pid)
        found["memory"] = max(memory_of(pid) for pid in family_of(server.pid)[1:])
    finally:
        for process in (server, worker):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
    found["vendor"] = connection.vendor
    found["stored"] = Ballot.objects.count() - before
    found["twice"] = (
        Vote.objects.count() - Vote.objects.values("participant", "statement").distinct().count()
    )
    return found


def main() -> int:
    """Measure in a new database; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument(
        "--play", type=int, metavar="PORT", help="only the people, from standard input"
    )
    parser.add_argument("--into", type=Path, help="measure here; where the figures go")
    options = parser.parse_args()
    if options.play:
        print(json.dumps(play(options.play, json.load(sys.stdin))))
        return 0
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
    bar = BARS[found["vendor"]]
    each = 1000 / found["accepted"] if found["accepted"] else 0.0
    print(
        f"\n{found['vendor']}, load of the machine {os.getloadavg()[0]:.1f}: "
        f"{found['votes_per_second']:.0f} votes a second for {SECONDS:.0f} s, {PEOPLE} people; median {found['median']:.0f} ms, "
        f"p95 {found['p95']:.0f} ms; {len(found['errors'])} errors; {found['accepted']} accepted, {found['stored']} stored, "
        f"{found['twice']} twice. CPU a vote: web processes {found['server_cpu'] * each:.1f} ms, worker "
        f"{found['worker_cpu'] * each:.1f} ms, people {found['cpu'] * each:.1f} ms. {found['memory']:.0f} MB a web process.\n"
    )
    for error in found["errors"][:3]:
        print(error)
    right = not found["errors"] and found["accepted"] == found["stored"] and not found["twice"]
    fast = found["votes_per_second"] >= bar
    print(f"- {'holds' if right else 'MISSED'}: no error, every accepted vote stored, none twice")
    print(f"- {'holds' if fast else 'MISSED'}: at least {bar:.0f} votes a second")
    return 0 if right and fast else 1


if __name__ == "__main__":
    sys.exit(main())
