"""What waits for whoever is in charge of a concern: to check statements, to write, to close."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.accounts.rules import is_operator
from allmende.portal.offers import Task, TaskKind

from .. import queries
from ..models import Concern, ConcernState
from .complaints import complaint_tasks
from .words import marked

if TYPE_CHECKING:
    from allmende.accounts.models import User


def in_charge_tasks(user: "User") -> Iterator[Task]:
    """One task for each concern in which something waits; where no municipality is in charge, those
    who run the installation are.
    """
    for concern in queries.concerns_in_charge(user):
        if concern.state == ConcernState.OPEN:
            yield _check(concern)
        elif concern.state == ConcernState.POSITION:
            yield _write(concern)
        else:
            yield _close(concern)
    voting = queries.municipalities_of(user, *queries.VOTES)
    nobodys = Q(owner=None) if is_operator(user) else Q(pk=None)
    yield from complaint_tasks(Q(owner__in=voting) | nobodys)


def _check(concern: Concern) -> Task:
    n = concern.waiting_count
    title = ngettext("%(count)s neue Aussage prüfen", "%(count)s neue Aussagen prüfen", n)
    return Task(
        title=title % {"count": n},
        note=marked(concern, concern.question),
        url=reverse("forum:moderate", args=[concern.slug]),
        due=concern.deadline,
        kind=TaskKind.REVIEW,
    )


def _write(concern: Concern) -> Task:
    return Task(
        title=_("Gemeinsame Position schreiben: „%(question)s“") % {"question": concern.question},
        note=marked(concern, _("aus dem Ergebnis, Abschnitt für Abschnitt")),
        url=reverse("forum:position_draft", args=[concern.slug]),
        due=None,
        kind=TaskKind.WRITE,
    )


def _close(concern: Concern) -> Task:
    return Task(
        title=_("Anliegen abschließen: „%(question)s“") % {"question": concern.question},
        note=marked(concern, _("Zu allen Zusagen steht fest, was daraus wurde.")),
        url=concern.get_absolute_url(),
        due=None,
        kind=TaskKind.COMMITMENT,
    )
