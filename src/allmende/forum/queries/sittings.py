"""Reading sittings: who runs them, who is invited, what could stand on their agenda."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, DateTimeField, Exists, OuterRef, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.accounts.rules import is_operator
from allmende.algorithms.working_days import months_later
from allmende.portal.prepared import Prepared, slot, slots
from allmende.registry.models import Mandate, Organisation, OrganisationKind, Right
from allmende.registry.names import fold
from allmende.registry.queries import acting_mandate, mandates_of, mandates_with

from ..models import (
    Addendum,
    AgendaItem,
    Attendance,
    Concern,
    ConcernQuerySet,
    ConcernState,
    ItemState,
    Presence,
    Series,
    Sitting,
    SittingQuerySet,
    SittingState,
)
from .concerns import count_of, visible_concerns
from .mandates import WRITES, needs_release

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from allmende.accounts.models import User

    Person = User | AnonymousUser

# What lets somebody run a series.
RUNS = (Right.RELEASE,)
HOSTS = (OrganisationKind.MINISTRY, OrganisationKind.ASSOCIATION, OrganisationKind.NETWORK)
COMING = (SittingState.PLANNED, SittingState.INVITED, SittingState.RUNNING)
# A start page is for today.
MOST_WAITING = 20
MOST_FOUND = 20
MOST_TO_CHOOSE = 200


def get_series(slug: str) -> Series:
    """A series with its host."""
    return Series.objects.select_related("host").get(slug=slug)


def get_sitting(number: int) -> Sitting:
    """A sitting with its series and host."""
    return Sitting.objects.select_related("series__host").get(pk=number)


def get_item(number: int) -> AgendaItem:
    """A point of an agenda with its sitting and concern."""
    return AgendaItem.objects.select_related("sitting__series__host", "concern", "proposer").get(
        pk=number
    )


def get_attendance(number: int) -> Attendance:
    """An invitation with its sitting."""
    return Attendance.objects.select_related("sitting__series__host", "organisation", "person").get(
        pk=number
    )


def running_mandate(user: "Person", series: Series) -> Mandate | None:
    """The mandate in which a person invites to a series and closes its minutes."""
    return acting_mandate(user, series.host, *RUNS)


def keeping_mandate(user: "Person", series: Series) -> Mandate | None:
    """The mandate in which a person writes minutes."""
    return acting_mandate(user, series.host, *WRITES)


def hosts_for(user: "Person") -> QuerySet[Organisation]:
    """Whom a person may make the host of a new series: those she releases for; operators anybody that
    is no region.
    """
    own = {mandate.organisation_id for mandate in mandates_with(Right.RELEASE, user)}
    allowed = Q(pk__in=own)
    if is_operator(user):
        allowed |= Q(kind__in=HOSTS)
    return Organisation.objects.current().filter(allowed).order_by("name", "pk")


def member_mandates(user: "Person", series: Series, *rights: Right) -> list[Mandate]:
    """One mandate for each member of a series for which a person may do one of these things; without
    rights, for each to which she belongs.
    """
    found = [m for right in rights for m in mandates_with(right, user)]
    if not rights:
        found = list(mandates_of(user))
    own = {mandate.organisation_id for mandate in found}
    members = set(series.members.filter(pk__in=own).values_list("pk", flat=True))
    chosen: dict[int, Mandate] = {}
    for mandate in found:
        if mandate.organisation_id in members:
            chosen.setdefault(mandate.organisation_id, mandate)
    return list(chosen.values())


def proposing_mandates(user: "Person", series: Series) -> list[Mandate]:
    """The mandates in which a person proposes points: where four eyes are asked for, who releases."""
    mandates = member_mandates(user, series, *WRITES)
    return [mandate for mandate in mandates if not needs_release(user, mandate)]


def invitations_of(user: "Person", sitting: Sitting) -> list[Attendance]:
    """The invitations to a sitting that a person may answer."""
    own = {m.organisation_id for right in WRITES for m in mandates_with(right, user)}
    if not own:
        return []
    return list(
        sitting.attendances.filter(organisation__in=own).select_related("organisation", "person")
    )


def invited_mandate(user: "Person", attendance: Attendance) -> Mandate | None:
    """The mandate in which a person answers an invitation."""
    return acting_mandate(user, attendance.organisation, *WRITES)


def visible_sittings(user: "Person") -> SittingQuerySet:
    """All sittings that this person may see: the rule ``forum.view_sitting`` as one query."""
    sittings = Sitting.objects.select_related("series__host")
    if is_operator(user):
        return sittings
    own = {mandate.organisation_id for mandate in mandates_of(user)}
    announced = sittings.announced()
    return announced | sittings.filter(series__host__in=own) if own else announced


def with_numbers(sittings: QuerySet[Sitting]) -> QuerySet[Sitting]:
    """Add ``items``, ``invited``, ``coming`` and ``present``: how many there are."""
    items = AgendaItem.objects.filter(sitting=OuterRef("pk"), state=ItemState.ACCEPTED)
    guests = Attendance.objects.filter(sitting=OuterRef("pk"))
    return sittings.annotate(
        items=count_of(items.values("sitting")),
        invited=count_of(guests.values("sitting")),
        coming=count_of(guests.filter(presence=Presence.COMING).values("sitting")),
        present=count_of(guests.filter(presence=Presence.PRESENT).values("sitting")),
    )


def agenda_of(sitting: Sitting) -> QuerySet[AgendaItem]:
    """The accepted points of a sitting in their order."""
    return (
        sitting.agenda.filter(state=ItemState.ACCEPTED)
        .select_related("concern", "proposer")
        .prefetch_related("commitments__organisation")
    )


def proposals_of(sitting: Sitting) -> QuerySet[AgendaItem]:
    """What members have proposed and the host has not decided on."""
    return sitting.agenda.filter(state=ItemState.PROPOSED).select_related("concern", "proposer")


def sittings_about(concern: Concern) -> list[AgendaItem]:
    """Where a concern stands or stood on an agenda that everybody may read, newest first."""
    return list(
        concern.agenda_items.filter(state=ItemState.ACCEPTED)
        .exclude(sitting__state__in=(SittingState.PLANNED, SittingState.CANCELLED))
        .select_related("sitting")
        .order_by("-sitting__starts_at", "-pk")
    )


@dataclass(frozen=True)
class Candidate:
    """A concern that could stand on an agenda, and why."""

    concern: Concern
    why: "StrOrPromise"


def public_concerns() -> ConcernQuerySet:
    """Concerns whose question everybody may read: agendas are public."""
    return visible_concerns(AnonymousUser()).filter(merged_into=None)


def candidates_for(sitting: Sitting) -> list[Candidate]:
    """Concerns that should be talked about: overdue answers, a reached quorum, sent since last time."""
    now = timezone.now()
    before = Sitting.objects.filter(
        series=sitting.series_id, state=SittingState.HELD, starts_at__lt=sitting.starts_at
    ).order_by("-starts_at")
    last = before.values_list("starts_at", flat=True).first() or now - timedelta(days=365)
    overdue = Q(state=ConcernState.SENT, answer_due__lt=now)
    quorum = Q(quorum_at__isnull=False, state__in=(ConcernState.OPEN, ConcernState.POSITION))
    sent = Q(state=ConcernState.SENT, sent_at__gte=last)
    found = _not_on_agenda(sitting).filter(overdue | quorum | sent)
    return [
        Candidate(concern, _reason(concern, now))
        for concern in found.order_by("answer_due", "-pk")[:MOST_FOUND]
    ]


def _reason(concern: Concern, now: datetime) -> "StrOrPromise":
    if concern.state == ConcernState.SENT and concern.answer_due and concern.answer_due < now:
        return _("Die Antwort ist überfällig")
    if concern.state == ConcernState.SENT:
        return _("Seit der letzten Sitzung an das Ministerium gegangen")
    return _("Genug Kommunen haben mitgezeichnet")


def search_concerns(sitting: Sitting, words: str) -> list[Concern]:
    """Concerns with these words that do not stand on the agenda yet."""
    found = _not_on_agenda(sitting)
    for word in words.split():
        found = found.filter(question__icontains=word)
    return list(found.order_by("-opened_at", "-pk")[:MOST_FOUND])


def concerns_to_propose(sitting: Sitting) -> ConcernQuerySet:
    """Concerns that are under way and do not stand on the agenda, for a list to choose from."""
    closed = (ConcernState.DRAFT, ConcernState.CLOSED)
    fitting = _not_on_agenda(sitting).exclude(state__in=closed).order_by("-opened_at", "-pk")
    newest = list(fitting.values_list("pk", flat=True)[:MOST_TO_CHOOSE])
    return Concern.objects.filter(pk__in=newest).order_by("-opened_at", "-pk")


def _not_on_agenda(sitting: Sitting) -> ConcernQuerySet:
    taken = AgendaItem.objects.filter(sitting=sitting, concern=OuterRef("pk"))
    return (
        public_concerns()
        .filter(is_example=sitting.series.is_example)
        .exclude(Exists(taken.exclude(state=ItemState.DECLINED)))
    )


def next_date(series: Series) -> datetime:
    """When the next sitting could begin: some months after the last one at the same time of day, on a
    day on which people work.
    """
    last = series.sittings.exclude(state=SittingState.CANCELLED).order_by("-starts_at").first()
    begins = timezone.localtime(last.starts_at) if last else timezone.localtime()
    day = months_later(begins.date(), series.months if last else 1)
    while day <= timezone.localdate():
        day = months_later(day, max(series.months, 1))
    clock = begins.time() if last else time(10, 0)
    return timezone.make_aware(datetime.combine(day, clock))


def upcoming_of(series: Series) -> Sitting | None:
    """The next sitting of a series that everybody may know of."""
    return (
        series.sittings.filter(state=SittingState.INVITED, starts_at__gte=timezone.now())
        .order_by("starts_at")
        .first()
    )


def uninvited_members(sitting: Sitting) -> QuerySet[Organisation]:
    """Members that were added after the invitation went out."""
    invited = Attendance.objects.filter(sitting=sitting, organisation=OuterRef("pk"))
    return sitting.series.members.filter(~Exists(invited), dissolved_on=None)


def people_to_invite(organisations: Iterable[int]) -> "dict[int, list[str]]":
    """Whom to write to for these organisations: those who release, or all where nobody does.

    Returns the names of their organisations by person.
    """
    held = (
        Mandate.objects.current()
        .filter(organisation__in=list(organisations))
        .order_by("organisation__name", "pk")
        .values_list("organisation", "organisation__name", "user", "may_release")
    )
    by_organisation: dict[int, list[tuple[str, int, bool]]] = {}
    for organisation, name, user, may_release in held:
        by_organisation.setdefault(organisation, []).append((name, user, may_release))
    people: dict[int, list[str]] = {}
    for rows in by_organisation.values():
        chosen = [row for row in rows if row[2]] or rows
        for name, user in dict.fromkeys((name, user) for name, user, _right in chosen):
            people.setdefault(user, []).append(name)
    return people


def attending_people(organisation: Organisation) -> list["User"]:
    """Who could come for an organisation: everybody with a mandate today, by name."""
    mandates = Mandate.objects.current().filter(organisation=organisation)
    people = {mandate.user_id: mandate.user for mandate in mandates.select_related("user")}
    return sorted(people.values(), key=lambda person: (person.name, person.pk))


_invited = Prepared(
    lambda: (
        Attendance.objects.filter(
            organisation__pk__among=slots("organisations"),
            presence=Presence.INVITED,
            sitting__state=SittingState.INVITED,
            sitting__starts_at__gte=slot("now", DateTimeField()),
        )
        .select_related("sitting", "organisation")
        .order_by("sitting__starts_at", "pk")[:MOST_WAITING]
    )
)


def waiting_invitations(user: "User") -> list[Attendance]:
    """Invitations that wait for this person's answer: the ``MOST_WAITING`` soonest."""
    own = {m.organisation_id for right in WRITES for m in mandates_with(right, user)}
    return _invited(organisations=sorted(own), now=timezone.now()) if own else []


