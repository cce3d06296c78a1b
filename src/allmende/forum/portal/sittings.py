"""What sittings offer to the frame: tasks, words for their deeds, how long names are kept."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from allmende.portal.offers import Retention, Task, TaskKind

from ..models import Attendance, Sitting, SittingState
from ..queries.sittings import hosted_sittings, waiting_invitations

if TYPE_CHECKING:
    from allmende.accounts.models import User

notices = {"forum.sitting": gettext_lazy("Sitzungen: Vorschläge und Protokolle")}

deeds = {
    "forum.add_series": gettext_lazy("Sitzungsreihe angelegt."),
    "forum.change_series": gettext_lazy("Sitzungsreihe geändert."),
    "forum.add_members": gettext_lazy("Mitglieder aufgenommen."),
    "forum.remove_member": gettext_lazy("Mitglied entfernt."),
    "forum.add_sitting": gettext_lazy("Sitzung geplant."),
    "forum.change_sitting": gettext_lazy("Sitzung geändert."),
    "forum.invite_members": gettext_lazy("Mitglieder eingeladen."),
    "forum.invite_more": gettext_lazy("Mitglieder nachträglich eingeladen."),
    "forum.begin_sitting": gettext_lazy("Sitzung begonnen."),
    "forum.cancel_sitting": gettext_lazy("Sitzung abgesagt."),
    "forum.answer_invitation": gettext_lazy("Einladung beantwortet."),
    "forum.add_item": gettext_lazy("Punkt auf die Tagesordnung genommen."),
    "forum.propose_item": gettext_lazy("Punkt vorgeschlagen."),
    "forum.accept_item": gettext_lazy("Vorgeschlagenen Punkt aufgenommen."),
    "forum.decline_item": gettext_lazy("Vorgeschlagenen Punkt nicht aufgenommen."),
    "forum.move_item": gettext_lazy("Tagesordnung umgestellt."),
    "forum.remove_item": gettext_lazy("Punkt von der Tagesordnung genommen."),
    "forum.note_attendance": gettext_lazy("Anwesenheit vermerkt."),
    "forum.close_minutes": gettext_lazy("Protokoll geschlossen."),
    "forum.add_addendum": gettext_lazy("Nachtrag zum Protokoll geschrieben."),
}

kinds = {"forum.Series": gettext_lazy("Sitzungsreihe"), "forum.Sitting": gettext_lazy("Sitzung")}


def invitations(user: "User") -> list[Attendance]:
    """``waiting_invitations``, asked once a request."""
    return user.remember("waiting invitations", lambda: waiting_invitations(user))


def hosted(user: "User") -> list[Sitting]:
    """``hosted_sittings``, asked once a request."""
    return user.remember("hosted sittings", lambda: hosted_sittings(user))


def tasks(user: "User") -> Iterator[Task]:
    """Invitations to answer, proposals to decide on, minutes to close."""
    for invitation in invitations(user):
        sitting = invitation.sitting
        due = sitting.answer_by
        yield Task(
            title=_("Einladung beantworten: %(title)s") % {"title": sitting.title},
            note=f"{invitation.organisation} · {_at(sitting.starts_at)}",
            url=reverse("sittings:answer", args=[invitation.pk]),
            due=timezone.make_aware(datetime.combine(due, time(23, 59)))
            if due
            else sitting.starts_at,
            kind=TaskKind.SITTING,
            whose=invitation.organisation.whose,
        )
    for sitting in hosted(user):
        waiting: int = sitting.waiting  # type: ignore[attr-defined]
        if waiting:
            yield Task(
                title=ngettext(
                    "%(count)d Vorschlag für die Tagesordnung",
                    "%(count)d Vorschläge für die Tagesordnung",
                    waiting,
                )
                % {"count": waiting},
                note=sitting.title,
                url=reverse("sittings:agenda", args=[sitting.pk]),
                due=sitting.starts_at,
                kind=TaskKind.SITTING,
            )
        if sitting.state == SittingState.RUNNING and sitting.ends_at < timezone.now():
            yield Task(
                title=_("Protokoll schließen: %(title)s") % {"title": sitting.title},
                note=_("Die Sitzung ist zu Ende. Danach ist das Protokoll öffentlich."),
                url=reverse("sittings:minutes", args=[sitting.pk]),
                due=sitting.ends_at + timedelta(days=14),
                kind=TaskKind.SITTING,
            )


def _at(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def clear_guests(before: datetime) -> int:
    """Who came without an account: only whoever invites needs that, and only around the sitting."""
    named = Attendance.objects.filter(sitting__ends_at__lt=before).exclude(who="")
    return named.update(who="")


retention = (
    Retention(
        "forum.sitting",
        gettext_lazy("Sitzungen, Tagesordnungen und Protokolle"),
        None,
        gettext_lazy(
            "Sie sind öffentlich und halten fest, was beschlossen und zugesagt wurde. Anwesend sind darin "
            "Organisationen, keine Personen."
        ),
    ),
    Retention(
        "forum.guest",
        gettext_lazy("Namen von Menschen ohne Konto, die zu einer Sitzung kommen"),
        timedelta(days=365),
        gettext_lazy(
            "Ab dem Ende der Sitzung. Wer einlädt, braucht sie für Einlass und Nachfragen."
        ),
        clear_guests,
    ),
)
