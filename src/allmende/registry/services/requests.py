"""Asking for a mandate with an official address; the organisation's managers decide."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.audit.services import audited, record

from .. import queries
from ..models import (
    OFFICES,
    Confirmation,
    Mandate,
    MandateRequest,
    Office,
    Organisation,
    Right,
)
from .mandates import MandateError, grant_mandate
from .telling import mail_decision, tell_of_request

if TYPE_CHECKING:
    from allmende.accounts.models import User


class RequestError(ValueError):
    """The request cannot be made or decided as asked; the text is German."""


@audited
def request_mandate(
    *,
    actor: "User",
    organisation: Organisation,
    office: Office,
    title: str = "",
    note: str = "",
) -> MandateRequest:
    """Ask the managers of an organisation, or the operator where it has none.

    Raises
    ------
    RequestError
        If the actor has no confirmed official address of it, has asked already or has a mandate.
    """
    addresses = queries.official_addresses(actor, organisation)
    if not addresses:
        raise RequestError(_("Dafür brauchen Sie eine bestätigte Adresse der Organisation."))
    if office not in OFFICES[organisation.kind]:
        raise RequestError(
            _("Das Amt „%(office)s“ gibt es bei „%(organisation)s“ nicht.")
            % {"office": office.label, "organisation": organisation}
        )
    if queries.people_of(organisation).filter(user=actor).exists():
        raise RequestError(_("Sie haben hier schon ein Mandat."))
    asked = MandateRequest.objects.filter(user=actor, organisation=organisation, decided_at=None)
    if asked.exists():
        raise RequestError(_("Sie haben schon angefragt. Die Antwort kommt per E-Mail."))
    request = MandateRequest.objects.create(
        user=actor,
        organisation=organisation,
        email=addresses[0],
        office=office,
        title=title,
        note=note,
    )
    tell_of_request(request, queries.deciders_of(organisation))
    record(actor=actor, deed="registry.request_mandate", obj=request, office=str(office))
    return request


@audited
def confirm_request(
    *,
    actor: "User",
    request: MandateRequest,
    rights: frozenset[Right],
    until: date | None = None,
) -> Mandate:
    """Give the mandate that was asked for.

    Raises
    ------
    RequestError
        If somebody has decided before, it is the actor's own, or the mandate cannot be given.
    """
    request = _undecided(actor, request)
    try:
        mandate = grant_mandate(
            actor=actor,
            user=request.user,
            organisation=request.organisation,
            office=Office(request.office),
            title=request.title,
            since=timezone.localdate(),
            until=until,
            rights=rights,
            confirmation=Confirmation.DOMAIN,
        )
    except MandateError as error:
        raise RequestError(str(error)) from None
    request.mandate = mandate
    _decide(actor, request, deed="registry.confirm_request")
    return mandate


@audited
def refuse_request(*, actor: "User", request: MandateRequest, reason: str) -> None:
    """Say no, and why. Raises ``RequestError`` if somebody has decided before."""
    request = _undecided(actor, request)
    request.reason = reason
    _decide(actor, request, deed="registry.refuse_request", reason=reason)


def _undecided(actor: "User", request: MandateRequest) -> MandateRequest:
    fresh = MandateRequest.objects.select_related("user", "organisation__region").get(pk=request.pk)
    if fresh.decided_at is not None:
        raise RequestError(
            _("Über diese Anfrage hat inzwischen jemand anderes entschieden.")
            if fresh.decided_by_id != actor.pk
            else _("Über diese Anfrage haben Sie schon entschieden.")
        )
    if fresh.user_id == actor.pk:
        raise RequestError(_("Über Ihre eigene Anfrage entscheidet jemand anderes."))
    return fresh


def _decide(actor: "User", request: MandateRequest, *, deed: str, reason: str = "") -> None:
    request.decided_at, request.decided_by = timezone.now(), actor
    request.save()
    mail_decision(request)
    acting = queries.acting_mandate(actor, request.organisation, Right.MANAGE)
    record(actor=actor, deed=deed, obj=request, reason=reason, mandate=acting)
