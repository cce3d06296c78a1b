"""No line of the log names a person, her computer or a secret link."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from allmende.portal.logs import KnownRoutes, MaskingFormatter, masked

KEY = "MjU:1vLk2a:x9_aGZ8-kJ3"


@pytest.fixture
def lines() -> object:
    """What our handler writes while a test runs."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(MaskingFormatter("{levelname} {name}: {message}", style="{"))
    handler.addFilter(KnownRoutes())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mail to Anna.Ahrens+x@stadt.example.de failed", "mail to ‹E-Mail› failed"),
        ("<anna@example.org>, bob@example.org", "<‹E-Mail›>, ‹E-Mail›"),
        ("Key (email)=(anna@example.org) exists", "Key (email)=(‹E-Mail›) exists"),
        ("from 203.0.113.7:4711", "from ‹IP›:4711"),
        ("from 2001:db8::8a2e:370:7334 now", "from ‹IP› now"),
        ("/suche/?q=Anna+Ahrens HTTP/1.1", "/suche/?… HTTP/1.1"),
        (f"/konto/e-mail/{KEY}/", "/konto/e-mail/‹…›/"),
        # What helps to find a fault stays.
        ("at 12:34:56 in django 5.2.19", "at 12:34:56 in django 5.2.19"),
        (
            'File "/srv/allmende/portal/migrations/0001_initial_things.py", line 3',
            'File "/srv/allmende/portal/migrations/0001_initial_things.py", line 3',
        ),
        ("/forum/wie-schuetzt-der-bund/", "/forum/wie-schuetzt-der-bund/"),
        ("Really? yes", "Really? yes"),
    ],
)
def test_what_is_personal_is_masked_and_the_rest_stays(line: str, said: str) -> None:
    assert masked(line) == said


@pytest.mark.django_db
def test_errors_and_warnings_of_requests_name_nobody(
    client: Client, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("anna@example.org has no mandate")

    strict = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.7")
    strict.post("/konto/anmelden/", {"login": "anna@example.org", "password": "Geheim12"})
    client.get("/gibt/es/anna@example.org/nicht/?q=Ahrens")
    client.get("/impressum/", headers={"host": "anna@example.org"})
    monkeypatch.setattr("allmende.portal.context.menu", fail)
    client.raise_request_exception = False
    client.get(f"/konto/e-mail/{KEY}/?next=/Ahrens/")
    log = lines.getvalue()
    assert [word for word in ("anna@", "Geheim12", "Ahrens", "203.0.113", KEY) if word in log] == []
    assert "WARNING django.security.csrf: Forbidden (CSRF cookie not set.): /konto/anmelden/" in log
    assert "ERROR django.request: Internal Server Error: /konto/e-mail/<str:key>/" in log
    assert "RuntimeError: ‹E-Mail› has no mandate" in log


def test_the_settings_use_both() -> None:
    handler = settings.LOGGING["handlers"]["console"]
    assert handler["filters"] == ["routes"]
    formatter = settings.LOGGING["formatters"][handler["formatter"]]
    assert formatter["()"] == "allmende.portal.logs.MaskingFormatter"


@pytest.fixture
def _the_servers_log() -> Iterator[None]:
    """As it was before, however a server sets it up: its handler writes to a stream that ends with the test."""
    ours = [logging.getLogger(name) for name in ("_granian", "granian.access")]
    before = [(log, log.handlers[:], log.level, log.propagate) for log in ours]
    yield
    for log, handlers, level, propagate in before:
        log.handlers[:], log.propagate = handlers, propagate
        log.setLevel(level)


@pytest.mark.usefixtures("_the_servers_log")
def test_the_server_masks_its_own_lines_and_keeps_no_access_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from granian.log import logger

    from allmende.server import make_server

    assert not make_server(port=8000, processes=1).log_access
    logger.error("Invalid request from ip=203.0.113.7: anna@example.org")
    said = capsys.readouterr().err
    assert "Invalid request from ip=‹IP›: ‹E-Mail›" in said
