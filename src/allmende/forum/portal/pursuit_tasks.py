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
    promisers = {mandate.organisation_id for mandate in queries.speaking_mandates(user)}
    yield from _answers(user)
    if promisers:
        yield from _due(promisers)
        yield from _to_judge(user)


def _answers(user: "User") -> Iterator[Task]:
    """Answers to write: hers, or where nobody is in charge; those to publish for who releases."""
    ministries = queries.ministries_of(user)
    if not ministries:
        return
    waiting = queries.with_open_sections(
        Concern.objects.filter(state=ConcernState.SENT, ministry__in=ministries)
    )
    releases = [mandate.organisation_id for mandate in mandates_with(Right.RELEASE, user)]
    names = {mandate.organisation_id: mandate.organisation.whose for mandate in mandates_of(user)}
    hers = Q(official=user) | queries.nobody_in_charge() | Q(open_sections=0, ministry__in=releases)
    for concern in waiting.filter(hers).order_by("answer_due", "pk")[:MOST_TASKS]:
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


def _due(organisations: set[int]) -> Iterator[Task]:
    """Commitments and their milestones whose day has passed or is near."""
    until = timezone.localdate() + SOON
    for commitment in queries.commitments_due(organisations, until=until):
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
