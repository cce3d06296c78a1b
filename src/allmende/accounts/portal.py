"""What accounts offer to the frame."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.portal.offers import AccountEntry, Offer, Retention, Task, TaskKind

from . import queries, services, token_services

if TYPE_CHECKING:
    from .models import User


def tasks(user: "User") -> Iterator[Task]:
    """Who may do what is worth stealing is asked to protect it, today."""
    if user.needs_second_factor and not user.has_second_factor:
        yield Task(
            title=_("Zweiten Faktor einrichten"),
            note=_("Dauert zwei Minuten. Erst danach gelten Ihre Rechte."),
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
        AccountEntry(
            gettext_lazy("Name"), gettext_lazy("Wie Sie angesprochen werden"), "account_name", 10
        ),
        AccountEntry(
            gettext_lazy("Sprache"),
            gettext_lazy("Worin Sie lesen und wir Ihnen schreiben"),
            "account_language",
            15,
        ),
        AccountEntry(
            gettext_lazy("E-Mail-Adresse"),
            gettext_lazy("Womit Sie sich anmelden und wohin wir schreiben"),
            "account_email",
            20,
        ),
        AccountEntry(
            gettext_lazy("Passwort"),
            gettext_lazy("Ein neues wählen"),
            "account_change_password",
            30,
        ),
        AccountEntry(
            gettext_lazy("Zweiter Faktor"),
            gettext_lazy("Code aus einer App, Passkeys, Ersatzcodes"),
            "mfa_index",
            34,
        ),
        AccountEntry(
            gettext_lazy("Angemeldete Browser"),
            gettext_lazy("Wo Sie gerade angemeldet sind; andere beenden"),
            "usersessions_list",
            36,
        ),
        AccountEntry(
            gettext_lazy("Anmeldung über ein Verzeichnis"),
            gettext_lazy("Zum Beispiel das Ihrer Verwaltung"),
            "socialaccount_connections",
            38,
        ),
        AccountEntry(
            gettext_lazy("Schlüssel für Programme"),
            gettext_lazy("Damit ein Programm in Ihrem Namen liest oder schreibt"),
            "account_tokens",
            60,
        ),
        AccountEntry(
            gettext_lazy("Einwilligungen"),
            gettext_lazy("Was Sie erlauben, und seit wann"),
            "account_consents",
            80,
        ),
        AccountEntry(
            gettext_lazy("Kopie Ihrer Daten"),
            gettext_lazy("Alles, was hier über Sie steht"),
            "account_data",
            90,
        ),
        AccountEntry(
            gettext_lazy("Konto löschen"),
            gettext_lazy("Was dann verschwindet und was bleibt"),
            "account_delete",
            100,
        ),
    ),
    kinds={"accounts.User": gettext_lazy("Konto")},
    retention=(
        Retention(
            "accounts.token",
            gettext_lazy("Schlüssel für Programme, abgelaufen oder widerrufen"),
            timedelta(days=90),
            gettext_lazy(
                "Damit Sie sehen, welcher Schlüssel wann zuletzt benutzt wurde. Der Schlüssel selbst ist nie "
                "gespeichert."
            ),
            token_services.clear_tokens,
        ),
        Retention(
            "accounts.unconfirmed",
            gettext_lazy("Konten, deren E-Mail-Adresse niemand bestätigt hat"),
            timedelta(days=7),
            gettext_lazy(
                "So lange lässt sich die Adresse noch bestätigen. Danach steht sie wieder allen offen."
            ),
            services.clear_unconfirmed,
        ),
    ),
    deeds={
        "accounts.invite_person": gettext_lazy("Konto angelegt."),
        "accounts.make_operator": gettext_lazy("In den Betrieb aufgenommen."),
        "accounts.end_operator": gettext_lazy("Aus dem Betrieb entlassen."),
        "accounts.add_factor": gettext_lazy("Zweiten Faktor eingerichtet."),
        "accounts.remove_factor": gettext_lazy("Zweiten Faktor entfernt."),
        "accounts.change_name": gettext_lazy("Namen geändert."),
        "accounts.give_consent": gettext_lazy("Einwilligung gegeben."),
        "accounts.withdraw_consent": gettext_lazy("Einwilligung zurückgenommen."),
        "accounts.make_token": gettext_lazy("Schlüssel für ein Programm gemacht."),
        "accounts.revoke_token": gettext_lazy("Schlüssel für ein Programm widerrufen."),
        "accounts.delete_account": gettext_lazy("Konto gelöscht."),
    },
)
