"""Cost of pages with 200,000 accounts, 60,000 mandates and all municipalities, in queries and CPU time.

``make bench`` runs it on SQLite, and with ``bin/postgres-for`` on PostgreSQL. In ``../shared/data`` it
finds the register of all 10,754 municipalities; without it, it invents as many.

Each page is asked for through all of Django, middleware included. CPU time is that of the thread that
answers: on SQLite the database is in it; that of PostgreSQL's process comes on top and has a column of
its own. A page must take as many queries at full size as with 400 accounts, and 50 ms at most, a vote 15. A sign-in
is told with and without Argon2, whose cost is chosen (docs/decisions/0021-argon2-in-19-mib.md).
"""

import argparse
import gc
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
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
REGISTER = ROOT.parent / "shared/data/municipalities/AuszugGV4QAktuell_2024.xlsx"
MUNICIPALITIES, FEW = 10_754, 60
REPEAT, WARM_UP = 40, 3
LOAD = 600  # pages for 32 people at once
MOST_MS = 50.0
HELD = ("start page", "organisation", "sign-in")  # the pages of which that is asked
VOTE, MOST_MS_OF_A_VOTE = "vote (htmx: with the next statement)", 15.0
SIGN_IN = "sign-in, known browser"


class Meter:
    """Asks for pages and notes what they cost."""

    def __init__(self) -> None:
        from django.db import connection

        import allmende.wsgi  # noqa: F401  from here on garbage is collected as in a served process

        self.connection = connection
        self.found: dict[str, dict[str, float]] = {}
        self.server = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def measure(
        self,
        page: str,
        ask: Callable[[int], Any],
        *,
        status: int = 200,
        warm_up: int = WARM_UP,
        repeat: int = REPEAT,
    ) -> None:
        """Ask several times; ``ask`` gets the number of the attempt and returns the answer."""
        from django.test.utils import CaptureQueriesContext

        for number in range(warm_up):
            answer = ask(number)
            assert answer.status_code == status, (page, answer.status_code)  # noqa: S101
        with CaptureQueriesContext(self.connection) as queries:
            ask(warm_up)
        captured = queries.captured_queries
        asked = len(captured)  # later requests empty the log
        costs = []
        before = self._server_seconds()
        for number in range(warm_up + 1, warm_up + 1 + repeat):
            started = time.thread_time()
            answer = ask(number)
            costs.append(1000 * (time.thread_time() - started))
            assert answer.status_code == status, (page, answer.status_code)  # noqa: S101
        if os.environ.get("SHOW_QUERIES"):
            print(f"COSTS {page} {[round(cost) for cost in costs]}", file=sys.stderr)
        self.found[page] = {
            "queries": asked,
            "mean": statistics.fmean(costs),
            "median": statistics.median(costs),
            "p95": statistics.quantiles(costs, n=20)[-1] if repeat > 1 else costs[0],
            "server": 1000 * (self._server_seconds() - before) / repeat,
        }
        if os.environ.get("SHOW_QUERIES"):
            print(f"--- {page}", file=sys.stderr)
            for query in captured:
                print(f"{query['time']} {query['sql'][:600]}", file=sys.stderr)

    def glance(self, ask: Callable[[], Any]) -> dict[str, float]:
        """What one answer costs, that somebody writes down its queries included."""
        from django.test.utils import CaptureQueriesContext

        before, started = self._server_seconds(), time.thread_time()
        with CaptureQueriesContext(self.connection) as queries:
            ask()
        cost = 1000 * (time.thread_time() - started)
        return {
            "queries": len(queries.captured_queries),
            "median": cost,
            "p95": cost,
            "server": 1000 * (self._server_seconds() - before),
        }

    def _server_seconds(self) -> float:
        """CPU time of PostgreSQL's process that serves us."""
        return int(self.server.read_text().split()[0]) / 1e9 if self.server else 0.0


