"""Cost of the search at 20,000 concerns, 200,000 statements and 2,000,000 votes, in queries and CPU time.

``make bench`` runs it on SQLite, and with ``bin/postgres-for`` on PostgreSQL. In ``../shared/data`` it
finds the register of all municipalities; without it, it invents as many.

Each page is asked for through all of Django. CPU time is that of the thread that answers; that of
PostgreSQL's process comes on top. PostgreSQL may not use further processes here, whose time nobody would
count. A search may take 150 ms, with both.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from people import REGISTER, ROOT, Meter, new_database, with_statistics

MUNICIPALITIES = 10_754
MOST_MS = 150.0
REPEAT = 20
# What is asked for: a word that many texts have, one that few have, and so on.
QUERIES = {
    "frequent word, in every third text": {"q": "Gesundheit"},
    "rare compound": {"q": "Brückensanierung"},
    "two words": {"q": "Feuerwehr Haushalt"},
    "beginning of compounds": {"q": "Gewerbe"},
    "end of compounds": {"q": "mittel"},
    "three letters": {"q": "Rat"},
    "two letters": {"q": "EU"},
    "a phrase": {"q": "„die Schule soll“"},
    "a name": {"q": "Neustadt"},
    "no hit, another word offered": {"q": "Glasfasernezt"},
    "no hit, none offered": {"q": "qqxyzzy"},
    "frequent word, one kind": {"q": "Gesundheit", "art": "forum.statement"},
    "frequent word, a kind without any": {"q": "Gesundheit", "art": "forum.commitment"},
    "frequent word, a small Land": {"q": "Gesundheit", "ort": "Saarland"},
    "frequent word, a large Land": {"q": "Gesundheit", "ort": "Bayern"},
    "frequent word, one Land, topic, state": {
        "q": "Gesundheit",
        "ort": "Bayern",
        "thema": "klima",
        "stand": "open",
    },
    "frequent word, long ago": {"q": "Gesundheit", "bis": "2025-10-30"},
    "frequent word, one topic": {"q": "Gesundheit", "thema": "klima"},
    "frequent word, state and days": {
        "q": "Gesundheit",
        "stand": "closed",
        "von": "2024-01-01",
        "bis": "2026-12-31",
    },
    "frequent word, last page": {"q": "Gesundheit", "seite": "25"},
}
# What somebody writes, to whom the like is shown: words that many texts have, and rare ones.
WRITTEN = {
    "frequent words": "Wie bezahlt der Bund die Gesundheit in Gemeinden mit Krankenhaus und Pflege?",
    "compounds": "Wer zahlt Gewerbesteuerhebesatz, Brückensanierung und Feuerwehrhaushalt?",
    "at length": "Glasfaserausbau und Brückensanierung, Feuerwehrhaushalt und Klimaschutzprogramm, "
    "Verwaltungspersonal und Katastrophenschutzförderung: Was zahlen Kreise, Länder, Bund?",
}


def measure_here(participants: int | None) -> dict[str, Any]:
    """Fill the database that the environment names and measure; in a process of its own."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from alliance import FULL, make_discussion
    from alliance_way import make_way
    from allmende.commands.serve import collect_static_files
    from allmende.portal.search import index
    from population import invent_municipalities

    collect_static_files()
    call_command("migrate", verbosity=0)
    if REGISTER.exists():
        subprocess.run(
            [sys.executable, "-m", "allmende.cli", "import", "municipalities", str(REGISTER)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    else:
        invent_municipalities(MUNICIPALITIES)
    started = time.monotonic()
    size = FULL if participants is None else replace(FULL, participants=participants)
    make_way(size, make_discussion(size))
    filled = time.monotonic()
    entries = index.rebuild()
    rebuilt = time.monotonic()
    with_statistics()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    meter = Meter()
    client = Client(SERVER_NAME="127.0.0.1")
    for name, query in QUERIES.items():
        meter.measure(
            name,
            lambda _, query=query: client.get("/suche/", query),  # type: ignore[misc]
            repeat=REPEAT,
        )
        meter.found[name]["hits"] = hits_on(client.get("/suche/", query).content.decode())
    measure_overlap(meter)
    return {
        "seconds_to_fill": filled - started,
        "seconds_to_rebuild": rebuilt - filled,
        "entries": entries,
        "pages": meter.found,
    }


def measure_overlap(meter: Meter) -> None:
    """What is like a concern or a statement, as it is shown while somebody writes it."""
    from django.test import Client
    from django.urls import reverse

    from allmende.accounts.models import User
    from allmende.forum.models import Concern
    from allmende.registry.models import Mandate, Office, Region
    from allmende.registry.services import organisations_of

    concern = Concern.objects.filter(state="open").latest("pk")
    user = User.objects.create(email="schreibt@example.org", name="Eine, die schreibt")
    [organisation] = organisations_of(Region.objects.filter(pk=concern.owner_id))
    Mandate.objects.create(
        user=user,
        organisation=organisation,
        office=Office.ADMINISTRATION,
        since=concern.opened_at,
        may_contribute=True,
    )
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="allmende.accounts.backends.AuthenticationBackend")
    statements = reverse("forum:similar_statements", args=[concern.slug])
    for name, text in WRITTEN.items():
        for kind, address, field in (
            ("concerns", reverse("forum:similar_concerns"), "question"),
            ("statements", statements, "text"),
        ):
            meter.measure(
                f"overlap: {kind}, {name}",
                lambda _, to=address, said={field: text}: client.get(to, said),  # type: ignore[misc]
                repeat=REPEAT,
            )


def hits_on(page: str) -> int:
    """How many things the page says that fit."""
    counted = re.search(r'>Alle <span class="kern-body--muted">([\d.]+)\+?<', page)
    return int(counted[1].replace(".", "")) if counted else 0


def rows_of(found: dict[str, dict[str, float]], *, postgres: bool) -> Iterator[str]:
    """A Markdown table."""
    server = " PostgreSQL, ms |" if postgres else ""
    yield f"| Search | hits | queries | CPU, ms | p95, ms |{server}"
    yield "|---|---:|---:|---:|---:|" + ("---:|" if postgres else "")
    for page, cost in found.items():
        told = f" {cost['server']:.1f} |" if postgres else ""
        hits = f"{cost['hits']:,.0f}" if "hits" in cost else ""
        yield (
            f"| {page} | {hits} | {cost['queries']:.0f} | "
            f"{cost['mean']:.1f} | {cost['p95']:.1f} |{told}"
        )


def main() -> int:
    """Measure in a new database; 1 if a search takes too long."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--into", type=Path, help="measure here; where the figures go")
    parser.add_argument(
        "--participants",
        type=int,
        help="in each concern; 0 for a quick run without votes",
    )
    options = parser.parse_args()
    if options.into:
        options.into.write_text(json.dumps(measure_here(options.participants)))
        return 0
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as directory:
        environment = os.environ | {
            "ALLMENDE_DATA_DIR": directory,
            "DJANGO_SETTINGS_MODULE": "allmende.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        if address := os.environ.get("ALLMENDE_DATABASE_URL"):
            environment["ALLMENDE_DATABASE_URL"] = new_database(address, "search")
        into = Path(directory, "found.json")
        command = [sys.executable, __file__, "--into", into]
        if options.participants is not None:
            command += ["--participants", str(options.participants)]
        subprocess.run(command, env=environment, check=True)
        found: dict[str, Any] = json.loads(into.read_text())
    postgres = bool(address)
    print(
        f"\n{'PostgreSQL' if postgres else 'SQLite'}, filled in {found['seconds_to_fill']:.0f} s, "
        f"{found['entries']:,} entries indexed in {found['seconds_to_rebuild']:.0f} s; "
        f"load of the machine: {os.getloadavg()[0]:.1f}\n"
    )
    print("\n".join(rows_of(found["pages"], postgres=postgres)) + "\n")
    slow = [
        page for page, cost in found["pages"].items() if cost["mean"] + cost["server"] > MOST_MS
    ]
    print(f"- {'MISSED' if slow else 'holds'}: at most {MOST_MS:.0f} ms of CPU {slow or ''}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
