"""What sittings offer to the frame: tasks, words for their deeds, how long names are kept."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from allmende.portal.offers import Retention, Task, TaskKind

from ..models import Attendance, SittingState
from ..queries.sittings import hosted_sittings, waiting_invitations

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_TASKS = 20

notices = {"forum.sitting": gettext_noop("Sitzungen: Vorschläge und Protokolle")}

deeds = {
    "forum.add_series": gettext_noop("Sitzungsreihe angelegt."),
    "forum.change_series": gettext_noop("Sitzungsreihe geändert."),
    "forum.add_members": gettext_noop("Mitglieder aufgenommen."),
    "forum.remove_member": gettext_noop("Mitglied entfernt."),
    "forum.add_sitting": gettext_noop("Sitzung geplant."),
    "forum.change_sitting": gettext_noop("Sitzung geändert."),
    "forum.invite_members": gettext_noop("Mitglieder eingeladen."),
    "forum.invite_more": gettext_noop("Mitglieder nachträglich eingeladen."),
    "forum.begin_sitting": gettext_noop("Sitzung begonnen."),
    "forum.cancel_sitting": gettext_noop("Sitzung abgesagt."),
    "forum.answer_invitation": gettext_noop("Einladung beantwortet."),
    "forum.add_item": gettext_noop("Punkt auf die Tagesordnung genommen."),
    "forum.propose_item": gettext_noop("Punkt vorgeschlagen."),
    "forum.accept_item": gettext_noop("Vorgeschlagenen Punkt aufgenommen."),
    "forum.decline_item": gettext_noop("Vorgeschlagenen Punkt nicht aufgenommen."),
    "forum.move_item": gettext_noop("Tagesordnung umgestellt."),
    "forum.remove_item": gettext_noop("Punkt von der Tagesordnung genommen."),
    "forum.note_attendance": gettext_noop("Anwesenheit vermerkt."),
    "forum.close_minutes": gettext_noop("Protokoll geschlossen."),
    "forum.add_addendum": gettext_noop("Nachtrag zum Protokoll geschrieben."),
}

kinds = {"forum.Series": gettext_noop("Sitzungsreihe"), "forum.Sitting": gettext_noop("Sitzung")}


def tasks(user: "User") -> Iterator[Task]:
    """Invitations to answer, proposals to decide on, minutes to close."""
    for invitation in waiting_invitations(user)[:MOST_TASKS]:
        sitting = invitation.sitting
        due = sitting.answer_by
        yield Task(
            title=_("Einladung beantworten: %(title)s") % {"title": sitting.title},
            note=f"{invitation.organisation} · {timezone.localtime(sitting.starts_at):%d.%m.%Y, %H:%M}",
            url=reverse("sittings:answer", args=[invitation.pk]),
            due=timezone.make_aware(datetime.combine(due, time(23, 59)))
            if due
            else sitting.starts_at,
            kind=TaskKind.SITTING,
            whose=invitation.organisation.whose,
        )
    for sitting in hosted_sittings(user)[:MOST_TASKS]:
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


def clear_guests(before: datetime) -> int:
    """Who came without an account: only whoever invites needs that, and only around the sitting."""
    named = Attendance.objects.filter(sitting__ends_at__lt=before).exclude(who="")
    return named.update(who="")


retention = (
    Retention(
        "forum.sitting",
        "Sitzungen, Tagesordnungen und Protokolle",
        None,
        "Sie sind öffentlich und halten fest, was beschlossen und zugesagt wurde. Anwesend sind darin "
        "Organisationen, keine Personen.",
    ),
    Retention(
        "forum.guest",
        "Namen von Menschen ohne Konto, die zu einer Sitzung kommen",
        timedelta(days=365),
        "Ab dem Ende der Sitzung. Wer einlädt, braucht sie für Einlass und Nachfragen.",
        clear_guests,
    ),
)
