"""An exercise with 200 players: how soon everybody sees what came, and whether anything confirmed is lost.

They play the blackout of 72 hours, its network spread over 20 municipalities: 20 roles of ten people each look at
their pages as browsers do. Each asks for the clock every 1.5 seconds and, when it says so, for what is new; two of
ten also have the situation open. The clock begins shortly before the power fails and runs 120 times as fast as
here, two and a half times as fast as it is meant to be played: injects come due, the simulation tells what fails, four messages a second go from role to role, people decide, two observe, the control turns the clock. The web
server answers as ``allmende serve`` has it. Then the server is killed in the middle, started anew, and all that was
confirmed must be there, once. The bars (issue on crises): what is new is on the pages within two seconds (95th
percentile) of all but what was written around the kill, which is told apart; four messages a second without loss.

``python benchmarks/exercise.py``, with ``bin/postgres-for`` on PostgreSQL.
"""

import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from exercise_players import (
    EACH,
    OBSERVERS,
    ROLES,
    SPEED,
    WITH_PICTURE,
    Browser,
    decide,
    observe,
    script,
    turn_the_clock,
)
from people import ROOT, new_database

MESSAGES, SECONDS = 4, 40.0
BEGIN = 145 * 60 * 1_000_000  # the power is out, stores run empty, and people are asked to decide
BAR_SECONDS = 2.0


async def play(port: int, told: dict[str, Any], *, kill: Any) -> dict[str, Any]:
    """Let 200 look and some write; kill the server in the middle of the second half."""
    players = [Browser(port, each) for each in told["players"]]
    aside = [
        Browser(port, each)
        for number, each in enumerate(told["players"])
        if number % EACH < WITH_PICTURE
    ]
    until = time.monotonic() + SECONDS + 12
    lookers = [asyncio.create_task(each.look(until)) for each in players]
    lookers += [asyncio.create_task(each.look_at_the_situation(until)) for each in aside]
    await asyncio.sleep(4)
    begin, begun = time.monotonic(), time.time()
    acting = [Browser(port, told["players"][role * EACH]) for role in range(ROLES)]
    leader, *observers = (Browser(port, each) for each in (told["control"], *told["observers"]))
    roles = [each.told["role"] for each in acting]
    end = begin + SECONDS
    deeds = [
        asyncio.create_task(deed)
        for deed in (
            decide(dict(zip(roles, acting, strict=True)), told["decisions"], end),
            turn_the_clock(leader, end),
            *(observe(each, end) for each in observers),
        )
    ]
    sent: dict[int, tuple[float, str]] = {}
    killing: asyncio.Task[tuple[float, float]] | None = None
    writing = []
    for number in range(1, int(MESSAGES * SECONDS) + 1):
        if killing is None and time.monotonic() > begin + SECONDS * 0.6:
            killing = asyncio.create_task(asyncio.to_thread(kill))
        recipient = roles[(number + 7) % ROLES]
        sent[number] = (time.monotonic(), recipient)
        writing.append(asyncio.create_task(acting[number % ROLES].write(number, recipient)))
        await asyncio.sleep(max(0.0, begin + number / MESSAGES - time.monotonic()))
    tries = sum(await asyncio.gather(*writing))
    choices, speeds, *observed = await asyncio.gather(*deeds)
    await asyncio.gather(*lookers)
    assert killing is not None  # noqa: S101
    down, up = await killing
    late: dict[str, list[float]] = {"else": [], "around": []}
    for message, (at, recipient) in sent.items():
        # Whoever writes two seconds before it, or while there is no server, waits for the server.
        which = "around" if down - 2 < at < up else "else"
        for browser in players:
            if browser.told["role"] == recipient:
                late[which].append(browser.seen.get(message, until) - at)
    return {
        "late": late,
        "unseen": sum(
            message not in browser.seen
            for message, (_at, recipient) in sent.items()
            for browser in players
            if browser.told["role"] == recipient
        ),
        "away": up - down,
        "sent": len(sent),
        "tries": tries,
        "choices": choices,
        "speeds": speeds,
        "observed": {key: said for each in observed for key, said in each.items()},
        "begun": begun,
        "came": [list(pair) for each in players for pair in each.came.items()],
        "kill": [time.time() - (time.monotonic() - at) for at in (down, up)],
        "took": [seconds for each in aside for seconds in each.took],
        "errors": [
            error
            for each in (*players, *aside, *acting, leader, *observers)
            for error in each.errors
        ],
    }


