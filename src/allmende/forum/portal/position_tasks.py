"""What waits for a person about joint positions: to write one, to say whether one is endorsed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from allmende.portal.offers import Task
from allmende.registry.models import Mandate
from allmende.registry.queries import mandates_with

from .. import queries
from ..models import Concern, ConcernState, SealedPosition
from .words import marked

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_TASKS = 20


def position_tasks(user: "User") -> Iterator[Task]:
    """Positions that one's organisations may endorse, and those they have to write."""
    mandates = {
        mandate.organisation_id: mandate
        for right in queries.VOTES
        for mandate in mandates_with(right, user)
        if not queries.needs_release(user, mandate)
    }
    if mandates:
        yield from _to_endorse(mandates)
    yield from _to_write(user)


def _to_endorse(mandates: dict[int, Mandate]) -> Iterator[Task]:
    """Where an organisation voted or co-signed, and has not said anything about the newest edition."""
    for concern, organisation in queries.silent_about_positions(list(mandates)):
        address = reverse("forum:give_word", args=[concern.slug])
        yield Task(
            title=_("Position liegt vor: mittragen oder Sondervotum zu „%(question)s“")
            % {"question": concern.question},
            note=marked(concern, str(organisation)),
            url=f"{address}?als={organisation.slug}",
            due=concern.answer_due,
        )


def _to_write(user: "User") -> Iterator[Task]:
    """Where voting has ended and no edition is sealed yet."""
    mandates = [m for right in queries.WRITES for m in mandates_with(right, user)]
    if not mandates:
        return
    regions = {m.organisation.region_id for m in mandates if m.organisation.region_id}
    organisations = {m.organisation_id for m in mandates}
    waiting = (
        Concern.objects.filter(state=ConcernState.POSITION)
        .filter(Q(owner__in=regions) | Q(rapporteurs__in=organisations))
        .exclude(pk__in=SealedPosition.objects.values("concern"))
        .distinct()
        .order_by("deadline", "pk")
    )
    for concern in waiting[:MOST_TASKS]:
        yield Task(
            title=_("Gemeinsame Position schreiben: „%(question)s“")
            % {"question": concern.question},
            note=marked(concern, _("aus dem Ergebnis, Abschnitt für Abschnitt")),
            url=reverse("forum:position_draft", args=[concern.slug]),
            due=None,
        )