def measure_pages(country: Any) -> dict[str, dict[str, float]]:
    """All pages of the bar and some more."""
    from django.contrib.auth.hashers import check_password
    from django.test import Client
    from django.urls import reverse

    meter = Meter()

    def client(user: Any = None) -> Client:
        made = Client(SERVER_NAME="127.0.0.1")
        if user:
            made.force_login(user, backend="allmende.accounts.backends.AuthenticationBackend")
        return made

    anyone = client()
    for page, asking in [
        ("start page, one mandate", client(country.with_one)),
        ("start page, 20 mandates", client(country.with_many)),
        ("start page, operator", client(country.operator)),
        ("start page, anonymous", anyone),
    ]:
        meter.measure(page, lambda _, asking=asking: asking.get("/"))  # type: ignore[misc]
    for people, organisation in country.organisations.items():
        address = organisation.get_absolute_url()
        meter.measure(f"organisation, {people} people", lambda _, a=address: anyone.get(a))  # type: ignore[misc]
    listed = reverse("registry:organisations")
    meter.measure("list of organisations", lambda _: anyone.get(listed))
    meter.measure("list of organisations, searched", lambda _: anyone.get(listed, {"q": "linden"}))
    asking = client(country.operator)
    meter.measure("operator's desk", lambda _: asking.get(reverse("desk")))
    for page, name in (("organisations", "desk_organisations"), ("mandates", "desk_mandates")):
        address = reverse(f"registry:{name}")
        meter.measure(f"operator's list of {page}", lambda _, a=address: asking.get(a))  # type: ignore[misc]
    voting, vote = client(country.with_one), reverse("forum:vote", args=[country.concern.slug])
    shown = voting.get(vote)
    meter.measure("page to vote", lambda _: voting.get(vote))

    def cast(number: int) -> Any:
        """Vote on what was shown last; the answer shows the next."""
        nonlocal shown
        [statement] = set(re.findall(r'name="statement" value="(\d+)"', shown.content.decode()))
        answers = {"statement": statement, "stand": number % 3 - 1}
        shown = voting.post(vote, answers, headers={"HX-Request": "true"})
        return shown

    meter.measure(VOTE, cast)
    login = reverse("account_login")
    # One client for all of them: a new one would begin by loading Django's middleware.
    browser, cookies = client(), [SimpleCookie() for _ in country.without]

    def sign_in(number: int) -> Any:
        """Each from an address of her own: else the limit of attempts would count."""
        browser.cookies = cookies[number]
        browser.cookies.pop("sessionid", None)
        answers = {"login": country.without[number].email, "password": country_password()}
        return browser.post(login, answers, REMOTE_ADDR=f"10.0.{number}.1")

    meter.measure("sign-in, new browser (mail)", sign_in, status=302)
    meter.measure(SIGN_IN, sign_in, status=302)
    stored = country.with_one.password
    costs = []
    for _ in range(REPEAT):
        started = time.thread_time()
        check_password(country_password(), stored)
        costs.append(1000 * (time.thread_time() - started))
    meter.found["Argon2 alone"] = {
        "queries": 0,
        "mean": statistics.fmean(costs),
        "p95": statistics.quantiles(costs, n=20)[-1],
        "server": 0.0,
    }
    return meter.found


def measure_load(country: Any) -> dict[str, float]:
    """Memory of the web processes while 32 people ask for their start page, and how fast it comes."""
    from concurrent.futures import ThreadPoolExecutor
    from urllib.request import Request, urlopen

    from django.db import connection
    from django.test import Client

    from allmende.commands.serve import server_arguments

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(country.with_one, backend="allmende.accounts.backends.AuthenticationBackend")
    session = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    connection.close()
    server = subprocess.Popen(server_arguments(port=port), start_new_session=True)
    request = Request(f"http://127.0.0.1:{port}/", headers=session)
    try:
        for _ in range(600):
            try:
                urlopen(request).read()  # noqa: S310
                break
            except OSError:
                time.sleep(0.1)
        started = time.monotonic()
        with ThreadPoolExecutor(32) as pool:
            pages = list(pool.map(lambda _: len(urlopen(request).read()), range(LOAD)))  # noqa: S310
        seconds = time.monotonic() - started
        memory = [memory_of(pid) for pid in family_of(server.pid)]
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
    return {
        "requests_per_second": len(pages) / seconds,
        "first_process_mb": memory[0],
        "web_process_mb": max(memory[1:]),
    }


def family_of(pid: int) -> list[int]:
    """A process and its children."""
    children = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            if int(path.read_text().rpartition(")")[2].split()[1]) == pid:
                children.append(int(path.parent.name))
    return [pid, *children]


