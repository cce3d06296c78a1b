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
from ..models import Concern
from .words import marked

if TYPE_CHECKING:
    from allmende.accounts.models import User

MOST_TASKS = 20


def unattended_concerns(user: "User") -> list[Concern]:
    """The first ``MOST_TASKS`` concerns of her ministries of which nobody is in charge, for who releases
    there; asked once a request.
    """

    def find() -> list[Concern]:
        houses = [
            mandate.organisation_id
            for mandate in mandates_with(Right.RELEASE, user)
            if mandate.organisation.kind == OrganisationKind.MINISTRY
        ]
        if not houses:
            return []
        return list(queries.coming_to(houses).filter(queries.nobody_in_charge())[:MOST_TASKS])

    return user.remember("unattended concerns", find)


def concerns_without_ministry(user: "User") -> list[Concern]:
    """The first ``MOST_TASKS`` concerns without a ministry, for operators; asked once a request."""
    return user.remember(
        "concerns without ministry",
        lambda: list(queries.without_ministry()[:MOST_TASKS]) if is_operator(user) else [],
    )


def way_tasks(user: "User") -> Iterator[Task]:
    """Concerns of her ministry of which nobody is in charge; for operators, those without a ministry."""
    for concern in unattended_concerns(user):
        coming = _("Kommt auf Sie zu: Das Quorum ist erreicht.")
        yield Task(
            title=_("Übernehmen oder zuweisen: „%(question)s“") % {"question": concern.question},
            note=marked(concern, str(concern.ministry) if concern.answer_due else coming),
            url=reverse("forum:official", args=[concern.slug]),
            due=concern.answer_due,
            kind=TaskKind.ANSWER,
            whose=concern.ministry.whose if concern.ministry else None,
        )
    for concern in concerns_without_ministry(user):
        yield Task(
            title=_("Zuständiges Ministerium bestimmen: „%(question)s“")
            % {"question": concern.question},
            note=marked(concern, _("Das Quorum ist erreicht, und niemand ist zuständig.")),
            url=reverse("forum:ministry", args=[concern.slug]),
            due=concern.quorum_at,
            kind=TaskKind.REVIEW,
        )
