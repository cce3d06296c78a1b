"""Programs that are killed in the middle of whatever they do, while people are at work."""

import os
import random
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from django.db import connection

from tests.load.installation import Installation, pause

# What is killed, by turns in an order of chance: most often what is there again soonest.
KILLED = ("web process", "web process", "worker", "web process", "connection", "server")
BETWEEN = 8  # accepted deeds from one to the next


def kills(without: int) -> int:
    """How often something is killed; ``without`` the environment saying so."""
    return int(os.environ.get("ALLMENDE_KILLS", without))


def kill_by_turns(
    installation: Installation,
    chance: random.Random,
    *,
    times: int,
    accepted: Callable[[], int],
    acting: list[Future[None]],
) -> None:
    """Kill one thing after the other, each time after some more deeds were accepted."""
    for what in _order_of_kills(chance, times):
        _wait_for_more(accepted, acting)
        pause(chance.uniform(0, 0.1))
        _kill(what, installation, chance)
    _wait_for_more(accepted, acting)


def _order_of_kills(chance: random.Random, times: int) -> Iterator[str]:
    for number in range(times):
        if number % len(KILLED) == 0:
            turn = chance.sample(KILLED, len(KILLED))
        yield turn[number % len(KILLED)]


def _wait_for_more(accepted: Callable[[], int], acting: list[Future[None]]) -> None:
    """Let some more deeds be accepted, so that each kill hits people at work."""
    before = accepted()
    while accepted() < before + BETWEEN and not any(deeds.done() for deeds in acting):
        pause(0.005)


def _kill(what: str, installation: Installation, chance: random.Random) -> None:
    """Kill it in the middle of whatever it does; start again what nobody else does."""
    if what == "worker":
        installation.kill("worker")
        installation.start_worker()
    elif what == "server":
        installation.kill("server")
        installation.start_server()
    elif what == "connection" and connection.vendor == "postgresql":
        _end_a_connection()
    else:
        os.kill(chance.choice(installation.web_processes()), signal.SIGKILL)


def _end_a_connection() -> None:
    """End a connection of the server. With ``ALLMENDE_KILLS`` the cluster is ours alone: SIGKILL to the
    process behind it, after which PostgreSQL starts all over and recovers from its log."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pid {others} AND state IS NOT NULL ORDER BY query_start DESC LIMIT 1"
        )
        found = cursor.fetchone()
        if found and "ALLMENDE_KILLS" not in os.environ:
            cursor.execute("SELECT pg_terminate_backend(%s)", found)
    connection.close()
    if found and "ALLMENDE_KILLS" in os.environ:
        os.kill(found[0], signal.SIGKILL)


def assert_the_database_is_whole(installation: Installation) -> None:
    """Its pages fit one another, and the audit log has no gap."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
    verified = installation.run("audit", "verify")
    assert verified.returncode == 0, verified.stdout
