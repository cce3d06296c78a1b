"""What happens in a scope, newest first.

News is a change that the public may read: a concern came into a state, an answer was published, a
commitment was reported on, kept, not kept or is overdue, a sitting was called or its minutes are there. All but
sittings come in one query, whatever there is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import chain
from operator import attrgetter
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import (
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.models import Entry
from allmende.registry.models import Office

from .models import (
    AgendaItem,
    Answer,
    Commitment,
    ConcernQuerySet,
    ConcernState,
    ItemState,
    Outcome,
    Report,
    Sitting,
    SittingState,
    Step,
)
from .queries import visible_concerns
from .queries.sittings import visible_sittings
from .scopes import Scope

MOST = 50
# What is older is no news.
A_YEAR = timedelta(days=366)
# Deeds that people want to hear of, and what they make of a sitting.
ANNOUNCED = ("forum.invite_members", "forum.change_sitting", "forum.cancel_sitting")
WRITTEN_UP = ("forum.close_minutes", "forum.add_addendum")


@dataclass(frozen=True)
class Item:
    """One piece of news; ``key`` is what its tag URI ends with."""

    key: str
    title: str
    text: str
    url: str
    at: datetime
    office: str
    topic: str = ""
    is_example: bool = False


def news(scope: Scope, *, since: datetime | None = None, most: int = MOST) -> list[Item]:
    """What happened there last, newest first: since then, or within a year."""
    since = since or timezone.now() - A_YEAR
    concerns = visible_concerns(AnonymousUser()).select_related(None).order_by()
    concerns = concerns.filter(scope.concerns)
    found = chain(
        map(_item, _happened(scope, concerns, since).order_by("-n_at", "-n_key")[:most]),
        _sittings(scope, Q(concern__in=concerns), since),
    )
    return sorted(found, key=attrgetter("at", "key"), reverse=True)[:most]


def _happened(scope: Scope, concerns: ConcernQuerySet, since: datetime) -> "QuerySet[Any, Any]":
    """Rows as ``_item`` reads them, of all that happened but sittings."""
    there = Exists(concerns.filter(pk=OuterRef("concern")))
    answered = Q(state=ConcernState.ANSWERED, concern__answer__published_at__isnull=False)
    steps = Step.objects.filter(there, at__gte=since).exclude(state=ConcernState.DRAFT)
    public = Commitment.objects.public().filter(_promised(scope, there))
    reports = Report.objects.filter(at__gte=since, commitment__in=public)
    example = Coalesce("concern__is_example", "organisation__is_example")
    of_commitment = {
        "title": F("what"),
        "slug": Cast("pk", CharField()),
        "organisation": F("organisation__name"),
        "is_example": example,
        "topic": F("concern__topic"),
    }
    parts = [
        _rows(
            "step",
            steps.exclude(answered),
            at=F("at"),
            word=F("state"),
            title=F("concern__question"),
            slug=F("concern__slug"),
            topic=F("concern__topic"),
            office=F("mandate__office"),
            organisation=F("mandate__organisation__name"),
            text=F("reason"),
            is_example=F("concern__is_example"),
        ),
        _rows(
            "answer",
            Answer.objects.filter(there, published_at__gte=since),
            at=F("published_at"),
            title=F("concern__question"),
            slug=F("concern__slug"),
            topic=F("concern__topic"),
            organisation=F("ministry__name"),
            text=F("summary"),
            is_example=F("concern__is_example"),
        ),
        _rows(
            "outcome",
            public.exclude(outcome="").filter(outcome_at__gte=since),
            at=F("outcome_at"),
            word=F("outcome"),
            text=F("outcome_text"),
            **of_commitment,
        ),
        _rows(
            "overdue",
            public.filter(
                outcome="",
                due_on__lt=timezone.localdate(),
                due_on__gte=timezone.localdate(since) - timedelta(days=1),
            ),
            # From the day after the one that was promised.
            at=ExpressionWrapper(F("due_on") + timedelta(days=1), DateTimeField()),
            **of_commitment,
        ),
        _rows(
            "report",
            reports,
            at=F("at"),
            text=F("text"),
            title=F("commitment__what"),
            slug=Cast("commitment", CharField()),
            organisation=F("commitment__organisation__name"),
            topic=F("commitment__concern__topic"),
            is_example=Coalesce(
                "commitment__concern__is_example", "commitment__organisation__is_example"
            ),
        ),
    ]
    happened: QuerySet[Any, Any] = parts[0].union(*parts[1:], all=True)
    return happened


def _promised(scope: Scope, of_concerns: Exists) -> Q:
    there = Q(of_concerns)
    if scope.is_everything:
        return Q(concern=None) | there
    if scope.ministry is not None:
        return (Q(concern=None) & Q(organisation=scope.ministry)) | there
    return there


# What is known of a piece of news, beside its kind and key.
COLUMNS = (
    "at", "word", "title", "slug", "topic", "office", "organisation", "text", "is_example",
)  # fmt: skip


def _rows(kind: str, found: "QuerySet[Any]", **said: Any) -> "QuerySet[Any, Any]":
    """The columns, as far as they are said; the others are empty."""
    named = {"n_kind": Value(kind, TextField()), "n_key": F("pk")}
    named |= {f"n_{name}": said.get(name, Value("", TextField())) for name in COLUMNS}
    rows: QuerySet[Any, Any] = found.order_by().annotate(**named).values_list(*named)
    return rows


def _item(row: tuple[Any, ...]) -> Item:
    kind, key, at, word, title, slug, topic, office, organisation, text, is_example = row
    address = "forum:concern" if kind in ("step", "answer") else "commitments:commitment"
    tag = f"{kind}/{key}"
    if kind == "step":
        title = f"{ConcernState(word).label}: {title}"
        organisation = f"{Office(office).label} · {organisation}" if office else _("Allmende")
    elif kind == "answer":
        title = _("Antwort: %s") % title
    elif kind == "report":
        title = _("Bericht zur Zusage: %s") % title
    elif kind == "outcome":
        title = f"{Outcome(word).label}: {title}"
        tag = f"commitment/{key}/outcome"
    else:
        day = at.date()
        promised = day - timedelta(days=1)
        at = timezone.make_aware(datetime.combine(day, time.min))
        title = _("Überfällig: %s") % title
        text = _("Zugesagt bis %s.") % f"{promised:%d.%m.%Y}"
        tag = f"commitment/{key}/overdue/{promised:%Y%m%d}"
    return Item(
        key=tag,
        title=title,
        text=text,
        url=reverse(address, args=[slug]),
        at=at,
        office=organisation,
        topic=topic or "",
        is_example=is_example,
    )


def _sittings(scope: Scope, of_concerns: Q, since: datetime) -> Iterator[Item]:
    """When something about a sitting was said last stands in the audit log."""
    public = visible_sittings(AnonymousUser())
    if not scope.is_everything:
        on_agenda = AgendaItem.objects.filter(
            of_concerns, sitting=OuterRef("pk"), state=ItemState.ACCEPTED
        )
        public = public.filter(Exists(on_agenda))
    newest = public.select_related("series__host").order_by("-starts_at", "-pk")[:MOST]
    sittings = {str(sitting.pk): sitting for sitting in newest}
    told = (
        Entry.objects.filter(
            object_kind="forum.Sitting",
            object_key__in=sittings,
            deed__in=(*ANNOUNCED, *WRITTEN_UP),
            at__gte=since,
        )
        .order_by()
        .values_list("object_key", "deed")
        .annotate(at=Max("at"))
    )
    last: dict[tuple[str, bool], datetime] = {}
    for key, deed, at in told:
        event = key, deed in WRITTEN_UP
        last[event] = max(at, last.get(event, at))
    for (key, is_written_up), at in last.items():
        yield _of_sitting(sittings[key], at, is_written_up=is_written_up)


def _of_sitting(sitting: Sitting, at: datetime, *, is_written_up: bool) -> Item:
    if is_written_up:
        title = _("Niederschrift: %s") % sitting.title
    elif sitting.state == SittingState.CANCELLED:
        title = _("Abgesagt: %s") % sitting.title
    else:
        title = _("Sitzung: %s") % sitting.title
    begins = timezone.localtime(sitting.starts_at)
    where = f", {sitting.place}" if sitting.place else ""
    return Item(
        key=f"sitting/{sitting.pk}/{'minutes' if is_written_up else 'date'}",
        title=title,
        text=_("%(day)s Uhr%(where)s") % {"day": f"{begins:%d.%m.%Y, %H:%M}", "where": where},
        url=sitting.get_absolute_url(),
        at=at,
        office=str(sitting.series.host),
        is_example=sitting.series.host.is_example,
    )
