"""Changing the registry: importing registers, making organisations, giving mandates."""

from ..queries import Totals
from .invitations import (
    InvitationError,
    accept_invitation,
    decline_invitation,
    invite,
    is_for,
    resend_invitation,
    revoke_invitation,
    sign_up_invited,
)
from .mandates import MandateError, end_mandate, grant_mandate
from .organisations import OrganisationError, create_organisation, organisation_of
from .people import LastManagerError, change_mandate, end_mandate_of, warn_of_ends
from .registers import import_register, import_registers
from .report import Ended, ImportRefusedError, ImportReport, Renamed
from .requests import RequestError, confirm_request, refuse_request, request_mandate
from .settings import (
    add_domain,
    choose_four_eyes,
    dissolve_organisation,
    remove_domain,
    rename_organisation,
)
from .tokens import hash_of, token_of

__all__ = [
    "Ended",
    "ImportRefusedError",
    "ImportReport",
    "InvitationError",
    "LastManagerError",
    "MandateError",
    "OrganisationError",
    "Renamed",
    "RequestError",
    "Totals",
    "accept_invitation",
    "add_domain",
    "change_mandate",
    "choose_four_eyes",
    "confirm_request",
    "create_organisation",
    "decline_invitation",
    "dissolve_organisation",
    "end_mandate",
    "end_mandate_of",
    "grant_mandate",
    "hash_of",
    "import_register",
    "import_registers",
    "invite",
    "is_for",
    "organisation_of",
    "refuse_request",
    "remove_domain",
    "rename_organisation",
    "request_mandate",
    "resend_invitation",
    "revoke_invitation",
    "sign_up_invited",
    "token_of",
    "warn_of_ends",
]
