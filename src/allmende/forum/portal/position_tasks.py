"""What waits for a person about joint positions: to say whether one is endorsed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from allmende.portal.offers import Task, TaskKind

from .. import queries
from .words import marked

if TYPE_CHECKING:
    from allmende.accounts.models import User


def position_tasks(user: "User") -> Iterator[Task]:
    """Where an organisation voted or co-signed, and has not said anything about the newest edition."""
    organisations = {mandate.organisation_id for mandate in queries.speaking_mandates(user)}
    if not organisations:
        return
    for concern, organisation in queries.silent_about_positions(list(organisations)):
        address = reverse("forum:give_word", args=[concern.slug])
        yield Task(
            title=_("Position liegt vor: mittragen oder Sondervotum zu „%(question)s“")
            % {"question": concern.question},
            note=marked(concern, str(organisation)),
            url=f"{address}?als={organisation.slug}",
            due=concern.answer_due,
            kind=TaskKind.ENDORSE,
            whose=organisation.whose,
        )
