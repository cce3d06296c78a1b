"""What the frame offers to itself: the operator's desk, its own data and how long they are kept."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

import rules
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django_tasks_db.models import DBTaskResult

from . import queries, services
from .models import BarrierReport, CacheEntry, RepeatableRequest, RetentionRun
from .offers import DeskEntry, MenuEntry, Offer, Retention, Task, TaskKind, desk
from .open_data import dumps, nightly
from .retention import clear_what_is_due
from .search.legal_pages import LegalPages

if TYPE_CHECKING:
    from allmende.accounts.models import User


def clear_sessions(before: datetime) -> int:
    """Sessions know themselves when they end; what allauth notes of their browsers goes with them."""
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    ended = Session.objects.filter(expire_date__lt=timezone.now()).count()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    # Not those of this hour: theirs may be about to be saved.
    UserSession.objects.filter(last_seen_at__lt=timezone.now() - timedelta(hours=1)).exclude(
        session_key__in=Session.objects.values("session_key")
    ).delete()
    return ended


def clear_counts(before: datetime) -> int:
    """Entries of the cache know themselves when they end; Django only removes them when it is full."""
    return CacheEntry.objects.filter(expires__lt=timezone.now()).delete()[0]


def clear_repeats(before: datetime) -> int:
    """Keys of requests to the interface and how they were answered."""
    return RepeatableRequest.objects.filter(at__lt=before).delete()[0]


def clear_jobs(before: datetime) -> int:
    """Finished background work, whatever its end."""
    return DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()[0]


def clear_reports(before: datetime) -> int:
    """Messages about barriers, once settled."""
    return BarrierReport.objects.filter(settled_at__lt=before).delete()[0]


def clear_dumps(before: datetime) -> int:
    """Dumps of the open data, but never the newest."""
    return dumps.clear(before)


def clear_runs(before: datetime) -> int:
    return RetentionRun.objects.filter(started_at__lt=before).delete()[0]


def tasks(user: "User") -> Iterator[Task]:
    """What waits on the operator's desk."""
    if not rules.has_perm("accounts.operate", user):
        return
    for entry in desk():
        waiting = entry.waiting() if entry.waiting else 0
        if waiting:
            yield Task(
                title=gettext("%(what)s: %(count)s offen")
                % {"what": entry.label, "count": waiting},
                note=str(entry.note),
                url=reverse(entry.url_name),
                due=None,
                kind=TaskKind.REVIEW,
            )


def tick() -> None:
    """What is due every night."""
    clear_what_is_due()
    nightly.ask_for_dump()


offer = Offer(
    tasks=tasks,
    findable=(LegalPages(),),
    menu=(MenuEntry(label="Betrieb", url_name="desk", order=100, rule="accounts.operate"),),
    desk=(
        DeskEntry(
            "Rückmeldungen zu Barrieren",
            "Was Menschen nicht benutzen konnten",
            "desk_reports",
            60,
            queries.open_reports,
        ),
        DeskEntry(
            "Seiten",
            "Impressum, Datenschutz, Barrierefreiheit, Leichte Sprache",
            "desk_pages",
            70,
            queries.pages_with_gaps,
        ),
        DeskEntry(
            "Aufträge im Hintergrund",
            "Was wartet, läuft und gescheitert ist",
            "desk_jobs",
            80,
            queries.failed_jobs,
        ),
        DeskEntry(
            "Aufbewahrung und Löschen",
            "Fristen und wann zuletzt gelöscht wurde",
            "desk_retention",
            90,
            queries.failed_clearings,
        ),
    ),
    tick=tick,
    deeds={
        "portal.save_page": "Seite gespeichert.",
        "portal.settle_report": "Rückmeldung als erledigt vermerkt.",
        "portal.repeat_job": "Auftrag wiederholt.",
    },
    kinds={"portal.PageVersion": "Seite", "portal.BarrierReport": "Rückmeldung"},
    retention=(
        Retention(
            "portal.session",
            "Sitzungen: wer in welchem Browser und von welchem Anschluss angemeldet ist",
            timedelta(seconds=settings.SESSION_COOKIE_AGE),
            "Damit Sie angemeldet bleiben. Die Frist beginnt mit der Anmeldung; beim Abmelden ist die "
            "Sitzung sofort gelöscht.",
            clear_sessions,
        ),
        Retention(
            "portal.count",
            "Zähler der Versuche je Anschluss: Anmeldungen, neue Passwörter, Rückmeldungen",
            timedelta(days=1),
            "Damit niemand Passwörter durchprobiert oder das Haus mit Eingaben überschwemmt.",
            clear_counts,
        ),
        Retention(
            "portal.repeat",
            "Antworten auf Anfragen von Programmen, die ein Kennzeichen gegen doppeltes Ausführen tragen",
            timedelta(days=1),
            "Damit dieselbe Anfrage, zweimal geschickt, ein Mal wirkt.",
            clear_repeats,
        ),
        Retention(
            "portal.orphan",
            "Hochgeladene Dateien, die zu nichts gehören",
            timedelta(days=1),
            "Reste abgebrochener Eingaben.",
            services.clear_uploads,
        ),
        Retention(
            "portal.job",
            "Erledigte und gescheiterte Aufträge im Hintergrund",
            timedelta(days=30),
            "Um Fehler zu finden; danach sind sie behoben oder vergessen.",
            clear_jobs,
        ),
        Retention(
            "portal.dump",
            "Nächtliche Abzüge der offenen Daten",
            dumps.KEPT,
            "Damit sich nachrechnen lässt, was zuletzt öffentlich war; der neueste bleibt immer.",
            clear_dumps,
        ),
        Retention(
            "portal.report",
            "Rückmeldungen zu Barrieren, auch mit E-Mail-Adresse, wenn angegeben",
            timedelta(days=365),
            "Ab der Erledigung. So lange kann ein Verfahren bei der Schlichtungsstelle dauern.",
            clear_reports,
        ),
        Retention(
            "portal.run",
            "Protokoll der Löschläufe",
            timedelta(days=1095),
            "Um nachzuweisen, dass gelöscht wird; es enthält keine personenbezogenen Daten.",
            clear_runs,
        ),
        Retention(
            "portal.page",
            "Frühere Fassungen von Impressum, Datenschutz und Barrierefreiheit",
            None,
            "Um nachzuweisen, was wann galt.",
        ),
        Retention(
            "audit.entry",
            "Protokoll: wer wann was getan hat",
            None,
            "Wer für eine Kommune gesprochen hat, muss nachvollziehbar bleiben; eine Kette von "
            "Prüfsummen macht jede Änderung sichtbar. Darum wird kein Eintrag gelöscht.",
        ),
    ),
)
