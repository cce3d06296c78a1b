"""What waits for somebody before a concern can go on: a ministry, and a person in charge there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from allmende.accounts.rules import is_operator
from allmende.portal.offers import Task, TaskKind
from allmende.registry.models import OrganisationKind, Right
from allmende.registry.queries import mandates_with

from .. import queries
from ..models import ConcernQuerySet
from .words import marked

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_TASKS = 20


def _unattended(houses: list[int]) -> ConcernQuerySet:
    return queries.coming_to(houses).filter(queries.nobody_in_charge())[:MOST_TASKS]


def way_tasks(user: "User") -> Iterator[Task]:
    """Concerns of her ministry of which nobody is in charge; for operators, those without a ministry."""
    houses = [
        mandate.organisation_id
        for mandate in mandates_with(Right.RELEASE, user)
        if mandate.organisation.kind == OrganisationKind.MINISTRY
    ]
    for concern in _unattended(houses) if houses else ():
        coming = _("Kommt auf Sie zu: Das Quorum ist erreicht.")
        yield Task(
            title=_("Übernehmen oder zuweisen: „%(question)s“") % {"question": concern.question},
            note=marked(concern, str(concern.ministry) if concern.answer_due else coming),
            url=reverse("forum:official", args=[concern.slug]),
            due=concern.answer_due,
            kind=TaskKind.ANSWER,
            whose=concern.ministry.whose if concern.ministry else None,
        )
    if not is_operator(user):
        return
    for concern in queries.without_ministry()[:MOST_TASKS]:
        yield Task(
            title=_("Zuständiges Ministerium bestimmen: „%(question)s“")
            % {"question": concern.question},
            note=marked(concern, _("Das Quorum ist erreicht, und niemand ist zuständig.")),
            url=reverse("forum:ministry", args=[concern.slug]),
            due=concern.quorum_at,
            kind=TaskKind.REVIEW,
        )
