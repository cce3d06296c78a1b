"""Changing the registry: importing registers, making organisations, giving mandates and powers."""

from ..queries import (
    Totals,
)
from .clearing import clear_invitations, clear_lists, clear_requests
from .codes import (
    LetterError,
    check_code,
    redeem_letter,
)
from .interests import choose_interests
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
from .letters import (
    addressee,
    fetch_letters,
    make_letters,
    print_letters,
    remove_documents,
    repair_batches,
    revoke_letters,
)
from .lists import (
    Check,
    Fault,
    ListError,
    carry_out_list,
    check_rows,
    keep_list,
    mail_some,
    repair_lists,
)
from .mandates import (
    MandateError,
    end_mandate,
    grant_mandate,
)
from .organisations import (
    OrganisationError,
    create_organisation,
    organisation_of,
    organisations_of,
)
from .people import (
    LastManagerError,
    change_mandate,
    end_mandate_of,
    warn_of_ends,
)
from .proxies import ProxyError, grant_proxy, revoke_proxy
from .registers import (
    import_register,
    import_registers,
)
from .report import (
    Ended,
    ImportRefusedError,
    ImportReport,
    Renamed,
)
from .requests import (
    RequestError,
    confirm_request,
    refuse_request,
    request_mandate,
)
from .settings import (
    add_domain,
    choose_four_eyes,
    dissolve_organisation,
    remove_domain,
    rename_organisation,
)
from .tokens import (
    hash_of,
    token_of,
)

__all__ = [
    "Check",
    "Ended",
    "Fault",
    "ImportRefusedError",
    "ImportReport",
    "InvitationError",
    "LastManagerError",
    "LetterError",
    "ListError",
    "MandateError",
    "OrganisationError",
    "ProxyError",
    "Renamed",
    "RequestError",
    "Totals",
    "accept_invitation",
    "add_domain",
    "addressee",
    "carry_out_list",
    "change_mandate",
    "check_code",
    "check_rows",
    "choose_four_eyes",
    "choose_interests",
    "clear_invitations",
    "clear_lists",
    "clear_requests",
    "confirm_request",
    "create_organisation",
    "decline_invitation",
    "dissolve_organisation",
    "end_mandate",
    "end_mandate_of",
    "fetch_letters",
    "grant_mandate",
    "grant_proxy",
    "hash_of",
    "import_register",
    "import_registers",
    "invite",
    "is_for",
    "keep_list",
    "mail_some",
    "make_letters",
    "organisation_of",
    "organisations_of",
    "print_letters",
    "redeem_letter",
    "refuse_request",
    "remove_documents",
    "remove_domain",
    "rename_organisation",
    "repair_batches",
    "repair_lists",
    "request_mandate",
    "resend_invitation",
    "revoke_invitation",
    "revoke_letters",
    "revoke_proxy",
    "sign_up_invited",
    "token_of",
    "warn_of_ends",
]