def prepare() -> dict[str, Any]:
    """Fill the database that the environment names, and begin; who plays, and with which session."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from allmende.accounts.models import User
    from allmende.commands.serve import collect_static_files
    from allmende.crisis.services import exercises as serve
    from allmende.formats.exercise_script.document import script_of
    from allmende.registry.models import Organisation, OrganisationKind

    collect_static_files()
    call_command("migrate", verbosity=0)
    User.objects.bulk_create(
        User(email=f"p{number}@example.org", name=f"P {number}")
        for number in range(ROLES * EACH + OBSERVERS + 1)
    )
    host = Organisation.objects.create(
        kind=OrganisationKind.NETWORK, name="Netz", slug="netz", search_key="netz"
    )
    director, *others = User.objects.order_by("pk")
    document = script()
    exercise = serve.add_exercise(
        actor=director, mandate=None, host=host, script=script_of(document)
    )

    def told(user: User, role: str = "") -> dict[str, str]:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user, backend="allmende.accounts.backends.AuthenticationBackend")
        session = client.cookies["sessionid"].value
        return {"session": session, "role": role, "address": exercise.get_absolute_url()}

    roles = [role["key"] for role in document["roles"] if not role.get("simulated")]
    players = []
    for number, user in enumerate(others[OBSERVERS:]):
        role = roles[number // EACH]
        serve.join(actor=user, exercise=exercise, kind="spiel", role=role)
        players.append(told(user, role))
    for user in others[:OBSERVERS]:
        serve.join(actor=user, exercise=exercise, kind="beobachtung", role="")
    serve.start_exercise(actor=director, exercise=exercise)
    serve.change_clock(actor=director, exercise=exercise, change="jump", value=BEGIN)
    found = {
        "players": players,
        "observers": [told(user) for user in others[:OBSERVERS]],
        "control": told(director),
        "decisions": document["decisions"],
    }
    connection.close()
    return found


class Server:
    """The web server; ``kill`` ends it as a power failure would, and starts it anew."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    def start(self) -> None:
        from allmende.commands.serve import server_arguments

        arguments = server_arguments(port=self.port)
        self.process = subprocess.Popen(arguments, start_new_session=True)
        for _ in range(600):
            try:
                urlopen(f"http://127.0.0.1:{self.port}/gesund/", timeout=60).close()
                return
            except OSError:
                time.sleep(0.05)

    def kill(self) -> tuple[float, float]:
        """When it was gone, and when it was there again."""
        down = time.monotonic()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.start()
        return down, time.monotonic()

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


def measure_here() -> dict[str, Any]:
    """Prepare it, serve it and let people play; then count."""
    told = prepare()
    server = Server()
    try:
        found = asyncio.run(play(server.port, told, kill=server.kill))
    finally:
        server.stop()
    return found | counted(found)


