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
from django.utils.translation import gettext_lazy as _
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
    menu=(MenuEntry(label=_("Betrieb"), url_name="desk", order=100, rule="accounts.operate"),),
    desk=(
        DeskEntry(
            _("Rückmeldungen zu Barrieren"),
            _("Was Menschen nicht benutzen konnten"),
            "desk_reports",
            60,
            queries.open_reports,
        ),
        DeskEntry(
            _("Seiten"),
            _("Impressum, Datenschutz, Barrierefreiheit, Leichte Sprache"),
            "desk_pages",
            70,
            queries.pages_with_gaps,
        ),
        DeskEntry(
            _("Aufträge im Hintergrund"),
            _("Was wartet, läuft und gescheitert ist"),
            "desk_jobs",
            80,
            queries.failed_jobs,
        ),
        DeskEntry(
            _("Aufbewahrung und Löschen"),
            _("Fristen und wann zuletzt gelöscht wurde"),
            "desk_retention",
            90,
            queries.failed_clearings,
        ),
    ),
    tick=tick,
    deeds={
        "portal.save_page": _("Seite gespeichert."),
        "portal.settle_report": _("Rückmeldung als erledigt vermerkt."),
        "portal.repeat_job": _("Auftrag wiederholt."),
    },
    kinds={"portal.PageVersion": _("Seite"), "portal.BarrierReport": _("Rückmeldung")},
    retention=(
        Retention(
            "portal.session",
            _("Sitzungen: wer in welchem Browser und von welchem Anschluss angemeldet ist"),
            timedelta(seconds=settings.SESSION_COOKIE_AGE),
            _(
                "Damit Sie angemeldet bleiben. Die Frist beginnt mit der Anmeldung; beim Abmelden ist die "
                "Sitzung sofort gelöscht."
            ),
            clear_sessions,
        ),
        Retention(
            "portal.count",
            _("Zähler der Versuche je Anschluss: Anmeldungen, neue Passwörter, Rückmeldungen"),
            timedelta(days=1),
            _("Damit niemand Passwörter durchprobiert oder das Haus mit Eingaben überschwemmt."),
            clear_counts,
        ),
        Retention(
            "portal.repeat",
            _(
                "Antworten auf Anfragen von Programmen, die ein Kennzeichen gegen doppeltes Ausführen tragen"
            ),
            timedelta(days=1),
            _("Damit dieselbe Anfrage, zweimal geschickt, ein Mal wirkt."),
            clear_repeats,
        ),
        Retention(
            "portal.orphan",
            _("Hochgeladene Dateien, die zu nichts gehören"),
            timedelta(days=1),
            _("Reste abgebrochener Eingaben."),
            services.clear_uploads,
        ),
        Retention(
            "portal.job",
            _("Erledigte und gescheiterte Aufträge im Hintergrund"),
            timedelta(days=30),
            _("Um Fehler zu finden; danach sind sie behoben oder vergessen."),
            clear_jobs,
        ),
        Retention(
            "portal.dump",
            _("Nächtliche Abzüge der offenen Daten"),
            dumps.KEPT,
            _(
                "Damit sich nachrechnen lässt, was zuletzt öffentlich war; der neueste bleibt immer."
            ),
            clear_dumps,
        ),
        Retention(
            "portal.report",
            _("Rückmeldungen zu Barrieren, auch mit E-Mail-Adresse, wenn angegeben"),
            timedelta(days=365),
            _("Ab der Erledigung. So lange kann ein Verfahren bei der Schlichtungsstelle dauern."),
            clear_reports,
        ),
        Retention(
            "portal.run",
            _("Protokoll der Löschläufe"),
            timedelta(days=1095),
            _("Um nachzuweisen, dass gelöscht wird; es enthält keine personenbezogenen Daten."),
            clear_runs,
        ),
        Retention(
            "portal.page",
            _("Frühere Fassungen von Impressum, Datenschutz und Barrierefreiheit"),
            None,
            _("Um nachzuweisen, was wann galt."),
        ),
        Retention(
            "audit.entry",
            _("Protokoll: wer wann was getan hat"),
            None,
            _(
                "Wer für eine Kommune gesprochen hat, muss nachvollziehbar bleiben; eine Kette von "
                "Prüfsummen macht jede Änderung sichtbar. Darum wird kein Eintrag gelöscht."
            ),
        ),
    ),
)
