"""What the registry knows of one person, for her own copy."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allmende.portal.offers import PersonalData

from ..models import Interest, Invitation, Mandate, MandateRequest, Proxy

if TYPE_CHECKING:
    from allmende.accounts.models import User


def personal_data(user: "User") -> Iterator[PersonalData]:
    """Her mandates, and how they came to be."""
    mandates = Mandate.objects.filter(user=user).select_related("organisation").order_by("pk")
    yield PersonalData(
        "Mandate",
        [
            {
                "Organisation": str(mandate.organisation),
                "Amt": mandate.office_name,
                "Darf": ", ".join(right.label for right in sorted(mandate.rights)),
                "Seit": mandate.since,
                "Bis": mandate.until,
                "Bestätigt": mandate.get_confirmation_display(),
            }
            for mandate in mandates
        ],
    )
    requests = MandateRequest.objects.filter(user=user).select_related("organisation")
    yield PersonalData(
        "Anfragen nach einem Mandat",
        [
            {
                "Organisation": str(request.organisation),
                "Amt": request.get_office_display(),
                "Dienstliche Adresse": request.email,
                "Nachricht": request.note,
                "Gestellt": request.created_at,
                "Entschieden": request.decided_at,
                "Begründung": request.reason,
            }
            for request in requests.order_by("pk")
        ],
    )
    invitations = Invitation.objects.filter(email__iexact=user.email).select_related("organisation")
    yield PersonalData(
        "Einladungen an Ihre Adresse",
        [
            {
                "Organisation": str(invitation.organisation),
                "Amt": invitation.get_office_display(),
                "Name": invitation.name,
                "Eingeladen": invitation.created_at,
                "Angenommen": invitation.accepted_at,
            }
            for invitation in invitations.order_by("pk")
        ],
    )
    proxies = Proxy.objects.filter(granted_by=user).select_related("member", "agent")
    yield PersonalData(
        "Erteilte Vollmachten",
        [
            {
                "Für": str(proxy.member),
                "An": str(proxy.agent),
                "Themenfeld": proxy.get_topic_display(),
                "Erteilt": proxy.granted_at,
                "Widerrufen": proxy.revoked_at,
            }
            for proxy in proxies.order_by("pk")
        ],
    )
    interests = Interest.objects.filter(user=user).select_related("region").order_by("pk")
    yield PersonalData(
        "Themen und Regionen", [{"Wovon Sie Neues sehen": str(each)} for each in interests]
    )
