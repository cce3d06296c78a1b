"""What people are told about mandates: by mail what they must answer, as a notice what they may read."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.mail.models import Message
from allmende.mail.services import absolute, new_message, notify, queue_message, queue_messages
from allmende.portal.languages import in_language_of

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
    # Who gets it may have no account yet, and has chosen no language.
    with override(settings.LANGUAGE_CODE):
        return new_message(
            # Sent again, it has another link, which is valid until another time.
            key=f"registry.invitation-{invitation.pk}-{invitation.expires_at:%Y%m%d%H%M%S%f}",
            to=invitation.email,
            subject=_("Einladung: Mandat für %(organisation)s")
            % {"organisation": invitation.organisation},
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
        title=lambda: (
            _("%(user)s fragt ein Mandat für %(organisation)s an")
            % {"user": request.user, "organisation": request.organisation}
        ),
        text=lambda: (
            _("Amt: %(office_name)s. Bitte bestätigen Sie es oder lehnen Sie es ab.")
            % {"office_name": request.office_name}
        ),
        url=reverse("registry:decide_request", args=[request.pk]),
    )


def mail_decision(request: MandateRequest) -> None:
    """Tell whoever asked what came of it."""
    with in_language_of(request.user):
        queue_message(
            key=f"registry.request-{request.pk}-decided",
            to=request.email,
            subject=_("Ihre Anfrage: Mandat für %(organisation)s")
            % {"organisation": request.organisation},
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
    organisation, until = mandate.organisation, mandate.until
    assert until is not None  # noqa: S101  for the type checker: others have no end
    key = f"registry.expiry-{mandate.pk}-{until:%Y%m%d}"
    notify(
        users=[mandate.user],
        topic=EXPIRY,
        key=key,
        title=lambda: (
            _("Ihr Mandat für %(organisation)s endet am %(until)s")
            % {
                "organisation": organisation,
                "until": date_format(until, "SHORT_DATE_FORMAT"),
            }
        ),
        text=lambda: _("Wer die Menschen Ihrer Organisation verwaltet, kann es verlängern."),
        url=organisation.get_absolute_url(),
    )
    notify(
        users=[manager for manager in managers if manager.pk != mandate.user_id],
        topic=EXPIRY,
        key=f"{key}-managers",
        title=lambda: (
            _("Ein Mandat für %(organisation)s endet am %(until)s")
            % {
                "organisation": organisation,
                "until": date_format(until, "SHORT_DATE_FORMAT"),
            }
        ),
        text=lambda: (
            _("%(office_name)s. Verlängern Sie es, wenn es weitergeht.")
            % {"office_name": mandate.office_name}
        ),
        url=people_address(organisation),
    )


def people_address(organisation: Organisation) -> str:
    """Where the people of an organisation are managed."""
    return reverse("registry:people", args=[organisation.slug])
