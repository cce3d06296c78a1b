"""What webhooks are told of the forum: its public deeds, as they are written into the audit log."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from allmende.audit.models import Entry
from allmende.webhooks.models import Event
from allmende.webhooks.queries import is_anybody_listening
from allmende.webhooks.services import Happened, publish

from .models import Answer, Commitment, Concern, SealedPosition
from .queries import visible_concerns

EVENTS: Mapping[str, Event] = {
    "forum.open_concern": Event.OPENED,
    "forum.close_concern": Event.VOTING_ENDED,
    "forum.sign_concern": Event.SIGNED,
    "forum.reach_quorum": Event.QUORUM,
    "forum.seal_position": Event.SEALED,
    "forum.send_concern": Event.SENT,
    "forum.publish_answer": Event.ANSWERED,
    "forum.pursue_answer": Event.PURSUED,
    "forum.report_commitment": Event.REPORTED,
    "forum.settle_commitment": Event.SETTLED,
    "forum.finish_concern": Event.CLOSED,
    "forum.merge_concern": Event.MERGED,
}
OVERDUE_SINCE_DAYS = 7


def tell_webhooks(entry: Entry) -> None:
    """Tell webhooks of a deed that has just been written down, if it is a public one."""
    event = EVENTS.get(entry.deed)
    if event is None or not is_anybody_listening():
        return
    concern, commitment = _about(entry)
    if concern is None or not _is_public(concern):
        return
    publish(_happened(event, f"entry-{entry.number}", entry.at, concern, commitment))


def tell_of_overdue() -> None:
    """Tell webhooks of commitments whose day has passed; called by every tick, told once each."""
    if not is_anybody_listening():
        return
    overdue = Commitment.objects.overdue().select_related("concern__owner", "concern__ministry")
    now = timezone.now()
    since = timezone.localdate() - timedelta(days=OVERDUE_SINCE_DAYS)
    for commitment in overdue.filter(due_on__gte=since):
        concern = commitment.concern
        if concern is not None and _is_public(concern):
            key = f"overdue-{commitment.pk}-{commitment.due_on}"
            publish(_happened(Event.OVERDUE, key, now, concern, commitment))


def _about(entry: Entry) -> tuple[Concern | None, Commitment | None]:
    """The concern of an entry, and its commitment if it is about one."""
    key = entry.object_key
    concerns = Concern.objects.select_related("owner", "ministry")
    if entry.object_kind == Concern._meta.label:
        return concerns.filter(pk=key).first(), None
    if entry.object_kind == Commitment._meta.label:
        commitment = Commitment.objects.filter(pk=key).first()
        return concerns.filter(commitments=int(key)).first(), commitment
    for model in (Answer, SealedPosition):
        if entry.object_kind == model._meta.label:
            about = model._default_manager.filter(pk=key).values("concern")
            return concerns.filter(pk__in=about).first(), None
    return None, None


def _is_public(concern: Concern) -> bool:
    return visible_concerns(AnonymousUser()).filter(pk=concern.pk).exists()


def _happened(
    event: Event, key: str, at: datetime, concern: Concern, commitment: Commitment | None
) -> Happened:
    owner = concern.owner
    return Happened(
        event=event,
        key=key,
        at=at,
        data=_data(concern, commitment),
        ags=(owner.ags or owner.ars) if owner else "",
        topic=concern.topic,
        ministry=concern.ministry_id,
        is_example=concern.is_example,
    )


def _data(concern: Concern, commitment: Commitment | None) -> dict[str, Any]:
    """Enough to know whether to look; the interface has the rest."""
    data: dict[str, Any] = {
        "concern": {
            "slug": concern.slug,
            "question": concern.question,
            "state": concern.state,
            "topic": concern.topic,
            "is_example": concern.is_example,
            "url": f"{settings.ORIGIN}{concern.get_absolute_url()}",
            "api": f"{settings.ORIGIN}{reverse('api_root')}v1/concerns/{concern.slug}",
        }
    }
    if commitment is not None:
        data["commitment"] = {
            "id": commitment.pk,
            "what": commitment.what,
            "due_on": commitment.due_on.isoformat(),
            "outcome": commitment.outcome,
            "url": f"{settings.ORIGIN}{commitment.get_absolute_url()}",
        }
    return data
