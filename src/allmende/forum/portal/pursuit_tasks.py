"""What waits for a person on the way from the answer to the commitment that is kept."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.portal.offers import Task, TaskKind
from allmende.registry.models import Right
from allmende.registry.queries import mandates_of, mandates_with

from .. import queries
from ..models import Commitment, Concern, ConcernState
from .words import marked

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_TASKS = 20
SOON = timedelta(days=14)


def pursuit_tasks(user: "User") -> Iterator[Task]:
    """Answers to write and commitments to keep, for a ministry; to judge, for the others."""
    yield from _answers(user)
    yield from _due(user)
    yield from _to_judge(user)


def waiting_answers(user: "User") -> list[Concern]:
    """Concerns whose answer is to be written: hers, or where nobody is in charge; those to publish for who
    releases. The ``MOST_TASKS`` that are due first; asked once a request.
    """

    def find() -> list[Concern]:
        ministries = queries.ministries_of(user)
        if not ministries:
            return []
        waiting = queries.with_open_sections(
            Concern.objects.filter(state=ConcernState.SENT, ministry__in=ministries)
        )
        releases = [mandate.organisation_id for mandate in mandates_with(Right.RELEASE, user)]
        ready = Q(open_sections=0, ministry__in=releases)
        hers = waiting.filter(Q(official=user) | queries.nobody_in_charge() | ready)
        return list(hers.order_by("answer_due", "pk")[:MOST_TASKS])

    return user.remember("waiting answers", find)


def near_commitments(user: "User") -> list[Commitment]:
    """What was promised in her name and is due soon, or overdue."""
    return queries.commitments_due(user, until=timezone.localdate() + SOON)


def _answers(user: "User") -> Iterator[Task]:
    names = {mandate.organisation_id: mandate.organisation.whose for mandate in mandates_of(user)}
    for concern in waiting_answers(user):
        left = concern.open_sections
        note = (
            ngettext("noch %(n)s Abschnitt offen", "noch %(n)s Abschnitte offen", left)
            % {"n": left}
            if left
            else _("bereit zur Veröffentlichung")
        )
        yield Task(
            title=_("Antwort schreiben: „%(question)s“") % {"question": concern.question},
            note=marked(concern, note),
            url=reverse("forum:federal_answer", args=[concern.slug]),
            due=concern.answer_due,
            kind=TaskKind.ANSWER,
            whose=names.get(concern.ministry_id or 0),
        )


def _due(user: "User") -> Iterator[Task]:
    """Commitments and their milestones whose day has passed or is near."""
    until = timezone.localdate() + SOON
    for commitment in near_commitments(user):
        if commitment.due_on <= until:
            yield _due_task(commitment)
        for milestone in commitment.due_milestones:
            yield Task(
                title=_("Etappe erreichen: %(title)s") % {"title": milestone.title},
                note=marked(commitment, commitment.what),
                url=f"{commitment.get_absolute_url()}#etappen",
                due=milestone.ends_at,
                kind=TaskKind.COMMITMENT,
                whose=commitment.organisation.whose,
            )


def _due_task(commitment: Commitment) -> Task:
    title = _("Überfällig: %(what)s") if commitment.is_overdue else _("Bald fällig: %(what)s")
    return Task(
        title=title % {"what": commitment.what},
        note=marked(commitment, _("Zusage · berichten oder Ergebnis feststellen")),
        url=commitment.get_absolute_url(),
        due=commitment.ends_at,
        kind=TaskKind.COMMITMENT,
        whose=commitment.organisation.whose,
    )


def _to_judge(user: "User") -> Iterator[Task]:
    """Commitments with an outcome that one's municipalities took part in and have not judged."""
    for commitment, organisation in queries.commitments_to_judge(user):
        address = reverse("commitments:judge", args=[commitment.pk])
        note = _("„%(what)s“ · für %(whose)s") % {"what": commitment.what, "whose": organisation}
        yield Task(
            title=_("Wurde die Zusage eingehalten?"),
            note=marked(commitment, note),
            url=f"{address}?fuer={organisation.slug}",
            due=None,
            kind=TaskKind.COMMITMENT,
            whose=organisation.whose,
        )
