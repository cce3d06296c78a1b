"""The most similar write of pretalx under the same load: reviewers score one submission after the other.

``make bench-pretalx`` runs it on PostgreSQL in a virtual environment of its own. Gunicorn answers with as many
processes and threads as ours does in ``votes.py``, and 32 reviewers save a score and open the next submission, to
which pretalx leads them, as fast as they can. pretalx shows the next submission in a second request, we in the
same answer; it keeps a log entry of each review as we keep a ballot of each vote.
"""

import datetime as dt
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from people import family_of, new_database
from voters import TOKEN, Person, play
from votes import PEOPLE, SECONDS, WARM_UP, cpu_of

SUBMISSIONS = 600
LOCATION = re.compile(rb"\r\nlocation: (\S+)", re.IGNORECASE)


class Reviewer(Person):
    """Saves a score and goes where that leads."""

    def __init__(self, port: int, session: str, address: str, scores: dict[str, Any]) -> None:
        super().__init__(port, {"Cookie": f"pretalx_session={session}; pretalx_csrftoken={TOKEN}"})
        self.address, self.scores = address, scores
        self.send("GET", address)

    def is_right(self, head: bytes, page: bytes) -> bool:
        return head.startswith(b"HTTP/1.1 302" if self.method == "POST" else b"HTTP/1.1 200")

    def go_on(self, head: bytes, page: bytes) -> bool:
        if self.method == "GET":
            self.send("POST", self.address, self.scores | {"review_submit": "save_and_next"})
            return True
        led = LOCATION.search(head)
        self.address = led[1].decode() if led else ""
        if self.address.endswith("/reviews/") and "/submissions/" in self.address:
            self.send("GET", self.address)
            return True
        return False


def fill() -> list[dict[str, Any]]:
    """An event with submissions in its review phase, and reviewers who have signed in."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django_scopes import scope, scopes_disabled
    from pretalx.event.models import Event, Organiser, Team
    from pretalx.person.models import User
    from pretalx.submission.models import Submission

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    start = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=30)
    with scopes_disabled():
        organiser = Organiser.objects.create(name="Bench", slug="bench")
        event = Event.objects.create(
            name="Bench",
            slug="bench",
            organiser=organiser,
            date_from=start,
            date_to=start + dt.timedelta(days=2),
            timezone="Europe/Berlin",
            email="bench@example.org",
            locale_array="en",
            locale="en",
        )
    with scope(event=event):
        if not event.score_categories.exists():
            event.build_initial_data()
        team = Team.objects.create(
            name="Reviewers", organiser=organiser, is_reviewer=True, all_events=True
        )
        kind = event.cfp.default_type
        for number in range(SUBMISSIONS):
            Submission.objects.create(
                event=event,
                title=f"Talk {number}",
                submission_type=kind,
                content_locale="en",
                abstract="About it. " * 20,
                state="submitted",
            )
        category = event.score_categories.get()
        scores = {f"score_{category.pk}": category.scores.last().pk, "text": "Good."}
        first = event.submissions.first().orga_urls.reviews
        reviewers = []
        for number in range(PEOPLE):
            user = User.objects.create_user(email=f"{number}@example.org", name=f"No {number}")
            team.members.add(user)
            client = Client()
            client.force_login(user)
            session = client.cookies["pretalx_session"].value
            reviewers.append({"session": session, "address": str(first), "scores": scores})
    return reviewers


def measure(reviewers: list[dict[str, Any]]) -> None:
    """Serve it, let them review, and print what came of it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    called = (
        *("-m", "gunicorn", "pretalx.wsgi:application", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--threads", "4", "--workers", "2", "--preload"),
    )
    server = subprocess.Popen([sys.executable, *called], start_new_session=True)
    try:
        for _ in range(600):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.1)
        before = cpu_of(server.pid)
        people = [Reviewer(port, **reviewer) for reviewer in reviewers]
        found = play(people, warm_up=WARM_UP, seconds=SECONDS)
        cpu = 1000 * (cpu_of(server.pid) - before) / found["accepted"]
        assert len(family_of(server.pid)) == 3  # noqa: S101  nobody died
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()
    print(
        f"\npretalx, load of the machine {os.getloadavg()[0]:.1f}: {found['per_second']:.0f} reviews a second for "
        f"{SECONDS:.0f} s, {PEOPLE} people; saving one takes {found['median']:.0f} ms in the median, p95 "
        f"{found['p95']:.0f} ms; {len(found['errors'])} errors. CPU a review with the next submission: web {cpu:.1f} ms.\n"
    )
    for error in found["errors"][:3]:
        print(error)


def main() -> int:
    """Measure in a new database and directory."""
    if "--here" in sys.argv:
        Path(os.environ["PRETALX_FILESYSTEM_DATA"], "reviewers").write_text(json.dumps(fill()))
        return 0
    import dj_database_url

    with tempfile.TemporaryDirectory(prefix="pretalx-bench-") as directory:
        address = new_database(os.environ["ALLMENDE_DATABASE_URL"], "pretalx")
        database = dj_database_url.parse(address)
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "pretalx.settings",
            "PRETALX_FILESYSTEM_DATA": directory,
            "PRETALX_FILESYSTEM_STATIC": f"{directory}/static",
            "PRETALX_DB_TYPE": "postgresql",
            "PRETALX_DB_HOST": database["HOST"],
            "PRETALX_DB_NAME": database["NAME"],
            "PRETALX_DB_USER": database["USER"],
        }
        subprocess.run([sys.executable, __file__, "--here"], check=True)
        measure(json.loads(Path(directory, "reviewers").read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
