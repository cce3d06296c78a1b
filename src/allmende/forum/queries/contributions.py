"""Reading the discussion: threads as one reader sees them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rules
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from allmende.accounts.models import ConsentKind
from allmende.accounts.queries import consenting
from allmende.registry.models import Mandate, Organisation, OrganisationQuerySet
from allmende.registry.names import fold
from allmende.registry.queries import (
    mandates_with,
    search_organisations,
)

from ..models import (
    Attachment,
    Complaint,
    ComplaintQuerySet,
    Concern,
    Contribution,
    ContributionQuerySet,
    Statement,
    StatementState,
)
from .concerns import count_of, get_concern
from .mandates import WRITES

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User

    Person = User | AnonymousUser

ANSWERS_SHOWN = 5
PERSONAL = "persoenlich"


@dataclass(frozen=True)
class Speaker:
    """In whose name a person contributes: in a mandate, or in her own."""

    mandate: Mandate | None

    @property
    def key(self) -> str:
        """How forms name it."""
        return self.mandate.organisation.slug if self.mandate else PERSONAL

    @property
    def label(self) -> str:
        if self.mandate is None:
            return _("Sie persönlich")
        return f"{self.mandate.organisation} · {self.mandate.get_office_display()}"


@dataclass(frozen=True)
class Shown:
    """A contribution as one reader sees it."""

    contribution: Contribution
    name: str  # who wrote for herself, if she wants to be known
    is_own: bool
    may_read: bool  # its text: not if it was removed
    may_change: bool
    may_take_back: bool
    may_report: bool
    complaints: int  # that wait for whoever moderates


@dataclass(frozen=True)
class Thread:
    """A contribution with its answers, or with the first of them."""

    first: Shown
    answers: tuple[Shown, ...]

    @property
    def answer_count(self) -> int:
        return self.first.contribution.answer_count

    @property
    def left(self) -> int:
        """How many answers are not among them."""
        return self.answer_count - len(self.answers)


def speakers(*, user: "Person", concern: Concern) -> list[Speaker]:
    """In whose names a person may contribute: organisations as real or invented as the concern is, and
    then her own if the concern takes personal voices.
    """
    if not user.is_authenticated:
        return []
    chosen: dict[int, Mandate] = {}
    for mandate in (mandate for right in WRITES for mandate in mandates_with(right, user)):
        if is_invented(mandate.organisation) == concern.is_example:
            chosen.setdefault(mandate.organisation_id, mandate)
    found = [
        Speaker(m) for m in sorted(chosen.values(), key=lambda mandate: mandate.organisation.name)
    ]
    if concern.takes_personal_voices:
        found.append(Speaker(None))
    return found


def is_invented(organisation: Organisation) -> bool:
    """Whether an organisation belongs to example data; reads ``region``."""
    return organisation.region.invented if organisation.region else organisation.is_example


def threads_of(
    concern: Concern,
    *,
    statement: Statement | None = None,
    about: str = "",
    words: str = "",
    oldest_first: bool = False,
) -> ContributionQuerySet:
    """First contributions with ``answer_count`` and ``last_answer``, newest first unless asked otherwise.

    ``about``: ``anliegen`` leaves out those on statements, ``aussagen`` all others. ``words`` stand in
    the contribution or in one of its answers; what was removed is not found.
    """
    answers = Contribution.objects.filter(parent=OuterRef("pk"))
    found = concern.contributions.filter(parent=None).select_related(
        "mandate", "organisation", "statement"
    )
    if statement is not None:
        found = found.filter(statement=statement)
    elif about:
        found = found.filter(statement__isnull=about == "anliegen")
    if words:
        said = answers.filter(text__icontains=words, removed_at=None)
        found = found.filter(Q(text__icontains=words, removed_at=None) | Exists(said))
    order = ("written_at", "pk") if oldest_first else ("-written_at", "-pk")
    return _with_answers(found).order_by(*order)


def _with_answers(firsts: ContributionQuerySet) -> ContributionQuerySet:
    answers = Contribution.objects.filter(parent=OuterRef("pk")).values("parent")
    last = answers.order_by().annotate(newest=Max("pk")).values("newest")
    return firsts.annotate(answer_count=count_of(answers), last_answer=Subquery(last))  # type: ignore[no-redef]


def first_answers(firsts: Iterable[Contribution]) -> ContributionQuerySet:
    """The first answers of each of several threads, in one query."""
    place = Window(
        RowNumber(), partition_by=F("parent_id"), order_by=[F("written_at").asc(), F("pk").asc()]
    )
    found = Contribution.objects.filter(parent__in=[first.pk for first in firsts])
    return found.annotate(place=place).filter(place__lte=ANSWERS_SHOWN)


def answers_of(first: Contribution) -> ContributionQuerySet:
    """All answers of a thread, oldest first."""
    return first.answers.all()


def with_all_answers(firsts: ContributionQuerySet, *, concern: Concern) -> Iterator[Contribution]:
    """Threads with all their answers, each behind its first contribution; two hundred at a time."""
    keys = list(firsts.values_list("pk", flat=True))
    everything = concern.contributions.select_related("mandate", "organisation", "statement")
    for start in range(0, len(keys), 200):
        threads = {key: [] for key in keys[start : start + 200]}  # type: dict[int, list[Contribution]]
        for each in everything.filter(Q(pk__in=threads) | Q(parent__in=threads)):
            threads[each.parent_id or each.pk].append(each)
        for thread in threads.values():
            yield from thread


def show_threads(
    firsts: Iterable[Contribution],
    *,
    answers: ContributionQuerySet,
    concern: Concern,
    user: "Person",
) -> list[Thread]:
    """Threads as one reader sees them: in a constant number of queries, however many there are."""
    firsts = list(firsts)
    found = list(answers.select_related("mandate", "organisation"))
    everything = [*firsts, *found]
    _fetch_belongings(everything, concern)
    shown = _as_seen(everything, {first.pk: first for first in firsts}, concern, user)
    return [
        Thread(
            shown[first.pk],
            tuple(shown[answer.pk] for answer in found if answer.parent_id == first.pk),
        )
        for first in firsts
    ]


def _fetch_belongings(contributions: list[Contribution], concern: Concern) -> None:
    from django.db.models import prefetch_related_objects

    prefetch_related_objects(contributions, "attachments__upload", "mentions")
    for contribution in contributions:
        contribution.concern = concern


def _as_seen(
    contributions: list[Contribution],
    firsts: dict[int, Contribution],
    concern: Concern,
    user: "Person",
) -> dict[int, Shown]:
    named = consenting(
        ConsentKind.PUBLIC_NAME,
        {c.author_id for c in contributions if c.organisation_id is None and c.author_id},
    )
    names = _names_of(named)
    runs = rules.has_perm("forum.contribute", user, concern)
    moderates = rules.has_perm("forum.moderate_discussion", user, concern)
    waiting = _complaints_about(contributions) if moderates else {}
    shown = {}
    for contribution in contributions:
        own = rules.has_perm("forum.change_contribution", user, contribution)
        there = contribution.removed_at is None
        newest = firsts[contribution.parent_id or contribution.pk].last_answer
        is_last = newest is None or newest == contribution.pk
        shown[contribution.pk] = Shown(
            contribution=contribution,
            name=names.get(contribution.author_id or 0, "")
            if contribution.organisation_id is None
            else "",
            is_own=own,
            may_read=there or own or moderates,
            may_change=own and there and runs and contribution.is_fresh,
            may_take_back=own and there and runs and is_last,
            may_report=user.is_authenticated and there and not own,
            complaints=waiting.get(contribution.pk, 0),
        )
    return shown


def _names_of(people: Iterable[int]) -> dict[int, str]:
    from django.contrib.auth import get_user_model

    keys = list(people)
    return (
        dict(get_user_model().objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    )


def _complaints_about(contributions: Iterable[Contribution]) -> dict[int, int]:
    waiting = Complaint.objects.waiting().filter(contribution__in=contributions)
    return dict(waiting.order_by().values_list("contribution").annotate(n=Count("pk")))


def has_answers(contribution: Contribution) -> bool:
    """Whether somebody has written after it in its thread."""
    if contribution.parent_id is None:
        return contribution.answers.exists()
    later = Contribution.objects.filter(parent=contribution.parent_id, pk__gt=contribution.pk)
    return later.exists()


def get_discussed_statement(slug: str, number: int) -> Statement:
    """A statement whose text is public."""
    return Statement.objects.select_related("concern__owner", "author__region").get(
        concern__slug=slug, pk=number, state=StatementState.ACCEPTED
    )


def get_contribution(slug: str, number: int) -> Contribution:
    """A contribution to a concern, by the number in its address."""
    return Contribution.objects.select_related(
        "concern__owner", "statement", "mandate__organisation", "organisation", "parent"
    ).get(concern__slug=slug, pk=number)


def get_first(slug: str, number: int) -> Contribution:
    """The first contribution of a thread, with ``answer_count`` and ``last_answer``."""
    found = get_concern(slug).contributions.select_related("mandate", "organisation", "statement")
    return _with_answers(found).get(pk=number, parent=None)


def get_attachment(slug: str, number: int) -> Attachment:
    """A file of a contribution, by the number in its address."""
    return Attachment.objects.select_related("contribution__concern__owner", "upload").get(
        contribution__concern__slug=slug, pk=number
    )


def mentionable(concern: Concern, words: str = "") -> OrganisationQuerySet:
    """Organisations that can be mentioned in a concern: as real or invented as it is."""
    kind = Q(region__invented=concern.is_example) | Q(region=None, is_example=concern.is_example)
    return search_organisations(words).filter(kind)


def organisations_called(name: str, concern: Concern) -> list[Organisation]:
    """The organisations that have exactly this name; two of them say that there are several."""
    called = Q(name__iexact=name) | Q(search_key__contains=f" {fold(name)} ;")
    return list(mentionable(concern).filter(called)[:2]) if fold(name) else []


def complaint_queue(*, words: str = "", unowned: bool = False) -> ComplaintQuerySet:
    """What waits in any concern, oldest first; ``unowned``: where no municipality is in charge."""
    found = Complaint.objects.waiting().select_related(
        "contribution__concern__owner", "contribution__mandate", "contribution__organisation"
    )
    if words:
        found = found.filter(
            Q(reason__icontains=words)
            | Q(contribution__text__icontains=words)
            | Q(contribution__concern__question__icontains=words)
        )
    if unowned:
        found = found.filter(contribution__concern__owner=None)
    return found


def complaints_in(concern: Concern) -> ComplaintQuerySet:
    """What waits in one concern, oldest first."""
    return complaint_queue().filter(contribution__concern=concern)
