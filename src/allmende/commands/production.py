"""What must not be wrong where people work with an installation, and what to do about it.

An installation is in service when its address (``ALLMENDE_ORIGIN``) is not this computer's own.
``allmende check`` names everything, ``allmende serve`` does not start while something is unsafe.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

SHORTEST_KEY = 50
KNOWN_KEYS = ("django-insecure", "not secret")


@dataclass(frozen=True)
class Fault:
    """What is wrong and what to do; ``unsafe`` where the server must not start with it."""

    says: str
    remedy: str
    unsafe: bool = True

    def __str__(self) -> str:
        return f"{self.says} Abhilfe: {self.remedy}"


def is_in_service() -> bool:
    """Whether other people reach this installation."""
    host = urlsplit(settings.ORIGIN).hostname or ""
    return host not in {"127.0.0.1", "::1", "localhost"} and not host.endswith(".localhost")


def faults() -> Iterator[Fault]:
    """Everything that is wrong in service. Needs ``django.setup()`` and a database up to date."""
    yield from faults_of_settings()
    yield from faults_of_data()


def faults_of_settings() -> Iterator[Fault]:
    """What is wrong with the environment and the data directory."""
    origin = urlsplit(settings.ORIGIN)
    host = origin.hostname or ""
    if settings.DEBUG:
        yield Fault(
            "ALLMENDE_DEBUG ist gesetzt: Fehlerseiten zeigen Besuchern das Innere.",
            "ALLMENDE_DEBUG entfernen.",
        )
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < 10 or key.startswith(KNOWN_KEYS):
        yield Fault(
            "ALLMENDE_SECRET_KEY ist zu kurz oder bekannt: Wer ihn errät, kann sich als jede Person "
            "anmelden.",
            "die Einstellung entfernen; dann wird ein guter Schlüssel erzeugt und abgelegt.",
        )
    if settings.DEMO:
        yield Fault(
            "ALLMENDE_DEMO ist gesetzt: Die Anmeldungen der Beispieldaten sind allen bekannt.",
            "ALLMENDE_DEMO entfernen.",
        )
    if origin.scheme != "https":
        yield Fault(
            f"Die Adresse {settings.ORIGIN} ist unverschlüsselt: Passwörter wären unterwegs lesbar.",
            "einen Proxy mit TLS davorstellen und ALLMENDE_ORIGIN=https://… setzen.",
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield Fault(
            "ALLMENDE_HOSTS lässt jeden Namen zu: Verweise in Mails ließen sich fälschen.",
            f"ALLMENDE_HOSTS={host} setzen.",
        )
    elif not validate_host(host, settings.ALLOWED_HOSTS):
        yield Fault(
            f"In ALLMENDE_HOSTS fehlt {host}: Der Server würde jede Anfrage ablehnen.",
            f"ALLMENDE_HOSTS={','.join([*settings.ALLOWED_HOSTS, host])} setzen.",
        )
    folder = Path(settings.DATA_DIR)
    if folder.exists() and folder.stat().st_mode & 0o007:
        yield Fault(
            f"Das Datenverzeichnis {folder} ist für alle auf diesem Rechner lesbar.",
            f"chmod o-rwx {folder}",
        )
    if settings.MAIL_DELIVERY_BACKEND.endswith("filebased.EmailBackend"):
        yield Fault(
            "Es ist kein Mailserver eingestellt: Bestätigungen und Einladungen kommen nicht an.",
            "ALLMENDE_MAIL_URL=smtp://name:passwort@server:587 setzen.",
            unsafe=False,
        )
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield Fault(
            "Die Absenderadresse der Mails ist noch die Vorgabe.",
            f"ALLMENDE_MAIL_FROM=allmende@{host} setzen.",
            unsafe=False,
        )


def faults_of_data() -> Iterator[Fault]:
    """What is wrong with the people and things in the database."""
    from allmende.accounts.models import User
    from allmende.forum.models import Concern
    from allmende.portal.queries import unfinished_pages

    if Concern.objects.filter(is_example=True).exists():
        yield Fault(
            "In der Datenbank liegen Beispieldaten; zu ihnen gehören Anmeldungen mit bekanntem Passwort.",
            "mit einer leeren Datenbank beginnen, zum Beispiel mit einem neuen ALLMENDE_DATA_DIR.",
        )
    operators = list(User.objects.with_second_factor().filter(is_operator=True, is_active=True))
    if not operators:
        yield Fault(
            "Niemand betreibt diese Installation: Anfragen und Rückmeldungen blieben liegen.",
            'allmende operator ADRESSE --name "NAME"',
            unsafe=False,
        )
    without = sum(not operator.found_second_factor for operator in operators)
    if without:
        yield Fault(
            f"{without} von {len(operators)} Personen im Betrieb "
            f"{'hat' if without == 1 else 'haben'} keinen zweiten Faktor.",
            "unter „Ihr Konto“ einen zweiten Faktor einrichten.",
            unsafe=False,
        )
    unfinished = [text.page.title for text in unfinished_pages()]
    if unfinished:
        yield Fault(
            f"In diesen Seiten stehen noch Lücken: {', '.join(unfinished)}.",
            "unter „Betrieb“ → „Seiten“ ausfüllen, was in eckigen Klammern steht.",
            unsafe=False,
        )
