"""Cost of the desk of a ministry with 4,000 concerns, in queries and CPU time.

``make bench-pages`` runs it on SQLite, and with ``bin/postgres-for`` on PostgreSQL. Each page is asked
for through all of Django. CPU time is that of the thread that answers; that of PostgreSQL's process comes
on top. A page must take as many queries with 4,000 concerns as with 40, and 60 ms at most, with both.
Assigning many at once is told apart: it writes an entry into the log for each.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from people import ROOT, Meter, new_database, with_statistics

FULL, SMALL = 4_000, 40
SIGNERS, OFFICIALS, SECTIONS = 10, 20, 3
MOST_MS = 60.0
ALL_AT_ONCE = "assign 200 at once"
PAGES = {
    "queue": "/ministerium/",
    "queue, last page": "/ministerium/?stand=alle&seite=999",
    "queue, a word": "/ministerium/?q=bestellt",
    "queue, mine and soon": "/ministerium/?person=ich&faellig=bald&thema=finanzen",
    "queue, ready to be published": "/ministerium/?stand=fertig",
    "queue, by question": "/ministerium/?stand=alle&sortierung=frage",
    "text blocks": "/ministerium/textbausteine/",
}


def fill(size: int) -> Any:
    """A ministry with so many concerns, of ten: seven to answer, one on its way, two answered.

    Returns one of its people.
    """
    from django.utils import timezone

    from allmende.accounts.models import User
    from allmende.forum.models import Boilerplate, Concern, ConcernState
    from allmende.registry.models import Mandate, Organisation, Region
    from allmende.registry.services import organisations_of
    from population import invent_municipalities, keep

    invent_municipalities(SIGNERS)
    signers = list(organisations_of(Region.objects.current()).order_by("slug")[:SIGNERS])
    house = Organisation.objects.create(
        kind="ministerium", name="Ministerium", slug="ministerium", search_key="ministerium"
    )
    keep(User, (User(email=f"amt{n}@example.org", name=f"Amt {n}") for n in range(OFFICIALS)))
    people = list(User.objects.order_by("pk"))
    since, now = timezone.localdate() - timedelta(days=400), timezone.now()
    rights = {"may_contribute": True, "may_vote": True}
    keep(
        Mandate,
        (
            Mandate(user=user, organisation=house, office="desk", since=since, **rights)
            for user in people
        ),
    )
    keep(
        Boilerplate,
        (
            Boilerplate(organisation=house, title=f"Baustein {n}", text="Das Land. " * 50)
            for n in range(size // 20)
        ),
    )
    states = [ConcernState.SENT] * 7 + [ConcernState.POSITION] + [ConcernState.PURSUED] * 2
    keep(
        Concern,
        (
            Concern(
                slug=f"anliegen-{n}",
                question=f"Wie bezahlt der Bund, was er bestellt ({n})?",
                topic=("finanzen", "sicherheit", "digitales")[n % 3],
                owner=signers[n % SIGNERS].region,
                state=state,
                ministry=house,
                official=people[n % OFFICIALS] if n % 3 else None,
                deadline=now - timedelta(days=100),
                quorum_at=now - timedelta(days=90),
                sent_at=None if state == ConcernState.POSITION else now - timedelta(days=n % 50),
                answer_due=None
                if state == ConcernState.POSITION
                else now + timedelta(days=n % 70 - 10),
                answered_at=now if state == ConcernState.PURSUED else None,
            )
            for n in range(size)
            for state in [states[n % 10]]
        ),
    )
    add_answers(list(Concern.objects.order_by("pk")), signers)
    return people[0]


def add_answers(concerns: list[Any], signers: list[Any]) -> None:
    """Signatures and a sealed position for each; for each third a draft of its answer."""
    from allmende.forum.models import (
        Answer,
        SealedPosition,
        SealedSection,
        Section,
        SectionAnswer,
        Support,
    )
    from population import keep

    keep(Support, (Support(concern=c, organisation=each) for c in concerns for each in signers))
    keep(Section, (Section(concern=c, place=n) for c in concerns for n in range(SECTIONS)))
    document = {"text": "Der Bund bezahlt, was er bestellt. " * 200}
    keep(
        SealedPosition,
        (SealedPosition(concern=c, number=1, document=document, hash="0" * 64) for c in concerns),
    )
    of_concern = {p.concern_id: p for p in SealedPosition.objects.defer("document")}
    keep(
        SealedSection,
        (
            SealedSection(
                position=of_concern[section.concern_id],
                number=section.place + 1,
                title="Geld",
                text="Mehr Geld. " * 50,
                origin=section,
            )
            for section in Section.objects.order_by("pk")
        ),
    )
    keep(
        Answer,
        (
            # The summary is written last: few drafts have one.
            Answer(
                concern=c,
                position=of_concern[c.pk],
                ministry_id=c.ministry_id,
                summary="" if n % 8 else "Ja.",
            )
            for n, c in enumerate(concerns[::3])
        ),
    )
    keep(
        SectionAnswer,
        (
            SectionAnswer(answer=answer, section=section, disposition="taken_up")
            for number, answer in enumerate(Answer.objects.order_by("pk"))
            for section in answer.position.sections.all()[: 1 + number % SECTIONS]
        ),
    )


def measure_here(size: int) -> dict[str, dict[str, float]]:
    """Fill the database that the environment names and measure; in a process of its own."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from allmende.commands.serve import collect_static_files
    from allmende.forum.models import Concern

    collect_static_files()
    call_command("migrate", verbosity=0)
    user = fill(size)
    with_statistics()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    meter = Meter()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="allmende.accounts.backends.AuthenticationBackend")
    for page, address in PAGES.items():
        meter.measure(page, lambda _, address=address: client.get(address))  # type: ignore[misc]
    some = Concern.objects.filter(state="sent").values_list("pk", flat=True)[:200]
    ticked = "&".join(f"wahl={key}" for key in some)

    def ask(whom: int) -> tuple[str, Any]:
        address = f"/ministerium/zuweisen/?umfang=wahl&{ticked}&an={user.pk + whom}"
        return address, client.get(address)

    meter.measure("assign: what would happen to 200", lambda _: ask(1)[1])

    def assign(number: int) -> Any:
        """To one person after the other: who has them already gets nothing."""
        address, page = ask(number % 2)
        [seen] = re.findall(r'name="seen" value="(\w+)"', page.content.decode())
        return client.post(address, {"seen": seen})

    meter.measure(ALL_AT_ONCE, assign, status=303, repeat=6)
    return meter.found


