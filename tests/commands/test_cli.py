"""The command line as operators meet it: German, with 0, 1 or 2 at the end."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.conftest import ROOT

COMMAND = [sys.executable, "-m", "allmende.cli"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return new_installation(tmp_path)


def new_installation(directory: Path) -> dict[str, str]:
    """A new installation: an empty data directory, no settings, an English terminal."""
    settings = ("ALLMENDE_", "DJANGO_")  # a browser in the same process has set one of Django's
    kept = {name: value for name, value in os.environ.items() if not name.startswith(settings)}
    return kept | {
        "ALLMENDE_DATA_DIR": str(directory),
        "DJANGO_SETTINGS_MODULE": "allmende.settings",
        "LANG": "en_US.UTF-8",
        "PYTHONPATH": str(ROOT / "src"),
    }


@pytest.fixture(scope="module")
def demo_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The same after ``allmende demo --no-serve``, shared by the tests of the demo."""
    environment = new_installation(tmp_path_factory.mktemp("demo"))
    result = run(environment, "demo", "--no-serve")
    assert result.returncode == 0, result.stderr
    return environment | {"FIRST_START": result.stdout}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A new installation after ``allmende migrate``, shared by tests that leave it as it was."""
    environment = new_installation(tmp_path_factory.mktemp("installation"))
    before = run(environment, "check")
    assert run(environment, "migrate").returncode == 0
    return environment | {"BEFORE": f"{before.returncode}{before.stdout}{before.stderr}"}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd="/",
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_demo(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[str]]:
    """The demo on a port; a test that fails does not wait for its end."""
    with subprocess.Popen(
        [*COMMAND, "demo", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
    ) as demo:
        try:
            yield demo
        finally:
            demo.kill()


def wait_for(url: str) -> str:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urlopen(url) as response:
                return str(response.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_help_lists_the_commands_in_german(environment: dict[str, str]) -> None:
    result = run(environment, "--help")
    assert result.returncode == 0
    assert "Aufruf: allmende [OPTIONEN] BEFEHL" in result.stdout
    assert "Zeigt diese Hilfe." in result.stdout
    assert re.search(r"  demo +Füllt Beispieldaten ein", result.stdout)
    english = {"Usage", "Options", "Commands", "Show"}
    assert {word for word in english if word in result.stdout} == set()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["denmo"], "Den Befehl „denmo“ gibt es nicht."),
        (["demo", "--prot", "1"], "Die Option „--prot“ gibt es nicht."),
        (["demo", "--port", "viele"], "„viele“ ist keine Zahl."),
        (["demo", "--port", "0"], "0 liegt nicht im Bereich 1<=x<=65535."),
        (["demo", "--port"], "Die Option „--port“ braucht einen Wert."),
        (["demo", "noch", "etwas"], "Diese Angaben sind zu viel: noch etwas"),
        (["import", "alles"], "Den Befehl „alles“ gibt es nicht."),
    ],
)
def test_bad_input_is_named_in_german_and_ends_with_2(
    environment: dict[str, str], arguments: list[str], message: str
) -> None:
    result = run(environment, *arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Fehler: " in result.stderr


def test_every_command_explains_itself(environment: dict[str, str]) -> None:
    for command in ("demo", "serve", "worker", "tick", "migrate", "check", "import"):
        result = run(environment, command, "--help")
        assert result.returncode == 0
        assert f"Aufruf: allmende {command}" in result.stdout


@pytest.mark.xdist_group("installation")
def test_check_says_what_is_missing_and_is_content_after_migrate(
    installation: dict[str, str],
) -> None:
    assert installation["BEFORE"].startswith("1")
    assert "Abhilfe: allmende migrate" in installation["BEFORE"]
    after = run(installation, "check")
    assert (after.returncode, after.stdout) == (0, "Alles in Ordnung.\n")


def test_a_database_that_does_not_answer_is_said_without_a_traceback(
    environment: dict[str, str],
) -> None:
    environment["ALLMENDE_DATABASE_URL"] = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    for words in (["migrate"], ["check"], ["demo", "--no-serve"]):
        result = run(environment, *words)
        assert result.returncode == 1
        assert "Die Datenbank antwortet nicht" in result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [["tick"], ["operator", "olga@example.org", "--name", "Olga"]])
def test_a_database_without_tables_is_said_without_a_traceback(
    words: list[str], environment: dict[str, str]
) -> None:
    result = run(environment, *words)
    assert (result.returncode, "allmende migrate" in result.stderr) == (1, True)
    assert "Traceback" not in result.stderr


@pytest.mark.xdist_group("installation")
def test_votes_are_imported_into_a_new_installation(
    installation: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "votes.csv").write_text("voter-id,comment-id,vote\na,1,1\n")
    result = run(installation, "import", "votes", str(tmp_path / "votes.csv"))
    assert (result.returncode, "Neues Anliegen" in result.stdout) == (0, True), result.stderr


@pytest.mark.xdist_group("installation")
def test_tick_and_worker_have_nothing_to_do_in_a_new_installation(
    installation: dict[str, str],
) -> None:
    assert run(installation, "tick").returncode == 0
    assert run(installation, "worker", "--once").returncode == 0


@pytest.mark.xdist_group("installation")
def test_worker_stops_when_it_is_told_to(installation: dict[str, str]) -> None:
    with subprocess.Popen(
        [*COMMAND, "worker"], env=installation, stdout=subprocess.PIPE, text=True, cwd="/"
    ) as worker:
        assert worker.stdout
        assert "wartet auf Aufträge" in worker.stdout.readline()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0


@pytest.mark.slow
@pytest.mark.xdist_group("demo")
def test_demo_started_again_finds_everything_as_it_was(demo_environment: dict[str, str]) -> None:
    path = Path(demo_environment["ALLMENDE_DATA_DIR"], "allmende.sqlite3")
    before = contents(path)
    started = time.monotonic()
    again = run(demo_environment, "demo", "--no-serve")
    assert time.monotonic() - started < 10
    assert again.returncode == 0
    assert set(again.stdout.splitlines()) <= set(demo_environment["FIRST_START"].splitlines())
    assert contents(path) == before


@pytest.mark.slow
@pytest.mark.xdist_group("demo")
def test_everything_in_the_demo_can_be_found(demo_environment: dict[str, str]) -> None:
    """Much of what is invented comes without deeds, by which a search otherwise hears of things."""
    path = Path(demo_environment["ALLMENDE_DATA_DIR"], "allmende.sqlite3")
    there, found = (
        "SELECT COUNT(*) FROM forum_concern",
        "SELECT COUNT(*) FROM portal_searchentry WHERE kind = 'forum.concern'",
    )
    with closing(sqlite3.connect(path)) as database:
        counts = [database.execute(sql).fetchone()[0] for sql in (there, found)]
    assert counts[0] == counts[1] > 5


def contents(path: Path) -> list[str]:
    """All that a database holds."""
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def test_demo_says_when_its_port_is_taken(environment: dict[str, str], tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = run(environment, "demo", "--port", str(port))
    assert result.returncode == 1
    assert f"Der Anschluss {port} ist belegt." in result.stderr
    assert not (tmp_path / "allmende.sqlite3").exists()


@pytest.mark.slow
@pytest.mark.xdist_group("demo")
def test_demo_serves_what_a_browser_needs_and_ends_with_ctrl_c(
    demo_environment: dict[str, str],
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with running_demo(demo_environment, port) as demo:
        page = wait_for(url)
        style = page.split('rel="stylesheet" href="')[-1].split('"')[0]
        with urlopen(f"http://127.0.0.1:{port}{style}") as response:
            assert "immutable" in response.headers["Cache-Control"]
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        demo.send_signal(signal.SIGINT)
        assert demo.wait(timeout=30) == 0
        assert demo.stdout
        assert url in demo.stdout.read()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.slow
@pytest.mark.xdist_group("demo")
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children")
def test_killing_the_demo_ends_its_children(demo_environment: dict[str, str]) -> None:
    port = free_port()
    with running_demo(demo_environment, port) as demo:
        wait_for(f"http://127.0.0.1:{port}/gesund/")
        demo.kill()
    deadline = time.monotonic() + 20
    with socket.socket() as probe:
        while probe.connect_ex(("127.0.0.1", port)) == 0:
            assert time.monotonic() < deadline
            time.sleep(0.05)