_hosted = Prepared(
    lambda: (
        Sitting.objects.filter(series__host__pk__among=slots("hosts"), state__in=COMING)
        .annotate(waiting=Count("agenda", filter=Q(agenda__state=ItemState.PROPOSED)))
        .order_by("starts_at", "pk")[:MOST_WAITING]
    )
)


def hosted_sittings(user: "User") -> list[Sitting]:
    """Sittings that this person runs: the ``MOST_WAITING`` soonest, with ``waiting`` proposals."""
    own = {mandate.organisation_id for mandate in mandates_with(Right.RELEASE, user)}
    return _hosted(hosts=sorted(own)) if own else []


@dataclass(frozen=True)
class Minutes:
    """All that minutes say. ``present`` are names of organisations; people are never named."""

    sitting: Sitting
    items: list[AgendaItem]
    present: list[str]
    excused: int
    invited: int
    addenda: list[Addendum]

    @property
    def decisions(self) -> int:
        """How many points have a decision."""
        return sum(1 for item in self.items if item.decision)


def minutes_of(sitting: Sitting) -> Minutes:
    """The minutes of a sitting as they stand."""
    rows = sitting.attendances.values_list("organisation__name", "presence")
    guests = list(rows.order_by("organisation__name", "pk"))
    return Minutes(
        sitting=sitting,
        items=list(agenda_of(sitting)),
        present=[name for name, presence in guests if presence == Presence.PRESENT],
        excused=sum(1 for _name, presence in guests if presence == Presence.NOT_COMING),
        invited=len(guests),
        addenda=list(sitting.addenda.select_related("mandate__organisation")),
    )


