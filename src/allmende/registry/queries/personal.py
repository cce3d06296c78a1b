"""What the registry knows of one person, for her own copy."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from allmende.portal.offers import PersonalData

from ..models import Interest, Invitation, Mandate, MandateRequest, Proxy

if TYPE_CHECKING:
    from allmende.accounts.models import User


def personal_data(user: "User") -> Iterator[PersonalData]:
    """Her mandates, and how they came to be."""
    mandates = Mandate.objects.filter(user=user).select_related("organisation").order_by("pk")
    yield PersonalData(
        _("Mandate"),
        [
            {
                _("Organisation"): str(mandate.organisation),
                _("Amt"): mandate.office_name,
                _("Darf"): ", ".join(str(right.label) for right in sorted(mandate.rights)),
                _("Seit"): mandate.since,
                _("Bis"): mandate.until,
                _("Bestätigt"): mandate.get_confirmation_display(),
            }
            for mandate in mandates
        ],
    )
    requests = MandateRequest.objects.filter(user=user).select_related("organisation")
    yield PersonalData(
        _("Anfragen nach einem Mandat"),
        [
            {
                _("Organisation"): str(request.organisation),
                _("Amt"): request.get_office_display(),
                _("Dienstliche Adresse"): request.email,
                _("Nachricht"): request.note,
                _("Gestellt"): request.created_at,
                _("Entschieden"): request.decided_at,
                _("Begründung"): request.reason,
            }
            for request in requests.order_by("pk")
        ],
    )
    invitations = Invitation.objects.filter(email__iexact=user.email).select_related("organisation")
    yield PersonalData(
        _("Einladungen an Ihre Adresse"),
        [
            {
                _("Organisation"): str(invitation.organisation),
                _("Amt"): invitation.get_office_display(),
                _("Name"): invitation.name,
                _("Eingeladen"): invitation.created_at,
                _("Angenommen"): invitation.accepted_at,
            }
            for invitation in invitations.order_by("pk")
        ],
    )
    proxies = Proxy.objects.filter(granted_by=user).select_related("member", "agent")
    yield PersonalData(
        _("Erteilte Vollmachten"),
        [
            {
                _("Für"): str(proxy.member),
                _("An"): str(proxy.agent),
                _("Themenfeld"): proxy.get_topic_display(),
                _("Erteilt"): proxy.granted_at,
                _("Widerrufen am"): proxy.revoked_at,
            }
            for proxy in proxies.order_by("pk")
        ],
    )
    interests = Interest.objects.filter(user=user).select_related("region").order_by("pk")
    yield PersonalData(
        _("Themen und Regionen"), [{_("Wovon Sie Neues sehen"): str(each)} for each in interests]
    )
