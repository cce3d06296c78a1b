"""Telling people of concerns: that one was opened, its final result is there, or its position is.

For the tick, not for the request that opens a concern: there may be sixty thousand people to tell.
Whether they were told is read off their notices. For an hour those who were not are told again, in
case a tick ended midway.
"""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.mail.queries import first_told_at
from allmende.mail.services import notify_many
from allmende.registry.models import Level, Mandate

from ..models import BEFORE_THE_END_OF_VOTING, Ballot, Concern, ConcernState, SealedPosition
from ..queries import asked_organisations

OPENED, RESULT, POSITION = "forum.opened", "forum.result", "forum.position"
# Later it is no news; and whoever has it no longer, by her wish or by retention, is not told again.
IS_NEWS_FOR = timedelta(days=2)
IS_MADE_UP_FOR = timedelta(hours=1)


def tell_of_concerns() -> None:
    """Tell people of what was opened and what has come out lately."""
    since = timezone.now() - IS_NEWS_FOR
    opened = Concern.objects.open().filter(opened_at__gte=since)
    for concern in opened.select_related("owner"):
        if not is_done(f"{OPENED}-{concern.pk}"):
            _tell_of_opening(concern)
    for concern in _with_new_results(since):
        if not is_done(f"{RESULT}-{concern.pk}"):
            _tell_of_result(concern)
    sealed = SealedPosition.objects.filter(
        sealed_at__gte=since, concern__state__in=(ConcernState.POSITION, ConcernState.SENT)
    )
    for position in sealed.select_related("concern").defer("document"):
        if not is_done(f"{POSITION}-{position.pk}"):
            _tell_of_position(position)


def is_done(key: str) -> bool:
    """Whether all who were to be told of this have been."""
    first = first_told_at(key)
    return first is not None and first < timezone.now() - IS_MADE_UP_FOR


def _with_new_results(since: datetime) -> "list[Concern]":
    """Concerns all of whose results became final, and may be seen, since then."""
    shown_since = Q(is_confidential=True, deadline__gte=since)
    over = Concern.objects.exclude(state__in=BEFORE_THE_END_OF_VOTING).filter(
        results__is_final=True
    )
    lately = over.filter(Q(results__computed_at__gte=since) | shown_since)
    finished = lately.exclude(results__is_final=False).distinct()
    return [concern for concern in finished if not concern.hides_voices]


def _tell_of_opening(concern: Concern) -> None:
    """Everybody with a mandate of a municipality, real or invented as the concern is."""
    mandates = Mandate.objects.current().filter(
        organisation__region__level=Level.GEMEINDE,
        organisation__region__valid_until=None,
        organisation__region__invented=concern.is_example,
    )
    people = get_user_model().objects.filter(pk__in=mandates.values("user"))
    notify_many(
        users=people.exclude(pk=concern.author_id) if concern.author_id else people,
        topic=OPENED,
        key=f"{OPENED}-{concern.pk}",
        title=lambda: _("Neues Anliegen: %(question)s") % {"question": concern.question},
        text=lambda: _who_asks_until(concern) + _mark(concern),
        url=concern.get_absolute_url(),
    )


def _who_asks_until(concern: Concern) -> str:
    until = {"day": date_format(timezone.localtime(concern.deadline))}
    if concern.owner is None:
        return _("Abstimmen können Sie bis %(day)s.") % until
    return _("%(owner)s fragt. Abstimmen können Sie bis %(day)s.") % {
        **until,
        "owner": concern.owner,
    }


def _tell_of_result(concern: Concern) -> None:
    """Everybody who has cast a vote, for herself or for others."""
    cast = Ballot.objects.filter(statement__concern=concern, cast_by__isnull=False)
    notify_many(
        users=get_user_model().objects.filter(pk__in=cast.values("cast_by")),
        topic=RESULT,
        key=f"{RESULT}-{concern.pk}",
        title=lambda: _("Das Ergebnis ist da: %(question)s") % {"question": concern.question},
        text=lambda: _("Was verbindet, was trennt und wie sicher das ist.") + _mark(concern),
        url=reverse("forum:result", args=[concern.slug]),
    )


def _tell_of_position(position: SealedPosition) -> None:
    """Whoever can say something about it for an organisation that voted or co-signed."""
    concern = position.concern
    speaking = Mandate.objects.current().filter(
        Q(may_vote=True) | Q(may_release=True), organisation__in=asked_organisations(concern)
    )
    notify_many(
        users=get_user_model().objects.filter(pk__in=speaking.values("user")),
        topic=POSITION,
        key=f"{POSITION}-{position.pk}",
        title=lambda: (
            _("Die gemeinsame Position liegt vor: %(question)s") % {"question": concern.question}
        ),
        text=lambda: (
            _("Tragen Sie sie mit, ganz oder in Abschnitten, oder geben Sie ein Sondervotum ab.")
            + _mark(concern)
        ),
        url=reverse("forum:position", args=[concern.slug]),
    )


def _mark(concern: Concern) -> str:
    return f" {_('Beispieldaten.')}" if concern.is_example else ""