def neighbours_of(item: AgendaItem) -> "dict[str, Any]":
    """The points before and after one, and which of how many it is."""
    order = list(agenda_of(item.sitting))
    at = order.index(item)
    return {
        "previous_item": order[at - 1] if at else None,
        "next_item": order[at + 1] if at + 1 < len(order) else None,
        "at": at + 1,
        "of": len(order),
    }


def guests_of(sitting: Sitting, words: str = "") -> QuerySet[Attendance]:
    """Who was invited and has these words in the name; those who said they come first."""
    rows = sitting.attendances.select_related("organisation", "person")
    for word in fold(words).split():
        rows = rows.filter(organisation__search_key__contains=word)
    said = Case(
        When(presence__in=(Presence.COMING, Presence.PRESENT), then=0),
        When(presence=Presence.INVITED, then=1),
        default=2,
    )
    return rows.order_by(said, "organisation__name", "pk")


def who_may_promise(sitting: Sitting) -> QuerySet[Organisation]:
    """In whose name the minutes may note a promise: the host's, and those of who is there."""
    present = Attendance.objects.filter(
        sitting=sitting, presence=Presence.PRESENT, organisation=OuterRef("pk")
    )
    found = Organisation.objects.current().filter(Q(pk=sitting.series.host_id) | Exists(present))
    return found.order_by("name", "pk")
