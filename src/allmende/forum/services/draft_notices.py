"""Telling people of drafts: those who may release them, and those to whom they came back.

Drafting twenty votes is one occasion, not twenty: whoever may release is told once, and again only when
she has decided on something since.
"""

from django.contrib.auth import get_user_model
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from allmende.mail.services import notify
from allmende.registry.models import Mandate

from ..models import Concern, Draft, DraftState

RELEASE, RETURNED = "forum.release", "forum.returned"


def tell_of_draft(draft: Draft) -> None:
    """Tell those who may release it that something waits for them."""
    concern = draft.concern
    of_organisation = concern.drafts.filter(organisation=draft.organisation)
    if of_organisation.waiting().exclude(pk=draft.pk).exists():
        return
    decided = of_organisation.exclude(state=DraftState.WITHDRAWN).aggregate(at=Max("decided_at"))
    since = int(decided["at"].timestamp()) if decided["at"] else 0
    may_release = Mandate.objects.current().filter(
        organisation=draft.organisation, may_release=True
    )
    notify(
        users=get_user_model().objects.filter(pk__in=may_release.values("user")),
        topic=RELEASE,
        key=f"{RELEASE}-{concern.pk}-{draft.organisation_id}-{since}",
        title=lambda: (
            _("Entwürfe warten auf Ihre Freigabe: %(question)s") % {"question": concern.question}
        ),
        text=lambda: (
            _("Für %(organisation)s, bis %(day)s.")
            % {"organisation": draft.organisation, "day": _day(concern)}
        ),
        url=_address("release", concern, draft),
    )


def tell_of_return(concern: Concern, drafts: list[Draft], reason: str) -> None:
    """Tell those who wrote drafts that these came back, and why."""
    first = drafts[0]
    notify(
        users=get_user_model().objects.filter(pk__in={draft.drafted_by_id for draft in drafts}),
        topic=RETURNED,
        key=f"{RETURNED}-{first.pk}",
        title=lambda: _("Entwürfe kamen zurück: %(question)s") % {"question": concern.question},
        text=lambda: (
            _("%(reason)s Ändern können Sie sie bis %(day)s.")
            % {"reason": reason[:300], "day": _day(concern)}
        ),
        url=_address("concern", concern, first),
    )


def _day(concern: Concern) -> str:
    return date_format(timezone.localtime(concern.deadline))


def _address(page: str, concern: Concern, draft: Draft) -> str:
    address = reverse(f"forum:{page}", args=[concern.slug])
    region = draft.organisation.region
    return f"{address}?als={region.ars}" if page == "release" and region else address
