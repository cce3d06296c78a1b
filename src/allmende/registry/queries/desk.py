"""What the operator's desk shows."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ..models import (
    Invitation,
    InvitationList,
    InvitationQuerySet,
    Mandate,
    MandateQuerySet,
    MandateRequest,
    Organisation,
    OrganisationQuerySet,
)
from ..names import fold
from .people import ending_soon, with_people


def _current_here() -> MandateQuerySet:
    return Mandate.objects.current().filter(organisation=OuterRef("pk"))


def _managing() -> MandateQuerySet:
    return _current_here().filter(may_manage=True)


def desk_organisations(
    words: str = "", *, kind: str = "", land: str = "", state: str = ""
) -> OrganisationQuerySet:
    """All organisations that were ever needed, with ``people`` and ``has_manager``."""
    found = with_people(Organisation.objects.all()).annotate(  # type: ignore[no-redef]
        has_manager=Exists(_managing())
    )
    for word in fold(words).split():
        found = found.filter(search_key__contains=word)
    if kind:
        found = found.filter(kind=kind)
    if land:
        found = found.filter(region__land=land)
    if state == "ohne":
        found = found.exclude(Exists(_current_here())).filter(dissolved_on=None)
    elif state == "ohne-verwaltung":
        found = found.exclude(Exists(_managing())).filter(dissolved_on=None)
    elif state == "endet":
        soon = ending_soon(Mandate.objects.current()).order_by()
        found = found.filter(pk__in=soon.values("organisation"))
    return found.select_related("region").order_by("name", "pk")


def desk_mandates(
    words: str = "", *, kind: str = "", land: str = "", state: str = ""
) -> MandateQuerySet:
    """Mandates of today, those that end soon, or those that have ended; without people."""
    if state == "beendet":
        found = Mandate.objects.filter(until__lt=timezone.localdate())
    elif state == "endet":
        found = ending_soon(Mandate.objects.current())
    else:
        found = Mandate.objects.current()
    for word in fold(words).split():
        found = found.filter(organisation__search_key__contains=word)
    if kind:
        found = found.filter(organisation__kind=kind)
    if land:
        found = found.filter(organisation__region__land=land)
    return found.select_related("organisation__region")


def desk_invitations(words: str = "", *, state: str = "") -> InvitationQuerySet:
    """All invitations, newest first."""
    found = Invitation.objects.all()
    if words:
        named = Q(organisation__search_key__contains=fold(words))
        found = found.filter(named | Q(email__icontains=words))
    now = timezone.now()
    if state == "offen":
        found = found.unanswered().filter(expires_at__gt=now)
    elif state == "abgelaufen":
        found = found.unanswered().filter(expires_at__lte=now)
    elif state == "angenommen":
        found = found.exclude(accepted_at=None)
    elif state == "beendet":
        found = found.exclude(revoked_at=None)
    return found.select_related("organisation__region")


def desk_requests() -> QuerySet[MandateRequest]:
    """Requests that only the operator can decide on: nobody manages the organisation."""
    managing = Mandate.objects.current().filter(
        organisation=OuterRef("organisation"), may_manage=True
    )
    waiting = MandateRequest.objects.filter(decided_at=None).exclude(Exists(managing))
    return waiting.select_related("organisation__region", "user")


def requests_without_manager() -> int:
    """How many of those there are."""
    return desk_requests().count()


def get_list(number: int) -> InvitationList:
    """A list of people to be invited."""
    return InvitationList.objects.get(pk=number)
