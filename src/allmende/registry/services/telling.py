"""What people are told about mandates: by mail what they must answer, as a notice what they may read."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from allmende.mail.models import Message
from allmende.mail.services import absolute, new_message, notify, queue_message, queue_messages

from ..models import Invitation, Mandate, MandateRequest, Organisation
from .tokens import token_of

if TYPE_CHECKING:
    from allmende.accounts.models import User

REQUESTS = "registry.requests"
EXPIRY = "registry.expiry"


def mail_invitations(invitations: Sequence[Invitation]) -> None:
    """Queue the mails with the links, each once; their organisations and inviters are loaded."""
    queue_messages([_invitation_mail(invitation) for invitation in invitations])
    keys = [invitation.pk for invitation in invitations]
    Invitation.objects.filter(pk__in=keys).update(mailed_at=timezone.now())


def _invitation_mail(invitation: Invitation) -> Message:
    address = reverse("registry:invitation", args=[token_of(invitation)])
    return new_message(
        # Sent again, it has another link, which is valid until another time.
        key=f"registry.invitation-{invitation.pk}-{invitation.expires_at:%Y%m%d%H%M%S%f}",
        to=invitation.email,
        subject=f"Einladung: Mandat für {invitation.organisation}",
        text=render_to_string(
            "registry/mail/invitation.txt",
            {"invitation": invitation, "link": absolute(address)},
        ),
    )


def tell_of_request(request: MandateRequest, managers: Iterable["User"]) -> None:
    """Let the managers know that somebody asks for a mandate."""
    notify(
        users=managers,
        topic=REQUESTS,
        key=f"registry.request-{request.pk}",
        title=f"{request.user} fragt ein Mandat für {request.organisation} an",
        text=f"Amt: {request.office_name}. Bitte bestätigen Sie es oder lehnen Sie es ab.",
        url=reverse("registry:decide_request", args=[request.pk]),
    )


def mail_decision(request: MandateRequest) -> None:
    """Tell whoever asked what came of it."""
    queue_message(
        key=f"registry.request-{request.pk}-decided",
        to=request.email,
        subject=f"Ihre Anfrage: Mandat für {request.organisation}",
        text=render_to_string(
            "registry/mail/decision.txt",
            {
                "request": request,
                "link": absolute(request.organisation.get_absolute_url()),
            },
        ),
    )


def tell_of_end(mandate: Mandate, managers: Iterable["User"]) -> None:
    """Warn a person and those who could extend her mandate."""
    organisation = mandate.organisation
    until = f"{mandate.until:%d.%m.%Y}"
    key = f"registry.expiry-{mandate.pk}-{mandate.until:%Y%m%d}"
    notify(
        users=[mandate.user],
        topic=EXPIRY,
        key=key,
        title=f"Ihr Mandat für {organisation} endet am {until}",
        text="Wer die Menschen Ihrer Organisation verwaltet, kann es verlängern.",
        url=organisation.get_absolute_url(),
    )
    notify(
        users=[manager for manager in managers if manager.pk != mandate.user_id],
        topic=EXPIRY,
        key=f"{key}-managers",
        title=f"Ein Mandat für {organisation} endet am {until}",
        text=f"{mandate.office_name}. Verlängern Sie es, wenn es weitergeht.",
        url=people_address(organisation),
    )


def people_address(organisation: Organisation) -> str:
    """Where the people of an organisation are managed."""
    return reverse("registry:people", args=[organisation.slug])