def in_new_database(size: int) -> dict[str, dict[str, float]]:
    """One measurement in a new database, in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as directory:
        environment = os.environ | {
            "ALLMENDE_DATA_DIR": directory,
            "DJANGO_SETTINGS_MODULE": "allmende.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        if address := os.environ.get("ALLMENDE_DATABASE_URL"):
            environment["ALLMENDE_DATABASE_URL"] = new_database(address, f"ministry_{size}")
        into = Path(directory, "found.json")
        subprocess.run(
            [sys.executable, __file__, "--size", str(size), "--into", into],
            env=environment,
            check=True,
        )
        found: dict[str, dict[str, float]] = json.loads(into.read_text())
        return found


def rows_of(small: dict[str, Any], full: dict[str, Any]) -> Iterator[str]:
    """A Markdown table."""
    yield "| Page | queries | with 40 | CPU, ms | p95, ms | PostgreSQL, ms |"
    yield "|---|---:|---:|---:|---:|---:|"
    for page, cost in full.items():
        yield (
            f"| {page} | {cost['queries']} | {small[page]['queries']} | {cost['mean']:.1f} | "
            f"{cost['p95']:.1f} | {cost['server']:.1f} |"
        )


def main() -> int:
    """Measure at both sizes and compare; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--size", type=int, help="one measurement, for itself")
    parser.add_argument("--into", type=Path, help="where its figures go")
    options = parser.parse_args()
    if options.size:
        options.into.write_text(json.dumps(measure_here(options.size)))
        return 0
    small, full = in_new_database(SMALL), in_new_database(FULL)
    database = "PostgreSQL" if os.environ.get("ALLMENDE_DATABASE_URL") else "SQLite"
    print(f"\n{database}; load of the machine: {os.getloadavg()[0]:.1f}\n")
    print("\n".join(rows_of(small, full)) + "\n")
    held = [page for page in full if page != ALL_AT_ONCE]
    more = [page for page in held if full[page]["queries"] != small[page]["queries"]]
    slow = [page for page in held if full[page]["mean"] + full[page]["server"] > MOST_MS]
    print(f"- {'MISSED' if more else 'holds'}: constant number of queries {more or ''}")
    print(f"- {'MISSED' if slow else 'holds'}: at most {MOST_MS:.0f} ms of CPU {slow or ''}")
    return 1 if more or slow else 0


if __name__ == "__main__":
    sys.exit(main())
