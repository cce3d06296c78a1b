"""What accounts offer to the frame."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from allmende.portal.offers import AccountEntry, Offer, Retention, Task, TaskKind

from . import queries, services, token_services

if TYPE_CHECKING:
    from .models import User


def tasks(user: "User") -> Iterator[Task]:
    """Who may do what is worth stealing is asked to protect it, today."""
    if user.needs_second_factor and not user.has_second_factor:
        yield Task(
            title="Zweiten Faktor einrichten",
            note="Dauert zwei Minuten. Erst danach gelten Ihre Rechte.",
            url=reverse("mfa_index"),
            due=timezone.make_aware(datetime.combine(timezone.localdate(), time(23, 59))),
            kind=TaskKind.ACCOUNT,
        )


offer = Offer(
    tasks=tasks,
    needs_second_factor=lambda user: user.is_operator,
    personal_data=queries.personal_data,
    forget=services.forget,
    account=(
        AccountEntry("Name", "Wie Sie angesprochen werden", "account_name", 10),
        AccountEntry(
            "E-Mail-Adresse", "Womit Sie sich anmelden und wohin wir schreiben", "account_email", 20
        ),
        AccountEntry("Passwort", "Ein neues wählen", "account_change_password", 30),
        AccountEntry(
            "Zweiter Faktor", "Code aus einer App, Passkeys, Ersatzcodes", "mfa_index", 34
        ),
        AccountEntry(
            "Sitzungen", "Wo Sie gerade angemeldet sind; andere beenden", "usersessions_list", 36
        ),
        AccountEntry(
            "Anmeldung über ein Verzeichnis",
            "Zum Beispiel das Ihrer Verwaltung",
            "socialaccount_connections",
            38,
        ),
        AccountEntry(
            "Schlüssel für Programme",
            "Damit ein Programm in Ihrem Namen liest oder schreibt",
            "account_tokens",
            60,
        ),
        AccountEntry("Einwilligungen", "Was Sie erlauben, und seit wann", "account_consents", 80),
        AccountEntry("Kopie Ihrer Daten", "Alles, was hier über Sie steht", "account_data", 90),
        AccountEntry(
            "Konto löschen", "Was dann verschwindet und was bleibt", "account_delete", 100
        ),
    ),
    kinds={"accounts.User": "Konto"},
    retention=(
        Retention(
            "accounts.token",
            "Schlüssel für Programme, abgelaufen oder widerrufen",
            timedelta(days=90),
            "Damit Sie sehen, welcher Schlüssel wann zuletzt benutzt wurde. Der Schlüssel selbst ist nie "
            "gespeichert.",
            token_services.clear_tokens,
        ),
        Retention(
            "accounts.unconfirmed",
            "Konten, deren E-Mail-Adresse niemand bestätigt hat",
            timedelta(days=7),
            "So lange lässt sich die Adresse noch bestätigen. Danach steht sie wieder allen offen.",
            services.clear_unconfirmed,
        ),
    ),
    deeds={
        "accounts.invite_person": "Konto angelegt.",
        "accounts.make_operator": "In den Betrieb aufgenommen.",
        "accounts.end_operator": "Aus dem Betrieb entlassen.",
        "accounts.add_factor": "Zweiten Faktor eingerichtet.",
        "accounts.remove_factor": "Zweiten Faktor entfernt.",
        "accounts.change_name": "Namen geändert.",
        "accounts.give_consent": "Einwilligung gegeben.",
        "accounts.withdraw_consent": "Einwilligung zurückgenommen.",
        "accounts.make_token": "Schlüssel für ein Programm gemacht.",
        "accounts.revoke_token": "Schlüssel für ein Programm widerrufen.",
        "accounts.delete_account": "Konto gelöscht.",
    },
)
