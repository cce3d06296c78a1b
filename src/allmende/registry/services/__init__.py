"""Changing the registry: importing registers, making organisations, giving mandates."""

from ..queries import Totals
from .codes import LetterError, check_code, redeem_letter
from .letters import (
    addressee,
    fetch_letters,
    make_letters,
    print_letters,
    remove_documents,
    repair_batches,
    revoke_letters,
)
from .mandates import MandateError, end_mandate, grant_mandate
from .organisations import OrganisationError, create_organisation, organisation_of, organisations_of
from .registers import import_register, import_registers
from .report import Ended, ImportRefusedError, ImportReport, Renamed

__all__ = [
    "Ended",
    "ImportRefusedError",
    "ImportReport",
    "LetterError",
    "MandateError",
    "OrganisationError",
    "Renamed",
    "Totals",
    "addressee",
    "check_code",
    "create_organisation",
    "end_mandate",
    "fetch_letters",
    "grant_mandate",
    "import_register",
    "import_registers",
    "make_letters",
    "organisation_of",
    "organisations_of",
    "print_letters",
    "redeem_letter",
    "remove_documents",
    "repair_batches",
    "revoke_letters",
]