def counted(found: dict[str, Any]) -> dict[str, Any]:
    """What the database has of what was confirmed, and how late injects were."""
    from django.db import connection

    from allmende.crisis.models import Choice, ClockChange, Delivery, Exercise, Note, Observation
    from allmende.crisis.queries.games import Game
    from allmende.crisis.services import exercises as serve

    rows = {each.pk: each for each in Delivery.objects.all()}
    keys = {(each.inject, each.recipient): str(each.pk) for each in rows.values()}
    game = Game(Exercise.objects.get(), serve.microseconds())
    last = max(each.due for each in rows.values())
    speeds = ClockChange.objects.order_by("number").values_list("speed", flat=True)
    due = {pk: (game.clock.wall_of(each.due) or 0) / 1e6 for pk, each in rows.items()}
    begun, (down, up) = found["begun"], found["kill"]
    return {
        "stored": Note.objects.count(),
        "different": Note.objects.values("text").distinct().count(),
        "kept": {
            "decisions": found["choices"]
            == {str(key): option for key, option in Choice.objects.values_list("key", "option")},
            "observations": found["observed"]
            == {
                keys[each.inject, each.role] if each.inject else str(each.key): each.mark
                or each.text
                for each in Observation.objects.all()
            },
            "changes of the clock": [speed for speed, _same in groupby(speeds)]
            == [SPEED * 1_000, *found["speeds"]],
            "injects that somebody saw": {number for number, _at in found["came"]} <= set(rows),
            "injects of the script": {
                (cue.inject, recipient)
                for cue in game.cues
                if cue.enabled and cue.condition is None and cue.at is not None and cue.at <= last
                for recipient in cue.recipients
            }
            <= {each[:2] for each in Delivery.objects.values_list("inject", "recipient")},
        },
        "injects": len(rows),
        "injects_late": [
            at - due[number]
            for number, at in found["came"]
            # What came before everybody looked was on their pages with the first look.
            if due[number] > begun and not down - 2 < due[number] < up
        ],
        "vendor": connection.vendor,
    }


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]


def told_of(found: dict[str, Any]) -> str:
    """What was measured."""
    late, around, came = found["late"]["else"], found["late"]["around"], found["injects_late"]
    whole = late + around
    return (
        f"\n{found['vendor']}, load of the machine {os.getloadavg()[0]:.1f}: {ROLES * EACH} players, "
        f"{found['sent']} messages in {SECONDS:.0f} s; {len(around) // EACH} of them around the kill "
        f"(the server was away for {found['away']:.1f} s).\n"
        f"On the pages: {statistics.median(late):.2f} s (median), {p95(late):.2f} s (p95), {max(late):.2f} s "
        f"(last); around the kill {statistics.median(around):.2f} s, {max(around):.2f} s (last); "
        f"all together {p95(whole):.2f} s (p95).\n"
        f"{found['injects']} injects; those that came while everybody looked: {statistics.median(came):.2f} s (median), {p95(came):.2f} s (p95). "
        f"{len(found['took'])} looks at the situation: {statistics.median(found['took']):.2f} s (median), "
        f"{p95(found['took']):.2f} s (p95).\n{found['stored']} messages stored in {found['tries']} tries, "
        f"{len(found['choices'])} decisions, {len(found['observed'])} observations, "
        f"{len(found['speeds'])} changes of the clock; {len(found['errors'])} errors.\n"
    )


def main() -> int:
    """Measure in a new database; 1 if a bar is missed."""
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(measure_here()))
        return 0
    with tempfile.TemporaryDirectory(prefix="allmende-bench-") as directory:
        environment = os.environ | {
            "ALLMENDE_DATA_DIR": directory,
            "DJANGO_SETTINGS_MODULE": "allmende.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        if address := os.environ.get("ALLMENDE_DATABASE_URL"):
            environment["ALLMENDE_DATABASE_URL"] = new_database(address, "exercise")
        into = Path(directory, "found.json")
        subprocess.run([sys.executable, __file__, str(into)], env=environment, check=True)
        found = json.loads(into.read_text())
    print(told_of(found))
    bars = {
        f"on the pages within {BAR_SECONDS:.0f} s at the 95th percentile": p95(
            found["late"]["else"]
        )
        <= BAR_SECONDS,
        f"injects, too, within {BAR_SECONDS:.0f} s at the 95th percentile": p95(
            found["injects_late"]
        )
        <= BAR_SECONDS,
        "every message on the page of everybody whom it was for": not found["unseen"],
        "every confirmed message stored, none twice": found["sent"]
        == found["stored"]
        == found["different"],
        **{f"nothing lost and nothing twice: {what}": kept for what, kept in found["kept"].items()},
        f"{MESSAGES} messages a second": found["sent"] == MESSAGES * SECONDS,
        "somebody decides": bool(found["choices"]),
        "no error": not found["errors"],
    }
    for error in found["errors"][:3]:
        print(error)
    for what, holds in bars.items():
        print(f"- {'holds' if holds else 'MISSED'}: {what}")
    return 0 if all(bars.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
