"""The queue of a ministry: what lies with it, what comes to it, and what it has answered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from allmende.registry.models import Mandate, Organisation, OrganisationKind, Topic
from allmende.registry.queries import acting_mandate, mandates_of

from ..models import (
    Answer,
    Concern,
    ConcernQuerySet,
    ConcernState,
    SealedPosition,
    SealedSection,
    SectionAnswer,
    Support,
)
from .answers import with_open_sections
from .concerns import count_of
from .mandates import WRITES
from .ministries import ANSWERS, nobody_in_charge
from .ministry_figures import start_of_today
from .supports import SUPPORTED_IN

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

SOON = timedelta(days=14)
WAITING = Q(state__in=(*SUPPORTED_IN, ConcernState.SENT))
ME, NOBODY = "ich", "niemand"


def own_ministries(user: "Person") -> list[Organisation]:
    """The ministries for which a person may write, by name.

    The menu of every page asks for them: who works in no ministry costs nothing beyond her mandates.
    """
    houses = {
        mandate.organisation_id: mandate.organisation
        for mandate in mandates_of(user)
        if mandate.organisation.kind == OrganisationKind.MINISTRY
    }
    # The right that needs no second factor first: it is the one that does not have to be looked up.
    rights = tuple(reversed(WRITES))
    return [house for house in houses.values() if acting_mandate(user, house, *rights)]


def colleagues_in(ministries: Iterable[Organisation]) -> QuerySet[Mandate]:
    """Who may work on answers in any of these ministries today, by name."""
    return (
        Mandate.objects.current()
        .filter(ANSWERS, organisation__in=ministries, user__is_active=True)
        .select_related("user", "organisation")
        .order_by("user__name", "user", "organisation__name", "pk")
    )


def _brought_to(ministries: Iterable[Organisation]) -> ConcernQuerySet:
    """Everything that ever came to these ministries, or is on its way there, and may be seen."""
    secret = Q(is_confidential=True, deadline__gt=timezone.now())
    came = Q(sent_at__isnull=False) | Q(quorum_at__isnull=False)
    return Concern.objects.filter(came, ministry__in=ministries).exclude(secret)


def _ready_answers() -> QuerySet[Answer]:
    """Drafts in which nothing is missing any more."""
    sections = SealedSection.objects.filter(position=OuterRef("position"))
    given = SectionAnswer.objects.filter(section=OuterRef("pk"))
    # Not ``answer=None``: PostgreSQL would expect one such section, and go through all for each answer.
    return (
        Answer.objects.filter(Exists(sections), published_at=None)
        .exclude(summary="")
        .exclude(Exists(sections.filter(~Exists(given))))
    )


def _states() -> dict[str, Q]:
    """What the filter by state means; without a wish, what still waits for its answer."""
    return {
        "": WAITING,
        "kommt": Q(state__in=SUPPORTED_IN),
        "da": Q(state=ConcernState.SENT),
        "fertig": Q(state=ConcernState.SENT, pk__in=_ready_answers().values("concern")),
        "beantwortet": Q(state__in=(ConcernState.ANSWERED, ConcernState.PURSUED)),
        "abgeschlossen": Q(state=ConcernState.CLOSED),
        "alle": Q(),
    }


def _dues() -> dict[str, Q]:
    """What the filter by date means: of answers that have not been given."""
    today, sent = start_of_today(), Q(state=ConcernState.SENT)
    after = today + SOON + timedelta(days=1)
    return {
        "ueberfaellig": sent & Q(answer_due__lt=today),
        "bald": sent & Q(answer_due__gte=today, answer_due__lt=after),
        "spaeter": WAITING & (Q(answer_due__gte=after) | Q(answer_due=None)),
    }


def _in_charge(person: str, user: "User") -> Q:
    """Who is in charge: ``ME``, ``NOBODY``, or the key of a person."""
    if person == NOBODY:
        return nobody_in_charge()
    return Q(official=user.pk if person == ME else int(person))


ORDERS = {
    "": (F("answer_due").asc(nulls_last=True), "quorum_at", "pk"),
    "eingang": (F("sent_at").desc(nulls_last=True), "-quorum_at", "-pk"),
    "frage": ("question", "pk"),
}


def queue_of(
    user: "User",
    ministries: Iterable[Organisation],
    *,
    words: str = "",
    state: str = "",
    topic: str = "",
    person: str = "",
    due: str = "",
    order: str = "",
) -> ConcernQuerySet:
    """The concerns of these ministries that fit, most urgent first unless ``order`` says otherwise.

    ``state``, ``due`` and ``order`` are keys of ``_states``, ``_dues`` and ``ORDERS``.
    """
    found = _brought_to(ministries).filter(_states()[state])
    for word in words.split():
        found = found.filter(question__icontains=word)
    if topic:
        found = found.filter(topic=topic)
    if person:
        found = found.filter(_in_charge(person, user))
    if due:
        found = found.filter(_dues()[due])
    return found.order_by(*ORDERS[order])


@dataclass(frozen=True)
class QueueCounts:
    """What stands above the queue: of everything that waits, whatever the filter."""

    waiting: int
    overdue: int
    soon: int
    nobody: int
    mine: int
    ready: int


def count_queue(user: "User", ministries: Iterable[Organisation]) -> QueueCounts:
    """The figures above the queue, in one query."""
    dues = _dues()
    return QueueCounts(
        **_brought_to(ministries)
        .filter(WAITING)
        .aggregate(
            waiting=Count("pk"),
            overdue=Count("pk", filter=dues["ueberfaellig"]),
            soon=Count("pk", filter=dues["bald"]),
            nobody=Count("pk", filter=_in_charge(NOBODY, user)),
            mine=Count("pk", filter=_in_charge(ME, user)),
            ready=Count("pk", filter=_states()["fertig"]),
        )
    )


@dataclass(frozen=True)
class QueueRow:
    """A concern in the queue, and how far its answer is."""

    concern: Concern

    @property
    def topic(self) -> str:
        """Its name; Django's own way would translate all names for each row."""
        return str(Topic(self.concern.topic).label) if self.concern.topic else ""

    @property
    def official(self) -> "User | None":
        """Who is in charge, if that person still works in the ministry."""
        return None if self.concern.nobody_in_charge else self.concern.official

    @property
    def sections(self) -> int:
        return self.concern.sealed_sections

    @property
    def answered(self) -> int:
        """How many sections have an answer, if only a drafted one."""
        return self.concern.sealed_sections - self.concern.open_sections

    @property
    def days_left(self) -> int | None:
        """Until the day of its answer, negative once that has passed; nothing where none runs."""
        due = self.concern.answer_due
        if due is None or self.concern.state != ConcernState.SENT:
            return None
        return (timezone.localdate(due) - timezone.localdate()).days


def queue_rows(keys: Collection[int]) -> list[QueueRow]:
    """The concerns of these keys in their order, each with how far it is; one query for however many.

    Apart from the query that finds them: there the figures would be counted for all that fit.
    """
    newest = SealedPosition.objects.filter(concern=OuterRef(OuterRef("pk"))).order_by("-number")
    sealed = SealedSection.objects.filter(position=Subquery(newest.values("pk")[:1]))
    signed = Support.objects.current().filter(concern=OuterRef("pk"))
    counted = with_open_sections(
        Concern.objects.filter(pk__in=keys).select_related("ministry", "official")
    ).annotate(  # type: ignore[no-redef]  # declared on the model for its readers
        nobody_in_charge=nobody_in_charge(),
        sealed_sections=count_of(sealed.values("position")),
        supporters=count_of(signed.values("concern")),
    )
    by_key = {concern.pk: concern for concern in counted.order_by()}
    return [QueueRow(by_key[key]) for key in keys if key in by_key]
