"""What webhooks are told of the forum: its public deeds, as they are written into the audit log."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from allmende.audit.models import Entry
from allmende.registry.models import Organisation
from allmende.webhooks.models import Event
from allmende.webhooks.queries import is_anybody_listening
from allmende.webhooks.services import Happened, publish

from .models import Answer, Commitment, Concern, SealedPosition, Sitting
from .queries import visible_concerns

EVENTS: Mapping[str, Event] = {
    "forum.open_concern": Event.OPENED,
    "forum.close_concern": Event.VOTING_ENDED,
    "forum.sign_concern": Event.SIGNED,
    "forum.reach_quorum": Event.QUORUM,
    "forum.seal_position": Event.SEALED,
    "forum.send_concern": Event.SENT,
    "forum.extend_answer": Event.EXTENDED,
    "forum.publish_answer": Event.ANSWERED,
    "forum.pursue_answer": Event.PURSUED,
    "forum.report_commitment": Event.REPORTED,
    "forum.postpone_commitment": Event.POSTPONED,
    "forum.settle_commitment": Event.SETTLED,
    "forum.finish_concern": Event.CLOSED,
    "forum.merge_concern": Event.MERGED,
    "forum.invite_members": Event.ANNOUNCED,
    "forum.change_sitting": Event.CHANGED,
    "forum.cancel_sitting": Event.CANCELLED,
    "forum.close_minutes": Event.MINUTES_CLOSED,
}
OVERDUE_SINCE_DAYS = 7

Thing = Concern | Commitment | Sitting


def tell_webhooks(entry: Entry) -> None:
    """Tell webhooks of a deed that has just been written down, if it is a public one."""
    event = EVENTS.get(entry.deed)
    if event is None or not is_anybody_listening():
        return
    thing = _about(entry)
    if thing is not None and _is_public(thing):
        publish(_happened(event, f"entry-{entry.number}", entry.at, thing))


def tell_of_overdue() -> None:
    """Tell webhooks of commitments whose day has passed; called by every tick, told once each."""
    if not is_anybody_listening():
        return
    overdue = Commitment.objects.overdue().select_related(
        "concern__owner", "concern__ministry", "organisation__region"
    )
    now = timezone.now()
    since = timezone.localdate() - timedelta(days=OVERDUE_SINCE_DAYS)
    for commitment in overdue.filter(due_on__gte=since):
        if _is_public(commitment):
            key = f"overdue-{commitment.pk}-{commitment.due_on}"
            publish(_happened(Event.OVERDUE, key, now, commitment))


def _about(entry: Entry) -> Thing | None:
    """The concern, commitment or sitting that an entry is about; an answer's or position's concern."""
    key = entry.object_key
    concerns = Concern.objects.select_related("owner", "ministry")
    if entry.object_kind == Concern._meta.label:
        return concerns.filter(pk=key).first()
    if entry.object_kind == Commitment._meta.label:
        commitments = Commitment.objects.select_related(
            "concern__owner", "concern__ministry", "organisation__region"
        )
        return commitments.filter(pk=key).first()
    if entry.object_kind == Sitting._meta.label:
        return Sitting.objects.select_related("series__host__region").filter(pk=key).first()
    for model in (Answer, SealedPosition):
        if entry.object_kind == model._meta.label:
            about = model._default_manager.filter(pk=key).values("concern")
            return concerns.filter(pk__in=about).first()
    return None


def _is_public(thing: Thing) -> bool:
    if isinstance(thing, Sitting):
        return thing.is_announced
    if isinstance(thing, Commitment) and not _is_published(thing):
        return False
    concern = _concern_of(thing)
    return concern is None or visible_concerns(AnonymousUser()).filter(pk=concern.pk).exists()


def _is_published(commitment: Commitment) -> bool:
    return Commitment.objects.public().filter(pk=commitment.pk).exists()


def _concern_of(thing: Thing) -> Concern | None:
    if isinstance(thing, Sitting):
        return None
    return thing.concern if isinstance(thing, Commitment) else thing


def _happened(event: Event, key: str, at: datetime, thing: Thing) -> Happened:
    """With what webhooks filter by: a concern's municipality, topic and ministry, or who hosts a sitting
    or has promised something in one.
    """
    concern = _concern_of(thing)
    data: dict[str, Any] = {}
    who: Organisation | None = None
    if isinstance(thing, Commitment):
        data["commitment"] = _commitment(thing)
        who = thing.organisation
    if isinstance(thing, Sitting):
        data["sitting"] = _sitting(thing)
        who = thing.series.host
    if concern is not None:
        data["concern"] = _concern(concern)
        who = concern.ministry
    region = concern.owner if concern else who and who.region
    return Happened(
        event=event,
        key=key,
        at=at,
        data=data,
        ags=(region.ags or region.ars) if region else "",
        topic=concern.topic if concern else "",
        ministry=who.pk if who else None,
        is_example=thing.series.is_example if isinstance(thing, Sitting) else thing.is_example,
    )


def _concern(concern: Concern) -> dict[str, Any]:
    """Enough to know whether to look; the interface has the rest."""
    return {
        "slug": concern.slug,
        "question": concern.question,
        "state": concern.state,
        "topic": concern.topic,
        "is_example": concern.is_example,
        "url": f"{settings.ORIGIN}{concern.get_absolute_url()}",
        "api": f"{settings.ORIGIN}{reverse('api_root')}v1/concerns/{concern.slug}",
    }


def _commitment(commitment: Commitment) -> dict[str, Any]:
    return {
        "id": commitment.pk,
        "what": commitment.what,
        "due_on": commitment.due_on.isoformat(),
        "outcome": commitment.outcome,
        "url": f"{settings.ORIGIN}{commitment.get_absolute_url()}",
    }


def _sitting(sitting: Sitting) -> dict[str, Any]:
    return {
        "id": sitting.pk,
        "title": sitting.title,
        "series": sitting.series.name,
        "state": sitting.state,
        "starts_at": sitting.starts_at.isoformat(),
        "is_example": sitting.series.is_example,
        "url": f"{settings.ORIGIN}{sitting.get_absolute_url()}",
        "api": f"{settings.ORIGIN}{reverse('api_root')}v1/sittings/{sitting.pk}",
    }
