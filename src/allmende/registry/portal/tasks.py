"""What waits for a person because of her mandates, and what the tick does."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.portal.offers import Task, TaskKind

from .. import queries, services
from ..models import MandateRequest, Right

if TYPE_CHECKING:
    from allmende.accounts.models import User


def tasks(user: "User") -> Iterator[Task]:
    """Requests to decide on, own mandates that end soon; who has none may hold a letter."""
    if not queries.mandates_of(user) and not user.is_operator:
        yield Task(
            title=_("Ich habe einen Brief mit Code"),
            note=_("Mit dem Code sprechen Sie für Ihre Organisation"),
            url=reverse("registry:letter"),
            due=None,
            kind=TaskKind.ACCOUNT,
        )
    managed = [m.organisation_id for m in queries.mandates_with(Right.MANAGE, user)]
    if managed:
        waiting = MandateRequest.objects.filter(organisation__in=managed, decided_at=None)
        yield from map(_decide, waiting.select_related("user", "organisation"))
    soon = timezone.localdate() + queries.ENDS_SOON
    for mandate in queries.mandates_of(user):
        if mandate.until is not None and mandate.until <= soon:
            yield Task(
                title=_("Ihr Mandat endet am %(until)s")
                % {"until": date_format(mandate.until, "SHORT_DATE_FORMAT")},
                note=_("%(organisation)s · verlängern kann es, wer dort Menschen verwaltet")
                % {"organisation": mandate.organisation},
                url=mandate.organisation.get_absolute_url(),
                due=_end_of(mandate.until),
                kind=TaskKind.ACCOUNT,
                whose=mandate.organisation.whose,
            )


def _decide(request: MandateRequest) -> Task:
    return Task(
        title=_("%(user)s fragt ein Mandat an") % {"user": request.user},
        note=f"{request.organisation} · {request.office_name}",
        url=reverse("registry:decide_request", args=[request.pk]),
        due=None,
        kind=TaskKind.REVIEW,
        whose=request.organisation.whose,
    )


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def tick() -> None:
    """Warn of mandates that end; take up what a worker left lying; remove what shows codes."""
    services.warn_of_ends()
    services.repair_lists()
    services.repair_batches()
    services.remove_documents()
