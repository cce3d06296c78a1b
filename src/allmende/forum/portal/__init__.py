"""What the forum offers to the frame."""

from contextlib import suppress
from itertools import chain

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from allmende.portal.api.problems import Problem
from allmende.portal.offers import DeskEntry, MenuEntry, Offer

from .. import queries, services
from ..datasets import datasets
from ..events import tell_of_overdue
from ..models import Concern, ConcernState
from ..personal_queries import personal_data
from . import sittings
from .findables import findables
from .limits import limits
from .overview import public_blocks
from .start import blocks
from .tasks import tasks
from .words import deeds, kinds, notices, retention

# Kept with the step, in German.
DEADLINE = gettext_noop("Die Frist ist abgelaufen.")


def tick() -> None:
    """Close what has passed its deadline; ask again for results that were lost with a worker; tell
    people what is new.
    """
    overdue = Concern.objects.filter(state=ConcernState.OPEN, deadline__lte=timezone.now())
    for concern in overdue:
        with suppress(services.Conflict):  # somebody else was quicker
            services.close_concern(actor=None, concern=concern, reason=DEADLINE)
    services.repair_results()
    services.send_what_waited()
    services.tell_of_concerns()
    services.tell_of_answers()
    services.tell_of_steps()
    services.tell_of_extensions()
    services.tell_ministries_late()
    tell_of_overdue()


def demo(seed: int) -> list[str]:
    """Fill in example data; its modules are only needed here."""
    from ..demo import fill

    return fill(seed)


def _conflict(fault: Exception) -> Problem:
    return Problem(409, str(fault))


offer = Offer(
    api="allmende.forum.api",
    api_faults={services.Conflict: _conflict},
    menu=(
        MenuEntry(label=_("Forum"), url_name="forum:concerns", order=10),
        MenuEntry(
            label=_("Ministerium"),
            url_name="ministry:queue",
            order=15,
            rule="forum.work_in_ministry",
        ),
        MenuEntry(label=_("Zusagen"), url_name="commitments:commitments", order=20),
        MenuEntry(label=_("Sitzungen"), url_name="sittings:sittings", order=30),
    ),
    tasks=lambda user: chain(tasks(user), sittings.tasks(user)),
    limits=limits,
    blocks=blocks,
    public_blocks=public_blocks,
    findable=findables,
    states={state.value: state.label for state in ConcernState if state is not ConcernState.DRAFT},
    tick=tick,
    demo=demo,
    personal_data=personal_data,
    forget=services.forget_person,
    desk=(
        DeskEntry(
            label=_("Aussagen prüfen"),
            note=_("Was in allen Anliegen auf Prüfung wartet"),
            url_name="forum_desk:moderation",
            order=25,
            waiting=lambda: queries.moderation_queue().count(),
        ),
        DeskEntry(
            label=_("Gemeldete Beiträge"),
            note=_("Was in allen Diskussionen gemeldet wurde"),
            url_name="forum_desk:complaints",
            order=26,
            waiting=lambda: queries.complaint_queue().count(),
        ),
        DeskEntry(
            label=_("Regeln der Allianz"),
            note=_("Quorum, Frist für Antworten, zuständige Ministerien"),
            url_name="forum_desk:terms",
            order=27,
            waiting=lambda: queries.without_ministry().count(),
        ),
        DeskEntry(
            label=_("Ratsinformationssysteme"),
            note=_("Welche Server für Nachweise von Beschlüssen gefragt werden"),
            url_name="forum_desk:servers",
            order=50,
        ),
    ),
    notices=notices | sittings.notices,
    deeds=deeds | sittings.deeds,
    datasets=datasets,
    retention=retention + sittings.retention,
    kinds=kinds | sittings.kinds,
)
