"""What the forum offers to the frame."""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from django.utils import timezone

from allmende.portal.offers import DeskEntry, Hit, MenuEntry, Offer

from .. import queries, services
from ..datasets import datasets
from ..models import Concern, ConcernState
from ..personal_queries import personal_data
from .tasks import marked, tasks
from .words import deeds, kinds, notices, retention

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

MOST_HITS = 20


def search(words: str, user: "User | AnonymousUser") -> Iterator[Hit]:
    """Concerns whose question has these words."""
    found = queries.visible_concerns(user).filter(question__icontains=words)
    for concern in found[:MOST_HITS]:
        state = "abgeschlossen" if concern.is_over else concern.get_state_display()
        yield Hit(
            title=concern.question,
            note=marked(concern, f"Anliegen · {state}"),
            url=concern.get_absolute_url(),
        )


def tick() -> None:
    """Close what has passed its deadline; ask again for results that were lost with a worker; tell
    people what is new.
    """
    overdue = Concern.objects.filter(state=ConcernState.OPEN, deadline__lte=timezone.now())
    for concern in overdue:
        with suppress(services.Conflict):  # somebody else was quicker
            services.close_concern(actor=None, concern=concern, reason="Die Frist ist abgelaufen.")
    services.repair_results()
    services.send_what_waited()
    services.tell_of_concerns()
    services.tell_of_answers()
    services.tell_of_steps()
    services.tell_ministries_late()


def demo(seed: int) -> list[str]:
    """Fill in example data; its modules are only needed here."""
    from ..demo import fill

    return fill(seed)


offer = Offer(
    menu=(
        MenuEntry(label="Forum", url_name="forum:concerns", order=10),
        MenuEntry(label="Zusagen", url_name="commitments:commitments", order=20),
    ),
    tasks=tasks,
    search=search,
    tick=tick,
    demo=demo,
    personal_data=personal_data,
    forget=services.forget_person,
    desk=(
        DeskEntry(
            label="Aussagen prüfen",
            note="Was in allen Anliegen auf Prüfung wartet",
            url_name="forum_desk:moderation",
            order=25,
            waiting=lambda: queries.moderation_queue().count(),
        ),
        DeskEntry(
            label="Ratsinformationssysteme",
            note="Welche Server für Nachweise von Beschlüssen gefragt werden",
            url_name="forum_desk:servers",
            order=50,
        ),
    ),
    notices=notices,
    deeds=deeds,
    datasets=datasets,
    retention=retention,
    kinds=kinds,
)