def memory_of(pid: int) -> float:
    """Resident memory in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def country_password() -> str:
    from population import PASSWORD

    return PASSWORD


def measure_here(size: str) -> dict[str, Any]:
    """Fill the database that the environment names and measure; in a process of its own."""
    import django

    django.setup()
    from django.core.management import call_command

    from allmende.commands.serve import collect_static_files
    from population import FULL, SMALL, fill

    collect_static_files()
    call_command("migrate", verbosity=0)
    if size == "full" and REGISTER.exists():
        subprocess.run(
            [sys.executable, "-m", "allmende.cli", "import", "municipalities", str(REGISTER)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    started = time.monotonic()
    full = size == "full"
    country = fill(FULL if full else SMALL, MUNICIPALITIES if full else FEW)
    with_statistics()
    # A web process has not filled the database, and keeps what it started with (wsgi.py).
    gc.collect()
    gc.freeze()
    filled = time.monotonic() - started
    pages = measure_pages(country)
    load = measure_load(country)
    return {"seconds_to_fill": filled, "pages": pages, "load": load}


def with_statistics() -> None:
    """What PostgreSQL's autovacuum does by itself within a minute; SQLite when a connection closes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def in_new_database(size: str) -> dict[str, Any]:
    """One measurement in a new database, in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as directory:
        environment = os.environ | {
            "ALLMENDE_DATA_DIR": directory,
            "DJANGO_SETTINGS_MODULE": "allmende.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        if address := os.environ.get("ALLMENDE_DATABASE_URL"):
            environment["ALLMENDE_DATABASE_URL"] = new_database(address, size)
        done = subprocess.run(
            [sys.executable, __file__, "--size", size, "--into", f"{directory}/found.json"],
            env=environment,
            check=False,
        )
        if done.returncode:
            raise SystemExit(done.returncode)
        found: dict[str, Any] = json.loads(Path(directory, "found.json").read_text())
        return found


def new_database(address: str, name: str) -> str:
    """Make a database beside the one of the address, and return its own."""
    import dj_database_url
    import psycopg

    parts = dj_database_url.parse(address)
    with psycopg.connect(
        host=parts["HOST"], user=parts["USER"], dbname=parts["NAME"], autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE bench_{name}")
    return f"{address.rpartition('/')[0]}/bench_{name}"


def rows_of(small: dict[str, Any], full: dict[str, Any], *, postgres: bool) -> Iterator[str]:
    """A Markdown table."""
    server = " PostgreSQL, ms |" if postgres else ""
    yield f"| Page | queries | with 400 accounts | CPU, ms | p95, ms |{server}"
    yield "|---|---:|---:|---:|---:|" + ("---:|" if postgres else "")
    for page, cost in full.items():
        told = f" {cost['server']:.1f} |" if postgres else ""
        yield (
            f"| {page} | {cost['queries']} | {small[page]['queries']} | "
            f"{cost['mean']:.1f} | {cost['p95']:.1f} |{told}"
        )


def main() -> int:
    """Measure at both sizes and compare; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--size", choices=("small", "full"), help="one measurement, for itself")
    parser.add_argument("--into", type=Path, help="where its figures go")
    options = parser.parse_args()
    if options.size:
        options.into.write_text(json.dumps(measure_here(options.size)))
        return 0
    found = {size: in_new_database(size) for size in ("small", "full")}
    small, full = found["small"]["pages"], found["full"]["pages"]
    postgres = bool(os.environ.get("ALLMENDE_DATABASE_URL"))
    print(
        f"\n{'PostgreSQL' if postgres else 'SQLite'}, filled in {found['full']['seconds_to_fill']:.0f} s; ",
        end="",
    )
    print(f"load of the machine: {os.getloadavg()[0]:.1f}\n")
    print("\n".join(rows_of(small, full, postgres=postgres)) + "\n")
    load = found["full"]["load"]
    print(
        f"32 people at once, three web processes: {load['requests_per_second']:.0f} start pages a second; "
        f"{load['web_process_mb']:.0f} MB for each web process, "
        f"{load['first_process_mb']:.0f} MB for the one that starts them.\n"
    )
    constant = [page for page in full if full[page]["queries"] != small[page]["queries"]]
    argon = full["Argon2 alone"]["mean"]
    slow = [
        page
        for page, cost in full.items()
        if page.startswith(HELD)
        and cost["mean"] + cost["server"] - argon * page.startswith("sign-in") > MOST_MS
    ]
    print(f"- {'MISSED' if constant else 'holds'}: constant number of queries {constant or ''}")
    print(
        f"- {'MISSED' if slow else 'holds'}: at most {MOST_MS:.0f} ms of CPU for {', '.join(HELD)} {slow or ''}"
    )
    vote = full[VOTE]["mean"] + full[VOTE]["server"]
    dear = vote > MOST_MS_OF_A_VOTE
    print(
        f"- {'MISSED' if dear else 'holds'}: at most {MOST_MS_OF_A_VOTE:.0f} ms of CPU for a vote ({vote:.1f})"
    )
    return 1 if constant or slow or dear else 0


if __name__ == "__main__":
    sys.exit(main())
