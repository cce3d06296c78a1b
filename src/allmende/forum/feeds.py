"""What happens, as Atom feeds (RFC 4287): for everybody, a region, a topic area or a ministry.

An entry is a change that the public may read: a concern came into a state, an answer was published, a
commitment was kept, not kept or is overdue, a sitting was called or its minutes are there. Each has an
address that never changes (a tag URI, RFC 4151) and an office as its author, never a person. However much
there is, a feed takes the same number of queries and holds the newest entries.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import chain
from operator import attrgetter
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from allmende.audit.models import Entry
from allmende.registry.models import Organisation, Region, Topic

from .models import (
    AgendaItem,
    Answer,
    Commitment,
    ConcernState,
    ItemState,
    Sitting,
    SittingState,
    Step,
    Support,
)
from .queries import visible_concerns
from .queries.sittings import visible_sittings

MOST = 50
# Since when these tag URIs belong to whoever has the host's name.
TAGGED_SINCE = "2026"
# Deeds that readers of a feed want to hear of, and what they make of a sitting.
ANNOUNCED = ("forum.invite_members", "forum.change_sitting", "forum.cancel_sitting")
WRITTEN_UP = ("forum.close_minutes", "forum.add_addendum")


@dataclass(frozen=True)
class Item:
    """One entry; ``key`` is what its tag URI ends with."""

    key: str
    title: str
    text: str
    url: str
    at: datetime
    office: str
    topic: str = ""


@dataclass(frozen=True)
class Scope:
    """What a feed is about: which concerns, and for a ministry also which commitments."""

    title: str
    page: str
    concerns: Q
    ministry: Organisation | None = None

    @property
    def is_everything(self) -> bool:
        return not self.concerns


def everything() -> Scope:
    """All concerns."""
    return Scope(_("Neues aus der Allmende"), reverse("forum:concerns"), Q())


def of_region(region: Region) -> Scope:
    """Concerns that somebody from there has raised or co-signs; a key begins with that of what lies above."""
    signed = Support.objects.current().filter(
        concern=OuterRef("pk"), organisation__region__ars__startswith=region.ars
    )
    return Scope(
        _("Neues aus %s") % region.short_name,
        region.get_absolute_url(),
        Q(owner__ars__startswith=region.ars) | Q(Exists(signed)) if region.ars else Q(),
    )


def of_topic(topic: Topic) -> Scope:
    """Concerns of a topic area."""
    page = f"{reverse('forum:concerns')}?thema={topic}"
    return Scope(_("Neues zu: %s") % topic.label, page, Q(topic=topic))


def of_ministry(ministry: Organisation) -> Scope:
    """Concerns that a ministry answers, and what it has promised."""
    return Scope(
        _("Neues vom %s") % ministry, ministry.get_absolute_url(), Q(ministry=ministry), ministry
    )


def news(scope: Scope) -> list[Item]:
    """What happened there last, newest first."""
    concerns = visible_concerns(AnonymousUser()).select_related(None).order_by()
    concerns = concerns.filter(scope.concerns)
    found = chain(
        _steps(Q(concern__in=concerns)),
        _answers(Q(concern__in=concerns)),
        _commitments(_promised(scope, Q(concern__in=concerns))),
        _sittings(scope, Q(concern__in=concerns)),
    )
    return sorted(found, key=attrgetter("at", "key"), reverse=True)[:MOST]


def _steps(of_concerns: Q) -> Iterator[Item]:
    """An answer speaks for itself."""
    answered = Q(state=ConcernState.ANSWERED, concern__answer__published_at__isnull=False)
    steps = Step.objects.filter(of_concerns).exclude(state=ConcernState.DRAFT).exclude(answered)
    for step in steps.select_related("concern", "mandate__organisation").order_by("-at", "-pk")[
        :MOST
    ]:
        yield Item(
            key=f"step/{step.pk}",
            title=f"{step.get_state_display()}: {step.concern.question}",
            text=step.reason,
            url=step.concern.get_absolute_url(),
            at=step.at,
            office=step.mandate.capacity if step.mandate else _("Allmende"),
            topic=step.concern.topic,
        )


def _answers(of_concerns: Q) -> Iterator[Item]:
    answers = Answer.objects.filter(of_concerns, published_at__isnull=False)
    for answer in answers.select_related("concern", "ministry").order_by("-published_at", "-pk")[
        :MOST
    ]:
        if answer.published_at:
            yield Item(
                key=f"answer/{answer.pk}",
                title=_("Antwort: %s") % answer.concern.question,
                text=answer.summary,
                url=answer.concern.get_absolute_url(),
                at=answer.published_at,
                office=str(answer.ministry),
                topic=answer.concern.topic,
            )


def _promised(scope: Scope, of_concerns: Q) -> Q:
    if scope.is_everything:
        return Q(concern=None) | of_concerns
    if scope.ministry is not None:
        return (Q(concern=None) & Q(organisation=scope.ministry)) | of_concerns
    return of_concerns


def _commitments(promised: Q) -> Iterator[Item]:
    """Overdue ones from the day after the one that was promised."""
    public = Commitment.objects.public().filter(promised)
    public = public.select_related("concern", "organisation")
    ended = public.exclude(outcome="").filter(outcome_at__isnull=False)
    for each in ended.order_by("-outcome_at", "-pk")[:MOST]:
        assert each.outcome_at is not None  # noqa: S101  for the type checker
        title = f"{each.get_outcome_display()}: {each.what}"
        yield _of_commitment(each, "outcome", title, each.outcome_text, each.outcome_at)
    overdue = public.filter(outcome="", due_on__lt=timezone.localdate())
    for each in overdue.order_by("-due_on", "-pk")[:MOST]:
        late = datetime.combine(each.due_on + timedelta(days=1), time.min)
        text = _("Zugesagt bis %s.") % f"{each.due_on:%d.%m.%Y}"
        yield _of_commitment(
            each,
            f"overdue/{each.due_on:%Y%m%d}",
            _("Überfällig: %s") % each.what,
            text,
            timezone.make_aware(late),
        )


def _of_commitment(each: Commitment, event: str, title: str, text: str, at: datetime) -> Item:
    return Item(
        key=f"commitment/{each.pk}/{event}",
        title=title,
        text=text,
        url=each.get_absolute_url(),
        at=at,
        office=str(each.organisation),
        topic=each.concern.topic if each.concern else "",
    )


def _sittings(scope: Scope, of_concerns: Q) -> Iterator[Item]:
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
    )


class _Feed(Atom1Feed):
    """Django's, but its date is that of its newest entry, also where there is none."""

    def __init__(self, *args: object, newest: datetime, **about: object) -> None:
        self.newest = newest
        super().__init__(*args, **about)  # type: ignore[arg-type]

    def latest_post_date(self) -> datetime:
        return self.newest


def as_atom(scope: Scope, items: list[Item], address: str) -> str:
    """The feed at ``address``; the same items give the same text."""
    newest = items[0].at if items else datetime(int(TAGGED_SINCE), 1, 1, tzinfo=UTC)
    feed = _Feed(
        title=scope.title,
        link=_absolute(scope.page),
        description="",
        subtitle=_("Wer was beschlossen, beantwortet, zugesagt und gehalten hat."),
        language="de",
        feed_url=_absolute(address),
        feed_guid=_tag(f"feed{address}"),
        author_name=_("Allmende"),
        newest=newest,
    )
    for item in items:
        feed.add_item(
            title=item.title,
            link=_absolute(item.url),
            description=linebreaks(item.text, autoescape=True),
            unique_id=_tag(item.key),
            pubdate=item.at,
            updateddate=item.at,
            author_name=item.office,
            categories=[item.topic] if item.topic else [],
        )
    return str(feed.writeString("utf-8"))


def _tag(key: str) -> str:
    return f"tag:{urlsplit(settings.ORIGIN).hostname},{TAGGED_SINCE}:{key}"


def _absolute(address: str) -> str:
    return urljoin(settings.ORIGIN, address)
