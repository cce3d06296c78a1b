"""What keeps an installation from going into service, and that a good one may."""

import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from tests.commands.test_cli import free_port, new_installation, run
from tests.factories import ConcernFactory, UserFactory, second_factor

from allmende.commands import check
from allmende.commands.production import faults_of_data, faults_of_settings, is_in_service
from allmende.portal.legal import PAGES
from allmende.portal.services import save_page

GOOD: dict[str, Any] = {
    "ORIGIN": "https://allmende.example",
    "ALLOWED_HOSTS": ["allmende.example"],
    "SECRET_KEY": "Xb3_kQ9-vR2tY7uW1zA5cD8eF0gH4iJ6lM3nO9pS2qT7rU1vW5xZ",
    "DEBUG": False,
    "MAIL_DELIVERY_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "allmende@allmende.example",
}


@pytest.fixture
def good(settings: LazySettings, tmp_path: Path) -> LazySettings:
    """Settings with which an installation may go into service."""
    tmp_path.chmod(0o700)
    for name, value in (GOOD | {"DATA_DIR": tmp_path}).items():
        setattr(settings, name, value)
    return settings


def test_good_settings_have_no_fault(good: LazySettings) -> None:
    assert is_in_service()
    assert list(faults_of_settings()) == []


@pytest.mark.parametrize(
    ("setting", "value", "says", "unsafe"),
    [
        ("DEBUG", True, "ALLMENDE_DEBUG ist gesetzt", True),
        ("SECRET_KEY", "not secret: only for tests", "ALLMENDE_SECRET_KEY ist zu kurz", True),
        ("SECRET_KEY", "django-insecure-" + GOOD["SECRET_KEY"], "ALLMENDE_SECRET_KEY ist", True),
        ("SECRET_KEY", "abc" * 20, "ALLMENDE_SECRET_KEY ist zu kurz", True),
        ("ORIGIN", "http://allmende.example", "ist unverschlüsselt", True),
        ("ALLOWED_HOSTS", ["*"], "ALLMENDE_HOSTS lässt jeden Namen zu", True),
        ("ALLOWED_HOSTS", ["localhost"], "In ALLMENDE_HOSTS fehlt allmende.example", True),
        (
            "MAIL_DELIVERY_BACKEND",
            "django.core.mail.backends.filebased.EmailBackend",
            "kein Mailserver",
            False,
        ),
        ("DEFAULT_FROM_EMAIL", "allmende@localhost", "Absenderadresse", False),
    ],
)
def test_each_fault_is_said_with_what_to_do(
    good: LazySettings, setting: str, value: object, says: str, unsafe: bool
) -> None:
    setattr(good, setting, value)
    (fault,) = faults_of_settings()
    assert (says in fault.says, fault.unsafe, bool(fault.remedy)) == (True, unsafe, True)


def test_demo_and_open_data_directory_are_faults(
    good: LazySettings,
) -> None:
    good.DEMO = True
    Path(good.DATA_DIR).chmod(0o755)
    assert [fault.remedy for fault in faults_of_settings()] == [
        "ALLMENDE_DEMO entfernen.",
        f"chmod o-rwx {good.DATA_DIR}",
    ]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://127.0.0.1:8000", False),
        ("http://localhost", False),
        ("http://[::1]:8000", False),
        ("http://192.168.1.5", True),
        ("https://localhost.example", True),
    ],
)
def test_in_service_is_what_others_reach(
    settings: LazySettings, origin: str, expected: bool
) -> None:
    settings.ORIGIN = origin
    assert is_in_service() == expected


@pytest.mark.django_db
def test_example_data_and_a_missing_operator_are_faults() -> None:
    ConcernFactory(is_example=True)
    assert [fault.unsafe for fault in faults_of_data()] == [True, False, False]


@pytest.mark.django_db
def test_what_is_still_to_do_is_said_until_it_is_done() -> None:
    ConcernFactory()
    operator = UserFactory(is_operator=True)
    gaps = "In diesen Seiten stehen noch Lücken: Impressum, Datenschutz, Erklärung zur "
    assert [fault.says[: len(gaps)] for fault in faults_of_data()][1:] == [gaps]
    for slug, page in PAGES.items():
        save_page(actor=operator, page=page, title=page.title, text=f"Seite {slug}", seen=0)
    assert [fault.says for fault in faults_of_data()] == [
        "1 von 1 Personen im Betrieb hat keinen zweiten Faktor."
    ]
    second_factor(operator)
    assert list(faults_of_data()) == []


def test_serve_does_not_start_unsafe_and_check_says_the_same(tmp_path: Path) -> None:
    environment = new_installation(tmp_path) | {
        "ALLMENDE_ORIGIN": "http://allmende.example",
        "ALLMENDE_DEBUG": "1",
    }
    result = run(environment, "serve", "--port", str(free_port()))
    assert (result.returncode, result.stdout) == (1, "")
    said = result.stderr.splitlines()
    assert said[0] == "Fehler: So ist der Betrieb nicht sicher:"
    assert [line.split()[0] for line in said[1:4]] == ["ALLMENDE_DEBUG", "Die", "In"]
    assert all("Abhilfe: " in line for line in said[1:])
    checked = run(environment, "check").stderr
    assert [line for line in said[1:] if line not in checked] == []


def test_check_finds_nothing_wrong_with_good_settings(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    environment = new_installation(tmp_path) | {
        "ALLMENDE_ORIGIN": "https://allmende.example",
        "ALLMENDE_HOSTS": "allmende.example",
        "ALLMENDE_MAIL_URL": "smtp://mail.example:587",
        "ALLMENDE_MAIL_FROM": "allmende@allmende.example",
    }
    assert run(environment, "check").stderr.splitlines() == [
        "Fehler: Die Installation hat Mängel:",
        "  Die Datenbank ist veraltet. Abhilfe: allmende migrate",
    ]


@pytest.mark.django_db
def test_check_misses_the_time_zones_of_the_system_where_sqlite_needs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as without:
        without.setenv("TZ", "UTC")
        time.tzset()
        found = list(check.faults())
    time.tzset()
    missing = "Dem System fehlt die Zeitzone Europe/Berlin. Abhilfe: das Paket tzdata installieren"
    assert set(found) - set(check.faults()) == (
        {missing} if connection.vendor == "sqlite" else set()
    )
