"""Cost of every page at full size, in queries and CPU time.

    python benchmarks/pages.py                          on SQLite
    bin/postgres-for python benchmarks/pages.py         on PostgreSQL
    python benchmarks/pages.py --keep DIRECTORY         filled once, measured as often as wished

Full size is 60,000 mandates, all municipalities, 20,000 concerns, 200,000 statements,
2,000,000 votes and what became of them (``population.py``, ``alliance.py``), 40,000 critical facilities, 300
of them before one crisis staff (``crisis_grown.py``). To this comes the world of
``tests/house/world.py``: one object of every kind in every phase, each of which is made to grow here, and
somebody in every role. Every address that is there is asked for by GET in every role and phase in which it
answers; the dearest of each is measured.

Fails where a page takes more than 60 ms of CPU, PostgreSQL's process included, or another number of
queries than with few of everything. What is no page (files, lists for programs) is told apart, and so are
pages that ask for a chart or the like to be drawn anew.
"""

import argparse
import json
import logging
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from people import FEW, MUNICIPALITIES, REGISTER, ROOT, Meter, new_database, with_statistics

MOST_MS = 60.0
REPEAT = 8
ROLES = ("visitor", "manager", "official", "operator", "staff", "provider", "member")
SIZES = ("small", "full")


def fill(size: str) -> Any:
    """Fill an empty database and return the world in it."""
    from tests import factories
    from tests.crisis.small import small_document
    from tests.house.world import make_world

    import alliance
    import crisis_grown
    import population
    from alliance_grown import GROWN, GROWN_LITTLE
    from alliance_way import make_sittings, make_way
    from allmende.crisis.models import ExerciseState
    from allmende.crisis.services.exercises import change_clock
    from allmende.portal.search import index

    is_full = size == "full"
    if is_full and REGISTER.exists():
        subprocess.run(
            [sys.executable, "-m", "allmende.cli", "import", "municipalities", str(REGISTER)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    # ``people.py`` measures what three times as many accounts cost.
    people = replace(population.FULL, accounts=61_000, concerns=3) if is_full else population.SMALL
    population.fill(people, MUNICIPALITIES if is_full else FEW)
    of_all = alliance.FULL if is_full else alliance.SMALL
    concerns = alliance.make_discussion(of_all)
    make_way(of_all, concerns)
    if is_full:
        make_sittings(concerns, series=5, sittings=12, members=100)
    else:
        make_sittings(concerns, series=1, sittings=3, members=3)
    # Beyond what is there already.
    for factory in (
        factories.UserFactory,
        factories.MunicipalityFactory,
        factories.ConcernFactory,
        factories.OrganisationFactory,
    ):
        factory.reset_sequence(5_000_000)
    world = make_world()
    grow(world, GROWN if is_full else GROWN_LITTLE)
    crisis = crisis_grown.FULL if is_full else crisis_grown.SMALL
    crisis_grown.make_facilities(crisis)
    crisis_grown.grow_register(world.things["facilities"]["working"], crisis)
    for exercise in world.things["exercises"].values():
        crisis_grown.grow_exercise(exercise, crisis, small_document())
        if (
            exercise.state == ExerciseState.RUNNING
        ):  # as slowly as life, or it ends while it is measured
            change_clock(
                actor=world.people["staff"], exercise=exercise, change="speed", value=1_000
            )
    for draft in world.things["script_drafts"].values():
        crisis_grown.grow_draft(draft, crisis, small_document())
    index.rebuild()
    return world


def grow(world: Any, size: Any) -> None:
    """Give every concern and sitting of the world much of everything."""
    from alliance_grown import grow_concern, grow_sitting
    from allmende.forum.models import Voices
    from allmende.forum.services import compute_now

    for phase, concern in world.concerns.items():
        if phase == "draft":
            continue
        grow_concern(concern, size)
        compute_now(concern=concern, voices=Voices.OFFICIAL)
    for sitting in world.things["sittings"].values():
        grow_sitting(sitting, size)


def addresses(world: Any) -> Iterator[tuple[str, str, str]]:
    """Name, phase and address of everything there is."""
    from tests.house.world import NOTHING, address, all_patterns

    from allmende.portal.access import PUBLIC, SIGNED_IN

    for name, pattern in sorted(all_patterns().items()):
        rule = getattr(pattern.callback, "rule", "allauth")
        nothing = rule in {PUBLIC, SIGNED_IN, "allauth"}
        for phase in [NOTHING] if nothing else world.objects(rule):
            yield name, phase, address(world, name, pattern, rule=rule, phase=phase)[0]


class Visitor:
    """Somebody in one role, with the cookies of her first visit."""

    def __init__(self, person: Any) -> None:
        from django.contrib.auth.models import AnonymousUser
        from django.test import Client

        self.client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
        if not isinstance(person, AnonymousUser):
            self.client.force_login(
                person, backend="allmende.accounts.backends.AuthenticationBackend"
            )
        self.cookies = self.client.cookies.copy()

    def get(self, address: str) -> Any:
        self.client.cookies = self.cookies.copy()
        answer = self.client.get(address)
        self.kind = answer.headers.get("Content-Type", "")
        if answer.streaming:
            b"".join(answer)
        return answer


def measure_here(size: str, directory: Path) -> dict[str, Any]:
    """Fill the database that the environment names, unless it is, and measure; in a process of its own."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from allmende.commands.serve import collect_static_files

    kept = directory / "world"
    # Every role asks for everything; that most answer 404 or 405 is no news.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    logging.getLogger("allmende").setLevel(logging.WARNING)
    started = time.monotonic()
    if kept.exists():
        world = pickle.loads(kept.read_bytes())  # noqa: S301  our own
    else:
        collect_static_files()
        call_command("migrate", verbosity=0)
        world = fill(size)
        with_statistics()
    where = list(addresses(world))
    kept.write_bytes(pickle.dumps(world))
    filled = time.monotonic() - started
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
    meter = Meter()
    people = {role: Visitor(world.people[role]) for role in ROLES}
    found: dict[str, Any] = {}
    for role, visitor in people.items():
        for name, phase, address in where:
            if visitor.get(address).status_code == 200:
                found[f"{name} {role} {phase}"] = {
                    "name": name,
                    "role": role,
                    "phase": phase,
                    "address": address,
                    "is_page": visitor.kind.startswith("text/html"),
                    **meter.glance(lambda v=visitor, a=address: v.get(a)),  # type: ignore[misc]
                }
    dearest: dict[str, Any] = {}
    for visit in found.values():
        there = dearest.get(visit["name"])
        if there is None or total(visit) > total(there):
            dearest[visit["name"]] = visit
    if size == "full":
        for name, visit in dearest.items():
            somebody, address = people[visit["role"]], visit["address"]
            meter.measure(name, lambda _, v=somebody, a=address: v.get(a), repeat=REPEAT)  # type: ignore[misc]
            visit.update(meter.found[name])
    # A file of all municipalities is read in parts.
    queries = {key: visit["queries"] for key, visit in found.items() if visit["is_page"]}
    return {"seconds_to_fill": filled, "pages": dearest, "queries": queries}


def total(cost: dict[str, float]) -> float:
    """CPU time of both processes."""
    return cost["median"] + cost["server"]


def in_database(size: str, directory: Path) -> dict[str, Any]:
    """Measure in a database of its own, which is made if there is none in this directory."""
    directory.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "ALLMENDE_DATA_DIR": str(directory),
        "DJANGO_SETTINGS_MODULE": "allmende.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    if address := os.environ.get("ALLMENDE_DATABASE_URL"):
        name = f"pages_{size}"
        environment["ALLMENDE_DATABASE_URL"] = f"{address.rpartition('/')[0]}/bench_{name}"
        if not (directory / "world").exists():
            new_database(address, name)
    into = directory / "found.json"
    command = [sys.executable, __file__, "--size", size, "--keep", directory, "--into", into]
    subprocess.run(command, env=environment, check=True)
    found: dict[str, Any] = json.loads(into.read_text())
    return found


def rows_of(visits: list[dict[str, Any]], *, postgres: bool) -> Iterator[str]:
    """A Markdown table, the dearest first."""
    server = " PostgreSQL, ms |" if postgres else ""
    yield f"| Page | as | phase | queries | CPU, ms | p95, ms |{server}"
    yield "|---|---|---|---:|---:|---:|" + ("---:|" if postgres else "")
    for visit in sorted(visits, key=total, reverse=True):
        told = f" {visit['server']:.1f} |" if postgres else ""
        yield (
            f"| `{visit['name']}` | {visit['role']} | {visit['phase']} | {visit['queries']} | "
            f"{visit['median']:.1f} | {visit['p95']:.1f} |{told}"
        )


def main() -> int:
    """Measure at both sizes and compare; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--keep", type=Path, help="where databases stay for the next run")
    parser.add_argument("--size", choices=SIZES, help="one measurement, for itself")
    parser.add_argument("--into", type=Path, help="where its figures go")
    options = parser.parse_args()
    if options.into:
        options.into.write_text(json.dumps(measure_here(options.size, options.keep)))
        return 0
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as temporary:
        kept = options.keep or Path(temporary)
        sizes = [options.size] if options.size else SIZES
        found = {size: in_database(size, kept.resolve() / size) for size in sizes}
    full = found[sizes[-1]]
    postgres = bool(os.environ.get("ALLMENDE_DATABASE_URL"))
    print(
        f"\n{'PostgreSQL' if postgres else 'SQLite'}, filled in {full['seconds_to_fill']:.0f} s; "
        f"load of the machine: {os.getloadavg()[0]:.1f}\n"
    )
    visits = list(full["pages"].values())
    pages = [visit for visit in visits if visit["is_page"]]
    print("\n".join(rows_of(pages, postgres=postgres)) + "\n")
    print("No pages:\n")
    others = [visit for visit in visits if not visit["is_page"]]
    print("\n".join(rows_of(others, postgres=postgres)) + "\n")
    slow = [visit["name"] for visit in pages if total(visit) > MOST_MS]
    print(f"- {'MISSED' if slow else 'holds'}: at most {MOST_MS:.0f} ms of CPU {slow or ''}")
    few, many = (found[size]["queries"] for size in (sizes[0], sizes[-1]))
    uneven = [
        f"{page}: {few[page]} → {many.get(page)}" for page in few if many.get(page) != few[page]
    ]
    print(f"- {'MISSED' if uneven else 'holds'}: constant number of queries {uneven or ''}")
    return 1 if slow or uneven else 0


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        sys.exit(main())
