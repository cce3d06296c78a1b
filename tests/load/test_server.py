"""The web server as ``allmende serve`` starts it: what becomes of it when its processes are killed."""

import os
import signal
from pathlib import Path

import pytest

from tests.load.installation import Installation, wait_until


@pytest.mark.slow
@pytest.mark.one_database
def test_a_process_that_is_killed_and_whose_successor_is_killed_is_there_again(
    installation: Installation,
) -> None:
    """Which Granian itself takes for a fault that will not end."""
    installation.start_server()
    first = installation.web_processes()
    second = killed(installation, first[0], among=first)
    (successor,) = set(second) - set(first)
    third = killed(installation, successor, among=second)
    assert not set(third) & set(second)  # all are new: it has begun anew
    installation.wait_until_it_answers()
    assert installation.running["server"].poll() is None


def killed(installation: Installation, process: int, *, among: list[int]) -> list[int]:
    """Kill a process; those that are there once there are as many again."""
    os.kill(process, signal.SIGKILL)

    def replaced() -> bool:
        now = installation.web_processes()
        return len(now) == len(among) and process not in now

    wait_until(replaced)
    return installation.web_processes()


@pytest.mark.slow
@pytest.mark.one_database
@pytest.mark.parametrize("answering", [True, False], ids=["it answers", "it begins"])
def test_processes_end_with_the_server_however_it_ends(
    installation: Installation, answering: bool
) -> None:
    """Regression: told to end by SIGTERM before they could answer, processes stayed."""
    installation.start_server(wait=answering)
    wait_until(lambda: bool(installation.web_processes()))
    processes = installation.web_processes()
    server = installation.running.pop("server")
    server.kill()
    server.wait()
    wait_until(lambda: not any(Path("/proc", str(pid)).exists() for pid in processes))
